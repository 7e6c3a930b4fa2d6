#include "mm-store-terms.h"

gboolean
mm_store_terms_version (MmDatabase *db, const char *audience, gint64 *version, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT coalesce(max(version), 0) FROM terms WHERE audience = $1",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, audience);
  if (mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *version = mm_statement_int (s, 0);
  return TRUE;
}

gboolean
mm_store_terms_body (MmDatabase *db,
                     const char *audience,
                     gint64 version,
                     const char *language,
                     char **found,
                     char **body,
                     GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT language, body FROM terms WHERE audience = $1 AND version = $2 ORDER BY "
      "CASE WHEN language = $3 THEN 0 WHEN language = 'en' THEN 1 ELSE 2 END, language LIMIT 1",
      error);
  MmStep step;

  *found = *body = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, audience);
  mm_statement_bind_int (s, 2, version);
  mm_statement_bind_text (s, 3, language);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    {
      *found = g_strdup (mm_statement_text (s, 0));
      *body = g_strdup (mm_statement_text (s, 1));
    }
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_terms_insert (MmDatabase *db,
                       const char *audience,
                       gint64 version,
                       const char *language,
                       const char *body,
                       gint64 now,
                       GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO terms (audience, version, language, body, published) "
                             "VALUES ($1, $2, $3, $4, $5)",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, audience);
  mm_statement_bind_int (s, 2, version);
  mm_statement_bind_text (s, 3, language);
  mm_statement_bind_text (s, 4, body);
  mm_statement_bind_int (s, 5, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_terms_agree (MmDatabase *db,
                      gint64 account,
                      const char *audience,
                      gint64 version,
                      const char *language,
                      const char *step,
                      gint64 now,
                      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO consent (account, audience, version, language, step, agreed) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_text (s, 2, audience);
  mm_statement_bind_int (s, 3, version);
  mm_statement_bind_text (s, 4, language);
  mm_statement_bind_text (s, 5, step);
  mm_statement_bind_int (s, 6, now);
  return mm_statement_run (s, error);
}
