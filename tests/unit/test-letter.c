/* Every letter in both languages: complete, polite to names that look like markup, and the same as
 * text and as HTML. With --print NAME LANGUAGE [html] it writes one, to be looked at. */
#include "mm-letter.h"

#include <stdio.h>
#include <string.h>

#define TEXTS                                                                                      \
  "\"name\":\"御室 太郎\",\"dealer\":\"御室電気株式会社\",\"customer\":\"御室\","    \
  "\"place\":\"長野市\",\"gateway\":\"GW-0A31\",\"gateways\":[\"GW-0A31\",\"GW-0A32\"],"        \
  "\"scope\":[\"See the system and my registered details\",\"Be told of faults\"],"                \
  "\"fields\":[\"Name\",\"Mail address\"],\"fault\":\"地絡\",\"code\":\"E2-3\","                 \
  "\"device\":\"pcs1\",\"meaning\":\"直流回路の地絡を検出しました。\","             \
  "\"first_step\":\"運転を停止し、現地を点検してください。\","                  \
  "\"since\":\"2026年5月1日 14:02 (JST)\",\"recovered\":\"2026年5月1日 14:40 (JST)\","       \
  "\"when\":\"2026年5月1日 14:02 (JST)\",\"expires\":\"2026年5月4日 14:02 (JST)\","          \
  "\"clock\":\"14:02\",\"until\":\"2027年3月31日\",\"operator\":\"御室電気\","              \
  "\"url\":\"https://mimamori.example/c/abc\",\"site_url\":\"https://mimamori.example/\","         \
  "\"reset_url\":\"https://mimamori.example/reset\",\"by_customer\":true"

static const char *const names[]
    = { "provisional-dealer", "provisional-customer", "already-registered",
        "account-changed",    "account-closed",       "mail-change",
        "password-reset",     "linked-dealer",        "linked-customer",
        "link-changed",       "link-ended",           "contact-confirm",
        "fault-raised",       "fault-recovered",      "test" };

typedef struct
{
  MmLetters *letters;
  MmLanguages *languages;
} Desk;

static MmLetter *
write_letter (const Desk *desk, const char *name, const char *tag, const char *json)
{
  json_t *values = json_loads (json, 0, NULL);
  MmLetter *letter;

  g_assert_nonnull (values);
  letter = mm_letter_render (desk->letters, name, mm_languages_get (desk->languages, tag), values);
  json_decref (values);
  return letter;
}

/* The words of @html without tags, entities and white space: what a reader sees. */
static char *
visible (const char *html)
{
  const char *p = strstr (html, "<main>");
  GString *out = g_string_new (NULL);

  for (p = p != NULL ? p : html; *p != '\0'; p++)
    if (*p == '<')
      p = strchr (p, '>');
    else if (!g_ascii_isspace (*p))
      g_string_append_c (out, *p);
  return g_string_free (out, FALSE);
}

static void
test_every_letter (gconstpointer data)
{
  const Desk *desk = data;
  static const char *const tags[] = { "ja", "en" };

  for (guint i = 0; i < G_N_ELEMENTS (names) * 2; i++)
    {
      g_autoptr (MmLetter) letter = write_letter (desk, names[i / 2], tags[i % 2], "{" TEXTS "}");
      g_auto (GStrv) lines = g_strsplit (letter->text, "\n", -1);
      g_autofree char *seen = visible (letter->html);
      g_autofree char *lang = g_strdup_printf ("<html lang=\"%s\">", tags[i % 2]);

      g_test_message ("%s, %s: %s", names[i / 2], tags[i % 2], letter->subject);
      g_assert_cmpuint (strlen (letter->subject), >, 8);
      g_assert_null (strstr (letter->subject, "  "));
      g_assert_null (strpbrk (letter->subject, "\r\n"));
      g_assert_nonnull (strstr (letter->html, lang));
      g_assert_null (strstr (letter->text, "{{"));
      g_assert_null (strstr (letter->text, "\n\n\n"));
      g_assert_true (g_ascii_isalnum (letter->text[0]) || (guchar) letter->text[0] >= 0x80);
      /* What the text says, the HTML says too. */
      for (char **line = lines; *line != NULL; line++)
        {
          const char *words = g_str_has_prefix (*line, "- ") ? *line + 2 : *line;
          g_auto (GStrv) sides = NULL;

          if (g_str_has_prefix (*line, "■ ") || g_str_equal (*line, "----"))
            continue;
          sides = g_strsplit (words, " ", -1);
          for (char **word = sides; *word != NULL; word++)
            {
              g_autofree char *bare = g_strdup (*word);

              if (g_str_has_suffix (bare, ":"))
                bare[strlen (bare) - 1] = '\0';
              g_assert_nonnull (strstr (seen, bare));
            }
        }
    }
}

