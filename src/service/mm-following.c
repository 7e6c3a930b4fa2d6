#include "mm-following.h"

#include "mm-alerts.h"
#include "mm-feed.h"
#include "mm-fleet.h"
#include "mm-store-sessions.h"

#include <string.h>

#define REFRESH_PERIOD (30 * MM_SECOND)
#define RECOVERED_SHOWN MM_HOUR

/* Changes looked up at once: what an app misses while it does not read waits in the feed's ring,
 * not in its own memory. */
#define AT_ONCE 1000

struct _MmFollower
{
  MmContext *context;
  gint64 dealer;
  char *session;
  guint64 revision;    /* seen so far */
  gboolean is_lost;    /* the cursor was of another start, or too old */
  GHashTable *visible; /* row of a gateway → its ID; NULL before the first look */
  gint64 refresh_due;  /* by the steady clock */
  gint64 looked;       /* the last time, or before any change behind the first cursor */
};

MmFollower *
mm_follower_new (MmContext *context, const MmPrincipal *principal, const char *cursor)
{
  MmFollower *follower = g_new0 (MmFollower, 1);

  follower->context = context;
  follower->dealer = principal->account;
  follower->session = g_strdup (principal->session);
  follower->revision = mm_feed_revision (context->feed);
  follower->refresh_due = G_MININT64;
  follower->looked = mm_clock_now (context->clock);
  if (cursor != NULL)
    {
      follower->is_lost = !mm_fleet_changes_revision (context, cursor, &follower->revision);
      follower->looked = context->started;
    }
  return follower;
}

void
mm_follower_free (MmFollower *follower)
{
  if (follower == NULL)
    return;
  g_clear_pointer (&follower->visible, g_hash_table_unref);
  g_free (follower->session);
  g_free (follower);
}

void
mm_news_free (MmNews *news)
{
  if (news == NULL)
    return;
  g_ptr_array_unref (news->rows);
  g_ptr_array_unref (news->removed);
  g_ptr_array_unref (news->alerts);
  g_free (news->changes);
  g_free (news);
}

gint64
mm_follower_due (const MmFollower *follower)
{
  return follower->refresh_due;
}

char *
mm_follower_cursor (const MmFollower *follower)
{
  return mm_fleet_changes_cursor (follower->context, follower->revision);
}

/* ---- the session ---- */

static gboolean
is_signed_in (MmFollower *follower, MmDatabase *db, gint64 now, gboolean *is_in, GError **error)
{
  g_autoptr (GPtrArray) sessions = NULL;

  *is_in = FALSE;
  if (!mm_store_sessions_list (db, follower->dealer, now, &sessions, error))
    return FALSE;
  for (guint i = 0; i < sessions->len; i++)
    *is_in |= g_strcmp0 (((MmSessionRow *) sessions->pdata[i])->public_id, follower->session) == 0;
  return TRUE;
}

/* ---- which gateways ---- */

typedef struct
{
  GHashTable *visible;
  gint64 now;
  gint64 due;
} Refreshing;

static void
take_link (const MmLinkFacts *link, const char *public_id, gpointer data)
{
  Refreshing *refreshing = data;
  MmAccess access;

  if (!mm_access_by_link (link, refreshing->now, &access))
    return;
  g_hash_table_insert (refreshing->visible, g_memdup2 (&link->gateway, sizeof link->gateway),
                       g_strdup (public_id));
  if (link->until != MM_TIME_NONE)
    refreshing->due = MIN (refreshing->due, link->until);
}

/* @rows, @alerts: gateways to look up (gint64 by value in the changes or in the visible set) */
typedef struct
{
  GHashTable *rows;
  GHashTable *alerts;
} Wanted;

static void
want_all (Wanted *wanted, gpointer gateway)
{
  g_hash_table_add (wanted->rows, gateway);
  g_hash_table_add (wanted->alerts, gateway);
}

/* Reads the set anew; those that are gone are removed, those that are new are wanted. */
static gboolean
refresh (
    MmFollower *follower, MmDatabase *db, gint64 now, Wanted *wanted, MmNews *news, GError **error)
{
  Refreshing refreshing = { .now = now, .due = now + REFRESH_PERIOD };
  GHashTable *before = follower->visible;
  GHashTableIter iter;
  gpointer gateway, id;

  refreshing.visible = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  if (!mm_store_fleet_links (db, follower->dealer, take_link, &refreshing, error))
    {
      g_hash_table_unref (refreshing.visible);
      return FALSE;
    }
  if (before != NULL)
    {
      g_hash_table_iter_init (&iter, before);
      while (g_hash_table_iter_next (&iter, &gateway, &id))
        if (!g_hash_table_contains (refreshing.visible, gateway))
          g_ptr_array_add (news->removed, g_strdup (id));
      g_hash_table_iter_init (&iter, refreshing.visible);
      while (g_hash_table_iter_next (&iter, &gateway, NULL))
        if (!g_hash_table_contains (before, gateway))
          want_all (wanted, gateway);
      g_hash_table_unref (before);
    }
  follower->visible = refreshing.visible;
  follower->refresh_due = mm_clock_steady (follower->context->clock) + (refreshing.due - now);
  return TRUE;
}

/* ---- what changed ---- */

