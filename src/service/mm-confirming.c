#define G_LOG_DOMAIN "mm-service"

#include "mm-confirming.h"

#include "mm-account.h"
#include "mm-customers.h"
#include "mm-error.h"
#include "mm-linking.h"
#include "mm-passwords.h"
#include "mm-registration.h"
#include "mm-secret.h"
#include "mm-store-accounts.h"
#include "mm-store-terms.h"
#include "mm-terms.h"
#include "mm-words.h"

G_STATIC_ASSERT (MM_TOKEN_HASH_BYTES == MM_SECRET_HASH_BYTES);

void
mm_confirmation_free (MmConfirmation *confirmation)
{
  if (confirmation == NULL)
    return;
  g_free (confirmation->audience);
  g_free (confirmation->sign_in);
  g_free (confirmation->name);
  g_free (confirmation);
}

gboolean
mm_confirming_judge (const MmTokenRow *token, gint64 now, GError **error)
{
  if (token == NULL)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "link-unknown",
                         N_ ("This link is not known here. Please check that you opened the whole "
                             "address in the mail."));
  switch (mm_provisional_state (now, token->expires,
                                (guint) MAX (0, MM_PROVISIONAL_TRIES - token->tries_left),
                                token->used != 0 || token->dead))
    {
    case MM_PROVISIONAL_OPEN:
      return TRUE;
    case MM_PROVISIONAL_USED:
      return mm_error_set (error, MM_ERROR_GONE, "link-used",
                           N_ ("This link has already been used, or a newer mail has replaced "
                               "it."));
    case MM_PROVISIONAL_LOCKED:
      return mm_error_set (error, MM_ERROR_GONE, "link-locked",
                           N_ ("A wrong phone number was entered too many times with this "
                               "link."));
    case MM_PROVISIONAL_EXPIRED:
    default:
      return mm_error_set (error, MM_ERROR_GONE, "link-expired", N_ ("This link has expired."));
    }
}

/* The token of a registration and its account, both living; FALSE with what is wrong. */
static gboolean
find_open (MmDatabase *db,
           const guint8 *hash,
           gint64 now,
           MmTokenRow **token,
           MmAccountRow **account,
           GError **error)
{
  *account = NULL;
  if (!mm_store_tokens_find (db, hash, "registration", token, error)
      || !mm_confirming_judge (*token, now, error)
      || !mm_store_accounts_get (db, (*token)->account, account, error))
    return FALSE;
  if (*account == NULL || !g_str_equal ((*account)->state, "provisional"))
    return mm_error_set (error, MM_ERROR_GONE, "link-used",
                         N_ ("This link has already been used, or a newer mail has replaced it."));
  return TRUE;
}

MmConfirmation *
mm_confirming_peek (MmContext *context, const char *token, GError **error)
{
  g_autoptr (MmTokenRow) row = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  guint8 hash[MM_SECRET_HASH_BYTES];
  MmConfirmation *confirmation;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean open;

  if (db == NULL)
    return NULL;
  mm_secret_hash (token, hash);
  open = find_open (db, hash, mm_clock_now (context->clock), &row, &account, error);
  mm_readers_give (context->readers, db);
  if (!open)
    return NULL;
  confirmation = g_new0 (MmConfirmation, 1);
  confirmation->audience = g_strdup (account->kind);
  /* A customer's sign-in name becomes the address only when the registration is complete. */
  confirmation->sign_in
      = g_strdup (g_str_equal (account->kind, "customer") ? account->mail : account->sign_in);
  confirmation->name = g_strdup (account->name);
  confirmation->expires = row->expires;
  return confirmation;
}

gboolean
mm_confirming_check_password (MmContext *context,
                              const char *password,
                              const char *again,
                              GError **problems)
{
  gboolean good = mm_password_check (password, mm_context_config (context)->password_max,
                                     "password", problems);

  if (again == NULL || *again == '\0')
    mm_error_add_field (problems, "password_again", "required", N_ ("Please fill in this field."));
  else if (g_strcmp0 (password, again) != 0)
    mm_error_add_field (problems, "password_again", "mismatch",
                        N_ ("The two passwords are not the same."));
  else
    return good;
  return FALSE;
}

