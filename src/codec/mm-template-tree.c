/* The parser of the template language; see mm-template.h for the grammar. Any thread. */
#include "mm-template-tree.h"

#include "mm-error.h"

#include <string.h>

#define MAX_ARGUMENTS 9

typedef struct
{
  GHashTable *by_name;
  const MmTemplate *template;
  const char *source;
  const char *p;    /* what is read next */
  const char *text; /* where the literal text before it begins */
  GError **error;
} Parser;

static void
node_free (gpointer data)
{
  MmTemplateNode *node = data;

  g_free (node->text);
  g_strfreev (node->path);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_clear_pointer (&node->arguments, g_ptr_array_unref);
  g_free (node);
}

void
mm_template_free (gpointer data)
{
  MmTemplate *template = data;

  g_free (template->name);
  g_ptr_array_unref (template->nodes);
  g_free (template);
}

static MmTemplateNode *
node_add (GPtrArray *nodes, MmTemplateNodeKind kind)
{
  MmTemplateNode *node = g_new0 (MmTemplateNode, 1);

  node->kind = kind;
  g_ptr_array_add (nodes, node);
  return node;
}

static gboolean
fail (Parser *parser, const char *what)
{
  g_autofree char *message = NULL;
  guint line = 1;

  for (const char *p = parser->source; p < parser->p; p++)
    line += *p == '\n';
  message = g_strdup_printf ("%s:%u: %s", parser->template->name, line, what);
  return mm_error_set (parser->error, MM_ERROR_INVALID, "bad-template", message);
}

static void
skip_space (Parser *parser)
{
  while (g_ascii_isspace (*parser->p))
    parser->p++;
}

/* A dotted name, or "." alone. */
static GStrv
parse_path (Parser *parser)
{
  const char *start = parser->p;
  g_autofree char *name = NULL;
  g_auto (GStrv) path = NULL;

  if (*parser->p == '.')
    {
      parser->p++;
      return g_new0 (char *, 1);
    }
  while (g_ascii_isalnum (*parser->p) || *parser->p == '_' || *parser->p == '.')
    parser->p++;
  name = g_strndup (start, parser->p - start);
  path = g_strsplit (name, ".", -1);
  for (char **part = path; *part != NULL; part++)
    if (**part == '\0')
      path[0][0] = '\0';
  if (path[0] == NULL || path[0][0] == '\0')
    {
      fail (parser, "a name is expected here");
      return NULL;
    }
  return g_steal_pointer (&path);
}

static gboolean
parse_close (Parser *parser)
{
  skip_space (parser);
  if (!g_str_has_prefix (parser->p, "}}"))
    return fail (parser, "}} is expected here");
  parser->p += 2;
  return TRUE;
}

static char *
parse_string (Parser *parser)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (parser->p++; *parser->p != '"'; parser->p++)
    {
      if (*parser->p == '\\')
        {
          parser->p++;
          if (*parser->p == 'n')
            g_string_append_c (text, '\n');
          else if (*parser->p == '"' || *parser->p == '\\')
            g_string_append_c (text, *parser->p);
          else
            return fail (parser, "only \\n, \\\" and \\\\ are known"), NULL;
        }
      else if (*parser->p == '\0' || *parser->p == '\n')
        return fail (parser, "the text has no end"), NULL;
      else
        g_string_append_c (text, *parser->p);
    }
  parser->p++;
  return g_strdup (text->str);
}

/* How many values a message id takes, -1 if it has anything but %s and %%. */
static int
count_places (const char *format)
{
  int n = 0;

  for (const char *p = strchr (format, '%'); p != NULL; p = strchr (p + 2, '%'))
    if (p[1] == 's')
      n++;
    else if (p[1] != '%')
      return -1;
  return n;
}

/* The rest of {{_( … )}}. */
static gboolean
parse_translation (Parser *parser, GPtrArray *nodes)
{
  MmTemplateNode *node = node_add (nodes, MM_TEMPLATE_TRANSLATION);

  node->arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  skip_space (parser);
  if (*parser->p == '"')
    node->text = parse_string (parser);
  else
    node->path = parse_path (parser);
  if (node->text == NULL && node->path == NULL)
    return FALSE;
  if (node->text != NULL && *node->text == '\0')
    return fail (parser, "the text is empty");
  for (skip_space (parser); *parser->p == ','; skip_space (parser))
    {
      GStrv path;

      parser->p++;
      skip_space (parser);
      path = parse_path (parser);
      if (path == NULL)
        return FALSE;
      g_ptr_array_add (node->arguments, path);
    }
  if (*parser->p != ')')
    return fail (parser, ") is expected here");
  parser->p++;
  if (node->arguments->len > MAX_ARGUMENTS
      || (node->arguments->len > 0
          && (node->text == NULL || count_places (node->text) != (int) node->arguments->len)))
    return fail (parser, "the text has not as many %s as values are given");
  return parse_close (parser);
}

/* Takes the text before the tag that begins at @tag, of which parser->p is behind the end. If the
 * tag is alone on its line, the line goes with it. */
static void
take_text (Parser *parser, GPtrArray *nodes, const char *tag, gboolean may_stand_alone)
{
  const char *end = tag;
  const char *after = parser->p;

  if (may_stand_alone)
    {
      const char *line = tag;

      while (line > parser->text && (line[-1] == ' ' || line[-1] == '\t'))
        line--;
      after += strspn (after, " \t");
      if ((line == parser->source || line[-1] == '\n') && (*after == '\n' || *after == '\0'))
        {
          end = line;
          after += *after == '\n';
        }
      else
        after = parser->p;
    }
  if (end > parser->text)
    node_add (nodes, MM_TEMPLATE_TEXT)->text = g_strndup (parser->text, end - parser->text);
  parser->p = parser->text = after;
}

