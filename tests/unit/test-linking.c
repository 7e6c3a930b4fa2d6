/* Linking, changing, revoking, declining, expiring, and whom it is told; with the real writer. */
#include "mm-linking.h"

#include "mm-clock.h"
#include "mm-customers.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-language.h"
#include "mm-link-until.h"
#include "mm-link.h"
#include "mm-posting.h"
#include "mm-secret.h"
#include "mm-store-access.h"
#include "mm-throttle.h"
#include "test-houses.h"

typedef struct
{
  Houses houses;
  MmConfig config;
  MmContext context;
  MmDatabase *db; /* for looking */
  gint64 dealer_row;
  gint64 gateway_row;
  guint8 code[MM_SECRET_HASH_BYTES];
  MmPrincipal dealer, customer, buyer;
} Fixture;

static MmPrincipal
principal (MmPrincipalKind kind, gint64 account)
{
  return (MmPrincipal){ .kind = kind, .account = account, .address = (char *) "192.0.2.1" };
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MmDatabase *db;

  houses_open (&f->houses);
  db = f->houses.db;
  mm_secret_hash ("7K2M-7K2M-7K2M-7K2M", f->code);
  f->dealer_row = houses_account (db, "dealer", "Omuro", "0261234567");
  f->dealer = principal (MM_PRINCIPAL_DEALER, f->dealer_row);
  f->customer = principal (MM_PRINCIPAL_CUSTOMER,
                           houses_account (db, "customer", "taro@house.example", "09011112222"));
  f->buyer = principal (MM_PRINCIPAL_CUSTOMER,
                        houses_account (db, "customer", "jiro@house.example", "09033334444"));
  f->gateway_row = houses_gateway (db, "GW-1", f->customer.account, NULL);
  houses_gateway (db, "GW-2", f->buyer.account, NULL);

  f->config = (MmConfig){ .link_hours = 72, .timezone = (char *) "Asia/Tokyo" };
  f->context
      = (MmContext){ .config = &f->config,
                     .clock = mm_clock_new (),
                     .public_url = (char *) "https://mimamori.example",
                     .writer = mm_writer_new (db, &(MmWriterLimits){ .room.jobs = 100 }, NULL),
                     .readers = mm_readers_new (f->houses.path),
                     .throttle = mm_throttle_new (),
                     .feed = mm_feed_new (),
                     .languages = mm_languages_new_built_in () };
  f->context.posting = mm_posting_new (&f->context, &error);
  g_assert_no_error (error);
  f->houses.db = NULL;
  f->db = mm_database_open (f->houses.path, MM_DATABASE_READER, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mm_database_close (f->db);
  mm_posting_free (f->context.posting);
  mm_writer_free (f->context.writer);
  mm_readers_free (f->context.readers);
  mm_feed_free (f->context.feed);
  mm_throttle_free (f->context.throttle);
  mm_languages_free (f->context.languages);
  mm_clock_free (f->context.clock);
  houses_close (&f->houses);
}

/* How many letters called @letter went to @recipient. */
static gint64
count_letters (Fixture *f, const char *letter, const char *recipient)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      f->db, "SELECT count(*) FROM outbox WHERE letter = $1 AND recipient = $2", NULL);

  mm_statement_bind_text (s, 1, letter);
  mm_statement_bind_text (s, 2, recipient);
  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  return mm_statement_int (s, 0);
}

/* The codes of the wrong fields, "user_id:unknown until:past"; "ok" or the error's own code. */
static char *
codes (GError *error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const GPtrArray *fields;

  if (error == NULL)
    return g_strdup ("ok");
  fields = mm_error_fields (error);
  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const MmFieldError *field = fields->pdata[i];

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", field->field, field->code);
    }
  if (fields == NULL)
    g_string_append (text, mm_error_code (error));
  g_error_free (error);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const MmLinkForm right = {
  .gateway = "GW-1", .user_id = "Omuro", .phone = "026-123-4567", .grants = MM_GRANTS_DEFAULT
};

