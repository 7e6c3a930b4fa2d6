/* On a worker. Nothing of this is in what people run. */
#ifdef MM_TEST_HOOKS

#include "mm-handle-test.h"

#include "mm-body.h"
#include "mm-context.h"
#include "mm-error.h"
#include "mm-watching.h"

/* Reads the body's one number, from 0 to @max; FALSE if it has been answered. */
static gboolean
read_number (MmExchange *x, const char *name, gint64 max, gint64 *number, gboolean *fill)
{
  g_autoptr (GError) error = NULL;
  json_t *body = mm_body_object (x, &error);
  gboolean good = body != NULL && mm_body_integer (body, name, number, &error)
                  && mm_body_boolean (body, "fill", FALSE, fill, &error);

  json_decref (body);
  if (good && (*number < 0 || *number > max))
    good = mm_error_set (&error, MM_ERROR_INVALID, "range", "The number is out of range.");
  if (!good)
    mm_exchange_answer_error (x, error);
  return good;
}

void
mm_handle_test_advance (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  gboolean fill;
  gint64 seconds;

  if (!read_number (x, "seconds", 10 * 365 * 86400, &seconds, &fill))
    return;
  mm_clock_advance (context->clock, seconds * MM_SECOND);
  if (mm_watching_look (context, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

static gboolean
sleep_job (MmDatabase *db, gpointer data, GError **error)
{
  g_usleep (GPOINTER_TO_SIZE (data) * 1000);
  return TRUE;
}

static gboolean
empty_job (MmDatabase *db, gpointer data, GError **error)
{
  return TRUE;
}

static void
ignore_done (gpointer data, const GError *error)
{
}

void
mm_handle_test_stall (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  gboolean fill;
  gint64 ms;
  int filled = 0;

  if (!read_number (x, "ms", 60000, &ms, &fill))
    return;
  mm_writer_push (context->writer, FALSE, sleep_job, GSIZE_TO_POINTER ((gsize) ms), ignore_done,
                  NULL);
  /* Not before it sleeps, or it would take what fills the queue with it. */
  while (mm_writer_waiting (context->writer) > 0)
    g_usleep (100);
  while (fill && mm_writer_push (context->writer, TRUE, empty_job, NULL, ignore_done, NULL))
    filled++;
  mm_exchange_answer_json (x, 200, json_pack ("{s:i}", "filled", filled));
}

#endif
