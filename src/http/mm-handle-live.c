#define G_LOG_DOMAIN "mm-http"

#include "mm-handle-live.h"

#include "mm-desk-json.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-following.h"
#include "mm-language.h"

#include <string.h>

#define BATCH_PERIOD (200 * G_TIME_SPAN_MILLISECOND)
#define ROUND_PERIOD (20 * G_TIME_SPAN_MILLISECOND) /* at most that often over all streams */
#define FULL (256 * 1024) /* bytes a reader has not taken: no more until it has */
#define PER_ACCOUNT 32    /* streams */

/* One open stream, shared by the feed's thread and the listener's. */
typedef struct
{
  grefcount references;
  gint64 account;
  char *language;
  MmFollower *follower; /* feed's thread only */
  gint64 last_batch;    /* feed's thread only; monotonic */
  MmStream *stream;     /* set before the feed's thread sees it */

  GMutex mutex; /* for all below */
  GString *out;
  gsize sent;
  gboolean over; /* no more will come */
  gboolean gone; /* nobody reads it any more */
} Open;

struct _MmStreams
{
  MmContext *context;
  MmSubscriber *subscriber;
  GThread *thread;
  GMutex mutex; /* for all below; never held while calling the feed */
  GCond cond;
  GPtrArray *open; /* of Open */
  gboolean woken;
  gboolean stopping;
};

static Open *
open_ref (Open *open)
{
  g_ref_count_inc (&open->references);
  return open;
}

static void
open_unref (gpointer data)
{
  Open *open = data;

  if (!g_ref_count_dec (&open->references))
    return;
  mm_follower_free (open->follower);
  g_clear_pointer (&open->stream, mm_stream_unref);
  g_string_free (open->out, TRUE);
  g_free (open->language);
  g_mutex_clear (&open->mutex);
  g_free (open);
}

/* ---- the listener's side ---- */

static gssize
read_stream (gpointer data, char *buffer, gsize size)
{
  Open *open = data;
  gssize length;

  g_mutex_lock (&open->mutex);
  length = (gssize) MIN (size, open->out->len - open->sent);
  memcpy (buffer, open->out->str + open->sent, (gsize) length);
  open->sent += (gsize) length;
  if (open->sent == open->out->len)
    {
      g_string_truncate (open->out, 0);
      open->sent = 0;
    }
  if (length == 0 && open->over)
    length = -1;
  g_mutex_unlock (&open->mutex);
  return length;
}

static void
stream_gone (gpointer data)
{
  Open *open = data;

  g_mutex_lock (&open->mutex);
  open->gone = TRUE;
  g_mutex_unlock (&open->mutex);
  open_unref (open);
}

/* ---- writing events ---- */

/* Takes @json. @id: the cursor after this event, or NULL. */
static void
append_event (GString *out, const char *name, json_t *json, const char *id)
{
  char *text = json_dumps (json, JSON_COMPACT);

  if (id != NULL)
    g_string_append_printf (out, "id: %s\n", id);
  g_string_append_printf (out, "event: %s\ndata: %s\n\n", name, text);
  free (text);
  json_decref (json);
}

/* The cursor comes with the last event, so that whoever is cut off in between misses nothing. */
static void
append_news (GString *out, MmContext *context, const MmNews *news, const char *language)
{
  if (news->reset)
    append_event (out, "reset", json_pack ("{s:s}", "cursor", news->changes), NULL);
  for (guint i = 0; i < news->removed->len; i++)
    append_event (out, "removed", json_pack ("{s:s}", "id", news->removed->pdata[i]), NULL);
  for (guint i = 0; i < news->rows->len; i++)
    append_event (out, "gateway", mm_desk_row_json (news->rows->pdata[i]), NULL);
  for (guint i = 0; i < news->alerts->len; i++)
    append_event (out, "alert", mm_desk_alert_json (context, news->alerts->pdata[i], language),
                  NULL);
  if (out->len > 0)
    append_event (out, "cursor", json_pack ("{s:s}", "cursor", news->changes), news->changes);
}

