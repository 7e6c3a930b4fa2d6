/* The walk of a dealer's registration: its pages, its problems, what survives closing the app. */
#define G_SETTINGS_ENABLE_BACKEND

#include "mm-kept-walk.h"
#include "mm-registration-walk.h"

#include "mm-error.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <string.h>

#define DAY G_GINT64_CONSTANT (86400000000)

static const char *const right[][2] = {
  { "name", "御室 太郎" },
  { "kana", "おむろ たろう" },
  { "mail", "Taro@Example.JP" },
  { "mail_again", "Taro@example.jp" },
  { "dealer_name", "御室電設" },
  { "phone", "026-123-4567" },
  { "postal_code", "3800838" },
  { "prefecture", "長野県" },
  { "address", "長野市大字南長野 1-1" },
  { "user_id", "Omuro-Ten" },
};

static MmWalkPage
page_of (MmRegistrationWalk *walk)
{
  return mm_registration_walk_facts (walk)->page;
}

static MmRegistrationWalk *
new_at_form (void)
{
  MmRegistrationWalk *walk = mm_registration_walk_new ();

  mm_registration_walk_found (walk, "https://a.example", "見守り A", 16);
  g_assert_cmpint (page_of (walk), ==, MM_WALK_TERMS);
  mm_registration_walk_agree (walk, 3);
  g_assert_cmpint (page_of (walk), ==, MM_WALK_FORM);
  return walk;
}

static void
fill (MmRegistrationWalk *walk)
{
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    mm_registration_walk_set_field (walk, right[i][0], right[i][1]);
}

static MmRegistrationWalk *
new_at_mail (void)
{
  MmRegistrationWalk *walk = new_at_form ();

  fill (walk);
  g_assert_true (mm_registration_walk_check_form (walk));
  mm_registration_walk_checked (walk);
  g_assert_cmpint (page_of (walk), ==, MM_WALK_CONFIRM);
  mm_registration_walk_registered (walk, "Taro@example.jp", 5 * DAY, "secret");
  g_assert_cmpint (page_of (walk), ==, MM_WALK_MAIL);
  return walk;
}

static MmRegistrationWalk *
new_at_password (void)
{
  MmRegistrationWalk *walk = new_at_mail ();

  mm_registration_walk_try_link (walk, "token");
  g_assert_cmpint (page_of (walk), ==, MM_WALK_LINK);
  mm_registration_walk_opened (walk, "Omuro-Ten", "御室 太郎");
  g_assert_cmpint (page_of (walk), ==, MM_WALK_AGREE);
  mm_registration_walk_agree (walk, 3);
  g_assert_cmpint (page_of (walk), ==, MM_WALK_PASSWORD);
  return walk;
}

static void
test_whole (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_password ();
  const MmWalkFacts *facts = mm_registration_walk_facts (walk);

  g_assert_cmpstr (facts->sent_to, ==, "Taro@example.jp");
  g_assert_cmpstr (facts->link_user_id, ==, "Omuro-Ten");
  g_assert_cmpint (facts->terms, ==, 3);
  g_assert_cmpint (facts->terms_again, ==, 3);
  g_assert_true (
      mm_registration_walk_check_password (walk, NULL, "Abcdef12", "Abcdef12", "0261234567"));
  mm_registration_walk_completed (walk);
  g_assert_cmpint (facts->page, ==, MM_WALK_COMPLETE);
  g_assert_cmpstr (mm_registration_walk_get_field (walk, "phone"), ==, "");
  g_assert_null (facts->secret);
  g_assert_null (facts->token);
  g_assert_cmpstr (facts->link_user_id, ==, "Omuro-Ten");
  g_assert_false (mm_registration_walk_back (walk));
}

