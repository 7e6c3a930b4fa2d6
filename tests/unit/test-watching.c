/* Events become alerts and mails; silence becomes an alert; contact ends it. */
#include "test-engine.h"

#include "mm-customers.h"
#include "mm-feed.h"
#include "mm-link.h"
#include "mm-status.h"
#include "test-warnings.h"

#define FAULT "102" /* of Fronius in the catalogue: minor */

typedef struct
{
  Engine engine;
  gint64 gateway;
} Fixture;

static gboolean
add_dealer (MmDatabase *db, gpointer data, GError **error)
{
  gint64 dealer = houses_account (db, "dealer", "Omuro", "0261234567");
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO link (public_id, gateway, dealer, grants, since) VALUES ('l', 1, %d, %d, 0);"
      "INSERT INTO contact (public_id, account, position, mail, language, created, confirmed)"
      " VALUES ('a', %d, 1, 'ja@dealer.example', 'ja', 0, 1),"
      " ('b', %d, 2, 'en@dealer.example', 'en', 0, NULL)",
      (int) dealer, MM_GRANT_TOLD, (int) dealer, (int) dealer);

  return mm_database_exec (db, sql, error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  engine_set_up (&f->engine, NULL);
  f->gateway = engine_add_gateway (&f->engine, "GW-1");
  mm_writer_run (f->engine.context->writer, add_dealer, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  engine_tear_down (&f->engine, NULL);
}

static gint64
now (Fixture *f)
{
  return mm_clock_now (f->engine.clock);
}

static EngineAnswer
push_event (Fixture *f, const char *code, MmEventState state, gint64 time)
{
  MmBatch *batch = mm_batch_new ();

  engine_add_event (batch, "pcs1", code, state, time);
  return engine_push (&f->engine, f->gateway, batch, now (f));
}

static void
event (Fixture *f, const char *code, MmEventState state, gint64 time)
{
  g_auto (EngineAnswer) answer = push_event (f, code, state, time);

  g_assert_cmpstr (answer.error, ==, NULL);
  g_assert_cmpuint (answer.n_refused, ==, 0);
}

static void
push_nothing (Fixture *f)
{
  g_auto (EngineAnswer) answer = engine_push (&f->engine, f->gateway, mm_batch_new (), now (f));

  g_assert_cmpstr (answer.error, ==, NULL);
}

static void
say_maker (Fixture *f, const char *maker)
{
  MmBatch *batch = mm_batch_new ();
  MmDevice device = { .device = g_strdup ("pcs1"), .maker = g_strdup (maker) };

  g_array_append_val (batch->devices, device);
  {
    g_auto (EngineAnswer) answer = engine_push (&f->engine, f->gateway, batch, now (f));
    g_assert_cmpstr (answer.error, ==, NULL);
  }
}

static void
look (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  mm_watching_look (f->engine.context, &error);
  g_assert_no_error (error);
}

static const MmLiveGateway *
live (Fixture *f)
{
  return mm_live_get (f->engine.context->live, f->gateway);
}

static gint64
count (Fixture *f, const char *what)
{
  g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", what, NULL);

  return engine_int (&f->engine, sql);
}

/* Raised, repeated, cleared, with the mails of each, once. */
static void
test_fault_from_raise_to_clear (Fixture *f, gconstpointer data)
{
  gint64 time = now (f) - MM_SECOND;

  say_maker (f, "Fronius");
  event (f, FAULT, MM_EVENT_RAISED, time);
  g_assert_cmpint (count (f, "alert WHERE recovered IS NULL AND count = 1"), ==, 1);
  g_assert_cmpint (engine_int (&f->engine, "SELECT opened FROM alert"), ==, time);
  g_assert_cmpuint (live (f)->n_open, ==, 1);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_WARNING);
  g_assert_cmpint (count (f, "outbox WHERE letter = 'fault-raised' AND alert = 1"), ==, 2);
  g_assert_cmpint (count (f, "outbox WHERE language = 'ja' AND subject LIKE '%電圧%'"), ==, 1);

  /* The same again changes nothing; a newer one counts. */
  event (f, FAULT, MM_EVENT_RAISED, time);
  g_assert_cmpint (engine_int (&f->engine, "SELECT count FROM alert"), ==, 1);
  event (f, FAULT, MM_EVENT_RAISED, time + 1);
  g_assert_cmpint (engine_int (&f->engine, "SELECT count FROM alert"), ==, 2);
  g_assert_cmpint (count (f, "outbox"), ==, 2);

  event (f, FAULT, MM_EVENT_CLEARED, time + 2);
  g_assert_cmpint (count (f, "alert WHERE recovered IS NULL"), ==, 0);
  g_assert_cmpint (engine_int (&f->engine, "SELECT recovered FROM alert"), ==, time + 2);
  g_assert_cmpuint (live (f)->n_open, ==, 0);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NORMAL);
  g_assert_cmpint (count (f, "outbox WHERE letter = 'fault-recovered'"), ==, 2);
  g_assert_cmpint (count (f, "event"), ==, 3);

  event (f, FAULT, MM_EVENT_RAISED, time + 3);
  g_assert_cmpint (count (f, "alert"), ==, 2);
  g_assert_cmpint (count (f, "outbox"), ==, 6);
}

