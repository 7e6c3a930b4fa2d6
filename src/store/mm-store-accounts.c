#include "mm-store-accounts.h"

#define COLUMNS                                                                                    \
  "id, public_id, kind, state, sign_in, sign_in_folded, password, language, name, kana, mail, "    \
  "phone, postal_code, prefecture, municipality, address, dealer_name, alert_own_mail, created, "  \
  "activated, changed"
#define CONTACT_COLUMNS "id, public_id, account, position, mail, language, created, confirmed"

MmAccountRow *
mm_account_row_new (void)
{
  return g_new0 (MmAccountRow, 1);
}

void
mm_account_row_free (MmAccountRow *row)
{
  if (row == NULL)
    return;
  g_free (row->public_id);
  g_free (row->kind);
  g_free (row->state);
  g_free (row->sign_in);
  g_free (row->sign_in_folded);
  g_free (row->password);
  g_free (row->language);
  g_free (row->name);
  g_free (row->kana);
  g_free (row->mail);
  g_free (row->phone);
  g_free (row->postal_code);
  g_free (row->prefecture);
  g_free (row->municipality);
  g_free (row->address);
  g_free (row->dealer_name);
  g_free (row);
}

void
mm_contact_row_free (MmContactRow *row)
{
  if (row == NULL)
    return;
  g_free (row->public_id);
  g_free (row->mail);
  g_free (row->language);
  g_free (row);
}

static MmAccountRow *
read_account (MmStatement *s)
{
  MmAccountRow *row = mm_account_row_new ();

  row->id = mm_statement_int (s, 0);
  row->public_id = g_strdup (mm_statement_text (s, 1));
  row->kind = g_strdup (mm_statement_text (s, 2));
  row->state = g_strdup (mm_statement_text (s, 3));
  row->sign_in = g_strdup (mm_statement_text (s, 4));
  row->sign_in_folded = g_strdup (mm_statement_text (s, 5));
  row->password = g_strdup (mm_statement_text (s, 6));
  row->language = g_strdup (mm_statement_text (s, 7));
  row->name = g_strdup (mm_statement_text (s, 8));
  row->kana = g_strdup (mm_statement_text (s, 9));
  row->mail = g_strdup (mm_statement_text (s, 10));
  row->phone = g_strdup (mm_statement_text (s, 11));
  row->postal_code = g_strdup (mm_statement_text (s, 12));
  row->prefecture = g_strdup (mm_statement_text (s, 13));
  row->municipality = g_strdup (mm_statement_text (s, 14));
  row->address = g_strdup (mm_statement_text (s, 15));
  row->dealer_name = g_strdup (mm_statement_text (s, 16));
  row->alert_own_mail = mm_statement_int (s, 17) != 0;
  row->created = mm_statement_int (s, 18);
  row->activated = mm_statement_int (s, 19);
  row->changed = mm_statement_int (s, 20);
  return row;
}

static MmContactRow *
read_contact (MmStatement *s)
{
  MmContactRow *row = g_new0 (MmContactRow, 1);

  row->id = mm_statement_int (s, 0);
  row->public_id = g_strdup (mm_statement_text (s, 1));
  row->account = mm_statement_int (s, 2);
  row->position = (int) mm_statement_int (s, 3);
  row->mail = g_strdup (mm_statement_text (s, 4));
  row->language = g_strdup (mm_statement_text (s, 5));
  row->created = mm_statement_int (s, 6);
  row->confirmed = mm_statement_int (s, 7);
  return row;
}

static void
bind_words (MmStatement *s, int first, const MmAccountRow *row)
{
  const char *const words[]
      = { row->language,    row->name,       row->kana,         row->mail,    row->phone,
          row->postal_code, row->prefecture, row->municipality, row->address, row->dealer_name };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    mm_statement_bind_text (s, first + (int) i, words[i] != NULL ? words[i] : "");
}

gboolean
mm_store_accounts_insert (MmDatabase *db, MmAccountRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO account (public_id, kind, state, sign_in, sign_in_folded, password, language, "
      "name, kana, mail, phone, postal_code, prefecture, municipality, address, dealer_name, "
      "alert_own_mail, created, activated, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, row->public_id);
  mm_statement_bind_text (s, 2, row->kind);
  mm_statement_bind_text (s, 3, row->state);
  mm_statement_bind_text (s, 4, row->sign_in);
  mm_statement_bind_text (s, 5, row->sign_in_folded);
  mm_statement_bind_text (s, 6, row->password);
  bind_words (s, 7, row);
  mm_statement_bind_int (s, 17, row->alert_own_mail ? 1 : 0);
  mm_statement_bind_int (s, 18, row->created);
  if (row->activated != 0)
    mm_statement_bind_int (s, 19, row->activated);
  else
    mm_statement_bind_null (s, 19);
  mm_statement_bind_int (s, 20, row->changed);
  if (!mm_statement_run (s, error))
    return FALSE;
  row->id = mm_database_last_id (db);
  return TRUE;
}

static gboolean
one_account (MmStatement *s, MmAccountRow **row, GError **error)
{
  MmStep step = mm_statement_step (s, error);

  *row = step == MM_ROW ? read_account (s) : NULL;
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_accounts_get (MmDatabase *db, gint64 id, MmAccountRow **row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS " FROM account WHERE id = $1", error);

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  return one_account (s, row, error);
}

gboolean
mm_store_accounts_find (
    MmDatabase *db, const char *kind, const char *folded, MmAccountRow **row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " COLUMNS " FROM account WHERE kind = $1 AND sign_in_folded = $2", error);

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, kind);
  mm_statement_bind_text (s, 2, folded);
  return one_account (s, row, error);
}

