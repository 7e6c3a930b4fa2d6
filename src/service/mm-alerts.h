/* Alerts as a dealer sees and acknowledges them.
 *
 * What happened before the dealer may look back stays hidden: an alert that had recovered by then
 * is not there, one that was still open appears as if it had begun then. All functions may block;
 * call them from a worker.
 */
#pragma once

#include "mm-access.h"
#include "mm-context.h"
#include "mm-store-alert-rows.h"

G_BEGIN_DECLS

#define MM_ALERT_NOTE_MAX 500 /* characters */

/* Which alerts, of which gateway (its ID; NULL: of all), how many on a page, behind which cursor
 * (NULL: from the beginning). */
typedef struct
{
  MmAlertsState state;
  const char *gateway;
  guint limit;
  const char *cursor;
} MmAlertsQuery;

/* One page of alerts (#MmAlertRow), newest first. @next: cursor of the next page, NULL after the
 * last; free with g_free(). A gateway that the dealer may not see is %MM_ERROR_NOT_FOUND. */
GPtrArray *mm_alerts_page (MmContext *context,
                           const MmPrincipal *principal,
                           const MmAlertsQuery *query,
                           char **next,
                           GError **error);

/* The alerts (#MmAlertRow) of the gateway with the row @gateway that are open, or (with
 * @recovered_since not MM_TIME_NONE) recovered since then by the server's clock; newest first, at
 * most 200. Empty if @dealer may not see it at @now. */
GPtrArray *mm_alerts_of (MmDatabase *db,
                         gint64 dealer,
                         gint64 gateway,
                         gint64 recovered_since,
                         gint64 now,
                         GError **error);

/* Notes that the dealer knows of the alert, with a note if there is something to say (NULL or empty
 * for none): again and again with the same effect; a later note that is not empty replaces the
 * first. The first time is noted for the customer. Returns the alert as it is then.
 * %MM_ERROR_NOT_FOUND, %MM_ERROR_FIELDS "note" "too-long" or "characters". */
MmAlertRow *mm_alerts_acknowledge (MmContext *context,
                                   const MmPrincipal *principal,
                                   const char *public_id,
                                   const char *note,
                                   GError **error);

/* What the alert means and what to do first, in @language; free with g_free(). */
char *mm_alerts_meaning (MmContext *context, const MmAlertRow *alert, const char *language);
char *mm_alerts_first_step (MmContext *context, const MmAlertRow *alert, const char *language);

G_END_DECLS
