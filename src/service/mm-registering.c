#define G_LOG_DOMAIN "mm-service"

#include "mm-registering.h"

#include "mm-account.h"
#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-posting.h"
#include "mm-secret.h"
#include "mm-store-terms.h"
#include "mm-terms.h"
#include "mm-throttle.h"

#include <jansson.h>
#include <string.h>

/* A walk may be left for a week; the link it mails lives as configured. */
#define WALK_LIFE (7 * MM_DAY)
/* Used and expired tokens are kept so long to tell their bearer which of the two they are. */
#define TOKEN_MEMORY (30 * MM_DAY)

/* ---- limits, per product.md §1 and quality.md §3 ---- */

static gboolean
limit_checks (MmContext *context, const char *address, GError **error)
{
  return mm_throttle_try_address (context->throttle, "user-id-from", address, 120, 600,
                                  mm_clock_now (context->clock), error);
}

static gboolean
limit_mails (MmContext *context, const char *mail, GError **error)
{
  g_autofree char *folded = g_ascii_strdown (mail, -1);

  return mm_throttle_try (context->throttle, "registration-mail", folded, 5, 3600,
                          mm_clock_now (context->clock), error);
}

gboolean
mm_registering_limit (MmContext *context, const char *address, const char *mail, GError **error)
{
  return mm_throttle_try_address (context->throttle, "registration-from", address, 60, 3600,
                                  mm_clock_now (context->clock), error)
         && limit_mails (context, mail, error);
}

/* ---- the form ---- */

static void
add_taken (GError **problems)
{
  mm_error_add_field (problems, "user_id", "taken",
                      N_ ("This user ID is already in use. Please choose another."));
}

/* An ID is free for whoever registers if nobody has it or its provisional holder's links are over;
 * those are removed when it is taken. */
static gboolean
is_free (MmContext *context, const char *user_id, gboolean *free, GError **error)
{
  g_autofree char *folded = mm_user_id_fold (user_id);
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return FALSE;
  ok = mm_store_accounts_is_free (db, "dealer", folded, mm_clock_now (context->clock), free, error);
  mm_readers_give (context->readers, db);
  return ok;
}

