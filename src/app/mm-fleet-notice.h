/* What pages that show the fleet say about the fleet itself: not there yet, none, not the newest.
 * Main thread. */
#pragma once

#include "mm-desk.h"
#include "mm-pane.h"

G_BEGIN_DECLS

/* Shows on @pane, now and whenever it changes, that the fleet of @desk is being loaded, could not
 * be, or is as of some time ago; else the content. @empty: called with @pane instead of showing the
 * content of a fleet without gateways. Once for a pane, which has the action "fleet.retry". */
void mm_fleet_notice_follow (MmPane *pane, MmDesk *desk, void (*empty) (MmPane *pane));

G_END_DECLS
