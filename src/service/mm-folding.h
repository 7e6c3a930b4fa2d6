/* Folding of the reading log into blocks, and trimming it.
 *
 * A push is a row of the log; now and then the rows of a gateway become columns of compressed
 * blocks (codec/mm-block.h), one for each day at least, which are small and quick to read. A thread
 * of its own reads and packs; the writer only writes what came of it, one gateway at a time and
 * together with the mark that says how far the gateway is folded. So whatever is killed when, the
 * points are there: in the blocks, in the log behind the mark, or in both alike. What all gateways
 * have folded is deleted from the beginning of the log.
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* A gateway is folded when so many of its rows wait, or the oldest for so long. Each gateway adds
 * up to a quarter of its own to both, so that those who began together are not due together. */
#define MM_FOLDING_ROWS 256
#define MM_FOLDING_AGE (6 * MM_HOUR)

/* At rest until mm_folding_start(), but whoever wants to may have it fold. */
MmFolding *mm_folding_new (MmContext *context);

/* Starts the thread, which folds what is due. */
void mm_folding_start (MmFolding *folding);

/* Ends the thread; what it has begun is finished or left as it was. */
void mm_folding_stop (MmFolding *folding);

/* Stops it, too. */
void mm_folding_free (MmFolding *folding);

/* What was done. @rows: of the log that were folded; @blocks: that were written */
typedef struct
{
  guint64 gateways;
  guint64 rows;
  guint64 blocks;
} MmFoldingCounts;

/* Folds what is due, and trims the log. Not on the writer's thread. %MM_ERROR_BUSY if the writer
 * has too much to do: the rest another time. */
gboolean mm_folding_look (MmFolding *folding, MmFoldingCounts *counts, GError **error);

/* Folds everything that was stored before the call, and trims the log. Likewise; takes its time. */
gboolean mm_folding_all (MmFolding *folding, MmFoldingCounts *counts, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFolding, mm_folding_free)

G_END_DECLS
