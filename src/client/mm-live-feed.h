/* The live feed of one server: what changes, as it changes.
 *
 * It reads GET /api/v1/live, goes on by itself where it left off after a break, and says so when
 * nothing has been heard for too long. Main thread.
 *
 *               opened                     ended, silent
 *   CONNECTING ---------> LIVE ---------------------------------> WAITING
 *        | ^------------------- after a while, network back, retry ---|
 *        +--------------------- could not be opened ----------------->|
 *
 * Signals:
 * - "gateway" (JsonObject): a FleetGateway as it is now; "alert" (JsonObject): an Alert as it is
 * now; "removed" (string): a gateway that may not be seen any more;
 * - "batch": what came since the last one belongs together; a good moment to redraw. Comes before
 *   the connection is given up as well;
 * - "reset": too much was missed: whoever keeps a list loads it anew.
 */
#pragma once

#include "mm-api.h"

G_BEGIN_DECLS

typedef enum
{
  MM_LIVE_CONNECTING,
  MM_LIVE_LIVE,
  MM_LIVE_WAITING, /* until the next try */
} MmLiveState;

/* The type of the property "state". */
#define MM_TYPE_LIVE_STATE (mm_live_state_get_type ())
/* The same. */
GType mm_live_state_get_type (void) G_GNUC_CONST;

#define MM_TYPE_LIVE_FEED (mm_live_feed_get_type ())
G_DECLARE_FINAL_TYPE (MmLiveFeed, mm_live_feed, MM, LIVE_FEED, GObject)

/* A feed of @api, at rest. */
MmLiveFeed *mm_live_feed_new (MmApi *api);

/* Begins, from now on; it tries again and again until it is stopped. */
void mm_live_feed_start (MmLiveFeed *feed);

/* Ends it for good: nothing is signalled any more. */
void mm_live_feed_stop (MmLiveFeed *feed);

/* Tries at once if it is waiting. */
void mm_live_feed_retry (MmLiveFeed *feed);

/* As drawn above; the property "state". */
MmLiveState mm_live_feed_get_state (MmLiveFeed *feed);

/* When the server was last heard: UTC microseconds of this computer; 0 if it never was. */
gint64 mm_live_feed_get_heard (MmLiveFeed *feed);

/* Why it is waiting; NULL if it is not, or the connection just ended. */
const GError *mm_live_feed_get_error (MmLiveFeed *feed);

G_END_DECLS
