/* A block: the points of one gateway in a stretch of time, each once, in few bytes. See mm-block.c
 * for the format. Any thread; a block belongs to one thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Different times in one block, and points of all its series together. */
#define MM_BLOCK_MAX_TIMES 4096
#define MM_BLOCK_MAX_POINTS 131072

/* One point of a series.
 * @time: UTC microseconds
 * @value: finite
 * @is_late: it came so long after its time that it was no news; core/mm-reading.h */
typedef struct
{
  gint64 time;
  double value;
  gboolean is_late;
} MmBlockPoint;

/* The points of the series number @series, ascending and each time once. */
typedef struct
{
  guint32 series;
  guint n;
  const MmBlockPoint *points;
} MmBlockSeries;

/* The bytes that hold @series (ascending; at least one point each) bit by bit, within the bounds
 * above. */
GByteArray *mm_block_encode (const MmBlockSeries *series, guint n_series);

/* TRUE if one block holds all of @series. If not, @until says up to which time, not included, one
 * does; that is after the earliest of them. */
gboolean mm_block_fits (const MmBlockSeries *series, guint n_series, gint64 *until);

typedef struct _MmBlock MmBlock;

/* Looks into @data, which must outlive the block and may be anything: what is read and taken of
 * memory is bounded by @length and the bounds above. NULL and %MM_ERROR_INTERNAL "damaged-block"
 * if not even the list of its series can be relied on. */
MmBlock *mm_block_open (const guint8 *data, gsize length, GError **error);
void mm_block_free (MmBlock *block);

/* How many series there are; of the one at @place, its number and how many points it has. */
guint mm_block_n_series (const MmBlock *block);
guint32 mm_block_series (const MmBlock *block, guint place);
guint mm_block_n_points (const MmBlock *block, guint place);

/* Where the series number @series stands; FALSE if it is not there. */
gboolean mm_block_find (const MmBlock *block, guint32 series, guint *place);

/* Appends the points of the series at @place to @points (#MmBlockPoint). Nothing is appended and
 * %MM_ERROR_INTERNAL "damaged-block" set if its bytes are damaged; the others may still be sound.
 */
gboolean mm_block_read (MmBlock *block, guint place, GArray *points, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmBlock, mm_block_free)

G_END_DECLS
