/* Addresses that lead into the app, the honest and the hostile. */
#include "mm-mail-link.h"

#include "mm-error.h"

#include <string.h>

#define TOKEN "AbcdefGhijklmnop_qrstuvwxyz-0123456789ABCDE"

static void
assert_confirm (const char *text, const char *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmMailLink) link = mm_mail_link_parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (link->kind, ==, MM_MAIL_LINK_CONFIRM);
  g_assert_cmpstr (link->server, ==, server);
  g_assert_cmpstr (link->token, ==, TOKEN);
  g_assert_null (link->gateway);
}

static void
assert_gateway (const char *text, const char *server, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmMailLink) link = mm_mail_link_parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (link->kind, ==, MM_MAIL_LINK_GATEWAY);
  g_assert_cmpstr (link->server, ==, server);
  g_assert_cmpstr (link->gateway, ==, id);
  g_assert_null (link->token);
}

static void
assert_refused (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmMailLink) link = mm_mail_link_parse (text, &error);

  g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
  g_assert_cmpstr (mm_error_code (error), ==, "link");
  g_assert_null (link);
}

static void
test_confirm (void)
{
  assert_confirm ("mimamori:confirm?server=https%3A%2F%2Fmimamori.example.jp&token=" TOKEN,
                  "https://mimamori.example.jp");
  assert_confirm ("MIMAMORI://confirm?token=" TOKEN "&server=https://a.example:8443/desk/",
                  "https://a.example:8443/desk");
  assert_confirm ("https://mimamori.example.jp/confirm?token=" TOKEN,
                  "https://mimamori.example.jp");
  assert_confirm ("http://127.0.0.1:8470/confirm?token=" TOKEN, "http://127.0.0.1:8470");
  assert_confirm ("https://a.example/desk/confirm?lang=ja&token=" TOKEN "#top",
                  "https://a.example/desk");
}

static void
test_as_pasted (void)
{
  assert_confirm ("  <https://a.example/confirm?token=" TOKEN ">\n", "https://a.example");
  assert_confirm ("https://a.example/con\r\n  firm?token=" TOKEN, "https://a.example");
}

static void
test_gateway (void)
{
  assert_gateway ("mimamori:gateway/GW-0A31", NULL, "GW-0A31");
  assert_gateway ("mimamori:gateway/GW%2D0A31", NULL, "GW-0A31");
  assert_gateway ("https://a.example/open/gateway/gw.1", "https://a.example", "gw.1");
}

static void
test_hostile (void)
{
  g_autofree char *huge = g_strnfill (MM_MAIL_LINK_MAX + 1, 'a');
  g_autofree char *long_token = g_strnfill (300, 'a');
  g_autofree char *with_long = g_strconcat ("https://a.example/confirm?token=", long_token, NULL);
  const char *const texts[] = {
    "",
    " ",
    "garbage",
    "mimamori:",
    "mimamori:///",
    "mimamori:confirm",
    "mimamori:confirm?",
    "mimamori:confirm?token=" TOKEN,
    "mimamori:confirm?server=https://a.example",
    "mimamori:confirm?server=https://a.example&token=",
    "mimamori:confirm?server=https://a.example&token=short",
    "mimamori:confirm?server=https://a.example&token=" TOKEN "%00x",
    "mimamori:confirm?server=https://a.example&token=" TOKEN "/../x",
    "mimamori:confirm?server=https://a.example&token=%zz" TOKEN,
    "mimamori:confirm?server=a.example&token=" TOKEN,
    "mimamori:confirm?server=file:///etc/passwd&token=" TOKEN,
    "mimamori:confirm?server=javascript://x/&token=" TOKEN,
    "mimamori:confirm?server=https://good.example@evil.example&token=" TOKEN,
    "mimamori:confirm?server=https%3A%2F%2Fa.example%3Fq%3D1&token=" TOKEN,
    "mimamori:confirm?server=https%3A%2F%2F&token=" TOKEN,
    "mimamori:gateway/",
    "mimamori:gateway/..",
    "mimamori:gateway/..%2F..%2Fserver",
    "mimamori:gateway/GW-1?x=1",
    "mimamori:gateway/GW-1/settings",
    "mimamori:gateway/%00",
    "mimamori:delete/everything",
    "https://a.example/",
    "https://a.example/confirm",
    "https://a.example/confirm/done?token=" TOKEN,
    "https://user:pw@a.example/confirm?token=" TOKEN,
    "https:///confirm?token=" TOKEN,
    "https://a.example/open/gateway/../x",
    "ftp://a.example/confirm?token=" TOKEN,
    "https://a.example/confirm?token=" TOKEN "\001",
    "\xff\xfehttps://a.example/confirm?token=" TOKEN,
    "https://a.example/confirm?token=\xe3\x81\x82" TOKEN,
  };

  assert_refused (NULL);
  assert_refused (huge);
  assert_refused (with_long);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%u: %s", i, g_utf8_validate (texts[i], -1, NULL) ? texts[i] : "(bytes)");
      assert_refused (texts[i]);
    }
}

/* Whatever bytes come, there is an answer, and an accepted one keeps the rules. */
static void
test_random (void)
{
  static const char *const pieces[] = {
    "mimamori:", "confirm?", "server=",   "token=", "gateway/", "https://",
    "a.example", "/",        "&",         "%2F",    "%",        "#",
    "@",         TOKEN,      "/confirm?", "\n",     "..",       "\xff",
  };

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (MmMailLink) link = NULL;

      for (int n = g_test_rand_int_range (0, 9); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (pieces))]);
      link = mm_mail_link_parse (text->str, NULL);
      if (link == NULL)
        continue;
      if (link->kind == MM_MAIL_LINK_CONFIRM)
        {
          g_assert_true (g_str_has_prefix (link->server, "http"));
          g_assert_null (strpbrk (link->token, "/&%#@ \n"));
        }
      else
        g_assert_null (strpbrk (link->gateway, "/&%#@ \n"));
    }
}

static void
assert_shown (const char *url, const char *expected)
{
  g_autofree char *shown = mm_mail_link_show_host (url);

  g_assert_cmpstr (shown, ==, expected);
}

static void
test_host (void)
{
  assert_shown ("https://mimamori.example.jp", "mimamori.example.jp");
  assert_shown ("https://mimamori.example.jp:8443/x", "mimamori.example.jp:8443");
  assert_shown ("http://[::1]:8470", "[::1]:8470");
  /* A Cyrillic а is no Latin a. */
  assert_shown ("https://p\xd0\xb0ypal.example", "xn--pypal-4ve.example");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail-link/confirm", test_confirm);
  g_test_add_func ("/mail-link/as-pasted", test_as_pasted);
  g_test_add_func ("/mail-link/gateway", test_gateway);
  g_test_add_func ("/mail-link/hostile", test_hostile);
  g_test_add_func ("/mail-link/random", test_random);
  g_test_add_func ("/mail-link/host", test_host);
  return g_test_run ();
}
