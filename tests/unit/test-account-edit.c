#include "mm-account-edit.h"

#include "mm-error.h"
#include "mm-json.h"

#define ACCOUNT(user, name, mails, own)                                                            \
  "{\"user_id\":\"" user "\",\"name\":\"" name "\",\"kana\":\"kana\",\"mail\":\"a@b.example\","    \
  "\"dealer_name\":\"D\",\"phone\":\"0261234567\","                                                \
  "\"postal_code\":\"380-0838\",\"prefecture\":\"Nagano\",\"address\":\"1-1\","                    \
  "\"language\":\"ja\",\"alert_own_mail\":" own ",\"contacts\":[" mails "]}"
#define CONTACT(mail, confirmed) "{\"mail\":\"" mail "\",\"confirmed\":" confirmed "}"

static gboolean
load (MmAccountEdit *edit, const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return mm_account_edit_load (edit, mm_json_root (node));
}

static MmAccountEdit *
make (void)
{
  MmAccountEdit *edit = mm_account_edit_new ();

  g_assert_false (load (edit, ACCOUNT ("Ten", "Taro", CONTACT ("one@x.example", "true"), "false")));
  return edit;
}

static void
test_whole_walk (void)
{
  g_autoptr (MmAccountEdit) edit = make ();
  g_autoptr (JsonNode) body = NULL;
  GArray *differences;
  MmAccountDifference *first;

  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_VIEW);
  mm_account_edit_begin (edit);
  g_assert_false (mm_account_edit_submit (edit));
  mm_account_edit_set (edit, "name", "Jiro");
  mm_account_edit_set (edit, "contacts[1]", "two@x.example");
  mm_account_edit_set_own_mail (edit, TRUE);
  g_assert_true (mm_account_edit_submit (edit));
  mm_account_edit_checked (edit);
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_CONFIRM);

  differences = mm_account_edit_differences (edit);
  g_assert_cmpuint (differences->len, ==, 3);
  first = &g_array_index (differences, MmAccountDifference, 0);
  g_assert_cmpstr (first->name, ==, "name");
  g_assert_cmpstr (first->old_value, ==, "Taro");
  g_assert_cmpstr (first->new_value, ==, "Jiro");
  body = mm_account_edit_to_json (edit);
  g_assert_cmpstr (mm_json_text (mm_json_root (body), "name"), ==, "Jiro");
  g_assert_cmpuint (mm_json_length (mm_json_array (mm_json_root (body), "contacts")), ==, 5);
  g_assert_true (mm_json_truth (mm_json_root (body), "alert_own_mail"));

  mm_account_edit_execute (edit);
  load (edit,
        ACCOUNT ("Ten", "Jiro",
                 CONTACT ("one@x.example", "true") "," CONTACT ("two@x.example", "false"), "true"));
  mm_account_edit_executed (edit);
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_DONE);
  g_assert_false (mm_account_edit_has_changes (edit));
  g_assert_true (mm_account_edit_is_confirmed (edit, "ONE@x.example"));
  g_assert_false (mm_account_edit_is_confirmed (edit, "two@x.example"));
  mm_account_edit_leave (edit);
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_VIEW);
}

static void
test_leaving_keeps_what_was_entered (void)
{
  g_autoptr (MmAccountEdit) edit = make ();

  mm_account_edit_begin (edit);
  mm_account_edit_set (edit, "name", "Jiro");
  mm_account_edit_leave (edit);
  g_assert_true (mm_account_edit_has_changes (edit));
  g_assert_cmpstr (mm_account_edit_get_stored (edit, "name"), ==, "Taro");
  mm_account_edit_begin (edit);
  g_assert_cmpstr (mm_account_edit_get (edit, "name"), ==, "Jiro");
  mm_account_edit_discard (edit);
  g_assert_false (mm_account_edit_has_changes (edit));
  g_assert_cmpstr (mm_account_edit_get (edit, "name"), ==, "Taro");
}

