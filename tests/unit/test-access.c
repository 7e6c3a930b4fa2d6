/* Who may see and do what: owner, dealers with each grant, expired, ended, foreign, missing. */
#include "mm-access.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-link.h"
#include "mm-store-access.h"
#include "mm-store-links.h"
#include "test-houses.h"

typedef struct
{
  Houses houses;
  MmDatabase *db;
  gint64 dealer, other_dealer, customer, other_customer;
  gint64 gateway, foreign;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  houses_open (&f->houses);
  f->db = f->houses.db;
  f->dealer = houses_account (f->db, "dealer", "Omuro", "0261234567");
  f->other_dealer = houses_account (f->db, "dealer", "Other", "0269999999");
  f->customer = houses_account (f->db, "customer", "taro@house.example", "09011112222");
  f->other_customer = houses_account (f->db, "customer", "jiro@house.example", "09033334444");
  f->gateway = houses_gateway (f->db, "GW-1", f->customer, NULL);
  f->foreign = houses_gateway (f->db, "GW-2", f->other_customer, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  houses_close (&f->houses);
}

static gint64
link_with (Fixture *f, guint grants, gint64 until)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_uuid_string_random ();
  gint64 row;

  g_assert_true (mm_store_link_add (f->db, id, f->gateway, f->dealer, grants, NOON - MM_HOUR, until,
                                    &row, &error));
  g_assert_no_error (error);
  return row;
}

/* What the principal gets for @id: "ok", or the error's code; the whole error must be the same for
 * all that is unknown. */
static const char *
look (Fixture *f, MmPrincipalKind kind, gint64 account, const char *id, guint grants, gint64 now)
{
  static MmAccess access;
  g_autoptr (GError) error = NULL;
  MmPrincipal principal = { .kind = kind, .account = account };

  if (mm_access_gateway (f->db, &principal, id, grants, now, &access, &error))
    {
      g_assert_no_error (error);
      return "ok";
    }
  if (g_error_matches (error, MM_ERROR, MM_ERROR_FORBIDDEN))
    {
      g_assert_cmpstr (mm_error_code (error), ==, "not-granted");
      return "not-granted";
    }
  g_assert_error (error, MM_ERROR, MM_ERROR_NOT_FOUND);
  g_assert_cmpstr (mm_error_code (error), ==, "not-found");
  g_assert_cmpstr (error->message, ==, "There is no such thing.");
  return "not-found";
}

static void
test_owner (Fixture *f, gconstpointer data)
{
  MmAccess access;
  MmPrincipal owner = { .kind = MM_PRINCIPAL_CUSTOMER, .account = f->customer };

  g_assert_true (mm_access_gateway (f->db, &owner, "GW-1", MM_GRANTS_ALL, NOON, &access, NULL));
  g_assert_cmpint (access.gateway, ==, f->gateway);
  g_assert_cmpint (access.link, ==, 0);
  g_assert_cmpint (access.grants, ==, MM_GRANTS_ALL);
  g_assert_cmpint (access.history_from, ==, G_MININT64);

  g_assert_cmpstr (look (f, MM_PRINCIPAL_CUSTOMER, f->customer, "GW-2", 0, NOON), ==, "not-found");
  g_assert_cmpstr (look (f, MM_PRINCIPAL_CUSTOMER, f->customer, "GW-3", 0, NOON), ==, "not-found");
  g_assert_cmpstr (look (f, MM_PRINCIPAL_CUSTOMER, f->customer, "gw-1", 0, NOON), ==, "not-found");
}

static void
test_strangers_see_nothing (Fixture *f, gconstpointer data)
{
  static const MmPrincipalKind kinds[]
      = { MM_PRINCIPAL_ANYONE, MM_PRINCIPAL_GATEWAY, MM_PRINCIPAL_OPERATOR };

  link_with (f, MM_GRANTS_ALL, MM_TIME_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_cmpstr (look (f, kinds[i], f->dealer, "GW-1", 0, NOON), ==, "not-found");
      g_assert_cmpstr (look (f, kinds[i], f->customer, "GW-1", 0, NOON), ==, "not-found");
    }
  g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->other_dealer, "GW-1", 0, NOON), ==,
                   "not-found");
  /* A customer's number is no dealer's and the other way round. */
  g_assert_cmpstr (look (f, MM_PRINCIPAL_CUSTOMER, f->dealer, "GW-1", 0, NOON), ==, "not-found");
  g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->customer, "GW-1", 0, NOON), ==, "not-found");
}

static void
test_each_grant (Fixture *f, gconstpointer data)
{
  for (guint granted = 0; granted <= MM_GRANTS_ALL; granted++)
    {
      gint64 row = link_with (f, granted, MM_TIME_NONE);

      for (guint asked = 0; asked <= MM_GRANTS_ALL; asked++)
        {
          guint effective = mm_link_grants (granted);
          const char *expected = effective == 0                 ? "not-found"
                                 : (effective & asked) == asked ? "ok"
                                                                : "not-granted";

          g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->dealer, "GW-1", asked, NOON), ==,
                           expected);
        }
      g_assert_true (mm_store_link_end (f->db, row, NOON, "customer", NULL));
      g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->dealer, "GW-1", 0, NOON), ==, "not-found");
    }
}

