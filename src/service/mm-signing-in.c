/* Signing in. On workers; sessions are opened in a job on the writer's thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-signing-in.h"

#include "mm-error.h"
#include "mm-passwords.h"
#include "mm-secret.h"
#include "mm-store-second-factor.h"
#include "mm-store-tokens.h"
#include "mm-throttle.h"
#include "mm-two-factor.h"
#include "mm-words.h"

#include <string.h>

#define HALF_LIFE (10 * MM_MINUTE)
#define HALF_TRIES 5
#define AGENT_MAX 100
#define ADDRESS_TRIES 60
#define ADDRESS_PERIOD 600

/* Tries per account and per address; a success forgets those of the account. */
#define ACCOUNT_TRIES 10
#define ACCOUNT_PERIOD 600

void
mm_signed_in_free (MmSignedIn *signed_in)
{
  if (signed_in == NULL)
    return;
  g_free (signed_in->secret);
  g_free (signed_in->id);
  mm_principal_free (signed_in->principal);
  g_free (signed_in);
}

/* A sign-in name as it is found and counted, however it was typed. */
static char *
fold (const char *sign_in)
{
  return g_strstrip (g_ascii_strdown (sign_in, -1));
}

/* A sign-in name with an @ is a customer's mail address; user IDs cannot have one. */
gboolean
mm_signing_in_find (MmDatabase *db, const char *sign_in, MmAccountRow **account, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (sign_in));
  g_autofree char *folded = fold (sign_in);
  const char *kind = strchr (text, '@') != NULL ? "customer" : "dealer";

  if (!mm_store_accounts_find (db, kind, folded, account, error))
    return FALSE;
  /* A user ID is case-sensitive (seed, provisional mail). */
  if (*account != NULL && g_str_equal (kind, "dealer") && !g_str_equal ((*account)->sign_in, text))
    g_clear_pointer (account, mm_account_row_free);
  if (*account != NULL && !g_str_equal ((*account)->state, "active"))
    g_clear_pointer (account, mm_account_row_free);
  return TRUE;
}

static gboolean
read_account (MmContext *context, const char *sign_in, MmAccountRow **account, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  *account = NULL;
  if (db == NULL)
    return FALSE;
  ok = mm_signing_in_find (db, sign_in, account, error);
  mm_readers_give (context->readers, db);
  return ok;
}

/* What became of an attempt whose password was right. */
typedef enum
{
  OPENED,
  NEEDS_CODE,
  WRONG_CODE,
} Outcome;

typedef struct
{
  MmContext *context;
  guint8 hash[MM_SECRET_HASH_BYTES];
  MmSessionRow row;
  const MmAccountRow *account; /* whose password was verified; NULL: by @half */
  const char *code;
  const guint8 *new_half; /* kept if a code is missing; or NULL */
  const guint8 *half;     /* of an attempt before; or NULL */
  Outcome outcome;
  MmAccountRow *opened;
} NewSession;

static gboolean
keep_half (MmDatabase *db, const NewSession *job, gint64 account, GError **error)
{
  MmTokenRow token = { .purpose = (char *) "second-factor",
                       .account = account,
                       .created = job->row.created,
                       .expires = job->row.created + HALF_LIFE,
                       .tries_left = HALF_TRIES };

  if (job->new_half == NULL)
    return TRUE;
  memcpy (token.hash, job->new_half, sizeof token.hash);
  return mm_store_tokens_insert (db, &token, error);
}

/* Looks whether the account asks for a code, and at the code. */
static gboolean
check_code (MmDatabase *db, NewSession *job, const MmAccountRow *account, GError **error)
{
  MmSecondFactorRow factor;
  gboolean found, right;

  if (!mm_store_second_factor_get (db, account->id, &factor, &found, error))
    return FALSE;
  if (!found || factor.confirmed == 0)
    return TRUE;
  if (job->code == NULL || *job->code == '\0')
    {
      job->outcome = job->half != NULL ? WRONG_CODE : NEEDS_CODE;
      return job->half != NULL || keep_half (db, job, account->id, error);
    }
  if (!mm_two_factor_spend (job->context, db, account->id, account->public_id, job->code,
                            job->row.created, &right, error))
    return FALSE;
  if (right)
    return TRUE;
  job->outcome = WRONG_CODE;
  return job->half == NULL || mm_store_tokens_lose_try (db, job->half, error);
}

/* Whose the half of an attempt is, if it may still go on; a new password makes it void. */
static gboolean
find_half (MmDatabase *db, const NewSession *job, MmAccountRow **account, GError **error)
{
  g_autoptr (MmTokenRow) token = NULL;

  if (!mm_store_tokens_find (db, job->half, "second-factor", &token, error)
      || (token != NULL && !mm_store_accounts_get (db, token->account, account, error)))
    return FALSE;
  if (*account != NULL && g_str_equal ((*account)->state, "active") && !token->dead
      && token->used == 0 && token->tries_left > 0 && job->row.created < token->expires
      && (*account)->changed <= token->created)
    return TRUE;
  return mm_error_set (error, MM_ERROR_GONE, "sign-in-expired",
                       N_ ("It took too long, or too many codes were wrong. Please sign in "
                           "again."));
}

/* The account whose password or half was right; it may have been closed or have got another
 * password while Argon2 ran. */
