/* The last day of a link, as people say it, and the moment at which it is over. Any thread. */
#pragma once

#include "mm-store-links.h"

G_BEGIN_DECLS

/* The first moment behind the day @text (2026-05-31) in @zone; MM_TIME_NONE for an empty text. Adds
 * to *@problems under "until": "syntax", or "past" if that moment is not behind @now. */
gint64 mm_link_until_parse (const char *text, const char *zone, gint64 now, GError **problems);

/* The last day of @link in its site's time zone, 2026-05-31; NULL if it has none. */
char *mm_link_until_day (const MmLinkRow *link);

G_END_DECLS