static void
test_until (Fixture *f, gconstpointer data)
{
  link_with (f, MM_GRANTS_ALL, NOON);
  g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->dealer, "GW-1", 0, NOON - 1), ==, "ok");
  g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->dealer, "GW-1", 0, NOON), ==, "not-found");
  g_assert_cmpstr (look (f, MM_PRINCIPAL_DEALER, f->dealer, "GW-1", 0, NOON - 2 * MM_HOUR), ==,
                   "not-found");
}

static void
test_history (Fixture *f, gconstpointer data)
{
  MmPrincipal dealer = { .kind = MM_PRINCIPAL_DEALER, .account = f->dealer };
  MmPrincipal owner = { .kind = MM_PRINCIPAL_CUSTOMER, .account = f->other_customer };
  MmAccess access;
  gint64 row = link_with (f, MM_GRANT_SEE, MM_TIME_NONE);

  g_assert_true (mm_access_gateway (f->db, &dealer, "GW-1", 0, NOON, &access, NULL));
  g_assert_cmpint (access.link, ==, row);
  g_assert_cmpint (access.history_from, ==, NOON - MM_HOUR);

  g_assert_true (
      mm_store_link_change (f->db, row, MM_GRANT_SEE | MM_GRANT_HISTORY, MM_TIME_NONE, NULL));
  g_assert_true (mm_access_gateway (f->db, &dealer, "GW-1", 0, NOON, &access, NULL));
  g_assert_cmpint (access.history_from, ==, G_MININT64);

  /* The house was sold: what was before is neither the new owner's nor the dealer's. */
  g_assert_true (mm_store_gateway_own (f->db, f->gateway, f->other_customer, NOON - MM_MINUTE,
                                       NOON - MM_MINUTE, NULL));
  g_assert_true (mm_access_gateway (f->db, &dealer, "GW-1", 0, NOON, &access, NULL));
  g_assert_cmpint (access.history_from, ==, NOON - MM_MINUTE);
  g_assert_true (mm_access_gateway (f->db, &owner, "GW-1", 0, NOON, &access, NULL));
  g_assert_cmpint (access.history_from, ==, NOON - MM_MINUTE);
  g_assert_cmpstr (look (f, MM_PRINCIPAL_CUSTOMER, f->customer, "GW-1", 0, NOON), ==, "not-found");
}

static void
test_log (Fixture *f, gconstpointer data)
{
  MmAccess access = { .gateway = f->gateway };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) later = NULL;
  const MmAccessRow *row;

  /* Looks: one for each hour and kind, whatever else is said. */
  g_assert_true (mm_access_note (f->db, &access, f->dealer, "looked", "a", NOON, NULL));
  g_assert_true (mm_access_note (f->db, &access, f->dealer, "looked", "b", NOON + 1, NULL));
  g_assert_true (mm_access_note (f->db, &access, f->dealer, "exported", NULL, NOON + 2, NULL));
  g_assert_true (mm_access_note (f->db, &access, f->other_dealer, "looked", NULL, NOON + 3, NULL));
  g_assert_true (mm_access_note (f->db, &access, f->dealer, "looked", NULL, NOON + MM_HOUR, NULL));
  /* Changes: each. */
  g_assert_true (
      mm_access_note (f->db, &access, f->dealer, "acknowledged", "E1", NOON + MM_HOUR + 1, NULL));
  g_assert_true (
      mm_access_note (f->db, &access, f->dealer, "acknowledged", "E1", NOON + MM_HOUR + 2, NULL));

  all = mm_store_access_page (f->db, f->gateway, G_MININT64, 0, 100, NULL);
  g_assert_cmpint (all->len, ==, 6);
  row = all->pdata[0];
  g_assert_cmpint (row->at, ==, NOON + MM_HOUR + 2);
  g_assert_cmpstr (row->kind, ==, "acknowledged");
  g_assert_cmpstr (row->detail, ==, "E1");
  g_assert_cmpstr (row->dealer_name, ==, "御室電気");
  row = all->pdata[5];
  g_assert_cmpint (row->at, ==, NOON);
  g_assert_cmpstr (row->detail, ==, "");

  row = all->pdata[1];
  rest = mm_store_access_page (f->db, f->gateway, G_MININT64, row->row, 2, NULL);
  g_assert_cmpint (rest->len, ==, 2);
  g_assert_cmpint (((MmAccessRow *) rest->pdata[0])->row, ==, ((MmAccessRow *) all->pdata[2])->row);
  later = mm_store_access_page (f->db, f->gateway, NOON + MM_HOUR, 0, 100, NULL);
  g_assert_cmpint (later->len, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/access/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("owner", test_owner);
  ADD ("strangers", test_strangers_see_nothing);
  ADD ("each-grant", test_each_grant);
  ADD ("until", test_until);
  ADD ("history", test_history);
  ADD ("log", test_log);
  return g_test_run ();
}