gboolean
mm_registering_is_free (
    MmContext *context, const char *address, const char *user_id, gboolean *free, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *normal = NULL;

  if (!limit_checks (context, address, error))
    return FALSE;
  normal = mm_user_id_normalise (user_id, "user_id", &problem);
  if (normal != NULL)
    return is_free (context, normal, free, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
mm_registering_check_dealer (MmContext *context,
                             const char *address,
                             MmDealerForm *form,
                             GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autoptr (GError) wrong_id = NULL;
  g_autofree char *user_id = NULL;
  gboolean free = TRUE;

  if (!limit_checks (context, address, error))
    return FALSE;
  mm_dealer_form_check (form, &problems);
  user_id = mm_user_id_normalise (form->user_id, "user_id", &wrong_id);
  if (user_id != NULL && !is_free (context, user_id, &free, error))
    return FALSE;
  if (!free)
    add_taken (&problems);
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

/* ---- the provisional account and its links ---- */

void
mm_provisional_free (MmProvisional *provisional)
{
  if (provisional == NULL)
    return;
  g_free (provisional->walk);
  g_free (provisional->mail);
  g_free (provisional);
}

static gboolean
store_token (MmDatabase *db,
             const char *secret,
             const char *purpose,
             gint64 account,
             gint64 now,
             gint64 life,
             GError **error)
{
  MmTokenRow token = { .account = account, .created = now, .expires = now + life };

  mm_secret_hash (secret, token.hash);
  token.purpose = (char *) purpose;
  token.tries_left = MM_PROVISIONAL_TRIES;
  return mm_store_tokens_insert (db, &token, error);
}

/* A customer signs in with the mail address, so it belongs to one account only: @holder is the
 * account that has the address of the provisional @account already. */
static gboolean
find_holder (MmDatabase *db, const MmAccountRow *account, MmAccountRow **holder, GError **error)
{
  g_autofree char *folded = g_ascii_strdown (account->mail, -1);

  *holder = NULL;
  return !g_str_equal (account->kind, "customer")
         || mm_store_accounts_find (db, "customer", folded, holder, error);
}

/* Tells the reader of an address that has an account to sign in. */
static gboolean
post_already_registered (MmContext *context,
                         MmDatabase *db,
                         const MmAccountRow *holder,
                         GError **error)
{
  g_autofree char *url = g_strconcat (context->public_url, "/sign-in", NULL);
  g_autofree char *reset = g_strconcat (context->public_url, "/forgotten", NULL);
  MmPost post = { .letter = "already-registered",
                  .recipient = holder->mail,
                  .language = holder->language,
                  .account = holder->id };
  json_t *values;
  gboolean sent;

  values = json_pack ("{s:s, s:s, s:s}", "name", holder->name, "url", url, "reset_url", reset);
  sent = mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return sent;
}

/* Mails @secret as a link to the reader of the account's address. */
static gboolean
post_link (MmContext *context,
           MmDatabase *db,
           const MmAccountRow *account,
           const char *secret,
           gint64 expires,
           GError **error)
{
  g_autofree char *url = g_strconcat (context->public_url, "/confirm?token=", secret, NULL);
  g_autofree char *letter = g_strconcat ("provisional-", account->kind, NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  const MmLanguage *language = mm_languages_get (context->languages, account->language);
  g_autofree char *until = mm_language_format_time (language, expires, zone);
  MmPost post = { .letter = letter,
                  .recipient = account->mail,
                  .language = account->language,
                  .account = account->id };
  json_t *values;
  gboolean sent;

  values = json_pack ("{s:s, s:s, s:s, s:s}", "name", account->name, "user_id", account->sign_in,
                      "url", url, "expires", until);
  sent = mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return sent;
}

/* Mails a new link for @account; earlier ones die. Where the address has an account already, its
 * reader is told so instead; the person at the page sees no difference. */
static MmProvisional *
send_link (
    MmContext *context, MmDatabase *db, const MmAccountRow *account, gint64 now, GError **error)
{
  gint64 life = mm_context_config (context)->link_hours * MM_HOUR;
  g_autofree char *secret = mm_secret_new ();
  g_autoptr (MmAccountRow) holder = NULL;
  MmProvisional *provisional;

  if (!mm_store_tokens_kill (db, account->id, "registration", error)
      || !find_holder (db, account, &holder, error))
    return NULL;
  if (holder != NULL ? !post_already_registered (context, db, holder, error)
                     : !store_token (db, secret, "registration", account->id, now, life, error)
                           || !post_link (context, db, account, secret, now + life, error))
    return NULL;
  provisional = g_new0 (MmProvisional, 1);
  provisional->mail = g_strdup (account->mail);
  provisional->expires = now + life;
  return provisional;
}

MmProvisional *
mm_registering_begin (
    MmContext *context, MmDatabase *db, MmAccountRow *row, gint64 terms, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autoptr (MmAccountRow) holder = NULL;
  g_autoptr (MmProvisional) provisional = NULL;
  g_autoptr (GError) problems = NULL;
  g_autofree char *walk = mm_secret_new ();

  if (!mm_store_accounts_release (db, row->kind, row->sign_in_folded, now, error)
      || !mm_store_accounts_find (db, row->kind, row->sign_in_folded, &holder, error)
      || !mm_terms_check (db, row->kind, terms, &problems, error))
    return NULL;
  if (holder != NULL)
    add_taken (&problems);
  if (problems != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return NULL;
    }
  g_free (row->public_id);
  row->public_id = mm_secret_new_id ();
  g_free (row->state);
  row->state = g_strdup ("provisional");
  row->created = row->changed = now;
  if (!mm_store_accounts_insert (db, row, error)
      || !mm_store_terms_agree (db, row->id, row->kind, terms, row->language, "form", now, error)
      || !store_token (db, walk, "walk", row->id, now, WALK_LIFE, error))
    return NULL;
  provisional = send_link (context, db, row, now, error);
  if (provisional == NULL)
    return NULL;
  provisional->walk = g_steal_pointer (&walk);
  return g_steal_pointer (&provisional);
}

typedef struct
{
  MmContext *context;
  MmAccountRow *row;
  gint64 terms;
  MmProvisional *provisional;
} Registration;

static gboolean
register_dealer (MmDatabase *db, gpointer data, GError **error)
{
  Registration *job = data;

  job->provisional = mm_registering_begin (job->context, db, job->row, job->terms, error);
  return job->provisional != NULL;
}

MmProvisional *
mm_registering_register_dealer (MmContext *context,
                                const char *address,
                                MmDealerForm *form,
                                gint64 terms,
                                const char *language,
                                GError **error)
{
  g_autoptr (MmAccountRow) row = mm_account_row_new ();
  g_autoptr (MmProvisional) provisional = NULL;
  Registration job = { .context = context, .row = row, .terms = terms };

  if (!mm_registering_check_dealer (context, address, form, error)
      || !mm_registering_limit (context, address, form->mail, error))
    return NULL;
  row->kind = g_strdup ("dealer");
  row->sign_in = g_strdup (form->user_id);
  row->sign_in_folded = mm_user_id_fold (form->user_id);
  row->language = g_strdup (language);
  row->name = g_strdup (form->name);
  row->kana = g_strdup (form->kana);
  row->mail = g_strdup (form->mail);
  row->phone = g_strdup (form->phone);
  row->postal_code = g_strdup (form->postal_code);
  row->prefecture = g_strdup (form->prefecture);
  row->address = g_strdup (form->address);
  row->dealer_name = g_strdup (form->dealer_name);
  if (!mm_writer_run (context->writer, register_dealer, &job, error))
    {
      mm_provisional_free (job.provisional);
      return NULL;
    }
  g_message ("a dealer registered provisionally");
  return job.provisional;
}

/* ---- resending and correcting ---- */

char *
mm_registering_mail_pair (const char *mail, const char *again, GError **problems)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *normal = mm_mail_normalise (mail, "mail", problems);
  g_autofree char *repeated = NULL;

  if (again == NULL || *again == '\0')
    {
      mm_error_add_field (problems, "mail_again", "required", N_ ("Please fill in this field."));
      return NULL;
    }
  if (normal == NULL)
    return NULL;
  repeated = mm_mail_normalise (again, "mail_again", &ignored);
  if (g_strcmp0 (repeated, normal) == 0)
    return g_steal_pointer (&normal);
  mm_error_add_field (problems, "mail_again", "mismatch",
                      N_ ("The two mail addresses are not the same."));
  return NULL;
}

static gboolean
used_link (GError **error)
{
  return mm_error_set (error, MM_ERROR_GONE, "registration-complete",
                       N_ ("This registration is already complete. Please sign in."));
}

/* The provisional account that @secret may have its link sent again for: that of a walk, or that of
 * a link which has ended by itself but was not replaced. */
static gboolean
find_waiting (MmContext *context,
              MmDatabase *db,
              const char *secret,
              gboolean walk_only,
              MmAccountRow **account,
              GError **error)
{
  g_autoptr (MmTokenRow) token = NULL;
  guint8 hash[MM_SECRET_HASH_BYTES];

  *account = NULL;
  mm_secret_hash (secret, hash);
  if (!mm_store_tokens_find (db, hash, "walk", &token, error))
    return FALSE;
  if (token != NULL)
    {
      if (!mm_confirming_judge (token, mm_clock_now (context->clock), error))
        return FALSE;
    }
  else if (!walk_only)
    {
      if (!mm_store_tokens_find (db, hash, "registration", &token, error))
        return FALSE;
      if (token != NULL && token->used != 0)
        return used_link (error);
    }
  if (token == NULL || token->dead)
    return mm_confirming_judge (token, token != NULL ? token->created : 0, error);
  if (!mm_store_accounts_get (db, token->account, account, error))
    return FALSE;
  if (*account == NULL || !g_str_equal ((*account)->state, "provisional"))
    return used_link (error);
  return TRUE;
}

/* The address of the waiting registration, to know whom to limit before the job. */
static MmAccountRow *
look_for_waiting (MmContext *context, const char *secret, gboolean walk_only, GError **error)
{
  MmAccountRow *account = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean found;

  if (db == NULL)
    return NULL;
  found = find_waiting (context, db, secret, walk_only, &account, error);
  mm_readers_give (context->readers, db);
  if (found)
    return account;
  mm_account_row_free (account);
  return NULL;
}

char *
mm_registering_waiting_mail (MmContext *context, const char *walk, GError **error)
{
  g_autoptr (MmAccountRow) account = look_for_waiting (context, walk, TRUE, error);

  return account != NULL ? g_strdup (account->mail) : NULL;
}

/* @mail: the corrected address, or NULL. */
typedef struct
{
  MmContext *context;
  const char *secret;
  const char *mail;
  MmProvisional *provisional;
} Resending;

static gboolean
resend (MmDatabase *db, gpointer data, GError **error)
{
  Resending *job = data;
  g_autoptr (MmAccountRow) account = NULL;
  gint64 now = mm_clock_now (job->context->clock);

  if (!find_waiting (job->context, db, job->secret, job->mail != NULL, &account, error))
    return FALSE;
  if (job->mail != NULL && !g_str_equal (job->mail, account->mail))
    {
      g_free (account->mail);
      account->mail = g_strdup (job->mail);
      account->changed = now;
      if (!mm_store_accounts_update (db, account, error))
        return FALSE;
      if (g_str_equal (account->kind, "customer"))
        {
          g_free (account->sign_in);
          account->sign_in = g_strdup (job->mail);
          if (!mm_store_accounts_set_sign_in (db, account->id, account->sign_in,
                                              account->sign_in_folded, error))
            return FALSE;
        }
    }
  job->provisional = send_link (job->context, db, account, now, error);
  return job->provisional != NULL;
}

static MmProvisional *
run_resending (Resending *job, GError **error)
{
  if (mm_writer_run (job->context->writer, resend, job, error))
    return job->provisional;
  mm_provisional_free (job->provisional);
  return NULL;
}

MmProvisional *
mm_registering_resend (MmContext *context, const char *address, const char *secret, GError **error)
{
  g_autoptr (MmAccountRow) account = look_for_waiting (context, secret, FALSE, error);
  Resending job = { .context = context, .secret = secret };

  if (account == NULL || !mm_registering_limit (context, address, account->mail, error))
    return NULL;
  return run_resending (&job, error);
}

MmProvisional *
mm_registering_correct_mail (MmContext *context,
                             const char *address,
                             const char *walk,
                             const char *mail,
                             const char *mail_again,
                             GError **error)
{
  g_autoptr (MmAccountRow) account = look_for_waiting (context, walk, TRUE, error);
  g_autoptr (GError) problems = NULL;
  g_autofree char *normal = NULL;
  Resending job = { .context = context, .secret = walk };

  if (account == NULL)
    return NULL;
  normal = mm_registering_mail_pair (mail, mail_again, &problems);
  if (normal == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return NULL;
    }
  if (!mm_registering_limit (context, address, normal, error))
    return NULL;
  job.mail = normal;
  return run_resending (&job, error);
}

static gboolean
sweep (MmDatabase *db, gpointer data, GError **error)
{
  gint64 now = *(gint64 *) data;

  return mm_store_accounts_sweep (db, now - TOKEN_MEMORY, now, error)
         && mm_store_tokens_sweep (db, now - TOKEN_MEMORY, error);
}

gboolean
mm_registering_sweep (MmContext *context, GError **error)
{
  gint64 now = mm_clock_now (context->clock);

  return mm_writer_run (context->writer, sweep, &now, error);
}
