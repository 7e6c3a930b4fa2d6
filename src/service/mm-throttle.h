/* How often a stranger may try: one small table of buckets, bounded in size. Any thread.
 *
 * A bucket is named by what is limited and for whom ("sign-in:ID", "sign-in-from:ADDRESS"). It
 * fills by one per attempt and drains evenly; when it is full, attempts are refused with the time
 * until the next is free. Failures that go on make the wait grow, because a full bucket keeps being
 * filled to its brim. A restart forgets it, which costs an attacker more than it gives.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmThrottle MmThrottle;

MmThrottle *mm_throttle_new (void);
void mm_throttle_free (MmThrottle *throttle);

/* Counts an attempt of @who at @what. @burst attempts may come at once, then one each @period_s /
 * @burst seconds. FALSE with %MM_ERROR_LIMITED and Retry-After if it is too many. @now: UTC
 * microseconds. */
gboolean mm_throttle_try (MmThrottle *throttle,
                          const char *what,
                          const char *who,
                          guint burst,
                          guint period_s,
                          gint64 now,
                          GError **error);

/* The same for whoever is at @address (may be NULL). All of an IPv6 network of 64 bits is one
 * party: it is what one customer of a provider gets. */
gboolean mm_throttle_try_address (MmThrottle *throttle,
                                  const char *what,
                                  const char *address,
                                  guint burst,
                                  guint period_s,
                                  gint64 now,
                                  GError **error);

/* Forgets the attempts of @who at @what: after a success. */
void mm_throttle_forget (MmThrottle *throttle, const char *what, const char *who);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmThrottle, mm_throttle_free)

G_END_DECLS
