/* The latest values of all gateways of a dealer, and nothing else of them: for maps and tables of
 * many. May block; call it from a worker. */
#pragma once

#include "mm-context.h"
#include "mm-fleet.h"
#include "mm-principal.h"

G_BEGIN_DECLS

/* Quantities in one question. */
#define MM_LATEST_MAX_QUANTITIES 32

/* @ids: of the gateways, by ID; owned by @texts
 * @values: of MmFleetValue, for each gateway as many as were asked for; of several devices the
 *   newest; the time is MM_TIME_NONE if there is none that may be seen
 * @now: the server's time of all this */
typedef struct
{
  GPtrArray *ids;
  GArray *values;
  GStringChunk *texts;
  gint64 now;
} MmLatest;

void mm_latest_free (MmLatest *latest);

/* %MM_ERROR_FIELDS "quantity" "range" unless there are 1 to %MM_LATEST_MAX_QUANTITIES of them. */
MmLatest *mm_latest_read (MmContext *context,
                          const MmPrincipal *principal,
                          const char *const *quantities,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLatest, mm_latest_free)

G_END_DECLS
