/* The file: MAGIC, which names the version; then, all numbers little-endian, the owner (length and
 * bytes), as_of, the number of gateways, each gateway: its figures, then its texts (length and
 * bytes each). At the end the SHA-256 of all before it. The search text is made again when it is
 * read, as its form belongs to the program, not to the file. */
#include "mm-fleet-cache.h"

#include <string.h>

static const char magic[8] = "MMFLEET1";

#define SUM 32 /* bytes of a SHA-256 */
#define TEXT_LONGEST 4096

char *
mm_fleet_cache_owner (const char *url, const char *user_id)
{
  return g_strconcat (url, "\n", user_id, NULL);
}

GFile *
mm_fleet_cache_file (const char *owner)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, owner, -1);
  g_autofree char *name = g_strconcat ("fleet-", sum, NULL);

  return g_file_new_build_filename (g_get_user_cache_dir (), "mimamori", name, NULL);
}

/* Writing */

static void
put (GByteArray *out, const void *bytes, gsize length)
{
  g_byte_array_append (out, bytes, (guint) length);
}

static void
put_32 (GByteArray *out, guint32 number)
{
  number = GUINT32_TO_LE (number);
  put (out, &number, sizeof number);
}

static void
put_64 (GByteArray *out, gint64 number)
{
  number = GINT64_TO_LE (number);
  put (out, &number, sizeof number);
}

static void
put_float (GByteArray *out, float number)
{
  guint32 bits;

  memcpy (&bits, &number, sizeof bits);
  put_32 (out, bits);
}

static void
put_text (GByteArray *out, const char *text, gsize length)
{
  put_32 (out, (guint32) length);
  put (out, text, length);
}

static void
put_part (GByteArray *out, const MmFleetRecord *record, MmFleetPart part)
{
  gsize length;
  const char *text = mm_fleet_record_part (record, part, &length);

  put_text (out, text, length);
}

static void
put_record (GByteArray *out, const MmFleetRecord *record)
{
  put_32 (out, record->status);
  put_32 (out, record->urgency);
  put_32 (out, record->severity);
  put_32 (out, record->n_open);
  put_32 (out, record->status_since);
  put_32 (out, record->last_contact);
  put_32 (out, record->power_time);
  put_32 (out, record->soc_time);
  put_float (out, record->power);
  put_float (out, record->today);
  put_float (out, record->soc);
  put_text (out, record->text, strlen (record->text));
  put_part (out, record, MM_FLEET_PART_SERIAL);
  put_text (out, mm_fleet_record_name (record), strlen (mm_fleet_record_name (record)));
  put_text (out, mm_fleet_record_customer (record), strlen (mm_fleet_record_customer (record)));
  put_part (out, record, MM_FLEET_PART_KANA);
  put_text (out, record->prefecture, strlen (record->prefecture));
  put_text (out, record->municipality, strlen (record->municipality));
  put_text (out, record->model, strlen (record->model));
}

static void
compute_sum (const guint8 *bytes, gsize length, guint8 sum[SUM])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = SUM;

  g_checksum_update (checksum, bytes, (gssize) length);
  g_checksum_get_digest (checksum, sum, &size);
}

struct _MmFleetDraft
{
  MmFleetTable *table; /* NULL once it is closed */
  GByteArray *out;
  guint count_at;
  guint n;
  char *last; /* the ID of the last one; NULL: none yet */
};

MmFleetDraft *
mm_fleet_draft_new (MmFleetTable *table, const char *owner)
{
  MmFleetDraft *draft = g_new0 (MmFleetDraft, 1);

  draft->table = g_object_ref (table);
  draft->out = g_byte_array_new ();
  put (draft->out, magic, sizeof magic);
  put_text (draft->out, owner, strlen (owner));
  put_64 (draft->out, mm_fleet_table_get_as_of (table));
  draft->count_at = draft->out->len;
  put_32 (draft->out, 0);
  return draft;
}

