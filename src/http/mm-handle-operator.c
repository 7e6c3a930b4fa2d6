/* On a worker. */
#include "mm-handle-operator.h"

#include "mm-checking.h"
#include "mm-context.h"
#include "mm-error.h"
#include "mm-exporting.h"
#include "mm-folding.h"
#include "mm-keeping.h"
#include "mm-operating.h"
#include "mm-status.h"
#include "mm-store-accounts.h"
#include "mm-store-operator.h"
#include "mm-store-outbox.h"
#include "mm-time-json.h"
#include "mm-two-factor.h"

#include <string.h>

#define DEFAULT_LIMIT 1000
#define MAX_LIMIT 100000

/* Answers with @json, or with @error if it is NULL. */
static void
answer (MmExchange *x, guint status, json_t *json, const GError *error)
{
  if (json != NULL)
    mm_exchange_answer_json (x, status, json);
  else
    mm_exchange_answer_error (x, error);
}

static gboolean
read_limit (MmExchange *x, guint *limit, GError **error)
{
  const char *text = mm_exchange_query (x, "limit");
  guint64 number = DEFAULT_LIMIT;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, MAX_LIMIT, &number, NULL))
    return mm_error_set (error, MM_ERROR_INVALID, "bad-limit",
                         "The limit must be a number from 1 to 100000.");
  *limit = (guint) number;
  return TRUE;
}

/* ---- mails ---- */

static json_t *
mail_json (const MmOutboxRow *row)
{
  gboolean waits = row->finished == 0;

  return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:i, s:o, s:o, s:s}", "id", row->public_id,
                    "letter", row->letter, "to", row->recipient, "language", row->language,
                    "subject", row->subject, "state", row->state, "created",
                    mm_time_json (row->created), "tries", (int) row->tries, "next_try",
                    waits ? mm_time_json (row->next_try) : json_null (), "finished",
                    waits ? json_null () : mm_time_json (row->finished), "answer", row->answer);
}

static json_t *
read_mails (MmExchange *x, MmDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  json_t *list;
  guint limit = 0;

  if (!read_limit (x, &limit, error) || !mm_store_outbox_list (db, limit, &rows, error))
    return NULL;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new (list, mail_json (rows->pdata[i]));
  return json_pack ("{s:o}", "mails", list);
}

static json_t *
read_mail (MmExchange *x, MmDatabase *db, GError **error)
{
  g_autoptr (MmOutboxRow) row = NULL;
  json_t *json;

  if (!mm_store_outbox_find (db, mm_exchange_param (x, "id"), &row, error))
    return NULL;
  if (row == NULL)
    {
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no mail with this ID.");
      return NULL;
    }
  json = mail_json (row);
  json_object_set_new (json, "text", json_string (row->text));
  json_object_set_new (json, "html", json_string (row->html));
  return json;
}

/* ---- dealers and alerts ---- */

static json_t *
read_dealers (MmExchange *x, MmDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  json_t *list;

  if (!mm_store_accounts_list (db, "dealer", &rows, error))
    return NULL;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmAccountRow *row = rows->pdata[i];

      json_array_append_new (
          list, json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id", row->public_id,
                           "user_id", row->sign_in, "dealer_name", row->dealer_name, "name",
                           row->name, "mail", row->mail, "state", row->state, "created",
                           mm_time_json (row->created), "activated",
                           row->activated != 0 ? mm_time_json (row->activated) : json_null ()));
    }
  return json_pack ("{s:o}", "dealers", list);
}

static json_t *
read_alerts (MmExchange *x, MmDatabase *db, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gboolean open = g_strcmp0 (mm_exchange_query (x, "open"), "1") == 0;
  guint limit = 0;
  json_t *list;

  if (!read_limit (x, &limit, error) || !mm_store_operator_alerts (db, open, limit, &rows, error))
    return NULL;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmOperatorAlert *alert = rows->pdata[i];

      json_array_append_new (
          list,
          json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "id", alert->public_id,
                     "gateway", alert->gateway, "kind", alert->kind, "device", alert->device,
                     "code", alert->code, "severity", mm_severity_name (alert->severity), "count",
                     (json_int_t) alert->count, "opened", mm_time_json (alert->opened), "last_seen",
                     mm_time_json (alert->last_seen), "recovered",
                     mm_time_json (alert->recovered)));
    }
  return json_pack ("{s:o}", "alerts", list);
}

/* ---- reading with a connection that is lent ---- */

typedef json_t *(*Read) (MmExchange *x, MmDatabase *db, GError **error);

static void
answer_read (MmExchange *x, MmContext *context, Read read)
{
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (context->readers, &error);
  json_t *json = db != NULL ? read (x, db, &error) : NULL;

  if (db != NULL)
    mm_readers_give (context->readers, db);
  answer (x, 200, json, error);
}

