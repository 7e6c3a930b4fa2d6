/* Settings in the operator's API. On a worker. */
#include "mm-handle-operator.h"

#include "mm-body.h"
#include "mm-context.h"
#include "mm-error.h"
#include "mm-settings.h"

#include <string.h>

/* The names of settings here and in mm-settings.h. */
static const struct
{
  const char *group; /* NULL: the object itself */
  const char *name;
  const char *key;
} settings[] = {
  { NULL, "name", "name" },
  { NULL, "public_url", "public-url" },
  { "mail", "smtp_url", "smtp" },
  { "mail", "smtp_user", "smtp-user" },
  { "mail", "smtp_password", "smtp-password" },
  { "mail", "starttls", "smtp-starttls" },
  { "mail", "mail_from", "mail-from" },
};

static char *
path_of (gsize i)
{
  return settings[i].group != NULL ? g_strconcat (settings[i].group, ".", settings[i].name, NULL)
                                   : g_strdup (settings[i].name);
}

/* ---- showing ---- */

static json_t *
fixed_json (const MmConfig *config)
{
  json_t *fixed = json_array ();

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *path = path_of (i);

      if (config->file != NULL || mm_settings_is_fixed (config, settings[i].key))
        json_array_append_new (fixed, json_string (path));
    }
  return fixed;
}

void
mm_handle_operator_settings (MmExchange *x, gpointer context)
{
  const MmConfig *config = mm_context_config (context);
  g_autofree char *own = g_build_filename (config->data_dir, MM_CONFIG_OWN_FILE, NULL);

  mm_exchange_answer_json (
      x, 200,
      json_pack ("{s:s, s:s?, s:{s:s?, s:s?, s:b, s:s?, s:s?}, s:s, s:o}", "name", config->name,
                 "public_url", config->public_url, "mail", "smtp_url", config->smtp_url,
                 "smtp_user", config->smtp_user, "has_password", config->smtp_password != NULL,
                 "starttls", config->smtp_starttls, "mail_from", config->mail_from, "file",
                 config->file != NULL ? config->file : own, "fixed", fixed_json (config)));
}

/* ---- changing ---- */

/* Takes the members of @object (in @group) that are settings; others are wrong. */
static void
take_members (json_t *object, const char *group, GHashTable *changes, GError **wrong)
{
  const char *name;
  json_t *value;

  json_object_foreach (object, name, value)
    {
      g_autofree char *path
          = group != NULL ? g_strconcat (group, ".", name, NULL) : g_strdup (name);
      gsize i = 0;

      if (group == NULL && strcmp (name, "mail") == 0 && json_is_object (value))
        {
          take_members (value, name, changes, wrong);
          continue;
        }
      while (i < G_N_ELEMENTS (settings)
             && (g_strcmp0 (group, settings[i].group) != 0 || strcmp (name, settings[i].name) != 0))
        i++;
      if (i == G_N_ELEMENTS (settings))
        mm_error_add_field (wrong, path, "unknown", "There is no such setting.");
      else if (json_is_string (value) || json_is_null (value))
        g_hash_table_insert (changes, (gpointer) settings[i].key,
                             g_strdup (json_string_value (value)));
      else
        mm_error_add_field (wrong, path, "type", "This must be a text, or null.");
    }
}

/* Calls the fields of @problem as the API does. */
static void
rename_fields (const GError *problem, GError **renamed)
{
  const GPtrArray *fields = mm_error_fields (problem);

  for (guint n = 0; n < fields->len; n++)
    {
      const MmFieldError *field = fields->pdata[n];

      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        {
          g_autofree char *path = path_of (i);

          if (strcmp (field->field, settings[i].key) == 0)
            mm_error_add_field (renamed, path, field->code, field->message);
        }
    }
}

static gboolean
change (MmExchange *x, MmContext *context, gboolean *restart_needed, GError **error)
{
  g_autoptr (GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  json_t *body = mm_body_object (x, error);
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) problem = NULL;

  if (body == NULL)
    return FALSE;
  take_members (body, NULL, changes, &wrong);
  json_decref (body);
  if (wrong == NULL && mm_settings_change (context, changes, restart_needed, &problem))
    return TRUE;
  if (problem != NULL && mm_error_fields (problem) != NULL)
    rename_fields (problem, &wrong);
  if (wrong == NULL)
    wrong = g_steal_pointer (&problem);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

void
mm_handle_operator_settings_change (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  gboolean restart_needed = FALSE;

  if (change (x, context, &restart_needed, &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:b}", "restart_needed", restart_needed));
  else
    mm_exchange_answer_error (x, error);
}