/* The place of the first ID after the last one that was added. */
static guint
find_next (MmFleetDraft *draft)
{
  guint low = 0, high = mm_fleet_table_get_size (draft->table), n;
  const MmFleetRecord *records = mm_fleet_table_peek (draft->table, &n);
  const guint32 *slots = mm_fleet_table_by_id (draft->table);

  while (draft->last != NULL && low < high)
    {
      guint middle = low + (high - low) / 2;

      if (strcmp (records[slots[middle]].text, draft->last) <= 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
mm_fleet_draft_add (MmFleetDraft *draft, guint most)
{
  guint size = mm_fleet_table_get_size (draft->table), begin = find_next (draft), n;
  guint end = begin + MIN (most, size - begin);
  const MmFleetRecord *records = mm_fleet_table_peek (draft->table, &n);
  const guint32 *slots = mm_fleet_table_by_id (draft->table);

  for (guint i = begin; i < end; i++)
    put_record (draft->out, &records[slots[i]]);
  draft->n += end - begin;
  if (end > begin)
    {
      g_free (draft->last);
      draft->last = g_strdup (records[slots[end - 1]].text);
    }
  return end < size;
}

void
mm_fleet_draft_close (MmFleetDraft *draft)
{
  guint32 n = GUINT32_TO_LE (draft->n);

  memcpy (draft->out->data + draft->count_at, &n, sizeof n);
  g_clear_object (&draft->table);
}

GBytes *
mm_fleet_draft_sign (MmFleetDraft *draft)
{
  guint8 sum[SUM];

  compute_sum (draft->out->data, draft->out->len, sum);
  put (draft->out, sum, sizeof sum);
  return g_byte_array_free_to_bytes (g_steal_pointer (&draft->out));
}

void
mm_fleet_draft_free (MmFleetDraft *draft)
{
  g_clear_object (&draft->table);
  g_clear_pointer (&draft->out, g_byte_array_unref);
  g_free (draft->last);
  g_free (draft);
}

GBytes *
mm_fleet_cache_write (MmFleetTable *table, const char *owner)
{
  g_autoptr (MmFleetDraft) draft = mm_fleet_draft_new (table, owner);

  mm_fleet_draft_add (draft, G_MAXUINT);
  mm_fleet_draft_close (draft);
  return mm_fleet_draft_sign (draft);
}

/* Reading: once anything is missing, all further reads give zeros and `ok` stays FALSE. */

typedef struct
{
  const guint8 *at;
  gsize left;
  gboolean ok;
} Reader;

static void
take (Reader *reader, void *bytes, gsize length)
{
  if (!reader->ok || reader->left < length)
    {
      reader->ok = FALSE;
      memset (bytes, 0, length);
      return;
    }
  memcpy (bytes, reader->at, length);
  reader->at += length;
  reader->left -= length;
}

static guint32
take_32 (Reader *reader)
{
  guint32 number;

  take (reader, &number, sizeof number);
  return GUINT32_FROM_LE (number);
}

static gint64
take_64 (Reader *reader)
{
  gint64 number;

  take (reader, &number, sizeof number);
  return GINT64_FROM_LE (number);
}

static float
take_float (Reader *reader)
{
  guint32 bits = take_32 (reader);
  float number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

static char *
take_text (Reader *reader)
{
  guint32 length = take_32 (reader);
  char *text;

  if (!reader->ok || length > TEXT_LONGEST || length > reader->left
      || !g_utf8_validate_len ((const char *) reader->at, length, NULL))
    {
      reader->ok = FALSE;
      return g_strdup ("");
    }
  text = g_strndup ((const char *) reader->at, length);
  reader->at += length;
  reader->left -= length;
  return text;
}

static guint32
take_below (Reader *reader, guint32 end)
{
  guint32 number = take_32 (reader);

  if (number >= end)
    reader->ok = FALSE;
  return reader->ok ? number : 0;
}

static gboolean
take_record (Reader *reader, MmFleetRecord *record)
{
  g_autofree char *id = NULL, *serial = NULL, *name = NULL, *customer = NULL, *kana = NULL;
  g_autofree char *prefecture = NULL, *municipality = NULL, *model = NULL;

  *record = (MmFleetRecord){ 0 };
  record->status = (guint8) take_below (reader, MM_N_STATUSES);
  record->urgency = (guint8) take_below (reader, G_MAXUINT8 + 1);
  record->severity = (guint8) take_below (reader, MM_N_SEVERITIES);
  record->n_open = (guint16) take_below (reader, G_MAXUINT16 + 1);
  record->status_since = take_32 (reader);
  record->last_contact = take_32 (reader);
  record->power_time = take_32 (reader);
  record->soc_time = take_32 (reader);
  record->power = take_float (reader);
  record->today = take_float (reader);
  record->soc = take_float (reader);
  id = take_text (reader);
  serial = take_text (reader);
  name = take_text (reader);
  customer = take_text (reader);
  kana = take_text (reader);
  prefecture = take_text (reader);
  municipality = take_text (reader);
  model = take_text (reader);
  if (!reader->ok || *id == '\0')
    return FALSE;
  mm_fleet_record_set_texts (record, &(MmFleetTexts){ id, serial, name, customer, kana, prefecture,
                                                      municipality, model });
  return TRUE;
}

gboolean
mm_fleet_cache_read (GBytes *bytes, const char *owner, GArray *records, gint64 *as_of)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Reader reader = { data, size - SUM, TRUE };
  guint before = records->len;
  guint8 sum[SUM];
  char version[sizeof magic];
  g_autofree char *whose = NULL;
  guint32 n;

  if (size < SUM + sizeof magic)
    return FALSE;
  compute_sum (data, size - SUM, sum);
  take (&reader, version, sizeof version);
  if (memcmp (sum, data + size - SUM, SUM) != 0 || memcmp (version, magic, sizeof magic) != 0)
    return FALSE;
  whose = take_text (&reader);
  *as_of = take_64 (&reader);
  n = take_32 (&reader);
  reader.ok = reader.ok && strcmp (whose, owner) == 0;
  for (guint32 i = 0; i < n && reader.ok; i++)
    {
      MmFleetRecord record;

      if (take_record (&reader, &record))
        g_array_append_val (records, record);
      else
        reader.ok = FALSE;
    }
  if (reader.ok && reader.left == 0)
    return TRUE;
  for (guint i = before; i < records->len; i++)
    mm_fleet_record_clear (&g_array_index (records, MmFleetRecord, i));
  g_array_set_size (records, before);
  return FALSE;
}