static void
test_steps (void)
{
  g_autoptr (MmRegistrationWalk) walk = mm_registration_walk_new ();
  g_autoptr (MmRegistrationWalk) late = new_at_password ();

  g_assert_cmpint (mm_registration_walk_get_step (walk), ==, MM_REGISTRATION_TERMS);
  mm_registration_walk_found (walk, "https://a.example", "A", 16);
  g_assert_cmpint (mm_registration_walk_get_step (walk), ==, MM_REGISTRATION_TERMS);
  mm_registration_walk_agree (walk, 1);
  g_assert_cmpint (mm_registration_walk_get_step (walk), ==, MM_REGISTRATION_FORM);
  g_assert_cmpint (mm_registration_walk_get_step (late), ==, MM_REGISTRATION_PASSWORD);
}

static void
test_back_keeps_input (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();

  fill (walk);
  g_assert_true (mm_registration_walk_check_form (walk));
  mm_registration_walk_checked (walk);
  for (MmWalkPage page = MM_WALK_FORM + 1; page-- > MM_WALK_SERVER;)
    {
      g_assert_true (mm_registration_walk_has_back (walk));
      g_assert_true (mm_registration_walk_back (walk));
      g_assert_cmpint (page_of (walk), ==, page);
    }
  g_assert_false (mm_registration_walk_has_back (walk));
  g_assert_false (mm_registration_walk_back (walk));
  mm_registration_walk_found (walk, "https://a.example", "A", 16);
  mm_registration_walk_agree (walk, 3);
  g_assert_cmpstr (mm_registration_walk_get_field (walk, "address"), ==, "長野市大字南長野 1-1");
  g_assert_true (mm_registration_walk_check_form (walk));
}

static void
test_back_from_the_link (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_password ();
  g_autoptr (MmRegistrationWalk) stranger = mm_registration_walk_new ();

  g_assert_true (mm_registration_walk_back (walk));
  g_assert_cmpint (page_of (walk), ==, MM_WALK_AGREE);
  g_assert_true (mm_registration_walk_back (walk));
  g_assert_cmpint (page_of (walk), ==, MM_WALK_MAIL);
  g_assert_false (mm_registration_walk_back (walk));
  /* Who comes with a mail and did not register here has nowhere to go back to. */
  mm_registration_walk_try_link (stranger, "token");
  mm_registration_walk_opened (stranger, "X-1", "X");
  g_assert_false (mm_registration_walk_back (stranger));
}

static void
test_another_server (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();

  mm_registration_walk_back (walk);
  mm_registration_walk_back (walk);
  mm_registration_walk_found (walk, "https://b.example", "B", 64);
  g_assert_cmpint (mm_registration_walk_facts (walk)->terms, ==, 0);
  g_assert_cmpint (mm_registration_walk_facts (walk)->password_max, ==, 64);
}

static void
count (MmRegistrationWalk *walk, const char *field, guint *changes)
{
  (*changes)++;
}

static void
test_problems (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();
  guint changes = 0;

  g_signal_connect (walk, "changed::kana", G_CALLBACK (count), &changes);
  mm_registration_walk_set_field (walk, "kana", "omuro");
  g_assert_cmpuint (changes, ==, 1);
  g_assert_null (mm_registration_walk_get_problem (walk, "kana"));
  mm_registration_walk_leave_field (walk, "kana");
  g_assert_cmpuint (changes, ==, 2);
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "kana"));
  mm_registration_walk_set_field (walk, "kana", "おむろ");
  g_assert_null (mm_registration_walk_get_problem (walk, "kana"));
  mm_registration_walk_leave_field (walk, "kana");
  g_assert_cmpstr (mm_registration_walk_get_field (walk, "kana"), ==, "オムロ");
  /* A phone number stays as it is spelled. */
  mm_registration_walk_set_field (walk, "phone", "026-123-4567");
  mm_registration_walk_leave_field (walk, "phone");
  g_assert_cmpstr (mm_registration_walk_get_field (walk, "phone"), ==, "026-123-4567");
  /* Fields that were not left are not blamed before one goes on. */
  g_assert_null (mm_registration_walk_get_problem (walk, "address"));
  g_assert_false (mm_registration_walk_check_form (walk));
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "address"));
  g_assert_null (mm_registration_walk_get_problem (walk, "phone"));
  /* And not on another page. */
  mm_registration_walk_back (walk);
  g_assert_null (mm_registration_walk_get_problem (walk, "address"));
}