/* ---- the feed's thread ---- */

static void
give (Open *open, const GString *text, gboolean over)
{
  g_mutex_lock (&open->mutex);
  /* Who always lags a little would never empty it. */
  g_string_erase (open->out, 0, (gssize) open->sent);
  open->sent = 0;
  g_string_append_len (open->out, text->str, (gssize) text->len);
  open->over |= over;
  g_mutex_unlock (&open->mutex);
  if (text->len > 0 || over)
    mm_stream_wake (open->stream);
}

/* Whether the stream can take more; @is_gone: whether there is anybody. */
static gboolean
is_ready (Open *open, gboolean *is_gone)
{
  gboolean ready;

  g_mutex_lock (&open->mutex);
  *is_gone = open->gone || open->over;
  ready = !*is_gone && open->out->len - open->sent < FULL;
  g_mutex_unlock (&open->mutex);
  return ready;
}

/* FALSE if there is more to tell, or the store could not be read: to be called again. */
static gboolean
tell (MmStreams *streams, Open *open)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmNews) news = mm_follower_next (open->follower, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  open->last_batch = g_get_monotonic_time ();
  if (news == NULL)
    {
      g_warning ("the live feed could not be read: %s", error->message);
      return FALSE;
    }
  if (!news->over)
    append_news (text, streams->context, news, open->language);
  give (open, text, news->over);
  return news->over || !news->more;
}

/* Serves all streams that are due; returns the monotonic time at which one is due again.
 * @changed: something happened since the last round */
static gint64
serve (MmStreams *streams, GPtrArray *all, gboolean *changed)
{
  gint64 now = g_get_monotonic_time ();
  gint64 steady = mm_clock_steady (streams->context->clock);
  gint64 next = now + MM_SECOND;
  gboolean waiting = FALSE;

  for (guint i = 0; i < all->len; i++)
    {
      Open *open = all->pdata[i];
      gboolean is_gone;

      if (!is_ready (open, &is_gone))
        {
          waiting |= !is_gone && *changed;
          if (!is_gone)
            next = MIN (next, now + BATCH_PERIOD);
          continue;
        }
      if (!*changed && mm_follower_due (open->follower) > steady)
        continue;
      if (open->last_batch + BATCH_PERIOD > now)
        {
          next = MIN (next, open->last_batch + BATCH_PERIOD);
          waiting = TRUE;
          continue;
        }
      waiting |= !tell (streams, open);
    }
  *changed = waiting;
  return next;
}

/* A copy of the list without those that nobody reads; with the mutex held. */
static GPtrArray *
copy_open (MmStreams *streams)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (open_unref);

  for (guint i = streams->open->len; i > 0; i--)
    {
      Open *open = streams->open->pdata[i - 1];
      gboolean is_gone;

      is_ready (open, &is_gone);
      if (is_gone)
        g_ptr_array_remove_index_fast (streams->open, i - 1);
      else
        g_ptr_array_add (copy, open_ref (open));
    }
  return copy;
}

static gpointer
feed_thread (gpointer data)
{
  MmStreams *streams = data;
  gboolean changed = FALSE;
  gint64 next = 0;

  g_mutex_lock (&streams->mutex);
  while (!streams->stopping)
    {
      g_autoptr (GPtrArray) all = NULL;
      gint64 earliest = g_get_monotonic_time () + ROUND_PERIOD;

      while (!streams->stopping && !streams->woken
             && g_cond_wait_until (&streams->cond, &streams->mutex, next))
        ;
      changed |= streams->woken;
      streams->woken = FALSE;
      all = copy_open (streams);
      g_mutex_unlock (&streams->mutex);

      /* Before looking: what happens from here on wakes again. */
      mm_feed_rearm (streams->context->feed, streams->subscriber);
      next = serve (streams, all, &changed);

      g_mutex_lock (&streams->mutex);
      while (!streams->stopping && g_cond_wait_until (&streams->cond, &streams->mutex, earliest))
        ;
    }
  g_mutex_unlock (&streams->mutex);
  return NULL;
}

