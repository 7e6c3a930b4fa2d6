/* The rules of user IDs, passwords, mail addresses, phones, names and readings. */
#include "mm-account.h"

#include "test-field.h"

static void
test_user_id (void)
{
  assert_normal (mm_user_id_normalise, "abc", "abc");
  assert_normal (mm_user_id_normalise, "Aa0_-Zz9_-Aa0_-Z", "Aa0_-Zz9_-Aa0_-Z");
  assert_normal (mm_user_id_normalise, " mimuro ", "mimuro");
  assert_normal (mm_user_id_normalise, "Mimuro", "Mimuro"); /* case is kept */

  assert_refused (mm_user_id_normalise, NULL, "required");
  assert_refused (mm_user_id_normalise, "  \t", "required");
  assert_refused (mm_user_id_normalise, "ab", "too-short");
  assert_refused (mm_user_id_normalise, "abcdefghijklmnopq", "too-long");
  assert_refused (mm_user_id_normalise, "ab c", "characters");
  assert_refused (mm_user_id_normalise, "ab.c", "characters");
  assert_refused (mm_user_id_normalise, "ab@c", "characters");
  assert_refused (mm_user_id_normalise, "ａｂｃ", "characters");
  assert_refused (mm_user_id_normalise, "みむろ", "characters");
  assert_refused (mm_user_id_normalise, "abc\r\nd", "characters");
  assert_refused (mm_user_id_normalise, "abc\xff", "characters");
}

static void
test_user_id_fold (void)
{
  g_autofree char *a = mm_user_id_fold ("Mimuro_1-A");
  g_autofree char *b = mm_user_id_fold ("mIMURO_1-a");

  g_assert_cmpstr (a, ==, "mimuro_1-a");
  g_assert_cmpstr (a, ==, b);
}

static void
test_password_rules (void)
{
  g_assert_cmpint (mm_password_rules ("Abcdefg1", 16), ==, MM_PASSWORD_ALL);
  g_assert_cmpint (mm_password_rules ("Abcdefg 1~!\"", 16), ==, MM_PASSWORD_ALL);
  g_assert_cmpint (mm_password_rules ("Abcdefghijklmn12", 16), ==, MM_PASSWORD_ALL);
  g_assert_cmpint (mm_password_rules ("Abcdefghijklmn123", 16), ==,
                   MM_PASSWORD_ALL & ~MM_PASSWORD_SHORT_ENOUGH);
  g_assert_cmpint (mm_password_rules ("Abcdefghijklmn123", 64), ==, MM_PASSWORD_ALL);
  g_assert_cmpint (mm_password_rules ("Abcdef1", 16), ==,
                   MM_PASSWORD_ALL & ~MM_PASSWORD_LONG_ENOUGH);
  g_assert_cmpint (mm_password_rules ("ABCDEFG1", 16), ==, MM_PASSWORD_ALL & ~MM_PASSWORD_LOWER);
  g_assert_cmpint (mm_password_rules ("abcdefg1", 16), ==, MM_PASSWORD_ALL & ~MM_PASSWORD_UPPER);
  g_assert_cmpint (mm_password_rules ("Abcdefgh", 16), ==, MM_PASSWORD_ALL & ~MM_PASSWORD_DIGIT);
  g_assert_cmpint (mm_password_rules ("Abcdefg1é", 16), ==,
                   MM_PASSWORD_ALL & ~MM_PASSWORD_PRINTABLE);
  g_assert_cmpint (mm_password_rules ("Abcdefg1\n", 16), ==,
                   MM_PASSWORD_ALL & ~MM_PASSWORD_PRINTABLE);
  g_assert_cmpint (mm_password_rules ("Abcdefg1\x7f", 16), ==,
                   MM_PASSWORD_ALL & ~MM_PASSWORD_PRINTABLE);
  /* Sixteen characters of three bytes are sixteen characters. */
  g_assert_cmpint (mm_password_rules ("パスワードパスワードパスワードパ", 16), ==,
                   MM_PASSWORD_LONG_ENOUGH | MM_PASSWORD_SHORT_ENOUGH);
  g_assert_cmpint (mm_password_rules (NULL, 16), ==,
                   MM_PASSWORD_SHORT_ENOUGH | MM_PASSWORD_PRINTABLE);
}

static void
test_password_check (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mm_password_check ("Abcdefg1", MM_PASSWORD_MAX, "password", &error));
  g_assert_no_error (error);

  g_assert_false (mm_password_check ("", MM_PASSWORD_MAX, "password", &error));
  assert_fields (error, "password:required");
  g_clear_error (&error);

  /* All broken rules at once. */
  g_assert_false (mm_password_check ("é", MM_PASSWORD_MAX, "password", &error));
  assert_fields (error, "password:too-short password:no-lower password:no-upper "
                        "password:no-digit password:characters");
  g_clear_error (&error);

  g_assert_false (mm_password_check ("Abcdefghijklmnopq1", MM_PASSWORD_MAX, "password", &error));
  assert_fields (error, "password:too-long");
}

