/* The times of a reading: whether it came late, whether it can be real.
 *
 * A reading carries the device's time, and the server adds the time it was received. Pure
 * functions, any thread; times are UTC microseconds. Source: product.md §3.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* How far a device's clock may run ahead of ours; beyond it a reading goes to quarantine. */
#define MM_READING_AHEAD (10 * MM_MINUTE)

/* Whether something of the device's @time, received at @received, is late: older than the absence
 * that makes a gateway offline (mm_offline_after()). It is stored in its place and marked, and
 * neither shown as the present nor taken for news by alerts. @interval_s 0 is the default. */
gboolean mm_reading_is_late (gint64 time, gint64 received, guint interval_s);

/* Whether @time is more than MM_READING_AHEAD in the future at @received: quarantine. */
gboolean mm_reading_is_ahead (gint64 time, gint64 received);

G_END_DECLS