static char *
try_check (Fixture *f, const MmPrincipal *who, const MmLinkForm *form)
{
  g_autofree char *name = NULL;
  GError *error = NULL;

  if (mm_linking_check (&f->context, who, form, &name, &error))
    g_assert_cmpstr (name, ==, "御室電気");
  else
    g_assert_null (name);
  return codes (error);
}

static char *
make_link (Fixture *f, const MmLinkForm *form)
{
  g_autoptr (GError) error = NULL;
  char *link = NULL;

  g_assert_true (mm_linking_link (&f->context, &f->customer, form, &link, &error));
  g_assert_no_error (error);
  return link;
}

static void
assert_codes (char *got, const char *expected)
{
  g_assert_cmpstr (got, ==, expected);
  g_free (got);
}

static void
test_check (Fixture *f, gconstpointer data)
{
  MmLinkForm form = right;

  assert_codes (try_check (f, &f->customer, &form), "ok");
  form.phone = "０２６１２３４５６７";
  assert_codes (try_check (f, &f->customer, &form), "ok");

  /* Wrong pairs are answered alike: another phone, another case, nobody, nonsense. */
  form.phone = "0261234568";
  assert_codes (try_check (f, &f->customer, &form), "user_id:unknown");
  form = right;
  form.user_id = "omuro";
  assert_codes (try_check (f, &f->customer, &form), "user_id:unknown");
  form.user_id = "nobody";
  assert_codes (try_check (f, &f->customer, &form), "user_id:unknown");
  form.user_id = "no such ID!";
  form.phone = "x";
  assert_codes (try_check (f, &f->customer, &form), "user_id:unknown");
  form.user_id = "taro@house.example"; /* exists, but is no dealer */
  form.phone = "09011112222";
  assert_codes (try_check (f, &f->customer, &form), "user_id:unknown");

  form = (MmLinkForm){ .gateway = "GW-1", .until = "2026-02-30" };
  assert_codes (try_check (f, &f->customer, &form),
                "user_id:required phone:required see:required until:syntax");
  form = right;
  form.until = "2020-01-01";
  assert_codes (try_check (f, &f->customer, &form), "until:past");
  form.until = "tomorrow";
  assert_codes (try_check (f, &f->customer, &form), "until:syntax");

  form = right;
  form.gateway = "GW-2";
  assert_codes (try_check (f, &f->customer, &form), "not-found");
  form.gateway = "GW-3";
  assert_codes (try_check (f, &f->customer, &form), "not-found");
  assert_codes (try_check (f, &f->dealer, &right), "not-found");
}

static void
test_tries_are_limited (Fixture *f, gconstpointer data)
{
  MmLinkForm form = right;
  guint n = 0;
  g_autofree char *last = NULL;

  form.phone = "0260000000";
  do
    {
      g_free (last);
      last = try_check (f, &f->customer, &form);
      n++;
    }
  while (g_str_equal (last, "user_id:unknown") && n < 100);
  g_assert_cmpstr (last, ==, "too-many-attempts");
  g_assert_cmpint (n, ==, 21);
  assert_codes (try_check (f, &f->customer, &right), "too-many-attempts");
}

