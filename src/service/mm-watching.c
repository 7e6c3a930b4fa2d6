/* Events, alerts and their mails run on the writer's thread; the timer has a thread of its own that
 * only queues work once a second. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-watching.h"

#include "mm-alert-mails.h"
#include "mm-error.h"
#include "mm-fault.h"
#include "mm-feed.h"
#include "mm-gateway.h"
#include "mm-linking.h"
#include "mm-live.h"
#include "mm-reading.h"
#include "mm-registering.h"
#include "mm-room.h"
#include "mm-secret.h"
#include "mm-sessions.h"
#include "mm-store-alerts.h"
#include "mm-store-quarantine.h"

/* The live state is saved after this many pushes (what a start after a crash has to replay), or
 * after this time. */
#define SAVE_PUSHES 100000
#define SAVE_PERIOD (5 * MM_MINUTE)

/* More than the clock is corrected by while it runs: it was set, or the computer slept. */
#define CLOCK_JUMP (10 * MM_SECOND)

/* What is over (sessions, tokens, registrations that nobody completed) is forgotten so often. */
#define SWEEP_PERIOD MM_HOUR

/* ---- alerts ---- */

static gboolean
open_alert (MmContext *context,
            MmDatabase *db,
            const MmCause *cause,
            gint64 time,
            gint64 received,
            GError **error)
{
  g_autofree char *public_id = mm_secret_new_id ();
  g_autofree char *maker = NULL;
  const MmFault *fault = NULL;
  gint64 alert;

  if (cause->kind == MM_ALERT_FAULT)
    {
      if (!mm_store_devices_maker (db, cause->gateway, cause->device, &maker, error))
        return FALSE;
      fault = mm_fault_catalogue_find (context->faults, maker, cause->code);
    }
  if (!mm_store_alerts_open (
          db, cause, public_id, (int) (fault != NULL ? fault->severity : MM_SEVERITY_MAJOR),
          fault != NULL && fault->shows != MM_STATUS_NORMAL ? mm_status_name (fault->shows) : "",
          time, received, &alert, error))
    return FALSE;
  return fault == NULL
         || mm_alert_mails_raised (context, db, cause, alert, fault, time, received, error);
}

static gboolean
recover_alert (MmContext *context,
               MmDatabase *db,
               const MmCause *cause,
               gint64 alert,
               gint64 raised,
               gint64 time,
               gint64 received,
               GError **error)
{
  g_autofree char *maker = NULL;
  const MmFault *fault;

  if (!mm_store_alerts_recover (db, alert, time, received, error))
    return FALSE;
  if (cause->kind != MM_ALERT_FAULT)
    return TRUE;
  if (!mm_store_devices_maker (db, cause->gateway, cause->device, &maker, error))
    return FALSE;
  fault = mm_fault_catalogue_find (context->faults, maker, cause->code);
  return mm_alert_mails_recovered (context, db, cause, alert, fault, raised, time, received, error);
}

static gboolean
follow (MmContext *context,
        MmDatabase *db,
        const MmCause *cause,
        const MmAlertState *before,
        const MmAlertState *after,
        MmAlertChange change,
        gint64 alert,
        gint64 received,
        GError **error)
{
  switch (change)
    {
    case MM_ALERT_OPENED:
      return open_alert (context, db, cause, after->raised, received, error);
    case MM_ALERT_REPEATED:
      return mm_store_alerts_repeat (db, alert, after->last_seen, after->count, error);
    case MM_ALERT_RECOVERED:
      return recover_alert (context, db, cause, alert, before->raised, after->cleared, received,
                            error);
    case MM_ALERT_UNCHANGED:
      break;
    }
  return TRUE;
}

