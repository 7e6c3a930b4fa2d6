/* Second factors. On workers; what changes the store is a job on the writer's thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-two-factor.h"

#include "mm-account.h"
#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-language.h"
#include "mm-own-password.h"
#include "mm-posting.h"
#include "mm-secret.h"
#include "mm-store-operator.h"
#include "mm-store-second-factor.h"
#include "mm-throttle.h"
#include "mm-words.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

#define STEP (30 * MM_SECOND)
#define DIGITS 6
#define WINDOW 1
#define SETUP_LIFE MM_HOUR

/* Three of a million codes count at any time: 480 guesses a day leave one in 700 a day. */
#define TRIES 5
#define PERIOD_S 900

/* ---- codes ---- */

gint64
mm_two_factor_step (gint64 now)
{
  return now / STEP;
}

char *
mm_two_factor_code (const guint8 *secret, gint64 step)
{
  char code[DIGITS + 1];

  /* TOTP is HOTP with the step as the counter (RFC 6238, 4.2). */
  if (oath_hotp_generate ((const char *) secret, MM_SECOND_FACTOR_BYTES, (guint64) step, DIGITS,
                          FALSE, OATH_HOTP_DYNAMIC_TRUNCATION, code)
      != OATH_OK)
    g_error ("liboath cannot compute codes");
  return g_strdup (code);
}

/* The digits of @text, as apps show them in two groups; NULL if it is no such code. */
static char *
normalise_code (const char *text)
{
  g_autofree char *wide = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_ALL);
  g_autoptr (GString) digits = g_string_new (NULL);

  for (const char *p = wide; p != NULL && *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      g_string_append_c (digits, *p);
    else if (*p != ' ')
      return NULL;
  return digits->len == DIGITS ? g_strdup (digits->str) : NULL;
}

static gboolean
spend_code (MmDatabase *db,
            gint64 account,
            const MmSecondFactorRow *factor,
            const char *code,
            gint64 now,
            gboolean *right,
            GError **error)
{
  gint64 present = mm_two_factor_step (now);

  for (gint64 step = present - WINDOW; step <= present + WINDOW; step++)
    {
      g_autofree char *expected = mm_two_factor_code (factor->secret, step);

      if (step <= factor->last_step || !mm_secret_equal (expected, code))
        continue;
      *right = TRUE;
      return mm_store_second_factor_set_step (db, account, step, error);
    }
  return TRUE;
}

static gboolean
spend_recovery_code (
    MmDatabase *db, gint64 account, const char *text, gboolean *right, GError **error)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *code = mm_activation_code_normalise (text, "code", &ignored);
  guint8 hash[MM_SECRET_HASH_BYTES];

  if (code == NULL)
    return TRUE;
  mm_secret_hash (code, hash);
  return mm_store_recovery_code_use (db, account, hash, right, error);
}

gboolean
mm_two_factor_spend (MmContext *context,
                     MmDatabase *db,
                     gint64 account,
                     const char *name,
                     const char *code,
                     gint64 now,
                     gboolean *right,
                     GError **error)
{
  g_autofree char *digits = normalise_code (code);
  MmSecondFactorRow factor;
  gboolean found;

  *right = FALSE;
  if (!mm_throttle_try (context->throttle, "second-factor", name, TRIES, PERIOD_S, now, error)
      || !mm_store_second_factor_get (db, account, &factor, &found, error))
    return FALSE;
  if (found
      && !(digits != NULL ? spend_code (db, account, &factor, digits, now, right, error)
                          : spend_recovery_code (db, account, code, right, error)))
    return FALSE;
  if (*right)
    mm_throttle_forget (context->throttle, "second-factor", name);
  return TRUE;
}

/* ---- looking ---- */

static gboolean
read_factor (MmContext *context,
             const MmPrincipal *principal,
             MmSecondFactorRow *factor,
             gboolean *found,
             GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return FALSE;
  ok = mm_store_second_factor_get (db, principal->account, factor, found, error);
  mm_readers_give (context->readers, db);
  return ok;
}

gboolean
mm_two_factor_look (MmContext *context,
                    const MmPrincipal *principal,
                    gboolean *on,
                    guint *recovery_codes,
                    GError **error)
{
  MmSecondFactorRow factor;
  gboolean found;

  if (!read_factor (context, principal, &factor, &found, error))
    return FALSE;
  *on = found && factor.confirmed != 0;
  *recovery_codes = factor.recovery_codes;
  return TRUE;
}

/* ---- setting up ---- */

void
mm_two_factor_setup_free (MmTwoFactorSetup *setup)
{
  if (setup == NULL)
    return;
  g_free (setup->secret);
  g_free (setup->url);
  g_free (setup);
}

