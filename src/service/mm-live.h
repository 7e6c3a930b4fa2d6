/* The live state of all gateways, in memory.
 *
 * It is a view of the store: what the reading log, the alerts and the gateways' rows say about now.
 * Only the writer's thread changes it, inside the jobs that change the store; when a transaction is
 * undone, all of it is loaded again. So the writer reads it without a lock and locks only to change
 * it; everybody else locks to read, copies what is needed and unlocks at once.
 *
 * It is saved to the store now and then (table `live`); on start the rows of the reading log after
 * the last save are applied again.
 */
#pragma once

#include "mm-clock-offset.h"
#include "mm-database.h"
#include "mm-live-day.h"
#include "mm-log-body.h"
#include "mm-secret.h"
#include "mm-status.h"

G_BEGIN_DECLS

/* Series of one gateway beyond this are refused. */
#define MM_LIVE_MAX_SERIES 512

typedef struct _MmLive MmLive;

/* The newest value of a series. @time: G_MININT64 while there is none. Names are interned. */
typedef struct
{
  const char *device;
  const char *quantity;
  gint64 time;
  double value;
} MmLiveSeries;

/* The rows of a gateway's log that are not folded into blocks yet; see mm-folding.h.
 * @folded: the mark: all its rows up to this one are
 * @rows: how many are not, or more than that
 * @first: none of them is before this row; @since: the oldest was received then or later */
typedef struct
{
  gint64 folded;
  gint64 first;
  gint64 since;
  guint rows;
} MmLiveTail;

/* One gateway.
 * @head: its last row of the reading log (0: none); @committed_head: the last that readers can see
 * @newest: the newest time it ever stored, G_MININT64 if none
 * @last_contact: when it last reached us, G_MININT64 if never
 * @n_values: stored values, each (device, quantity, time) once
 * @severity, @n_open: of its open fault alerts; @islanded, @curtailed: a status that one of them is
 * @offline_alert: loss of contact is known
 * @status: as of the last change or tick
 * @zone: of the site
 * @clock: what its pushes say of its clock; forgotten at a restart
 * @by_receipt: its data is placed by the time it is received; mm-clock-sense.h
 * @day: what it produced today; mm-live-day.h
 * @tail: what is not folded yet */
typedef struct
{
  gint64 id;
  char *public_id;
  guint8 key_hash[MM_SECRET_HASH_BYTES];
  gboolean has_key;
  guint interval_s;
  gint64 head;
  gint64 committed_head;
  gint64 newest;
  gint64 last_contact;
  guint64 n_values;
  guint n_series;
  MmLiveSeries *series;
  MmSeverity severity;
  guint n_open;
  gboolean offline_alert;
  gboolean islanded;
  gboolean curtailed;
  MmStatus status;
  GTimeZone *zone;
  MmClockOffset clock;
  gboolean by_receipt;
  MmLiveDay day;
  MmLiveTail tail;
  gboolean unsaved;
} MmLiveGateway;

/* Empty until mm_live_load(). */
MmLive *mm_live_new (void);
void mm_live_free (MmLive *live);

/* Reads everything from the store, as of @now; a contact after that is one by a clock that has been
 * put right since. What changed in the transaction is announced with the next one: somebody may
 * have seen it. Before the writer starts, or on its thread after an undone
 * transaction. */
gboolean mm_live_load (MmLive *live, MmDatabase *db, gint64 now, GError **error);

/* Saves what changed since the last save. Writer's thread, in a transaction. */
gboolean mm_live_save (MmLive *live, MmDatabase *db, GError **error);

/* Pushes since the last save, those that only showed a sign of life included. Any thread. */
guint mm_live_unsaved (MmLive *live);

/* The gateway that holds the key with this hash; 0 if none. Any thread, a few hundred ns. */
gint64 mm_live_find_key (MmLive *live, const guint8 hash[MM_SECRET_HASH_BYTES]);

/* Reading by any thread but the writer's: lock, look, copy, unlock. Pointers die with the lock. */
void mm_live_lock (MmLive *live);
void mm_live_unlock (MmLive *live);

/* A gateway by its row; NULL if there is none. Locked, or on the writer's thread. */
const MmLiveGateway *mm_live_get (MmLive *live, gint64 gateway);

/* All gateways, in no order (of const MmLiveGateway *). Locked, or on the writer's thread. */
const GPtrArray *mm_live_all (MmLive *live);

/* --- changes, on the writer's thread only --- */

/* Reads the gateway's own row again: added, renamed, key changed or revoked. */
gboolean mm_live_refresh_gateway (
    MmLive *live, MmDatabase *db, gint64 gateway, gint64 now, GError **error);

/* Reads its open alerts again and judges the status anew. */
gboolean mm_live_refresh_alerts (
    MmLive *live, MmDatabase *db, gint64 gateway, gint64 now, GError **error);

/* What a push did to a gateway. @series: the new newest values of its series, longer than before if
 * there are new ones; copied. @values: what it added or corrected, as in the row of the log. @said:
 * what the gateway's clock showed, MM_TIME_NONE if that is not known; @is_sent: when it sent. */
typedef struct
{
  gint64 gateway;
  gint64 head;
  gint64 newest;
  gint64 received;
  guint added;
  const MmLiveSeries *series;
  guint n_series;
  const MmLogValue *values;
  guint n_values;
  gint64 said;
  gboolean is_sent;
  gboolean has_row; /* a row was appended to the log */
} MmLiveChange;

/* Takes what a push did, and judges the status anew. In the job that stored it. */
void mm_live_apply (MmLive *live, const MmLiveChange *change);

/* Absence counts from @now at the earliest: this server has begun, the computer has slept, or its
 * clock was set. A contact that would be later becomes one at @now. */
void mm_live_listen (MmLive *live, gint64 now);

/* Since when a gateway that is offline has been missed. */
gint64 mm_live_missed_since (MmLive *live, const MmLiveGateway *gateway);

/* Works out again what some of the gateways produced today whose sums are not exact after late or
 * corrected values: as many as a few milliseconds allow, the rest at the next call. In a job. */
gboolean mm_live_renew_days (MmLive *live, MmDatabase *db, gint64 now, GError **error);

/* The oldest @n of the gateway's unfolded rows, up to @log_row, are folded; the last of them was
 * received at @since. In the job that writes the mark. */
void mm_live_folded (MmLive *live, gint64 gateway, gint64 log_row, guint n, gint64 since);

/* The last row of the log that nobody needs any more: it and all before it are folded, and in what
 * was saved of the live state. */
gint64 mm_live_trimmable (MmLive *live);

/* Judges every status anew. */
void mm_live_tick (MmLive *live, gint64 now);

/* The gateways (row ids, gint64) that are offline and have no alert for it yet. Owned by @live
 * until the next call. */
const GArray *mm_live_newly_offline (MmLive *live);

/* The transaction is on disk: heads become visible to readers, and the gateways that changed in it
 * are returned (row ids, gint64; owned by @live until the next call). @alerts: those of them whose
 * alerts changed, likewise. */
const GArray *mm_live_committed (MmLive *live, const GArray **alerts);

/* The latest value of @quantity (of any device) of a gateway; FALSE if there is none. Locked, or on
 * the writer's thread. */
gboolean mm_live_latest (const MmLiveGateway *gateway,
                         const char *quantity,
                         double *value,
                         gint64 *time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLive, mm_live_free)

G_END_DECLS
