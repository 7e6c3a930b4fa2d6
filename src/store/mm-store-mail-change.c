#include "mm-store-mail-change.h"

static gboolean
forget (MmDatabase *db, gint64 account, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "DELETE FROM mail_change WHERE account = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  return mm_statement_run (s, error);
}

gboolean
mm_store_mail_change_set (MmDatabase *db, gint64 account, const char *mail, GError **error)
{
  g_autoptr (MmStatement) s = NULL;

  if (!forget (db, account, error))
    return FALSE;
  if (mail == NULL)
    return TRUE;
  s = mm_database_prepare (db, "INSERT INTO mail_change (account, mail) VALUES ($1, $2)", error);
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_text (s, 2, mail);
  return mm_statement_run (s, error);
}

gboolean
mm_store_mail_change_get (MmDatabase *db, gint64 account, char **mail, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT mail FROM mail_change WHERE account = $1", error);
  MmStep step;

  *mail = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *mail = g_strdup (mm_statement_text (s, 0));
  return step != MM_STEP_FAILED;
}
