/* Files into rules. The file is read line by line rather than as a key file, because a rule is a
 * line, and whoever writes one wants to be told the line. A builder belongs to one thread. */
#include "mm-mapping-private.h"

#include "mm-number.h"

#include <string.h>

#define MAX_LINE 1024
#define MAX_WORDS 24
#define MAX_PARTS 64 /* of a sum: bits of a mask */

static const char *const protocols[]
    = { "line", "fronius", "mqtt", "venus", "sparkplug", "sunspec", NULL };

struct _MmMappingBuilder
{
  MmMapping *mapping;
};

/* One file while it is read. */
typedef struct
{
  MmMapping *mapping;
  const char *file;
  const char *protocol; /* of the last heading; NULL before the first */
  guint line;
  GPtrArray *problems;
  guint n_problems;
  GHashTable *seen; /* what a rule matches, to the line */
} File;

void
mm_mapping_problem_free (MmMappingProblem *problem)
{
  g_free (problem->file);
  g_free (problem->message);
  g_free (problem);
}

GPtrArray *
mm_mapping_problems_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mm_mapping_problem_free);
}

static gboolean complain (File *file, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
complain (File *file, const char *format, ...)
{
  MmMappingProblem *problem;
  va_list arguments;

  if (file->n_problems++ >= MM_MAPPING_MAX_PROBLEMS)
    return FALSE;
  problem = g_new0 (MmMappingProblem, 1);
  problem->file = g_strdup (file->file);
  problem->line = file->line;
  va_start (arguments, format);
  problem->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (file->problems, problem);
  return FALSE;
}

/* ---- words ---- */

/* Takes the next word of *@at; NULL at the end, and with a complaint (@failed) if a quote stays
 * open. */
static char *
next_word (File *file, const char **at, gboolean *failed)
{
  GString *word;
  const char *c = *at + strspn (*at, " \t");
  gboolean quoted = *c == '"';

  *failed = FALSE;
  if (*c == '\0' || *c == '#')
    return NULL;
  word = g_string_new (NULL);
  for (c += quoted; *c != '\0'; c++)
    {
      if (quoted && *c == '"')
        break;
      if (!quoted && (*c == ' ' || *c == '\t'))
        break;
      if (quoted && *c == '\\' && (c[1] == '"' || c[1] == '\\'))
        c++;
      g_string_append_c (word, *c);
    }
  if (quoted && *c != '"')
    {
      *failed = TRUE;
      complain (file, "a quote is not closed");
    }
  *at = c + (quoted && *c == '"');
  return g_string_free (word, FALSE);
}

static GPtrArray *
split_words (File *file, const char *line)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gboolean failed;
  char *word;

  while ((word = next_word (file, &line, &failed)) != NULL)
    {
      g_ptr_array_add (words, word);
      if (failed)
        return NULL;
      if (words->len > MAX_WORDS)
        {
          complain (file, "more than %d words", MAX_WORDS);
          return NULL;
        }
    }
  return g_steal_pointer (&words);
}

/* ---- the parts of a rule ---- */

static gboolean
read_tag (File *file, MmRule *rule, const char *word, MmCatchNames *names)
{
  const char *equals = strchr (word, '=');
  MmTagPattern *tag = &rule->tags[rule->n_tags];
  const char *why;

  if (strcmp (word, "*") == 0)
    {
      rule->any_tags = TRUE;
      return TRUE;
    }
  if (equals == word)
    return complain (file, "“%s” has no name before the =", word);
  if (rule->n_tags == MM_MAPPING_MAX_TAGS)
    return complain (file, "more than %d tags", MM_MAPPING_MAX_TAGS);
  for (guint i = 0; i < rule->n_tags; i++)
    if (strncmp (rule->tags[i].key, word, strcspn (word, "=")) == 0
        && strlen (rule->tags[i].key) == strcspn (word, "="))
      return complain (file, "the tag “%s” is there twice", rule->tags[i].key);
  tag->key = g_strndup (word, strcspn (word, "="));
  rule->n_tags++;
  if (equals == NULL)
    return TRUE;
  tag->value = mm_pattern_new (equals + 1, FALSE, names, &why);
  return tag->value != NULL || complain (file, "“%s”: %s", word, why);
}

