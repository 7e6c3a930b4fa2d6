/* A stream is read by the listener's thread. With nothing to send its connection is suspended; a
 * suspended connection notices nothing, so whoever has news resumes it. "Nothing to send, suspend"
 * and "there is something, resume" are decided under the stream's lock, or a wake-up between the
 * two would be lost. After a resume the connection is not touched: it may be gone.
 *
 * Locks: the set's before the stream's; neither is held while the source reads. */
#define G_LOG_DOMAIN "mm-http"

#include "mm-stream-private.h"

#include <string.h>
#include <sys/socket.h>

#define BLOCK 2048 /* bytes asked of the source at once */

struct _MmStream
{
  grefcount references;
  GMutex lock;
  MmConnections *set;
  MmConnection *peer;
  struct MHD_Connection *connection;
  int fd;
  GList link; /* in set->streams */
  MmStreamRead read;
  gpointer data;
  GDestroyNotify destroy;
  gint64 sent_at;

  /* Under the lock. */
  gboolean suspended;
  gboolean woken;
  gboolean heartbeat;
  gboolean closed;
};

MmStream *
mm_stream_new (MmExchange *x, MmStreamRead read, gpointer data, GDestroyNotify destroy)
{
  MmStream *stream = g_new0 (MmStream, 1);

  g_ref_count_init (&stream->references);
  g_mutex_init (&stream->lock);
  stream->set = x->peer->set;
  stream->peer = x->peer;
  stream->connection = x->connection;
  stream->fd = x->peer->fd;
  stream->link.data = stream;
  stream->read = read;
  stream->data = data;
  stream->destroy = destroy;
  stream->sent_at = mm_connection_now ();

  g_mutex_lock (&stream->set->lock);
  stream->closed = stream->set->stopping;
  g_queue_push_tail_link (&stream->set->streams, &stream->link);
  g_mutex_unlock (&stream->set->lock);
  return stream;
}

MmStream *
mm_stream_ref (MmStream *stream)
{
  g_ref_count_inc (&stream->references);
  return stream;
}

void
mm_stream_unref (MmStream *stream)
{
  if (!g_ref_count_dec (&stream->references))
    return;
  g_mutex_clear (&stream->lock);
  g_free (stream);
}

/* With the lock held. */
static void
resume (MmStream *stream)
{
  if (!stream->suspended)
    return;
  stream->suspended = FALSE;
  mm_connection_resume (stream->peer, stream->connection);
}

void
mm_stream_wake (MmStream *stream)
{
  g_mutex_lock (&stream->lock);
  stream->woken = TRUE;
  resume (stream);
  g_mutex_unlock (&stream->lock);
}

void
mm_stream_close (MmStream *stream)
{
  g_mutex_lock (&stream->lock);
  stream->closed = TRUE;
  resume (stream);
  g_mutex_unlock (&stream->lock);
}

/* A peer that has closed its side will never read again. */
static gboolean
peer_left (MmStream *stream)
{
  char byte;

  return recv (stream->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static ssize_t
give (void *data, uint64_t position, char *buffer, size_t size)
{
  static const char heartbeat[] = { ':', ' ', '\n', '\n' };
  MmStream *stream = data;

  for (;;)
    {
      gboolean closed, due;
      gssize length;

      g_mutex_lock (&stream->lock);
      stream->woken = FALSE;
      due = stream->heartbeat;
      stream->heartbeat = FALSE;
      closed = stream->closed;
      g_mutex_unlock (&stream->lock);

      if (closed)
        return MHD_CONTENT_READER_END_OF_STREAM;
      length = stream->read (stream->data, buffer, size);
      if (length < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
      if (length == 0 && due)
        {
          if (peer_left (stream))
            return MHD_CONTENT_READER_END_WITH_ERROR;
          memcpy (buffer, heartbeat, sizeof heartbeat);
          length = sizeof heartbeat;
        }

      g_mutex_lock (&stream->lock);
      if (length > 0)
        stream->sent_at = mm_connection_now ();
      else if (!stream->woken && !stream->closed && !stream->heartbeat)
        {
          stream->suspended = TRUE;
          mm_connection_suspended (stream->peer, 1);
          MHD_suspend_connection (stream->connection);
          g_mutex_unlock (&stream->lock);
          return 0;
        }
      g_mutex_unlock (&stream->lock);
      if (length > 0)
        return length;
    }
}

static void
ended (void *data)
{
  MmStream *stream = data;

  g_mutex_lock (&stream->set->lock);
  g_queue_unlink (&stream->set->streams, &stream->link);
  g_mutex_unlock (&stream->set->lock);

  /* A connection never ends while it is suspended: wake and close have nothing to do from now. */
  if (stream->destroy != NULL)
    stream->destroy (stream->data);
  mm_stream_unref (stream);
}

struct MHD_Response *
mm_stream_response (MmStream *stream)
{
  return MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, BLOCK, give, mm_stream_ref (stream),
                                            ended);
}

void
mm_streams_tick (MmConnections *set, gint64 now)
{
  for (GList *l = set->streams.head; l != NULL; l = l->next)
    {
      MmStream *stream = l->data;

      g_mutex_lock (&stream->lock);
      if (stream->suspended && now - stream->sent_at >= set->heartbeat_interval)
        {
          stream->heartbeat = TRUE;
          resume (stream);
        }
      g_mutex_unlock (&stream->lock);
    }
}

void
mm_streams_close (MmConnections *set)
{
  g_mutex_lock (&set->lock);
  set->stopping = TRUE;
  for (GList *l = set->streams.head; l != NULL; l = l->next)
    mm_stream_close (l->data);
  g_mutex_unlock (&set->lock);
}
