#define G_LOG_DOMAIN "mm-service"

#include "mm-sessions.h"

#include "mm-account.h"
#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-language.h"
#include "mm-passwords.h"
#include "mm-posting.h"
#include "mm-secret.h"
#include "mm-signing-in.h"
#include "mm-store-accounts.h"
#include "mm-throttle.h"

#include <jansson.h>
#include <string.h>

#define WEB_IDLE (12 * MM_HOUR)
#define APP_IDLE (90 * MM_DAY)
/* Use is noted at most so often: a page view need not cost a write. */
#define TOUCH_EVERY (5 * MM_MINUTE)
#define RESET_LIFE (1 * MM_HOUR)

/* Tries per account and per address; a success forgets those of the account. */
#define ACCOUNT_TRIES 10
#define ACCOUNT_PERIOD 600

gint64
mm_sessions_idle_time (const char *kind)
{
  return g_str_equal (kind, "app") ? APP_IDLE : WEB_IDLE;
}

MmPrincipal *
mm_sessions_make_principal (const char *kind,
                            gint64 account,
                            const char *public_id,
                            const char *session,
                            const char *language,
                            const char *address)
{
  MmPrincipal *principal = mm_principal_new_anyone (address);

  principal->kind = g_str_equal (kind, "dealer") ? MM_PRINCIPAL_DEALER : MM_PRINCIPAL_CUSTOMER;
  principal->account = account;
  principal->public_id = g_strdup (public_id);
  principal->session = g_strdup (session);
  principal->language = g_strdup (language);
  return principal;
}

/* ---- using a session ---- */

typedef struct
{
  guint8 hash[MM_SECRET_HASH_BYTES];
  gint64 now;
  gint64 expires;
} Touch;

static gboolean
touch_session (MmDatabase *db, gpointer data, GError **error)
{
  Touch *touch = data;

  return mm_store_sessions_touch (db, touch->hash, touch->now, touch->expires, error);
}

static void
touched (gpointer data, const GError *error)
{
  g_free (data);
}

/* Nobody waits for it: if the queue is full the session is only not prolonged this time. */
static void
prolong (MmContext *context, const guint8 *hash, const MmSessionOwner *owner, gint64 now)
{
  Touch *touch;

  if (now - owner->last_seen < TOUCH_EVERY)
    return;
  touch = g_new0 (Touch, 1);
  memcpy (touch->hash, hash, sizeof touch->hash);
  touch->now = now;
  touch->expires = now + mm_sessions_idle_time (owner->kind);
  if (!mm_writer_push (context->writer, MM_LANE_PEOPLE, FALSE, touch_session, touch, touched, NULL))
    g_free (touch);
}

MmPrincipal *
mm_sessions_principal (MmContext *context, const char *secret, const char *address, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autoptr (MmSessionOwner) owner = NULL;
  guint8 hash[MM_SECRET_HASH_BYTES];
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return NULL;
  mm_secret_hash (secret, hash);
  ok = mm_store_sessions_owner (db, hash, now, &owner, error);
  mm_readers_give (context->readers, db);
  if (!ok)
    return NULL;
  if (owner == NULL)
    {
      mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "no-session", N_ ("Please sign in."));
      return NULL;
    }
  prolong (context, hash, owner, now);
  return mm_sessions_make_principal (owner->account_kind, owner->account, owner->account_public_id,
                                     owner->session, owner->language, address);
}

GPtrArray *
mm_sessions_list (MmContext *context, const MmPrincipal *principal, GError **error)
{
  GPtrArray *rows = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  mm_store_sessions_list (db, principal->account, mm_clock_now (context->clock), &rows, error);
  mm_readers_give (context->readers, db);
  return rows;
}

typedef struct
{
  gint64 account;
  const char *id; /* the one to end, or the one to keep */
} Ending;

static gboolean
end_one (MmDatabase *db, gpointer data, GError **error)
{
  Ending *job = data;
  gboolean ended;

  if (!mm_store_sessions_end (db, job->account, job->id, &ended, error))
    return FALSE;
  return ended
         || mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing here."));
}

static gboolean
end_all (MmDatabase *db, gpointer data, GError **error)
{
  Ending *job = data;

  return mm_store_sessions_end_all (db, job->account, job->id, error);
}

/* Runs @func, which ends sessions of the account that *@account names by then, and tells those who
 * serve them: open streams of an ended session are closed at once. */
