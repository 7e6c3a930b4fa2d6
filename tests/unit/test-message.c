/* Mails as bytes: what they say when they are read back, and what never becomes one. */
#include "mm-message.h"

#include "mm-error.h"

#include <gmime/gmime.h>
#include <string.h>

static const MmMessage plain = {
  .from = "no-reply@mimamori.example",
  .to = "taro@example.jp",
  .subject = "Hello",
  .text = "One line.\n",
  .language = "en",
  .id = "42.7",
  .host = "mimamori.example",
  .date = G_GINT64_CONSTANT (1777611720) * G_USEC_PER_SEC,
};

static char *
to_text (const MmMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mm_message_to_bytes (message, &error);
  gsize size;
  const char *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &size);
  return g_strndup (data, size);
}

/* Every line ends in CRLF, is 7-bit and short enough. */
static void
assert_wire (const char *text)
{
  const char *line = text;

  for (const char *p = text; *p != '\0'; p++)
    {
      g_assert_true ((guchar) *p < 0x80);
      if (*p != '\n')
        continue;
      g_assert_true (p > text && p[-1] == '\r');
      g_assert_cmpint (p - line, <=, 999);
      line = p + 1;
    }
  g_assert_cmpint (strlen (line), <=, 998);
}

static GMimeMessage *
parse (const char *text)
{
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (text, strlen (text));
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *mail = g_mime_parser_construct_message (parser, NULL);

  g_object_unref (parser);
  g_object_unref (stream);
  g_assert_nonnull (mail);
  return mail;
}

static char *
part_text (GMimeObject *part)
{
  g_autofree char *text = g_mime_text_part_get_text (GMIME_TEXT_PART (part));
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  return g_strjoinv ("\n", lines);
}

static void
test_plain (void)
{
  MmMessage message = plain;
  g_autofree char *text = to_text (&message);
  g_autofree char *again = to_text (&message);

  assert_wire (text);
  g_assert_cmpstr (text, ==, again);
  g_assert_nonnull (strstr (text, "From: no-reply@mimamori.example\r\n"));
  g_assert_nonnull (strstr (text, "To: taro@example.jp\r\n"));
  g_assert_nonnull (strstr (text, "Subject: Hello\r\n"));
  g_assert_nonnull (strstr (text, "Date: Fri, 01 May 2026 05:02:00 +0000\r\n"));
  g_assert_nonnull (strstr (text, "Message-Id: <42.7@mimamori.example>\r\n"));
  g_assert_nonnull (strstr (text, "Auto-Submitted: auto-generated\r\n"));
  g_assert_nonnull (strstr (text, "Content-Language: en\r\n"));
  g_assert_nonnull (strstr (text, "MIME-Version: 1.0\r\n"));
  g_assert_null (strstr (text, "List-Unsubscribe"));
  g_assert_true (g_str_has_suffix (text, "\r\n\r\nOne line.\r\n"));
}

static void
test_japanese (void)
{
  g_autoptr (GTimeZone) tokyo = g_time_zone_new_identifier ("Asia/Tokyo");
  g_autoptr (GString) longest = g_string_new (NULL);
  MmMessage message = plain;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  GMimeMessage *mail;
  GMimeMultipart *body;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (longest, "長い");
  message.from_name = "遠隔モニタリングサービス「見守り」";
  message.to_name = "御室 太郎, \"部長\"";
  message.subject
      = "[異常] 長野市 御室様 GW-0A31: 地絡 (14:02) とても長い件名なので折り返しが必要です";
  message.text = longest->str;
  message.html = "<p>地絡 &amp; 発電停止</p>\n.\n..\nFrom here\n";
  message.language = "ja";
  message.zone = tokyo;
  message.list_unsubscribe = "https://mimamori.example/contact/remove?t=abc_-123";
  text = to_text (&message);
  again = to_text (&message);
  assert_wire (text);
  g_assert_cmpstr (text, ==, again);
  g_assert_nonnull (strstr (text, "Date: Fri, 01 May 2026 14:02:00 +0900\r\n"));
  g_assert_nonnull (strstr (text, "<https://mimamori.example/contact/remove?t=abc_-123>\r\n"));

  mail = parse (text);
  g_assert_cmpstr (g_mime_message_get_subject (mail), ==, message.subject);
  g_assert_cmpstr (internet_address_get_name (
                       internet_address_list_get_address (g_mime_message_get_from (mail), 0)),
                   ==, message.from_name);
  g_assert_cmpint (internet_address_list_length (g_mime_message_get_to (mail)), ==, 1);
  g_assert_cmpstr (internet_address_get_name (
                       internet_address_list_get_address (g_mime_message_get_to (mail), 0)),
                   ==, message.to_name);
  body = GMIME_MULTIPART (g_mime_message_get_mime_part (mail));
  g_assert_true (g_mime_content_type_is_type (g_mime_object_get_content_type (GMIME_OBJECT (body)),
                                              "multipart", "alternative"));
  g_assert_cmpint (g_mime_multipart_get_count (body), ==, 2);
  first = part_text (g_mime_multipart_get_part (body, 0));
  second = part_text (g_mime_multipart_get_part (body, 1));
  g_assert_cmpstr (g_strchomp (first), ==, message.text);
  g_assert_cmpstr (second, ==, message.html);
  g_object_unref (mail);
}

