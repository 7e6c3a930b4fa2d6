/* What tests do to a running server over the control socket; only in builds with -Dtest_hooks=true.
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* POST {"seconds": n}: moves the clock forward and looks at all gateways at once. */
void mm_handle_test_advance (MmExchange *x, gpointer context);

/* POST {"ms": n, "fill": bool}: the writer does nothing for so long; with "fill" its queue is made
 * full meanwhile. Answered at once. */
void mm_handle_test_stall (MmExchange *x, gpointer context);

G_END_DECLS
