/* Splitting and bookkeeping around mm-push. One thread.
 *
 * A body that is refused as a whole is halved until the part is found that the server does not
 * take; that one is reported and left out, so that it never blocks what comes behind it. The halves
 * wait in memory only: after a crash the whole batch is sent again, and what the server has already
 * counts as duplicates.
 */
#define G_LOG_DOMAIN "mm-sender"

#include "mm-sender.h"

#include "mm-retry.h"

#include <jansson.h>
#include <string.h>

#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION (17))

struct _MmSender
{
  MmSpool *spool;
  MmPush *push;
  MmSenderRefusal on_refusal;
  gpointer user_data;
  GQueue parts;        /* of GBytes: what is left of the batch under way, in order */
  MmSpoolFrame frame;  /* the batch under way, body NULL if none */
  MmPushCounts counts; /* of its parts so far */
  MmSenderTotals totals;
  MmRetry retry;
};

/* The totals as a line for the spool's note. */
static char *
write_totals (const MmSenderTotals *totals)
{
  const MmPushCounts *counts = &totals->counts;
  json_t *root
      = json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "readings",
                   (json_int_t) totals->readings, "values", (json_int_t) totals->values, "stored",
                   (json_int_t) counts->stored, "duplicates", (json_int_t) counts->duplicates,
                   "corrected", (json_int_t) counts->corrected, "late", (json_int_t) counts->late,
                   "quarantined", (json_int_t) counts->quarantined, "refused",
                   (json_int_t) counts->refused);
  char *line = json_dumps (root, JSON_COMPACT);

  json_decref (root);
  return line;
}

static void
read_totals (MmSenderTotals *totals, const char *line)
{
  json_t *root = line != NULL ? json_loads (line, 0, NULL) : NULL;
  MmPushCounts *counts = &totals->counts;

  totals->readings = json_integer_value (json_object_get (root, "readings"));
  totals->values = json_integer_value (json_object_get (root, "values"));
  counts->stored = json_integer_value (json_object_get (root, "stored"));
  counts->duplicates = json_integer_value (json_object_get (root, "duplicates"));
  counts->corrected = json_integer_value (json_object_get (root, "corrected"));
  counts->late = json_integer_value (json_object_get (root, "late"));
  counts->quarantined = json_integer_value (json_object_get (root, "quarantined"));
  counts->refused = json_integer_value (json_object_get (root, "refused"));
  json_decref (root);
}

MmSender *
mm_sender_new (MmSpool *spool, MmPush *push, MmSenderRefusal on_refusal, gpointer user_data)
{
  MmSender *sender = g_new0 (MmSender, 1);

  sender->spool = spool;
  sender->push = push;
  sender->on_refusal = on_refusal;
  sender->user_data = user_data;
  g_queue_init (&sender->parts);
  read_totals (&sender->totals, mm_spool_note (spool));
  return sender;
}

void
mm_sender_free (MmSender *sender)
{
  g_queue_clear_full (&sender->parts, (GDestroyNotify) g_bytes_unref);
  mm_spool_frame_clear (&sender->frame);
  g_free (sender);
}

gint64
mm_sender_next_try (const MmSender *sender)
{
  return sender->retry.next_try;
}

const MmSenderTotals *
mm_sender_totals (const MmSender *sender)
{
  return &sender->totals;
}

static void
wait_for (MmSender *sender, const MmPushAnswer *answer)
{
  guint wait_s = mm_retry_later (&sender->retry, answer);

  g_message ("batch %" G_GUINT64_FORMAT " waits: %s; next try in %u s or little more",
             sender->frame.sequence, answer->reason, wait_s);
}

/* Splitting. The items of a body are the elements of these arrays, in this order. */
static const char *const item_arrays[] = { "devices", "readings", "events" };

static gsize
count_items (json_t *body)
{
  gsize n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (item_arrays); i++)
    n += json_array_size (json_object_get (body, item_arrays[i]));
  return n;
}

