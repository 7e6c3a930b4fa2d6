/* The tree that a template is parsed into; used by mm-template.c alone, whose header says the
 * grammar. A tree belongs to its template and does not change once it is parsed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_TEMPLATE_TEXT,
  MM_TEMPLATE_VALUE,
  MM_TEMPLATE_SECTION,
  MM_TEMPLATE_INVERTED,
  MM_TEMPLATE_PARTIAL,
  MM_TEMPLATE_TRANSLATION
} MmTemplateNodeKind;

typedef struct _MmTemplate MmTemplate;

typedef struct
{
  MmTemplateNodeKind kind;
  char *text;           /* TEXT: verbatim; TRANSLATION: the message id, or NULL if path gives it */
  GStrv path;           /* VALUE, SECTION, INVERTED, TRANSLATION; no elements for "." */
  GPtrArray *children;  /* SECTION, INVERTED: MmTemplateNode */
  GPtrArray *arguments; /* TRANSLATION: GStrv */
  const MmTemplate *partial; /* PARTIAL */
} MmTemplateNode;

struct _MmTemplate
{
  char *name;
  GPtrArray *nodes;
  gboolean visiting, visited; /* while looking for circles */
};

/* An empty template called @name, to be parsed. */
MmTemplate *mm_template_new (const char *name);

/* Frees it; a GDestroyNotify. */
void mm_template_free (gpointer template);

/* Parses @source into @template. Partials are looked up in @by_name (name → MmTemplate), which must
 * outlive it; they may be parsed later. FALSE with %MM_ERROR_INVALID, naming template and line. */
gboolean mm_template_parse (MmTemplate *template,
                            const char *source,
                            GHashTable *by_name,
                            GError **error);

G_END_DECLS