static gboolean parse_nodes (Parser *parser, GPtrArray *nodes, GStrv section);

/* The rest of {{# … }} or {{^ … }}, up to and with its {{/ … }}. */
static gboolean
parse_section (Parser *parser, GPtrArray *nodes, const char *tag, MmTemplateNodeKind kind)
{
  g_auto (GStrv) path = NULL;
  MmTemplateNode *node;

  skip_space (parser);
  path = parse_path (parser);
  if (path == NULL || !parse_close (parser))
    return FALSE;
  take_text (parser, nodes, tag, TRUE);
  node = node_add (nodes, kind);
  node->path = g_steal_pointer (&path);
  node->children = g_ptr_array_new_with_free_func (node_free);
  return parse_nodes (parser, node->children, node->path);
}

static gboolean
parse_partial (Parser *parser, GPtrArray *nodes, const char *tag)
{
  const char *start;
  g_autofree char *name = NULL;
  const MmTemplate *partial;

  skip_space (parser);
  start = parser->p;
  while (g_ascii_isalnum (*parser->p) || strchr ("-_/", *parser->p) != NULL)
    {
      if (*parser->p == '\0')
        break;
      parser->p++;
    }
  name = g_strndup (start, parser->p - start);
  partial = g_hash_table_lookup (parser->by_name, name);
  if (partial == NULL)
    return fail (parser, "there is no template of that name");
  if (!parse_close (parser))
    return FALSE;
  take_text (parser, nodes, tag, TRUE);
  node_add (nodes, MM_TEMPLATE_PARTIAL)->partial = partial;
  return TRUE;
}

static gboolean
parse_comment (Parser *parser, GPtrArray *nodes, const char *tag)
{
  const char *end = strstr (parser->p, "}}");

  if (end == NULL)
    return fail (parser, "the comment has no end");
  parser->p = end + 2;
  take_text (parser, nodes, tag, TRUE);
  return TRUE;
}

/* {{/section}}: closes what parse_nodes() is in. */
static gboolean
parse_end (Parser *parser, GPtrArray *nodes, const char *tag, GStrv section)
{
  g_auto (GStrv) path = NULL;

  skip_space (parser);
  path = parse_path (parser);
  if (path == NULL)
    return FALSE;
  if (section == NULL || !g_strv_equal ((const char *const *) path, (const char *const *) section))
    return fail (parser, "this closes a section that is not open");
  if (!parse_close (parser))
    return FALSE;
  take_text (parser, nodes, tag, TRUE);
  return TRUE;
}

static gboolean
parse_value (Parser *parser, GPtrArray *nodes, const char *tag)
{
  g_auto (GStrv) path = NULL;

  skip_space (parser);
  path = parse_path (parser);
  if (path == NULL || !parse_close (parser))
    return FALSE;
  take_text (parser, nodes, tag, FALSE);
  node_add (nodes, MM_TEMPLATE_VALUE)->path = g_steal_pointer (&path);
  return TRUE;
}

static gboolean
parse_call (Parser *parser, GPtrArray *nodes, const char *tag)
{
  g_autoptr (GPtrArray) call = g_ptr_array_new_with_free_func (node_free);

  if (!parse_translation (parser, call))
    return FALSE;
  take_text (parser, nodes, tag, FALSE);
  g_ptr_array_add (nodes, g_ptr_array_steal_index (call, 0));
  return TRUE;
}

/* Reads on until the end of @section, or of the source if that is NULL. */
static gboolean
parse_nodes (Parser *parser, GPtrArray *nodes, GStrv section)
{
  for (;;)
    {
      const char *tag = strstr (parser->p, "{{");
      gboolean good;

      if (tag == NULL)
        {
          parser->p += strlen (parser->p);
          take_text (parser, nodes, parser->p, FALSE);
          return section == NULL || fail (parser, "a section is not closed");
        }
      parser->p = tag + 2;
      if (g_str_has_prefix (parser->p, "_("))
        {
          parser->p += 2;
          good = parse_call (parser, nodes, tag);
        }
      else if (*parser->p != '\0' && strchr ("#^/>!", *parser->p) != NULL)
        {
          char kind = *parser->p++;

          if (kind == '/')
            return parse_end (parser, nodes, tag, section);
          if (kind == '#' || kind == '^')
            good = parse_section (parser, nodes, tag,
                                  kind == '#' ? MM_TEMPLATE_SECTION : MM_TEMPLATE_INVERTED);
          else if (kind == '>')
            good = parse_partial (parser, nodes, tag);
          else
            good = parse_comment (parser, nodes, tag);
        }
      else
        good = parse_value (parser, nodes, tag);
      if (!good)
        return FALSE;
    }
}

MmTemplate *
mm_template_new (const char *name)
{
  MmTemplate *template = g_new0 (MmTemplate, 1);

  template->name = g_strdup (name);
  template->nodes = g_ptr_array_new_with_free_func (node_free);
  return template;
}

gboolean
mm_template_parse (MmTemplate *template, const char *source, GHashTable *by_name, GError **error)
{
  Parser parser = { by_name, template, source, source, source, error };

  return parse_nodes (&parser, template->nodes, NULL);
}
