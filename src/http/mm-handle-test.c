/* On a worker. Nothing of this is in what people run. */
#ifdef MM_TEST_HOOKS

#include "mm-handle-test.h"

#include "mm-body.h"
#include "mm-context.h"
#include "mm-error.h"
#include "mm-watching.h"

typedef enum
{
  FILL_NONE,
  FILL_LIVE, /* measurements find no room */
  FILL_ALL,  /* nobody does */
} Fill;

/* Reads the body's one number, from 0 to @max, and how much of the queue is to be filled; FALSE if
 * it has been answered. */
static gboolean
read_number (MmExchange *x, const char *name, gint64 max, gint64 *number, Fill *fill)
{
  g_autoptr (GError) error = NULL;
  json_t *body = mm_body_object (x, &error);
  gboolean all, live;
  gboolean good = body != NULL && mm_body_integer (body, name, number, &error)
                  && mm_body_boolean (body, "fill", FALSE, &all, &error)
                  && mm_body_boolean (body, "fill_live", FALSE, &live, &error);

  json_decref (body);
  if (good)
    *fill = all ? FILL_ALL : live ? FILL_LIVE : FILL_NONE;
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
  Fill fill;
  gint64 seconds;

  if (!read_number (x, "seconds", 10 * 365 * 86400, &seconds, &fill))
    return;
  mm_clock_advance (context->clock, seconds * MM_SECOND);
  if (mm_watching_look (context, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

/* How often a stall was asked to end. */
static gint n_releases;

static gboolean
sleep_job (MmDatabase *db, gpointer data, GError **error)
{
  const gint64 until = g_get_monotonic_time () + (gint64) GPOINTER_TO_SIZE (data) * 1000;
  const gint before = g_atomic_int_get (&n_releases);

  while (g_get_monotonic_time () < until && g_atomic_int_get (&n_releases) == before)
    g_usleep (1000);
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

/* Queues pushes of so many gateways that are not there as find room in @lane. */
static int
fill_lane (MmContext *context, MmLane lane)
{
  MmWaiting work = { .lane = lane, .source = G_MININT64 + lane * (gint64) G_MAXINT32 };
  int filled = 0;

  for (; mm_writer_push_work (context->writer, &work, empty_job, NULL, ignore_done, NULL); filled++)
    work.source++;
  return filled;
}

void
mm_handle_test_stall (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  Fill fill;
  gint64 ms;
  int filled = 0;

  if (!read_number (x, "ms", 600000, &ms, &fill))
    return;
  if (ms == 0)
    {
      g_atomic_int_inc (&n_releases);
      mm_exchange_answer_json (x, 200, json_pack ("{s:i}", "filled", filled));
      return;
    }
  mm_writer_push (context->writer, MM_LANE_PEOPLE, FALSE, sleep_job, GSIZE_TO_POINTER ((gsize) ms),
                  ignore_done, NULL);
  /* Not before it sleeps, or it would take what fills the queue with it. */
  while (mm_writer_waiting (context->writer) > 0)
    g_usleep (100);
  if (fill != FILL_NONE)
    filled += fill_lane (context, MM_LANE_LIVE);
  if (fill == FILL_ALL)
    filled += fill_lane (context, MM_LANE_FAULT);
  while (
      fill == FILL_ALL
      && mm_writer_push (context->writer, MM_LANE_PEOPLE, TRUE, empty_job, NULL, ignore_done, NULL))
    filled++;
  mm_exchange_answer_json (x, 200, json_pack ("{s:i}", "filled", filled));
}

#endif
