/* Replays a recording: pushes it through the real ingest, as if the house lived it again.
 *
 * Rows go in the file's order into a spool and from there to the server, so that after an end of
 * any kind, kill -9 included, the same command goes on where it was: nothing is left out, nothing
 * changes its order, and nothing is sent twice but what was not acknowledged.
 */
#pragma once

#include "mm-push.h"

#include <glib.h>

G_BEGIN_DECLS

#define MM_REPLAY_MAX_SPEED 1000000.0
#define MM_REPLAY_DEFAULT_BATCH 500
#define MM_REPLAY_MAX_BATCH 10000

/* @file, @map: the recording (CSV) and its mapping
 * @server, @gateway, @key, @ca: where to and as whom; @ca may be NULL
 * @spool: directory, or NULL for one of its own in the user's state directory
 * @spool_limit: bytes
 * @speed: 1 is the pace of the recording, 0 as fast as the server takes it
 * @shift_to_now: moves all times by one constant, see mm-replay.c
 * @batch: readings in one push, at most
 * @from, @to: recorded times from <= t < to
 * @json: the summary as JSON */
typedef struct
{
  const char *file;
  const char *map;
  const char *server;
  const char *gateway;
  const char *key;
  const char *ca;
  const char *spool;
  guint64 spool_limit;
  double speed;
  gboolean shift_to_now;
  guint batch;
  gint64 from;
  gint64 to;
  gboolean json;
} MmReplayOptions;

/* Runs until everything was acknowledged, or until a stop is wanted and the push under way is done.
 * Progress and problems go to standard error, the summary to standard output. */
gboolean mm_replay_run (const MmReplayOptions *options, MmStop *stop, GError **error);

/* The constant that is added to recorded times. The row sent last carries the time at which it is
 * due to be sent, so that no row is ever in the future: with @speed 0 the last row is now, with
 * @speed 1 the first one is.
 * @first: recorded time of the first row; @last: the latest recorded time; @now: of the start */
gint64 mm_replay_shift (gint64 first, gint64 last, gint64 now, double speed);

/* `mimamori-gateway replay …`: reads the words of the command line and runs it.
 * Returns the exit status: 0 done or ended by signal, 1 failed, 2 wrong usage. */
int mm_replay_command (int argc, char **argv);

G_END_DECLS