static void
test_link (Fixture *f, gconstpointer data)
{
  g_autofree char *id = make_link (f, &right);
  g_autoptr (MmLinkRow) seen = NULL;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmChange));
  g_autofree char *again = NULL;
  GError *error = NULL;

  g_assert_cmpint (count_letters (f, "linked-dealer", "omuro@dealer.example"), ==, 1);
  g_assert_cmpint (count_letters (f, "linked-customer", "taro@house.example"), ==, 1);
  seen = mm_linking_find (&f->context, &f->dealer, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->gateway_id, ==, "GW-1");
  g_assert_cmpstr (seen->owner_name, ==, "御室 太郎");
  g_assert_cmpint (seen->grants, ==, MM_GRANTS_DEFAULT);
  g_assert_cmpint (seen->until, ==, MM_TIME_NONE);

  g_assert_true (mm_feed_since (f->context.feed, 0, changes));
  g_assert_cmpint (changes->len, ==, 1);
  g_assert_cmpint (g_array_index (changes, MmChange, 0).kind, ==, MM_CHANGE_LINK);
  g_assert_cmpint (g_array_index (changes, MmChange, 0).account, ==, f->dealer_row);
  g_assert_cmpint (g_array_index (changes, MmChange, 0).gateway, ==, f->gateway_row);

  /* One link per gateway and dealer. */
  g_assert_false (mm_linking_link (&f->context, &f->customer, &right, &again, &error));
  assert_codes (codes (error), "already-linked");
}

static void
test_until (Fixture *f, gconstpointer data)
{
  MmLinkForm form = right;
  g_autofree char *id = NULL;
  g_autofree char *day = NULL;
  g_autoptr (MmLinkRow) link = NULL;
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  g_autoptr (GDateTime) expected = g_date_time_new (tokyo, 2099, 4, 1, 0, 0, 0);

  form.until = "2099-03-31";
  id = make_link (f, &form);
  link = mm_linking_find (&f->context, &f->customer, id, NULL);
  g_assert_cmpint (link->until, ==, g_date_time_to_unix (expected) * MM_SECOND);
  day = mm_link_until_day (link);
  g_assert_cmpstr (day, ==, "2099-03-31");

  g_assert_true (mm_linking_expire (&f->context, link->until - 1, NULL));
  g_assert_cmpint (count_letters (f, "link-ended", "taro@house.example"), ==, 0);
  g_assert_true (mm_linking_expire (&f->context, link->until, NULL));
  g_assert_true (mm_linking_expire (&f->context, link->until, NULL));
  g_assert_cmpint (count_letters (f, "link-ended", "taro@house.example"), ==, 1);
  g_assert_cmpint (count_letters (f, "link-ended", "omuro@dealer.example"), ==, 1);
  g_assert_null (mm_linking_find (&f->context, &f->customer, id, NULL));
}

/* A link whose time is over, though nobody ended it yet, is no link: not seen, and no obstacle. */
static void
test_stale (Fixture *f, gconstpointer data)
{
  MmLinkForm form = right;
  g_autofree char *old = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GPtrArray) links = NULL;

  form.until = "2099-03-31";
  old = make_link (f, &form);
  mm_clock_advance (f->context.clock, 80 * 366 * MM_DAY);
  g_assert_null (mm_linking_find (&f->context, &f->dealer, old, NULL));
  id = make_link (f, &right);
  g_assert_cmpstr (id, !=, old);
  links = mm_linking_list (&f->context, &f->dealer, NULL);
  g_assert_cmpint (links->len, ==, 1);
  g_assert_cmpint (count_letters (f, "link-ended", "omuro@dealer.example"), ==, 1);
}

