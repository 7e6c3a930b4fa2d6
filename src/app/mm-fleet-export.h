/* What the list of gateways shows, as a table for spreadsheets. Main thread. */
#pragma once

#include "mm-fleet-model.h"

G_BEGIN_DECLS

/* The rows of @model in their order, with the @columns named, as CSV (RFC 4180, UTF-8 with a byte
 * order mark, so that spreadsheets read it right). Figures are plain numbers in the unit of the
 * heading; times are RFC 3339 in this computer's zone. */
GBytes *mm_fleet_export_csv (MmFleetModel *model, const char *const *columns);

G_END_DECLS
