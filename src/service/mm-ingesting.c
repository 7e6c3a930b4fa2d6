/* Runs on the writer's thread, but for mm_ingesting_submit().
 *
 * The common push has only values that are newer than the newest of their series; then nothing
 * needs to be looked up. If any is not newer, what is stored of such times is looked up
 * (mm-points-find.h), and every value of the push is judged against it and against the values
 * before it.
 */
#define G_LOG_DOMAIN "mm-service"

#include "mm-ingesting.h"

#include "mm-clock-sense.h"
#include "mm-error.h"
#include "mm-live.h"
#include "mm-log-body.h"
#include "mm-pace.h"
#include "mm-points-find.h"
#include "mm-quantity.h"
#include "mm-quarantine.h"
#include "mm-reading.h"
#include "mm-room.h"
#include "mm-store-readings.h"
#include "mm-watching.h"

#include <string.h>

/* What a push and an event cost beside values, in values that could be stored meanwhile. */
#define PUSH_COST 64
#define EVENT_COST 500

/* Bytes that a push holds beside its values: about, and for each name and event. */
#define PUSH_BYTES 1024
#define NAME_BYTES 64
#define EVENT_BYTES 512

typedef struct
{
  MmContext *context;
  gint64 gateway;
  MmBatch *batch;
  gint64 received;
  MmIngestCounts counts;
  MmIngestDone done;
  gpointer data;
} MmIngest;

/* What one push is turned into while it is judged. */
typedef struct
{
  MmDatabase *db;
  MmIngest *ingest;
  const MmLiveGateway *gateway;
  GArray *series; /* MmLiveSeries: the gateway's, as they will be after this push */
  GArray *values; /* MmLogValue: plausible, in order */
  guint guess;    /* number of the series that probably comes next */
} Push;

