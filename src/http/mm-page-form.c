#include "mm-page-form.h"

#include "mm-error.h"
#include "mm-place.h"

#include <string.h>

static const MmFieldError *
find_error (const GError *error, const char *name)
{
  const GPtrArray *fields = error != NULL ? mm_error_fields (error) : NULL;

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const MmFieldError *field = fields->pdata[i];

      if (g_str_equal (field->field, name))
        return field;
    }
  return NULL;
}

/* A name as an id: "contacts[0]" → "f-contacts-0". */
static char *
make_id (const char *name)
{
  g_autofree char *id = g_strconcat ("f-", name, NULL);
  gsize length;

  g_strdelimit (id, "[", '-');
  length = strlen (id);
  if (id[length - 1] == ']')
    id[length - 1] = '\0';
  return g_steal_pointer (&id);
}

/* The prefecture is stored by its Japanese name and shown in the reader's language. */
static json_t *
make_prefectures (const char *value, const MmLanguage *language)
{
  gboolean japanese = g_str_equal (mm_language_tag (language), "ja");
  guint chosen = value != NULL ? mm_prefecture_find (value) : 0;
  json_t *options = json_array ();

  for (guint i = 1; i <= MM_N_PREFECTURES; i++)
    json_array_append_new (
        options, json_pack ("{s:s, s:s, s:b}", "value", mm_prefecture_name_ja (i), "name",
                            japanese ? mm_prefecture_name_ja (i) : mm_prefecture_name_en (i),
                            "chosen", i == chosen));
  return options;
}

static json_t *
make_languages (const char *value)
{
  return json_pack ("[{s:s, s:s, s:b}, {s:s, s:s, s:b}]", "value", "ja", "name", "日本語", "chosen",
                    g_strcmp0 (value, "ja") == 0, "value", "en", "name", "English", "chosen",
                    g_strcmp0 (value, "en") == 0);
}

/* What a page that only shows the form says for a value; empty for what it leaves out. */
static const char *
shown_value (const MmPageField *field, const char *value, const json_t *options)
{
  gsize i;
  json_t *option;

  if (value == NULL || g_str_equal (field->type, "password")
      || g_str_has_suffix (field->name, "_again"))
    return "";
  json_array_foreach (options, i, option)
    if (json_is_true (json_object_get (option, "chosen")))
      return json_string_value (json_object_get (option, "name"));
  return value;
}

/* Every key is set, so that none is looked up outwards in the template. */
static json_t *
make_field (const MmPageField *field,
            const char *value,
            const MmFieldError *wrong,
            const MmLanguage *language)
{
  gboolean is_select = g_str_equal (field->type, "select");
  gboolean is_checkbox = g_str_equal (field->type, "checkbox");
  gboolean is_password = g_str_equal (field->type, "password");
  g_autofree char *id = make_id (field->name);
  g_autofree char *max = g_strdup_printf ("%u", field->max_length);
  g_autofree char *described = NULL;
  json_t *options = json_null ();
  json_t *json;

  if (field->help != NULL && wrong != NULL)
    described = g_strdup_printf ("%s-error %s-help", id, id);
  else if (field->help != NULL || wrong != NULL)
    described = g_strconcat (id, wrong != NULL ? "-error" : "-help", NULL);
  json = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", field->name,
                    "id", id, "label", field->label, "help", field->help ? field->help : "", "type",
                    field->type, "autocomplete", field->autocomplete ? field->autocomplete : "",
                    "inputmode", field->inputmode ? field->inputmode : "", "max_length",
                    field->max_length > 0 ? max : "", "value",
                    is_password || value == NULL ? "" : value, "error", wrong ? wrong->message : "",
                    "described", described ? described : "");
  json_object_set_new (json, "required", json_boolean (!field->optional && !is_checkbox));
  json_object_set_new (json, "checkbox", json_boolean (is_checkbox));
  json_object_set_new (json, "checked",
                       json_boolean (is_checkbox && value != NULL && *value != '\0'));
  json_object_set_new (json, "select", json_boolean (is_select));
  if (is_select)
    options = g_str_equal (field->name, "language") ? make_languages (value)
                                                    : make_prefectures (value, language);
  json_object_set_new (json, "shown", json_string (shown_value (field, value, options)));
  json_object_set_new (json, "options", options);
  return json;
}

void
mm_page_form_add (json_t *values,
                  const MmPageGroup *groups,
                  guint n_groups,
                  MmPageValue value,
                  gpointer form,
                  const GError *error,
                  const MmLanguage *language)
{
  json_t *list = json_array ();
  json_t *errors = json_array ();

  for (guint g = 0; g < n_groups; g++)
    {
      json_t *fields = json_array ();

      for (guint i = 0; i < groups[g].n_fields; i++)
        {
          const MmPageField *field = &groups[g].fields[i];
          const MmFieldError *wrong = find_error (error, field->name);
          json_t *json = make_field (field, value (form, field->name), wrong, language);

          if (wrong != NULL)
            {
              g_autofree char *id = make_id (field->name);
              g_autofree char *anchor = g_strconcat ("#", id, NULL);

              json_array_append_new (errors,
                                     json_pack ("{s:s, s:s, s:s}", "label", field->label,
                                                "anchor_url", anchor, "message", wrong->message));
            }
          json_array_append_new (fields, json);
        }
      json_array_append_new (list,
                             json_pack ("{s:s, s:o}", "title",
                                        groups[g].title ? groups[g].title : "", "fields", fields));
    }
  json_object_set_new (values, "groups", list);
  json_object_set_new (values, "has_errors", json_boolean (json_array_size (errors) > 0));
  json_object_set_new (values, "errors", errors);
}

/* Gives the field @name, which has no help, one that is ready to read: for help that says a number.
 */
static void
set_help (json_t *values, const char *name, const char *text)
{
  json_t *groups = json_object_get (values, "groups");
  json_t *group, *field;
  gsize g, i;

  json_array_foreach (groups, g, group)
    json_array_foreach (json_object_get (group, "fields"), i, field)
      if (g_strcmp0 (json_string_value (json_object_get (field, "name")), name) == 0)
        {
          const char *id = json_string_value (json_object_get (field, "id"));
          const char *described = json_string_value (json_object_get (field, "described"));
          g_autofree char *more
              = g_strdup_printf ("%s%s%s-help", described, *described != '\0' ? " " : "", id);

          json_object_set_new (field, "help", json_string (text));
          json_object_set_new (field, "described", json_string (more));
        }
}

void
mm_page_form_explain_password (json_t *values, guint max, const MmLanguage *language)
{
  g_autofree char *text = mm_tr_f (
      language,
      N_ ("8 to %u characters with at least one lower-case letter, one upper-case letter and one "
          "digit."),
      max);

  set_help (values, "password", text);
}
