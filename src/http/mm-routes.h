/* The one table of what can be asked of the server. */
#pragma once

#include "mm-router.h"

G_BEGIN_DECLS

/* All routes; static. */
const MmRoute *mm_routes (gsize *n_routes);

G_END_DECLS
