/* What the pages of a registration share: the steps across the top, the terms, the walk's cookie.
 * For dealers and customers. Any thread. */
#pragma once

#include "mm-exchange.h"
#include "mm-registration.h"
#include "mm-terms.h"

G_BEGIN_DECLS

/* Adds "steps" with @now as the present one. */
void mm_page_walk_add_steps (json_t *values, MmRegistrationStep now);

/* Adds "terms": version, language, title and "blocks" of headings and paragraphs. */
void mm_page_walk_add_terms (json_t *values, const MmTerms *terms);

/* Remembers the walk's secret in the browser, so that resending and correcting work from the page
 * of the sent mail; NULL forgets it. */
void mm_page_walk_keep (MmExchange *x, const char *walk);

/* The version of the terms that the form says were agreed to; 0 if none. */
gint64 mm_page_walk_terms (MmExchange *x);

G_END_DECLS