static void
test_languages (gconstpointer data)
{
  const Desk *desk = data;
  g_autoptr (MmLetter) provisional = write_letter (desk, "provisional-dealer", "ja", "{" TEXTS "}");
  g_autoptr (MmLetter) changed = write_letter (desk, "account-changed", "ja", "{" TEXTS "}");
  g_autoptr (MmLetter) fault = write_letter (desk, "fault-raised", "ja", "{" TEXTS "}");
  g_autoptr (MmLetter) over = write_letter (desk, "fault-recovered", "ja", "{" TEXTS "}");
  g_autoptr (MmLetter) english = write_letter (desk, "fault-raised", "en", "{" TEXTS "}");
  g_autoptr (MmLetter) warning
      = write_letter (desk, "fault-raised", "ja", "{\"warning\":true," TEXTS "}");

  g_assert_true (g_str_has_prefix (provisional->subject, "【仮登録】"));
  g_assert_true (g_str_has_prefix (provisional->text, "御室 太郎 様\n"));
  g_assert_nonnull (strstr (provisional->text, "本登録はまだ完了しておりません"));
  g_assert_nonnull (strstr (provisional->text, "https://mimamori.example/c/abc\n"));
  g_assert_nonnull (strstr (provisional->text, "2026年5月4日 14:02 (JST)"));
  g_assert_nonnull (strstr (provisional->text, "大文字と小文字を区別"));
  g_assert_nonnull (strstr (provisional->html, "href=\"https://mimamori.example/c/abc\""));
  g_assert_cmpstr (changed->subject, ==, "【アカウント情報変更のお知らせ】");
  g_assert_cmpstr (fault->subject, ==, "[異常] 長野市 御室様 GW-0A31: 地絡 (14:02)");
  g_assert_true (g_str_has_prefix (fault->text, "異常: 地絡\n"));
  g_assert_nonnull (
      strstr (fault->text, "長野市 御室様 GW-0A31 — 2026年5月1日 14:02 (JST) から\n"));
  g_assert_cmpstr (over->subject, ==, "[復旧] 長野市 御室様 GW-0A31: 地絡 (14:02)");
  g_assert_true (g_str_has_prefix (english->subject, "[Fault] "));
  g_assert_true (g_str_has_prefix (warning->subject, "[警告] "));
}

/* Without the customer and the place, as to an address that is not confirmed. */
static void
test_unconfirmed (gconstpointer data)
{
  const Desk *desk = data;
  static const char values[]
      = "{\"gateway\":\"GW-0A31\",\"fault\":\"地絡\",\"since\":\"S\",\"clock\":\"14:02\","
        "\"url\":\"https://m.example/g\",\"confirm_url\":\"https://m.example/confirm\"}";
  g_autoptr (MmLetter) ja = write_letter (desk, "fault-raised", "ja", values);
  g_autoptr (MmLetter) en = write_letter (desk, "fault-raised", "en", values);

  g_assert_cmpstr (ja->subject, ==, "[異常] GW-0A31: 地絡 (14:02)");
  g_assert_cmpstr (en->subject, ==, "[Fault] GW-0A31: 地絡 (14:02)");
  g_assert_nonnull (strstr (ja->text, "お客様のお名前は記載しておりません"));
  g_assert_nonnull (strstr (ja->text, "\nhttps://m.example/confirm\n"));
  g_assert_null (strstr (ja->text, "■ お客様"));
  g_assert_null (strstr (en->text, "System of"));
}

/* Who ended the link, seen from both sides: each of the eight says another thing. */
static void
test_link_ended (gconstpointer data)
{
  const Desk *desk = data;
  static const char *const who[] = { "by_customer", "by_dealer", "by_time", "by_closing" };
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"name\":\"N\",\"dealer\":\"D\",\"%s\":true,"
                                               "\"for_dealer\":%s}",
                                               who[i / 2], i % 2 ? "true" : "false");
      g_autoptr (MmLetter) letter = write_letter (desk, "link-ended", "ja", json);

      g_assert_true (g_hash_table_add (texts, g_strdup (letter->text)));
    }
}

static void
test_hostile_values (gconstpointer data)
{
  const Desk *desk = data;
  g_autoptr (MmLetter) letter = write_letter (
      desk, "fault-raised", "en",
      "{\"gateway\":\"<img src=x>\",\"fault\":\"a\\r\\nBcc: b@c\",\"place\":\"{{url}}\","
      "\"clock\":\"\",\"url\":\"https://m.example/?a=1&b=\\\"2\\\"\"}");

  g_assert_null (strpbrk (letter->subject, "\r\n"));
  g_assert_null (strstr (letter->html, "<img"));
  g_assert_nonnull (strstr (letter->html, "&lt;img src=x&gt;"));
  g_assert_nonnull (strstr (letter->html, "{{url}}"));
  g_assert_nonnull (strstr (letter->html, "href=\"https://m.example/?a=1&amp;b=&quot;2&quot;\""));
  g_assert_nonnull (strstr (letter->text, "https://m.example/?a=1&b=\"2\"\n"));
}

int
main (int argc, char **argv)
{
  Desk desk = { mm_letters_new (), mm_languages_new_built_in () };
  int result = 0;

  if (argc >= 4 && g_str_equal (argv[1], "--print"))
    {
      g_autoptr (MmLetter) letter = write_letter (&desk, argv[2], argv[3], "{" TEXTS "}");

      fputs (argc > 4 ? letter->html : letter->text, stdout);
    }
  else
    {
      g_test_init (&argc, &argv, NULL);
      g_test_add_data_func ("/letter/every-letter", &desk, test_every_letter);
      g_test_add_data_func ("/letter/languages", &desk, test_languages);
      g_test_add_data_func ("/letter/unconfirmed", &desk, test_unconfirmed);
      g_test_add_data_func ("/letter/link-ended", &desk, test_link_ended);
      g_test_add_data_func ("/letter/hostile-values", &desk, test_hostile_values);
      result = g_test_run ();
    }
  mm_letters_free (desk.letters);
  mm_languages_free (desk.languages);
  return result;
}