static void
test_errors_stand_beside_their_fields (void)
{
  g_autoptr (MmAccountEdit) edit = make ();
  g_autoptr (GError) error = NULL;

  mm_error_add_field (&error, "contacts[0]", "syntax", "No mail address.");
  mm_error_add_field (&error, "kana", "characters", "Katakana, please.");
  mm_account_edit_begin (edit);
  mm_account_edit_set (edit, "contacts[0]", "x");
  g_assert_true (mm_account_edit_submit (edit));
  mm_account_edit_failed (edit, error);
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_EDIT);
  g_assert_cmpstr (mm_account_edit_get_error (edit, "contacts[0]"), ==, "No mail address.");
  g_assert_cmpstr (mm_account_edit_get_error (edit, "kana"), ==, "Katakana, please.");
  g_assert_null (mm_account_edit_get_error (edit, "name"));
  mm_account_edit_set (edit, "contacts[0]", "y@x.example");
  g_assert_null (mm_account_edit_get_error (edit, "contacts[0]"));
  g_assert_nonnull (mm_account_edit_get_error (edit, "kana"));
}

static void
test_changed_elsewhere (void)
{
  g_autoptr (MmAccountEdit) edit = make ();

  mm_account_edit_begin (edit);
  mm_account_edit_set (edit, "dealer_name", "E");
  /* The same again is no change. */
  g_assert_false (load (edit, ACCOUNT ("Ten", "Taro", CONTACT ("one@x.example", "true"), "false")));
  g_assert_true (mm_account_edit_submit (edit));
  mm_account_edit_checked (edit);
  mm_account_edit_execute (edit);
  g_assert_true (load (edit, ACCOUNT ("Ten", "Saburo", CONTACT ("new@x.example", "true"), "true")));
  mm_account_edit_moved (edit);
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_CONFIRM);
  g_assert_cmpstr (mm_account_edit_get (edit, "name"), ==, "Saburo");
  g_assert_cmpstr (mm_account_edit_get (edit, "contacts[0]"), ==, "new@x.example");
  g_assert_true (mm_account_edit_get_own_mail (edit));
  g_assert_cmpstr (mm_account_edit_get (edit, "dealer_name"), ==, "E");
  g_assert_cmpuint (mm_account_edit_differences (edit)->len, ==, 1);
}

static void
test_contacts_are_not_mixed (void)
{
  g_autoptr (MmAccountEdit) edit = make ();

  mm_account_edit_begin (edit);
  mm_account_edit_set (edit, "contacts[1]", "mine@x.example");
  load (edit, ACCOUNT ("Ten", "Taro", CONTACT ("mine@x.example", "false"), "false"));
  g_assert_cmpstr (mm_account_edit_get (edit, "contacts[0]"), ==, "one@x.example");
  g_assert_cmpstr (mm_account_edit_get (edit, "contacts[1]"), ==, "mine@x.example");
}

static void
test_somebody_else (void)
{
  g_autoptr (MmAccountEdit) edit = make ();

  mm_account_edit_begin (edit);
  mm_account_edit_set (edit, "name", "Jiro");
  g_assert_false (load (edit, ACCOUNT ("Other", "Hana", "", "false")));
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_VIEW);
  g_assert_cmpstr (mm_account_edit_get (edit, "name"), ==, "Hana");
  g_assert_cmpstr (mm_account_edit_get (edit, "contacts[0]"), ==, "");
  g_assert_cmpstr (mm_account_edit_get_user_id (edit), ==, "Other");
  g_assert_false (mm_account_edit_has_changes (edit));
}

static void
test_arrows_that_are_not_there (void)
{
  g_autoptr (MmAccountEdit) edit = mm_account_edit_new ();

  mm_account_edit_begin (edit);
  mm_account_edit_execute (edit);
  mm_account_edit_checked (edit);
  mm_account_edit_executed (edit);
  mm_account_edit_back (edit);
  mm_account_edit_moved (edit);
  g_assert_false (mm_account_edit_submit (edit));
  g_assert_cmpint (mm_account_edit_get_state (edit), ==, MM_ACCOUNT_EDIT_VIEW);
  g_assert_cmpstr (mm_account_edit_get (edit, "nothing"), ==, "");
  mm_account_edit_set (edit, "nothing", "x");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-edit/walk", test_whole_walk);
  g_test_add_func ("/account-edit/leaving", test_leaving_keeps_what_was_entered);
  g_test_add_func ("/account-edit/errors", test_errors_stand_beside_their_fields);
  g_test_add_func ("/account-edit/elsewhere", test_changed_elsewhere);
  g_test_add_func ("/account-edit/contacts", test_contacts_are_not_mixed);
  g_test_add_func ("/account-edit/somebody-else", test_somebody_else);
  g_test_add_func ("/account-edit/no-arrow", test_arrows_that_are_not_there);
  return g_test_run ();
}