static void
test_mail_twice (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();

  mm_registration_walk_set_field (walk, "mail", "a@example.jp");
  mm_registration_walk_set_field (walk, "mail_again", "b@example.jp");
  mm_registration_walk_leave_field (walk, "mail_again");
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "mail_again"));
  /* Put right in the first field, the second is right, too. */
  mm_registration_walk_set_field (walk, "mail", "b@example.jp");
  mm_registration_walk_leave_field (walk, "mail");
  g_assert_null (mm_registration_walk_get_problem (walk, "mail_again"));
}

static void
test_user_id (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();
  const MmWalkFacts *facts = mm_registration_walk_facts (walk);

  fill (walk);
  mm_registration_walk_set_id_state (walk, MM_USER_ID_FREE);
  g_assert_null (mm_registration_walk_get_problem (walk, "user_id"));
  mm_registration_walk_set_id_state (walk, MM_USER_ID_TAKEN);
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "user_id"));
  /* Leaving the field does not forget it, nor can one go on. */
  mm_registration_walk_leave_field (walk, "user_id");
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "user_id"));
  g_assert_false (mm_registration_walk_check_form (walk));
  mm_registration_walk_set_field (walk, "user_id", "Other-1");
  g_assert_cmpint (facts->id_state, ==, MM_USER_ID_UNKNOWN);
  g_assert_true (mm_registration_walk_check_form (walk));
}

static void
test_refused_at_confirm (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_form ();
  g_autoptr (GError) taken = NULL;
  g_autoptr (GError) outdated = NULL;
  g_autoptr (GError) other = mm_error_new (MM_ERROR_LIMITED, "limited", "Too often.");

  fill (walk);
  mm_registration_walk_checked (walk);
  g_assert_false (mm_registration_walk_refused (walk, other));
  g_assert_cmpint (page_of (walk), ==, MM_WALK_CONFIRM);
  mm_error_add_field (&taken, "user_id", "taken", "Taken.");
  g_assert_true (mm_registration_walk_refused (walk, taken));
  g_assert_cmpint (page_of (walk), ==, MM_WALK_FORM);
  g_assert_cmpstr (mm_registration_walk_get_problem (walk, "user_id"), ==, "Taken.");
  mm_registration_walk_checked (walk);
  mm_error_add_field (&outdated, "terms", "outdated", "Other terms.");
  g_assert_true (mm_registration_walk_refused (walk, outdated));
  g_assert_cmpint (page_of (walk), ==, MM_WALK_TERMS);
  g_assert_cmpstr (mm_registration_walk_get_problem (walk, "terms"), ==, "Other terms.");
}

static void
test_refused_at_password (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_password ();
  const MmWalkFacts *facts = mm_registration_walk_facts (walk);
  g_autoptr (GError) phone = NULL;
  g_autoptr (GError) outdated = NULL;
  g_autoptr (GError) locked = mm_error_new (MM_ERROR_GONE, "link-locked", "Locked.");

  mm_error_add_field (&phone, "phone", "mismatch", "Not this one.");
  g_assert_true (mm_registration_walk_refused (walk, phone));
  g_assert_cmpint (facts->page, ==, MM_WALK_PASSWORD);
  g_assert_cmpstr (mm_registration_walk_get_problem (walk, "phone"), ==, "Not this one.");
  mm_error_add_field (&outdated, "terms", "outdated", "Other terms.");
  g_assert_true (mm_registration_walk_refused (walk, outdated));
  g_assert_cmpint (facts->page, ==, MM_WALK_AGREE);
  mm_registration_walk_agree (walk, 4);
  g_assert_true (mm_registration_walk_refused (walk, locked));
  g_assert_cmpint (facts->page, ==, MM_WALK_LINK);
  g_assert_cmpstr (facts->dead_link->message, ==, "Locked.");
  mm_registration_walk_resent (walk, "b@example.jp", 9 * DAY);
  g_assert_cmpint (facts->page, ==, MM_WALK_MAIL);
  g_assert_true (facts->resent);
  g_assert_null (facts->dead_link);
  g_assert_null (facts->token);
  g_assert_cmpstr (mm_registration_walk_get_field (walk, "mail"), ==, "b@example.jp");
}

