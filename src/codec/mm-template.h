/* Templates that escape by default, for pages (HTML) and plain-text mails.
 *
 * A set is compiled once and never changes: any thread may render from it.
 *
 *   {{name}} {{a.b}} {{.}}            a value, escaped; a missing one is nothing
 *   {{#name}}…{{/name}}               once for each item of an array; once with an object (or any
 *                                     other true value) as the context; not at all otherwise
 *   {{^name}}…{{/name}}               only if {{#name}} would not be
 *   {{>name}}                         another template of the set, with the same context
 *   {{! comment }}
 *   {{_("Text")}}                     translated, then escaped
 *   {{_("From %s to %s", a, b.c)}}    with values put in; a translation may reorder (%2$s)
 *   {{_(name)}}                       the value as a message id: for words that come from C
 *
 * Names are looked up in the innermost context first, then outwards; the rest of a dotted name only
 * within what was found. False are: missing, null, false, 0, "" and []. In strings \" \\ \n are
 * understood. A line that holds nothing but one of # ^ / > ! leaves no trace of itself.
 *
 * There is no way to put out a value unescaped. Attributes are always written with double quotes,
 * and only values that are whole addresses made by us go into href and action (tests/lint).
 */
#pragma once

#include "mm-language.h"

#include <gio/gio.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef enum
{
  MM_ESCAPE_HTML, /* & < > " ' */
  MM_ESCAPE_NONE  /* plain text */
} MmEscape;

typedef struct _MmTemplates MmTemplates;

/* Compiles a set from @sources (name → text). NULL with %MM_ERROR_INVALID, its message naming the
 * template and the line, if one is malformed, leaves a section open, uses a partial that is not in
 * the set, includes itself, or gives a text another number of values than it has %s. */
MmTemplates *mm_templates_compile (GHashTable *sources, MmEscape escape, GError **error);

/* Adds every file below @prefix ("/org/mimamori/pages/") of @resource whose name ends in @suffix
 * (".html") to @sources, which frees its keys and values. A template is named by its path without
 * both: "dealer/form". */
void mm_templates_read (GHashTable *sources,
                        GResource *resource,
                        const char *prefix,
                        const char *suffix);

/* mm_templates_read() and mm_templates_compile() in one, for a set from one place. */
MmTemplates *mm_templates_new_from_resource (
    GResource *resource, const char *prefix, const char *suffix, MmEscape escape, GError **error);

void mm_templates_free (MmTemplates *templates);

/* Whether the set has a template called @name. */
gboolean mm_templates_has (const MmTemplates *templates, const char *name);

/* Renders @name, which must be in the set, for a reader of @language with @values, an object. Never
 * NULL. */
char *mm_templates_render (const MmTemplates *templates,
                           const char *name,
                           const MmLanguage *language,
                           const json_t *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTemplates, mm_templates_free)

G_END_DECLS