/* On the first call with a cursor: a gateway that went while the app was away. */
static gboolean
add_removed (MmFollower *follower, MmDatabase *db, gint64 gateway, MmNews *news, GError **error)
{
  char *id;

  if (g_hash_table_contains (follower->visible, &gateway))
    return TRUE;
  if (!mm_store_fleet_known_id (db, follower->dealer, gateway, &id, error))
    return FALSE;
  for (guint i = 0; id != NULL && i < news->removed->len; i++)
    if (strcmp (id, news->removed->pdata[i]) == 0)
      g_clear_pointer (&id, g_free);
  if (id != NULL)
    g_ptr_array_add (news->removed, id);
  return TRUE;
}

static gboolean
sort_out (MmFollower *follower,
          MmDatabase *db,
          const GArray *changes,
          Wanted *wanted,
          MmNews *news,
          GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const MmChange *change = &g_array_index (changes, MmChange, i);
      gboolean visible = g_hash_table_contains (follower->visible, &change->gateway);

      if (change->kind == MM_CHANGE_LINK && change->account == follower->dealer
          && !add_removed (follower, db, change->gateway, news, error))
        return FALSE;
      if (!visible)
        continue;
      if (change->kind == MM_CHANGE_GATEWAY)
        g_hash_table_add (wanted->rows, (gpointer) &change->gateway);
      if (change->kind == MM_CHANGE_LINK && change->account == follower->dealer)
        want_all (wanted, (gpointer) &change->gateway);
      if (change->kind == MM_CHANGE_ALERT
          && (change->account == 0 || change->account == follower->dealer))
        g_hash_table_add (wanted->alerts, (gpointer) &change->gateway);
    }
  return TRUE;
}

static gboolean
look_up (MmFollower *follower,
         MmDatabase *db,
         gint64 now,
         const Wanted *wanted,
         MmNews *news,
         GError **error)
{
  GHashTableIter iter;
  gpointer gateway;

  g_hash_table_iter_init (&iter, wanted->rows);
  while (g_hash_table_iter_next (&iter, &gateway, NULL))
    {
      MmFleetRow *row;

      if (!mm_fleet_find (follower->context, db, follower->dealer, *(gint64 *) gateway, now, &row,
                          error))
        return FALSE;
      if (row != NULL)
        g_ptr_array_add (news->rows, row);
    }
  g_hash_table_iter_init (&iter, wanted->alerts);
  while (g_hash_table_iter_next (&iter, &gateway, NULL))
    {
      GPtrArray *alerts = mm_alerts_of (db, follower->dealer, *(gint64 *) gateway,
                                        MIN (follower->looked, now) - RECOVERED_SHOWN, now, error);

      if (alerts == NULL)
        return FALSE;
      g_ptr_array_extend_and_steal (news->alerts, alerts);
    }
  return TRUE;
}

/* Whether a change in @changes is of @kind and concerns the dealer's account. */
static gboolean
has_own (const MmFollower *follower, const GArray *changes, MmChangeKind kind)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const MmChange *change = &g_array_index (changes, MmChange, i);

      if (change->kind == kind && change->account == follower->dealer)
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_news (
    MmFollower *follower, MmDatabase *db, gint64 now, GArray *changes, MmNews *news, GError **error)
{
  g_autoptr (GHashTable) rows = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GHashTable) alerts = g_hash_table_new (g_int64_hash, g_int64_equal);
  Wanted wanted = { rows, alerts };
  gboolean stale
      = news->reset || mm_clock_steady (follower->context->clock) >= follower->refresh_due;
  gboolean is_in = TRUE;

  if ((stale || has_own (follower, changes, MM_CHANGE_SESSIONS))
      && !is_signed_in (follower, db, now, &is_in, error))
    return FALSE;
  news->over = !is_in;
  if (news->over)
    return TRUE;
  if ((stale || has_own (follower, changes, MM_CHANGE_LINK))
      && !refresh (follower, db, now, &wanted, news, error))
    return FALSE;
  /* The rest another time; a session or a link that ended has been seen to above all the same. */
  news->more = changes->len > AT_ONCE;
  if (news->more)
    g_array_set_size (changes, AT_ONCE);
  return sort_out (follower, db, changes, &wanted, news, error)
         && look_up (follower, db, now, &wanted, news, error);
}

MmNews *
mm_follower_next (MmFollower *follower, GError **error)
{
  MmContext *context = follower->context;
  g_autoptr (MmNews) news = g_new0 (MmNews, 1);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmChange));
  guint64 newest = mm_feed_revision (context->feed);
  gint64 now = mm_clock_now (context->clock);
  MmDatabase *db;
  gboolean read;

  news->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_fleet_row_free);
  news->removed = g_ptr_array_new_with_free_func (g_free);
  news->alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_alert_row_free);
  news->reset = follower->is_lost || !mm_feed_since (context->feed, follower->revision, changes);
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  read = read_news (follower, db, now, changes, news, error);
  mm_readers_give (context->readers, db);
  if (!read)
    return NULL;
  if (changes->len > 0)
    newest = g_array_index (changes, MmChange, changes->len - 1).revision;
  follower->is_lost = FALSE;
  follower->revision = newest;
  if (!news->more)
    follower->looked = now;
  news->changes = mm_fleet_changes_cursor (context, newest);
  return g_steal_pointer (&news);
}