static void
test_change (Fixture *f, gconstpointer data)
{
  g_autofree char *id = make_link (f, &right);
  g_autoptr (MmLinkRow) link = NULL;
  GError *error = NULL;

  g_assert_true (mm_linking_change (&f->context, &f->customer, id, MM_GRANT_TOLD, NULL, &error));
  link = mm_linking_find (&f->context, &f->dealer, id, NULL);
  g_assert_cmpint (link->grants, ==, MM_GRANT_SEE | MM_GRANT_TOLD);
  g_assert_cmpint (count_letters (f, "link-changed", "omuro@dealer.example"), ==, 1);
  /* The same again is no news. */
  g_assert_true (mm_linking_change (&f->context, &f->customer, id, MM_GRANT_TOLD, "", &error));
  g_assert_cmpint (count_letters (f, "link-changed", "omuro@dealer.example"), ==, 1);

  g_assert_false (mm_linking_change (&f->context, &f->customer, id, 0, "2001-01-01", &error));
  assert_codes (codes (g_steal_pointer (&error)), "see:required until:past");
  g_assert_false (mm_linking_change (&f->context, &f->buyer, id, MM_GRANTS_ALL, NULL, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");
  g_assert_false (mm_linking_change (&f->context, &f->dealer, id, MM_GRANTS_ALL, NULL, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");
}

static void
test_revoke_and_decline (Fixture *f, gconstpointer data)
{
  g_autofree char *id = make_link (f, &right);
  g_autofree char *second = NULL;
  GError *error = NULL;

  g_assert_false (mm_linking_revoke (&f->context, &f->buyer, id, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");
  g_assert_false (mm_linking_revoke (&f->context, &f->dealer, id, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");
  g_assert_false (mm_linking_decline (&f->context, &f->customer, id, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");

  g_assert_true (mm_linking_revoke (&f->context, &f->customer, id, NULL));
  g_assert_null (mm_linking_find (&f->context, &f->dealer, id, NULL));
  g_assert_cmpint (count_letters (f, "link-ended", "omuro@dealer.example"), ==, 1);
  g_assert_cmpint (count_letters (f, "link-ended", "taro@house.example"), ==, 1);
  g_assert_false (mm_linking_revoke (&f->context, &f->customer, id, &error));
  assert_codes (codes (g_steal_pointer (&error)), "not-found");

  second = make_link (f, &right);
  g_assert_true (mm_linking_decline (&f->context, &f->dealer, second, NULL));
  g_assert_null (mm_linking_find (&f->context, &f->customer, second, NULL));
  g_assert_cmpint (count_letters (f, "link-ended", "taro@house.example"), ==, 2);
}

static gboolean
print_code (MmDatabase *db, gpointer data, GError **error)
{
  Fixture *f = data;

  return mm_store_gateway_set_activation (db, f->gateway_row, f->code, error);
}

/* A new label, a new owner: links end, what was before is hidden, the place is the new one's. */
static void
test_owner_change (Fixture *f, gconstpointer data)
{
  g_autofree char *id = make_link (f, &right);
  g_autofree char *gateway = NULL;
  g_autoptr (MmGatewayRow) row = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  gboolean more;
  GError *error = NULL;

  /* The first code was used by the first owner. */
  g_assert_false (mm_customers_add_gateway (&f->context, &f->buyer, "GW-1", "7K2M-7K2M-7K2M-7K2M",
                                            &gateway, &error));
  assert_codes (codes (g_steal_pointer (&error)), "activation_code:unknown");

  g_assert_true (mm_writer_run (f->context.writer, print_code, f, NULL));
  g_assert_true (mm_customers_add_gateway (&f->context, &f->buyer, "gw-1", "7k2m 7k2m 7k2m 7k2m",
                                           &gateway, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (gateway, ==, "GW-1");
  g_assert_cmpint (count_letters (f, "link-ended", "omuro@dealer.example"), ==, 1);
  g_assert_cmpint (count_letters (f, "link-ended", "taro@house.example"), ==, 1);
  g_assert_null (mm_linking_find (&f->context, &f->dealer, id, NULL));
  g_assert_null (mm_customers_gateway (&f->context, &f->customer, "GW-1", NULL));
  row = mm_customers_gateway (&f->context, &f->buyer, "GW-1", NULL);
  g_assert_nonnull (row);
  g_assert_cmpint (row->hidden_before, ==, row->owned_since);
  g_assert_cmpstr (row->municipality, ==, "長野市");

  /* The new owner reads nothing of the earlier one's log. */
  lines = mm_linking_log (&f->context, &f->buyer, "GW-1", 0, &more, NULL);
  g_assert_nonnull (lines);
  g_assert_cmpint (lines->len, ==, 0);
}

/* Missing, foreign, wrong and used codes look alike, and are counted. */
static void
test_codes (Fixture *f, gconstpointer data)
{
  g_autofree char *gateway = NULL;
  GError *error = NULL;
  guint n = 0;

  g_assert_true (mm_writer_run (f->context.writer, print_code, f, NULL));
  g_assert_false (mm_customers_add_gateway (&f->context, &f->buyer, "GW-9", "7K2M-7K2M-7K2M-7K2M",
                                            &gateway, &error));
  assert_codes (codes (g_steal_pointer (&error)), "activation_code:unknown");
  do
    {
      g_clear_error (&error);
      n++;
    }
  while (!mm_customers_add_gateway (&f->context, &f->buyer, "GW-1", "0000-0000-0000-0000", &gateway,
                                    &error)
         && !g_error_matches (error, MM_ERROR, MM_ERROR_LIMITED) && n < 100);
  g_assert_error (error, MM_ERROR, MM_ERROR_LIMITED);
  g_assert_cmpint (n, ==, 21);
  g_clear_error (&error);
  g_assert_false (mm_customers_add_gateway (&f->context, &f->buyer, "", "x", &gateway, &error));
  assert_codes (codes (error), "gateway_id:required activation_code:syntax");
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  g_autoptr (MmGatewayRow) named = NULL;
  g_autoptr (MmGatewayRow) unnamed = NULL;
  guint64 before = mm_feed_revision (f->context.feed);
  GError *error = NULL;

  g_assert_true (mm_customers_rename (&f->context, &f->customer, "GW-1", " 御室の家 ", NULL));
  g_assert_cmpuint (mm_feed_revision (f->context.feed), ==, before + 1);
  named = mm_customers_gateway (&f->context, &f->customer, "GW-1", NULL);
  g_assert_cmpstr (named->name, ==, "御室の家");
  g_assert_cmpstr (mm_gateway_row_title (named), ==, "御室の家");
  g_assert_true (mm_customers_rename (&f->context, &f->customer, "GW-1", " ", NULL));
  unnamed = mm_customers_gateway (&f->context, &f->customer, "GW-1", NULL);
  g_assert_cmpstr (unnamed->name, ==, "");
  g_assert_false (mm_customers_rename (&f->context, &f->buyer, "GW-1", "mine", &error));
  assert_codes (codes (error), "not-found");
}

static void
test_log (Fixture *f, gconstpointer data)
{
  g_autofree char *id = make_link (f, &right);
  g_autoptr (GPtrArray) lines = NULL;
  gboolean more = TRUE;

  g_assert_true (mm_linking_revoke (&f->context, &f->customer, id, NULL));
  lines = mm_linking_log (&f->context, &f->customer, "GW-1", 0, &more, NULL);
  g_assert_false (more);
  g_assert_cmpint (lines->len, ==, 2);
  g_assert_cmpstr (((MmAccessRow *) lines->pdata[0])->kind, ==, "link-ended");
  g_assert_cmpstr (((MmAccessRow *) lines->pdata[1])->kind, ==, "linked");
  g_assert_cmpstr (((MmAccessRow *) lines->pdata[1])->detail, ==, "see,told,settings");
  g_assert_null (mm_linking_log (&f->context, &f->buyer, "GW-1", 0, &more, NULL));
  g_assert_null (mm_linking_log (&f->context, &f->dealer, "GW-1", 0, &more, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mm_secret_init ();
#define ADD(name, func) g_test_add ("/linking/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("check", test_check);
  ADD ("tries-are-limited", test_tries_are_limited);
  ADD ("link", test_link);
  ADD ("until", test_until);
  ADD ("stale", test_stale);
  ADD ("change", test_change);
  ADD ("revoke-and-decline", test_revoke_and_decline);
  ADD ("owner-change", test_owner_change);
  ADD ("codes", test_codes);
  ADD ("rename", test_rename);
  ADD ("log", test_log);
  return g_test_run ();
}
