/* The spool's files, in its directory:
 *
 *   lock              held (flock) while a process has the spool open
 *   source            what the frames are made from, one line
 *   acknowledged      key file: sequence and position of the last acknowledged frame, and a note
 *   0000000000000001.segment
 *                     frames one after the other; the name is the first frame's sequence number in
 *                     hexadecimal, so that names sort in order
 *
 * What a frame looks like is said in mm-frame.c.
 *
 * What is synchronised, when, and why:
 *
 * - A frame counts as spooled after fdatasync() of its segment; a new segment's directory entry is
 *   synchronised before that. Until then nobody may rely on it, and a source that crashes reads
 *   its input again from the position of the last frame found.
 * - "source" and "acknowledged" are replaced as a whole: write beside it, fdatasync, rename. Either
 *   the old or the new one is there, never half of one. The rename of "acknowledged" is not
 *   synchronised by itself: if the power takes it back, the batch is sent once more and the server
 *   counts duplicates, which is harmless. It is synchronised before a segment is removed, or a
 *   power cut could bring back an acknowledgement older than the oldest segment.
 * - Opening reads every frame. The first one that is short, or whose CRC is wrong, ends the queue:
 *   frames are synchronised one by one, so this is the one that was being written (a torn tail) and
 *   is cut off. If the disk has damaged an older frame, what follows it is cut off as well, because
 *   sending it would put it before the lost batch, which a source with positions makes again;
 *   later segments are kept aside as *.damaged and the warning says so.
 */
#define G_LOG_DOMAIN "mm-spool"

#include "mm-spool.h"

#include "mm-frame.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENTS_PER_LIMIT 8
#define MAX_SEGMENT_BYTES (G_GUINT64_CONSTANT (8) * 1024 * 1024)
#define SEGMENT_SUFFIX ".segment"
#define SEGMENT_NAME_LENGTH (16 + sizeof SEGMENT_SUFFIX - 1)

typedef struct
{
  guint64 first; /* sequence number of its first frame */
  guint64 size;
} Segment;

struct _MmSpool
{
  char *directory;
  int directory_fd;
  int lock_fd;
  guint64 limit;
  guint64 segment_bytes;
  GArray *segments; /* of Segment, oldest first */
  int read_fd;      /* of the oldest segment, -1 if not open */
  guint64 read_at;  /* offset of the oldest unacknowledged frame in it */
  int write_fd;     /* of the newest segment, -1 if not open */
  guint64 acknowledged;
  gint64 acknowledged_position;
  guint64 last; /* sequence number of the newest frame */
  gint64 last_position;
  guint64 pending;
  gboolean broken; /* half a frame could not be cut off */
  char *source;
  char *note;
};

/* Files. */

static gboolean
fail (const MmSpool *spool, const char *doing, const char *name, GError **error)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "spool %s: %s %s: %s",
               spool->directory, doing, name, g_strerror (saved));
  return FALSE;
}