/* One push: the device first, although its event comes with it, then the events in their order. */
static void
test_raise_and_clear_in_one_push (Fixture *f, gconstpointer data)
{
  MmBatch *batch = mm_batch_new ();
  MmDevice device = { .device = g_strdup ("pcs1"), .maker = g_strdup ("Fronius") };
  gint64 time = now (f);

  engine_add_event (batch, "pcs1", FAULT, MM_EVENT_RAISED, time - 2);
  engine_add_event (batch, "pcs1", FAULT, MM_EVENT_CLEARED, time - 1);
  engine_add_event (batch, "pcs1", "107", MM_EVENT_RAISED, time);
  g_array_append_val (batch->devices, device);
  {
    g_auto (EngineAnswer) answer = engine_push (&f->engine, f->gateway, batch, time);
    g_assert_cmpstr (answer.error, ==, NULL);
  }
  g_assert_cmpint (count (f, "alert WHERE recovered IS NOT NULL"), ==, 1);
  g_assert_cmpint (count (f, "alert WHERE shows = 'islanded' AND recovered IS NULL"), ==, 1);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_ISLANDED);
}

static void
test_unknown_code (Fixture *f, gconstpointer data)
{
  event (f, "E-nobody-knows", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "alert WHERE code = 'E-nobody-knows'"), ==, 1);
  g_assert_cmpint (count (f, "outbox"), ==, 2);
}

/* Late raises open nothing; a late clear of what came after it closes nothing; the future is
 * refused. */
static void
test_late_and_ahead (Fixture *f, gconstpointer data)
{
  gint64 time = now (f);
  g_auto (EngineAnswer) ahead = push_event (f, FAULT, MM_EVENT_RAISED, time + MM_HOUR);

  g_assert_cmpuint (ahead.n_refused, ==, 1);
  g_assert_cmpstr (ahead.first_refusal, ==, "future");
  g_assert_cmpint (count (f, "event"), ==, 0);

  event (f, FAULT, MM_EVENT_RAISED, time - MM_DAY);
  g_assert_cmpint (count (f, "event WHERE late = 1"), ==, 1);
  g_assert_cmpint (count (f, "alert"), ==, 0);

  event (f, FAULT, MM_EVENT_RAISED, time);
  event (f, FAULT, MM_EVENT_CLEARED, time - MM_HOUR);
  g_assert_cmpint (count (f, "alert WHERE recovered IS NULL"), ==, 1);
  g_assert_cmpint (count (f, "event"), ==, 3);
}

