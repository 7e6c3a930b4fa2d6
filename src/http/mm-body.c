#include "mm-body.h"

#include "mm-error.h"
#include "mm-language.h"

static gboolean
wrong_type (GError **error)
{
  return mm_error_set (error, MM_ERROR_INVALID, "type",
                       N_ ("A member of the body has another type than expected."));
}

json_t *
mm_body_object (MmExchange *x, GError **error)
{
  json_t *body = mm_exchange_json (x, error);

  if (body == NULL || json_is_object (body))
    return body;
  json_decref (body);
  wrong_type (error);
  return NULL;
}

gboolean
mm_body_text (const json_t *object, const char *name, const char **text, GError **error)
{
  const json_t *value = json_object_get (object, name);

  *text = json_string_value (value);
  return value == NULL || json_is_null (value) || *text != NULL || wrong_type (error);
}

gboolean
mm_body_integer (const json_t *object, const char *name, gint64 *number, GError **error)
{
  const json_t *value = json_object_get (object, name);

  *number = json_integer_value (value);
  return value == NULL || json_is_null (value) || json_is_integer (value) || wrong_type (error);
}

gboolean
mm_body_boolean (
    const json_t *object, const char *name, gboolean missing, gboolean *truth, GError **error)
{
  const json_t *value = json_object_get (object, name);

  *truth = value == NULL || json_is_null (value) ? missing : json_is_true (value);
  return value == NULL || json_is_null (value) || json_is_boolean (value) || wrong_type (error);
}
