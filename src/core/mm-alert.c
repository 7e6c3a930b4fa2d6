#include "mm-alert.h"

#include <string.h>

static const char *const kinds[MM_N_ALERT_KINDS] = {
  [MM_ALERT_FAULT] = "fault",
  [MM_ALERT_OFFLINE] = "offline",
};

const char *
mm_alert_kind_name (MmAlertKind kind)
{
  g_return_val_if_fail (kind < MM_N_ALERT_KINDS, NULL);
  return kinds[kind];
}

gboolean
mm_alert_kind_from_name (const char *name, MmAlertKind *kind)
{
  for (guint i = 0; i < MM_N_ALERT_KINDS; i++)
    if (strcmp (kinds[i], name) == 0)
      {
        *kind = (MmAlertKind) i;
        return TRUE;
      }
  return FALSE;
}

char *
mm_alert_cause (MmAlertKind kind, const char *device, const char *code)
{
  /* Tabs part it without doubt: names and codes hold none. */
  return g_strdup_printf ("%s\t%s\t%s", mm_alert_kind_name (kind), device != NULL ? device : "",
                          code != NULL ? code : "");
}

static MmAlertChange
raise_alert (MmAlertState *state, gint64 time, gboolean late)
{
  if (time == state->last_seen)
    return MM_ALERT_UNCHANGED;
  if (state->open)
    {
      state->last_seen = time;
      state->count++;
      return MM_ALERT_REPEATED;
    }
  if (late)
    return MM_ALERT_UNCHANGED;
  state->open = TRUE;
  state->raised = time;
  state->last_seen = time;
  state->cleared = MM_TIME_NONE;
  state->count = 1;
  return MM_ALERT_OPENED;
}

static MmAlertChange
clear_alert (MmAlertState *state, gint64 time, gboolean late)
{
  if (!state->open || (late && time <= state->raised))
    return MM_ALERT_UNCHANGED;
  state->open = FALSE;
  state->cleared = time;
  return MM_ALERT_RECOVERED;
}

MmAlertChange
mm_alert_apply (MmAlertState *state, MmEventState event, gint64 time, gboolean late)
{
  if (time < state->newest)
    return MM_ALERT_UNCHANGED;
  state->newest = time;
  return event == MM_EVENT_RAISED ? raise_alert (state, time, late)
                                  : clear_alert (state, time, late);
}