/* A clear that overtook its raise. */
static void
test_clear_before_raise (Fixture *f, gconstpointer data)
{
  gint64 time = now (f);

  event (f, FAULT, MM_EVENT_CLEARED, time);
  event (f, FAULT, MM_EVENT_RAISED, time - MM_SECOND);
  g_assert_cmpint (count (f, "alert"), ==, 0);
  g_assert_cmpint (count (f, "event"), ==, 2);
}

static void
test_silence (Fixture *f, gconstpointer data)
{
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NEVER_SEEN);
  mm_clock_advance (f->engine.clock, MM_DAY);
  look (f);
  g_assert_cmpint (count (f, "alert"), ==, 0);

  push_nothing (f);
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NORMAL);
  mm_clock_advance (f->engine.clock, MM_HOUR);
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_OFFLINE);
  g_assert_true (live (f)->offline_alert);
  look (f);
  g_assert_cmpint (count (f, "alert WHERE kind = 'offline' AND recovered IS NULL"), ==, 1);
  g_assert_cmpint (engine_int (&f->engine, "SELECT opened FROM alert"), <=,
                   now (f) - MM_HOUR + MM_SECOND);

  push_nothing (f);
  g_assert_cmpint (count (f, "alert WHERE recovered IS NULL"), ==, 0);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NORMAL);
  g_assert_false (live (f)->offline_alert);

  /* And once more. */
  mm_clock_advance (f->engine.clock, MM_HOUR);
  look (f);
  g_assert_cmpint (count (f, "alert"), ==, 2);
}

/* While we were away nobody could reach us. */
static void
test_our_restart (Fixture *f, gconstpointer data)
{
  push_nothing (f);
  g_clear_pointer (&f->engine.context, mm_context_free);
  mm_clock_advance (f->engine.clock, MM_DAY);
  engine_start (&f->engine);
  look (f);
  g_assert_cmpint (count (f, "alert"), ==, 0);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NORMAL);

  /* Who stays away now is missed. */
  mm_clock_advance (f->engine.clock, MM_HOUR);
  look (f);
  g_assert_cmpint (count (f, "alert WHERE kind = 'offline'"), ==, 1);

  /* And an open alert survives the next restart. */
  g_clear_pointer (&f->engine.context, mm_context_free);
  engine_start (&f->engine);
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_OFFLINE);
  g_assert_cmpint (count (f, "alert"), ==, 1);
}

/* A clock that is set, or a computer that slept, makes nobody absent; who stays away then is. */
static void
test_clock_is_set (Fixture *f, gconstpointer data)
{
  static const gint64 jumps[] = { MM_DAY, -2 * MM_DAY, 400 * MM_DAY, -300 * MM_DAY };

  push_nothing (f);
  look (f);
  for (gsize i = 0; i < G_N_ELEMENTS (jumps); i++)
    {
      mm_clock_set (f->engine.clock, jumps[i]);
      look (f);
      look (f);
      g_assert_cmpint (live (f)->status, ==, MM_STATUS_NORMAL);
      g_assert_cmpint (live (f)->last_contact, <=, now (f));
      g_assert_cmpint (count (f, "alert"), ==, 0);
    }
  mm_clock_advance (f->engine.clock, MM_HOUR);
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_OFFLINE);
  g_assert_cmpint (count (f, "alert WHERE kind = 'offline'"), ==, 1);
  g_assert_cmpint (engine_int (&f->engine, "SELECT opened FROM alert"), <=,
                   now (f) - MM_HOUR + MM_MINUTE);
}

/* A new owner does not learn when the gateway was last heard of at the earlier one's. */
static void
test_last_contact_of_an_earlier_owner (Fixture *f, gconstpointer data)
{
  MmGatewayRow row = { .row = f->gateway, .hidden_before = MM_TIME_NONE };
  gint64 contact;

  push_nothing (f);
  mm_customers_status (f->engine.context, &row, &contact);
  g_assert_cmpint (contact, ==, live (f)->last_contact);
  row.hidden_before = contact + 1;
  g_assert_cmpint (mm_customers_status (f->engine.context, &row, &contact), ==,
                   MM_STATUS_NEVER_SEEN);
  g_assert_cmpint (contact, ==, MM_TIME_NONE);
}

