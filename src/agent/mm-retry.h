/* When to try again after a push that was not taken. One thread.
 *
 * After trouble: 1, 2, 4 … 60 s, or what Retry-After asks for if that is longer, and up to a fifth
 * more by chance, so that a fleet does not come back in one second. A wrong key or address is tried
 * again after 30 s, then less and less often up to every 10 minutes: only a person can help.
 */
#pragma once

#include "mm-push.h"

G_BEGIN_DECLS

/* All zero while there is no trouble.
 * @next_try: monotonic time (µs) before which another try is of no use
 * @trouble: what the last try ended in
 * @wait_s: the last wait */
typedef struct
{
  gint64 next_try;
  MmPushOutcome trouble;
  guint wait_s;
} MmRetry;

/* Puts the next try off because of @answer, whose outcome is RETRY or DENIED.
 * Returns for how many seconds, the part by chance left out. */
guint mm_retry_later (MmRetry *retry, const MmPushAnswer *answer);

G_END_DECLS
