#include "mm-store-readings.h"

gboolean
mm_reading_log_append (MmDatabase *db, const MmLogRow *row, gint64 *id, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO reading_log (gateway, received, previous, newest_before, added, body)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row->gateway);
  mm_statement_bind_int (s, 2, row->received);
  mm_statement_bind_int (s, 3, row->previous);
  mm_statement_bind_int (s, 4, row->newest_before);
  mm_statement_bind_int (s, 5, row->added);
  mm_statement_bind_blob (s, 6, row->body, row->body_length);
  if (!mm_statement_run (s, error))
    return FALSE;
  *id = mm_database_last_id (db);
  return TRUE;
}

#define LOG_COLUMNS "id, gateway, received, previous, newest_before, added, body"

static void
read_log_row (MmStatement *s, MmLogRow *row)
{
  row->id = mm_statement_int (s, 0);
  row->gateway = mm_statement_int (s, 1);
  row->received = mm_statement_int (s, 2);
  row->previous = mm_statement_int (s, 3);
  row->newest_before = mm_statement_int (s, 4);
  row->added = (guint) mm_statement_int (s, 5);
  row->body = mm_statement_blob (s, 6, &row->body_length);
}

/* Steps @s, which selects a row by its number, to the row @id. */
static gboolean
seek (MmStatement *s, gint64 id, MmLogRow *row, GError **error)
{
  mm_statement_reset (s);
  mm_statement_bind_int (s, 1, id);
  switch (mm_statement_step (s, error))
    {
    case MM_STEP_FAILED:
      return FALSE;
    case MM_DONE:
      g_set_error (error, MM_DATABASE_ERROR, MM_DATABASE_ERROR_FAILED,
                   "row %" G_GINT64_FORMAT " of the reading log is missing", id);
      return FALSE;
    case MM_ROW:
      break;
    }
  read_log_row (s, row);
  return TRUE;
}

#define SELECT_ROW "SELECT " LOG_COLUMNS " FROM reading_log WHERE id = $1"

gboolean
mm_reading_log_walk_back (MmDatabase *db,
                          gint64 head,
                          gint64 after,
                          gint64 from,
                          MmLogRowFunc func,
                          gpointer data,
                          GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, SELECT_ROW, error);

  if (s == NULL)
    return FALSE;
  while (head > after)
    {
      MmLogRow row;

      if (!seek (s, head, &row, error) || !func (&row, data, error))
        return FALSE;
      if (row.newest_before < from)
        return TRUE;
      head = row.previous;
    }
  return TRUE;
}

gboolean
mm_reading_log_read (MmDatabase *db, gint64 id, MmLogRowFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, SELECT_ROW, error);
  MmLogRow row;

  return s != NULL && seek (s, id, &row, error) && func (&row, data, error);
}

gboolean
mm_reading_log_walk_after (
    MmDatabase *db, gint64 id, MmLogRowFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " LOG_COLUMNS " FROM reading_log WHERE id > $1 ORDER BY id", error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, id);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmLogRow row;

      read_log_row (s, &row);
      if (!func (&row, data, error))
        return FALSE;
    }
  return step == MM_DONE;
}

/* The answer of a query that has one number. */
static gboolean
count (MmDatabase *db, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, sql, error);

  if (s == NULL || mm_statement_step (s, error) != MM_ROW)
    return FALSE;
  *number = mm_statement_int (s, 0);
  return TRUE;
}

gboolean
mm_reading_log_trim (MmDatabase *db, gint64 up_to, guint most, gboolean *more, GError **error)
{
  g_autoptr (MmStatement) s = NULL;
  gint64 first;

  *more = FALSE;
  if (!count (db, "SELECT coalesce(min(id), 0) FROM reading_log", &first, error))
    return FALSE;
  if (first == 0 || first > up_to)
    return TRUE;
  s = mm_database_prepare (db, "DELETE FROM reading_log WHERE id <= $1", error);
  if (s == NULL)
    return FALSE;
  *more = first + most <= up_to;
  mm_statement_bind_int (s, 1, *more ? first + most - 1 : up_to);
  return mm_statement_run (s, error);
}

gboolean
mm_series_insert (MmDatabase *db,
                  gint64 gateway,
                  guint number,
                  const char *device,
                  const char *quantity,
                  GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "INSERT INTO series (gateway, number, device, quantity) VALUES ($1, $2, $3, $4)", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, number);
  mm_statement_bind_text (s, 3, device);
  mm_statement_bind_text (s, 4, quantity);
  return mm_statement_run (s, error);
}

