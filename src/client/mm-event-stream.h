/* Server-sent events (the HTML standard, "Parsing an event stream") out of bytes that come in
 * pieces of any size. Bounded: a line or an event that is too long is passed over, with all that
 * belongs to it. One thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_EVENT_LINE_MAX (256 * 1024) /* bytes of one line */
#define MM_EVENT_DATA_MAX (512 * 1024) /* bytes of the data of one event */

typedef struct _MmEventStream MmEventStream;

/* @name: "message" if the stream gave none. @data: lines with LF between. Both UTF-8 only as far as
 * the server sent that; good until the next call. */
typedef struct
{
  const char *name;
  const char *data;
  gsize length;
} MmEvent;

MmEventStream *mm_event_stream_new (void);
void mm_event_stream_free (MmEventStream *stream);

/* Adds the next piece. */
void mm_event_stream_feed (MmEventStream *stream, const char *bytes, gsize length);

/* Takes the next event; FALSE if no further one is whole. */
gboolean mm_event_stream_next (MmEventStream *stream, MmEvent *event);

/* The ID that came with the last event taken or one before it; NULL if none had one. */
const char *mm_event_stream_id (MmEventStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmEventStream, mm_event_stream_free)

G_END_DECLS
