#include "mm-clock-sense.h"

#include "mm-error.h"
#include "mm-store-gateways.h"
#include "mm-store-operator.h"
#include "mm-store-received-time.h"

/* A clock that is off by more than this shows no time at all. */
#define MOST (100 * 365 * MM_DAY)

void
mm_clock_sense_of (MmContext *context, gint64 row, MmClockState *state)
{
  const MmLiveGateway *gateway;

  *state = (MmClockState){ FALSE };
  mm_live_lock (context->live);
  gateway = mm_live_get (context->live, row);
  if (gateway != NULL)
    {
      state->is_known = mm_clock_offset_of (&gateway->clock, gateway->interval_s, &state->offset_s,
                                            &state->is_off);
      state->by_receipt = gateway->by_receipt;
    }
  mm_live_unlock (context->live);
}

typedef struct
{
  MmContext *context;
  const char *id;
  gboolean by_receipt;
} Change;

static gboolean
change (MmDatabase *db, gpointer data, GError **error)
{
  const Change *c = data;
  gint64 now = mm_clock_now (c->context->clock);
  g_autoptr (MmGatewayRow) row = mm_store_gateway_find_folded (db, c->id, error);

  return row != NULL && mm_store_received_time_set (db, row->row, c->by_receipt, now, error)
         && mm_store_operator_note (db, now, c->by_receipt ? "time-received" : "time-device",
                                    row->public_id, error)
         && mm_live_refresh_gateway (c->context->live, db, row->row, now, error);
}

gboolean
mm_clock_sense_set (MmContext *context, const char *id, gboolean by_receipt, GError **error)
{
  Change c = { context, id, by_receipt };
  g_autoptr (GError) problem = NULL;

  if (mm_writer_run (context->writer, change, &c, &problem))
    return TRUE;
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found",
                         "There is no gateway with this ID.");
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gint64
mm_clock_sense_said (const MmBatch *batch, gboolean *is_sent)
{
  gint64 newest = MM_TIME_NONE;

  *is_sent = batch->sent != MM_TIME_NONE;
  if (*is_sent)
    return batch->sent;
  for (guint i = 0; i < batch->values->len; i++)
    newest = MAX (newest, g_array_index (batch->values, MmValue, i).time);
  for (guint i = 0; i < batch->events->len; i++)
    newest = MAX (newest, g_array_index (batch->events, MmEvent, i).time);
  return newest;
}

void
mm_clock_sense_place (MmBatch *batch, gint64 said, gint64 received)
{
  if (said == MM_TIME_NONE || said < received - MOST || said > received + MOST)
    return;
  for (guint i = 0; i < batch->values->len; i++)
    {
      gint64 *time = &g_array_index (batch->values, MmValue, i).time;

      if (*time > said - MOST && *time < said + MOST)
        *time += received - said;
    }
  for (guint i = 0; i < batch->events->len; i++)
    {
      gint64 *time = &g_array_index (batch->events, MmEvent, i).time;

      if (*time > said - MOST && *time < said + MOST)
        *time += received - said;
    }
}
