#define G_LOG_DOMAIN "mm-service"

#include "mm-posting.h"

#include "mm-backoff.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-letter.h"
#include "mm-mailer.h"
#include "mm-message.h"
#include "mm-secret.h"
#include "mm-store-outbox.h"

/* Letters taken from the outbox at a time: a new fault does not wait behind more than these. */
#define AT_ONCE 16

/* After the store failed. */
#define PAUSE (10 * MM_SECOND)

struct _MmPosting
{
  MmContext *context;
  MmLetters *letters;
  char *host; /* public host: right side of Message-IDs, name in EHLO */
  char *from;
  MmMailer *mailer; /* NULL: no mail server; the mailer's thread only */
  GTimeZone *zone;
  gboolean queued; /* in this transaction; the writer's thread only */
  gboolean is_started;
  GThread *thread;
  GMutex mutex;
  GCond wake;
  gboolean has_work; /* under the mutex */
  gboolean stopping; /* under the mutex */
};

/* ---- into the outbox ---- */

gboolean
mm_posting_enqueue (
    MmContext *context, MmDatabase *db, const MmPost *post, json_t *values, GError **error)
{
  const MmLanguage *language = mm_languages_get (context->languages, post->language);
  g_autoptr (MmLetter) letter = NULL;
  g_autofree char *public_id = mm_secret_new_id ();
  MmOutboxRow row = {
    .public_id = public_id,
    .account = post->account,
    .contact = post->contact,
    .alert = post->alert,
    .letter = (char *) post->letter,
    .recipient = (char *) post->recipient,
    .language = (char *) mm_language_tag (language),
    .created = mm_clock_now (context->clock),
  };

  json_object_set_new (values, "operator", json_string (mm_context_config (context)->name));
  json_object_set_new (values, "site_url", json_string (context->public_url));
  letter = mm_letter_render (context->posting->letters, post->letter, language, values);
  row.subject = letter->subject;
  row.text = letter->text;
  row.html = letter->html;
  context->posting->queued = TRUE;
  return mm_store_outbox_insert (db, &row, error);
}

void
mm_posting_group_ended (MmPosting *posting, gboolean committed)
{
  if (!posting->queued)
    return;
  posting->queued = FALSE;
  if (!committed)
    return;
  g_mutex_lock (&posting->mutex);
  posting->has_work = TRUE;
  g_cond_signal (&posting->wake);
  g_mutex_unlock (&posting->mutex);
}

/* ---- out of it, on the mailer's thread ---- */

typedef struct
{
  gint64 id;
  const char *state;
  gint64 next_try;
  gint64 finished;
  const char *answer;
} Outcome;

static gboolean
note_outcome (MmDatabase *db, gpointer data, GError **error)
{
  const Outcome *outcome = data;

  return mm_store_outbox_note (db, outcome->id, outcome->state, outcome->next_try,
                               outcome->finished, outcome->answer, error);
}

static Outcome
judge (const MmOutboxRow *row, const MmDelivery *delivery, gint64 now)
{
  Outcome outcome = { .id = row->id, .answer = delivery->reply, .finished = now };
  gint64 pause;

  switch (delivery->state)
    {
    case MM_DELIVERY_ACCEPTED:
      outcome.state = "accepted";
      break;
    case MM_DELIVERY_REFUSED:
      outcome.state = "refused";
      break;
    case MM_DELIVERY_TEMPORARY:
    case MM_DELIVERY_ABORTED: /* never judged, see send_due() */
    default:
      pause = mm_backoff (row->tries + 1, now - row->created, g_random_double ());
      outcome.state = pause < 0 ? "given-up" : "waiting";
      outcome.finished = pause < 0 ? now : 0;
      outcome.next_try = now + MAX (pause, 0);
      break;
    }
  return outcome;
}

static MmDelivery *
deliver (MmPosting *posting, const MmOutboxRow *row)
{
  const MmMessage message = {
    .from = posting->from,
    .from_name = mm_context_config (posting->context)->name,
    .to = row->recipient,
    .subject = row->subject,
    .text = row->text,
    .html = row->html,
    .language = row->language,
    .id = row->public_id,
    .host = posting->host,
    .date = row->created,
    .zone = posting->zone,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) mime = mm_message_to_bytes (&message, &error);
  MmDelivery *delivery;

  if (mime != NULL)
    return mm_mailer_send (posting->mailer, posting->from, row->recipient, mime);
  delivery = g_new0 (MmDelivery, 1);
  delivery->state = MM_DELIVERY_REFUSED;
  delivery->reply = g_strdup (error->message);
  return delivery;
}

