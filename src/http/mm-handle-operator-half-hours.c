/* Owners' tables of half hours in the operator's API. On a worker; the import is answered on the
 * writer's thread. */
#include "mm-handle-operator.h"

#include "mm-error.h"
#include "mm-half-hour-tables.h"
#include "mm-half-hours.h"
#include "mm-operating.h"
#include "mm-time.h"

/* What of an import is known before it is stored. */
typedef struct
{
  MmExchange *x;
  guint n_rows;
  guint n_skipped;
} Import;

static void
import_done (const MmBatch *batch, const MmIngestCounts *counts, const GError *error, gpointer data)
{
  Import *import = data;

  if (error != NULL)
    mm_exchange_answer_error (import->x, error);
  else
    mm_exchange_answer_json (
        import->x, 200,
        json_pack ("{s:i, s:i, s:i, s:i, s:i, s:i}", "rows", (int) import->n_rows, "skipped",
                   (int) import->n_skipped, "stored", (int) counts->stored, "duplicates",
                   (int) counts->duplicates, "corrected", (int) counts->corrected, "quarantined",
                   (int) counts->quarantined));
  mm_exchange_finish (import->x);
  g_free (import);
}

void
mm_handle_operator_half_hours_import (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const char *id = mm_exchange_param (x, "id");
  g_autoptr (GError) error = NULL;
  Import *import = g_new0 (Import, 1);
  gint64 gateway;
  gsize length;
  const char *text = mm_exchange_body (x, &length);
  MmBatch *batch = mm_half_hour_tables_read (context, id, text, length, &gateway, &import->n_rows,
                                             &import->n_skipped, &error);

  import->x = x;
  if (batch == NULL || !mm_operating_note (context, "imported", id, &error))
    {
      g_clear_pointer (&batch, mm_batch_free);
      g_free (import);
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_defer (x);
  if (mm_ingesting_submit (context, gateway, batch, mm_clock_now (context->clock), import_done,
                           import, &error))
    return;
  g_free (import);
  mm_exchange_answer_error (x, error);
  mm_exchange_finish (x);
}

static gboolean
read_time (MmExchange *x, const char *name, gint64 *time, GError **error)
{
  const char *text = mm_exchange_query (x, name);

  if (text == NULL || mm_time_parse (text, time))
    return TRUE;
  mm_error_add_field (error, name, "syntax", "This must be a time such as 2026-05-01T12:00:00Z.");
  return FALSE;
}

void
mm_handle_operator_half_hours (MmExchange *x, gpointer context)
{
  const char *id = mm_exchange_param (x, "id");
  gboolean is_first = mm_exchange_query (x, "part") == NULL;
  gint64 from = G_MININT64, to = G_MAXINT64, next = MM_TIME_NONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) rows = NULL;
  g_autoptr (GString) csv = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;

  if (read_time (x, "from", &from, &error) && read_time (x, "to", &to, &error))
    rows = mm_half_hour_tables_write (context, id, from, to, &next, &error);
  if (rows == NULL || (is_first && !mm_operating_note (context, "exported", id, &error)))
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  if (next != MM_TIME_NONE)
    {
      char text[MM_TIME_TEXT_SIZE];

      mm_time_write (next, text);
      mm_exchange_set_header (x, "Mimamori-Next", text);
    }
  if (is_first)
    mm_half_hours_write_heading (csv);
  g_string_append_len (csv, rows->str, (gssize) rows->len);
  body = g_string_free_to_bytes (g_steal_pointer (&csv));
  mm_exchange_answer (x, 200, "text/csv; charset=utf-8", body);
}
