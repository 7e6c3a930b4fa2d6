/* What only the operator asks of the store: the log of what the operator did, the list of alerts.
 *
 * Reading takes any connection; changes belong into a job of the writer.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Notes that the operator did @action ("gateway-added" …) to @subject, at @now. */
gboolean mm_store_operator_note (
    MmDatabase *db, gint64 now, const char *action, const char *subject, GError **error);

/* One alert, as technical health shows it: nothing of the customer.
 * @kind: "fault" or "offline"; @device, @code: empty for loss of contact
 * @recovered: MM_TIME_NONE while it is open */
typedef struct
{
  char *public_id;
  char *gateway;
  char *kind;
  char *device;
  char *code;
  int severity;
  gint64 opened;
  gint64 last_seen;
  gint64 count;
  gint64 recovered;
} MmOperatorAlert;

/* At most @limit alerts (#MmOperatorAlert), newest first; only open ones if @open. */
gboolean mm_store_operator_alerts (
    MmDatabase *db, gboolean open, guint limit, GPtrArray **alerts, GError **error);

/* Whether nobody has ever been here: no account, not even a provisional one, and no gateway. Any
 * connection. */
gboolean mm_store_operator_is_empty (MmDatabase *db, gboolean *is_empty, GError **error);

/* How much there is of what, for the operator's overview.
 * @pushes: of gateways, that brought values
 * @dealers, @customers: active accounts; @links: open ones
 * @mails_failed: refused or given up */
typedef struct
{
  gint64 pushes;
  gint64 dealers;
  gint64 customers;
  gint64 links;
  gint64 open_alerts;
  gint64 mails_waiting;
  gint64 mails_failed;
} MmOperatorCounts;

/* Counts all of it. Any connection. */
gboolean mm_store_operator_counts (MmDatabase *db, MmOperatorCounts *counts, GError **error);

G_END_DECLS
