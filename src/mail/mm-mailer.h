/* Hands mails to the operator's mail server over SMTP, one at a time.
 *
 * A mailer blocks and belongs to one thread, the one that made it or the one it was given to; any
 * other may only abort it. It keeps the connection open between mails.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_STARTTLS_DEFAULT,  /* required, but not used at all with a server on this computer */
  MM_STARTTLS_REQUIRED, /* encrypted with a certificate that proves the server, or not at all */
  MM_STARTTLS_OPTIONAL, /* encrypted if the server can, whoever it is: against listeners only */
  MM_STARTTLS_NONE
} MmStarttls;

/* Where and how.
 * @url: smtp://HOST[:PORT] (default 25) or smtps://HOST[:PORT] (TLS from the first
 *   byte; default 465)
 * @user, @password: for AUTH; both NULL for none
 * @hello: the name given in EHLO, the public host
 * @ca_file: PEM file of the certificates to trust instead of the system's, or NULL
 * @connect_timeout, @timeout: microseconds for connecting and for one mail as a whole; 0 for 10 s
 *   and 60 s */
typedef struct
{
  const char *url;
  const char *user;
  const char *password;
  const char *hello;
  const char *ca_file;
  MmStarttls starttls;
  gint64 connect_timeout;
  gint64 timeout;
} MmMailerConfig;

typedef enum
{
  MM_DELIVERY_ACCEPTED,  /* taken over by the next server; that is not "read" */
  MM_DELIVERY_TEMPORARY, /* not now: network, 4xx, or our own login; try again */
  MM_DELIVERY_REFUSED,   /* 5xx for this recipient or this mail: trying again is of no use */
  MM_DELIVERY_ABORTED    /* mm_mailer_abort(): as if it had never been tried */
} MmDeliveryState;

/* What became of one mail.
 * @code: the SMTP status that decided it, 0 if none did
 * @reply: the server's words with their code, or libcurl's; one line of at most 500 bytes of UTF-8
 *   without control characters. It may contain the recipient's address: not for the log. */
typedef struct
{
  MmDeliveryState state;
  int code;
  char *reply;
} MmDelivery;

void mm_delivery_free (MmDelivery *delivery);

typedef struct _MmMailer MmMailer;

/* Makes a mailer, without connecting. NULL with %MM_ERROR_INVALID if @config->url is no address of
 * a mail server or a text has control characters. @config is copied. */
MmMailer *mm_mailer_new (const MmMailerConfig *config, GError **error);

/* Closes the connection. */
void mm_mailer_free (MmMailer *mailer);

/* Sends @mime from @from to @to (bare addresses of the envelope) and waits for the answer. Never
 * NULL; free with mm_delivery_free(). */
MmDelivery *mm_mailer_send (MmMailer *mailer, const char *from, const char *to, GBytes *mime);

/* Ends the mail under way within about a second, and all later ones at once, with
 * %MM_DELIVERY_ABORTED: a slow mail server shall not hold up the end of ours. Any thread. */
void mm_mailer_abort (MmMailer *mailer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmDelivery, mm_delivery_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMailer, mm_mailer_free)

G_END_DECLS