static void
test_password (void)
{
  g_autoptr (MmRegistrationWalk) walk = new_at_password ();

  g_assert_false (mm_registration_walk_check_password (walk, "password", "abc", "", ""));
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "password"));
  g_assert_null (mm_registration_walk_get_problem (walk, "password_again"));
  g_assert_null (mm_registration_walk_get_problem (walk, "phone"));
  g_assert_false (mm_registration_walk_check_password (walk, NULL, "Abcdef12", "Abcdef13", "12"));
  g_assert_null (mm_registration_walk_get_problem (walk, "password"));
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "password_again"));
  g_assert_nonnull (mm_registration_walk_get_problem (walk, "phone"));
  g_assert_true (
      mm_registration_walk_check_password (walk, "password", "Abcdef13", "Abcdef13", "12"));
  g_assert_null (mm_registration_walk_get_problem (walk, "password_again"));
}

/* Keeping */

static MmRegistrationWalk *
again (MmRegistrationWalk *walk)
{
  g_autoptr (GVariant) kept = g_variant_ref_sink (mm_kept_walk_pack (walk));
  g_autofree char *text = g_variant_print (kept, FALSE);
  MmRegistrationWalk *other = mm_registration_walk_new ();

  g_assert_null (strstr (text, "secret"));
  g_assert_null (strstr (text, "token"));
  mm_kept_walk_unpack (other, kept);
  return other;
}

static void
test_keeping (void)
{
  g_autoptr (MmRegistrationWalk) empty = new_at_form ();
  g_autoptr (MmRegistrationWalk) from_empty = again (empty);
  g_autoptr (MmRegistrationWalk) form = new_at_form ();
  g_autoptr (MmRegistrationWalk) from_form = NULL;
  g_autoptr (MmRegistrationWalk) password = new_at_password ();
  g_autoptr (MmRegistrationWalk) from_password = again (password);
  g_autoptr (MmRegistrationWalk) from_complete = NULL;

  g_assert_cmpint (page_of (from_empty), ==, MM_WALK_SERVER);
  mm_registration_walk_set_field (form, "name", "御室");
  from_form = again (form);
  g_assert_cmpint (page_of (from_form), ==, MM_WALK_FORM);
  g_assert_cmpstr (mm_registration_walk_get_field (from_form, "name"), ==, "御室");
  g_assert_cmpstr (mm_registration_walk_facts (from_form)->server, ==, "https://a.example");
  g_assert_cmpint (mm_registration_walk_facts (from_form)->terms, ==, 3);
  /* The link is in the mail and has to be opened anew. */
  g_assert_cmpint (page_of (from_password), ==, MM_WALK_MAIL);
  g_assert_cmpstr (mm_registration_walk_facts (from_password)->sent_to, ==, "Taro@example.jp");
  g_assert_cmpint (mm_registration_walk_facts (from_password)->expires, ==, 5 * DAY);
  mm_registration_walk_completed (password);
  from_complete = again (password);
  g_assert_cmpint (page_of (from_complete), ==, MM_WALK_SERVER);
}