/* Each header field with each character that could end it or start another. */
static void
test_injection (void)
{
  static const char *const bad[]
      = { "a\r\nBcc: x@example.jp", "a\nb", "a\rb", "a\tb", "a\x01", "a\x7f", "\xff\xfe" };
  static const gsize offsets[] = { G_STRUCT_OFFSET (MmMessage, from),
                                   G_STRUCT_OFFSET (MmMessage, from_name),
                                   G_STRUCT_OFFSET (MmMessage, to),
                                   G_STRUCT_OFFSET (MmMessage, to_name),
                                   G_STRUCT_OFFSET (MmMessage, subject),
                                   G_STRUCT_OFFSET (MmMessage, language),
                                   G_STRUCT_OFFSET (MmMessage, id),
                                   G_STRUCT_OFFSET (MmMessage, host),
                                   G_STRUCT_OFFSET (MmMessage, list_unsubscribe) };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    for (guint j = 0; j < G_N_ELEMENTS (bad); j++)
      {
        MmMessage message = plain;
        g_autoptr (GError) error = NULL;

        G_STRUCT_MEMBER (const char *, &message, offsets[i]) = bad[j];
        g_assert_null (mm_message_to_bytes (&message, &error));
        g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
      }
}

static void
test_bad_text (void)
{
  MmMessage message = plain;

  message.text = "\xff";
  g_assert_null (mm_message_to_bytes (&message, NULL));
  message.text = "good";
  message.html = "\xc0";
  g_assert_null (mm_message_to_bytes (&message, NULL));
}

static void
test_addresses (void)
{
  static const char *const good[] = { "a@b", "taro.omuro+x@example.jp", "o'neil@ex-ample.co.jp",
                                      "no-reply@127.0.0.1", "_-{}|~!#$%&*/=?^`@x.y" };
  static const char *const bad[]
      = { "",          "a",           "@b",    "a@",      "a@b@c",   "a b@c",
          "a@b c",     "<a@b>",       "a@b>",  "a@b,c@d", "\"a\"@b", "a@b\r\n",
          "a\n@b",     "a@.b",        "a@b.",  "a@b..c",  "a@-b",    "太郎@example.jp",
          "a@例え.jp", "a@[1.2.3.4]", "a@b;c", "a:b@c",   "a\\b@c",  "a@b?c" };
  g_autofree char *long_local = g_strnfill (65, 'a');
  g_autofree char *local_address = g_strconcat (long_local, "@b", NULL);
  g_autofree char *long_host = g_strnfill (253, 'b');
  g_autofree char *host_address = g_strconcat ("a@", long_host, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (mm_message_address_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mm_message_address_is_valid (bad[i]));
  g_assert_false (mm_message_address_is_valid (local_address));
  g_assert_false (mm_message_address_is_valid (host_address));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/message/plain", test_plain);
  g_test_add_func ("/message/japanese", test_japanese);
  g_test_add_func ("/message/injection", test_injection);
  g_test_add_func ("/message/bad-text", test_bad_text);
  g_test_add_func ("/message/addresses", test_addresses);
  return g_test_run ();
}
