/* Things of the service as values for pages, in words. Any thread. */
#pragma once

#include "mm-clock.h"
#include "mm-language.h"
#include "mm-store-gateways.h"
#include "mm-store-links.h"

#include <jansson.h>

G_BEGIN_DECLS

/* How long ago @then was, as people say it: minutes up to an hour, the clock today, the date
 * before, in the time zone @zone. */
char *mm_words_of_age (const MmLanguage *language, gint64 now, gint64 then, const char *zone);

/* @then in full in the time zone @zone. */
char *mm_words_of_time (const MmLanguage *language, gint64 then, const char *zone);

/* The day @day, written as 2026-05-31, as people write it; itself if it is none, empty for NULL. */
char *mm_words_of_day (const MmLanguage *language, const char *day);

/* What @grants allow, as message ids. */
json_t *mm_words_of_scope (guint grants);

/* A link for a page: id, dealer, dealer_id, gateway, site, place, customer, since, until, scope;
 * and of the pages about it url, end_url, decline_url, gateway_url. */
json_t *mm_words_of_link (const MmLanguage *language, const MmLinkRow *link);

G_END_DECLS