static void
test_mail (void)
{
  g_autofree char *local64 = g_strnfill (64, 'a');
  g_autofree char *local65 = g_strnfill (65, 'a');
  g_autofree char *label63 = g_strnfill (63, 'b');
  g_autofree char *label64 = g_strnfill (64, 'b');
  g_autofree char *longest
      = g_strconcat (local64, "@", label63, ".", label63, ".", label63 + 5, ".jp", NULL);
  g_autofree char *longer
      = g_strconcat (local64, "@", label63, ".", label63, ".", label63 + 4, ".jp", NULL);
  g_autofree char *local_too_long = g_strconcat (local65, "@example.jp", NULL);
  g_autofree char *label_too_long = g_strconcat ("a@", label64, ".jp", NULL);

  assert_normal (mm_mail_normalise, "taro@example.co.jp", "taro@example.co.jp");
  assert_normal (mm_mail_normalise, " Taro.M+x@EXAMPLE.Co.Jp ", "Taro.M+x@example.co.jp");
  assert_normal (mm_mail_normalise, "!#$%&'*+-/=?^_`{|}~@a.jp", "!#$%&'*+-/=?^_`{|}~@a.jp");
  assert_normal (mm_mail_normalise, "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp");
  assert_normal (mm_mail_normalise, "taro@日本.jp", "taro@xn--wgv71a.jp");
  g_assert_cmpuint (strlen (longest), ==, 254);
  assert_normal (mm_mail_normalise, longest, longest);

  assert_refused (mm_mail_normalise, "", "required");
  assert_refused (mm_mail_normalise, longer, "too-long");
  assert_refused (mm_mail_normalise, local_too_long, "too-long");
  assert_refused (mm_mail_normalise, label_too_long, "syntax");
  assert_refused (mm_mail_normalise, "taro", "syntax");
  assert_refused (mm_mail_normalise, "@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@", "syntax");
  assert_refused (mm_mail_normalise, "taro@localhost", "syntax");
  assert_refused (mm_mail_normalise, "taro@192.168.0.1", "syntax");
  assert_refused (mm_mail_normalise, "taro@[192.168.0.1]", "syntax");
  assert_refused (mm_mail_normalise, "a@b@example.jp", "syntax");
  assert_refused (mm_mail_normalise, ".taro@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro.@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "ta..ro@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "\"ta ro\"@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "太郎@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "ta ro@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@exa mple.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@example..jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@example.jp.", "syntax");
  assert_refused (mm_mail_normalise, "taro@-example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@example-.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@exam_ple.jp", "syntax");
  assert_refused (mm_mail_normalise, "Taro <taro@example.jp>", "syntax");
  assert_refused (mm_mail_normalise, "a@example.jp,b@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro@example.jp\r\nBcc: b@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "ta\nro@example.jp", "syntax");
  assert_refused (mm_mail_normalise, "taro\xc0@example.jp", "characters");
}

static void
test_phone (void)
{
  assert_normal (mm_phone_normalise, "026-228-1234", "0262281234");
  assert_normal (mm_phone_normalise, "09012345678", "09012345678");
  assert_normal (mm_phone_normalise, "０９０－１２３４－５６７８", "09012345678");
  assert_normal (mm_phone_normalise, "090ー1234ー5678", "09012345678");
  assert_normal (mm_phone_normalise, "090−1234‐5678", "09012345678");
  assert_normal (mm_phone_normalise, "（026）228　1234", "0262281234");
  assert_normal (mm_phone_normalise, "(026) 228.1234", "0262281234");
  assert_normal (mm_phone_normalise,
                 "\xe2\x80\xaa"
                 "0262281234\xe2\x80\xac",
                 "0262281234");
  assert_normal (mm_phone_normalise, "+81 90-1234-5678", "09012345678");
  assert_normal (mm_phone_normalise, "＋81 (0)90-1234-5678", "09012345678");
  assert_normal (mm_phone_normalise, "+49 30 901820", "+4930901820");
  assert_normal (mm_phone_normalise, "+1 202-555-0123", "+12025550123");
  assert_normal (mm_phone_normalise, "+123456789012345", "+123456789012345");

  assert_refused (mm_phone_normalise, "", "required");
  assert_refused (mm_phone_normalise, "-", "syntax");
  assert_refused (mm_phone_normalise, "026-228-123", "syntax");
  assert_refused (mm_phone_normalise, "090-1234-56789", "syntax");
  assert_refused (mm_phone_normalise, "90-1234-5678", "syntax");
  assert_refused (mm_phone_normalise, "1901234567", "syntax");
  assert_refused (mm_phone_normalise, "+81 90-1234", "syntax");
  assert_refused (mm_phone_normalise, "+81 90-1234-56789", "syntax");
  assert_refused (mm_phone_normalise, "+1234567", "syntax");
  assert_refused (mm_phone_normalise, "+1234567890123456", "syntax");
  assert_refused (mm_phone_normalise, "+0123456789", "syntax");
  assert_refused (mm_phone_normalise, "090+12345678", "syntax");
  assert_refused (mm_phone_normalise, "090-1234-567a", "syntax");
  assert_refused (mm_phone_normalise, "０９０ー１２３４ー五六七八", "syntax");
}

static void
test_phone_equal (void)
{
  g_assert_true (mm_phone_equal ("090-1234-5678", "+81 90 1234 5678"));
  g_assert_true (mm_phone_equal ("０９０１２３４５６７８", "(090)1234-5678"));
  g_assert_false (mm_phone_equal ("090-1234-5678", "090-1234-5679"));
  g_assert_false (mm_phone_equal ("nonsense", "nonsense"));
  g_assert_false (mm_phone_equal (NULL, NULL));
  g_assert_false (mm_phone_equal ("09012345678", ""));
}

static void
test_name (void)
{
  g_autoptr (GString) hundred = g_string_new (NULL);

  for (int i = 0; i < 100; i++)
    g_string_append (hundred, "御");
  assert_normal (mm_name_normalise, "　御室　太郎 ", "御室　太郎");
  assert_normal (mm_name_normalise, "e\xcc\x81", "é"); /* composed */
  assert_normal (mm_name_normalise, hundred->str, hundred->str);
  g_string_append (hundred, "御");

  assert_refused (mm_name_normalise, hundred->str, "too-long");
  assert_refused (mm_name_normalise, "　", "required");
  assert_refused (mm_name_normalise, "御室\n太郎", "characters");
  assert_refused (mm_name_normalise, "御室\t太郎", "characters");
  assert_refused (mm_name_normalise, "御室\xc2\x85太郎", "characters");
  assert_refused (mm_name_normalise, "御室\xe2\x80\xa8太郎", "characters");
  assert_refused (mm_name_normalise, "御室\xe2\x80\xae太郎", "characters");
  assert_refused (mm_name_normalise, "\xe5\xbe", "characters");
}

static void
test_kana (void)
{
  assert_normal (mm_kana_normalise, "ミムロ タロウ", "ミムロ タロウ");
  assert_normal (mm_kana_normalise, "ミムロ　タロー", "ミムロ　タロー");
  assert_normal (mm_kana_normalise, "みむろ たろう", "ミムロ タロウ");
  assert_normal (mm_kana_normalise, "ゔゕゝゞ", "ヴヵヽヾ");
  assert_normal (mm_kana_normalise, "ﾐﾑﾛ ｼﾞﾛｰ･ﾊﾟﾌﾞﾛ", "ミムロ ジロー・パブロ");
  assert_normal (mm_kana_normalise, "か\xe3\x82\x99", "ガ"); /* composed */

  assert_refused (mm_kana_normalise, "", "required");
  assert_refused (mm_kana_normalise, "御室", "characters");
  assert_refused (mm_kana_normalise, "Mimuro", "characters");
  assert_refused (mm_kana_normalise, "ミムロ1", "characters");
  assert_refused (mm_kana_normalise, "ミムロ\nタロウ", "characters");
}

static void
test_kana_length (void)
{
  g_autoptr (GString) hundred = g_string_new (NULL);

  for (int i = 0; i < 100; i++)
    g_string_append (hundred, "ｶﾞ");
  g_string_append (hundred, "ア");
  assert_refused (mm_kana_normalise, hundred->str, "too-long");
  g_string_truncate (hundred, hundred->len - strlen ("ア"));
  {
    g_autoptr (GError) error = NULL;
    g_autofree char *kana = mm_kana_normalise (hundred->str, "kana", &error);

    g_assert_no_error (error);
    g_assert_cmpint (g_utf8_strlen (kana, -1), ==, 100); /* two half-width ones are one */
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/user-id", test_user_id);
  g_test_add_func ("/account/user-id/fold", test_user_id_fold);
  g_test_add_func ("/account/password/rules", test_password_rules);
  g_test_add_func ("/account/password/check", test_password_check);
  g_test_add_func ("/account/mail", test_mail);
  g_test_add_func ("/account/phone", test_phone);
  g_test_add_func ("/account/phone/equal", test_phone_equal);
  g_test_add_func ("/account/name", test_name);
  g_test_add_func ("/account/kana", test_kana);
  g_test_add_func ("/account/kana/length", test_kana_length);
  return g_test_run ();
}