void
mm_handle_operator_mails (MmExchange *x, gpointer context)
{
  answer_read (x, context, read_mails);
}

void
mm_handle_operator_mail (MmExchange *x, gpointer context)
{
  answer_read (x, context, read_mail);
}

void
mm_handle_operator_dealers (MmExchange *x, gpointer context)
{
  answer_read (x, context, read_dealers);
}

void
mm_handle_operator_alerts (MmExchange *x, gpointer context)
{
  answer_read (x, context, read_alerts);
}

/* ---- doing ---- */

/* The member @name of the JSON object in the body; "" if it is absent or no text. */
static const char *
text_of (json_t *body, const char *name)
{
  const char *text = json_string_value (json_object_get (body, name));

  return text != NULL ? text : "";
}

void
mm_handle_operator_mail_test (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *body = mm_exchange_json (x, &error);
  g_autofree char *id = NULL;

  if (body != NULL)
    id = mm_operating_test_mail (context, text_of (body, "address"), text_of (body, "language"),
                                 &error);
  answer (x, 201, id != NULL ? json_pack ("{s:s}", "id", id) : NULL, error);
  json_decref (body);
}

void
mm_handle_operator_two_factor_reset (MmExchange *x, gpointer context)
{
  const char *user_id = mm_exchange_param (x, "id");
  g_autoptr (GError) error = NULL;

  if (mm_two_factor_reset (context, user_id, &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:s}", "user_id", user_id));
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_backup (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *body = mm_exchange_json (x, &error);
  const char *file = text_of (body, "file");
  gint64 size;

  if (body != NULL && mm_keeping_backup (context, file, &size, &error))
    mm_exchange_answer_json (x, 201,
                             json_pack ("{s:s, s:I}", "file", file, "bytes", (json_int_t) size));
  else
    mm_exchange_answer_error (x, error);
  json_decref (body);
}

void
mm_handle_operator_check (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_auto (MmCheck) check = { 0 };

  if (!mm_checking_run (context, &check, &error))
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_answer_json (
      x, 200,
      json_pack ("{s:b, s:I, s:I, s:I, s:I, s:s?}", "ok", check.problem == NULL, "gateways",
                 (json_int_t) check.gateways, "readings", (json_int_t) check.readings, "values",
                 (json_int_t) check.values, "quarantined", (json_int_t) check.quarantined,
                 "problem", check.problem));
}

void
mm_handle_operator_compact (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  MmFoldingCounts counts;

  if (mm_folding_all (((MmContext *) context)->folding, &counts, &error))
    mm_exchange_answer_json (x, 200,
                             json_pack ("{s:I, s:I, s:I}", "gateways", (json_int_t) counts.gateways,
                                        "pushes", (json_int_t) counts.rows, "blocks",
                                        (json_int_t) counts.blocks));
  else
    mm_exchange_answer_error (x, error);
}

/* ---- export ---- */

static gboolean
read_time (MmExchange *x, const char *name, gint64 *time, GError **error)
{
  const char *text = mm_exchange_query (x, name);

  if (text == NULL || mm_time_parse (text, time))
    return TRUE;
  mm_error_add_field (error, name, "syntax", "This must be a time such as 2026-05-01T12:00:00Z.");
  return FALSE;
}

static gboolean
read_layout (MmExchange *x, MmExportLayout *layout, GError **error)
{
  const char *text = mm_exchange_query (x, "layout");

  *layout = g_strcmp0 (text, "line") == 0 ? MM_EXPORT_LINE : MM_EXPORT_LONG;
  if (text == NULL || *layout == MM_EXPORT_LINE || strcmp (text, "long") == 0)
    return TRUE;
  mm_error_add_field (error, "layout", "unknown", "The layout must be long or line.");
  return FALSE;
}

void
mm_handle_operator_readings (MmExchange *x, gpointer context)
{
  const char *id = mm_exchange_param (x, "id");
  gint64 from = G_MININT64, to = G_MAXINT64, next = MM_TIME_NONE;
  MmExportLayout layout;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  GString *csv = NULL;

  if (read_layout (x, &layout, &error) && read_time (x, "from", &from, &error)
      && read_time (x, "to", &to, &error))
    csv = mm_exporting_read (context, id, layout, from, to, &next, &error);
  /* Of an export in parts, the first is noted. */
  if (csv != NULL && mm_exchange_query (x, "part") == NULL
      && !mm_operating_note (context, "exported", id, &error))
    g_string_free (g_steal_pointer (&csv), TRUE);
  if (csv == NULL)
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
  body = g_string_free_to_bytes (csv);
  mm_exchange_answer (x, 200, layout == MM_EXPORT_LINE ? MM_TYPE_TEXT : "text/csv; charset=utf-8",
                      body);
}
