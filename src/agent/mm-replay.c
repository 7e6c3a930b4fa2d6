/* The loop that reads, spools and sends; main thread, no other.
 *
 * Times: kept as recorded, or all moved by one constant (--shift-to-now). The constant and the
 * moment of the start are written into the spool before the first batch, so that a replay that goes
 * on after a crash or a pause goes on with the same ones, catching up what it has missed.
 *
 * Pace: a row is due when as much time has passed since the start as lies between the first row and
 * it in the recording, divided by the speed; a row out of order is due at once. As fast as the
 * server takes it, the next rows are read when the spool is empty; at a pace, rows are spooled when
 * they are due, whether the server can be reached or not, while the spool has room. A replay never
 * drops batches: the file can wait.
 */
#define G_LOG_DOMAIN "mm-replay"

#include "mm-replay.h"

#include "mm-clock.h"
#include "mm-push-json.h"
#include "mm-recording.h"
#include "mm-sender.h"
#include "mm-spool.h"

#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_REPORTS 1000
#define LONGEST_WAIT MM_SECOND /* the computer's clock may jump */
#define PROGRESS_EVERY MM_SECOND
#define BYTES_PER_VALUE 64 /* of JSON, generously */

typedef struct
{
  const MmReplayOptions *options;
  MmStop *stop;
  MmClock *clock;
  MmMap *map;
  MmRecording *recording;
  MmRecordingRow row; /* the next row, if has_row */
  gboolean has_row;
  gboolean at_end;
  gint64 rows; /* taken from the recording, the next row not counted */
  gint64 first;
  gint64 shift;
  gint64 started;
  char *identity; /* what is replayed to whom */
  char *spool_directory;
  MmSpool *spool;
  MmPush *push;
  MmSender *sender;
  guint64 n_reports;
  gint64 next_progress;
} Replay;

