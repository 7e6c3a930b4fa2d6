#include "mm-error.h"

#include "mm-words.h"

typedef struct
{
  char *code;
  GPtrArray *fields;
  guint retry_after;
} MmErrorPrivate;

static void
field_error_free (gpointer data)
{
  MmFieldError *field = data;

  g_free (field->field);
  g_free (field->code);
  g_free (field->message);
  g_free (field);
}

static MmFieldError *
field_error_new (const char *name, const char *code, const char *message)
{
  MmFieldError *field = g_new0 (MmFieldError, 1);

  field->field = g_strdup (name);
  field->code = g_strdup (code);
  field->message = g_strdup (message);
  return field;
}

static void
mm_error_private_init (MmErrorPrivate *priv)
{
}

static void
mm_error_private_copy (const MmErrorPrivate *src, MmErrorPrivate *dest)
{
  dest->code = g_strdup (src->code);
  dest->retry_after = src->retry_after;
  if (src->fields != NULL)
    {
      dest->fields = g_ptr_array_new_with_free_func (field_error_free);
      for (guint i = 0; i < src->fields->len; i++)
        {
          const MmFieldError *field = src->fields->pdata[i];
          g_ptr_array_add (dest->fields,
                           field_error_new (field->field, field->code, field->message));
        }
    }
}

static void
mm_error_private_clear (MmErrorPrivate *priv)
{
  g_free (priv->code);
  g_clear_pointer (&priv->fields, g_ptr_array_unref);
}

G_DEFINE_EXTENDED_ERROR (MmError, mm_error)

GError *
mm_error_new (MmErrorKind kind, const char *code, const char *message)
{
  GError *error = g_error_new_literal (MM_ERROR, (int) kind, message);

  mm_error_get_private (error)->code = g_strdup (code);
  if (kind == MM_ERROR_LIMITED || kind == MM_ERROR_BUSY)
    mm_error_get_private (error)->retry_after = 1;
  return error;
}

gboolean
mm_error_set (GError **error, MmErrorKind kind, const char *code, const char *message)
{
  if (error != NULL)
    g_propagate_error (error, mm_error_new (kind, code, message));
  return FALSE;
}

void
mm_error_add_field (GError **error, const char *field, const char *code, const char *message)
{
  MmErrorPrivate *priv;

  if (*error == NULL)
    *error = mm_error_new (MM_ERROR_FIELDS, "fields", N_ ("Some of the fields need attention."));
  priv = mm_error_get_private (*error);
  if (priv->fields == NULL)
    priv->fields = g_ptr_array_new_with_free_func (field_error_free);
  g_ptr_array_add (priv->fields, field_error_new (field, code, message));
}

void
mm_error_set_retry_after (GError *error, guint seconds)
{
  mm_error_get_private (error)->retry_after = seconds;
}

const char *
mm_error_code (const GError *error)
{
  const MmErrorPrivate *priv;

  if (error->domain != MM_ERROR)
    return "internal";
  priv = mm_error_get_private (error);
  return priv->code != NULL ? priv->code : "internal";
}

const GPtrArray *
mm_error_fields (const GError *error)
{
  return error->domain == MM_ERROR ? mm_error_get_private (error)->fields : NULL;
}

guint
mm_error_retry_after (const GError *error)
{
  return error->domain == MM_ERROR ? mm_error_get_private (error)->retry_after : 0;
}