static gboolean
take_event (MmContext *context,
            MmDatabase *db,
            const MmLiveGateway *gateway,
            MmBatch *batch,
            const MmEvent *event,
            gint64 received,
            guint *n_open,
            gboolean *changed,
            GError **error)
{
  const MmCause cause = {
    .gateway = gateway->id,
    .kind = MM_ALERT_FAULT,
    .device = mm_batch_name (batch, event->device),
    .code = event->code,
  };
  gint64 time = event->time != MM_TIME_NONE ? event->time : received;
  gboolean late = mm_reading_is_late (time, received, gateway->interval_s);
  MmAlertState before, after;
  MmAlertChange change;
  gint64 alert;
  gboolean is_new;

  if (mm_reading_is_ahead (time, received))
    {
      g_autofree char *field = g_strdup_printf ("events[%u].t", event->index);
      mm_batch_refuse (batch, event->index, field, "future",
                       "The time is more than ten minutes in the future.");
      return TRUE;
    }
  if (!mm_store_alerts_state (db, &cause, &before, &alert, error))
    return FALSE;
  after = before;
  change = mm_alert_apply (&after, event->state, time, late);
  if (change == MM_ALERT_OPENED && *n_open >= MM_WATCHING_MAX_OPEN)
    {
      g_autofree char *field = g_strdup_printf ("events[%u].code", event->index);
      mm_batch_refuse (batch, event->index, field, "too-many-faults",
                       "This gateway has too many different faults at once.");
      return TRUE;
    }
  if (!mm_store_events_insert (db, cause.gateway, cause.device, cause.code, event->state, time,
                               received, late, event->detail, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  *changed |= change != MM_ALERT_UNCHANGED;
  if (change == MM_ALERT_OPENED)
    (*n_open)++;
  return follow (context, db, &cause, &before, &after, change, alert, received, error);
}

/* The alert for loss of contact: opened by the timer, closed by the next push. */
static gboolean
contact_lost (
    MmContext *context, MmDatabase *db, gint64 gateway, gint64 since, gint64 now, GError **error)
{
  const MmCause cause = { .gateway = gateway, .kind = MM_ALERT_OFFLINE, .device = "", .code = "" };

  return open_alert (context, db, &cause, since, now, error);
}

static gboolean
contact_back (MmContext *context, MmDatabase *db, gint64 gateway, gint64 now, GError **error)
{
  const MmCause cause = { .gateway = gateway, .kind = MM_ALERT_OFFLINE, .device = "", .code = "" };
  MmAlertState state;
  gint64 alert;

  if (!mm_store_alerts_state (db, &cause, &state, &alert, error))
    return FALSE;
  return !state.open || recover_alert (context, db, &cause, alert, state.raised, now, now, error);
}

/* ---- a push ---- */

static gboolean
take_self_description (MmContext *context,
                       MmDatabase *db,
                       gint64 gateway,
                       MmBatch *batch,
                       gint64 received,
                       GError **error)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < batch->devices->len; i++)
    {
      const MmDevice *device = &g_array_index (batch->devices, MmDevice, i);
      gboolean taken;

      if (!mm_store_devices_put (db, gateway, device, received, &taken, error))
        return FALSE;
      if (!taken)
        mm_batch_refuse (batch, i, "devices", "too-many-devices",
                         "This gateway has named too many different devices.");
    }
  if (batch->settings_json != NULL
      && !mm_store_settings_put (db, gateway, batch->settings_json, received, error))
    return FALSE;
  if (batch->firmware == NULL && batch->interval_s == 0)
    return TRUE;
  return mm_store_gateways_report (db, gateway, batch->firmware, batch->interval_s, &changed, error)
         && (!changed || mm_live_refresh_gateway (context->live, db, gateway, received, error));
}

gboolean
mm_watching_take_batch (MmContext *context,
                        MmDatabase *db,
                        gint64 gateway,
                        MmBatch *batch,
                        gint64 received,
                        GError **error)
{
  const MmLiveGateway *live = mm_live_get (context->live, gateway);
  guint n_open = live->n_open;
  gboolean changed = FALSE;

  /* Devices first: the maker of a device decides what its codes mean. */
  if (!take_self_description (context, db, gateway, batch, received, error))
    return FALSE;
  for (guint i = 0; i < batch->events->len; i++)
    if (!take_event (context, db, live, batch, &g_array_index (batch->events, MmEvent, i), received,
                     &n_open, &changed, error))
      return FALSE;
  if (live->offline_alert && !batch->is_import)
    {
      if (!contact_back (context, db, gateway, received, error))
        return FALSE;
      changed = TRUE;
    }
  return !changed || mm_live_refresh_alerts (context->live, db, gateway, received, error);
}

/* ---- the timer ---- */

struct _MmWatching
{
  MmContext *context;
  GThread *thread;
  GMutex mutex;
  GCond wake;
  gboolean stopping;
  gint64 saved; /* when the live state was; by the steady clock */
  gint64 swept; /* when what is over was; likewise, 0: not yet */
};

/* Nobody could reach us while we slept, and by a clock that was set nobody has been silent for the
 * time that it was set by. */
static void
notice_jump (MmContext *context, gint64 now)
{
  gint64 ahead = mm_clock_ahead (context->clock);

  if (ABS (ahead - context->clock_ahead) > CLOCK_JUMP)
    {
      g_message ("the clock was set, or this computer slept: absence counts from now");
      mm_live_listen (context->live, now);
    }
  context->clock_ahead = ahead;
}

