/* Registering, confirming and signing in, with the real writer and a clock that moves: what is kept
 * in the store, which the API does not show. */
#include "mm-account-editing.h"
#include "mm-clock.h"
#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-passwords.h"
#include "mm-posting.h"
#include "mm-registering.h"
#include "mm-secret.h"
#include "mm-sessions.h"
#include "mm-signing-in.h"
#include "mm-terms.h"
#include "mm-throttle.h"
#include "test-houses.h"

#include <string.h>

#define ADDRESS "192.0.2.1"

typedef struct
{
  Houses houses;
  MmConfig config;
  MmContext context;
  MmDatabase *db; /* for looking */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  houses_open (&f->houses);
  g_assert_true (mm_terms_ensure (f->houses.db, 1, &error));
  g_assert_true (mm_terms_ensure (f->houses.db, 2, &error)); /* the second time changes nothing */
  f->config = (MmConfig){ .link_hours = 72, .password_max = 16, .timezone = (char *) "Asia/Tokyo" };
  f->context = (MmContext){ .config = &f->config,
                            .clock = mm_clock_new (),
                            .public_url = (char *) "https://mimamori.example",
                            .writer = mm_writer_new (f->houses.db,
                                                     &(MmWriterLimits){ .room.jobs = 100 }, NULL),
                            .readers = mm_readers_new (f->houses.path),
                            .throttle = mm_throttle_new (),
                            .passwords = mm_passwords_new (),
                            .languages = mm_languages_new_built_in () };
  f->houses.db = NULL;
  f->context.posting = mm_posting_new (&f->context, &error);
  g_assert_no_error (error);
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
  mm_passwords_free (f->context.passwords);
  mm_throttle_free (f->context.throttle);
  mm_languages_free (f->context.languages);
  mm_clock_free (f->context.clock);
  houses_close (&f->houses);
}

/* The first column of the first row of a query. */
static char *
look (Fixture *f, const char *sql)
{
  g_autoptr (MmStatement) s = mm_database_prepare (f->db, sql, NULL);

  g_assert_nonnull (s);
  g_assert_cmpint (mm_statement_step (s, NULL), ==, MM_ROW);
  return g_strdup (mm_statement_text (s, 0));
}

static void
assert_looks (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *found = look (f, sql);

  g_assert_cmpstr (found, ==, expected);
}

static MmProvisional *
register_dealer (Fixture *f, const char *user_id, GError **error)
{
  g_autoptr (MmDealerForm) form = mm_dealer_form_new ();

  form->name = g_strdup ("御室 太郎");
  form->kana = g_strdup ("おむろ たろう");
  form->mail = g_strdup ("taro@example.jp");
  form->mail_again = g_strdup ("taro@example.jp");
  form->dealer_name = g_strdup ("御室電設");
  form->phone = g_strdup ("026-123-4567");
  form->postal_code = g_strdup ("3800838");
  form->prefecture = g_strdup ("Nagano");
  form->address = g_strdup ("長野市 1-1");
  form->user_id = g_strdup (user_id);
  return mm_registering_register_dealer (&f->context, ADDRESS, form, 1, "ja", error);
}

/* The secret of the newest mailed link. */
static char *
mailed_secret (Fixture *f)
{
  g_autofree char *text = look (f, "SELECT text FROM outbox ORDER BY id DESC LIMIT 1");
  const char *secret = strstr (text, "token=");

  g_assert_nonnull (secret);
  return g_strndup (secret + strlen ("token="), 43);
}

static gboolean
redeem (Fixture *f, const char *secret, const char *phone, GError **error)
{
  return mm_confirming_redeem (&f->context, secret, 1, "en", "Abcdef12", "Abcdef12", phone, error);
}