static gboolean
run_ending (
    MmContext *context, MmWriterFunc func, gpointer job, const gint64 *account, GError **error)
{
  if (!mm_writer_run (context->writer, func, job, error))
    return FALSE;
  mm_feed_sessions_ended (context->feed, *account);
  return TRUE;
}

gboolean
mm_sessions_end (MmContext *context, const MmPrincipal *principal, const char *id, GError **error)
{
  Ending job = { .account = principal->account, .id = id };

  return run_ending (context, end_one, &job, &job.account, error);
}

gboolean
mm_sessions_end_all (MmContext *context,
                     const MmPrincipal *principal,
                     gboolean keep_present,
                     GError **error)
{
  Ending job = { .account = principal->account, .id = keep_present ? principal->session : NULL };

  return run_ending (context, end_all, &job, &job.account, error);
}

/* ---- passwords ---- */

typedef struct
{
  MmContext *context;
  gint64 account;
  const char *keep;         /* session that goes on, or NULL */
  const char *old_password; /* Argon2id string that was verified, or NULL */
  const char *password;     /* Argon2id string */
  const guint8 *token;      /* or NULL */
  gint64 now;
} NewPassword;

/* Tells the account's address that its password changed. */
static gboolean
post_changed (
    MmContext *context, MmDatabase *db, const MmAccountRow *account, gint64 now, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *url = g_strconcat (context->public_url, "/account", NULL);
  g_autofree char *when
      = mm_language_format_time (mm_languages_get (context->languages, account->language), now,
                                 zone);
  json_t *values = json_pack ("{s:s, s:s, s:s, s:[s]}", "name", account->name, "url", url, "when",
                              when, "fields", N_ ("Password"));
  MmPost post = { .letter = "account-changed",
                  .recipient = account->mail,
                  .language = account->language,
                  .account = account->id };
  gboolean sent = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  return sent;
}

static gboolean
store_password (MmDatabase *db, gpointer data, GError **error)
{
  NewPassword *job = data;
  g_autoptr (MmTokenRow) token = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  gboolean won = TRUE;

  if (job->token != NULL)
    {
      if (!mm_store_tokens_find (db, job->token, "password", &token, error)
          || !mm_confirming_judge (token, job->now, error)
          || !mm_store_tokens_use (db, job->token, job->now, &won, error))
        return FALSE;
      job->account = token->account;
    }
  if (!mm_store_accounts_get (db, job->account, &account, error))
    return FALSE;
  if (!won || account == NULL || !g_str_equal (account->state, "active"))
    return mm_error_set (error, MM_ERROR_GONE, "link-used",
                         N_ ("This link has already been used, or a newer mail has replaced it."));
  if (job->old_password != NULL && g_strcmp0 (account->password, job->old_password) != 0)
    return mm_error_set (error, MM_ERROR_CONFLICT, "changed",
                         N_ ("This was changed by somebody else in the meantime."));
  return mm_store_accounts_set_password (db, account->id, job->password, job->now, error)
         && mm_store_tokens_kill (db, account->id, "password", error)
         && mm_store_sessions_end_all (db, account->id, job->keep, error)
         && post_changed (job->context, db, account, job->now, error);
}

static MmAccountRow *
get_account (MmContext *context, gint64 id, GError **error)
{
  MmAccountRow *account = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  if (mm_store_accounts_get (db, id, &account, error) && account == NULL)
    mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "no-session", N_ ("Please sign in."));
  mm_readers_give (context->readers, db);
  return account;
}