static void
test_keeping_broken (void)
{
  static const char *const texts[] = {
    "@a{ss} {}",
    "{'step': 'form'}",
    "{'step': 'form', 'server': 'https://a.example'}",
    "{'step': 'mail', 'server': 'https://a.example', 'terms': '3'}",
    "{'step': 'password', 'server': 'https://a.example', 'terms': '3'}",
    "{'step': 'form', 'server': 'ftp://a.example', 'terms': '3'}",
    "{'step': 'form', 'server': 'https://u:p@a.example', 'terms': '3'}",
    "{'step': '', 'server': 'https://a.example', 'terms': '-7', 'expires': 'x'}",
    "{'unknown': 'x', 'password': 'Abcdef12', 'server': ''}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) kept = g_variant_ref_sink (g_variant_new_parsed (texts[i]));
      g_autoptr (MmRegistrationWalk) walk = mm_registration_walk_new ();
      const MmWalkFacts *facts = mm_registration_walk_facts (walk);

      mm_kept_walk_unpack (walk, kept);
      g_assert_cmpint (facts->page, <=, MM_WALK_TERMS);
      g_assert_cmpint (facts->terms, >=, 0);
      g_assert_cmpint (facts->expires, >=, 0);
    }
}

static void
test_keeping_places (void)
{
  g_autoptr (GSettingsBackend) backend = g_memory_settings_backend_new ();
  g_autoptr (GSettings) settings = g_settings_new_with_backend ("org.mimamori.Mimamori", backend);
  g_autoptr (MmRegistrationWalk) walk = new_at_mail ();
  g_autoptr (MmRegistrationWalk) later = mm_registration_walk_new ();
  g_autoptr (MmRegistrationWalk) after = mm_registration_walk_new ();
  g_autofree char *path
      = g_build_filename (g_get_user_state_dir (), "mimamori", "registration", NULL);
  g_autoptr (GVariant) taken = NULL;
  GStatBuf file;

  g_assert_false (mm_kept_walk_exists (settings));
  mm_kept_walk_save (walk, settings);
  g_assert_true (mm_kept_walk_exists (settings));
  g_assert_cmpint (g_stat (path, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0777, ==, 0600);
  mm_kept_walk_load (later, settings);
  g_assert_cmpint (page_of (later), ==, MM_WALK_MAIL);
  g_assert_cmpstr (mm_registration_walk_facts (later)->secret, ==, "secret");
  taken = mm_kept_walk_take (settings);
  g_assert_false (mm_kept_walk_exists (settings));
  mm_kept_walk_give_back (settings, taken);
  g_assert_true (mm_kept_walk_exists (settings));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  mm_kept_walk_discard (settings);
  g_assert_false (mm_kept_walk_exists (settings));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  mm_kept_walk_discard (settings);
  mm_kept_walk_load (after, settings);
  g_assert_cmpint (page_of (after), ==, MM_WALK_SERVER);
}

/* A state directory of our own; GLib's G_TEST_OPTION_ISOLATE_DIRS loses memory. */
static int
run_isolated (void)
{
  g_autofree char *folder = g_dir_make_tmp ("mm-registration-walk-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "mimamori", NULL);
  int status;

  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  status = g_test_run ();
  g_rmdir (inner);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return status;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registration-walk/whole", test_whole);
  g_test_add_func ("/registration-walk/steps", test_steps);
  g_test_add_func ("/registration-walk/back-keeps-input", test_back_keeps_input);
  g_test_add_func ("/registration-walk/back-from-the-link", test_back_from_the_link);
  g_test_add_func ("/registration-walk/another-server", test_another_server);
  g_test_add_func ("/registration-walk/problems", test_problems);
  g_test_add_func ("/registration-walk/mail-twice", test_mail_twice);
  g_test_add_func ("/registration-walk/user-id", test_user_id);
  g_test_add_func ("/registration-walk/refused-at-confirm", test_refused_at_confirm);
  g_test_add_func ("/registration-walk/refused-at-password", test_refused_at_password);
  g_test_add_func ("/registration-walk/password", test_password);
  g_test_add_func ("/registration-walk/keeping", test_keeping);
  g_test_add_func ("/registration-walk/keeping-broken", test_keeping_broken);
  g_test_add_func ("/registration-walk/keeping-places", test_keeping_places);
  return run_isolated ();
}
