/* The ring of changes, and who is woken. */
#include "mm-feed.h"

typedef struct
{
  MmFeed *feed;
  guint woken;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->feed = mm_feed_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mm_feed_free (f->feed);
}

static GArray *
since (Fixture *f, guint64 revision)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmChange));

  return mm_feed_since (f->feed, revision, changes) ? g_steal_pointer (&changes) : NULL;
}

static const MmChange *
at (GArray *changes, guint i)
{
  return &g_array_index (changes, MmChange, i);
}

static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) none = since (f, 0);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (mm_feed_revision (f->feed), ==, 0);
  /* Of another start. */
  g_assert_null (since (f, 1));
  g_assert_null (since (f, G_MAXUINT64));
}

static void
test_order_and_last_of_each (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) later = NULL;

  mm_feed_gateway_changed (f->feed, 7);
  mm_feed_alerts_changed (f->feed, 7);
  mm_feed_gateway_changed (f->feed, 8);
  mm_feed_link_changed (f->feed, 3, 7);
  mm_feed_link_changed (f->feed, 4, 7);
  mm_feed_gateway_changed (f->feed, 7);
  mm_feed_sessions_ended (f->feed, 3);

  all = since (f, 0);
  g_assert_cmpuint (all->len, ==, 6);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (at (all, i)->revision, ==, i + 2); /* the first was overtaken */
  g_assert_cmpint (at (all, 0)->kind, ==, MM_CHANGE_ALERT);
  g_assert_cmpint (at (all, 2)->account, ==, 3);
  g_assert_cmpint (at (all, 4)->gateway, ==, 7);
  g_assert_cmpint (at (all, 5)->kind, ==, MM_CHANGE_SESSIONS);

  later = since (f, 6);
  g_assert_cmpuint (later->len, ==, 1);
  g_assert_cmpuint (at (later, 0)->revision, ==, 7);
}

/* Appends to what is there. */
static void
test_appends (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmChange));
  MmChange first = { .revision = 99 };

  g_array_append_val (changes, first);
  mm_feed_gateway_changed (f->feed, 1);
  mm_feed_gateway_changed (f->feed, 2);
  g_assert_true (mm_feed_since (f->feed, 0, changes));
  g_assert_cmpuint (changes->len, ==, 3);
  g_assert_cmpuint (at (changes, 0)->revision, ==, 99);
  g_assert_cmpint (at (changes, 1)->gateway, ==, 1);
  g_assert_cmpint (at (changes, 2)->gateway, ==, 2);
}

/* Who is too far behind starts anew. */
static void
test_ring (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) reachable = NULL;
  guint64 newest;

  for (int i = 0; i < 70000; i++)
    mm_feed_gateway_changed (f->feed, i);
  newest = mm_feed_revision (f->feed);
  g_assert_cmpuint (newest, ==, 70000);
  g_assert_null (since (f, 0));
  g_assert_null (since (f, newest - 65536));
  reachable = since (f, newest - 65535);
  g_assert_cmpuint (reachable->len, ==, 65535);
  g_assert_cmpint (at (reachable, 0)->gateway, ==, 70000 - 65535);
  g_assert_cmpint (at (reachable, 65534)->gateway, ==, 69999);
}

static void
wake (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_woken_once (Fixture *f, gconstpointer data)
{
  MmSubscriber *one = mm_feed_subscribe (f->feed, wake, &f->woken);
  guint other_woken = 0;
  MmSubscriber *other = mm_feed_subscribe (f->feed, wake, &other_woken);

  mm_feed_gateway_changed (f->feed, 1);
  mm_feed_gateway_changed (f->feed, 2);
  g_assert_cmpuint (f->woken, ==, 1);
  g_assert_cmpuint (other_woken, ==, 1);
  mm_feed_rearm (f->feed, one);
  mm_feed_gateway_changed (f->feed, 3);
  g_assert_cmpuint (f->woken, ==, 2);
  g_assert_cmpuint (other_woken, ==, 1);
  mm_feed_unsubscribe (f->feed, one);
  mm_feed_rearm (f->feed, other);
  mm_feed_gateway_changed (f->feed, 4);
  g_assert_cmpuint (f->woken, ==, 2);
  g_assert_cmpuint (other_woken, ==, 2);
  mm_feed_unsubscribe (f->feed, other);
}

static gpointer
change_many (gpointer data)
{
  for (int i = 0; i < 5000; i++)
    mm_feed_gateway_changed (data, i);
  return NULL;
}

static void
test_threads (Fixture *f, gconstpointer data)
{
  GThread *threads[4];

  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new (NULL, change_many, f->feed);
  for (int i = 0; i < 100; i++)
    {
      MmSubscriber *subscriber = mm_feed_subscribe (f->feed, wake, &f->woken);
      g_autoptr (GArray) some = since (f, mm_feed_revision (f->feed));

      g_assert_nonnull (some);
      mm_feed_unsubscribe (f->feed, subscriber);
    }
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (mm_feed_revision (f->feed), ==, 20000);
}

static void
test_epoch (Fixture *f, gconstpointer data)
{
  g_autoptr (MmFeed) other = mm_feed_new ();

  g_assert_cmpstr (mm_feed_epoch (f->feed), !=, mm_feed_epoch (other));
}

#define ADD(name, function) g_test_add ("/feed/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing", test_nothing);
  ADD ("order-and-last-of-each", test_order_and_last_of_each);
  ADD ("appends", test_appends);
  ADD ("ring", test_ring);
  ADD ("woken-once", test_woken_once);
  ADD ("threads", test_threads);
  ADD ("epoch", test_epoch);
  return g_test_run ();
}
