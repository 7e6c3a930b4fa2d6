#include "mm-store-quarantine.h"

gboolean
mm_refused_insert (MmDatabase *db,
                   gint64 gateway,
                   gint64 received,
                   const MmBatch *batch,
                   const MmRefusal *refusal,
                   GError **error)
{
  g_autofree char *line = batch->is_lines ? g_strdup_printf ("line %u", refusal->index + 1) : NULL;
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO refused (gateway, received, place, code, detail, text)"
                             " VALUES ($1, $2, $3, $4, $5, $6)",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, received);
  mm_statement_bind_text (s, 3, line != NULL ? line : refusal->field);
  mm_statement_bind_text (s, 4, refusal->code);
  mm_statement_bind_text (s, 5, refusal->detail);
  mm_statement_bind_text (s, 6, refusal->text != NULL ? refusal->text : "");
  return mm_statement_run (s, error);
}

gboolean
mm_refused_trim (MmDatabase *db, gint64 gateway, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "DELETE FROM refused WHERE gateway = $1 AND id <="
      " (SELECT id FROM refused WHERE gateway = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, MM_REFUSED_KEPT);
  return mm_statement_run (s, error);
}

void
mm_quarantined_free (MmQuarantined *one)
{
  g_free (one->gateway);
  g_free (one->device);
  g_free (one->quantity);
  g_free (one->place);
  g_free (one->code);
  g_free (one->detail);
  g_free (one->text);
  g_free (one);
}

static MmQuarantined *
read_one (MmStatement *s)
{
  MmQuarantined *one = g_new0 (MmQuarantined, 1);

  one->gateway = g_strdup (mm_statement_text (s, 0));
  one->received = mm_statement_int (s, 1);
  one->is_value = mm_statement_int (s, 2) != 0;
  one->time = mm_statement_int (s, 3);
  one->device = g_strdup (mm_statement_text (s, 4));
  one->quantity = g_strdup (mm_statement_text (s, 5));
  one->value = mm_statement_double (s, 6);
  one->place = g_strdup (mm_statement_text (s, 7));
  one->code = g_strdup (mm_statement_text (s, 8));
  one->detail = g_strdup (mm_statement_text (s, 9));
  one->text = g_strdup (mm_statement_text (s, 10));
  return one;
}

GPtrArray *
mm_store_quarantine_list (MmDatabase *db, gint64 gateway, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_quarantined_free);
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT g.public_id, e.received, e.is_value, e.time, e.device, e.quantity, e.value, e.place,"
      " e.code, e.detail, e.text FROM ("
      "SELECT gateway, id, received, 1 AS is_value, time, device, quantity, value, '' AS place,"
      " reason AS code, '' AS detail, '' AS text FROM quarantine WHERE $1 = 0 OR gateway = $1 "
      "UNION ALL "
      "SELECT gateway, id, received, 0, 0, '', '', 0.0, place, code, detail, text FROM refused"
      " WHERE $1 = 0 OR gateway = $1"
      ") AS e JOIN gateway AS g ON g.id = e.gateway"
      " ORDER BY e.received DESC, e.is_value, e.id DESC LIMIT $2",
      error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, limit);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (list, read_one (s));
  return step == MM_DONE ? g_steal_pointer (&list) : NULL;
}

/* ---- settings ---- */

gboolean
mm_store_settings_put (
    MmDatabase *db, gint64 gateway, const char *settings, gint64 received, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO reported_settings (gateway, settings, received) VALUES ($1, $2, $3)"
      " ON CONFLICT (gateway) DO UPDATE SET settings = excluded.settings,"
      " received = excluded.received WHERE settings <> excluded.settings",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_text (s, 2, settings);
  mm_statement_bind_int (s, 3, received);
  return mm_statement_run (s, error);
}

gboolean
mm_store_settings_get (
    MmDatabase *db, gint64 gateway, char **settings, gint64 *received, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT settings, received FROM reported_settings WHERE gateway = $1", error);
  MmStep step;

  *settings = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    {
      *settings = g_strdup (mm_statement_text (s, 0));
      *received = mm_statement_int (s, 1);
    }
  return step != MM_STEP_FAILED;
}