static MmTwoFactorSetup *
make_setup (MmContext *context, const char *sign_in, const guint8 *secret)
{
  MmTwoFactorSetup *setup = g_new0 (MmTwoFactorSetup, 1);
  g_autoptr (GString) groups = g_string_new (NULL);
  g_autofree char *issuer = g_uri_escape_string (mm_context_config (context)->name, NULL, FALSE);
  g_autofree char *name = g_uri_escape_string (sign_in, NULL, FALSE);
  char *base32 = NULL;

  if (oath_base32_encode ((const char *) secret, MM_SECOND_FACTOR_BYTES, &base32, NULL) != OATH_OK)
    g_error ("liboath cannot encode secrets");
  for (gsize i = 0; base32[i] != '\0'; i++)
    g_string_append_printf (groups, "%s%c", i > 0 && i % 4 == 0 ? " " : "", base32[i]);
  setup->secret = g_strdup (groups->str);
  setup->url = g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&digits=6&period=30",
                                issuer, name, base32, issuer);
  free (base32);
  return setup;
}

typedef struct
{
  MmContext *context;
  const MmAccountRow *checked; /* or NULL */
  gint64 account;
  const char *code;
  const char *user_id; /* of a reset */
  guint8 secret[MM_SECOND_FACTOR_BYTES];
  char **recovery_codes;
  gint64 now;
  gboolean right;
} Job;

static gboolean
begin_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmAccountRow) account = mm_own_password_recheck (db, job->checked, error);
  MmSecondFactorRow factor;
  gboolean found;

  if (account == NULL || !mm_store_second_factor_get (db, account->id, &factor, &found, error))
    return FALSE;
  if (found && factor.confirmed != 0)
    return mm_error_set (error, MM_ERROR_CONFLICT, "two-factor-on",
                         N_ ("Two-factor sign-in is on already."));
  return mm_store_second_factor_begin (db, account->id, job->secret, job->now, error);
}

MmTwoFactorSetup *
mm_two_factor_begin (MmContext *context,
                     const MmPrincipal *principal,
                     const char *password,
                     GError **error)
{
  g_autoptr (MmAccountRow) account = mm_own_password_check (context, principal, password, error);
  Job job = { .context = context, .checked = account, .now = mm_clock_now (context->clock) };

  if (account == NULL)
    return NULL;
  randombytes_buf (job.secret, sizeof job.secret);
  if (!mm_writer_run (context->writer, begin_job, &job, error))
    return NULL;
  return make_setup (context, account->sign_in, job.secret);
}

static gboolean
refuse_setup (GError **error)
{
  return mm_error_set (error, MM_ERROR_CONFLICT, "no-setup",
                       N_ ("Please begin the setup of two-factor sign-in anew."));
}

static gboolean
is_begun (const MmSecondFactorRow *factor, gboolean found, gint64 now)
{
  return found && factor->confirmed == 0 && now - factor->made < SETUP_LIFE;
}

MmTwoFactorSetup *
mm_two_factor_begun (MmContext *context, const MmPrincipal *principal, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;
  MmSecondFactorRow factor;
  gboolean found, ok;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  ok = mm_store_second_factor_get (db, principal->account, &factor, &found, error)
       && mm_store_accounts_get (db, principal->account, &account, error);
  mm_readers_give (context->readers, db);
  if (!ok)
    return NULL;
  if (account == NULL || !is_begun (&factor, found, mm_clock_now (context->clock)))
    {
      refuse_setup (error);
      return NULL;
    }
  return make_setup (context, account->sign_in, factor.secret);
}

/* Tells the account's address, in words for the letter "account-changed". */
static gboolean
post_changed (MmContext *context,
              MmDatabase *db,
              const MmAccountRow *account,
              const char *what,
              gint64 now,
              GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *when
      = mm_language_format_time (mm_languages_get (context->languages, account->language), now,
                                 zone);
  g_autofree char *url = g_strconcat (context->public_url, "/two-factor", NULL);
  json_t *values = json_pack ("{s:s, s:s, s:s, s:[s]}", "name", account->name, "url", url, "when",
                              when, "fields", what);
  MmPost post = { .letter = "account-changed",
                  .recipient = account->mail,
                  .language = account->language,
                  .account = account->id };
  gboolean sent = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  return sent;
}

