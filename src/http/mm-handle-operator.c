/* On a worker. */
#include "mm-handle-operator.h"

#include "mm-context.h"
#include "mm-error.h"
#include "mm-operating.h"
#include "mm-store-outbox.h"
#include "mm-time-json.h"

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
