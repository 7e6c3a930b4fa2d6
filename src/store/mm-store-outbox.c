#include "mm-store-outbox.h"

#define COLUMNS                                                                                    \
  "id, public_id, account, contact, alert, letter, recipient, language, subject, text, html,"      \
  " state, created, next_try, tries, finished, answer"

void
mm_outbox_row_free (MmOutboxRow *row)
{
  if (row == NULL)
    return;
  g_free (row->public_id);
  g_free (row->letter);
  g_free (row->recipient);
  g_free (row->language);
  g_free (row->subject);
  g_free (row->text);
  g_free (row->html);
  g_free (row->state);
  g_free (row->answer);
  g_free (row);
}

static MmOutboxRow *
read_row (MmStatement *s)
{
  MmOutboxRow *row = g_new0 (MmOutboxRow, 1);

  row->id = mm_statement_int (s, 0);
  row->public_id = g_strdup (mm_statement_text (s, 1));
  row->account = mm_statement_int (s, 2);
  row->contact = mm_statement_int (s, 3);
  row->alert = mm_statement_int (s, 4);
  row->letter = g_strdup (mm_statement_text (s, 5));
  row->recipient = g_strdup (mm_statement_text (s, 6));
  row->language = g_strdup (mm_statement_text (s, 7));
  row->subject = g_strdup (mm_statement_text (s, 8));
  row->text = g_strdup (mm_statement_text (s, 9));
  row->html = g_strdup (mm_statement_text (s, 10));
  row->state = g_strdup (mm_statement_text (s, 11));
  row->created = mm_statement_int (s, 12);
  row->next_try = mm_statement_int (s, 13);
  row->tries = (guint) mm_statement_int (s, 14);
  row->finished = mm_statement_int (s, 15);
  row->answer = g_strdup (mm_statement_text (s, 16));
  return row;
}

static void
bind_reference (MmStatement *s, int n, gint64 row)
{
  if (row != 0)
    mm_statement_bind_int (s, n, row);
  else
    mm_statement_bind_null (s, n);
}

gboolean
mm_store_outbox_insert (MmDatabase *db, const MmOutboxRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO outbox (public_id, account, contact, alert, letter, recipient, language,"
      " subject, text, html, state, created, next_try, tries, answer)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $11, 0, '')",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, row->public_id);
  bind_reference (s, 2, row->account);
  bind_reference (s, 3, row->contact);
  bind_reference (s, 4, row->alert);
  mm_statement_bind_text (s, 5, row->letter);
  mm_statement_bind_text (s, 6, row->recipient);
  mm_statement_bind_text (s, 7, row->language);
  mm_statement_bind_text (s, 8, row->subject);
  mm_statement_bind_text (s, 9, row->text);
  mm_statement_bind_text (s, 10, row->html);
  mm_statement_bind_int (s, 11, row->created);
  return mm_statement_run (s, error);
}

/* The rest of @s as rows. */
static gboolean
read_rows (MmStatement *s, GPtrArray **rows, GError **error)
{
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_outbox_row_free);
  MmStep step;

  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (found, read_row (s));
  if (step == MM_STEP_FAILED)
    return FALSE;
  *rows = g_steal_pointer (&found);
  return TRUE;
}

gboolean
mm_store_outbox_due (MmDatabase *db, gint64 now, guint limit, GPtrArray **rows, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT " COLUMNS
                             " FROM outbox WHERE state = 'waiting' AND next_try <= $1"
                             " ORDER BY next_try, id LIMIT $2",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, now);
  mm_statement_bind_int (s, 2, limit);
  return read_rows (s, rows, error);
}

gboolean
mm_store_outbox_next_due (MmDatabase *db, gint64 *when, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT min(next_try) FROM outbox WHERE state = 'waiting'", error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *when = mm_statement_is_null (s, 0) ? G_MAXINT64 : mm_statement_int (s, 0);
  return TRUE;
}

gboolean
mm_store_outbox_note (MmDatabase *db,
                      gint64 id,
                      const char *state,
                      gint64 next_try,
                      gint64 finished,
                      const char *answer,
                      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE outbox SET state = $2, next_try = $3, finished = $4, answer = $5, tries = tries + 1"
      " WHERE id = $1",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  mm_statement_bind_text (s, 2, state);
  mm_statement_bind_int (s, 3, next_try);
  bind_reference (s, 4, finished);
  mm_statement_bind_text (s, 5, answer);
  return mm_statement_run (s, error);
}

gboolean
mm_store_outbox_list (MmDatabase *db, guint limit, GPtrArray **rows, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT id, public_id, account, contact, alert, letter, recipient, language, subject, '', '',"
      " state, created, next_try, tries, finished, answer FROM outbox ORDER BY id DESC LIMIT $1",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, limit);
  return read_rows (s, rows, error);
}

gboolean
mm_store_outbox_find (MmDatabase *db, const char *public_id, MmOutboxRow **row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS " FROM outbox WHERE public_id = $1", error);
  MmStep step;

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, public_id);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *row = read_row (s);
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_outbox_waiting (MmDatabase *db, guint *count, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT count(*) FROM outbox WHERE state = 'waiting'", error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *count = (guint) mm_statement_int (s, 0);
  return TRUE;
}

gboolean
mm_store_outbox_hurry (MmDatabase *db, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE outbox SET next_try = $1 WHERE state = 'waiting' AND next_try > $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_outbox_latest (
    MmDatabase *db, const char *letter, const char *recipient, MmOutboxRow **row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT " COLUMNS " FROM outbox WHERE letter = $1 AND recipient = $2 "
                             "ORDER BY id DESC LIMIT 1",
                             error);
  MmStep step;

  *row = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, letter);
  mm_statement_bind_text (s, 2, recipient);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *row = read_row (s);
  return step != MM_STEP_FAILED;
}