gboolean
mm_sessions_change_password (MmContext *context,
                             const MmPrincipal *principal,
                             const char *old_password,
                             const char *password,
                             const char *password_again,
                             GError **error)
{
  g_autoptr (MmAccountRow) account = get_account (context, principal->account, error);
  g_autoptr (GError) problems = NULL;
  g_autofree char *hash = NULL;
  gboolean matches;
  NewPassword job = { .context = context,
                      .account = principal->account,
                      .keep = principal->session,
                      .now = mm_clock_now (context->clock) };

  if (account == NULL
      || !mm_throttle_try (context->throttle, "sign-in", account->sign_in_folded, ACCOUNT_TRIES,
                           ACCOUNT_PERIOD, job.now, error)
      || !mm_passwords_verify (context->passwords, account->password,
                               old_password != NULL ? old_password : "", &matches, error))
    return FALSE;
  if (!matches)
    mm_error_add_field (&problems, "old_password", "mismatch",
                        N_ ("This is not your present password."));
  else
    mm_throttle_forget (context->throttle, "sign-in", account->sign_in_folded);
  mm_confirming_check_password (context, password, password_again, &problems);
  if (problems != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  hash = mm_passwords_hash (context->passwords, password, error);
  if (hash == NULL)
    return FALSE;
  job.old_password = account->password;
  job.password = hash;
  return run_ending (context, store_password, &job, &job.account, error);
}

typedef struct
{
  MmContext *context;
  char *sign_in;
  gint64 now;
} Forgotten;

static gboolean
send_reset (MmDatabase *db, gpointer data, GError **error)
{
  Forgotten *job = data;
  MmContext *context = job->context;
  g_autoptr (MmAccountRow) account = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *secret = mm_secret_new ();
  g_autofree char *url = g_strconcat (context->public_url, "/new-password?token=", secret, NULL);
  g_autofree char *expires = NULL;
  MmTokenRow token = { .purpose = (char *) "password", .created = job->now, .tries_left = 5 };
  MmPost post = { .letter = "password-reset" };
  json_t *values;
  gboolean sent;

  if (!mm_signing_in_find (db, job->sign_in, &account, error))
    return FALSE;
  if (account == NULL
      || !mm_throttle_try (context->throttle, "reset-mail", account->public_id, 5, 3600, job->now,
                           NULL))
    return TRUE;
  mm_secret_hash (secret, token.hash);
  token.account = account->id;
  token.expires = job->now + RESET_LIFE;
  post.recipient = account->mail;
  post.language = account->language;
  post.account = account->id;
  expires = mm_language_format_time (mm_languages_get (context->languages, account->language),
                                     token.expires, zone);
  values = json_pack ("{s:s, s:s, s:s}", "name", account->name, "url", url, "expires", expires);
  sent = mm_store_tokens_kill (db, account->id, "password", error)
         && mm_store_tokens_insert (db, &token, error)
         && mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return sent;
}

static void
reset_sent (gpointer data, const GError *error)
{
  Forgotten *job = data;

  if (error != NULL)
    g_warning ("a mail for a new password could not be queued: %s", error->message);
  g_free (job->sign_in);
  g_free (job);
}

gboolean
mm_sessions_forgotten (MmContext *context, const char *address, const char *sign_in, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  Forgotten *job;

  if (!mm_throttle_try_address (context->throttle, "forgotten-from", address, 20, 3600, now, error))
    return FALSE;
  /* The answer does not wait for the disk: its time would tell whether there is an account. */
  job = g_new0 (Forgotten, 1);
  job->context = context;
  job->sign_in = g_strdup (sign_in != NULL ? sign_in : "");
  job->now = now;
  if (mm_writer_push (context->writer, MM_LANE_PEOPLE, FALSE, send_reset, job, reset_sent, error))
    return TRUE;
  g_free (job->sign_in);
  g_free (job);
  return FALSE;
}

gboolean
mm_sessions_peek_reset (MmContext *context, const char *token, GError **error)
{
  g_autoptr (MmTokenRow) row = NULL;
  guint8 hash[MM_SECRET_HASH_BYTES];
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return FALSE;
  mm_secret_hash (token, hash);
  ok = mm_store_tokens_find (db, hash, "password", &row, error)
       && mm_confirming_judge (row, mm_clock_now (context->clock), error);
  mm_readers_give (context->readers, db);
  return ok;
}

gboolean
mm_sessions_reset_password (MmContext *context,
                            const char *token,
                            const char *password,
                            const char *password_again,
                            GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *hash = NULL;
  guint8 token_hash[MM_SECRET_HASH_BYTES];
  NewPassword job = { .context = context, .token = token_hash };

  if (!mm_sessions_peek_reset (context, token, error))
    return FALSE;
  if (!mm_confirming_check_password (context, password, password_again, &problems))
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  hash = mm_passwords_hash (context->passwords, password, error);
  if (hash == NULL)
    return FALSE;
  mm_secret_hash (token, token_hash);
  job.password = hash;
  job.now = mm_clock_now (context->clock);
  return run_ending (context, store_password, &job, &job.account, error);
}

static gboolean
sweep (MmDatabase *db, gpointer data, GError **error)
{
  return mm_store_sessions_sweep (db, *(gint64 *) data, error);
}

gboolean
mm_sessions_sweep (MmContext *context, GError **error)
{
  gint64 now = mm_clock_now (context->clock);

  return mm_writer_run (context->writer, sweep, &now, error);
}
