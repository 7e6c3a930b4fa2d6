/* Changes of customers' addresses. On workers; what changes the store is a job on the writer's
 * thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-mail-change.h"

#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-own-password.h"
#include "mm-posting.h"
#include "mm-registering.h"
#include "mm-secret.h"
#include "mm-store-mail-change.h"
#include "mm-words.h"

#define LINK_LIFE MM_DAY
#define TRIES 5

typedef struct
{
  MmContext *context;
  const MmAccountRow *checked;
  const char *mail;
  guint8 hash[MM_SECRET_HASH_BYTES];
  gint64 now;
} Job;

static char *
time_text (MmContext *context, const MmAccountRow *account, gint64 time)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);

  return mm_language_format_time (mm_languages_get (context->languages, account->language), time,
                                  zone);
}

static gboolean
ask_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmAccountRow) account = mm_own_password_recheck (db, job->checked, error);
  g_autofree char *secret = mm_secret_new ();
  g_autofree char *url
      = g_strconcat (job->context->public_url, "/mail-change?token=", secret, NULL);
  g_autofree char *expires = NULL;
  MmTokenRow token = { .purpose = (char *) "mail-change",
                       .created = job->now,
                       .expires = job->now + LINK_LIFE,
                       .tries_left = TRIES };
  MmPost post = { .letter = "mail-change", .recipient = job->mail };
  json_t *values;
  gboolean sent;

  if (account == NULL)
    return FALSE;
  mm_secret_hash (secret, token.hash);
  token.account = account->id;
  post.account = account->id;
  post.language = account->language;
  expires = time_text (job->context, account, token.expires);
  values = json_pack ("{s:s, s:s, s:s}", "name", account->name, "url", url, "expires", expires);
  sent = mm_store_tokens_kill (db, account->id, "mail-change", error)
         && mm_store_tokens_insert (db, &token, error)
         && mm_store_mail_change_set (db, account->id, job->mail, error)
         && mm_posting_enqueue (job->context, db, &post, values, error);
  json_decref (values);
  return sent;
}

gboolean
mm_mail_change_ask (MmContext *context,
                    const MmPrincipal *principal,
                    const char *mail,
                    const char *mail_again,
                    const char *password,
                    GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *normal = mm_registering_mail_pair (mail, mail_again, &problems);
  g_autoptr (MmAccountRow) account = NULL;
  Job job = { .context = context, .mail = normal };

  if (principal->kind != MM_PRINCIPAL_CUSTOMER)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  if (problems != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  account = mm_own_password_check (context, principal, password, error);
  if (account == NULL || !mm_registering_limit (context, principal->address, normal, error))
    return FALSE;
  job.checked = account;
  job.now = mm_clock_now (context->clock);
  return mm_writer_run (context->writer, ask_job, &job, error);
}

/* The wish that a link stands for. */
static gboolean
find_wish (
    MmDatabase *db, const guint8 *hash, gint64 now, gint64 *account, char **mail, GError **error)
{
  g_autoptr (MmTokenRow) token = NULL;

  if (!mm_store_tokens_find (db, hash, "mail-change", &token, error)
      || !mm_confirming_judge (token, now, error)
      || !mm_store_mail_change_get (db, token->account, mail, error))
    return FALSE;
  *account = token->account;
  return *mail != NULL
         || mm_error_set (error, MM_ERROR_GONE, "link-used",
                          N_ ("This link has already been used, or a newer mail has replaced it."));
}

char *
mm_mail_change_peek (MmContext *context, const char *token, GError **error)
{
  guint8 hash[MM_SECRET_HASH_BYTES];
  char *mail = NULL;
  gint64 account;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  mm_secret_hash (token, hash);
  find_wish (db, hash, mm_clock_now (context->clock), &account, &mail, error);
  mm_readers_give (context->readers, db);
  return mail;
}

static gboolean
tell (Job *job, MmDatabase *db, const MmAccountRow *account, const char *to, GError **error)
{
  g_autofree char *url = g_strconcat (job->context->public_url, "/my/account", NULL);
  g_autofree char *when = time_text (job->context, account, job->now);
  json_t *values = json_pack ("{s:s, s:s, s:s, s:[s]}", "name", account->name, "url", url, "when",
                              when, "fields", N_ ("Mail address"));
  MmPost post = { .letter = "account-changed",
                  .recipient = to,
                  .language = account->language,
                  .account = account->id };
  gboolean sent = mm_posting_enqueue (job->context, db, &post, values, error);

  json_decref (values);
  return sent;
}

static gboolean
confirm_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmAccountRow) account = NULL;
  g_autoptr (MmAccountRow) holder = NULL;
  g_autofree char *mail = NULL;
  g_autofree char *old = NULL;
  g_autofree char *folded = NULL;
  gint64 id;
  gboolean won;

  if (!find_wish (db, job->hash, job->now, &id, &mail, error))
    return FALSE;
  folded = g_ascii_strdown (mail, -1);
  if (!mm_store_accounts_get (db, id, &account, error)
      || !mm_store_accounts_find (db, "customer", folded, &holder, error))
    return FALSE;
  if (holder != NULL && holder->id != id)
    return mm_error_set (error, MM_ERROR_CONFLICT, "already-registered",
                         N_ ("There is another account with this mail address already."));
  old = g_steal_pointer (&account->mail);
  account->mail = g_strdup (mail);
  account->changed = job->now;
  /* Links for a new password were sent to the old address. */
  return mm_store_tokens_use (db, job->hash, job->now, &won, error)
         && mm_store_tokens_kill (db, id, "password", error)
         && mm_store_mail_change_set (db, id, NULL, error)
         && mm_store_accounts_update (db, account, error)
         && mm_store_accounts_set_sign_in (db, id, mail, folded, error)
         && tell (job, db, account, old, error) && tell (job, db, account, mail, error);
}

gboolean
mm_mail_change_confirm (MmContext *context, const char *token, GError **error)
{
  Job job = { .context = context, .now = mm_clock_now (context->clock) };

  mm_secret_hash (token, job.hash);
  return mm_writer_run (context->writer, confirm_job, &job, error);
}
