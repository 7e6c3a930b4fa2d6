/* Patterns for the names of sources, and the texts made of what they catch. Immutable once made;
 * any thread.
 *
 * A pattern is a path with "/" between its segments:
 *   *         any text within a segment, also none
 *   {name}    text within a segment, at least one byte, kept under that name
 *   {name**}  as the last segment: all that is left, at least one byte, also several segments
 * and everything else stands for itself. Between two of these there must be other text. A pattern
 * for the value of a tag is a single segment, in which "/" is a letter like any other.
 *
 * A template is text in which {name} stands for what was caught.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_PATTERN_MAX_CATCHES 8

typedef struct _MmPattern MmPattern;
typedef struct _MmTemplateText MmTemplateText;

/* Names of what a rule's patterns catch, in the order of their numbers. */
typedef struct
{
  char *names[MM_PATTERN_MAX_CATCHES];
  guint n;
} MmCatchNames;

/* Forgets the names. */
void mm_catch_names_clear (MmCatchNames *names);

/* What was caught: pieces of the texts that were matched, by number. */
typedef struct
{
  const char *text[MM_PATTERN_MAX_CATCHES];
  gsize length[MM_PATTERN_MAX_CATCHES];
} MmCatches;

/* Makes a pattern of @text, adding the names in it to @names. @path: whether "/" parts segments.
 * Returns NULL and why in @why (static English text) if it breaks the rules. */
MmPattern *mm_pattern_new (const char *text, gboolean path, MmCatchNames *names, const char **why);
void mm_pattern_free (MmPattern *pattern);

/* Whether the pattern is all plain text, and whether its first segment is. */
gboolean mm_pattern_is_plain (const MmPattern *pattern);
gboolean mm_pattern_begins_plain (const MmPattern *pattern);

/* Whether the whole of @text fits. @catches: gets what was caught, pointing into @text. The time
 * needed grows with the length of @text alone. */
gboolean mm_pattern_match (const MmPattern *pattern,
                           const char *text,
                           gsize length,
                           MmCatches *catches);

/* Makes a template of @text, whose names must be in @names. NULL and @why as above. */
MmTemplateText *mm_template_text_new (const char *text,
                                      const MmCatchNames *names,
                                      const char **why);
void mm_template_text_free (MmTemplateText *text);

/* Writes the text to @out of @size bytes, without a NUL. Returns its length, or -1 if it does not
 * fit. */
gssize mm_template_text_write (const MmTemplateText *text,
                               const MmCatches *catches,
                               char *out,
                               gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPattern, mm_pattern_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTemplateText, mm_template_text_free)

G_END_DECLS
