/* The life of an alert: raised by a cause, repeated while it is open, recovered when it clears.
 *
 * A cause belongs to one gateway: a device's fault code, or the loss of contact. At most one alert
 * of a cause is open. A state machine without memory of its own: the store keeps MmAlertState for
 * each cause that had an event. Pure functions, any thread; times are UTC microseconds, those of
 * faults by the device's clock. Source: product.md §3 (late data) and §7.
 *
 *   event    alert   in time      late
 *   raised   closed  OPENED       nothing
 *   raised   open    REPEATED     REPEATED
 *   cleared  open    RECOVERED    RECOVERED if newer than the raise that opened, else nothing
 *   cleared  closed  nothing      nothing
 *
 * Before that: an event older than the newest known one of its cause changes nothing, and a raise
 * that is known already (same time as the newest raise) changes nothing, so that a push may be
 * repeated and pushes may come out of order. "Nothing" still means that the event is recorded.
 * Events that are too far ahead (mm_reading_is_ahead()) are never given here.
 */
#pragma once

#include "mm-batch.h"

G_BEGIN_DECLS

typedef enum
{
  MM_ALERT_FAULT,   /* a device reported a fault code */
  MM_ALERT_OFFLINE, /* nothing comes from the gateway; device and code are empty */
  MM_N_ALERT_KINDS,
} MmAlertKind;

/* The stable name in API and store (fault, offline), and back; FALSE for a name that is none. */
const char *mm_alert_kind_name (MmAlertKind kind);
gboolean mm_alert_kind_from_name (const char *name, MmAlertKind *kind);

/* One text for the cause, to be unique by within a gateway. @device and @code hold no control
 * characters; NULL is the empty text. */
char *mm_alert_cause (MmAlertKind kind, const char *device, const char *code);

/* What is known of a cause.
 * @open: whether its alert is open
 * @raised: time of the raise that opened its latest alert
 * @last_seen: time of the newest raise that counted
 * @cleared: time of the clear that closed it; MM_TIME_NONE while it is open
 * @count: raises that counted since it opened, 1 at first
 * @newest: time of the newest event of the cause, the late and the ineffective included
 * Times that never were are MM_TIME_NONE. */
typedef struct
{
  gboolean open;
  gint64 raised;
  gint64 last_seen;
  gint64 cleared;
  guint count;
  gint64 newest;
} MmAlertState;

/* Nothing known yet. */
#define MM_ALERT_STATE_INIT                                                                        \
  {                                                                                                \
    FALSE, MM_TIME_NONE, MM_TIME_NONE, MM_TIME_NONE, 0, MM_TIME_NONE                               \
  }

typedef enum
{
  MM_ALERT_UNCHANGED,
  MM_ALERT_OPENED,    /* a new alert: mail */
  MM_ALERT_REPEATED,  /* count and last_seen moved on: no mail */
  MM_ALERT_RECOVERED, /* closed: recovery mail */
} MmAlertChange;

/* Takes one event into @state and says what became of the alert. @late is mm_reading_is_late() of
 * @time. */
MmAlertChange mm_alert_apply (MmAlertState *state, MmEventState event, gint64 time, gboolean late);

G_END_DECLS
