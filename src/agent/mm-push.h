/* One push to the server: POST /ingest/v1 over a kept connection, and what its answer means.
 *
 * Nothing is tried twice here and nothing is waited for but the answer; the sender (mm-sender.h)
 * decides when to try again. Blocking; one thread.
 */
#pragma once

#include "mm-stop.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmPush MmPush;

/* What to do about a body after one try. */
typedef enum
{
  MM_PUSH_DONE,    /* on the server's disk */
  MM_PUSH_RETRY,   /* the network or the server has trouble: the same again, later */
  MM_PUSH_DENIED,  /* key or address are wrong: the same again, much later, until someone helps */
  MM_PUSH_REFUSED, /* this body will never be taken as it is: try its parts */
  MM_PUSH_STOPPED, /* given up because the program is to end */
} MmPushOutcome;

/* What the server counted, in values, and how many readings or fields it refused. */
typedef struct
{
  gint64 stored;
  gint64 duplicates;
  gint64 corrected;
  gint64 late;
  gint64 quarantined;
  gint64 refused;
} MmPushCounts;

/* Adds @more to @sum. */
void mm_push_counts_add (MmPushCounts *sum, const MmPushCounts *more);

/* @outcome: see above
 * @retry_after_s: what the server asked for, 0 if nothing
 * @reason: an English phrase for the log, NULL when done; never holds what the server wrote
 * @counts: when done
 * @refusals: when done, of char *: one line for each part that was refused */
typedef struct
{
  MmPushOutcome outcome;
  guint retry_after_s;
  char *reason;
  MmPushCounts counts;
  GPtrArray *refusals;
} MmPushAnswer;

/* Frees what an answer holds. */
void mm_push_answer_clear (MmPushAnswer *answer);

/* @server: http:// or https:// address of the server, with or without a path before /ingest/v1
 * @key: the gateway's key
 * @ca: file with the certificates to trust instead of the system's, or NULL
 * @stop: (nullable): a transfer under way is given up some seconds after a stop is wanted */
MmPush *mm_push_new (
    const char *server, const char *key, const char *ca, MmStop *stop, GError **error);

void mm_push_free (MmPush *push);

/* Sends @body, a push in JSON, once. The time of sending, @now (UTC microseconds), is put into it
 * as "sent". @answer is filled; clear it with mm_push_answer_clear(). */
void mm_push_send (MmPush *push, const char *body, gsize length, gint64 now, MmPushAnswer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmPush, mm_push_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmPushAnswer, mm_push_answer_clear)

G_END_DECLS
