/* One mail as it goes over the wire: RFC 5322 and MIME bytes, made by GMime. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Everything a mail says; nothing is added but what these call for, so the same fields always make
 * the same bytes.
 * @from, @to: bare addresses, see mm_message_address_is_valid()
 * @from_name, @to_name: shown beside them; NULL for none
 * @subject: one line
 * @text: the plain text; @html: the same as HTML, or NULL
 * @language: tag of the language it is written in ("ja")
 * @id: unique left side of the Message-ID; @host: its right side, the public host
 * @date: UTC microseconds; @zone: the zone in which the Date header spells it, NULL for UTC
 * @list_unsubscribe: an https address for List-Unsubscribe (RFC 2369), or NULL */
typedef struct
{
  const char *from;
  const char *from_name;
  const char *to;
  const char *to_name;
  const char *subject;
  const char *text;
  const char *html;
  const char *language;
  const char *id;
  const char *host;
  gint64 date;
  GTimeZone *zone;
  const char *list_unsubscribe;
} MmMessage;

/* Whether @address can be put into an envelope and a header as it is: ASCII, at most 254 bytes, one
 * "@" with something before it and a host name behind it, none of the characters that mean
 * something to a mail server. Quoted local parts are not taken. */
gboolean mm_message_address_is_valid (const char *address);

/* The bytes of @message: CRLF line ends, no line above 998 bytes, 7-bit clean, marked
 * Auto-Submitted: auto-generated (RFC 3834). NULL with %MM_ERROR_INVALID if an address is not
 * valid, or a control character stands in anything that becomes a header: refused, never repaired.
 */
GBytes *mm_message_to_bytes (const MmMessage *message, GError **error);

G_END_DECLS
