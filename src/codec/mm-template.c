/* Sets of templates and their rendering: a walk through the tree that mm-template-tree.c makes. Any
 * thread. */
#include "mm-template.h"

#include "mm-error.h"
#include "mm-template-tree.h"

#include <string.h>

struct _MmTemplates
{
  GHashTable *by_name; /* char * → MmTemplate */
  MmEscape escape;
};

typedef struct _Context
{
  const json_t *value;
  const struct _Context *outer;
} Context;

typedef struct
{
  const MmLanguage *language;
  MmEscape escape;
  GString *out;
} Output;

static gboolean find_circle (MmTemplate *template, GError **error);

static gboolean
find_circle_in (const GPtrArray *nodes, GError **error)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      const MmTemplateNode *node = nodes->pdata[i];

      if (node->kind == MM_TEMPLATE_PARTIAL && !find_circle ((MmTemplate *) node->partial, error))
        return FALSE;
      if (node->children != NULL && !find_circle_in (node->children, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_circle (MmTemplate *template, GError **error)
{
  if (template->visiting)
    {
      g_autofree char *message = g_strdup_printf ("%s: includes itself", template->name);

      return mm_error_set (error, MM_ERROR_INVALID, "bad-template", message);
    }
  if (template->visited)
    return TRUE;
  template->visiting = TRUE;
  if (!find_circle_in (template->nodes, error))
    return FALSE;
  template->visiting = FALSE;
  template->visited = TRUE;
  return TRUE;
}

MmTemplates *
mm_templates_compile (GHashTable *sources, MmEscape escape, GError **error)
{
  g_autoptr (MmTemplates) templates = g_new0 (MmTemplates, 1);
  GHashTableIter iter;
  gpointer key, value;

  templates->escape = escape;
  templates->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, mm_template_free);
  g_hash_table_iter_init (&iter, sources);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      MmTemplate *template = mm_template_new (key);

      g_hash_table_insert (templates->by_name, template->name, template);
    }
  g_hash_table_iter_init (&iter, templates->by_name);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (!mm_template_parse (value, g_hash_table_lookup (sources, key), templates->by_name, error))
        return NULL;
    }
  g_hash_table_iter_init (&iter, templates->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!find_circle (value, error))
      return NULL;
  return g_steal_pointer (&templates);
}

static void
read_folder (GHashTable *sources,
             GResource *resource,
             const char *prefix,
             const char *folder,
             const char *suffix)
{
  g_autofree char *path = g_strconcat (prefix, folder, NULL);
  g_auto (GStrv) names = g_resource_enumerate_children (resource, path, 0, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autofree char *child = g_strconcat (folder, *name, NULL);
      g_autofree char *file = g_strconcat (prefix, child, NULL);

      if (g_str_has_suffix (child, "/"))
        read_folder (sources, resource, prefix, child, suffix);
      else if (g_str_has_suffix (child, suffix))
        {
          g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, file, 0, NULL);
          gsize size;
          const char *data = g_bytes_get_data (bytes, &size);

          g_hash_table_insert (sources, g_strndup (child, strlen (child) - strlen (suffix)),
                               g_strndup (data, size));
        }
    }
}

void
mm_templates_read (GHashTable *sources, GResource *resource, const char *prefix, const char *suffix)
{
  read_folder (sources, resource, prefix, "", suffix);
}

MmTemplates *
mm_templates_new_from_resource (
    GResource *resource, const char *prefix, const char *suffix, MmEscape escape, GError **error)
{
  g_autoptr (GHashTable) sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  mm_templates_read (sources, resource, prefix, suffix);
  return mm_templates_compile (sources, escape, error);
}

void
mm_templates_free (MmTemplates *templates)
{
  g_hash_table_unref (templates->by_name);
  g_free (templates);
}

gboolean
mm_templates_has (const MmTemplates *templates, const char *name)
{
  return g_hash_table_contains (templates->by_name, name);
}

static const json_t *
look_up (const Context *context, GStrv path)
{
  const json_t *value = NULL;

  if (*path == NULL)
    return context->value;
  for (; context != NULL && value == NULL; context = context->outer)
    value = json_object_get (context->value, *path);
  for (path++; *path != NULL; path++)
    value = json_object_get (value, *path);
  return value;
}

static gboolean
is_true (const json_t *value)
{
  switch (value == NULL ? JSON_NULL : json_typeof (value))
    {
    case JSON_NULL:
    case JSON_FALSE:
      return FALSE;
    case JSON_STRING:
      return json_string_length (value) > 0;
    case JSON_ARRAY:
      return json_array_size (value) > 0;
    case JSON_INTEGER:
      return json_integer_value (value) != 0;
    case JSON_REAL:
      return json_real_value (value) != 0;
    default:
      return TRUE;
    }
}