static gboolean
is_stopping (MmPosting *posting)
{
  gboolean stopping;

  g_mutex_lock (&posting->mutex);
  stopping = posting->stopping;
  g_mutex_unlock (&posting->mutex);
  return stopping;
}

static void
wait_for_work (MmPosting *posting, gint64 pause)
{
  gint64 until = g_get_monotonic_time () + pause;

  g_mutex_lock (&posting->mutex);
  while (!posting->has_work && !posting->stopping
         && g_cond_wait_until (&posting->wake, &posting->mutex, until))
    ;
  posting->has_work = FALSE;
  g_mutex_unlock (&posting->mutex);
}

/* A letter that was sent must not be sent again for as long as the disk is full: nothing else is
 * sent before its fate is noted. FALSE if there is no time left for that. */
static gboolean
note (MmPosting *posting, Outcome *outcome, GError **error)
{
  while (!mm_writer_run (posting->context->writer, note_outcome, outcome, error))
    {
      if (is_stopping (posting))
        return FALSE;
      g_warning ("what became of a letter cannot be noted: %s", (*error)->message);
      g_clear_error (error);
      wait_for_work (posting, PAUSE);
    }
  return TRUE;
}

/* Sends what is due. FALSE if the store failed: the caller pauses. A crash between the server's
 * acceptance and the note of it sends the letter again, with the same Message-ID. */
static gboolean
send_due (MmPosting *posting, guint *sent, GError **error)
{
  MmContext *context = posting->context;
  g_autoptr (GPtrArray) rows = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean read;

  *sent = 0;
  if (db == NULL)
    return FALSE;
  read = mm_store_outbox_due (db, mm_clock_now (context->clock), AT_ONCE, &rows, error);
  mm_readers_give (context->readers, db);
  if (!read)
    return FALSE;
  for (; *sent < rows->len && !is_stopping (posting); (*sent)++)
    {
      const MmOutboxRow *row = rows->pdata[*sent];
      g_autoptr (MmDelivery) delivery = deliver (posting, row);
      Outcome outcome;

      /* It waits as before, for the next start. */
      if (delivery->state == MM_DELIVERY_ABORTED)
        break;
      outcome = judge (row, delivery, mm_clock_now (context->clock));
      g_debug ("letter %s: %s (%d)", row->public_id, outcome.state, delivery->code);
      if (!note (posting, &outcome, error))
        return FALSE;
    }
  return TRUE;
}

/* Microseconds until the next letter is due. */
static gint64
next_pause (MmPosting *posting)
{
  MmContext *context = posting->context;
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (context->readers, &error);
  gint64 when = G_MAXINT64;

  if (db == NULL || !mm_store_outbox_next_due (db, &when, &error))
    {
      g_warning ("the outbox cannot be read: %s", error->message);
      when = mm_clock_now (context->clock) + PAUSE;
    }
  if (db != NULL)
    mm_readers_give (context->readers, db);
  /* Never longer than a second: the clock may be moved. */
  return CLAMP (when - mm_clock_now (context->clock), 0, MM_SECOND);
}

static gpointer
posting_thread (gpointer data)
{
  MmPosting *posting = data;

  while (!is_stopping (posting))
    {
      g_autoptr (GError) error = NULL;
      guint sent;

      if (!send_due (posting, &sent, &error))
        {
          g_warning ("the outbox stumbled: %s", error->message);
          wait_for_work (posting, PAUSE);
        }
      else if (sent == 0)
        wait_for_work (posting, next_pause (posting));
    }
  return NULL;
}

/* ---- life ---- */

static char *
public_host (const MmConfig *config)
{
  g_autoptr (GUri) uri = config->public_url != NULL
                             ? g_uri_parse (config->public_url, G_URI_FLAGS_NONE, NULL)
                             : NULL;

  return g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri)
                                                               : g_get_host_name ());
}

