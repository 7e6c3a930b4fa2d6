#include "mm-fleet-record.h"

#include "mm-json.h"
#include "mm-search.h"

#include <math.h>
#include <string.h>

#define TEXT_MAX 1000 /* bytes of one string; the server allows less */

/* The end of @text, at most TEXT_MAX on, between two characters. */
static gsize
bounded (const char *text)
{
  gsize length = strnlen (text, TEXT_MAX);

  while (length > 0 && ((guchar) text[length] & 0xC0) == 0x80)
    length--;
  return length;
}

static void
append_shown (GString *out, const char *text)
{
  g_string_append_len (out, text, (gssize) bounded (text));
  g_string_append_c (out, '\0');
}

static guint16
append_part (GString *out, const char *text)
{
  guint16 at = (guint16) out->len;
  g_autofree char *folded = mm_search_fold (text);

  g_string_append_len (out, folded, (gssize) bounded (folded));
  return at;
}

static char *
intern (const char *text)
{
  gsize length = bounded (text);
  g_autofree char *cut = text[length] != '\0' ? g_strndup (text, length) : NULL;

  return g_ref_string_new_intern (cut != NULL ? cut : text);
}

void
mm_fleet_record_set_texts (MmFleetRecord *record, const MmFleetTexts *texts)
{
  g_autoptr (GString) out = g_string_sized_new (256);
  g_autofree char *place = *texts->prefecture != '\0' && *texts->municipality != '\0'
                               ? g_strconcat (texts->prefecture, " ", texts->municipality, NULL)
                               : g_strconcat (texts->prefecture, texts->municipality, NULL);
  const char *const parts[MM_N_FLEET_PARTS] = {
    [MM_FLEET_PART_ID] = texts->id,       [MM_FLEET_PART_SERIAL] = texts->serial,
    [MM_FLEET_PART_NAME] = texts->name,   [MM_FLEET_PART_CUSTOMER] = texts->customer,
    [MM_FLEET_PART_KANA] = texts->kana,   [MM_FLEET_PART_PLACE] = place,
    [MM_FLEET_PART_MODEL] = texts->model,
  };

  append_shown (out, texts->id);
  append_shown (out, texts->name);
  append_shown (out, texts->customer);
  for (guint i = 0; i < MM_N_FLEET_PARTS; i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      record->parts[i] = append_part (out, parts[i]);
    }
  record->text = g_memdup2 (out->str, out->len + 1);
  record->prefecture = intern (texts->prefecture);
  record->municipality = intern (texts->municipality);
  record->model = intern (texts->model);
}

static guint32
seconds (gint64 time)
{
  return time > 0 ? (guint32) MIN (time / MM_SECOND, G_MAXUINT32) : 0;
}

static float
read_value (JsonObject *values, const char *name, guint32 *time)
{
  JsonObject *value = values != NULL ? mm_json_object (values, name) : NULL;

  *time = value != NULL ? seconds (mm_json_time (value, "time")) : 0;
  return value != NULL ? (float) mm_json_number (value, "value") : NAN;
}

gboolean
mm_fleet_record_read (MmFleetRecord *record, JsonObject *gateway)
{
  JsonObject *customer = mm_json_object (gateway, "customer");
  JsonObject *values = mm_json_object (gateway, "values");
  const MmFleetTexts texts = {
    .id = mm_json_text (gateway, "id"),
    .serial = mm_json_text (gateway, "serial"),
    .name = mm_json_text (gateway, "name"),
    .customer = customer != NULL ? mm_json_text (customer, "name") : "",
    .kana = customer != NULL ? mm_json_text (customer, "kana") : "",
    .prefecture = mm_json_text (gateway, "prefecture"),
    .municipality = mm_json_text (gateway, "municipality"),
    .model = mm_json_text (gateway, "model"),
  };
  MmStatus status;
  MmSeverity severity = MM_SEVERITY_NONE;

  if (*texts.id == '\0' || !mm_status_from_name (mm_json_text (gateway, "status"), &status))
    return FALSE;
  mm_severity_from_name (mm_json_text (gateway, "worst_severity"), &severity);
  *record = (MmFleetRecord){
    .status_since = seconds (mm_json_time (gateway, "status_since")),
    .last_contact = seconds (mm_json_time (gateway, "last_contact")),
    .today = (float) mm_json_number (gateway, "today_energy"),
    .n_open = (guint16) CLAMP (mm_json_integer (gateway, "open_alerts"), 0, G_MAXUINT16),
    .status = (guint8) status,
    .urgency = (guint8) CLAMP (mm_json_integer (gateway, "urgency"), 0, G_MAXUINT8),
    .severity = (guint8) severity,
  };
  record->power = read_value (values, "pv_power", &record->power_time);
  record->soc = read_value (values, "soc", &record->soc_time);
  mm_fleet_record_set_texts (record, &texts);
  return TRUE;
}

void
mm_fleet_record_clear (MmFleetRecord *record)
{
  g_free (record->text);
  g_clear_pointer (&record->prefecture, g_ref_string_release);
  g_clear_pointer (&record->municipality, g_ref_string_release);
  g_clear_pointer (&record->model, g_ref_string_release);
  *record = (MmFleetRecord){ 0 };
}

static gboolean
same_figure (float a, float b)
{
  return a == b || (isnan (a) && isnan (b));
}

gboolean
mm_fleet_record_equal (const MmFleetRecord *a, const MmFleetRecord *b)
{
  /* The search text holds all texts but for width and case, which are in what is shown. */
  return a->status_since == b->status_since && a->last_contact == b->last_contact
         && a->power_time == b->power_time && a->soc_time == b->soc_time
         && same_figure (a->power, b->power) && same_figure (a->today, b->today)
         && same_figure (a->soc, b->soc) && a->n_open == b->n_open && a->status == b->status
         && a->urgency == b->urgency && a->severity == b->severity && a->prefecture == b->prefecture
         && a->municipality == b->municipality && a->model == b->model
         && memcmp (a->parts, b->parts, sizeof a->parts) == 0
         && memcmp (a->text, b->text, a->parts[0]) == 0
         && strcmp (mm_fleet_record_search (a), mm_fleet_record_search (b)) == 0;
}

const char *
mm_fleet_record_id (const MmFleetRecord *record)
{
  return record->text;
}

const char *
mm_fleet_record_name (const MmFleetRecord *record)
{
  return record->text + strlen (record->text) + 1;
}

const char *
mm_fleet_record_customer (const MmFleetRecord *record)
{
  const char *name = mm_fleet_record_name (record);

  return name + strlen (name) + 1;
}

const char *
mm_fleet_record_search (const MmFleetRecord *record)
{
  return record->text + record->parts[0];
}

const char *
mm_fleet_record_part (const MmFleetRecord *record, MmFleetPart part, gsize *length)
{
  const char *begin = record->text + record->parts[part];

  *length = part + 1 < MM_N_FLEET_PARTS
                ? (gsize) (record->parts[part + 1] - record->parts[part] - 1)
                : strlen (begin);
  return begin;
}
