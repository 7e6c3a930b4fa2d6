#include "mm-alert-news.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

typedef struct
{
  MmAlertNews *news;
  GHashTable *shown; /* ID → title */
  guint n_shown;
  char *body; /* of the last */
  gboolean was_urgent;
} Fixture;

static void
on_show (MmAlertNews *news, MmAlertNotice *notice, Fixture *f)
{
  g_hash_table_insert (f->shown, g_strdup (notice->id), g_strdup (notice->title));
  f->n_shown++;
  g_free (f->body);
  f->body = g_strdup (notice->body);
  f->was_urgent = notice->is_urgent;
  g_assert_cmpint (notice->gateway != NULL, ==, notice->alert != NULL);
}

static void
on_withdraw (MmAlertNews *news, const char *id, Fixture *f)
{
  g_assert_true (g_hash_table_remove (f->shown, id));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->news = mm_alert_news_new ();
  f->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_signal_connect (f->news, "show", G_CALLBACK (on_show), f);
  g_signal_connect (f->news, "withdraw", G_CALLBACK (on_withdraw), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->news);
  g_hash_table_unref (f->shown);
  g_free (f->body);
}

static JsonObject *
alert (guint number, const char *kind, const char *severity, const char *state)
{
  JsonObject *object = json_object_new ();
  g_autofree char *id = g_strdup_printf ("a%u", number);
  g_autofree char *gateway = g_strdup_printf ("GW-%u", number);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "gateway", gateway);
  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "severity", severity);
  json_object_set_string_member (object, "state", state);
  json_object_set_string_member (object, "meaning", "Ground fault");
  json_object_set_string_member (object, "customer", "Hanako");
  json_object_set_string_member (object, "municipality", "Nagano");
  json_object_set_string_member (object, "first_step", "Switch off.");
  return object;
}

static void
take (Fixture *f, guint number, const char *kind, const char *severity, const char *state)
{
  g_autoptr (JsonObject) object = alert (number, kind, severity, state);

  mm_alert_news_take (f->news, object);
}

static const char *
title (Fixture *f, const char *id)
{
  return g_hash_table_lookup (f->shown, id);
}

static void
test_one (Fixture *f, gconstpointer data)
{
  take (f, 1, "fault", "major", "open");
  g_assert_cmpuint (f->n_shown, ==, 0);
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpstr (title (f, "a1"), ==, "Fault: Ground fault");
  g_assert_cmpstr (f->body, ==, "GW-1 · Hanako · Nagano\nSwitch off.");
  g_assert_true (f->was_urgent);

  /* It repeats: nothing new. */
  take (f, 1, "fault", "major", "open");
  mm_alert_news_settle (f->news, SECOND);
  g_assert_cmpuint (f->n_shown, ==, 1);

  take (f, 1, "fault", "major", "recovered");
  mm_alert_news_settle (f->news, 2 * SECOND);
  g_assert_null (title (f, "a1"));
  take (f, 1, "fault", "major", "recovered");
  mm_alert_news_settle (f->news, 3 * SECOND);
}

static void
test_acknowledged (Fixture *f, gconstpointer data)
{
  take (f, 1, "offline", "none", "open");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpstr (title (f, "a1"), ==, "No contact");
  g_assert_false (f->was_urgent);
  take (f, 1, "offline", "none", "acknowledged");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 0);
}

/* What was open before, what is over or known to somebody already, and what is none to worry. */
static void
test_silent (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) before = alert (1, "fault", "critical", "open");

  mm_alert_news_know (f->news, before);
  take (f, 1, "fault", "critical", "open");
  take (f, 2, "fault", "info", "open");
  take (f, 3, "fault", "major", "acknowledged");
  take (f, 4, "fault", "major", "recovered");
  take (f, 5, "fault", "major", "open");
  take (f, 5, "fault", "major", "recovered");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpuint (f->n_shown, ==, 0);
  take (f, 6, "fault", "warning", "open");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpstr (title (f, "a6"), ==, "Warning: Ground fault");
}

static void
test_several (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    take (f, i, "offline", "none", "open");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 5);

  /* The sixth within ten seconds makes one of them all, and an alert of another kind is not one of
   * them. */
  take (f, 5, "offline", "none", "open");
  take (f, 100, "fault", "major", "open");
  mm_alert_news_settle (f->news, 9 * SECOND);
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 2);
  g_assert_cmpstr (title (f, "alerts-offline"), ==, "6 gateways lost contact");
  g_assert_nonnull (title (f, "a100"));

  for (guint i = 6; i < 12; i++)
    take (f, i, "offline", "none", "open");
  mm_alert_news_settle (f->news, 18 * SECOND);
  g_assert_cmpstr (title (f, "alerts-offline"), ==, "12 gateways lost contact");
  g_assert_cmpstr (f->body, ==, "GW-0, GW-1, GW-10, …");

  /* Later ones are told one by one again. */
  take (f, 12, "offline", "none", "open");
  mm_alert_news_settle (f->news, 60 * SECOND);
  g_assert_cmpstr (title (f, "alerts-offline"), ==, "12 gateways lost contact");
  g_assert_nonnull (title (f, "a12"));

  /* It goes with the last of them. */
  for (guint i = 0; i < 11; i++)
    take (f, i, "offline", "none", "recovered");
  mm_alert_news_settle (f->news, 70 * SECOND);
  g_assert_nonnull (title (f, "alerts-offline"));
  take (f, 11, "offline", "none", "acknowledged");
  mm_alert_news_settle (f->news, 71 * SECOND);
  g_assert_null (title (f, "alerts-offline"));
}

static void
test_storm (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    take (f, i, "fault", "major", "open");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpuint (f->n_shown, ==, 1);
  g_assert_cmpstr (title (f, "alerts-fault"), ==, "500 new alerts");
}

static void
test_slow (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      take (f, i, "fault", "major", "open");
      mm_alert_news_settle (f->news, i * 5 * SECOND);
    }
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 20);
  mm_alert_news_clear (f->news);
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 0);
  take (f, 0, "fault", "major", "open");
  mm_alert_news_settle (f->news, 0);
  g_assert_cmpuint (g_hash_table_size (f->shown), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/alert-news/one", Fixture, NULL, set_up, test_one, tear_down);
  g_test_add ("/alert-news/acknowledged", Fixture, NULL, set_up, test_acknowledged, tear_down);
  g_test_add ("/alert-news/silent", Fixture, NULL, set_up, test_silent, tear_down);
  g_test_add ("/alert-news/several", Fixture, NULL, set_up, test_several, tear_down);
  g_test_add ("/alert-news/storm", Fixture, NULL, set_up, test_storm, tear_down);
  g_test_add ("/alert-news/slow", Fixture, NULL, set_up, test_slow, tear_down);
  return g_test_run ();
}
