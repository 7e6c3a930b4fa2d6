/* One gateway of the fleet list, small: what the list shows, sorts and searches by, in one struct
 * and one block of text. Any thread; a record belongs to one at a time. Source: docs/openapi.yaml
 * FleetGateway; quality.md §2 (at most 150 bytes and the search text).
 */
#pragma once

#include "mm-status.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The parts of the search text, in their order; folded as core/mm-search.h does. */
typedef enum
{
  MM_FLEET_PART_ID,
  MM_FLEET_PART_SERIAL,
  MM_FLEET_PART_NAME,
  MM_FLEET_PART_CUSTOMER,
  MM_FLEET_PART_KANA,
  MM_FLEET_PART_PLACE,
  MM_FLEET_PART_MODEL,
  MM_N_FLEET_PARTS,
} MmFleetPart;

/* Times are UTC seconds, 0 for none; figures are NAN for none.
 * @text: ID, site name and customer, each with its NUL, then the parts of the search text with LF
 *   between; NULL: there is no gateway here
 * @prefecture, @municipality, @model: interned GRefStrings, so that equal ones are the same
 * @parts: where they begin in @text */
typedef struct
{
  char *text;
  char *prefecture;
  char *municipality;
  char *model;
  guint32 status_since;
  guint32 last_contact;
  guint32 power_time;
  guint32 soc_time;
  float power; /* W of the sun now */
  float today; /* Wh of the sun today */
  float soc;   /* % */
  guint16 n_open;
  guint16 parts[MM_N_FLEET_PARTS];
  guint8 status; /* MmStatus */
  guint8 urgency;
  guint8 severity; /* MmSeverity, of the open alerts */
} MmFleetRecord;

/* Reads @gateway into @record, which is empty. FALSE if it has no ID or a status unknown to us. */
gboolean mm_fleet_record_read (MmFleetRecord *record, JsonObject *gateway);

/* The same from strings that were read already; all @texts but the ID may be "". */
typedef struct
{
  const char *id, *serial, *name, *customer, *kana, *prefecture, *municipality, *model;
} MmFleetTexts;

/* Sets the texts of @record, which has none yet. */
void mm_fleet_record_set_texts (MmFleetRecord *record, const MmFleetTexts *texts);

/* Frees what it holds and empties it. */
void mm_fleet_record_clear (MmFleetRecord *record);

/* Whether both say the same. */
gboolean mm_fleet_record_equal (const MmFleetRecord *a, const MmFleetRecord *b);

/* As the server wrote them; owned by @record. */
const char *mm_fleet_record_id (const MmFleetRecord *record);
const char *mm_fleet_record_name (const MmFleetRecord *record);
const char *mm_fleet_record_customer (const MmFleetRecord *record);

/* The whole search text. */
const char *mm_fleet_record_search (const MmFleetRecord *record);

/* The bytes of @part, without an end. */
const char *mm_fleet_record_part (const MmFleetRecord *record, MmFleetPart part, gsize *length);

G_END_DECLS
