/* The roll-ups of a gateway's series in few bytes: the quarters of an hour of a day, or the days of
 * a month. Any thread.
 *
 * They are a block (mm-block.h) of some columns for each series: one of the first values, and
 * others as far as they cannot be told from it; see mm-rollups.c.
 */
#pragma once

#include "mm-block.h"
#include "mm-rollup.h"

G_BEGIN_DECLS

/* Series together, and roll-ups of each. */
#define MM_ROLLUPS_MAX_SERIES 64
#define MM_ROLLUPS_MAX 128

/* The roll-ups of the series number @series (below 2^28), by start, each start once; those of a
 * counter say how it was reset. */
typedef struct
{
  guint32 series;
  gboolean is_counter;
  guint n;
  const MmRollup *rollups;
} MmRollupSeries;

/* The bytes that hold @series (ascending; at least one roll-up each) within the bounds above:
 * everything as it is, but @sum to 15 digits of the largest it could be. */
GByteArray *mm_rollups_encode (const MmRollupSeries *series, guint n_series);

/* What is read of @block, and kept for the next series of it; private. */
typedef struct
{
  MmBlock *block;
  GArray *points;
  GArray *times;
  guint32 times_of;
} MmRollupsReader;

/* Begins reading @block, which must outlive the reader; NULL while nothing is read. */
void mm_rollups_reader_init (MmRollupsReader *reader, MmBlock *block);

/* Frees what was kept. */
void mm_rollups_reader_clear (MmRollupsReader *reader);

/* Appends the roll-ups (#MmRollup) of the series number @series, none if it is not there. FALSE and
 * nothing appended if its bytes are damaged. */
gboolean mm_rollups_read (MmRollupsReader *reader, guint32 series, GArray *rollups, GError **error);

/* The numbers of the series in @block (guint32), ascending. */
GArray *mm_rollups_series (const MmBlock *block);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmRollupsReader, mm_rollups_reader_clear)

G_END_DECLS