/* The clock was wrong when it was last heard of, and right at the next start. */
static void
test_contact_from_the_future (Fixture *f, gconstpointer data)
{
  mm_clock_set (f->engine.clock, 400 * MM_DAY);
  push_nothing (f);
  g_clear_pointer (&f->engine.context, mm_context_free);
  mm_clock_set (f->engine.clock, -400 * MM_DAY);
  engine_start (&f->engine);
  mm_clock_advance (f->engine.clock, MM_HOUR);
  look (f);
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_OFFLINE);
}

static gboolean
fail_after_change (MmDatabase *db, gpointer data, GError **error)
{
  Fixture *f = data;
  const MmLiveChange change = { .gateway = f->gateway, .received = now (f) };
  gint64 undone = houses_gateway (db, "GW-2", 0, NULL);

  mm_live_apply (f->engine.context->live, &change);
  g_assert_true (mm_live_refresh_gateway (f->engine.context->live, db, undone, now (f), error));
  g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED, "the disk is full");
  return FALSE;
}

static void
ignore (gpointer data, const GError *error)
{
  g_assert_nonnull (error);
}

/* Somebody may have looked before the transaction was undone: the feed says to look again. */
static void
test_undone_change_is_announced (Fixture *f, gconstpointer data)
{
  MmFeed *feed = f->engine.context->feed;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmChange));
  guint64 before = mm_feed_revision (feed);

  warnings_expect (1);
  g_assert_true (mm_writer_push (f->engine.context->writer, MM_LANE_PEOPLE, TRUE, fail_after_change,
                                 f, ignore, NULL));
  /* This one may be undone along with it. */
  mm_writer_run (f->engine.context->writer, engine_exec_job, (gpointer) "SELECT 1", NULL);
  engine_exec (&f->engine, "SELECT 1");
  warnings_came ();
  g_assert_cmpint (live (f)->status, ==, MM_STATUS_NEVER_SEEN);
  g_assert_true (mm_feed_since (feed, before, changes));
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpint (g_array_index (changes, MmChange, 0).gateway, ==, f->gateway);
}

