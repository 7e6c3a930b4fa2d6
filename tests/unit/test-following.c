/* What an open app is told: what changed while it was away, and never too much at once. */
#include "mm-alerts.h"
#include "mm-feed.h"
#include "mm-fleet.h"
#include "mm-following.h"
#include "mm-link.h"
#include "test-engine.h"

#define MANY 1500

typedef struct
{
  Engine engine;
  gint64 gateway;
  gint64 dealer;
  MmPrincipal principal;
} Fixture;

static gboolean
add_dealer (MmDatabase *db, gpointer data, GError **error)
{
  gint64 *dealer = data;
  g_autofree char *sql = NULL;

  *dealer = houses_account (db, "dealer", "Omuro", "0261234567");
  sql = g_strdup_printf (
      "INSERT INTO link (public_id, gateway, dealer, grants, since) VALUES ('l', 1, %d, %d, 0);"
      "INSERT INTO session (hash, public_id, account, kind, created, last_seen, expires, agent,"
      " address) VALUES (x'00', 's', %d, 'app', 0, 0, %" G_GINT64_FORMAT ", '', '')",
      (int) *dealer, MM_GRANTS_ALL, (int) *dealer, G_MAXINT64);
  return mm_database_exec (db, sql, error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  engine_set_up (&f->engine, NULL);
  f->gateway = engine_add_gateway (&f->engine, "GW-1");
  mm_writer_run (f->engine.context->writer, add_dealer, &f->dealer, &error);
  g_assert_no_error (error);
  f->principal
      = (MmPrincipal){ .kind = MM_PRINCIPAL_DEALER, .account = f->dealer, .session = (char *) "s" };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  engine_tear_down (&f->engine, NULL);
}

static void
event (Fixture *f, MmEventState state)
{
  MmBatch *batch = mm_batch_new ();
  gint64 now = mm_clock_now (f->engine.clock);
  g_auto (EngineAnswer) answer = { 0 };

  engine_add_event (batch, "pcs1", "102", state, now);
  answer = engine_push (&f->engine, f->gateway, batch, now);
  g_assert_cmpstr (answer.error, ==, NULL);
}

static MmNews *
next (MmFollower *follower)
{
  g_autoptr (GError) error = NULL;
  MmNews *news = mm_follower_next (follower, &error);

  g_assert_no_error (error);
  return news;
}

/* The app slept for the night; the fault it shows as open is gone since the evening. */
static void
test_recovered_while_away (Fixture *f, gconstpointer data)
{
  g_autoptr (MmFollower) before = mm_follower_new (f->engine.context, &f->principal, NULL);
  g_autoptr (MmFollower) after = NULL;
  g_autoptr (MmNews) shown = NULL;
  g_autoptr (MmNews) news = NULL;

  event (f, MM_EVENT_RAISED);
  shown = next (before);
  g_assert_cmpuint (shown->alerts->len, ==, 1);

  mm_clock_advance (f->engine.clock, MM_MINUTE);
  event (f, MM_EVENT_CLEARED);
  mm_clock_advance (f->engine.clock, 8 * MM_HOUR);
  after = mm_follower_new (f->engine.context, &f->principal, shown->changes);
  news = next (after);
  g_assert_false (news->reset);
  g_assert_cmpuint (news->alerts->len, ==, 1);
  g_assert_cmpint (((MmAlertRow *) news->alerts->pdata[0])->recovered, !=, MM_TIME_NONE);

  /* But not again for ever. */
  mm_feed_alerts_changed (f->engine.context->feed, f->gateway);
  g_clear_pointer (&news, mm_news_free);
  news = next (after);
  g_assert_cmpuint (news->alerts->len, ==, 0);
}

/* A link brings what is wrong at the site along. */
static void
test_new_link_brings_alerts (Fixture *f, gconstpointer data)
{
  g_autoptr (MmFollower) follower = NULL;
  g_autoptr (MmNews) nothing = NULL;
  g_autoptr (MmNews) news = NULL;

  event (f, MM_EVENT_RAISED);
  engine_exec (&f->engine, "UPDATE link SET ended = 1, ended_by = 'dealer'");
  follower = mm_follower_new (f->engine.context, &f->principal, NULL);
  nothing = next (follower);
  g_assert_cmpuint (nothing->rows->len + nothing->alerts->len, ==, 0);

  engine_exec (&f->engine, "UPDATE link SET ended = NULL, ended_by = NULL");
  mm_feed_link_changed (f->engine.context->feed, f->dealer, f->gateway);
  news = next (follower);
  g_assert_cmpuint (news->rows->len, ==, 1);
  g_assert_cmpuint (news->alerts->len, ==, 1);
}

/* Much at once comes in parts, all of it; the end of the session comes first. */
static void
test_much_comes_in_parts (Fixture *f, gconstpointer data)
{
  g_autoptr (MmFollower) follower = mm_follower_new (f->engine.context, &f->principal, NULL);
  MmFeed *feed = f->engine.context->feed;
  g_autoptr (MmNews) first = NULL;
  g_autoptr (MmNews) second = NULL;
  g_autoptr (MmNews) last = NULL;

  for (gint64 i = 0; i < MANY; i++)
    mm_feed_gateway_changed (feed, 1000 + i);
  mm_feed_gateway_changed (feed, f->gateway);
  first = next (follower);
  g_assert_true (first->more);
  g_assert_cmpuint (first->rows->len, ==, 0);
  second = next (follower);
  g_assert_false (second->more);
  g_assert_cmpuint (second->rows->len, ==, 1);

  for (gint64 i = 0; i < MANY; i++)
    mm_feed_gateway_changed (feed, 1000 + i);
  engine_exec (&f->engine, "DELETE FROM session");
  mm_feed_sessions_ended (feed, f->dealer);
  last = next (follower);
  g_assert_true (last->over);
}

/* Whoever sets the clock back does not make a session last longer on an open stream. */
static void
test_session_ends_by_a_clock_set_back (Fixture *f, gconstpointer data)
{
  g_autoptr (MmFollower) follower = mm_follower_new (f->engine.context, &f->principal, NULL);
  g_autoptr (MmNews) first = next (follower);
  g_autoptr (MmNews) second = NULL;

  g_assert_false (first->over);
  engine_exec (&f->engine, "DELETE FROM session");
  mm_clock_set (f->engine.clock, -MM_DAY);
  mm_clock_advance (f->engine.clock, MM_MINUTE);
  g_assert_cmpint (mm_follower_due (follower), <=, mm_clock_steady (f->engine.clock));
  second = next (follower);
  g_assert_true (second->over);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/following/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("recovered-while-away", test_recovered_while_away);
  ADD ("new-link-brings-alerts", test_new_link_brings_alerts);
  ADD ("session-ends-by-a-clock-set-back", test_session_ends_by_a_clock_set_back);
  ADD ("much-comes-in-parts", test_much_comes_in_parts);
  return g_test_run ();
}
