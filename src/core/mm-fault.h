/* The fault catalogue: what a maker's fault code means, how bad it is, what to do first.
 *
 * Core reads no files: whoever builds a catalogue hands it the texts of the files in data/faults,
 * and behind them those that the dealer or the operator added, which win. A file is a key file:
 *
 *   [Catalogue]
 *   Makers=Fronius;…    names, found anywhere in what a device says of its maker, case and width
 *                       aside; without the line the codes are common to all makers
 *   WhenUnknown=true    also used for devices that do not say their maker
 *
 *   [102]               the code; several as [240;241], a span of codes of equal length as
 *                       [89:000A..89:0013]; case aside
 *   Severity=minor      info, warning, minor, major or critical
 *   Shows=islanded      only for a fault that is itself a status: islanded or curtailed
 *   Meaning=…           one line, no full stop; "%s" stands for the code
 *   Meaning[ja]=…       without it the English one is shown
 *   First=…             what to do first, whole sentences
 *   First[ja]=…
 *
 * A catalogue is built by one thread and then only read, by any. Source: product.md §7, glossary.md
 * §5; codes differ by maker, so nothing of them is in the code.
 */
#pragma once

#include "mm-status.h"

G_BEGIN_DECLS

/* What is known of a code.
 * @severity: never NONE
 * @shows: MM_STATUS_ISLANDED or MM_STATUS_CURTAILED while it is open, else MM_STATUS_NORMAL
 * Texts by mm_fault_meaning() and mm_fault_first_step(). */
typedef struct
{
  MmSeverity severity;
  MmStatus shows;
  /*< private >*/
  char *meaning_en;
  char *meaning_ja;
  char *first_en;
  char *first_ja;
} MmFault;

typedef struct _MmFaultCatalogue MmFaultCatalogue;

/* A catalogue that knows nothing yet: every code is major. */
MmFaultCatalogue *mm_fault_catalogue_new (void);
void mm_fault_catalogue_free (MmFaultCatalogue *catalogue);

/* Adds the file text @text of @length bytes (-1: NUL-ended). Returns FALSE, adding nothing of it,
 * and sets @error (G_KEY_FILE_ERROR, for the log) if it is malformed. */
gboolean mm_fault_catalogue_add (MmFaultCatalogue *catalogue,
                                 const char *text,
                                 gssize length,
                                 GError **error);

/* How many codes and spans are known. */
guint mm_fault_catalogue_size (const MmFaultCatalogue *catalogue);

/* What @code of a device by @maker (NULL or empty: it does not say) means: the maker's own, else
 * the common one, else "The device reports fault CODE", major. Never NULL; owned by @catalogue. */
const MmFault *mm_fault_catalogue_find (const MmFaultCatalogue *catalogue,
                                        const char *maker,
                                        const char *code);

/* The words of @fault in @language ("ja", or "en" and all else) for the reported @code; free with
 * g_free(). */
char *mm_fault_meaning (const MmFault *fault, const char *language, const char *code);
char *mm_fault_first_step (const MmFault *fault, const char *language, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFaultCatalogue, mm_fault_catalogue_free)

G_END_DECLS