static gboolean
tick_job (MmDatabase *db, gpointer data, GError **error)
{
  MmContext *context = data;
  gint64 now = mm_clock_now (context->clock);
  const GArray *lost;

  notice_jump (context, now);
  mm_live_tick (context->live, now);
  lost = mm_live_newly_offline (context->live);
  for (guint i = 0; i < lost->len; i++)
    {
      gint64 id = g_array_index (lost, gint64, i);
      const MmLiveGateway *gateway = mm_live_get (context->live, id);
      gint64 since = mm_live_missed_since (context->live, gateway);

      if (!contact_lost (context, db, id, since, now, error))
        return FALSE;
    }
  if (!mm_live_renew_days (context->live, db, now, error))
    return FALSE;
  /* Memory last, when nothing can be undone any more for another's sake. */
  for (guint i = 0; i < lost->len; i++)
    if (!mm_live_refresh_alerts (context->live, db, g_array_index (lost, gint64, i), now, error))
      return FALSE;
  return TRUE;
}

typedef struct
{
  MmContext *context;
  gint64 gateway;
} Loss;

static gboolean
lose_job (MmDatabase *db, gpointer data, GError **error)
{
  const Loss *loss = data;
  MmContext *context = loss->context;
  const MmLiveGateway *gateway = mm_live_get (context->live, loss->gateway);
  gint64 now = mm_clock_now (context->clock);

  if (gateway == NULL || gateway->last_contact == MM_TIME_NONE || gateway->offline_alert)
    return TRUE;
  return contact_lost (context, db, loss->gateway, now, now, error)
         && mm_live_refresh_alerts (context->live, db, loss->gateway, now, error);
}

gboolean
mm_watching_lose_contact (MmContext *context, gint64 gateway, GError **error)
{
  Loss loss = { .context = context, .gateway = gateway };

  return mm_writer_run (context->writer, lose_job, &loss, error);
}

gboolean
mm_watching_look (MmContext *context, GError **error)
{
  return mm_writer_run (context->writer, tick_job, context, error)
         && mm_linking_expire (context, mm_clock_now (context->clock), error);
}

static void
save_if_due (MmWatching *watching)
{
  MmContext *context = watching->context;
  gint64 now = mm_clock_steady (context->clock);
  guint unsaved = mm_live_unsaved (context->live);
  g_autoptr (GError) error = NULL;

  if (unsaved == 0 || (unsaved < SAVE_PUSHES && now - watching->saved < SAVE_PERIOD))
    return;
  watching->saved = now;
  if (!mm_context_save (context, &error))
    g_warning ("the live state was not saved: %s", error->message);
}

static void
sweep_if_due (MmWatching *watching)
{
  MmContext *context = watching->context;
  gint64 now = mm_clock_steady (context->clock);
  g_autoptr (GError) error = NULL;

  if (watching->swept != 0 && now - watching->swept < SWEEP_PERIOD)
    return;
  watching->swept = now;
  if (!mm_sessions_sweep (context, &error) || !mm_registering_sweep (context, &error))
    g_warning ("what is over was not forgotten: %s", error->message);
}

static void
tick (MmWatching *watching)
{
  g_autoptr (GError) error = NULL;

  mm_room_look (watching->context->room);
  if (!mm_watching_look (watching->context, &error))
    g_warning ("the watch over gateways and links stumbled: %s", error->message);
  save_if_due (watching);
  sweep_if_due (watching);
}

static gpointer
watching_thread (gpointer data)
{
  MmWatching *watching = data;

  g_mutex_lock (&watching->mutex);
  while (!watching->stopping)
    {
      gint64 until = g_get_monotonic_time () + MM_SECOND;

      g_mutex_unlock (&watching->mutex);
      tick (watching);
      g_mutex_lock (&watching->mutex);
      while (!watching->stopping && g_cond_wait_until (&watching->wake, &watching->mutex, until))
        ;
    }
  g_mutex_unlock (&watching->mutex);
  return NULL;
}

MmWatching *
mm_watching_new (MmContext *context)
{
  MmWatching *watching = g_new0 (MmWatching, 1);

  watching->context = context;
  watching->saved = mm_clock_steady (context->clock);
  g_mutex_init (&watching->mutex);
  g_cond_init (&watching->wake);
  watching->thread = g_thread_new ("watching", watching_thread, watching);
  return watching;
}

void
mm_watching_free (MmWatching *watching)
{
  if (watching == NULL)
    return;
  g_mutex_lock (&watching->mutex);
  watching->stopping = TRUE;
  g_cond_signal (&watching->wake);
  g_mutex_unlock (&watching->mutex);
  g_thread_join (watching->thread);
  g_mutex_clear (&watching->mutex);
  g_cond_clear (&watching->wake);
  g_free (watching);
}
