/* What one push carries. The only part with a thought in it is the interning of names: a push
 * repeats its few names for every value, so a lookup must cost little more than reading the name.
 * Names sit in an open-addressed table at most half full; the hash is seeded per batch, so that
 * nobody can prepare names that all fall on one slot. A batch belongs to one thread at a time. */
#include "mm-batch.h"

#include <string.h>

#define FIRST_SLOTS 32

typedef struct _MmNameSlot
{
  guint32 hash;
  guint16 length;
  guint16 number_plus_one; /* 0: free */
} MmNameSlot;

G_STATIC_ASSERT (MM_BATCH_MAX_NAMES < G_MAXUINT16);

static void
event_clear (gpointer data)
{
  MmEvent *event = data;

  g_free (event->code);
  g_free (event->detail);
}

static void
device_clear (gpointer data)
{
  MmDevice *device = data;

  g_free (device->device);
  g_free (device->kind);
  g_free (device->maker);
  g_free (device->model);
  g_free (device->serial);
}

static void
refusal_clear (gpointer data)
{
  MmRefusal *refusal = data;

  g_free (refusal->field);
  g_free (refusal->code);
  g_free (refusal->detail);
  g_free (refusal->text);
}

/* Multiplies to 128 bits and folds: every bit of both reaches every bit of the result. */
static inline guint64
mix (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128) a * b;

  return (guint64) product ^ (guint64) (product >> 64);
}

/* At most eight bytes as a number. */
static inline guint64
read_word (const char *text, gsize length)
{
  guint64 word = 0;
  guint32 first, last;

  if (length >= 8)
    {
      memcpy (&word, text, 8);
      return word;
    }
  if (length >= 4)
    {
      memcpy (&first, text, 4);
      memcpy (&last, text + length - 4, 4);
      return (guint64) first << 32 | last;
    }
  for (gsize i = 0; i < length; i++)
    word = word << 8 | (guint8) text[i];
  return word;
}

static guint32
hash_name (guint64 seed, const char *text, gsize length)
{
  guint64 hash = seed ^ length;
  gsize at;

  for (at = 0; at + 8 < length; at += 8)
    hash = mix (hash ^ read_word (text + at, 8), G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  hash = mix (hash ^ read_word (text + at, length - at),
              G_GUINT64_CONSTANT (0xd6e8feb86659fd93) ^ seed);
  return (guint32) (hash ^ hash >> 32);
}

static gboolean
name_is_fit (const char *text, gsize length)
{
  if (length == 0 || length > MM_NAME_MAX_BYTES || !g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) text[i];

      if (byte < 0x20 || byte == 0x7f)
        return FALSE;
      if (byte == 0xc2 && (guint8) text[i + 1] < 0xa0) /* U+0080..U+009F */
        return FALSE;
    }
  return TRUE;
}

static void
grow_slots (MmBatch *batch)
{
  MmNameSlot *old = batch->name_slots;
  guint n_old = batch->n_name_slots;
  guint n_new = n_old == 0 ? FIRST_SLOTS : n_old * 2;

  batch->name_slots = g_new0 (MmNameSlot, n_new);
  batch->n_name_slots = n_new;
  for (guint i = 0; i < n_old; i++)
    {
      guint at = old[i].hash & (n_new - 1);

      if (old[i].number_plus_one == 0)
        continue;
      while (batch->name_slots[at].number_plus_one != 0)
        at = (at + 1) & (n_new - 1);
      batch->name_slots[at] = old[i];
    }
  g_free (old);
}