gboolean
mm_series_each (MmDatabase *db, MmSeriesFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT gateway, number, device, quantity FROM series ORDER BY gateway, number", error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    if (!func (mm_statement_int (s, 0), (guint) mm_statement_int (s, 1), mm_statement_text (s, 2),
               mm_statement_text (s, 3), data, error))
      return FALSE;
  return step == MM_DONE;
}

gboolean
mm_live_row_save (MmDatabase *db, const MmLiveRow *row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO live (gateway, head, newest, last_contact, n_values, series, day, tail_rows,"
      " tail_first, tail_since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
      " ON CONFLICT (gateway) DO UPDATE SET head = excluded.head, newest = excluded.newest,"
      " last_contact = excluded.last_contact, n_values = excluded.n_values,"
      " series = excluded.series, day = excluded.day, tail_rows = excluded.tail_rows,"
      " tail_first = excluded.tail_first, tail_since = excluded.tail_since",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row->gateway);
  mm_statement_bind_int (s, 2, row->head);
  mm_statement_bind_int (s, 3, row->newest);
  mm_statement_bind_int (s, 4, row->last_contact);
  mm_statement_bind_int (s, 5, (gint64) row->n_values);
  mm_statement_bind_blob (s, 6, row->series_length > 0 ? row->series : (const guint8 *) "",
                          row->series_length);
  mm_statement_bind_blob (s, 7, row->day_length > 0 ? row->day : (const guint8 *) "",
                          row->day_length);
  mm_statement_bind_int (s, 8, row->tail_rows);
  mm_statement_bind_int (s, 9, row->tail_first);
  mm_statement_bind_int (s, 10, row->tail_since);
  return mm_statement_run (s, error);
}

gboolean
mm_live_row_each (MmDatabase *db, MmLiveRowFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT gateway, head, newest, last_contact, n_values, series, day, tail_rows, tail_first,"
      " tail_since FROM live",
      error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmLiveRow row = {
        .gateway = mm_statement_int (s, 0),
        .head = mm_statement_int (s, 1),
        .newest = mm_statement_int (s, 2),
        .last_contact = mm_statement_int (s, 3),
        .n_values = (guint64) mm_statement_int (s, 4),
        .tail_rows = mm_statement_int (s, 7),
        .tail_first = mm_statement_int (s, 8),
        .tail_since = mm_statement_int (s, 9),
      };

      row.series = mm_statement_blob (s, 5, &row.series_length);
      row.day = mm_statement_blob (s, 6, &row.day_length);
      if (!func (&row, data, error))
        return FALSE;
    }
  return step == MM_DONE;
}

gboolean
mm_live_mark_get (MmDatabase *db, gint64 *log_row, GError **error)
{
  return count (db, "SELECT log_row FROM live_mark WHERE id = 1", log_row, error);
}

gboolean
mm_live_mark_set (MmDatabase *db, gint64 log_row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE live_mark SET log_row = $1 WHERE id = 1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, log_row);
  return mm_statement_run (s, error);
}

gboolean
mm_quarantine_trim (MmDatabase *db, gint64 gateway, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "DELETE FROM quarantine WHERE gateway = $1 AND id <="
      " (SELECT id FROM quarantine WHERE gateway = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, MM_QUARANTINE_KEPT);
  return mm_statement_run (s, error);
}

gboolean
mm_quarantine_insert (MmDatabase *db,
                      gint64 gateway,
                      gint64 received,
                      gint64 time,
                      const char *device,
                      const char *quantity,
                      double value,
                      const char *reason,
                      GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO quarantine (gateway, received, time, device, quantity, value, reason)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
      " ON CONFLICT (gateway, device, quantity, time) DO UPDATE SET value = excluded.value,"
      " received = excluded.received, reason = excluded.reason",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, received);
  mm_statement_bind_int (s, 3, time);
  mm_statement_bind_text (s, 4, device);
  mm_statement_bind_text (s, 5, quantity);
  mm_statement_bind_double (s, 6, value);
  mm_statement_bind_text (s, 7, reason);
  return mm_statement_run (s, error);
}

gboolean
mm_quarantine_count (MmDatabase *db, gint64 *number, GError **error)
{
  return count (db, "SELECT count(*) FROM quarantine", number, error);
}
