#include "mm-fleet-notice.h"

#include "mm-gettext.h"

typedef struct
{
  MmPane *pane; /* owns this */
  MmDesk *desk;
  MmLiveFeed *feed;
  MmFleetTable *fleet;
  void (*empty) (MmPane *pane);
} Follower;

static void
follower_free (Follower *follower)
{
  g_object_unref (follower->feed);
  g_object_unref (follower->fleet);
  g_free (follower);
}

/* "14:05" today, with the date before. */
static char *
clock_text (gint64 time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time / MM_SECOND);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gboolean is_today = g_date_time_get_year (then) == g_date_time_get_year (now)
                      && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now);

  return g_date_time_format (then, is_today ? "%H:%M" : "%x %H:%M");
}

static void
show_offline (Follower *follower)
{
  g_autofree char *time = clock_text (mm_fleet_table_get_as_of (follower->fleet));
  g_autofree char *text
      = g_strdup_printf (_ ("The server cannot be reached. This is how it was at %s."), time);

  mm_pane_set_notice (follower->pane, text, _ ("_Try again"), "fleet.retry");
}

static void
update (Follower *follower)
{
  const GError *error = mm_fleet_table_get_error (follower->fleet);
  MmLiveState state = mm_live_feed_get_state (follower->feed);

  if (error == NULL && state == MM_LIVE_WAITING)
    error = mm_live_feed_get_error (follower->feed);
  if (!mm_fleet_table_is_loaded (follower->fleet))
    {
      if (state == MM_LIVE_WAITING || error != NULL)
        mm_pane_show_message (follower->pane, "network-offline-symbolic",
                              _ ("The server cannot be reached"),
                              error != NULL ? error->message : NULL, _ ("_Try again"),
                              "fleet.retry");
      else
        mm_pane_show_waiting (follower->pane);
      return;
    }
  /* While it is trying, what was said stays. */
  if (state == MM_LIVE_LIVE && error == NULL)
    mm_pane_set_notice (follower->pane, NULL, NULL, NULL);
  else if (state != MM_LIVE_CONNECTING)
    show_offline (follower);
  if (mm_fleet_table_get_size (follower->fleet) == 0)
    follower->empty (follower->pane);
  else
    mm_pane_show_content (follower->pane);
}

static void
on_changed (MmFleetTable *fleet, gpointer changes, Follower *follower)
{
  update (follower);
}

static void
on_notify (GObject *object, GParamSpec *pspec, Follower *follower)
{
  update (follower);
}

static void
on_pane_gone (gpointer user_data, GObject *pane)
{
  Follower *follower = user_data;

  g_signal_handlers_disconnect_by_data (follower->feed, follower);
  g_signal_handlers_disconnect_by_data (follower->fleet, follower);
  follower_free (follower);
}

void
mm_fleet_notice_follow (MmPane *pane, MmDesk *desk, void (*empty) (MmPane *pane))
{
  Follower *follower = g_new0 (Follower, 1);

  follower->pane = pane;
  follower->desk = desk;
  follower->feed = g_object_ref (mm_desk_get_feed (desk));
  follower->fleet = g_object_ref (mm_desk_get_fleet (desk));
  follower->empty = empty;
  g_object_weak_ref (G_OBJECT (pane), on_pane_gone, follower);
  g_signal_connect (follower->feed, "notify::state", G_CALLBACK (on_notify), follower);
  g_signal_connect (follower->fleet, "notify::loaded", G_CALLBACK (on_notify), follower);
  g_signal_connect (follower->fleet, "notify::error", G_CALLBACK (on_notify), follower);
  g_signal_connect (follower->fleet, "changed", G_CALLBACK (on_changed), follower);
  update (follower);
}
