/* Builds mails with GMime; see the header. Any thread. */
#include "mm-message.h"

#include "mm-error.h"
#include "mm-language.h"

#include <gmime/gmime.h>
#include <string.h>

#define MAX_ADDRESS 254
#define MAX_HEADER 998

static void
init_gmime (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_mime_init ();
      g_once_init_leave (&done, 1);
    }
}

static gboolean
is_host (const char *host)
{
  gsize length = strlen (host);

  if (length == 0 || host[0] == '.' || host[0] == '-' || host[length - 1] == '.')
    return FALSE;
  for (const char *p = host; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && (*p != '.' || p[1] == '.'))
      return FALSE;
  return TRUE;
}

gboolean
mm_message_address_is_valid (const char *address)
{
  const char *at = strchr (address, '@');

  if (at == NULL || at == address || strlen (address) > MAX_ADDRESS || at - address > 64)
    return FALSE;
  for (const char *p = address; p < at; p++)
    if (!g_ascii_isgraph (*p) || strchr ("()<>[]:;,\\\"", *p) != NULL)
      return FALSE;
  return is_host (at + 1);
}

static gboolean
is_header (const char *text)
{
  if (text == NULL)
    return TRUE;
  if (strlen (text) > MAX_HEADER || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;
  return TRUE;
}

/* What goes into a header as it stands, without an encoder. */
static gboolean
is_token (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || strchr ("<>\"(),@", *p) != NULL)
      return FALSE;
  return *text != '\0';
}

static gboolean
check (const MmMessage *message, GError **error)
{
  if (!mm_message_address_is_valid (message->from) || !mm_message_address_is_valid (message->to))
    return mm_error_set (error, MM_ERROR_INVALID, "bad-address",
                         N_ ("This is not a mail address that we can write to."));
  if (!is_header (message->from_name) || !is_header (message->to_name)
      || !is_header (message->subject) || !is_token (message->language) || !is_token (message->id)
      || !is_host (message->host)
      || (message->list_unsubscribe != NULL && !is_token (message->list_unsubscribe)))
    return mm_error_set (error, MM_ERROR_INVALID, "bad-header",
                         N_ ("A control character has no place in the head of a mail."));
  if (!g_utf8_validate (message->text, -1, NULL)
      || (message->html != NULL && !g_utf8_validate (message->html, -1, NULL)))
    return mm_error_set (error, MM_ERROR_INVALID, "bad-text", N_ ("The text is not UTF-8."));
  return TRUE;
}

static GMimeObject *
make_text (const char *subtype, const char *text)
{
  GMimeTextPart *part = g_mime_text_part_new_with_subtype (subtype);

  g_mime_text_part_set_charset (part, "utf-8");
  g_mime_text_part_set_text (part, text);
  return GMIME_OBJECT (part);
}

/* GMime would draw lots for the boundary; ours is the same for the same mail. */
static GMimeObject *
make_body (const MmMessage *message)
{
  g_autofree char *digest = NULL;
  g_autofree char *boundary = NULL;
  GMimeMultipart *body;
  GMimeObject *text = make_text ("plain", message->text);
  GMimeObject *html;

  if (message->html == NULL)
    return text;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, message->id, -1);
  boundary = g_strdup_printf ("=-%.32s", digest);
  body = g_mime_multipart_new_with_subtype ("alternative");
  g_mime_multipart_set_boundary (body, boundary);
  html = make_text ("html", message->html);
  g_mime_multipart_add (body, text);
  g_mime_multipart_add (body, html);
  g_object_unref (text);
  g_object_unref (html);
  return GMIME_OBJECT (body);
}

static void
add_head (GMimeMessage *mail, const MmMessage *message)
{
  g_autoptr (GDateTime) epoch = g_date_time_new_from_unix_utc (message->date / G_USEC_PER_SEC);
  g_autoptr (GDateTime) date
      = message->zone != NULL ? g_date_time_to_timezone (epoch, message->zone) : NULL;
  g_autofree char *id = g_strdup_printf ("%s@%s", message->id, message->host);
  GMimeObject *object = GMIME_OBJECT (mail);

  g_mime_message_add_mailbox (mail, GMIME_ADDRESS_TYPE_FROM, message->from_name, message->from);
  g_mime_message_add_mailbox (mail, GMIME_ADDRESS_TYPE_TO, message->to_name, message->to);
  g_mime_message_set_subject (mail, message->subject, "utf-8");
  g_mime_message_set_date (mail, date != NULL ? date : epoch);
  g_mime_message_set_message_id (mail, id);
  g_mime_object_set_header (object, "Auto-Submitted", "auto-generated", "utf-8");
  g_mime_object_set_header (object, "Content-Language", message->language, "utf-8");
  if (message->list_unsubscribe != NULL)
    {
      g_autofree char *value = g_strdup_printf ("<%s>", message->list_unsubscribe);

      g_mime_object_set_header (object, "List-Unsubscribe", value, "utf-8");
    }
}

GBytes *
mm_message_to_bytes (const MmMessage *message, GError **error)
{
  GMimeMessage *mail;
  GMimeObject *body;
  GMimeFormatOptions *options;
  GMimeStream *stream;
  GByteArray *array;
  GBytes *bytes;

  if (!check (message, error))
    return NULL;
  init_gmime ();
  mail = g_mime_message_new (FALSE);
  add_head (mail, message);
  body = make_body (message);
  g_mime_message_set_mime_part (mail, body);
  g_object_unref (body);
  g_mime_object_encode (GMIME_OBJECT (mail), GMIME_ENCODING_CONSTRAINT_7BIT);

  options = g_mime_format_options_new ();
  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  stream = g_mime_stream_mem_new ();
  g_mime_object_write_to_stream (GMIME_OBJECT (mail), options, stream);
  array = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  bytes = g_bytes_new (array->data, array->len);
  g_object_unref (stream);
  g_mime_format_options_free (options);
  g_object_unref (mail);
  return bytes;
}
