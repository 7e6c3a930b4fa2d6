/* A segment is cut into pieces: plain texts and wildcards by turns. Each plain text between two
 * wildcards is taken where it first occurs, the last one at the end: if a match exists at all, it
 * is found so, without ever going back. Pure functions; any thread. */
/* For memmem(). */
#define _GNU_SOURCE

#include "mm-pattern.h"

#include <string.h>

#define ANY (-1) /* a wildcard that catches nothing */

/* @text: plain text, or NULL for a wildcard
 * @number: of a wildcard, its catch or ANY
 * @end: the piece ends its segment */
typedef struct
{
  char *text;
  gsize length;
  int number;
  gboolean end;
} Piece;

struct _MmPattern
{
  GArray *pieces; /* of Piece; an empty segment is one plain text of no bytes */
  gboolean path;
  gboolean rest; /* the last piece takes all that is left */
};

/* @number: of a catch, or ANY for the plain @text */
typedef struct
{
  char *text;
  gsize length;
  int number;
} Part;

struct _MmTemplateText
{
  GArray *parts; /* of Part */
};

void
mm_catch_names_clear (MmCatchNames *names)
{
  for (guint i = 0; i < names->n; i++)
    g_free (names->names[i]);
  names->n = 0;
}

static void
clear_piece (gpointer data)
{
  g_free (((Piece *) data)->text);
}

static void
clear_part (gpointer data)
{
  g_free (((Part *) data)->text);
}

static int
find_name (const MmCatchNames *names, const char *name, gsize length)
{
  for (guint i = 0; i < names->n; i++)
    if (strlen (names->names[i]) == length && memcmp (names->names[i], name, length) == 0)
      return (int) i;
  return ANY;
}

/* Length of the name in braces at @text, with the braces; 0 if it is none. @rest: may be NULL. */
static gsize
read_braces (const char *text, gsize *name_length, gboolean *rest)
{
  gsize length = strspn (text + 1, G_CSET_a_2_z G_CSET_DIGITS "_");
  const char *end = text + 1 + length;

  if (rest != NULL)
    {
      *rest = g_str_has_prefix (end, "**");
      end += *rest ? 2 : 0;
    }
  *name_length = length;
  return length > 0 && *end == '}' ? (gsize) (end + 1 - text) : 0;
}

static void
add_plain (GArray *pieces, const char *text, gsize length)
{
  Piece piece = { .text = g_strndup (text, length), .length = length, .number = ANY };

  g_array_append_val (pieces, piece);
}

/* Adds a wildcard; FALSE and @why if it may not stand there. */
static gboolean
add_wildcard (MmPattern *pattern,
              gboolean first,
              const char *name,
              gsize length,
              MmCatchNames *names,
              const char **why)
{
  Piece piece = { .number = ANY };

  if (!first && g_array_index (pattern->pieces, Piece, pattern->pieces->len - 1).text == NULL)
    {
      *why = "two wildcards stand side by side";
      return FALSE;
    }
  if (name != NULL)
    {
      if (find_name (names, name, length) != ANY)
        {
          *why = "a name in braces is used twice";
          return FALSE;
        }
      if (names->n == MM_PATTERN_MAX_CATCHES)
        {
          *why = "more than 8 names in braces";
          return FALSE;
        }
      piece.number = (int) names->n;
      names->names[names->n++] = g_strndup (name, length);
    }
  g_array_append_val (pattern->pieces, piece);
  return TRUE;
}

/* Reads the segment at *@at and moves behind it; FALSE and @why if it is malformed. */
static gboolean
read_segment (MmPattern *pattern, const char **at, MmCatchNames *names, const char **why)
{
  const char *text = *at;
  guint begin = pattern->pieces->len;
  gsize n, braces, name_length;

  while (*text != '\0' && !(pattern->path && *text == '/'))
    {
      if (*text == '*')
        {
          if (!add_wildcard (pattern, pattern->pieces->len == begin, NULL, 0, names, why))
            return FALSE;
          text++;
          continue;
        }
      if (*text == '{')
        {
          braces = read_braces (text, &name_length, &pattern->rest);
          if (braces == 0)
            {
              *why = "braces must hold a name of a-z, 0-9 and _";
              return FALSE;
            }
          if (pattern->rest
              && (!pattern->path || pattern->pieces->len != begin || text[braces] != '\0'))
            {
              *why = "{…**} must be the whole of the last segment";
              return FALSE;
            }
          if (!add_wildcard (pattern, pattern->pieces->len == begin, text + 1, name_length, names,
                             why))
            return FALSE;
          text += braces;
          continue;
        }
      if (*text == '}')
        {
          *why = "a closing brace without its opening one";
          return FALSE;
        }
      n = strcspn (text, pattern->path ? "*{}/" : "*{}");
      add_plain (pattern->pieces, text, n);
      text += n;
    }
  if (pattern->pieces->len == begin)
    add_plain (pattern->pieces, "", 0);
  g_array_index (pattern->pieces, Piece, pattern->pieces->len - 1).end = TRUE;
  *at = text;
  return TRUE;
}