MmBatch *
mm_batch_new (void)
{
  MmBatch *batch = g_new0 (MmBatch, 1);

  batch->values = g_array_new (FALSE, FALSE, sizeof (MmValue));
  batch->events = g_array_new (FALSE, FALSE, sizeof (MmEvent));
  g_array_set_clear_func (batch->events, event_clear);
  batch->devices = g_array_new (FALSE, FALSE, sizeof (MmDevice));
  g_array_set_clear_func (batch->devices, device_clear);
  batch->refusals = g_array_new (FALSE, FALSE, sizeof (MmRefusal));
  g_array_set_clear_func (batch->refusals, refusal_clear);
  batch->sent = MM_TIME_NONE;
  batch->names = g_ptr_array_new ();
  batch->name_store = g_string_chunk_new (512);
  batch->name_seed = (guint64) g_random_int () << 32 | g_random_int ();
  grow_slots (batch);
  return batch;
}

void
mm_batch_free (MmBatch *batch)
{
  g_array_unref (batch->values);
  g_array_unref (batch->events);
  g_array_unref (batch->devices);
  g_array_unref (batch->refusals);
  g_free (batch->batch_id);
  g_free (batch->firmware);
  g_free (batch->settings_json);
  g_free (batch->results_json);
  g_ptr_array_unref (batch->names);
  g_string_chunk_free (batch->name_store);
  g_free (batch->name_slots);
  g_free (batch);
}

gboolean
mm_batch_intern (MmBatch *batch, const char *text, gsize length, guint32 *number)
{
  MmNameSlot *slot;
  guint32 hash;
  guint at;

  if (length > MM_NAME_MAX_BYTES)
    return FALSE;
  hash = hash_name (batch->name_seed, text, length);
  for (at = hash & (batch->n_name_slots - 1);; at = (at + 1) & (batch->n_name_slots - 1))
    {
      slot = &batch->name_slots[at];
      if (slot->number_plus_one == 0)
        break;
      if (slot->hash == hash && slot->length == length
          && memcmp (batch->names->pdata[slot->number_plus_one - 1], text, length) == 0)
        {
          *number = slot->number_plus_one - 1u;
          return TRUE;
        }
    }
  if (batch->names->len >= MM_BATCH_MAX_NAMES || !name_is_fit (text, length))
    return FALSE;
  *number = batch->names->len;
  g_ptr_array_add (batch->names,
                   g_string_chunk_insert_len (batch->name_store, text, (gssize) length));
  slot->hash = hash;
  slot->length = (guint16) length;
  slot->number_plus_one = (guint16) batch->names->len;
  if (batch->names->len * 2 > batch->n_name_slots)
    grow_slots (batch);
  return TRUE;
}

const char *
mm_batch_name (const MmBatch *batch, guint32 number)
{
  g_return_val_if_fail (number < batch->names->len, NULL);
  return batch->names->pdata[number];
}

guint
mm_batch_n_names (const MmBatch *batch)
{
  return batch->names->len;
}

void
mm_batch_add_value (MmBatch *batch, const MmValue *value)
{
  g_array_append_vals (batch->values, value, 1);
}

void
mm_batch_refuse (
    MmBatch *batch, guint index, const char *field, const char *code, const char *detail)
{
  mm_batch_refuse_text (batch, index, field, code, detail, NULL, 0);
}

void
mm_batch_refuse_text (MmBatch *batch,
                      guint index,
                      const char *field,
                      const char *code,
                      const char *detail,
                      const char *text,
                      gsize length)
{
  MmRefusal refusal = { .index = index };

  batch->n_refused++;
  if (batch->refusals->len >= MM_BATCH_MAX_REFUSALS)
    return;
  refusal.field = g_strdup (field);
  refusal.code = g_strdup (code);
  refusal.detail = g_strdup (detail);
  refusal.text = text != NULL ? mm_batch_shorten (text, length, MM_BATCH_MAX_TEXT) : NULL;
  g_array_append_val (batch->refusals, refusal);
}

char *
mm_batch_shorten (const char *text, gsize length, gsize most)
{
  char *shown = g_utf8_make_valid (text, (gssize) MIN (length, most));
  gsize cut = MIN (strlen (shown), most);

  while (cut > 0 && ((guint8) shown[cut] & 0xc0) == 0x80)
    cut--;
  shown[cut] = '\0';
  return shown;
}
