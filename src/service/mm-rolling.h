/* Rolling up: what the roll-ups of a gateway become when blocks of it change. Only reads; what
 * comes of it is written together with the blocks (mm-folding.h). Any thread but the writer's.
 *
 * A roll-up is made anew from all that is stored of its stretch of time: quarters of an hour from
 * the blocks of their UTC day, days of the site from the quarters. So it does not matter whether a
 * point came late, or for the second time.
 */
#pragma once

#include "mm-fold.h"
#include "mm-store-rollups.h"

G_BEGIN_DECLS

/* A quarter of an hour. All zones have been whole ones of it apart from UTC since 1972. */
#define MM_QUARTER (15 * MM_MINUTE)

/* The quarter in which @time lies. */
gint64 mm_quarter_of (gint64 time);

/* The UTC month in which @time lies; its first moment. */
gint64 mm_month_of (gint64 time);

/* A row of roll-ups to be written. */
typedef struct
{
  MmRollupKind kind;
  gint64 start;
  guint part;
  GByteArray *body;
} MmRolledRow;

/* An empty array of them. */
GArray *mm_rolled_rows_new (void);

/* Appends to @rows those that change with @blocks (#MmFoldBlock, by start), which are about to be
 * written. @zone: of the site */
gboolean mm_rolling_blocks (MmDatabase *db,
                            const MmPointsGateway *gateway,
                            const char *zone,
                            const GArray *blocks,
                            GArray *rows,
                            GError **error);

/* Appends to @rows those of the days that are not in @zone, made anew, as far as there are quarters
 * of them: from the UTC month @from on. */
gboolean mm_rolling_zone (MmDatabase *db,
                          const MmPointsGateway *gateway,
                          const char *zone,
                          GArray *rows,
                          gint64 *from,
                          GError **error);

G_END_DECLS