static void
replay_clear (Replay *replay)
{
  g_clear_pointer (&replay->sender, mm_sender_free);
  g_clear_pointer (&replay->push, mm_push_free);
  g_clear_pointer (&replay->spool, mm_spool_close);
  g_clear_pointer (&replay->recording, mm_recording_free);
  g_clear_pointer (&replay->map, mm_map_free);
  g_clear_pointer (&replay->clock, mm_clock_free);
  mm_recording_row_clear (&replay->row);
  g_free (replay->identity);
  g_free (replay->spool_directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Replay, replay_clear)

/* Reports. */

static void
on_row_problem (gint64 row, const char *column, const char *reason, gpointer user_data)
{
  Replay *replay = user_data;

  if (++replay->n_reports > MAX_REPORTS)
    return;
  if (column != NULL)
    g_printerr ("row %" G_GINT64_FORMAT ", column %s: %s\n", row, column, reason);
  else
    g_printerr ("row %" G_GINT64_FORMAT ": %s\n", row, reason);
  if (replay->n_reports == MAX_REPORTS)
    g_printerr ("more problems of this kind are counted, but not shown\n");
}

static void
on_refusal (guint64 sequence, const char *line, gpointer user_data)
{
  g_printerr ("batch %" G_GUINT64_FORMAT ": refused: %s\n", sequence, line);
}

static void
print_headings (const char *what, const GPtrArray *headings)
{
  if (headings->len == 0)
    return;
  g_printerr ("%s:", what);
  for (guint i = 0; i < headings->len; i++)
    g_printerr ("%s %s", i > 0 ? "," : "", (const char *) g_ptr_array_index (headings, i));
  g_printerr ("\n");
}

/* One whole line at a time: whatever ends the program, the last line on the screen is true. */
static void
print_progress (Replay *replay, gboolean now)
{
  const MmSenderTotals *totals = mm_sender_totals (replay->sender);
  gint64 at = g_get_monotonic_time ();

  if (!now && at < replay->next_progress)
    return;
  replay->next_progress = at + PROGRESS_EVERY;
  g_printerr ("acknowledged: %" G_GINT64_FORMAT " readings, %" G_GINT64_FORMAT
              " values; %" G_GUINT64_FORMAT " batches wait\n",
              totals->readings, totals->values, mm_spool_pending (replay->spool));
}

static void
print_summary (Replay *replay, gboolean finished)
{
  const MmSenderTotals *totals = mm_sender_totals (replay->sender);
  const MmPushCounts *counts = &totals->counts;

  if (replay->n_reports > MAX_REPORTS)
    g_printerr ("%" G_GUINT64_FORMAT " problems in rows altogether\n", replay->n_reports);
  g_print (replay->options->json ? "{\"rows\":%" G_GINT64_FORMAT ",\"readings\":%" G_GINT64_FORMAT
                                   ",\"values\":%" G_GINT64_FORMAT ",\"stored\":%" G_GINT64_FORMAT
                                   ",\"duplicates\":%" G_GINT64_FORMAT
                                   ",\"corrected\":%" G_GINT64_FORMAT ",\"late\":%" G_GINT64_FORMAT
                                   ",\"quarantined\":%" G_GINT64_FORMAT
                                   ",\"refused\":%" G_GINT64_FORMAT ",\"finished\":%s}\n"
                                 : "rows %" G_GINT64_FORMAT ", readings %" G_GINT64_FORMAT
                                   ", values %" G_GINT64_FORMAT ", stored %" G_GINT64_FORMAT
                                   ", duplicates %" G_GINT64_FORMAT ", corrected %" G_GINT64_FORMAT
                                   ", late %" G_GINT64_FORMAT ", quarantined %" G_GINT64_FORMAT
                                   ", refused %" G_GINT64_FORMAT ", finished: %s\n",
           replay->rows, totals->readings, totals->values, counts->stored, counts->duplicates,
           counts->corrected, counts->late, counts->quarantined, counts->refused,
           replay->options->json ? (finished ? "true" : "false") : (finished ? "yes" : "no"));
  fflush (stdout);
}

/* Start. */

gint64
mm_replay_shift (gint64 first, gint64 last, gint64 now, double speed)
{
  gint64 span = MAX (last - first, 0);

  if (speed <= 0.0)
    return now - last;
  /* Slower than recorded, the first row is the one closest to the future. */
  return now + (gint64) floor ((double) span / MAX (speed, 1.0)) - MAX (last, first);
}

static char *
digest_of (const char *a, const char *b)
{
  g_autofree char *both = g_strjoin ("\n", a, b, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

static MmRecording *
open_recording (Replay *replay, GError **error)
{
  const MmReplayOptions *options = replay->options;

  return mm_recording_open (options->file, replay->map, options->from, options->to, error);
}

/* Reads the whole recording once, in silence, for its first and its latest time. */
static gboolean
survey (Replay *replay, gint64 *last, GError **error)
{
  g_autoptr (MmRecording) recording = open_recording (replay, error);
  g_auto (MmRecordingRow) row = { 0 };
  GError *local = NULL;
  gboolean any = FALSE;

  if (recording == NULL)
    return FALSE;
  mm_recording_row_init (&row);
  while (mm_recording_next (recording, &row, &local))
    {
      if (!any)
        replay->first = *last = row.time;
      *last = MAX (*last, row.time);
      any = TRUE;
    }
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (!any)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: no row to replay",
                   replay->options->file);
      return FALSE;
    }
  return TRUE;
}

static void
identify (Replay *replay)
{
  const MmReplayOptions *options = replay->options;
  g_autofree char *range
      = g_strdup_printf ("%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d",
                         replay->map->digest, mm_recording_digest (replay->recording),
                         options->gateway, options->from, options->to, options->shift_to_now);

  replay->identity = digest_of ("replay", range);
}

/* The constants of an earlier start, or those of this one, written down. */
static gboolean
settle (Replay *replay, gint64 last, GError **error)
{
  const char *source = mm_spool_source (replay->spool);
  g_autofree char *mine = NULL;
  g_auto (GStrv) words = NULL;

  if (source == NULL)
    {
      replay->started = mm_clock_now (replay->clock);
      if (replay->options->shift_to_now)
        replay->shift
            = mm_replay_shift (replay->first, last, replay->started, replay->options->speed);
      mine = g_strdup_printf ("replay %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                              replay->identity, replay->started, replay->shift);
      return mm_spool_set_source (replay->spool, mine, error);
    }
  words = g_strsplit (source, " ", -1);
  if (g_strv_length (words) != 4 || strcmp (words[0], "replay") != 0
      || strcmp (words[1], replay->identity) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   "spool %s: belongs to something else (another file, mapping, gateway, range or "
                   "shift); name another with --spool",
                   replay->spool_directory);
      return FALSE;
    }
  replay->started = g_ascii_strtoll (words[2], NULL, 10);
  replay->shift = g_ascii_strtoll (words[3], NULL, 10);
  return TRUE;
}

static char *
default_spool (Replay *replay)
{
  g_autofree char *digest = digest_of (replay->identity, replay->options->server);
  g_autofree char *name = g_strdup_printf ("replay-%s-%.12s", replay->options->gateway, digest);

  return g_build_filename (g_get_user_state_dir (), "mimamori-gateway", name, NULL);
}

/* Reads the next row ahead. */
static gboolean
read_ahead (Replay *replay, GError **error)
{
  GError *local = NULL;

  replay->has_row = mm_recording_next (replay->recording, &replay->row, &local);
  replay->at_end = !replay->has_row;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* Goes behind the rows that are spooled; what was wrong with them was said then. */
static gboolean
skip_spooled (Replay *replay, GError **error)
{
  gint64 spooled = mm_spool_position (replay->spool);

  if (!read_ahead (replay, error))
    return FALSE;
  while (replay->has_row && replay->rows < spooled)
    {
      replay->rows++;
      if (replay->rows == spooled)
        mm_recording_set_report (replay->recording, on_row_problem, replay);
      if (!read_ahead (replay, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
prepare (Replay *replay, GError **error)
{
  const MmReplayOptions *options = replay->options;
  gint64 last = 0;

  replay->map = mm_map_load (options->map, error);
  if (replay->map == NULL)
    return FALSE;
  replay->recording = open_recording (replay, error);
  if (replay->recording == NULL)
    return FALSE;
  print_headings ("columns that the mapping does not name, ignored",
                  mm_recording_unmapped (replay->recording));
  print_headings ("columns of the mapping that are not in the file",
                  mm_recording_missing (replay->recording));
  if (!survey (replay, &last, error))
    return FALSE;
  identify (replay);
  replay->spool_directory
      = options->spool != NULL ? g_strdup (options->spool) : default_spool (replay);
  replay->push = mm_push_new (options->server, options->key, options->ca, replay->stop, error);
  if (replay->push == NULL)
    return FALSE;
  replay->spool = mm_spool_open (replay->spool_directory, options->spool_limit, error);
  if (replay->spool == NULL || !settle (replay, last, error))
    return FALSE;
  replay->sender = mm_sender_new (replay->spool, replay->push, on_refusal, replay);
  if (mm_spool_position (replay->spool) == 0)
    mm_recording_set_report (replay->recording, on_row_problem, replay);
  return skip_spooled (replay, error);
}

/* Batches. */

/* When the next row is to be sent, by the computer's clock; G_MININT64 at once. */
static gint64
due (const Replay *replay)
{
  double passed;
  gint64 at;

  if (replay->options->speed <= 0.0)
    return G_MININT64;
  passed = (double) (replay->row.time - replay->first) / replay->options->speed;
  at = replay->started + (gint64) CLAMP (passed, -1e18, 1e18);
  /* A shifted row never comes before its own time, whatever speed the spool was begun with. */
  return replay->options->shift_to_now ? MAX (at, replay->row.time + replay->shift) : at;
}

static void
add_devices (const MmMap *map, MmBatch *batch)
{
  for (guint i = 0; i < map->devices->len; i++)
    {
      const MmDevice *from = &g_array_index (map->devices, MmDevice, i);
      MmDevice device = {
        .device = g_strdup (from->device),
        .kind = g_strdup (from->kind),
        .maker = g_strdup (from->maker),
        .model = g_strdup (from->model),
        .serial = g_strdup (from->serial),
      };

      g_array_append_val (batch->devices, device);
    }
}

static void
add_row (const Replay *replay, MmBatch *batch)
{
  for (guint i = 0; i < replay->row.cells->len; i++)
    {
      const MmRecordingCell *cell = &g_array_index (replay->row.cells, MmRecordingCell, i);
      const MmMapValue *from = &g_array_index (replay->map->values, MmMapValue, cell->value);
      MmValue value = { .time = replay->row.time + replay->shift, .value = cell->number };

      /* The mapping has checked the names, and there are fewer than a batch may hold. */
      if (!mm_batch_intern (batch, from->device, strlen (from->device), &value.device)
          || !mm_batch_intern (batch, from->quantity, strlen (from->quantity), &value.quantity))
        g_error ("a name of the mapping does not fit into a batch");
      mm_batch_add_value (batch, &value);
    }
}

/* Makes one batch of the rows that are due and puts it into the spool. */
static gboolean
spool_rows (Replay *replay, GError **error)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  guint64 sequence = mm_spool_next_sequence (replay->spool);
  gint64 now = mm_clock_now (replay->clock);
  guint readings = 0;
  g_autofree char *body = NULL;

  batch->batch_id = g_strdup_printf ("%.8s-%" G_GUINT64_FORMAT, replay->identity, sequence);
  batch->interval_s = replay->map->interval_s;
  if (sequence == 1)
    add_devices (replay->map, batch);
  while (replay->has_row && due (replay) <= now
         && (readings == 0 || readings + replay->row.readings <= replay->options->batch)
         && batch->values->len + replay->row.cells->len <= MM_BATCH_MAX_VALUES)
    {
      add_row (replay, batch);
      readings += replay->row.readings;
      replay->rows++;
      if (!read_ahead (replay, error))
        return FALSE;
    }
  if (readings == 0)
    return TRUE;
  body = mm_push_json_format (batch);
  return mm_spool_append (replay->spool, replay->rows, readings, batch->values->len, body,
                          strlen (body), error);
}

static gboolean
may_spool (const Replay *replay)
{
  gsize guess = (gsize) replay->options->batch * replay->map->values->len * BYTES_PER_VALUE;

  if (!replay->has_row || due (replay) > mm_clock_now (replay->clock))
    return FALSE;
  return mm_spool_pending (replay->spool) == 0
         || (replay->options->speed > 0.0 && mm_spool_has_room (replay->spool, guess));
}

/* Until something can be done: the next row is due, or the next try is allowed. */
static gint64
time_to_wait (const Replay *replay)
{
  gint64 wait = LONGEST_WAIT;

  if (replay->has_row && mm_spool_pending (replay->spool) == 0)
    wait = MIN (wait, due (replay) - mm_clock_now (replay->clock));
  if (mm_spool_pending (replay->spool) > 0)
    wait = MIN (wait, mm_sender_next_try (replay->sender) - g_get_monotonic_time ());
  return MAX (wait, 0);
}

static gboolean
run (Replay *replay, GError **error)
{
  while (!mm_stop_wanted (replay->stop))
    {
      gboolean waiting = mm_spool_pending (replay->spool) > 0;

      if (waiting && g_get_monotonic_time () >= mm_sender_next_try (replay->sender))
        {
          if (!mm_sender_step (replay->sender, mm_clock_now (replay->clock), error))
            return FALSE;
          print_progress (replay, FALSE);
        }
      else if (may_spool (replay))
        {
          if (!spool_rows (replay, error))
            return FALSE;
        }
      else if (replay->at_end && !waiting)
        return TRUE;
      else
        mm_stop_wait (replay->stop, time_to_wait (replay));
    }
  return TRUE;
}

gboolean
mm_replay_run (const MmReplayOptions *options, MmStop *stop, GError **error)
{
  g_auto (Replay) replay = { .options = options, .stop = stop };
  gboolean finished;

  replay.clock = mm_clock_new ();
  mm_recording_row_init (&replay.row);
  if (!prepare (&replay, error))
    return FALSE;
  if (replay.at_end && mm_spool_pending (replay.spool) == 0)
    g_printerr ("this replay is finished and nothing is left to send; to send it all again, "
                "remove %s or name another --spool\n",
                replay.spool_directory);
  else if (mm_spool_next_sequence (replay.spool) > 1)
    g_printerr ("going on behind row %" G_GINT64_FORMAT " of the replay, %" G_GUINT64_FORMAT
                " batches wait in the spool\n",
                replay.rows, mm_spool_pending (replay.spool));
  if (!run (&replay, error))
    return FALSE;
  finished = replay.at_end && mm_spool_pending (replay.spool) == 0;
  if (!finished)
    g_printerr ("stopped; the same command goes on from here\n");
  print_progress (&replay, TRUE);
  print_summary (&replay, finished);
  return TRUE;
}
