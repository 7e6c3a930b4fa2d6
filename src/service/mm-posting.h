/* The outbox: letters are written to the store with what caused them, and sent afterwards.
 *
 * mm_posting_enqueue() belongs inside the transaction of the cause. One thread of the posting sends
 * what waits, one message per recipient, and brings each result back through the writer; what fails
 * for now is tried again with growing pauses, what is refused for good is kept and shown. Without a
 * mail server everything waits and can be read with `mail list` and `mail show`.
 */
#pragma once

#include "mm-context.h"

#include <jansson.h>

G_BEGIN_DECLS

/* One letter to one recipient. @account, @contact, @alert: rows it is about, 0 for none.
 * @letter: name of a letter of mail/mm-letter.h, e.g. "fault-raised". */
typedef struct
{
  const char *letter;
  const char *recipient;
  const char *language;
  gint64 account;
  gint64 contact;
  gint64 alert;
} MmPost;

/* Renders @values (borrowed) into the letter and queues it, in the caller's transaction on the
 * writer's thread. Adds to the values what all letters need: name of the service, its URL. */
gboolean mm_posting_enqueue (
    MmContext *context, MmDatabase *db, const MmPost *post, json_t *values, GError **error);

/* Makes the posting of @context; letters can be queued at once. @error: the mail settings are bad.
 */
MmPosting *mm_posting_new (MmContext *context, GError **error);

/* The address that mails of @config come from: the one configured, else no-reply@ the public host.
 * Free with g_free(). */
char *mm_posting_sender (const MmConfig *config);

/* Starts to send, if there is a mail server. */
void mm_posting_start (MmPosting *posting);

/* Whether mails could be sent as @config says; the mail server is not asked. %MM_ERROR_INVALID. */
gboolean mm_posting_check (const MmConfig *config, GError **error);

/* Takes over the mail settings that the context has now. What is being sent is sent again by the
 * new ones. Not on the writer's thread; with the context's settings_lock held. */
gboolean mm_posting_renew (MmPosting *posting, GError **error);

/* Stops sending, within about a second even if the mail server is slow; needs the writer. What
 * waits stays in the outbox. */
void mm_posting_stop (MmPosting *posting);

void mm_posting_free (MmPosting *posting);

/* After each transaction, on the writer's thread: wakes the mailer if letters were queued. */
void mm_posting_group_ended (MmPosting *posting, gboolean committed);

G_END_DECLS
