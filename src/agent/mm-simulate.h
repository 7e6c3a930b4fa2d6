/* Lives a fleet of simulated houses and pushes what they measure, as their gateways would.
 *
 * First what is past (--backfill, or since an earlier end), each house in the order of time and all
 * houses in turn; then as time passes. Blocks until a stop is wanted; main thread.
 */
#pragma once

#include "mm-stop.h"

#include <glib.h>

G_BEGIN_DECLS

#define MM_SIMULATE_MAX_BACKFILL 400

/* @fleet: the file with the houses (mm-fleet-file.h)
 * @server, @ca: as in mm_push_new()
 * @state: directory, or NULL for one beside the file
 * @interval_s: of all houses, 0 for that of each
 * @backfill: days, counted from the beginning of the house's day
 * @speed: how much faster than the clock the stories go; for trials */
typedef struct
{
  const char *fleet;
  const char *server;
  const char *ca;
  const char *state;
  guint interval_s;
  guint backfill;
  double speed;
} MmSimulateOptions;

/* Runs until a stop is wanted, and then until the pushes under way are done. Prints "living N
 * houses" once all houses have delivered a reading of now; problems go to standard error. */
gboolean mm_simulate_run (const MmSimulateOptions *options, MmStop *stop, GError **error);

/* `mimamori-gateway simulate …`: reads the words of the command line and runs it.
 * Returns the exit status: 0 ended by a stop, 1 failed, 2 wrong usage. */
int mm_simulate_command (int argc, char **argv);

G_END_DECLS
