/* Gateways in the operator's API. On a worker. */
#include "mm-handle-operator.h"

#include "mm-body.h"
#include "mm-clock-sense.h"
#include "mm-desk-json.h"
#include "mm-error.h"
#include "mm-live.h"
#include "mm-number.h"
#include "mm-provisioning.h"
#include "mm-time-json.h"

#include <math.h>

#define PAGE 1000

/* ---- adding ---- */

static json_t *
issued_json (const MmIssued *issued)
{
  json_t *json = json_pack ("{s:s}", "id", issued->id);

  if (issued->key != NULL)
    json_object_set_new (json, "key", json_string (issued->key));
  if (issued->activation_code != NULL)
    json_object_set_new (json, "activation_code", json_string (issued->activation_code));
  return json;
}

/* The members of a JSON object as texts, as a table in CSV has them. */
static GHashTable *
texts_of (json_t *object, GError **error)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *name;
  json_t *value;

  json_object_foreach (object, name, value)
    {
      char number[MM_NUMBER_TEXT_SIZE];

      if (json_is_string (value))
        g_hash_table_insert (texts, g_strdup (name), g_strdup (json_string_value (value)));
      else if (json_is_number (value))
        {
          mm_number_write (json_number_value (value), number);
          g_hash_table_insert (texts, g_strdup (name), g_strdup (number));
        }
      else if (!json_is_null (value))
        mm_error_add_field (error, name, "type", "This must be a text or a number.");
    }
  return *error == NULL ? g_steal_pointer (&texts) : NULL;
}

static MmGatewayRow *
read_draft (MmExchange *x, MmContext *context, GError **error)
{
  json_t *object = mm_exchange_json (x, error);
  g_autoptr (GHashTable) texts = NULL;
  g_autoptr (GError) wrong = NULL;

  if (object == NULL)
    return NULL;
  if (json_is_object (object))
    texts = texts_of (object, &wrong);
  else
    mm_error_set (&wrong, MM_ERROR_INVALID, "bad-json", "The body must be a JSON object.");
  json_decref (object);
  if (texts != NULL)
    return mm_provisioning_draft (context, texts, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

void
mm_handle_operator_gateway_add (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GPtrArray) drafts
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_gateway_row_free);
  g_autoptr (GPtrArray) issued = NULL;
  g_autoptr (GError) error = NULL;
  MmGatewayRow *draft = read_draft (x, context, &error);

  if (draft != NULL)
    g_ptr_array_add (drafts, draft);
  if (draft != NULL && mm_provisioning_add (context, drafts, &issued, &error))
    mm_exchange_answer_json (x, 201, issued_json (issued->pdata[0]));
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_gateway_import (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) issued = NULL;
  gsize length;
  const char *body = mm_exchange_body (x, &length);
  g_autoptr (GPtrArray) drafts = mm_provisioning_read_csv (context, body, length, &error);
  json_t *gateways;

  if (drafts == NULL || !mm_provisioning_add (context, drafts, &issued, &error))
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  gateways = json_array ();
  for (guint i = 0; i < issued->len; i++)
    json_array_append_new (gateways, issued_json (issued->pdata[i]));
  mm_exchange_answer_json (x, 201, json_pack ("{s:o}", "gateways", gateways));
}

/* ---- keys and codes ---- */

typedef MmIssued *(*Change) (MmContext *context, const char *id, GError **error);

static void
answer_change (MmExchange *x, MmContext *context, Change change)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmIssued) issued = change (context, mm_exchange_param (x, "id"), &error);

  if (issued != NULL)
    mm_exchange_answer_json (x, 200, issued_json (issued));
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_key_rotate (MmExchange *x, gpointer context)
{
  answer_change (x, context, mm_provisioning_rotate_key);
}

void
mm_handle_operator_key_revoke (MmExchange *x, gpointer context)
{
  answer_change (x, context, mm_provisioning_revoke_key);
}

void
mm_handle_operator_code_renew (MmExchange *x, gpointer context)
{
  answer_change (x, context, mm_provisioning_new_code);
}

/* ---- whose clock counts ---- */

void
mm_handle_operator_time (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *id = mm_exchange_param (x, "id");
  const char *time = NULL;
  json_t *body = mm_body_object (x, &error);
  gboolean good = body != NULL && mm_body_text (body, "time", &time, &error);
  gboolean by_receipt = g_strcmp0 (time, "received") == 0;

  if (good && !by_receipt && g_strcmp0 (time, "device") != 0)
    {
      mm_error_add_field (&error, "time", "unknown", "It is device or received.");
      good = FALSE;
    }
  if (good && mm_clock_sense_set (context, id, by_receipt, &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:s, s:s}", "id", id, "time", time));
  else
    mm_exchange_answer_error (x, error);
  json_decref (body);
}

/* ---- the list ---- */

static json_t *
number_json (double number)
{
  return isnan (number) ? json_null () : json_real (number);
}

/* Technical health: who owns it is not the operator's to know, only that somebody does. */
static json_t *
gateway_json (const MmGatewayRow *row, MmContext *context)
{
  json_t *json = json_pack (
      "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:b, s:b, s:b, s:o, s:o, s:o}", "id",
      row->public_id, "model", row->model, "serial", row->serial, "name", row->name, "postal_code",
      row->postal_code, "prefecture", row->prefecture, "municipality", row->municipality,
      "timezone", row->timezone, "interval_s", (json_int_t) row->interval_s, "firmware",
      row->firmware, "has_key", row->has_key, "has_owner", row->owner != 0, "code_used",
      row->activation_used != MM_TIME_NONE, "pv_peak_w", number_json (row->pv_peak_w), "battery_wh",
      number_json (row->battery_wh), "created", mm_time_json (row->created));
  const MmLiveGateway *live;
  MmClockState clock;

  mm_clock_sense_of (context, row->row, &clock);
  mm_desk_set_clock (json, &clock);
  mm_live_lock (context->live);
  live = mm_live_get (context->live, row->row);
  if (live != NULL)
    {
      json_object_set_new (json, "status", json_string (mm_status_name (live->status)));
      json_object_set_new (json, "last_contact", mm_time_json (live->last_contact));
      json_object_set_new (json, "values", json_integer ((json_int_t) live->n_values));
    }
  mm_live_unlock (context->live);
  return json;
}

static json_t *
list_gateways (MmContext *context, MmDatabase *db, GError **error)
{
  json_t *list = json_array ();
  gint64 after = 0;
  guint n = PAGE;

  while (n == PAGE)
    {
      g_autoptr (GPtrArray) rows = mm_store_gateways_list (db, after, PAGE, error);

      if (rows == NULL)
        {
          json_decref (list);
          return NULL;
        }
      n = rows->len;
      for (guint i = 0; i < n; i++)
        {
          const MmGatewayRow *row = rows->pdata[i];

          json_array_append_new (list, gateway_json (row, context));
          after = row->row;
        }
    }
  return list;
}

void
mm_handle_operator_gateways (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (context->readers, &error);
  json_t *list = db != NULL ? list_gateways (context, db, &error) : NULL;

  if (db != NULL)
    mm_readers_give (context->readers, db);
  if (list != NULL)
    mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "gateways", list));
  else
    mm_exchange_answer_error (x, error);
}
