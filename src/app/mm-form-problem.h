/* What went wrong with a form as a whole: a line in words, above its buttons; nothing while all is
 * well. Main thread.
 */
#pragma once

#include "mm-field.h"

G_BEGIN_DECLS

#define MM_TYPE_FORM_PROBLEM (mm_form_problem_get_type ())
G_DECLARE_FINAL_TYPE (MmFormProblem, mm_form_problem, MM, FORM_PROBLEM, AdwBin)

/* Says @text; NULL: nothing. */
void mm_form_problem_set_text (MmFormProblem *problem, const char *text);

/* Says what @error is: beside the fields that it names, given as name, #MmField, …, NULL, of which
 * the first wrong one gets the focus, else here. NULL clears all of them. That a call was
 * cancelled is not worth a word. */
void mm_form_problem_show (MmFormProblem *problem, const GError *error, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