static gboolean
read_option (File *file, MmRule *rule, const char *word)
{
  static const struct
  {
    const char *word;
    MmRuleKind kind;
    gboolean needed;
  } kinds[] = {
    { "sum", MM_RULE_SUM, TRUE },
    { "sum?", MM_RULE_SUM, FALSE },
    { "spare", MM_RULE_SPARE, FALSE },
    { "fault", MM_RULE_FAULT, FALSE },
  };

  if (g_str_has_prefix (word, "scale="))
    {
      const char *number = word + strlen ("scale=");

      return (mm_number_parse (number, strlen (number), &rule->scale) && rule->scale != 0)
             || complain (file, "“%s”: the scale must be a number other than 0", word);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (word, kinds[i].word) == 0)
      {
        if (rule->kind != MM_RULE_VALUE)
          return complain (file, "sum, spare and fault exclude each other");
        rule->kind = kinds[i].kind;
        rule->needed = kinds[i].needed;
        return TRUE;
      }
  return complain (file, "the option “%s” is not known: scale=NUMBER, sum, sum?, spare or fault",
                   word);
}

static gboolean
read_template (File *file, MmTemplateText **template, const char *word, const MmCatchNames *names)
{
  const char *why;

  if (*word == '\0' || strlen (word) > MM_NAME_MAX_BYTES)
    return complain (file, "a name must have 1 to %d bytes", MM_NAME_MAX_BYTES);
  *template = mm_template_text_new (word, names, &why);
  return *template != NULL || complain (file, "“%s”: %s", word, why);
}

/* Finds the sum of the rule, or begins it, and gives the rule its part. */
static gboolean
join_sum (File *file, MmRule *rule, const char *device, const char *quantity)
{
  GArray *sums = file->mapping->sums;
  g_autofree char *key
      = g_strdup_printf ("%s\n%s\n%s\n%s", file->file, file->protocol, device, quantity);
  guint i = 0;
  MmSum *sum;

  while (i < sums->len && strcmp (g_array_index (sums, MmSum, i).key, key) != 0)
    i++;
  if (i == sums->len)
    {
      const MmSum fresh = { .key = g_steal_pointer (&key) };

      g_array_append_val (sums, fresh);
    }
  sum = &g_array_index (sums, MmSum, i);
  if (sum->parts == G_MAXUINT64)
    return complain (file, "a sum of more than %d parts", MAX_PARTS);
  rule->group = i;
  rule->part = sum->parts + 1; /* the parts are the lowest bits */
  sum->parts |= rule->part;
  if (rule->needed)
    sum->needed |= rule->part;
  return TRUE;
}

/* What stands behind the arrow: words from @at on. */
static gboolean
read_target (File *file, MmRule *rule, GPtrArray *words, guint at, const MmCatchNames *names)
{
  if (at + 1 == words->len && strcmp (words->pdata[at], "keep") == 0)
    {
      rule->kind = MM_RULE_KEEP;
      return TRUE;
    }
  if (at + 2 > words->len)
    return complain (file, "behind the -> a device and a quantity are needed, or “keep”");
  if (!read_template (file, &rule->device, words->pdata[at], names)
      || !read_template (file, &rule->quantity, words->pdata[at + 1], names))
    return FALSE;
  for (guint i = at + 2; i < words->len; i++)
    if (!read_option (file, rule, words->pdata[i]))
      return FALSE;
  return rule->kind != MM_RULE_SUM || join_sum (file, rule, words->pdata[at], words->pdata[at + 1]);
}

/* A rule that matches just what another of the file matches would never be asked. */
static gboolean
is_new (File *file, GPtrArray *words, guint arrow)
{
  g_autoptr (GString) key = g_string_new (file->protocol);
  gpointer line;

  for (guint i = 0; i < arrow; i++)
    g_string_append_printf (key, "\n%s", (const char *) words->pdata[i]);
  line = g_hash_table_lookup (file->seen, key->str);
  if (line != NULL)
    return complain (file, "the source is the same as in line %u", GPOINTER_TO_UINT (line));
  g_hash_table_insert (file->seen, g_strdup (key->str), GUINT_TO_POINTER (file->line));
  return TRUE;
}

static gboolean
fill_rule (File *file, MmRule *rule, GPtrArray *words, MmCatchNames *names)
{
  guint arrow = 0;
  const char *why;

  while (arrow < words->len && strcmp (words->pdata[arrow], "->") != 0)
    arrow++;
  if (arrow == words->len)
    return complain (file, "a rule needs an arrow: SOURCE TAGS… -> DEVICE QUANTITY");
  if (arrow == 0)
    return complain (file, "there is no source before the ->");
  if (!is_new (file, words, arrow))
    return FALSE;
  rule->name = g_strdup (words->pdata[0]);
  rule->pattern = mm_pattern_new (rule->name, TRUE, names, &why);
  if (rule->pattern == NULL)
    return complain (file, "“%s”: %s", rule->name, why);
  for (guint i = 1; i < arrow; i++)
    if (!read_tag (file, rule, words->pdata[i], names))
      return FALSE;
  return read_target (file, rule, words, arrow + 1, names);
}

