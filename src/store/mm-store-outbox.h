/* The outbox: letters waiting to be sent, and what became of them. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One letter to one recipient. @account, @contact, @alert: rows it is about, 0 for none.
 * @state: waiting, accepted, refused, given-up or dropped; @finished: 0 while it waits
 * @answer: what the next server said last */
typedef struct
{
  gint64 id;
  char *public_id;
  gint64 account;
  gint64 contact;
  gint64 alert;
  char *letter;
  char *recipient;
  char *language;
  char *subject;
  char *text;
  char *html;
  char *state;
  gint64 created;
  gint64 next_try;
  guint tries;
  gint64 finished;
  char *answer;
} MmOutboxRow;

void mm_outbox_row_free (MmOutboxRow *row);

/* Adds a waiting letter; its texts are only read. Writer's thread. */
gboolean mm_store_outbox_insert (MmDatabase *db, const MmOutboxRow *row, GError **error);

/* The letters (#MmOutboxRow) that are due at @now, the longest waiting first, at most @limit. */
gboolean mm_store_outbox_due (
    MmDatabase *db, gint64 now, guint limit, GPtrArray **rows, GError **error);

/* When the next letter is due; G_MAXINT64 if none waits. */
gboolean mm_store_outbox_next_due (MmDatabase *db, gint64 *when, GError **error);

/* What became of a try. @finished: 0 if it waits on, until @next_try. Writer's thread. */
gboolean mm_store_outbox_note (MmDatabase *db,
                               gint64 id,
                               const char *state,
                               gint64 next_try,
                               gint64 finished,
                               const char *answer,
                               GError **error);

/* The newest letters, newest first, at most @limit; without their texts. */
gboolean mm_store_outbox_list (MmDatabase *db, guint limit, GPtrArray **rows, GError **error);

/* One letter by its public id; TRUE with NULL if there is none. */
gboolean mm_store_outbox_find (MmDatabase *db,
                               const char *public_id,
                               MmOutboxRow **row,
                               GError **error);

/* The newest letter called @letter to @recipient; TRUE with NULL if there is none. */
gboolean mm_store_outbox_latest (
    MmDatabase *db, const char *letter, const char *recipient, MmOutboxRow **row, GError **error);

/* Makes all that wait due at @now: what kept them back is gone. Writer's thread. */
gboolean mm_store_outbox_hurry (MmDatabase *db, gint64 now, GError **error);

/* How many letters wait to be sent. */
gboolean mm_store_outbox_waiting (MmDatabase *db, guint *count, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmOutboxRow, mm_outbox_row_free)

G_END_DECLS