static void
push_clear (Push *push)
{
  g_array_unref (push->series);
  g_array_unref (push->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Push, push_clear)

static gboolean
is_series (const Push *push, guint number, const char *device, const char *quantity)
{
  const MmLiveSeries *series = &g_array_index (push->series, MmLiveSeries, number);

  return strcmp (series->quantity, quantity) == 0 && strcmp (series->device, device) == 0;
}

/* Gateways send their values in the same order each time, so the one after the last found is
 * tried first. */
static gboolean
find_series (Push *push, const char *device, const char *quantity, guint *number)
{
  guint n = push->series->len;
  guint first = push->guess < n ? push->guess : 0;

  for (guint i = 0; i < n; i++)
    {
      guint candidate = first + i < n ? first + i : first + i - n;

      if (is_series (push, candidate, device, quantity))
        {
          push->guess = candidate + 1;
          *number = candidate;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
add_series (Push *push, const char *device, const char *quantity, guint *number, GError **error)
{
  MmLiveSeries series = {
    .device = g_intern_string (device),
    .quantity = g_intern_string (quantity),
    .time = G_MININT64,
  };

  *number = push->series->len;
  if (!mm_series_insert (push->db, push->gateway->id, *number, device, quantity, error))
    return FALSE;
  g_array_append_val (push->series, series);
  push->guess = *number + 1;
  return TRUE;
}

static gboolean
quarantine (Push *push,
            const MmLogValue *value,
            const char *device,
            const char *quantity,
            const char *reason,
            GError **error)
{
  /* More of one push would only push each other out again. */
  if (push->ingest->counts.quarantined++ >= MM_QUARANTINE_KEPT)
    return TRUE;
  return mm_quarantine_insert (push->db, push->gateway->id, push->ingest->received, value->time,
                               device, quantity, value->value, reason, error);
}

/* Takes one value of the batch, or sets it aside. FALSE only if the disk fails. */
static gboolean
take_value (Push *push, const MmValue *given, GError **error)
{
  MmIngest *ingest = push->ingest;
  const char *device = mm_batch_name (ingest->batch, given->device);
  const char *quantity = mm_batch_name (ingest->batch, given->quantity);
  MmLogValue value = { .time = given->time, .value = given->value };

  if (value.time == MM_TIME_NONE)
    value.time = ingest->received;
  if (mm_reading_is_ahead (value.time, ingest->received))
    return quarantine (push, &value, device, quantity, "future", error);
  if (!mm_quantity_plausible (quantity, value.value))
    return quarantine (push, &value, device, quantity, "range", error);
  if (!find_series (push, device, quantity, &value.series))
    {
      if (push->series->len >= MM_LIVE_MAX_SERIES)
        {
          mm_batch_refuse (ingest->batch, given->index, quantity, "too-many-series",
                           "This gateway has too many different devices and quantities.");
          return TRUE;
        }
      if (!add_series (push, device, quantity, &value.series, error))
        return FALSE;
    }
  g_array_append_val (push->values, value);
  return TRUE;
}

static void
note_newest (Push *push, const MmLogValue *value)
{
  MmLiveSeries *series = &g_array_index (push->series, MmLiveSeries, value->series);

  if (value->time >= series->time)
    {
      series->time = value->time;
      series->value = value->value;
    }
}

static void
count_late (Push *push, const MmLogValue *value)
{
  if (mm_reading_is_late (value->time, push->ingest->received, push->gateway->interval_s))
    push->ingest->counts.late++;
}

/* TRUE if every value is newer than all of its series before it: nothing to look up. */
static gboolean
all_newer (Push *push)
{
  for (guint i = 0; i < push->values->len; i++)
    {
      const MmLogValue *value = &g_array_index (push->values, MmLogValue, i);

      if (value->time <= g_array_index (push->series, MmLiveSeries, value->series).time)
        return FALSE;
      note_newest (push, value);
    }
  return TRUE;
}

/* ---- what is stored already ---- */

/* Judges each value against what is stored and what came before it in the push, and keeps those
 * that add or correct. */
static gboolean
judge_against_stored (Push *push, guint *added, GError **error)
{
  MmIngestCounts *counts = &push->ingest->counts;
  g_autoptr (GHashTable) points = mm_points_sought_new ();
  gint64 from = G_MAXINT64;
  guint kept = 0;

  for (guint i = 0; i < push->values->len; i++)
    {
      const MmLogValue *value = &g_array_index (push->values, MmLogValue, i);
      MmSoughtPoint key = { .time = value->time, .series = value->series };

      from = MIN (from, value->time);
      if (!g_hash_table_contains (points, &key))
        g_hash_table_add (points, g_memdup2 (&key, sizeof key));
    }
  if (!mm_points_find (push->db, push->gateway, points, from, error))
    return FALSE;

  for (guint i = 0; i < push->values->len; i++)
    {
      MmLogValue value = g_array_index (push->values, MmLogValue, i);
      MmSoughtPoint key = { .time = value.time, .series = value.series };
      MmSoughtPoint *point = g_hash_table_lookup (points, &key);

      if (point->is_known && point->value == value.value)
        {
          counts->duplicates++;
          continue;
        }
      if (point->is_known)
        counts->corrected++;
      else
        {
          counts->stored++;
          (*added)++;
        }
      point->is_known = TRUE;
      point->value = value.value;
      count_late (push, &value);
      note_newest (push, &value);
      g_array_index (push->values, MmLogValue, kept++) = value;
    }
  g_array_set_size (push->values, kept);
  return TRUE;
}

/* ---- the push as a whole ---- */

static gboolean
append_row (Push *push, MmLiveChange *change, GError **error)
{
  const MmLogValue *values = (const MmLogValue *) push->values->data;
  g_autoptr (GByteArray) body = mm_log_body_encode (values, push->values->len);
  MmLogRow row = {
    .gateway = push->gateway->id,
    .received = push->ingest->received,
    .previous = push->gateway->head,
    .newest_before = push->gateway->newest,
    .added = change->added,
    .body = body->data,
    .body_length = body->len,
  };

  for (guint i = 0; i < push->values->len; i++)
    change->newest = MAX (change->newest, values[i].time);
  change->has_row = TRUE;
  return mm_reading_log_append (push->db, &row, &change->head, error);
}

static gboolean
store_values (Push *push, GError **error)
{
  MmIngest *ingest = push->ingest;
  const MmLiveGateway *gateway = push->gateway;
  MmLiveChange change = {
    .gateway = gateway->id,
    .head = gateway->head,
    .newest = gateway->newest,
    .received = ingest->batch->is_import ? gateway->last_contact : ingest->received,
    .said = MM_TIME_NONE,
  };

  if (!ingest->batch->is_import)
    change.said = mm_clock_sense_said (ingest->batch, &change.is_sent);
  if (gateway->by_receipt)
    mm_clock_sense_place (ingest->batch, change.said, ingest->received);

  for (guint i = 0; i < ingest->batch->values->len; i++)
    if (!take_value (push, &g_array_index (ingest->batch->values, MmValue, i), error))
      return FALSE;

  if (ingest->counts.quarantined > 0 && !mm_quarantine_trim (push->db, gateway->id, error))
    return FALSE;

  if (all_newer (push))
    {
      ingest->counts.stored = change.added = push->values->len;
      for (guint i = 0; i < push->values->len; i++)
        count_late (push, &g_array_index (push->values, MmLogValue, i));
    }
  else if (!judge_against_stored (push, &change.added, error))
    return FALSE;

  if (push->values->len > 0 && !append_row (push, &change, error))
    return FALSE;
  change.series = (const MmLiveSeries *) push->series->data;
  change.n_series = push->series->len;
  change.values = (const MmLogValue *) push->values->data;
  change.n_values = push->values->len;
  mm_live_apply (ingest->context->live, &change);
  return TRUE;
}

static gboolean
ingest_run (MmDatabase *db, gpointer data, GError **error)
{
  MmIngest *ingest = data;
  MmLive *live = ingest->context->live;
  g_auto (Push) push = { .db = db, .ingest = ingest };

  push.series = g_array_new (FALSE, FALSE, sizeof (MmLiveSeries));
  push.values = g_array_sized_new (FALSE, FALSE, sizeof (MmLogValue), ingest->batch->values->len);
  push.gateway = mm_live_get (live, ingest->gateway);
  /* The key may have been revoked while the push waited: it was accepted before that. */
  if (push.gateway == NULL)
    return TRUE;
  if (push.gateway->n_series > 0)
    g_array_append_vals (push.series, push.gateway->series, push.gateway->n_series);
  memset (&ingest->counts, 0, sizeof ingest->counts);

  return store_values (&push, error)
         && mm_watching_take_batch (ingest->context, db, ingest->gateway, ingest->batch,
                                    ingest->received, error)
         && mm_quarantine_keep (db, ingest->gateway, ingest->batch, ingest->received, error);
}

/* ---- queueing ---- */

/* Whether all that @batch measured was long ago. How often the gateway reports is not looked up for
 * it: the worst is that what is new waits as if it were late. */
static gboolean
is_late (const MmBatch *batch, gint64 received)
{
  gint64 newest = G_MININT64;

  for (guint i = 0; i < batch->values->len; i++)
    {
      gint64 time = g_array_index (batch->values, MmValue, i).time;

      newest = MAX (newest, time == MM_TIME_NONE ? received : time);
    }
  return batch->values->len > 0 && mm_reading_is_late (newest, received, 0);
}

static MmLane
lane_of (const MmBatch *batch, gint64 received)
{
  if (batch->events->len > 0)
    return MM_LANE_FAULT;
  return is_late (batch, received) ? MM_LANE_LATE : MM_LANE_LIVE;
}

gboolean
mm_ingesting_admit (MmContext *context, gint64 gateway, gboolean may_have_events, GError **error)
{
  const MmWaiting work = {
    .lane = may_have_events ? MM_LANE_FAULT : MM_LANE_LIVE,
    .source = gateway,
  };

  return mm_room_check (context->room, error) && mm_writer_has_room (context->writer, &work, error)
         && mm_pace_push (context->pace, gateway, g_get_monotonic_time (), error);
}

static void
ingest_free (MmIngest *ingest)
{
  mm_batch_free (ingest->batch);
  g_free (ingest);
}

static void
ingest_done (gpointer data, const GError *error)
{
  MmIngest *ingest = data;

  ingest->done (ingest->batch, &ingest->counts, error, ingest->data);
  ingest_free (ingest);
}

gboolean
mm_ingesting_submit (MmContext *context,
                     gint64 gateway,
                     MmBatch *batch,
                     gint64 received,
                     MmIngestDone done,
                     gpointer data,
                     GError **error)
{
  MmIngest *ingest = g_new0 (MmIngest, 1);
  const guint n_values = batch->values->len, n_events = batch->events->len;
  const MmWaiting work = {
    .lane = lane_of (batch, received),
    .source = gateway,
    .cost = PUSH_COST + n_values + n_events * EVENT_COST,
    .bytes = PUSH_BYTES + n_values * sizeof (MmValue) + mm_batch_n_names (batch) * NAME_BYTES
             + n_events * EVENT_BYTES,
  };

  ingest->context = context;
  ingest->gateway = gateway;
  ingest->batch = batch;
  ingest->received = received;
  ingest->done = done;
  ingest->data = data;
  mm_pace_values (context->pace, gateway, n_values, g_get_monotonic_time ());
  if (mm_room_check (context->room, error)
      && mm_writer_push_work (context->writer, &work, ingest_run, ingest, ingest_done, error))
    return TRUE;
  ingest_free (ingest);
  return FALSE;
}
