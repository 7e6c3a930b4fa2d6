/* The orders of the fleet list. Whatever they go by, ties are by ID, and what has nothing to go by
 * is last either way. Pure functions, any thread. */
#pragma once

#include "mm-fleet-record.h"

G_BEGIN_DECLS

typedef enum
{
  MM_FLEET_COLUMN_STATUS, /* worst first; of the same kind the worse alert, then the newer */
  MM_FLEET_COLUMN_ID,
  MM_FLEET_COLUMN_CUSTOMER, /* by kana if there is one */
  MM_FLEET_COLUMN_NAME,     /* of the site */
  MM_FLEET_COLUMN_PLACE,    /* prefecture, municipality */
  MM_FLEET_COLUMN_MODEL,
  MM_FLEET_COLUMN_LAST_CONTACT,
  MM_FLEET_COLUMN_POWER,
  MM_FLEET_COLUMN_TODAY,
  MM_FLEET_COLUMN_SOC,
  MM_FLEET_COLUMN_ALERTS,
  MM_N_FLEET_COLUMNS,
} MmFleetColumn;

/* The stable name, as in the settings ("status", "last-contact"), and back; FALSE for a name that
 * is none. */
const char *mm_fleet_column_name (MmFleetColumn column);
gboolean mm_fleet_column_from_name (const char *name, MmFleetColumn *column);

/* Sorts @n @slots of @records, which are in the order of their IDs. */
void mm_fleet_sort (const MmFleetRecord *records,
                    guint32 *slots,
                    guint n,
                    MmFleetColumn column,
                    gboolean descending);

/* Which of two comes first, < 0: @a. */
int mm_fleet_compare (const MmFleetRecord *a,
                      const MmFleetRecord *b,
                      MmFleetColumn column,
                      gboolean descending);

G_END_DECLS
