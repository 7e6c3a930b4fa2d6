/* Errors as application/problem+json (RFC 9457). */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* The HTTP status for @error: one for each MmErrorKind, 500 for other domains. */
guint mm_problem_status (const GError *error);

/* What a person may read about @error, in @language (NULL: English); for internal errors a neutral
 * sentence. */
const char *mm_problem_sentence (const GError *error, const MmLanguage *language);

/* The problem document: type, title, status, code, detail, and where there are some errors (field,
 * code, detail) and retry_after (seconds). New reference. */
json_t *mm_problem_new (const GError *error, const MmLanguage *language);

/* One for a status that no MmErrorKind stands for; @sentence is translated already. */
json_t *mm_problem_new_plain (guint status,
                              const char *title,
                              const char *code,
                              const char *sentence);

G_END_DECLS