char *
mm_posting_sender (const MmConfig *config)
{
  g_autofree char *host = public_host (config);

  return config->mail_from != NULL ? g_strdup (config->mail_from)
                                   : g_strconcat ("no-reply@", host, NULL);
}

static MmStarttls
starttls_of (const MmConfig *config)
{
  if (config->smtp_starttls == NULL)
    return MM_STARTTLS_DEFAULT;
  if (g_str_equal (config->smtp_starttls, "optional"))
    return MM_STARTTLS_OPTIONAL;
  return g_str_equal (config->smtp_starttls, "none") ? MM_STARTTLS_NONE : MM_STARTTLS_REQUIRED;
}

/* NULL without an error if there is no mail server. */
static MmMailer *
new_mailer (const MmConfig *config, GError **error)
{
  g_autofree char *host = public_host (config);
  g_autofree char *from = mm_posting_sender (config);
  const MmMailerConfig mailer_config = {
    .url = config->smtp_url,
    .user = config->smtp_user,
    .password = config->smtp_password,
    .hello = host,
    .ca_file = config->smtp_ca,
    .starttls = starttls_of (config),
  };

  if ((config->smtp_url != NULL || config->mail_from != NULL)
      && !mm_message_address_is_valid (from))
    {
      mm_error_set (error, MM_ERROR_INVALID, "bad-setting",
                    "mail-from: must be a mail address; set --mail-from or --public-url");
      return NULL;
    }
  return config->smtp_url != NULL ? mm_mailer_new (&mailer_config, error) : NULL;
}

gboolean
mm_posting_check (const MmConfig *config, GError **error)
{
  g_autoptr (GError) problem = NULL;
  MmMailer *mailer = new_mailer (config, &problem);

  if (mailer != NULL)
    mm_mailer_free (mailer);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

MmPosting *
mm_posting_new (MmContext *context, GError **error)
{
  const MmConfig *config = mm_context_config (context);
  MmPosting *posting = g_new0 (MmPosting, 1);
  g_autoptr (GError) problem = NULL;

  posting->context = context;
  g_mutex_init (&posting->mutex);
  g_cond_init (&posting->wake);
  posting->letters = mm_letters_new ();
  posting->host = public_host (config);
  posting->zone = g_time_zone_new_identifier (config->timezone);
  posting->from = mm_posting_sender (config);
  posting->mailer = new_mailer (config, &problem);
  if (problem == NULL)
    return posting;
  g_propagate_error (error, g_steal_pointer (&problem));
  mm_posting_free (posting);
  return NULL;
}

void
mm_posting_start (MmPosting *posting)
{
  posting->is_started = TRUE;
  if (posting->mailer != NULL)
    posting->thread = g_thread_new ("posting", posting_thread, posting);
}

gboolean
mm_posting_renew (MmPosting *posting, GError **error)
{
  const MmConfig *config = mm_context_config (posting->context);
  g_autoptr (GError) problem = NULL;

  mm_posting_stop (posting);
  g_clear_pointer (&posting->mailer, mm_mailer_free);
  g_free (posting->from);
  posting->from = mm_posting_sender (config);
  posting->mailer = new_mailer (config, &problem);
  posting->stopping = FALSE;
  if (posting->is_started)
    mm_posting_start (posting);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

void
mm_posting_stop (MmPosting *posting)
{
  if (posting->thread == NULL)
    return;
  g_mutex_lock (&posting->mutex);
  posting->stopping = TRUE;
  g_cond_signal (&posting->wake);
  g_mutex_unlock (&posting->mutex);
  mm_mailer_abort (posting->mailer);
  g_thread_join (g_steal_pointer (&posting->thread));
}

void
mm_posting_free (MmPosting *posting)
{
  if (posting == NULL)
    return;
  mm_posting_stop (posting);
  g_clear_pointer (&posting->mailer, mm_mailer_free);
  mm_letters_free (posting->letters);
  g_clear_pointer (&posting->zone, g_time_zone_unref);
  g_mutex_clear (&posting->mutex);
  g_cond_clear (&posting->wake);
  g_free (posting->host);
  g_free (posting->from);
  g_free (posting);
}
