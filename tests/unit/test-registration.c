/* The forms of registration, their field errors, and what becomes of a mailed link. */
#include "mm-registration.h"

#include "test-field.h"

static MmDealerForm *
right_dealer_form (void)
{
  MmDealerForm *form = mm_dealer_form_new ();

  form->name = g_strdup (" 御室 太郎");
  form->kana = g_strdup ("みむろ たろう");
  form->mail = g_strdup ("Taro@Example.JP");
  form->mail_again = g_strdup ("Taro@example.jp");
  form->dealer_name = g_strdup ("御室電設 長野支社");
  form->phone = g_strdup ("０２６-２２８-１２３４");
  form->postal_code = g_strdup ("〒3800921");
  form->prefecture = g_strdup ("nagano");
  form->address = g_strdup ("長野市栗田1-2-3 ");
  form->user_id = g_strdup ("Mimuro-1");
  return form;
}

static void
test_dealer_right (void)
{
  g_autoptr (MmDealerForm) form = right_dealer_form ();
  g_autoptr (GError) error = NULL;

  /* A second pass over what the first one stored changes nothing. */
  for (int pass = 0; pass < 2; pass++)
    {
      g_assert_true (mm_dealer_form_check (form, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (form->name, ==, "御室 太郎");
      g_assert_cmpstr (form->kana, ==, "ミムロ タロウ");
      g_assert_cmpstr (form->mail, ==, "Taro@example.jp");
      g_assert_cmpstr (form->mail_again, ==, "Taro@example.jp");
      g_assert_cmpstr (form->dealer_name, ==, "御室電設 長野支社");
      g_assert_cmpstr (form->phone, ==, "0262281234");
      g_assert_cmpstr (form->postal_code, ==, "380-0921");
      g_assert_cmpstr (form->prefecture, ==, "長野県");
      g_assert_cmpstr (form->address, ==, "長野市栗田1-2-3");
      g_assert_cmpstr (form->user_id, ==, "Mimuro-1");
    }
}

static void
test_dealer_empty (void)
{
  g_autoptr (MmDealerForm) form = mm_dealer_form_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mm_dealer_form_check (form, &error));
  assert_fields (error, "name:required kana:required mail:required mail_again:required "
                        "dealer_name:required phone:required postal_code:required "
                        "prefecture:required address:required user_id:required");
  g_assert_false (mm_dealer_form_check (form, NULL)); /* the caller may not want the error */
}

/* Each field alone, wrong, is the only one reported; the others are still normalised and what was
 * typed into it is still there. */
static void
test_dealer_each (void)
{
  static const struct
  {
    const char *field;
    const char *text;
    const char *expected;
  } cases[] = {
    { "name", "a\nb", "name:characters" },
    { "kana", "御室", "kana:characters" },
    { "mail", "taro", "mail:syntax" },
    { "mail_again", "jiro@example.jp", "mail_again:mismatch" },
    { "mail_again", "taro@example.jp", "mail_again:mismatch" }, /* case before the @ counts */
    { "mail_again", "nonsense", "mail_again:mismatch" },
    { "mail_again", "", "mail_again:required" },
    { "dealer_name", " ", "dealer_name:required" },
    { "phone", "110", "phone:syntax" },
    { "postal_code", "38", "postal_code:syntax" },
    { "prefecture", "信州", "prefecture:unknown" },
    { "address", "", "address:required" },
    { "user_id", "m!muro", "user_id:characters" },
    { "user_id", "mm", "user_id:too-short" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MmDealerForm) form = right_dealer_form ();
      g_autoptr (GError) error = NULL;
      char **field = mm_dealer_form_field (form, cases[i].field);

      g_free (*field);
      *field = g_strdup (cases[i].text);
      g_assert_false (mm_dealer_form_check (form, &error));
      assert_fields (error, cases[i].expected);
      g_assert_cmpstr (*field, ==, cases[i].text);
      if (field != &form->kana)
        g_assert_cmpstr (form->kana, ==, "ミムロ タロウ");
    }
}

static void
test_customer (void)
{
  g_autoptr (MmCustomerForm) form = mm_customer_form_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (mm_customer_form_check (form, &error));
  assert_fields (error, "gateway_id:required activation_code:required name:required "
                        "kana:required mail:required mail_again:required phone:required "
                        "postal_code:required prefecture:required municipality:required "
                        "address:required");
  g_clear_error (&error);

  form->gateway_id = g_strdup ("GW-0A31");
  form->activation_code = g_strdup ("oil0 2345 6789 abcd");
  form->name = g_strdup ("御室 花子");
  form->kana = g_strdup ("ﾐﾑﾛ ﾊﾅｺ");
  form->mail = g_strdup ("hanako@example.jp");
  form->mail_again = g_strdup ("hanako@example.jp");
  form->phone = g_strdup ("090-1234-5678");
  form->postal_code = g_strdup ("380-0921");
  form->prefecture = g_strdup ("長野県");
  form->municipality = g_strdup ("長野市");
  form->address = g_strdup ("栗田1-2-3");
  g_assert_true (mm_customer_form_check (form, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (form->activation_code, ==, "0110-2345-6789-ABCD");
  g_assert_cmpstr (form->kana, ==, "ミムロ ハナコ");
  g_assert_cmpstr (form->phone, ==, "09012345678");

  g_free (form->gateway_id);
  form->gateway_id = g_strdup ("GW 0A31");
  g_free (form->municipality);
  form->municipality = NULL;
  g_assert_false (mm_customer_form_check (form, &error));
  assert_fields (error, "gateway_id:characters municipality:required");
}

static void
test_fields_by_name (void)
{
  MmDealerForm dealer = { 0 };
  MmCustomerForm customer = { 0 };

  g_assert_true (mm_dealer_form_field (&dealer, "name") == &dealer.name);
  g_assert_true (mm_dealer_form_field (&dealer, "kana") == &dealer.kana);
  g_assert_true (mm_dealer_form_field (&dealer, "mail") == &dealer.mail);
  g_assert_true (mm_dealer_form_field (&dealer, "mail_again") == &dealer.mail_again);
  g_assert_true (mm_dealer_form_field (&dealer, "dealer_name") == &dealer.dealer_name);
  g_assert_true (mm_dealer_form_field (&dealer, "phone") == &dealer.phone);
  g_assert_true (mm_dealer_form_field (&dealer, "postal_code") == &dealer.postal_code);
  g_assert_true (mm_dealer_form_field (&dealer, "prefecture") == &dealer.prefecture);
  g_assert_true (mm_dealer_form_field (&dealer, "address") == &dealer.address);
  g_assert_true (mm_dealer_form_field (&dealer, "user_id") == &dealer.user_id);
  g_assert_null (mm_dealer_form_field (&dealer, "gateway_id"));

  g_assert_true (mm_customer_form_field (&customer, "gateway_id") == &customer.gateway_id);
  g_assert_true (mm_customer_form_field (&customer, "activation_code")
                 == &customer.activation_code);
  g_assert_true (mm_customer_form_field (&customer, "name") == &customer.name);
  g_assert_true (mm_customer_form_field (&customer, "kana") == &customer.kana);
  g_assert_true (mm_customer_form_field (&customer, "mail") == &customer.mail);
  g_assert_true (mm_customer_form_field (&customer, "mail_again") == &customer.mail_again);
  g_assert_true (mm_customer_form_field (&customer, "phone") == &customer.phone);
  g_assert_true (mm_customer_form_field (&customer, "postal_code") == &customer.postal_code);
  g_assert_true (mm_customer_form_field (&customer, "prefecture") == &customer.prefecture);
  g_assert_true (mm_customer_form_field (&customer, "municipality") == &customer.municipality);
  g_assert_true (mm_customer_form_field (&customer, "address") == &customer.address);
}

static void
test_steps (void)
{
  g_assert_cmpint (MM_REGISTRATION_N_STEPS, ==, 6);
  for (int step = 0; step < MM_REGISTRATION_N_STEPS; step++)
    g_assert_nonnull (mm_registration_step_title ((MmRegistrationStep) step));
}

static void
test_provisional (void)
{
  gint64 expires = 1000 * MM_SECOND + MM_PROVISIONAL_LIFE;

  g_assert_cmpint (MM_PROVISIONAL_LIFE, ==, G_GINT64_CONSTANT (259200000000));
  g_assert_cmpint (mm_provisional_state (expires - 1, expires, 0, FALSE), ==, MM_PROVISIONAL_OPEN);
  g_assert_cmpint (mm_provisional_state (expires, expires, 0, FALSE), ==, MM_PROVISIONAL_EXPIRED);
  g_assert_cmpint (mm_provisional_state (0, expires, 4, FALSE), ==, MM_PROVISIONAL_OPEN);
  g_assert_cmpint (mm_provisional_state (0, expires, 5, FALSE), ==, MM_PROVISIONAL_LOCKED);
  g_assert_cmpint (mm_provisional_state (expires, expires, 5, FALSE), ==, MM_PROVISIONAL_LOCKED);
  g_assert_cmpint (mm_provisional_state (expires, expires, 5, TRUE), ==, MM_PROVISIONAL_USED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registration/dealer/right", test_dealer_right);
  g_test_add_func ("/registration/dealer/empty", test_dealer_empty);
  g_test_add_func ("/registration/dealer/each-field", test_dealer_each);
  g_test_add_func ("/registration/customer", test_customer);
  g_test_add_func ("/registration/fields-by-name", test_fields_by_name);
  g_test_add_func ("/registration/steps", test_steps);
  g_test_add_func ("/registration/provisional", test_provisional);
  return g_test_run ();
}
