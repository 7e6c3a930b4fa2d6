/* What the gateway has to send and has not seen acknowledged yet, on disk.
 *
 * A spool is a directory with a queue of frames. One frame is one push body with a sequence number
 * and a position: a number of the source's own (for a replay, the rows of the file read so far), so
 * that after a crash the source goes on exactly behind the last frame. See mm-spool.c for the
 * files. A spool belongs to one thread; the directory is locked against a second process.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_SPOOL_DEFAULT_LIMIT (G_GUINT64_CONSTANT (256) * 1024 * 1024)
#define MM_SPOOL_MIN_LIMIT (G_GUINT64_CONSTANT (64) * 1024)
#define MM_SPOOL_MAX_BODY (16u * 1024 * 1024)

typedef struct _MmSpool MmSpool;

/* One batch that waits.
 * @sequence: from 1, without gaps but for what was dropped
 * @position: the source's position after this batch
 * @readings, @values: how many the body holds
 * @body: the push, JSON; cleared by mm_spool_frame_clear() */
typedef struct
{
  guint64 sequence;
  gint64 position;
  guint32 readings;
  guint32 values;
  GBytes *body;
} MmSpoolFrame;

/* Frees the body. */
void mm_spool_frame_clear (MmSpoolFrame *frame);

/* Opens the spool in @directory, which is made (mode 0700) if it is missing, and repairs it: a
 * frame that was being written when the power went is cut off.
 * @limit: bytes that its segments may take, at least MM_SPOOL_MIN_LIMIT
 * Fails if another process has it open, or the disk does not let it. */
MmSpool *mm_spool_open (const char *directory, guint64 limit, GError **error);

/* Closes it; what waits stays on disk. */
/* Closes it; what waits stays on disk. */
void mm_spool_close (MmSpool *spool);

/* What the frames are made from, as the source itself described it; NULL for a new spool. */
const char *mm_spool_source (const MmSpool *spool);

/* Writes down what the frames are made from: a line of text. Durable on return. */
gboolean mm_spool_set_source (MmSpool *spool, const char *source, GError **error);

/* Adds a batch at the end. On TRUE it is on disk (fdatasync). Beyond the limit the oldest segment
 * is dropped, with a warning that says how many batches were lost.
 * @position, @readings, @values: see #MmSpoolFrame
 * @length: 1..MM_SPOOL_MAX_BODY bytes, and less than a quarter of the limit */
gboolean mm_spool_append (MmSpool *spool,
                          gint64 position,
                          guint32 readings,
                          guint32 values,
                          const char *body,
                          gsize length,
                          GError **error);

/* TRUE if a body of @length fits without dropping anything: a source that can wait asks first. */
gboolean mm_spool_has_room (const MmSpool *spool, gsize length);

/* The oldest batch that was not acknowledged. FALSE with no error set if there is none. */
gboolean mm_spool_peek (MmSpool *spool, MmSpoolFrame *frame, GError **error);

/* Takes @frame, as mm_spool_peek() gave it, off the queue for good: it was acknowledged. If it was
 * dropped in the meantime, only the acknowledgement is written down.
 * @note: a line of text kept with the acknowledgement, written in the same step; or NULL to keep
 *        the one that is there */
gboolean mm_spool_acknowledge (MmSpool *spool,
                               const MmSpoolFrame *frame,
                               const char *note,
                               GError **error);

/* The text last given to mm_spool_acknowledge(); NULL if none. */
const char *mm_spool_note (const MmSpool *spool);

/* The position of the newest batch ever added; 0 for a new spool. */
gint64 mm_spool_position (const MmSpool *spool);

/* The sequence number that the next batch will get. */
guint64 mm_spool_next_sequence (const MmSpool *spool);

/* Batches not acknowledged. */
guint64 mm_spool_pending (const MmSpool *spool);

/* Bytes of all segments, among them acknowledged frames of segments not yet removed. */
guint64 mm_spool_size (const MmSpool *spool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSpool, mm_spool_close)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmSpoolFrame, mm_spool_frame_clear)

G_END_DECLS
