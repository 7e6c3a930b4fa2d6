/* A whole context on a private folder, with gateways that push; restarted as often as needed. */
#pragma once

#include "mm-clock.h"
#include "mm-ingesting.h"
#include "mm-live.h"
#include "mm-secret.h"
#include "mm-watching.h"
#include "test-houses.h"

#include <math.h>

typedef struct
{
  char *folder;
  MmConfig config;
  MmClock *clock;
  MmContext *context;
  GMutex mutex;
  GCond cond;
  guint n_open; /* pushes without an answer */
} Engine;

static inline void
engine_start (Engine *engine)
{
  g_autoptr (GError) error = NULL;

  engine->context = mm_context_new (&engine->config, engine->clock, &error);
  g_assert_no_error (error);
  if (engine->context->public_url == NULL)
    engine->context->public_url = g_strdup ("https://mimamori.example");
}

static inline void
engine_set_up (Engine *engine, gconstpointer data)
{
  mm_secret_init ();
  engine->folder = g_dir_make_tmp ("mm-XXXXXX", NULL);
  engine->config = (MmConfig){ .data_dir = engine->folder,
                               .name = (char *) "Mimamori",
                               .timezone = (char *) "Asia/Tokyo",
                               .link_hours = 72,
                               .password_max = 16 };
  engine->clock = mm_clock_new ();
  g_mutex_init (&engine->mutex);
  g_cond_init (&engine->cond);
  engine_start (engine);
}

static inline void
engine_tear_down (Engine *engine, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_pointer (&engine->context, mm_context_free);
  mm_clock_free (engine->clock);
  dir = g_dir_open (engine->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (engine->folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (engine->folder), ==, 0);
  g_free (engine->folder);
  g_mutex_clear (&engine->mutex);
  g_cond_clear (&engine->cond);
}

/* Runs @sql on the data of a context that is not running. */
static inline void
engine_exec_offline (Engine *engine, const char *sql)
{
  g_autofree char *path = g_build_filename (engine->folder, "mimamori.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDatabase) db = mm_database_open (path, MM_DATABASE_WRITER, &error);

  g_assert_no_error (error);
  g_assert_true (mm_database_exec (db, sql, &error));
  g_assert_no_error (error);
}

static inline gboolean
engine_exec_job (MmDatabase *db, gpointer data, GError **error)
{
  return mm_database_exec (db, data, error);
}

/* Runs @sql as a job of the writer. */
static inline void
engine_exec (Engine *engine, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mm_writer_run (engine->context->writer, engine_exec_job, (gpointer) sql, &error));
  g_assert_no_error (error);
}

/* The first column of the first row; 0 if there is none. */
static inline gint64
engine_int (Engine *engine, const char *sql)
{
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (engine->context->readers, &error);
  MmStatement *s;
  gint64 value = 0;

  g_assert_no_error (error);
  s = mm_database_prepare (db, sql, &error);
  g_assert_no_error (error);
  if (mm_statement_step (s, &error) == MM_ROW)
    value = mm_statement_int (s, 0);
  g_assert_no_error (error);
  mm_statement_free (s);
  mm_readers_give (engine->context->readers, db);
  return value;
}

typedef struct
{
  Engine *engine;
  const char *public_id;
  gint64 row;
} EngineGateway;

static inline gboolean
engine_add_gateway_job (MmDatabase *db, gpointer data, GError **error)
{
  EngineGateway *add = data;
  MmContext *context = add->engine->context;

  add->row = houses_gateway (db, add->public_id, 0, NULL);
  return mm_live_refresh_gateway (context->live, db, add->row, mm_clock_now (context->clock),
                                  error);
}

static inline gint64
engine_add_gateway (Engine *engine, const char *public_id)
{
  EngineGateway add = { engine, public_id, 0 };
  g_autoptr (GError) error = NULL;

  mm_writer_run (engine->context->writer, engine_add_gateway_job, &add, &error);
  g_assert_no_error (error);
  return add.row;
}

static inline guint32
engine_name (MmBatch *batch, const char *name)
{
  guint32 number = 0;

  g_assert_true (mm_batch_intern (batch, name, strlen (name), &number));
  return number;
}

static inline void
engine_add_value (
    MmBatch *batch, const char *device, const char *quantity, gint64 time, double value)
{
  MmValue given = { .time = time,
                    .device = engine_name (batch, device),
                    .quantity = engine_name (batch, quantity),
                    .value = value,
                    .index = batch->values->len };

  mm_batch_add_value (batch, &given);
}

static inline void
engine_add_event (
    MmBatch *batch, const char *device, const char *code, MmEventState state, gint64 time)
{
  MmEvent event = { .time = time,
                    .device = engine_name (batch, device),
                    .code = g_strdup (code),
                    .state = state,
                    .index = batch->events->len };

  g_array_append_val (batch->events, event);
}

/* What became of a push. */
typedef struct
{
  Engine *engine;
  gboolean is_done;
  MmIngestCounts counts;
  guint n_refused;
  char *first_refusal; /* its code */
  char *error;         /* its code */
} EngineAnswer;

static inline void
engine_answer_clear (EngineAnswer *answer)
{
  g_free (answer->first_refusal);
  g_free (answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineAnswer, engine_answer_clear)

static inline void
engine_done (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  EngineAnswer *answer = data;
  Engine *engine = answer->engine;

  g_mutex_lock (&engine->mutex);
  answer->is_done = TRUE;
  answer->counts = *counts;
  answer->n_refused = batch->n_refused;
  if (batch->refusals->len > 0)
    answer->first_refusal = g_strdup (g_array_index (batch->refusals, MmRefusal, 0).code);
  answer->error = error != NULL ? g_strdup (error->message) : NULL;
  engine->n_open--;
  g_cond_signal (&engine->cond);
  g_mutex_unlock (&engine->mutex);
}

/* Queues a push; @answer is there after engine_wait(). */
static inline void
engine_submit (
    Engine *engine, gint64 gateway, MmBatch *batch, gint64 received, EngineAnswer *answer)
{
  g_autoptr (GError) error = NULL;

  *answer = (EngineAnswer){ .engine = engine };
  g_mutex_lock (&engine->mutex);
  engine->n_open++;
  g_mutex_unlock (&engine->mutex);
  g_assert_true (
      mm_ingesting_submit (engine->context, gateway, batch, received, engine_done, answer, &error));
  g_assert_no_error (error);
}

static inline void
engine_wait (Engine *engine)
{
  g_mutex_lock (&engine->mutex);
  while (engine->n_open > 0)
    g_cond_wait (&engine->cond, &engine->mutex);
  g_mutex_unlock (&engine->mutex);
}

static inline EngineAnswer
engine_push (Engine *engine, gint64 gateway, MmBatch *batch, gint64 received)
{
  EngineAnswer answer;

  engine_submit (engine, gateway, batch, received, &answer);
  engine_wait (engine);
  return answer;
}