static void
append_value (GString *out, const json_t *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (json_is_string (value))
    g_string_append (out, json_string_value (value));
  else if (json_is_integer (value))
    g_string_append_printf (out, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
  else if (json_is_real (value))
    g_string_append (out,
                     g_ascii_formatd (buffer, sizeof buffer, "%.15g", json_real_value (value)));
}

static void
append_escaped (Output *output, const char *text)
{
  if (output->escape == MM_ESCAPE_NONE)
    {
      g_string_append (output->out, text);
      return;
    }
  for (const char *p = text; *p != '\0'; p++)
    switch (*p)
      {
      case '&':
        g_string_append (output->out, "&amp;");
        break;
      case '<':
        g_string_append (output->out, "&lt;");
        break;
      case '>':
        g_string_append (output->out, "&gt;");
        break;
      case '"':
        g_string_append (output->out, "&quot;");
        break;
      case '\'':
        g_string_append (output->out, "&#39;");
        break;
      default:
        g_string_append_c (output->out, *p);
      }
}

/* %s takes the next value, %2$s the second, %% is a per cent sign. Not printf: a translation must
 * not be able to do more than that. */
static void
append_format (GString *out, const char *format, const GPtrArray *arguments, const Context *context)
{
  guint next = 0;

  for (const char *p = format; *p != '\0'; p++)
    {
      guint index = G_MAXUINT;

      if (*p == '%' && p[1] == '%')
        p++;
      else if (*p == '%' && p[1] == 's')
        {
          index = next++;
          p++;
        }
      else if (*p == '%' && g_ascii_isdigit (p[1]) && p[2] == '$' && p[3] == 's')
        {
          index = (guint) (p[1] - '1');
          p += 3;
        }
      else
        {
          g_string_append_c (out, *p);
          continue;
        }
      if (index == G_MAXUINT)
        g_string_append_c (out, '%');
      else if (index < arguments->len)
        append_value (out, look_up (context, arguments->pdata[index]));
    }
}

static void
render_translation (Output *output, const MmTemplateNode *node, const Context *context)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (node->arguments->len > 0)
    append_format (text, mm_tr (output->language, node->text), node->arguments, context);
  else if (node->text != NULL)
    g_string_assign (text, mm_tr (output->language, node->text));
  else
    {
      g_autoptr (GString) msgid = g_string_new (NULL);

      append_value (msgid, look_up (context, node->path));
      g_string_assign (text, mm_tr (output->language, msgid->str));
    }
  append_escaped (output, text->str);
}

static void
render_value (Output *output, const MmTemplateNode *node, const Context *context)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_value (text, look_up (context, node->path));
  append_escaped (output, text->str);
}

static void render_nodes (Output *output, const GPtrArray *nodes, const Context *context);

static void
render_section (Output *output, const MmTemplateNode *node, const Context *context)
{
  const json_t *value = look_up (context, node->path);

  if (!is_true (value))
    return;
  if (!json_is_array (value))
    {
      Context inner = { value, context };

      render_nodes (output, node->children, &inner);
      return;
    }
  for (gsize i = 0; i < json_array_size (value); i++)
    {
      Context inner = { json_array_get (value, i), context };

      render_nodes (output, node->children, &inner);
    }
}

static void
render_nodes (Output *output, const GPtrArray *nodes, const Context *context)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      const MmTemplateNode *node = nodes->pdata[i];

      switch (node->kind)
        {
        case MM_TEMPLATE_TEXT:
          g_string_append (output->out, node->text);
          break;
        case MM_TEMPLATE_VALUE:
          render_value (output, node, context);
          break;
        case MM_TEMPLATE_SECTION:
          render_section (output, node, context);
          break;
        case MM_TEMPLATE_INVERTED:
          if (!is_true (look_up (context, node->path)))
            render_nodes (output, node->children, context);
          break;
        case MM_TEMPLATE_PARTIAL:
          render_nodes (output, node->partial->nodes, context);
          break;
        case MM_TEMPLATE_TRANSLATION:
          render_translation (output, node, context);
          break;
        }
    }
}

char *
mm_templates_render (const MmTemplates *templates,
                     const char *name,
                     const MmLanguage *language,
                     const json_t *values)
{
  const MmTemplate *template = g_hash_table_lookup (templates->by_name, name);
  Output output = { language, templates->escape, g_string_sized_new (4096) };
  Context context = { values, NULL };

  g_assert (template != NULL);
  render_nodes (&output, template->nodes, &context);
  return g_string_free (output.out, FALSE);
}