/* Without the grant nobody is told; with no contact it is the dealer. */
static void
test_who_is_told (Fixture *f, gconstpointer data)
{
  engine_exec (&f->engine, "DELETE FROM contact");
  event (f, "1", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox WHERE recipient = 'omuro@dealer.example'"), ==, 1);
  engine_exec (&f->engine, "UPDATE link SET grants = 0");
  event (f, "2", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox"), ==, 1);
  engine_exec (&f->engine, "UPDATE link SET grants = 7, until = 1");
  event (f, "3", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox"), ==, 1);
  engine_exec (&f->engine, "UPDATE link SET until = NULL, ended = 5, ended_by = 'dealer'");
  event (f, "4", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox"), ==, 1);
  g_assert_cmpint (count (f, "alert"), ==, 4);
}

/* A contact at the dealer's own address gets one mail, not two. */
static void
test_one_mail_for_an_address (Fixture *f, gconstpointer data)
{
  engine_exec (&f->engine, "UPDATE account SET alert_own_mail = 1");
  event (f, "1", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox"), ==, 3);
  engine_exec (&f->engine, "UPDATE contact SET mail = 'Omuro@dealer.example' WHERE position = 2");
  event (f, "2", MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox"), ==, 5);
}

/* Whose link began during the fault is not told since when it has been. */
static void
test_mail_tells_no_earlier_history (Fixture *f, gconstpointer data)
{
  gint64 raised = now (f);

  engine_exec (&f->engine, "UPDATE link SET ended = 1, ended_by = 'dealer'");
  event (f, FAULT, MM_EVENT_RAISED, raised);
  mm_clock_advance (f->engine.clock, 400 * MM_DAY);
  {
    g_autofree char *sql = g_strdup_printf (
        "UPDATE link SET ended = NULL, ended_by = NULL, since = %" G_GINT64_FORMAT, now (f));
    engine_exec (&f->engine, sql);
  }
  event (f, FAULT, MM_EVENT_CLEARED, now (f));
  {
    g_autoptr (GDateTime) then = g_date_time_new_from_unix_utc (raised / MM_SECOND);
    g_autofree char *year
        = g_strdup_printf ("outbox WHERE text LIKE '%%%d%%'", g_date_time_get_year (then));
    g_assert_cmpint (count (f, "outbox"), ==, 2);
    g_assert_cmpint (count (f, year), ==, 0);
  }
}

/* What was over before the link is not the dealer's business. */
static void
test_late_clear_from_before_the_link (Fixture *f, gconstpointer data)
{
  gint64 raised = now (f);

  engine_exec (&f->engine, "UPDATE link SET ended = 1, ended_by = 'dealer'");
  event (f, FAULT, MM_EVENT_RAISED, raised);
  mm_clock_advance (f->engine.clock, MM_DAY);
  {
    g_autofree char *sql = g_strdup_printf (
        "UPDATE link SET ended = NULL, ended_by = NULL, since = %" G_GINT64_FORMAT, now (f));
    engine_exec (&f->engine, sql);
  }
  event (f, FAULT, MM_EVENT_CLEARED, raised + MM_MINUTE);
  g_assert_cmpint (count (f, "alert WHERE recovered IS NOT NULL"), ==, 1);
  g_assert_cmpint (count (f, "outbox"), ==, 0);
}

/* Names of customers only to who has confirmed the address. */
static void
test_names_only_to_the_confirmed (Fixture *f, gconstpointer data)
{
  engine_exec (&f->engine,
               "INSERT INTO account (public_id, kind, state, sign_in, sign_in_folded, language,"
               " name, kana, mail, phone, postal_code, prefecture, municipality, address,"
               " dealer_name, created, changed) VALUES ('c', 'customer', 'active', 'c', 'c', 'ja',"
               " '長野 花子', '', 'h@example.org', '', '', '', '', '', '', 0, 0);"
               "UPDATE gateway SET owner = (SELECT id FROM account WHERE kind = 'customer')");
  event (f, FAULT, MM_EVENT_RAISED, now (f));
  g_assert_cmpint (count (f, "outbox WHERE text LIKE '%長野 花子%'"), ==, 1);
  g_assert_cmpint (
      count (f, "outbox WHERE text LIKE '%長野 花子%' AND recipient = 'ja@dealer.example'"), ==, 1);
  g_assert_cmpint (count (f, "outbox WHERE subject || html LIKE '%長野 花子%'"
                             " AND recipient = 'en@dealer.example'"),
                   ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/watching/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warnings_watch ();
  ADD ("fault-from-raise-to-clear", test_fault_from_raise_to_clear);
  ADD ("raise-and-clear-in-one-push", test_raise_and_clear_in_one_push);
  ADD ("unknown-code", test_unknown_code);
  ADD ("late-and-ahead", test_late_and_ahead);
  ADD ("clear-before-raise", test_clear_before_raise);
  ADD ("silence", test_silence);
  ADD ("our-restart", test_our_restart);
  ADD ("clock-is-set", test_clock_is_set);
  ADD ("last-contact-of-an-earlier-owner", test_last_contact_of_an_earlier_owner);
  ADD ("contact-from-the-future", test_contact_from_the_future);
  ADD ("undone-change-is-announced", test_undone_change_is_announced);
  ADD ("who-is-told", test_who_is_told);
  ADD ("one-mail-for-an-address", test_one_mail_for_an_address);
  ADD ("mail-tells-no-earlier-history", test_mail_tells_no_earlier_history);
  ADD ("late-clear-from-before-the-link", test_late_clear_from_before_the_link);
  ADD ("names-only-to-the-confirmed", test_names_only_to_the_confirmed);
  return g_test_run ();
}
