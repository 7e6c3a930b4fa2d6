#define G_LOG_DOMAIN "mm-service"

#include "mm-context.h"

#include "mm-brokers.h"
#include "mm-error.h"
#include "mm-faults.h"
#include "mm-feed.h"
#include "mm-folding.h"
#include "mm-language.h"
#include "mm-live.h"
#include "mm-mappings.h"
#include "mm-migrator.h"
#include "mm-pace.h"
#include "mm-passwords.h"
#include "mm-posting.h"
#include "mm-room.h"
#include "mm-secret.h"
#include "mm-store-server.h"
#include "mm-terms.h"
#include "mm-throttle.h"
#include "mm-watching.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* What may wait for the disk: of pushes at 30,000 a second about half a second's worth, and of one
 * gateway as many as a sender has on its way at a time. */
static const MmWriterLimits writer_limits = {
  .room = { .jobs = 16384,
            .bytes = 128 * 1024 * 1024,
            .source_jobs = 64,
            .source_bytes = 16 * 1024 * 1024 },
  .patience = 5 * G_TIME_SPAN_SECOND,
};

/* ---- the data directory ---- */

static gboolean
fail (GError **error, const char *what, const char *path)
{
  g_autofree char *message = g_strdup_printf ("%s %s: %s", what, path, g_strerror (errno));

  return mm_error_set (error, MM_ERROR_INTERNAL, "data-dir", message);
}

int
mm_context_lock_directory (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int fd;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      fail (error, "cannot make the data directory", directory);
      return -1;
    }
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      fail (error, "cannot open", path);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_autofree char *message
          = g_strdup_printf ("another server works on the data directory %s", directory);

      close (fd);
      mm_error_set (error, MM_ERROR_CONFLICT, "locked", message);
      return -1;
    }
  return fd;
}

/* ---- the writer's transactions ---- */

static void
group_ended (MmDatabase *db, gboolean committed, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;

  if (committed)
    {
      const GArray *alerts;
      const GArray *changed = mm_live_committed (context->live, &alerts);

      for (guint i = 0; i < changed->len; i++)
        mm_feed_gateway_changed (context->feed, g_array_index (changed, gint64, i));
      for (guint i = 0; i < alerts->len; i++)
        mm_feed_alerts_changed (context->feed, g_array_index (alerts, gint64, i));
    }
  else
    {
      /* It may have been for want of room: at once, so that what people try again succeeds. */
      mm_room_look (context->room);
      if (!mm_live_load (context->live, db, mm_clock_now (context->clock), &error))
        g_error ("the live state cannot be read again: %s", error->message);
    }
  if (context->posting != NULL)
    mm_posting_group_ended (context->posting, committed);
}

static gboolean
save_live (MmDatabase *db, gpointer data, GError **error)
{
  MmContext *context = data;

  return mm_live_save (context->live, db, error);
}

gboolean
mm_context_save (MmContext *context, GError **error)
{
  return mm_writer_run_in (context->writer, MM_LANE_IDLE, save_live, context, error);
}

/* ---- how it is set up ---- */

const MmConfig *
mm_context_config (MmContext *context)
{
  return g_atomic_pointer_get (&context->config);
}

void
mm_context_set_config (MmContext *context, MmConfig *config)
{
  g_ptr_array_add (context->configs, config);
  g_atomic_pointer_set (&context->config, config);
}

/* ---- building it up ---- */

static gboolean
read_server (MmContext *context, MmDatabase *db, GError **error)
{
  g_autofree char *fresh = mm_secret_new_id ();

  context->server_id = mm_store_server_id (db, fresh, context->started, error);
  return context->server_id != NULL;
}

static gboolean
open_store (MmContext *context, GError **error)
{
  g_autofree char *path
      = g_build_filename (mm_context_config (context)->data_dir, "mimamori.db", NULL);
  g_autoptr (MmDatabase) db = mm_database_open (path, MM_DATABASE_WRITER, error);
  const MmWriterHooks hooks = { .group_ended = group_ended, .data = context };

  if (db == NULL || !mm_migrator_run (db, path, error) || !read_server (context, db, error)
      || !mm_terms_ensure (db, context->started, error)
      || !mm_live_load (context->live, db, context->started, error))
    return FALSE;
  context->readers = mm_readers_new (path);
  context->writer = mm_writer_new (g_steal_pointer (&db), &writer_limits, &hooks);
  return TRUE;
}

MmContext *
mm_context_new (const MmConfig *config, MmClock *clock, GError **error)
{
  g_autoptr (MmContext) context = g_new0 (MmContext, 1);

  context->config = (MmConfig *) config;
  context->configs = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_config_free);
  g_mutex_init (&context->settings_lock);
  context->clock = clock;
  context->started = mm_clock_now (clock);
  context->clock_ahead = mm_clock_ahead (clock);
  context->lock_fd = mm_context_lock_directory (config->data_dir, error);
  if (context->lock_fd < 0)
    return NULL;
  context->public_url = g_strdup (config->public_url);
  context->throttle = mm_throttle_new ();
  context->pace = mm_pace_new (config->gateway_rate);
  context->room = mm_room_new (config->data_dir, config->disk_low_water);
  context->passwords = mm_passwords_new ();
  context->languages = mm_languages_new_built_in ();
  context->faults = mm_faults_load ();
  context->mappings = mm_mappings_new (config->data_dir);
  context->live = mm_live_new ();
  mm_live_listen (context->live, context->started);
  context->feed = mm_feed_new ();
  context->folding = mm_folding_new (context);
  if (!open_store (context, error))
    return NULL;
  context->posting = mm_posting_new (context, error);
  if (context->posting == NULL)
    return NULL;
  context->brokers = mm_brokers_new (context);
  return g_steal_pointer (&context);
}

void
mm_context_free (MmContext *context)
{
  g_autoptr (GError) error = NULL;

  if (context == NULL)
    return;
  if (context->brokers != NULL)
    mm_brokers_stop (context->brokers);
  g_clear_pointer (&context->watching, mm_watching_free);
  if (context->folding != NULL)
    mm_folding_stop (context->folding);
  if (context->posting != NULL)
    mm_posting_stop (context->posting);
  if (context->writer != NULL && !mm_context_save (context, &error))
    g_warning ("the live state was not saved, the next start takes longer: %s", error->message);
  /* The last connection that closes folds the journal into the database; only the writer's may. */
  g_clear_pointer (&context->brokers, mm_brokers_free);
  g_clear_pointer (&context->readers, mm_readers_free);
  g_clear_pointer (&context->writer, mm_writer_free);
  g_clear_pointer (&context->posting, mm_posting_free);
  g_clear_pointer (&context->folding, mm_folding_free);
  g_clear_pointer (&context->feed, mm_feed_free);
  g_clear_pointer (&context->live, mm_live_free);
  g_clear_pointer (&context->faults, mm_fault_catalogue_free);
  g_clear_pointer (&context->mappings, mm_mappings_free);
  g_clear_pointer (&context->languages, mm_languages_free);
  g_clear_pointer (&context->passwords, mm_passwords_free);
  g_clear_pointer (&context->throttle, mm_throttle_free);
  g_clear_pointer (&context->pace, mm_pace_free);
  g_clear_pointer (&context->room, mm_room_free);
  g_free (context->public_url);
  g_free (context->listening);
  g_ptr_array_unref (context->configs);
  g_mutex_clear (&context->settings_lock);
  g_free (context->server_id);
  if (context->lock_fd > 0)
    close (context->lock_fd);
  g_free (context);
}
