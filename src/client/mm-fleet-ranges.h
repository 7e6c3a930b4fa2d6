/* What is to be told of when one list of rows takes the place of another: a few ranges that hold
 * the rows that came, went or moved, and not those between. Pure functions on slots and their
 * flags; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Flags of a slot, which share a byte with those of mm-fleet-model.c: it may be elsewhere in the
 * list that comes; it is in the list that is there; it is in the list that comes (unset outside of
 * these functions). */
#define MM_FLEET_SLOT_MOVED 4
#define MM_FLEET_SLOT_SHOWN 8
#define MM_FLEET_SLOT_STAYS 16

#define MM_FLEET_RANGES_MOST 8

/* At a place of the list that comes, so many rows have gone, and so many have come. */
typedef struct
{
  guint at;
  guint n_gone;
  guint n_come;
} MmFleetRange;

/* Finds what leads from @before to @after (element-type guint32, no slot twice), from the front,
 * and makes SHOWN of @flags (by slot) true for @after. @in_parts: several ranges if that is less;
 * what did not move must have kept its order. Else, or if they are too many, one. Returns how many.
 */
guint mm_fleet_ranges_find (const GArray *before,
                            const GArray *after,
                            guint8 *flags,
                            gboolean in_parts,
                            MmFleetRange ranges[MM_FLEET_RANGES_MOST]);

G_END_DECLS
