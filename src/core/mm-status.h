/* The one status of a gateway, and the severities that lead to it.
 *
 * Pure functions, any thread. Times are UTC microseconds of the server's clock.
 * Source: product.md §4 (precedence), look.md "Status" (words, urgency), glossary.md §1 and §5.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* How bad a fault is, ascending; NONE is no open fault. */
typedef enum
{
  MM_SEVERITY_NONE,
  MM_SEVERITY_INFO,     /* 情報 */
  MM_SEVERITY_WARNING,  /* 注意 */
  MM_SEVERITY_MINOR,    /* 軽故障 */
  MM_SEVERITY_MAJOR,    /* 重故障 */
  MM_SEVERITY_CRITICAL, /* 緊急 */
  MM_N_SEVERITIES,
} MmSeverity;

/* The stable name in API and store (none, info, …, critical), its words (English message id), and
 * back; mm_severity_from_name() returns FALSE for a name that is none. */
const char *mm_severity_name (MmSeverity severity);
const char *mm_severity_label (MmSeverity severity);
gboolean mm_severity_from_name (const char *name, MmSeverity *severity);

/* In the order of precedence: the first that applies is the status. */
typedef enum
{
  MM_STATUS_NEVER_SEEN,
  MM_STATUS_OFFLINE,
  MM_STATUS_FAULT,
  MM_STATUS_ISLANDED,
  MM_STATUS_WARNING,
  MM_STATUS_CURTAILED,
  MM_STATUS_UNDERPERFORMING,
  MM_STATUS_NORMAL,
  MM_N_STATUSES,
} MmStatus;

/* What the status depends on.
 * @last_contact: server time of the last push, MM_TIME_NONE if there never was one
 * @server_since: since when this server has been listening without a break (its start, or the end
 *   of a suspend or of its own lost network): our own absence is not theirs
 * @offline_open: whether loss of contact is known already (an offline alert is open); it then stays
 *   until there is contact, also across our own restart
 * @interval_s: expected report interval, 0 for the default
 * @worst: worst severity among the open alerts of devices
 * @islanded: a device runs without the grid, or reports its loss
 * @curtailed: output is held down by the grid or the utility
 * @underperforming: less than the weather allows
 * Maintenance is no status: it is shown beside one and mutes it, see mm_status_urgency(). */
typedef struct
{
  gint64 last_contact;
  gint64 server_since;
  gint64 now;
  gboolean offline_open;
  guint interval_s;
  MmSeverity worst;
  gboolean islanded;
  gboolean curtailed;
  gboolean underperforming;
} MmStatusInput;

/* The first status that applies to @input. */
MmStatus mm_status_of (const MmStatusInput *input);

/* When the gateway will turn offline if nothing comes from it; G_MAXINT64 if it is so already or
 * was never seen. No other status changes with time alone. */
gint64 mm_status_next_change (const MmStatusInput *input);

/* The status that an open alert of @severity asks for: FAULT from major on, WARNING for warning and
 * minor, else NORMAL. */
MmStatus mm_severity_status (MmSeverity severity);

/* Rank for "worst first", 0 the most urgent, as in look.md. Under @maintenance whatever is wrong
 * ranks just above normal: somebody is there already. */
guint mm_status_urgency (MmStatus status, gboolean maintenance);

/* The stable name in API and store (never_seen, offline, …, normal), its words (English message
 * id), and back; mm_status_from_name() returns FALSE for a name that is none. */
const char *mm_status_name (MmStatus status);
const char *mm_status_label (MmStatus status);
gboolean mm_status_from_name (const char *name, MmStatus *status);

G_END_DECLS