static void
wake (gpointer data)
{
  MmStreams *streams = data;

  g_mutex_lock (&streams->mutex);
  streams->woken = TRUE;
  g_cond_signal (&streams->cond);
  g_mutex_unlock (&streams->mutex);
}

MmStreams *
mm_streams_new (MmContext *context)
{
  MmStreams *streams = g_new0 (MmStreams, 1);

  streams->context = context;
  g_mutex_init (&streams->mutex);
  g_cond_init (&streams->cond);
  streams->open = g_ptr_array_new_with_free_func (open_unref);
  streams->subscriber = mm_feed_subscribe (context->feed, wake, streams);
  streams->thread = g_thread_new ("live feed", feed_thread, streams);
  context->streams = streams;
  return streams;
}

void
mm_streams_free (MmStreams *streams)
{
  if (streams == NULL)
    return;
  streams->context->streams = NULL;
  g_mutex_lock (&streams->mutex);
  streams->stopping = TRUE;
  g_cond_signal (&streams->cond);
  g_mutex_unlock (&streams->mutex);
  g_thread_join (streams->thread);
  mm_feed_unsubscribe (streams->context->feed, streams->subscriber);
  g_ptr_array_unref (streams->open);
  g_cond_clear (&streams->cond);
  g_mutex_clear (&streams->mutex);
  g_free (streams);
}

/* ---- the request ---- */

static gboolean
has_room (MmStreams *streams, gint64 account)
{
  guint n = 0;

  g_mutex_lock (&streams->mutex);
  for (guint i = 0; i < streams->open->len; i++)
    {
      Open *open = streams->open->pdata[i];
      gboolean is_gone;

      is_ready (open, &is_gone);
      n += !is_gone && open->account == account;
    }
  g_mutex_unlock (&streams->mutex);
  return n < PER_ACCOUNT;
}

static Open *
open_new (MmExchange *x, MmContext *context)
{
  const MmPrincipal *principal = mm_exchange_principal (x);
  const MmLanguage *language = mm_exchange_language (x);
  const char *cursor = mm_exchange_header (x, "Last-Event-ID");
  Open *open = g_new0 (Open, 1);
  char *at;

  if (cursor == NULL)
    cursor = mm_exchange_query (x, "cursor");
  g_ref_count_init (&open->references);
  g_mutex_init (&open->mutex);
  open->account = principal->account;
  open->language = g_strdup (language != NULL ? mm_language_tag (language) : "en");
  open->follower = mm_follower_new (context, principal, cursor);
  open->out = g_string_new (NULL);
  at = mm_follower_cursor (open->follower);
  append_event (open->out, "hello",
                json_pack ("{s:s, s:s}", "epoch", mm_feed_epoch (context->feed), "cursor", at),
                cursor == NULL ? at : NULL);
  g_free (at);
  return open;
}

void
mm_handle_live (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  MmStreams *streams = context->streams;
  const MmPrincipal *principal = mm_exchange_principal (x);
  g_autoptr (GError) error = NULL;
  Open *open;

  if (streams == NULL)
    mm_error_set (&error, MM_ERROR_BUSY, "busy",
                  N_ ("The server is busy. Please try again in a moment."));
  else if (!has_room (streams, principal->account))
    mm_error_set (&error, MM_ERROR_LIMITED, "too-many",
                  N_ ("Too many windows of this account are open."));
  if (error != NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  if (strcmp (mm_exchange_method (x), "HEAD") == 0)
    {
      mm_exchange_answer (x, 200, MM_TYPE_EVENTS, NULL);
      return;
    }
  open = open_new (x, context);
  open->stream = mm_exchange_stream (x, read_stream, open_ref (open), stream_gone);
  g_mutex_lock (&streams->mutex);
  g_ptr_array_add (streams->open, open);
  streams->woken = TRUE;
  g_cond_signal (&streams->cond);
  g_mutex_unlock (&streams->mutex);
}
