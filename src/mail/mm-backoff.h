/* When to try a mail again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* After five days a mail is given up (RFC 5321 §4.5.4.1 asks for four to five). */
#define MM_BACKOFF_GIVE_UP (5 * G_TIME_SPAN_DAY)

/* How long to wait before the next try, in microseconds, after @tries tries failed: nothing before
 * the first, then 30 s, 2 min, 10 min, 30 min, 1 h, 2 h and 4 h from then on, each a tenth longer
 * or shorter by @random (0 ≤ @random < 1), so that mails that failed together do not come back
 * together. -1 if @age, the microseconds since the mail was written, says to give up. */
gint64 mm_backoff (guint tries, gint64 age, double random);

G_END_DECLS