/* The items from number @from up to, not including, @to, with every other member of @body. */
static GBytes *
take_items (json_t *body, gsize from, gsize to)
{
  json_t *part = json_copy (body);
  gsize number = 0;
  char *text;

  for (guint i = 0; i < G_N_ELEMENTS (item_arrays); i++)
    {
      json_t *chosen = json_array ();
      gsize index;
      json_t *item;

      json_array_foreach (json_object_get (body, item_arrays[i]), index, item)
        {
          if (number >= from && number < to)
            json_array_append (chosen, item);
          number++;
        }
      json_object_del (part, item_arrays[i]);
      if (json_array_size (chosen) > 0)
        json_object_set_new (part, item_arrays[i], chosen);
      else
        json_decref (chosen);
    }
  text = json_dumps (part, DUMP_FLAGS);
  json_decref (part);
  return g_bytes_new_take (text, strlen (text));
}

/* The first part was refused: puts its halves in its place, or leaves it out if it is one item. */
static void
split_first (MmSender *sender, const char *reason)
{
  g_autoptr (GBytes) first = g_queue_pop_head (&sender->parts);
  gsize length;
  const char *text = g_bytes_get_data (first, &length);
  json_t *body = json_loadb (text, length, 0, NULL);
  gsize n = count_items (body);

  if (n > 1)
    {
      g_queue_push_head (&sender->parts, take_items (body, n / 2, n));
      g_queue_push_head (&sender->parts, take_items (body, 0, n / 2));
    }
  else
    {
      g_autofree char *cut = g_strndup (text, MIN (length, 200));
      g_autofree char *valid = g_utf8_make_valid (cut, -1);
      g_autofree char *line = g_strdup_printf ("left out, %s: %s", reason, valid);

      sender->counts.refused++;
      sender->on_refusal (sender->frame.sequence, line, sender->user_data);
    }
  json_decref (body);
}

static void
take_answer (MmSender *sender, const MmPushAnswer *answer)
{
  mm_push_counts_add (&sender->counts, &answer->counts);
  for (guint i = 0; i < answer->refusals->len; i++)
    sender->on_refusal (sender->frame.sequence, g_ptr_array_index (answer->refusals, i),
                        sender->user_data);
  g_bytes_unref (g_queue_pop_head (&sender->parts));
}

static gboolean
acknowledge (MmSender *sender, GError **error)
{
  MmSenderTotals totals = sender->totals;
  g_autofree char *note = NULL;

  totals.position = sender->frame.position;
  totals.readings += sender->frame.readings;
  totals.values += sender->frame.values;
  mm_push_counts_add (&totals.counts, &sender->counts);
  note = write_totals (&totals);
  if (!mm_spool_acknowledge (sender->spool, &sender->frame, note, error))
    return FALSE;
  sender->totals = totals;
  memset (&sender->counts, 0, sizeof sender->counts);
  mm_spool_frame_clear (&sender->frame);
  return TRUE;
}

gboolean
mm_sender_step (MmSender *sender, gint64 now, GError **error)
{
  g_auto (MmPushAnswer) answer = { 0 };
  GError *local = NULL;
  gsize length;
  const char *body;

  if (g_get_monotonic_time () < sender->retry.next_try)
    return TRUE;
  if (sender->frame.body == NULL)
    {
      if (!mm_spool_peek (sender->spool, &sender->frame, &local))
        {
          if (local != NULL)
            g_propagate_error (error, local);
          return local == NULL;
        }
      g_queue_push_tail (&sender->parts, g_bytes_ref (sender->frame.body));
    }

  body = g_bytes_get_data (g_queue_peek_head (&sender->parts), &length);
  mm_push_send (sender->push, body, length, now, &answer);
  switch (answer.outcome)
    {
    case MM_PUSH_DONE:
      take_answer (sender, &answer);
      break;
    case MM_PUSH_REFUSED:
      split_first (sender, answer.reason);
      break;
    case MM_PUSH_RETRY:
    case MM_PUSH_DENIED:
      wait_for (sender, &answer);
      return TRUE;
    case MM_PUSH_STOPPED:
      return TRUE;
    }
  sender->retry = (MmRetry){ 0 };
  return g_queue_is_empty (&sender->parts) ? acknowledge (sender, error) : TRUE;
}
