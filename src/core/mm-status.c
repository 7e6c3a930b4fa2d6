#include "mm-status.h"

#include <string.h>

#include "mm-gateway.h"
#include "mm-words.h"

static const struct
{
  const char *name;
  const char *label;
} severities[MM_N_SEVERITIES] = {
  [MM_SEVERITY_NONE] = { "none", N_ ("None") },
  [MM_SEVERITY_INFO] = { "info", N_ ("Information") },
  [MM_SEVERITY_WARNING] = { "warning", N_ ("Caution") },
  [MM_SEVERITY_MINOR] = { "minor", N_ ("Minor fault") },
  [MM_SEVERITY_MAJOR] = { "major", N_ ("Major fault") },
  [MM_SEVERITY_CRITICAL] = { "critical", N_ ("Critical") },
};

/* Ranks are apart, so that muted ones fit in before normal. */
#define URGENCY_MUTED 6

static const struct
{
  const char *name;
  const char *label;
  guint urgency;
} statuses[MM_N_STATUSES] = {
  [MM_STATUS_FAULT] = { "fault", N_ ("Fault"), 0 },
  [MM_STATUS_OFFLINE] = { "offline", N_ ("No contact"), 1 },
  [MM_STATUS_ISLANDED] = { "islanded", N_ ("Islanded"), 2 },
  [MM_STATUS_WARNING] = { "warning", N_ ("Warning"), 3 },
  [MM_STATUS_UNDERPERFORMING] = { "underperforming", N_ ("Low output"), 4 },
  [MM_STATUS_CURTAILED] = { "curtailed", N_ ("Curtailed"), 5 },
  [MM_STATUS_NORMAL] = { "normal", N_ ("Normal"), 7 },
  [MM_STATUS_NEVER_SEEN] = { "never_seen", N_ ("Not connected yet"), 8 },
};

const char *
mm_severity_name (MmSeverity severity)
{
  g_return_val_if_fail (severity < MM_N_SEVERITIES, NULL);
  return severities[severity].name;
}

const char *
mm_severity_label (MmSeverity severity)
{
  g_return_val_if_fail (severity < MM_N_SEVERITIES, NULL);
  return severities[severity].label;
}

gboolean
mm_severity_from_name (const char *name, MmSeverity *severity)
{
  for (guint i = 0; i < MM_N_SEVERITIES; i++)
    if (strcmp (severities[i].name, name) == 0)
      {
        *severity = (MmSeverity) i;
        return TRUE;
      }
  return FALSE;
}

MmStatus
mm_severity_status (MmSeverity severity)
{
  if (severity >= MM_SEVERITY_MAJOR)
    return MM_STATUS_FAULT;
  if (severity >= MM_SEVERITY_WARNING)
    return MM_STATUS_WARNING;
  return MM_STATUS_NORMAL;
}

/* When absence becomes loss of contact. */
static gint64
offline_from (const MmStatusInput *input)
{
  return MAX (input->last_contact, input->server_since) + mm_offline_after (input->interval_s);
}

MmStatus
mm_status_of (const MmStatusInput *input)
{
  MmStatus by_alerts = mm_severity_status (input->worst);

  if (input->last_contact == MM_TIME_NONE)
    return MM_STATUS_NEVER_SEEN;
  if (input->offline_open || input->now >= offline_from (input))
    return MM_STATUS_OFFLINE;
  if (by_alerts == MM_STATUS_FAULT)
    return MM_STATUS_FAULT;
  if (input->islanded)
    return MM_STATUS_ISLANDED;
  if (by_alerts == MM_STATUS_WARNING)
    return MM_STATUS_WARNING;
  if (input->curtailed)
    return MM_STATUS_CURTAILED;
  if (input->underperforming)
    return MM_STATUS_UNDERPERFORMING;
  return MM_STATUS_NORMAL;
}

gint64
mm_status_next_change (const MmStatusInput *input)
{
  MmStatus status = mm_status_of (input);

  if (status == MM_STATUS_NEVER_SEEN || status == MM_STATUS_OFFLINE)
    return G_MAXINT64;
  return offline_from (input);
}

guint
mm_status_urgency (MmStatus status, gboolean maintenance)
{
  g_return_val_if_fail (status < MM_N_STATUSES, G_MAXUINT);
  if (maintenance && statuses[status].urgency < URGENCY_MUTED)
    return URGENCY_MUTED;
  return statuses[status].urgency;
}

const char *
mm_status_name (MmStatus status)
{
  g_return_val_if_fail (status < MM_N_STATUSES, NULL);
  return statuses[status].name;
}

const char *
mm_status_label (MmStatus status)
{
  g_return_val_if_fail (status < MM_N_STATUSES, NULL);
  return statuses[status].label;
}

gboolean
mm_status_from_name (const char *name, MmStatus *status)
{
  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (strcmp (statuses[i].name, name) == 0)
      {
        *status = (MmStatus) i;
        return TRUE;
      }
  return FALSE;
}
