/* Terms of use: one version in force per audience, in several languages.
 *
 * The server owns the text. The first version comes with the program; the operator can publish
 * newer ones. Who agreed to which version, when and at which step, is kept (product.md §1).
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* @language is the language of @body, which need not be the one that was asked for. The body is
 * plain text in paragraphs with blank lines between; "# " begins its title, "## " a heading. */
typedef struct
{
  char *audience;
  gint64 version;
  char *language;
  char *body;
} MmTerms;

/* Installs the first version of all terms where there are none. Before the writer starts, or on its
 * thread inside a transaction. */
gboolean mm_terms_ensure (MmDatabase *db, gint64 now, GError **error);

/* The terms in force for @audience ("dealer", "customer"); NULL with %MM_ERROR_NOT_FOUND for
 * others. Free with mm_terms_free(). Any thread that may read the store. */
MmTerms *mm_terms_get (MmContext *context,
                       const char *audience,
                       const char *language,
                       GError **error);
void mm_terms_free (MmTerms *terms);

/* Whether @agreed is the version in force; adds the field "terms" (required, outdated) to
 * *@problems if not. FALSE with @error only if the store fails. Reader or writer. */
gboolean mm_terms_check (
    MmDatabase *db, const char *audience, gint64 agreed, GError **problems, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTerms, mm_terms_free)

G_END_DECLS
