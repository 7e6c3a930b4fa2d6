/* Folding: what blocks a part of a gateway's log makes together with those that are there. Only
 * reads; mm-folding.h says when, and has the writer write it. Any thread but the writer's. */
#pragma once

#include "mm-context.h"
#include "mm-points.h"

G_BEGIN_DECLS

/* The rows of a gateway that are not folded (gint64, newest first), and the mark before them. */
typedef struct
{
  MmPointsGateway gateway;
  gint64 mark;
  GArray *rows;
} MmFoldTail;

/* Looks at the tail of the gateway of the row @id. FALSE without @error if there is no such gateway
 * any more. */
gboolean mm_fold_tail_init (MmFoldTail *tail, MmContext *context, gint64 id, GError **error);
void mm_fold_tail_clear (MmFoldTail *tail);

/* A block to be written.
 * @goes_on: it holds what the block before it held until now; to be written with that, or it would
 * be lost in between */
typedef struct
{
  gint64 start;
  gboolean goes_on;
  GByteArray *body;
} MmFoldBlock;

/* What the oldest rows of a tail come to.
 * @mark: the last of them; @since: when that was received; @n_rows: how many they are
 * @blocks: of MmFoldBlock, to be written over those with the same beginnings
 * @rolled: of MmRolledRow (mm-rolling.h), to be written likewise; days are in @zone
 * @is_zone: it is about nothing but that zone: all days from the UTC month @from on are in it then,
 *   and the mark stays */
typedef struct
{
  gint64 gateway;
  gint64 mark_before;
  gint64 mark;
  gint64 since;
  guint n_rows;
  GArray *blocks;
  GArray *rolled;
  char *zone;
  gboolean is_zone;
  gint64 from;
} MmFolded;

/* Folds as many of the oldest rows of @tail as do not take much memory, and takes them out of it.
 * Writing the same blocks again, or only some of them, changes nothing of what is stored as long as
 * the mark stays and no block is parted from one that goes on from it. */
MmFolded *mm_fold_some (MmContext *context, MmFoldTail *tail, GError **error);
void mm_folded_free (MmFolded *folded);

/* The days of the gateway with the row @id in the zone that its site is in now, @is_zone. NULL
 * without @error if there is no such gateway any more. */
MmFolded *mm_fold_zone (MmContext *context, gint64 id, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmFoldTail, mm_fold_tail_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFolded, mm_folded_free)

G_END_DECLS