static void
test_what_is_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = register_dealer (f, "Hanbai_Ten", &error);
  g_autofree char *secret = NULL;

  g_assert_no_error (error);
  secret = mailed_secret (f);
  assert_looks (f, "SELECT count(*) FROM terms", "4");
  assert_looks (f, "SELECT state || sign_in || ' ' || sign_in_folded || kana || phone FROM account",
                "provisionalHanbai_Ten hanbai_tenオムロ タロウ0261234567");
  assert_looks (f, "SELECT audience || version || language || step || (agreed > 0) FROM consent",
                "dealer1jaform1");
  /* No secret is in the store, only hashes of 32 bytes. */
  assert_looks (f, "SELECT count(*) FROM token WHERE length (hash) = 32", "2");
  assert_looks (f, "SELECT password IS NULL FROM account", "1");

  g_assert_true (redeem (f, secret, "０２６ １２３ ４５６７", &error));
  g_assert_no_error (error);
  assert_looks (f, "SELECT language || step FROM consent ORDER BY id DESC LIMIT 1", "enpassword");
  assert_looks (f, "SELECT state || (activated > 0) || substr (password, 1, 10) FROM account",
                "active1$argon2id$");
}

static void
test_tries_are_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (MmProvisional) provisional = register_dealer (f, "hanbai_ten", NULL);
  g_autofree char *secret = mailed_secret (f);

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (redeem (f, secret, "0312345678", &error));
      g_assert_cmpstr (mm_error_code (error), ==, i < 4 ? "fields" : "link-locked");
    }
  assert_looks (f, "SELECT tries_left FROM token WHERE purpose = 'registration'", "0");
  assert_looks (f, "SELECT state FROM account", "provisional");
}

static void
test_sweep (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = register_dealer (f, "hanbai_ten", &error);

  g_assert_true (mm_registering_sweep (&f->context, &error));
  assert_looks (f, "SELECT count(*) FROM account", "1");
  mm_clock_advance (f->context.clock, 40 * MM_DAY);
  g_assert_true (mm_registering_sweep (&f->context, &error));
  assert_looks (f, "SELECT count(*) FROM account", "0");
  assert_looks (f, "SELECT count(*) FROM token", "0");
  assert_looks (f, "SELECT count(*) FROM consent", "0");
}

static void
test_sessions_are_hashed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = register_dealer (f, "hanbai_ten", &error);
  g_autofree char *secret = mailed_secret (f);
  g_autoptr (MmSignedIn) signed_in = NULL;
  g_autoptr (MmPrincipal) principal = NULL;

  g_assert_true (redeem (f, secret, "0261234567", &error));
  g_assert_null (mm_signing_in (&f->context, ADDRESS, "Hanbai_ten", "Abcdef12", NULL,
                                MM_SESSION_WEB, NULL, NULL, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_UNAUTHENTICATED);
  g_clear_error (&error);
  signed_in = mm_signing_in (&f->context, ADDRESS, "hanbai_ten", "Abcdef12", NULL, MM_SESSION_WEB,
                             "\xff not UTF-8", NULL, &error);
  g_assert_no_error (error);
  assert_looks (f, "SELECT kind || length (hash) || address FROM session", "web32" ADDRESS);
  principal = mm_sessions_principal (&f->context, signed_in->secret, ADDRESS, &error);
  g_assert_no_error (error);
  g_assert_cmpint (principal->kind, ==, MM_PRINCIPAL_DEALER);
  g_assert_cmpstr (principal->language, ==, "ja");
  g_assert_null (mm_sessions_principal (&f->context, signed_in->id, ADDRESS, NULL));

  mm_clock_advance (f->context.clock, 13 * MM_HOUR);
  g_assert_null (mm_sessions_principal (&f->context, signed_in->secret, ADDRESS, &error));
  g_assert_cmpstr (mm_error_code (error), ==, "no-session");
  g_assert_true (mm_sessions_sweep (&f->context, NULL));
  assert_looks (f, "SELECT count(*) FROM session", "0");
}

static void
test_only_dealers_edit (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const MmPrincipal customer = { .kind = MM_PRINCIPAL_CUSTOMER, .account = 1 };

  g_assert_null (mm_account_editing_view (&f->context, &customer, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_FORBIDDEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mm_secret_init ();
  g_test_add ("/registering/what-is-kept", Fixture, NULL, set_up, test_what_is_kept, tear_down);
  g_test_add ("/registering/tries-are-kept", Fixture, NULL, set_up, test_tries_are_kept, tear_down);
  g_test_add ("/registering/sweep", Fixture, NULL, set_up, test_sweep, tear_down);
  g_test_add ("/registering/sessions", Fixture, NULL, set_up, test_sessions_are_hashed, tear_down);
  g_test_add ("/registering/only-dealers", Fixture, NULL, set_up, test_only_dealers_edit,
              tear_down);
  return g_test_run ();
}
