/* Which notices the desktop is to show of alerts: one for each alert that newly opened and is a
 * warning or worse, or one for all of a kind when more than five come within ten seconds; none for
 * an alert that is known already, and none any more once it has recovered or somebody has said that
 * they know. No I/O; the time is passed in. Main thread. Source: product.md §7.
 *
 * Signals: "show" (MmAlertNotice), also in the place of one with the same ID; "withdraw" (its ID).
 */
#pragma once

#include "mm-alert-words.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define MM_ALERT_NEWS_FEW 5                          /* that are shown one by one, */
#define MM_ALERT_NEWS_SPAN (10 * G_TIME_SPAN_SECOND) /* of those that come within so long */

#define MM_TYPE_ALERT_NEWS (mm_alert_news_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertNews, mm_alert_news, MM, ALERT_NEWS, GObject)

/* @id: of the notice. @title, @body: translated. @gateway, @alert: which one it is about; NULL if
 * about several. */
typedef struct
{
  const char *id;
  const char *title;
  const char *body;
  const char *gateway;
  const char *alert;
  gboolean is_urgent;
} MmAlertNotice;

/* One that knows of no alert. */
MmAlertNews *mm_alert_news_new (void);

/* @alert (Alert of docs/openapi.yaml) was open before: no notice. */
void mm_alert_news_know (MmAlertNews *news, JsonObject *alert);

/* @alert as it is now; counts with the next mm_alert_news_settle(). */
void mm_alert_news_take (MmAlertNews *news, JsonObject *alert);

/* What was taken since belongs together, at @now (UTC microseconds, only compared). */
void mm_alert_news_settle (MmAlertNews *news, gint64 now);

/* Withdraws all notices, and forgets everything. */
void mm_alert_news_clear (MmAlertNews *news);

G_END_DECLS
