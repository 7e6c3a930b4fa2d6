/* The order of the fleet list, and its pages. Pure functions, any thread. */
#pragma once

#include "mm-fleet.h"

G_BEGIN_DECLS

/* Sorts @rows and leaves those of one page: at most @limit behind the place @cursor (NULL: from the
 * beginning). The place is that of a row in the order, so a list that changes meanwhile neither
 * repeats nor skips what did not move. @next: the next page's cursor, NULL after the last; free
 * with g_free(). %MM_ERROR_FIELDS "cursor" if it is none. */
gboolean mm_fleet_order_page (GPtrArray *rows,
                              MmFleetOrder order,
                              gboolean descending,
                              guint limit,
                              const char *cursor,
                              char **next,
                              GError **error);

G_END_DECLS
