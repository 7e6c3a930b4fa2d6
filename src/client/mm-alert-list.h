/* The alerts of one dealer as a list (GListModel of #MmAlertItem): those that are open, worst first
 * then newest, all of them (up to 5,000); or those that are over, newest first, a page at a time.
 *
 * It is loaded once and then lives by the feed; what a batch of the feed changes is one change of
 * the list. Main thread.
 *
 * Signal "changed": after each change, of the alerts or of what is said below about loading.
 */
#pragma once

#include "mm-alert-item.h"
#include "mm-live-feed.h"

G_BEGIN_DECLS

#define MM_TYPE_ALERT_LIST (mm_alert_list_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertList, mm_alert_list, MM, ALERT_LIST, GObject)

typedef enum
{
  MM_ALERT_LIST_OPEN,
  MM_ALERT_LIST_PAST,
} MmAlertListKind;

/* An empty one, which begins to load. */
MmAlertList *mm_alert_list_new (MmApi *api, MmLiveFeed *feed, MmAlertListKind kind);

/* Loads anew, from the beginning; what is there stays until the answer is. */
void mm_alert_list_reload (MmAlertList *list);

/* Loads the next page of those that are over, if there is one and none is on its way. */
void mm_alert_list_load_more (MmAlertList *list);

/* Whether it was loaded once. */
gboolean mm_alert_list_is_loaded (MmAlertList *list);

/* Whether there are more than were loaded. */
gboolean mm_alert_list_has_more (MmAlertList *list);

/* Why the last loading failed; NULL if it did not. */
const GError *mm_alert_list_get_error (MmAlertList *list);

/* The alert with this ID, owned by the list; NULL if it is not in it. */
MmAlertItem *mm_alert_list_find (MmAlertList *list, const char *id);

/* How many of them nobody has said to know of. */
guint mm_alert_list_count_unknown (MmAlertList *list);

G_END_DECLS