static void
read_rule (File *file, const char *line)
{
  g_autoptr (GPtrArray) words = split_words (file, line);
  MmRule rule = { .scale = 1, .line = file->line, .kind = MM_RULE_VALUE };
  MmCatchNames names = { .n = 0 };

  if (words == NULL || words->len == 0)
    return;
  if (file->protocol == NULL)
    {
      complain (file, "a rule before the first heading, such as [line]");
      return;
    }
  if (file->mapping->rules->len == MM_MAPPING_MAX_RULES)
    {
      complain (file, "more than %d rules", MM_MAPPING_MAX_RULES);
      return;
    }
  rule.protocol = file->protocol;
  rule.file = file->mapping->files->pdata[file->mapping->files->len - 1];
  rule.text = g_strstrip (g_strdup (line));
  fill_rule (file, &rule, words, &names);
  mm_catch_names_clear (&names);
  /* Broken ones go with the rest of the file. */
  g_array_append_val (file->mapping->rules, rule);
}

static void
read_heading (File *file, const char *line)
{
  const char *end = strchr (line, ']');
  g_autofree char *name = end != NULL ? g_strndup (line + 1, (gsize) (end - line - 1)) : NULL;

  if (end == NULL
      || (end[1 + strspn (end + 1, " \t")] != '\0' && end[1 + strspn (end + 1, " \t")] != '#'))
    {
      complain (file, "a heading is the name of a protocol in brackets, such as [line]");
      return;
    }
  for (guint i = 0; protocols[i] != NULL; i++)
    if (strcmp (protocols[i], name) == 0)
      {
        file->protocol = protocols[i];
        return;
      }
  complain (file,
            "the protocol “%s” is not known: line, fronius, mqtt, venus, sparkplug or sunspec",
            name);
  file->protocol = protocols[0]; /* so that not every rule below is a problem as well */
}

static void
read_line (File *file, const char *text, gsize length)
{
  g_autofree char *line = NULL;
  const char *first;

  if (length > 0 && text[length - 1] == '\r')
    length--;
  if (length > MAX_LINE)
    {
      complain (file, "longer than %d bytes", MAX_LINE);
      return;
    }
  line = g_strndup (text, length);
  for (gsize i = 0; i < length; i++)
    if (((guint8) line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f)
      {
        complain (file, "a control character");
        return;
      }
  first = line + strspn (line, " \t");
  if (*first == '[')
    read_heading (file, first);
  else
    read_rule (file, line);
}

/* ---- the builder ---- */

MmMappingBuilder *
mm_mapping_builder_new (void)
{
  MmMappingBuilder *builder = g_new0 (MmMappingBuilder, 1);

  builder->mapping = mm_mapping_new_empty ();
  return builder;
}

void
mm_mapping_builder_free (MmMappingBuilder *builder)
{
  mm_mapping_unref (builder->mapping);
  g_free (builder);
}

gboolean
mm_mapping_builder_add (MmMappingBuilder *builder,
                        const char *name,
                        const char *text,
                        gsize length,
                        GPtrArray *problems)
{
  MmMapping *mapping = builder->mapping;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  File file = { .mapping = mapping, .file = name, .problems = problems, .seen = seen };
  guint n_rules = mapping->rules->len;
  guint n_sums = mapping->sums->len;

  g_ptr_array_add (mapping->files, g_strdup (name));
  if (length > MM_MAPPING_MAX_FILE)
    complain (&file, "the file is larger than %d bytes", MM_MAPPING_MAX_FILE);
  else if (!g_utf8_validate_len (text, length, NULL))
    complain (&file, "the file is not UTF-8 text");
  else
    while (length > 0)
      {
        const char *newline = memchr (text, '\n', length);
        gsize n = newline != NULL ? (gsize) (newline - text) : length;

        file.line++;
        read_line (&file, text, n);
        n += newline != NULL;
        text += n;
        length -= n;
      }
  if (file.n_problems == 0)
    return TRUE;
  g_array_set_size (mapping->rules, n_rules);
  g_array_set_size (mapping->sums, n_sums);
  return FALSE;
}

MmMapping *
mm_mapping_builder_end (MmMappingBuilder *builder)
{
  MmMapping *mapping = builder->mapping;

  mm_mapping_index (mapping);
  builder->mapping = mm_mapping_new_empty ();
  return mapping;
}
