#include "mm-retry.h"

#include "mm-clock.h"

#define FIRST_RETRY_S 1
#define LAST_RETRY_S 60
#define FIRST_DENIED_S 30
#define LAST_DENIED_S 600

guint
mm_retry_later (MmRetry *retry, const MmPushAnswer *answer)
{
  gboolean denied = answer->outcome == MM_PUSH_DENIED;
  guint first = denied ? FIRST_DENIED_S : FIRST_RETRY_S;
  guint last = denied ? LAST_DENIED_S : LAST_RETRY_S;
  guint wait_s;

  retry->wait_s = retry->trouble == answer->outcome ? MIN (retry->wait_s * 2, last) : first;
  retry->trouble = answer->outcome;
  wait_s = MAX (retry->wait_s, answer->retry_after_s);
  retry->next_try = g_get_monotonic_time () + wait_s * MM_SECOND
                    + g_random_int_range (0, (gint32) (wait_s * 200)) * (MM_SECOND / 1000);
  return wait_s;
}