static gboolean
find_proven (MmDatabase *db, const NewSession *job, MmAccountRow **account, GError **error)
{
  if (job->half != NULL)
    return find_half (db, job, account, error);
  if (!mm_store_accounts_get (db, job->account->id, account, error))
    return FALSE;
  return (*account != NULL && g_strcmp0 ((*account)->password, job->account->password) == 0)
         || mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "wrong-sign-in",
                          N_ ("The user ID or mail address, or the password, is wrong."));
}

static gboolean
insert_session (MmDatabase *db, gpointer data, GError **error)
{
  NewSession *job = data;
  g_autoptr (MmAccountRow) account = NULL;
  gboolean won;

  if (!find_proven (db, job, &account, error) || !check_code (db, job, account, error))
    return FALSE;
  if (job->outcome != OPENED)
    return TRUE;
  if (job->half != NULL && !mm_store_tokens_use (db, job->half, job->row.created, &won, error))
    return FALSE;
  job->row.account = account->id;
  job->opened = g_steal_pointer (&account);
  return mm_store_sessions_insert (db, job->hash, &job->row, error);
}

/* What the client calls itself, valid and short enough to be shown in a list. */
static char *
cut_agent (const char *agent)
{
  g_autofree char *valid = g_utf8_make_valid (agent != NULL ? agent : "", -1);

  return g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), AGENT_MAX));
}

/* Opens a session for @job, of which account or half, and the code, are set. */
static MmSignedIn *
open_session (MmContext *context,
              const char *address,
              NewSession *job,
              MmSessionKind kind,
              const char *agent,
              GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autofree char *secret = mm_secret_new ();
  g_autofree char *id = mm_secret_new_id ();
  g_autofree char *shown = cut_agent (agent);
  g_autoptr (MmAccountRow) opened = NULL;
  const char *kind_text = kind == MM_SESSION_APP ? "app" : "web";
  MmSignedIn *signed_in = NULL;
  gboolean ran;

  job->context = context;
  mm_secret_hash (secret, job->hash);
  job->row = (MmSessionRow){ .public_id = id,
                             .kind = (char *) kind_text,
                             .created = now,
                             .last_seen = now,
                             .expires = now + mm_sessions_idle_time (kind_text),
                             .agent = shown,
                             .address = (char *) (address != NULL ? address : "") };
  ran = mm_writer_run (context->writer, insert_session, job, error);
  opened = g_steal_pointer (&job->opened);
  if (!ran)
    return NULL;
  if (job->outcome == NEEDS_CODE)
    mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "second-factor",
                  N_ ("Please enter the code of your authenticator app, too."));
  else if (job->outcome == WRONG_CODE)
    mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "wrong-code",
                  N_ ("This code is not right, or it has been used already."));
  else
    {
      signed_in = g_new0 (MmSignedIn, 1);
      signed_in->principal
          = mm_sessions_make_principal (opened->kind, opened->id, opened->public_id, id,
                                        opened->language, address);
      signed_in->secret = g_steal_pointer (&secret);
      signed_in->id = g_steal_pointer (&id);
      signed_in->expires = job->row.expires;
    }
  return signed_in;
}

MmSignedIn *
mm_signing_in (MmContext *context,
               const char *address,
               const char *sign_in,
               const char *password,
               const char *code,
               MmSessionKind kind,
               const char *agent,
               char **half,
               GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autofree char *folded = NULL;
  g_autofree char *secret = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  guint8 half_hash[MM_SECRET_HASH_BYTES];
  NewSession job = { .code = code };
  MmSignedIn *signed_in;
  gboolean matches;

  sign_in = sign_in != NULL ? sign_in : "";
  password = password != NULL ? password : "";
  folded = fold (sign_in);
  if (!mm_throttle_try_address (context->throttle, "sign-in-from", address, ADDRESS_TRIES,
                                ADDRESS_PERIOD, now, error)
      || !mm_throttle_try (context->throttle, "sign-in", folded, ACCOUNT_TRIES, ACCOUNT_PERIOD, now,
                           error)
      || !read_account (context, sign_in, &account, error)
      || !mm_passwords_verify (context->passwords, account != NULL ? account->password : NULL,
                               password, &matches, error))
    return NULL;
  if (!matches)
    {
      mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "wrong-sign-in",
                    N_ ("The user ID or mail address, or the password, is wrong."));
      return NULL;
    }
  mm_throttle_forget (context->throttle, "sign-in", folded);
  job.account = account;
  if (half != NULL)
    {
      secret = mm_secret_new ();
      mm_secret_hash (secret, half_hash);
      job.new_half = half_hash;
    }
  signed_in = open_session (context, address, &job, kind, agent, error);
  if (half != NULL && job.outcome == NEEDS_CODE)
    *half = g_steal_pointer (&secret);
  return signed_in;
}

MmSignedIn *
mm_signing_in_half (MmContext *context,
                    const char *address,
                    const char *half,
                    const char *code,
                    MmSessionKind kind,
                    const char *agent,
                    GError **error)
{
  guint8 half_hash[MM_SECRET_HASH_BYTES];
  NewSession job = { .code = code, .half = half_hash };

  if (!mm_throttle_try_address (context->throttle, "sign-in-from", address, ADDRESS_TRIES,
                                ADDRESS_PERIOD, mm_clock_now (context->clock), error))
    return NULL;
  mm_secret_hash (half, half_hash);
  return open_session (context, address, &job, kind, agent, error);
}