gboolean
mm_store_accounts_is_free (MmDatabase *db,
                           const char *kind,
                           const char *folded,
                           gint64 now,
                           gboolean *is_free,
                           GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT 1 FROM account WHERE kind = $1 AND sign_in_folded = $2 AND (state <> 'provisional' "
      "OR EXISTS (SELECT 1 FROM token WHERE token.account = account.id "
      "AND token.purpose = 'registration' AND token.expires > $3))",
      error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, kind);
  mm_statement_bind_text (s, 2, folded);
  mm_statement_bind_int (s, 3, now);
  step = mm_statement_step (s, error);
  *is_free = step == MM_DONE;
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_accounts_list (MmDatabase *db, const char *kind, GPtrArray **rows, GError **error)
{
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_account_row_free);
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT " COLUMNS
                             " FROM account WHERE kind = $1 AND state <> 'provisional' "
                             "ORDER BY sign_in_folded",
                             error);
  MmStep step;

  *rows = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, kind);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (found, read_account (s));
  if (step == MM_STEP_FAILED)
    return FALSE;
  *rows = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mm_store_accounts_update (MmDatabase *db, const MmAccountRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE account SET language = $1, name = $2, kana = $3, mail = $4, phone = $5, "
      "postal_code = $6, prefecture = $7, municipality = $8, address = $9, dealer_name = $10, "
      "alert_own_mail = $11, changed = $12 WHERE id = $13",
      error);

  if (s == NULL)
    return FALSE;
  bind_words (s, 1, row);
  mm_statement_bind_int (s, 11, row->alert_own_mail ? 1 : 0);
  mm_statement_bind_int (s, 12, row->changed);
  mm_statement_bind_int (s, 13, row->id);
  return mm_statement_run (s, error);
}

gboolean
mm_store_accounts_set_sign_in (
    MmDatabase *db, gint64 id, const char *sign_in, const char *folded, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE account SET sign_in = $2, sign_in_folded = $3 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_text (s, 2, sign_in);
  mm_statement_bind_text (s, 3, folded);
  return mm_statement_run (s, error);
}

gboolean
mm_store_accounts_activate (
    MmDatabase *db, gint64 id, const char *password, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE account SET state = 'active', password = $2, activated = $3, changed = $3 "
      "WHERE id = $1 AND state = 'provisional'",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_text (s, 2, password);
  mm_statement_bind_int (s, 3, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_accounts_set_password (
    MmDatabase *db, gint64 id, const char *password, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE account SET password = $2, changed = $3 WHERE id = $1 AND state = 'active'",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_text (s, 2, password);
  mm_statement_bind_int (s, 3, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_accounts_release (
    MmDatabase *db, const char *kind, const char *folded, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "DELETE FROM account WHERE kind = $1 AND sign_in_folded = $2 AND state = 'provisional' "
      "AND NOT EXISTS (SELECT 1 FROM token WHERE token.account = account.id "
      "AND token.purpose = 'registration' AND token.expires > $3)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, kind);
  mm_statement_bind_text (s, 2, folded);
  mm_statement_bind_int (s, 3, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_accounts_sweep (MmDatabase *db, gint64 before, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "DELETE FROM account WHERE state = 'provisional' AND created < $1 "
                             "AND NOT EXISTS (SELECT 1 FROM token WHERE token.account = account.id "
                             "AND token.purpose = 'registration' AND token.expires > $2)",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, before);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_contacts_list (MmDatabase *db, gint64 account, GPtrArray **rows, GError **error)
{
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_contact_row_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " CONTACT_COLUMNS " FROM contact WHERE account = $1 ORDER BY position, id",
      error);
  MmStep step;

  *rows = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (found, read_contact (s));
  if (step == MM_STEP_FAILED)
    return FALSE;
  *rows = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mm_store_contacts_get (MmDatabase *db, gint64 id, MmContactRow **row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " CONTACT_COLUMNS " FROM contact WHERE id = $1", error);
  MmStep step;

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *row = read_contact (s);
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_contacts_insert (MmDatabase *db, MmContactRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO contact (public_id, account, position, mail, language, created) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, row->public_id);
  mm_statement_bind_int (s, 2, row->account);
  mm_statement_bind_int (s, 3, row->position);
  mm_statement_bind_text (s, 4, row->mail);
  mm_statement_bind_text (s, 5, row->language);
  mm_statement_bind_int (s, 6, row->created);
  if (!mm_statement_run (s, error))
    return FALSE;
  row->id = mm_database_last_id (db);
  return TRUE;
}

gboolean
mm_store_contacts_move (MmDatabase *db, gint64 id, int position, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE contact SET position = $2 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_int (s, 2, position);
  return mm_statement_run (s, error);
}

gboolean
mm_store_contacts_confirm (MmDatabase *db, gint64 id, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE contact SET confirmed = $2 WHERE id = $1 AND confirmed IS NULL", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_contacts_delete (MmDatabase *db, gint64 id, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "DELETE FROM contact WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  return mm_statement_run (s, error);
}