MmPattern *
mm_pattern_new (const char *text, gboolean path, MmCatchNames *names, const char **why)
{
  g_autoptr (MmPattern) pattern = g_new0 (MmPattern, 1);

  pattern->path = path;
  pattern->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (pattern->pieces, clear_piece);
  for (;;)
    {
      if (!read_segment (pattern, &text, names, why))
        return NULL;
      if (*text == '\0')
        return g_steal_pointer (&pattern);
      text++;
    }
}

void
mm_pattern_free (MmPattern *pattern)
{
  g_array_unref (pattern->pieces);
  g_free (pattern);
}

gboolean
mm_pattern_begins_plain (const MmPattern *pattern)
{
  const Piece *first = &g_array_index (pattern->pieces, Piece, 0);

  return first->text != NULL && first->end;
}

gboolean
mm_pattern_is_plain (const MmPattern *pattern)
{
  for (guint i = 0; i < pattern->pieces->len; i++)
    if (g_array_index (pattern->pieces, Piece, i).text == NULL)
      return FALSE;
  return TRUE;
}

static void
keep (MmCatches *catches, int number, const char *text, gsize length)
{
  if (number == ANY)
    return;
  catches->text[number] = text;
  catches->length[number] = length;
}

/* Matches one segment, beginning with piece *@i, which is moved behind it. */
static gboolean
match_segment (const Piece *pieces, guint *i, const char *text, const char *end, MmCatches *catches)
{
  const Piece *piece;
  const char *found;
  gsize least;

  for (;; (*i)++)
    {
      piece = &pieces[*i];
      if (piece->text != NULL) /* at the beginning of the segment */
        {
          if ((gsize) (end - text) < piece->length
              || memcmp (text, piece->text, piece->length) != 0)
            return FALSE;
          text += piece->length;
          if (piece->end)
            return text == end;
          continue;
        }
      least = piece->number == ANY ? 0 : 1;
      if ((gsize) (end - text) < least)
        return FALSE;
      if (piece->end)
        {
          keep (catches, piece->number, text, (gsize) (end - text));
          return TRUE;
        }
      piece = &pieces[++(*i)];
      if (piece->end)
        found = (gsize) (end - text) >= least + piece->length
                        && memcmp (end - piece->length, piece->text, piece->length) == 0
                    ? end - piece->length
                    : NULL;
      else
        found = memmem (text + least, (gsize) (end - text) - least, piece->text, piece->length);
      if (found == NULL)
        return FALSE;
      keep (catches, pieces[*i - 1].number, text, (gsize) (found - text));
      if (piece->end)
        return TRUE;
      text = found + piece->length;
    }
}

gboolean
mm_pattern_match (const MmPattern *pattern, const char *text, gsize length, MmCatches *catches)
{
  const Piece *pieces = (const Piece *) (gpointer) pattern->pieces->data;
  const char *end = text + length;
  guint i = 0;

  for (;; i++)
    {
      const char *slash = NULL;

      if (pattern->path && !(pattern->rest && i == pattern->pieces->len - 1))
        slash = memchr (text, '/', (gsize) (end - text));
      if (!match_segment (pieces, &i, text, slash != NULL ? slash : end, catches))
        return FALSE;
      if (slash == NULL || i == pattern->pieces->len - 1)
        return slash == NULL && i == pattern->pieces->len - 1;
      text = slash + 1;
    }
}

/* ---- templates ---- */

MmTemplateText *
mm_template_text_new (const char *text, const MmCatchNames *names, const char **why)
{
  g_autoptr (MmTemplateText) template = g_new0 (MmTemplateText, 1);
  gsize name_length;

  template->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (template->parts, clear_part);
  while (*text != '\0')
    {
      Part part = { .number = ANY };

      if (*text == '{')
        {
          gsize braces = read_braces (text, &name_length, NULL);

          part.number = braces == 0 ? ANY : find_name (names, text + 1, name_length);
          if (part.number == ANY)
            {
              *why = "a name in braces that the pattern does not catch";
              return NULL;
            }
          text += braces;
        }
      else
        {
          part.length = strcspn (text, "{}");
          if (part.length == 0)
            {
              *why = "a closing brace without its opening one";
              return NULL;
            }
          part.text = g_strndup (text, part.length);
          text += part.length;
        }
      g_array_append_val (template->parts, part);
    }
  return g_steal_pointer (&template);
}

void
mm_template_text_free (MmTemplateText *text)
{
  g_array_unref (text->parts);
  g_free (text);
}

gssize
mm_template_text_write (const MmTemplateText *text, const MmCatches *catches, char *out, gsize size)
{
  gsize length = 0;

  for (guint i = 0; i < text->parts->len; i++)
    {
      const Part *part = &g_array_index (text->parts, Part, i);
      const char *piece = part->number == ANY ? part->text : catches->text[part->number];
      gsize n = part->number == ANY ? part->length : catches->length[part->number];

      if (n > size - length)
        return -1;
      memcpy (out + length, piece, n);
      length += n;
    }
  return (gssize) length;
}