/* Replaces the small file @name as a whole. */
static gboolean
replace_file (MmSpool *spool, const char *name, const char *text, gsize length, GError **error)
{
  g_autofree char *beside = g_strconcat (name, ".new", NULL);
  int fd = openat (spool->directory_fd, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean written;

  if (fd < 0)
    return fail (spool, "creating", beside, error);
  written = (mm_frame_write (fd, text, length) && fdatasync (fd) == 0)
            || fail (spool, "writing", beside, error);
  close (fd);
  if (written && renameat (spool->directory_fd, beside, spool->directory_fd, name) != 0)
    return fail (spool, "replacing", name, error);
  return written;
}

static gboolean
sync_directory (MmSpool *spool, GError **error)
{
  if (fsync (spool->directory_fd) != 0)
    return fail (spool, "synchronising", "the directory", error);
  return TRUE;
}

static char *
segment_name (guint64 first)
{
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x" SEGMENT_SUFFIX, first);
}

static int
open_segment (MmSpool *spool, guint64 first, int flags, GError **error)
{
  g_autofree char *name = segment_name (first);
  int fd = openat (spool->directory_fd, name, flags | O_CLOEXEC, 0600);

  if (fd < 0)
    fail (spool, "opening", name, error);
  return fd;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static Segment *
oldest (const MmSpool *spool)
{
  return &g_array_index (spool->segments, Segment, 0);
}

static Segment *
newest (const MmSpool *spool)
{
  return &g_array_index (spool->segments, Segment, spool->segments->len - 1);
}

/* Removes the oldest segment; the next one's first frame is then the oldest. */
static gboolean
remove_oldest (MmSpool *spool, GError **error)
{
  g_autofree char *name = segment_name (oldest (spool)->first);

  close_fd (&spool->read_fd);
  spool->read_at = 0;
  if (spool->segments->len == 1)
    close_fd (&spool->write_fd);
  if (unlinkat (spool->directory_fd, name, 0) != 0)
    return fail (spool, "removing", name, error);
  g_array_remove_index (spool->segments, 0);
  return TRUE;
}

/* Opening. */

/* Reads the frames of @segment and learns from them. @sound becomes the length of the sound part;
 * returns FALSE only if the file cannot be opened. */
static gboolean
scan_segment (MmSpool *spool, Segment *segment, guint64 *sound, GError **error)
{
  int fd = open_segment (spool, segment->first, O_RDONLY, error);
  guint64 expected = segment->first;
  guint64 offset = 0;

  if (fd < 0)
    return FALSE;
  while (offset < segment->size)
    {
      g_auto (MmSpoolFrame) frame = { 0 };
      gsize length = mm_frame_read (fd, offset, segment->size, &frame);

      /* A hole is sound where an earlier repair cut off what was acknowledged. */
      if (length == 0 || frame.sequence < expected
          || (frame.sequence > expected && frame.sequence > spool->acknowledged + 1))
        break;
      if (frame.sequence > spool->acknowledged)
        {
          if (spool->pending++ == 0)
            spool->read_at = offset;
          spool->last = frame.sequence;
          spool->last_position = frame.position;
        }
      expected = frame.sequence + 1;
      offset += length;
    }
  close (fd);
  *sound = offset;
  return TRUE;
}

/* Cuts segment number @index to its @sound bytes and sets later ones aside. */
static gboolean
cut_at (MmSpool *spool, guint index, guint64 sound, GError **error)
{
  Segment *segment = &g_array_index (spool->segments, Segment, index);
  g_autofree char *name = segment_name (segment->first);
  gboolean done;
  int fd;

  if (index + 1 == spool->segments->len)
    g_message ("%s: %" G_GUINT64_FORMAT " bytes of an unfinished batch cut off", name,
               segment->size - sound);
  else
    g_warning ("%s is damaged at byte %" G_GUINT64_FORMAT
               "; batches after it are kept aside as *.damaged and not sent",
               name, sound);
  for (guint i = index + 1; i < spool->segments->len; i++)
    {
      g_autofree char *from = segment_name (g_array_index (spool->segments, Segment, i).first);
      g_autofree char *to = g_strconcat (from, ".damaged", NULL);

      if (renameat (spool->directory_fd, from, spool->directory_fd, to) != 0)
        return fail (spool, "setting aside", from, error);
    }
  g_array_set_size (spool->segments, index + 1);

  fd = open_segment (spool, segment->first, O_WRONLY, error);
  if (fd < 0)
    return FALSE;
  done = (ftruncate (fd, (off_t) sound) == 0 && fsync (fd) == 0)
         || fail (spool, "cutting", name, error);
  close (fd);
  segment->size = sound;
  return done && sync_directory (spool, error);
}

static int
compare_segments (gconstpointer a, gconstpointer b)
{
  guint64 first = ((const Segment *) a)->first, second = ((const Segment *) b)->first;

  return first < second ? -1 : first > second;
}

static gboolean
list_segments (MmSpool *spool, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (spool->directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      Segment segment;
      struct stat info;

      if (strlen (name) != SEGMENT_NAME_LENGTH || !g_str_has_suffix (name, SEGMENT_SUFFIX))
        continue;
      segment.first = g_ascii_strtoull (name, NULL, 16);
      if (fstatat (spool->directory_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return fail (spool, "looking at", name, error);
      segment.size = (guint64) info.st_size;
      g_array_append_val (spool->segments, segment);
    }
  g_array_sort (spool->segments, compare_segments);
  return TRUE;
}

static gboolean
read_state (MmSpool *spool, GError **error)
{
  g_autofree char *path = g_build_filename (spool->directory, "acknowledged", NULL);
  g_autofree char *source_path = g_build_filename (spool->directory, "source", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;

  if (!g_file_get_contents (source_path, &spool->source, NULL, &local)
      && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_clear_error (&local);
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", path);
      return FALSE;
    }
  spool->acknowledged = g_key_file_get_uint64 (file, "acknowledged", "sequence", &local);
  if (local == NULL)
    spool->acknowledged_position = g_key_file_get_int64 (file, "acknowledged", "position", &local);
  if (local != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", path);
      return FALSE;
    }
  spool->note = g_key_file_get_string (file, "acknowledged", "note", NULL);
  return TRUE;
}

/* Drops segments whose frames are all acknowledged, but for the newest. */
static gboolean
remove_acknowledged (MmSpool *spool, GError **error)
{
  gboolean synced = FALSE;

  while (spool->segments->len > 1
         && g_array_index (spool->segments, Segment, 1).first <= spool->acknowledged + 1)
    {
      if (!synced && !sync_directory (spool, error))
        return FALSE;
      synced = TRUE;
      if (!remove_oldest (spool, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
recover (MmSpool *spool, GError **error)
{
  if (!read_state (spool, error) || !list_segments (spool, error)
      || !remove_acknowledged (spool, error))
    return FALSE;
  spool->last = spool->acknowledged;
  spool->last_position = spool->acknowledged_position;
  for (guint i = 0; i < spool->segments->len; i++)
    {
      Segment *segment = &g_array_index (spool->segments, Segment, i);
      guint64 sound;

      /* A hole between segments is damage as well. */
      if (i > 0 && segment->first != spool->last + 1)
        return cut_at (spool, i - 1, g_array_index (spool->segments, Segment, i - 1).size, error);
      if (!scan_segment (spool, segment, &sound, error))
        return FALSE;
      if (sound < segment->size)
        return cut_at (spool, i, sound, error);
    }
  return TRUE;
}

static gboolean
lock (MmSpool *spool, GError **error)
{
  spool->lock_fd
      = openat (spool->directory_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (spool->lock_fd < 0)
    return fail (spool, "opening", "lock", error);
  if (flock (spool->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return fail (spool, "locking", "lock", error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "spool %s: another process is using it",
               spool->directory);
  return FALSE;
}

MmSpool *
mm_spool_open (const char *directory, guint64 limit, GError **error)
{
  g_autoptr (MmSpool) spool = g_new0 (MmSpool, 1);

  spool->directory = g_strdup (directory);
  spool->directory_fd = spool->lock_fd = spool->read_fd = spool->write_fd = -1;
  spool->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  spool->limit = MAX (limit, MM_SPOOL_MIN_LIMIT);
  spool->segment_bytes = MIN (spool->limit / SEGMENTS_PER_LIMIT, MAX_SEGMENT_BYTES);

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      fail (spool, "making", "the directory", error);
      return NULL;
    }
  spool->directory_fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (spool->directory_fd < 0)
    {
      fail (spool, "opening", "the directory", error);
      return NULL;
    }
  if (!lock (spool, error) || !recover (spool, error))
    return NULL;
  return g_steal_pointer (&spool);
}

void
mm_spool_close (MmSpool *spool)
{
  close_fd (&spool->read_fd);
  close_fd (&spool->write_fd);
  close_fd (&spool->lock_fd);
  close_fd (&spool->directory_fd);
  g_array_unref (spool->segments);
  g_free (spool->directory);
  g_free (spool->source);
  g_free (spool->note);
  g_free (spool);
}

const char *
mm_spool_source (const MmSpool *spool)
{
  return spool->source;
}

gboolean
mm_spool_set_source (MmSpool *spool, const char *source, GError **error)
{
  if (!replace_file (spool, "source", source, strlen (source), error)
      || !sync_directory (spool, error))
    return FALSE;
  g_free (spool->source);
  spool->source = g_strdup (source);
  return TRUE;
}

guint64
mm_spool_size (const MmSpool *spool)
{
  guint64 size = 0;

  for (guint i = 0; i < spool->segments->len; i++)
    size += g_array_index (spool->segments, Segment, i).size;
  return size;
}

gboolean
mm_spool_has_room (const MmSpool *spool, gsize length)
{
  return mm_spool_size (spool) + MM_FRAME_HEADER_BYTES + length <= spool->limit;
}

/* Starts a new segment when the newest is full or missing. */
static gboolean
prepare_segment (MmSpool *spool, GError **error)
{
  if (spool->segments->len > 0 && newest (spool)->size >= spool->segment_bytes)
    {
      close_fd (&spool->write_fd);
      if (spool->pending == 0 && (!sync_directory (spool, error) || !remove_oldest (spool, error)))
        return FALSE;
    }
  else if (spool->segments->len > 0)
    {
      if (spool->write_fd < 0)
        spool->write_fd = open_segment (spool, newest (spool)->first, O_WRONLY | O_APPEND, error);
      return spool->write_fd >= 0;
    }

  spool->write_fd
      = open_segment (spool, spool->last + 1, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, error);
  if (spool->write_fd < 0)
    return FALSE;
  g_array_append_val (spool->segments, ((Segment){ .first = spool->last + 1, .size = 0 }));
  return sync_directory (spool, error);
}

/* Makes room for @length more bytes at the cost of the oldest batches. */
static gboolean
drop_for (MmSpool *spool, guint64 length, GError **error)
{
  while (spool->segments->len > 1 && mm_spool_size (spool) + length > spool->limit)
    {
      guint64 next = g_array_index (spool->segments, Segment, 1).first;
      guint64 lost = next - MAX (oldest (spool)->first, spool->acknowledged + 1);

      g_warning ("the spool is full (%" G_GUINT64_FORMAT " bytes): the oldest %" G_GUINT64_FORMAT
                 " batches are dropped unsent",
                 spool->limit, lost);
      if (!remove_oldest (spool, error))
        return FALSE;
      spool->pending -= lost;
    }
  return TRUE;
}

gboolean
mm_spool_append (MmSpool *spool,
                 gint64 position,
                 guint32 readings,
                 guint32 values,
                 const char *body,
                 gsize length,
                 GError **error)
{
  g_autofree guint8 *frame = NULL;
  gsize size = MM_FRAME_HEADER_BYTES + length;
  Segment *segment;

  if (length == 0 || length > MM_SPOOL_MAX_BODY || size > spool->limit / 4)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "spool %s: a batch of %" G_GSIZE_FORMAT " bytes does not fit", spool->directory,
                   length);
      return FALSE;
    }
  if (spool->broken)
    {
      errno = EIO;
      return fail (spool, "writing", "behind an unfinished batch", error);
    }
  if (!prepare_segment (spool, error) || !drop_for (spool, size, error))
    return FALSE;
  segment = newest (spool);

  frame = mm_frame_pack (spool->last + 1, position, readings, values, body, length);
  if (!mm_frame_write (spool->write_fd, frame, size) || fdatasync (spool->write_fd) != 0)
    {
      fail (spool, "writing", "a batch", error);
      /* Nothing may follow half a frame; if this fails too, the next opening cuts it. */
      spool->broken = ftruncate (spool->write_fd, (off_t) segment->size) != 0;
      return FALSE;
    }
  if (spool->pending++ == 0)
    spool->read_at = segment->size;
  segment->size += size;
  spool->last++;
  spool->last_position = position;
  return TRUE;
}

gboolean
mm_spool_peek (MmSpool *spool, MmSpoolFrame *frame, GError **error)
{
  if (spool->pending == 0)
    return FALSE;
  if (spool->read_fd < 0)
    spool->read_fd = open_segment (spool, oldest (spool)->first, O_RDONLY, error);
  if (spool->read_fd < 0)
    return FALSE;
  if (mm_frame_read (spool->read_fd, spool->read_at, oldest (spool)->size, frame) == 0)
    {
      errno = EIO;
      return fail (spool, "reading", "the oldest batch", error);
    }
  return TRUE;
}

gboolean
mm_spool_acknowledge (MmSpool *spool, const MmSpoolFrame *frame, const char *note, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  g_return_val_if_fail (frame->sequence > spool->acknowledged, FALSE);
  if (note == NULL)
    note = spool->note;
  g_key_file_set_uint64 (file, "acknowledged", "sequence", frame->sequence);
  g_key_file_set_int64 (file, "acknowledged", "position", frame->position);
  if (note != NULL)
    g_key_file_set_string (file, "acknowledged", "note", note);
  text = g_key_file_to_data (file, &length, NULL);
  if (!replace_file (spool, "acknowledged", text, length, error))
    return FALSE;

  if (note != spool->note)
    {
      g_free (spool->note);
      spool->note = g_strdup (note);
    }
  spool->acknowledged = frame->sequence;
  if (frame->sequence + spool->pending > spool->last)
    {
      spool->pending--;
      spool->read_at += MM_FRAME_HEADER_BYTES + g_bytes_get_size (frame->body);
    }
  return remove_acknowledged (spool, error);
}

const char *
mm_spool_note (const MmSpool *spool)
{
  return spool->note;
}

gint64
mm_spool_position (const MmSpool *spool)
{
  return spool->last_position;
}

guint64
mm_spool_next_sequence (const MmSpool *spool)
{
  return spool->last + 1;
}

guint64
mm_spool_pending (const MmSpool *spool)
{
  return spool->pending;
}
