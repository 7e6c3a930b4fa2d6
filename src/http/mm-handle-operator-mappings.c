/* Mappings and quarantine in the operator's API. On a worker. */
#include "mm-handle-operator.h"

#include "mm-body.h"
#include "mm-context.h"
#include "mm-error.h"
#include "mm-mappings.h"
#include "mm-quarantine.h"
#include "mm-time-json.h"

#include <string.h>

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 10000

/* ---- mappings ---- */

static json_t *
rules_json (const MmMapping *mapping, const char *file)
{
  json_t *rules = json_array ();

  for (guint i = 0; i < mm_mapping_n_rules (mapping); i++)
    {
      MmMappingRuleText rule;

      mm_mapping_rule_text (mapping, i, &rule);
      if (strcmp (rule.file, file) == 0)
        json_array_append_new (rules, json_pack ("{s:i, s:s, s:s}", "line", (int) rule.line,
                                                 "protocol", rule.protocol, "rule", rule.text));
    }
  return rules;
}

static void
answer_mappings (MmExchange *x, MmMappings *mappings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = mm_mappings_files (mappings, &error);
  g_autoptr (MmMapping) mapping = mm_mappings_get (mappings);
  json_t *list;

  if (files == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  list = json_array ();
  for (guint i = 0; i < files->len; i++)
    {
      const MmMappingFile *file = files->pdata[i];
      json_t *rules = file->used ? rules_json (mapping, file->name) : json_array ();

      json_array_append_new (list,
                             json_pack ("{s:s, s:b, s:b, s:i, s:o}", "name", file->name, "shipped",
                                        file->shipped, "used", file->used, "n_rules",
                                        (int) json_array_size (rules), "rules", rules));
    }
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:i, s:o}", "n_rules", (int) mm_mapping_n_rules (mapping),
                                      "files", list));
}

void
mm_handle_operator_mappings (MmExchange *x, gpointer context)
{
  answer_mappings (x, ((MmContext *) context)->mappings);
}

void
mm_handle_operator_mapping (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = mm_mappings_files (((MmContext *) context)->mappings, &error);
  const char *name = mm_exchange_param (x, "name");

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const MmMappingFile *file = files->pdata[i];

      if (!file->used || strcmp (file->name, name) != 0)
        continue;
      mm_exchange_answer_json (x, 200,
                               json_pack ("{s:s, s:b, s:s%}", "name", file->name, "shipped",
                                          file->shipped, "text", file->text, file->length));
      return;
    }
  if (error == NULL)
    mm_error_set (&error, MM_ERROR_NOT_FOUND, "not-found", "There is no mapping of this name.");
  mm_exchange_answer_error (x, error);
}

/* Reads the text of a mapping from the body; its object is in @body. */
static const char *
read_text (MmExchange *x, json_t **body, GError **error)
{
  const char *text = NULL;

  *body = mm_body_object (x, error);
  if (*body == NULL || !mm_body_text (*body, "text", &text, error))
    return NULL;
  if (text == NULL)
    mm_error_add_field (error, "text", "missing", "The text of the mapping is missing.");
  return text;
}

void
mm_handle_operator_mapping_check (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *body;
  const char *text = read_text (x, &body, &error);

  if (text != NULL
      && mm_mappings_check (mm_exchange_param (x, "name"), text, strlen (text), &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:b}", "ok", TRUE));
  else
    mm_exchange_answer_error (x, error);
  json_decref (body);
}

void
mm_handle_operator_mapping_set (MmExchange *x, gpointer context)
{
  MmMappings *mappings = ((MmContext *) context)->mappings;
  g_autoptr (GError) error = NULL;
  json_t *body;
  const char *text = read_text (x, &body, &error);

  if (text != NULL
      && mm_mappings_set (mappings, mm_exchange_param (x, "name"), text, strlen (text), &error))
    answer_mappings (x, mappings);
  else
    mm_exchange_answer_error (x, error);
  json_decref (body);
}

void
mm_handle_operator_mapping_remove (MmExchange *x, gpointer context)
{
  MmMappings *mappings = ((MmContext *) context)->mappings;
  g_autoptr (GError) error = NULL;

  if (mm_mappings_remove (mappings, mm_exchange_param (x, "name"), &error))
    answer_mappings (x, mappings);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_operator_mappings_reload (MmExchange *x, gpointer context)
{
  MmMappings *mappings = ((MmContext *) context)->mappings;
  g_autoptr (GError) error = NULL;

  if (mm_mappings_reload (mappings, &error))
    answer_mappings (x, mappings);
  else
    mm_exchange_answer_error (x, error);
}

/* ---- quarantine ---- */

static json_t *
quarantined_json (const MmQuarantined *one)
{
  if (one->is_value)
    return json_pack ("{s:s, s:o, s:s, s:s, s:o, s:s, s:s, s:f}", "gateway", one->gateway,
                      "received", mm_time_json (one->received), "kind", "value", "code", one->code,
                      "time", mm_time_json (one->time), "device", one->device, "quantity",
                      one->quantity, "value", one->value);
  return json_pack ("{s:s, s:o, s:s, s:s, s:s, s:s, s:s}", "gateway", one->gateway, "received",
                    mm_time_json (one->received), "kind", "refused", "code", one->code, "place",
                    one->place, "detail", one->detail, "text", one->text);
}

void
mm_handle_operator_quarantine (MmExchange *x, gpointer context)
{
  const char *text = mm_exchange_query (x, "limit");
  guint64 limit = DEFAULT_LIMIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;
  json_t *entries;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, MAX_LIMIT, &limit, NULL))
    mm_error_set (&error, MM_ERROR_INVALID, "bad-limit",
                  "The limit must be a number from 1 to 10000.");
  else
    list = mm_quarantine_list (context, mm_exchange_query (x, "gateway"), (guint) limit, &error);
  if (list == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  entries = json_array ();
  for (guint i = 0; i < list->len; i++)
    json_array_append_new (entries, quarantined_json (list->pdata[i]));
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "entries", entries));
}
