/* Following the gateways of a dealer: what is new for one open app since the last time it asked.
 *
 * A follower belongs to one thread at a time. It keeps the IDs of the gateways that the dealer may
 * see, so that it can tell when one is gone; that set is read anew when a link of the dealer
 * changes, when one runs out, and every 30 seconds. What it hands out is looked up at that moment
 * with the rights of that moment.
 */
#pragma once

#include "mm-context.h"
#include "mm-principal.h"

G_BEGIN_DECLS

typedef struct _MmFollower MmFollower;

/* Follows for @principal, a dealer, whose session must go on. @cursor: where the app left off (of
 * mm_fleet_page(), mm_fleet_since() or an earlier follower), or NULL: from now on. */
MmFollower *mm_follower_new (MmContext *context, const MmPrincipal *principal, const char *cursor);
void mm_follower_free (MmFollower *follower);

/* What is new.
 * @rows: of MmFleetRow; @removed: IDs; @alerts: of MmAlertRow, those of the gateways where an alert
 *   changed or that may be seen anew: what is open, and what recovered since the hour before the
 *   last look
 * @reset: too much was missed, load everything anew
 * @more: there is more already, ask again soon
 * @over: the session has ended; nothing else is set
 * @changes: the place after all this, for going on later */
typedef struct
{
  GPtrArray *rows;
  GPtrArray *removed;
  GPtrArray *alerts;
  gboolean reset;
  gboolean more;
  gboolean over;
  char *changes;
} MmNews;

void mm_news_free (MmNews *news);

/* What came since the last call. NULL with @error if the store could not be read: nothing is lost,
 * ask again. Blocks. */
MmNews *mm_follower_next (MmFollower *follower, GError **error);

/* The time of the server's steady clock at which mm_follower_next() is due though nothing happened.
 */
gint64 mm_follower_due (const MmFollower *follower);

/* Where it stands, as a cursor; free with g_free(). */
char *mm_follower_cursor (const MmFollower *follower);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFollower, mm_follower_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmNews, mm_news_free)

G_END_DECLS