static gboolean
confirm_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmAccountRow) account = NULL;
  MmSecondFactorRow factor;
  gboolean found;

  if (!mm_store_accounts_get (db, job->account, &account, error)
      || !mm_store_second_factor_get (db, job->account, &factor, &found, error))
    return FALSE;
  if (account == NULL || !is_begun (&factor, found, job->now))
    return refuse_setup (error);
  if (!mm_two_factor_spend (job->context, db, job->account, account->public_id, job->code, job->now,
                            &job->right, error))
    return FALSE;
  if (!job->right)
    return TRUE;
  for (guint i = 0; job->recovery_codes[i] != NULL; i++)
    {
      guint8 hash[MM_SECRET_HASH_BYTES];
      g_autofree char *normal
          = mm_activation_code_normalise (job->recovery_codes[i], "code", error);

      if (normal == NULL)
        return FALSE;
      mm_secret_hash (normal, hash);
      if (!mm_store_recovery_code_add (db, job->account, hash, error))
        return FALSE;
    }
  return mm_store_second_factor_confirm (db, job->account, job->now, error)
         && post_changed (job->context, db, account, N_ ("Two-factor sign-in (switched on)"),
                          job->now, error);
}

static gboolean
refuse_code (const char *code, GError **error)
{
  if (code == NULL || *code == '\0')
    mm_error_add_field (error, "code", "required", N_ ("Please fill in this field."));
  else
    mm_error_add_field (error, "code", "mismatch",
                        N_ ("This code is not right, or it has been used already."));
  return FALSE;
}

char **
mm_two_factor_confirm (MmContext *context,
                       const MmPrincipal *principal,
                       const char *code,
                       GError **error)
{
  g_auto (GStrv) codes = g_new0 (char *, MM_RECOVERY_CODES + 1);
  Job job = { .context = context,
              .account = principal->account,
              .code = code,
              .recovery_codes = codes,
              .now = mm_clock_now (context->clock) };

  if (code == NULL || *code == '\0')
    {
      refuse_code (code, error);
      return NULL;
    }
  for (guint i = 0; i < MM_RECOVERY_CODES; i++)
    codes[i] = mm_secret_new_activation_code ();
  if (!mm_writer_run (context->writer, confirm_job, &job, error))
    return NULL;
  if (!job.right)
    {
      refuse_code (code, error);
      return NULL;
    }
  g_message ("an account got a second factor");
  return g_steal_pointer (&codes);
}

/* ---- switching off ---- */

static gboolean
end_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmAccountRow) account = mm_own_password_recheck (db, job->checked, error);

  if (account == NULL
      || !mm_two_factor_spend (job->context, db, account->id, account->public_id, job->code,
                               job->now, &job->right, error))
    return FALSE;
  return !job->right
         || (mm_store_second_factor_remove (db, account->id, error)
             && post_changed (job->context, db, account, N_ ("Two-factor sign-in (switched off)"),
                              job->now, error));
}

gboolean
mm_two_factor_end (MmContext *context,
                   const MmPrincipal *principal,
                   const char *password,
                   const char *code,
                   GError **error)
{
  g_autoptr (MmAccountRow) account = mm_own_password_check (context, principal, password, error);
  Job job = { .context = context, .checked = account, .code = code };
  gboolean on;
  guint left;

  if (account == NULL || !mm_two_factor_look (context, principal, &on, &left, error))
    return FALSE;
  if (!on)
    return mm_error_set (error, MM_ERROR_CONFLICT, "two-factor-off",
                         N_ ("Two-factor sign-in is off."));
  if (code == NULL || *code == '\0')
    return refuse_code (code, error);
  job.now = mm_clock_now (context->clock);
  if (!mm_writer_run (context->writer, end_job, &job, error))
    return FALSE;
  return job.right || refuse_code (code, error);
}

/* ---- for the operator ---- */

static gboolean
reset_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *folded = mm_user_id_fold (job->user_id);
  g_autoptr (MmAccountRow) account = NULL;
  MmSecondFactorRow factor;
  gboolean found = FALSE;

  if (!mm_store_accounts_find (db, "dealer", folded, &account, error))
    return FALSE;
  if (account == NULL || !g_str_equal (account->sign_in, job->user_id)
      || !g_str_equal (account->state, "active"))
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found",
                         "There is no dealer with this user ID.");
  if (!mm_store_second_factor_get (db, account->id, &factor, &found, error))
    return FALSE;
  if (!found || factor.confirmed == 0)
    return mm_error_set (error, MM_ERROR_CONFLICT, "two-factor-off",
                         N_ ("Two-factor sign-in is off."));
  return mm_store_second_factor_remove (db, account->id, error)
         && mm_store_operator_note (db, job->now, "two-factor-reset", account->public_id, error)
         && post_changed (job->context, db, account, N_ ("Two-factor sign-in (switched off)"),
                          job->now, error);
}

gboolean
mm_two_factor_reset (MmContext *context, const char *user_id, GError **error)
{
  Job job = { .context = context, .user_id = user_id, .now = mm_clock_now (context->clock) };

  return mm_writer_run (context->writer, reset_job, &job, error);
}
