/* One's own password, again. On workers, the recheck on the writer's thread. */
#include "mm-own-password.h"

#include "mm-error.h"
#include "mm-passwords.h"
#include "mm-throttle.h"
#include "mm-words.h"

/* As at signing in, and counted with it. */
#define TRIES 10
#define PERIOD_S 600

static MmAccountRow *
read_account (MmContext *context, gint64 id, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return NULL;
  ok = mm_store_accounts_get (db, id, &account, error);
  mm_readers_give (context->readers, db);
  if (ok && (account == NULL || !g_str_equal (account->state, "active")))
    ok = mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "no-session", N_ ("Please sign in."));
  return ok ? g_steal_pointer (&account) : NULL;
}

MmAccountRow *
mm_own_password_check (MmContext *context,
                       const MmPrincipal *principal,
                       const char *password,
                       GError **error)
{
  g_autoptr (MmAccountRow) account = read_account (context, principal->account, error);
  gboolean matches;

  if (account == NULL)
    return NULL;
  if (password == NULL || *password == '\0')
    {
      mm_error_add_field (error, "password", "required", N_ ("Please fill in this field."));
      return NULL;
    }
  if (!mm_throttle_try (context->throttle, "sign-in", account->sign_in_folded, TRIES, PERIOD_S,
                        mm_clock_now (context->clock), error)
      || !mm_passwords_verify (context->passwords, account->password, password, &matches, error))
    return NULL;
  if (!matches)
    {
      mm_error_add_field (error, "password", "mismatch", N_ ("This is not your present password."));
      return NULL;
    }
  mm_throttle_forget (context->throttle, "sign-in", account->sign_in_folded);
  return g_steal_pointer (&account);
}

MmAccountRow *
mm_own_password_recheck (MmDatabase *db, const MmAccountRow *checked, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;

  if (!mm_store_accounts_get (db, checked->id, &account, error))
    return NULL;
  if (account != NULL && g_str_equal (account->state, "active")
      && g_strcmp0 (account->password, checked->password) == 0)
    return g_steal_pointer (&account);
  mm_error_set (error, MM_ERROR_CONFLICT, "changed",
                N_ ("This was changed by somebody else in the meantime."));
  return NULL;
}