typedef struct
{
  MmContext *context;
  guint8 hash[MM_SECRET_HASH_BYTES];
  gint64 terms;
  const char *language;
  char *password; /* Argon2id string */
  const char *phone;
  gint64 now;
  GArray *changes; /* of MmLinkChange: whom a customer's new gateway concerns */
  GError *problem; /* a wrong phone: refused, but what it cost is kept */
} Redemption;

static gboolean
redeem (MmDatabase *db, gpointer data, GError **error)
{
  Redemption *job = data;
  g_autoptr (MmTokenRow) token = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  g_autoptr (GError) problems = NULL;
  gboolean won;

  if (!find_open (db, job->hash, job->now, &token, &account, error)
      || !mm_terms_check (db, account->kind, job->terms, &problems, error))
    return FALSE;
  if (problems != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  if (!mm_phone_equal (job->phone, account->phone))
    {
      if (token->tries_left <= 1)
        mm_error_set (&job->problem, MM_ERROR_GONE, "link-locked",
                      N_ ("A wrong phone number was entered too many times with this link."));
      else
        mm_error_add_field (&job->problem, "phone", "mismatch",
                            N_ ("This is not the phone number that was registered."));
      return mm_store_tokens_lose_try (db, job->hash, error);
    }
  if (!mm_store_tokens_use (db, job->hash, job->now, &won, error))
    return FALSE;
  if (!won)
    return mm_error_set (error, MM_ERROR_GONE, "link-used",
                         N_ ("This link has already been used, or a newer mail has replaced it."));
  return mm_store_accounts_activate (db, account->id, job->password, job->now, error)
         && mm_store_terms_agree (db, account->id, account->kind, job->terms, job->language,
                                  "password", job->now, error)
         && (!g_str_equal (account->kind, "customer")
             || mm_customers_complete (job->context, db, account, job->now, job->changes, error));
}

/* Fields whose rules can be checked before a try is spent on the phone. */
static gboolean
check_fields (MmContext *context,
              const char *audience,
              gint64 terms,
              const char *password,
              const char *password_again,
              const char *phone,
              GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *digits = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean read;

  if (db == NULL)
    return FALSE;
  read = mm_terms_check (db, audience, terms, &problems, error);
  mm_readers_give (context->readers, db);
  if (!read)
    return FALSE;
  mm_confirming_check_password (context, password, password_again, &problems);
  digits = mm_phone_normalise (phone, "phone", &problems);
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

gboolean
mm_confirming_redeem (MmContext *context,
                      const char *token,
                      gint64 terms,
                      const char *language,
                      const char *password,
                      const char *password_again,
                      const char *phone,
                      GError **error)
{
  g_autoptr (MmConfirmation) confirmation = mm_confirming_peek (context, token, error);
  g_autofree char *hash = NULL;
  g_autoptr (GArray) changes = NULL;
  Redemption job = { .context = context, .terms = terms, .language = language, .phone = phone };

  if (confirmation == NULL
      || !check_fields (context, confirmation->audience, terms, password, password_again, phone,
                        error))
    return FALSE;
  hash = mm_passwords_hash (context->passwords, password, error);
  if (hash == NULL)
    return FALSE;
  mm_secret_hash (token, job.hash);
  job.password = hash;
  job.now = mm_clock_now (context->clock);
  job.changes = changes = g_array_new (FALSE, FALSE, sizeof (MmLinkChange));
  if (!mm_writer_run (context->writer, redeem, &job, error))
    {
      g_clear_error (&job.problem);
      return FALSE;
    }
  if (job.problem != NULL)
    {
      g_propagate_error (error, job.problem);
      return FALSE;
    }
  mm_linking_announce (context, changes);
  g_message ("a registration was completed");
  return TRUE;
}
