/* The reading log and what stands beside it: series numbers, the saved live state, quarantine.
 *
 * The log is append-only. Each row carries one push of one gateway, the number of that gateway's
 * previous row, and the newest time in all the rows before it. So an append touches no index, and
 * whoever looks for times from T on walks back from the head only until a row says that nothing
 * before it is that new.
 *
 * What has been folded into blocks (mm-store-blocks.h) is trimmed from its beginning. So nobody
 * follows a gateway's rows to one that is not after the gateway's mark.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One row of the log. @previous: 0 for the gateway's first. @newest_before: G_MININT64 then.
 * @added: how many of its values were neither stored before nor correct a stored one. */
typedef struct
{
  gint64 id;
  gint64 gateway;
  gint64 received;
  gint64 previous;
  gint64 newest_before;
  guint added;
  const guint8 *body;
  gsize body_length;
} MmLogRow;

/* Appends @row (its id is ignored) and returns the new id in @id. Writer's thread. */
gboolean mm_reading_log_append (MmDatabase *db, const MmLogRow *row, gint64 *id, GError **error);

/* Called for each row; the row lives until it returns. FALSE with @error ends the walk. */
typedef gboolean (*MmLogRowFunc) (const MmLogRow *row, gpointer data, GError **error);

/* Walks back from the row @head through the rows of one gateway, newest first, as far as any may
 * hold a time from @from on, and to none that is not after the row @after (0: to the first). */
gboolean mm_reading_log_walk_back (MmDatabase *db,
                                   gint64 head,
                                   gint64 after,
                                   gint64 from,
                                   MmLogRowFunc func,
                                   gpointer data,
                                   GError **error);

/* The row with the number @id, which must be there. */
gboolean mm_reading_log_read (
    MmDatabase *db, gint64 id, MmLogRowFunc func, gpointer data, GError **error);

/* Walks over all rows after @id, oldest first: to bring the live state up to date on start. */
gboolean mm_reading_log_walk_after (
    MmDatabase *db, gint64 id, MmLogRowFunc func, gpointer data, GError **error);

/* Deletes up to @most of the rows up to @up_to, oldest first. The newest row must stay: numbers go
 * on from it. @more: there are others up to @up_to. Writer's thread. */
gboolean mm_reading_log_trim (
    MmDatabase *db, gint64 up_to, guint most, gboolean *more, GError **error);

/* Gives (@device, @quantity) of @gateway the number @number, which must be the next. */
gboolean mm_series_insert (MmDatabase *db,
                           gint64 gateway,
                           guint number,
                           const char *device,
                           const char *quantity,
                           GError **error);

typedef gboolean (*MmSeriesFunc) (gint64 gateway,
                                  guint number,
                                  const char *device,
                                  const char *quantity,
                                  gpointer data,
                                  GError **error);

/* All series, by gateway and number. */
gboolean mm_series_each (MmDatabase *db, MmSeriesFunc func, gpointer data, GError **error);

/* The saved state of one gateway; see the table `live`. @series and @day are opaque here. */
typedef struct
{
  gint64 gateway;
  gint64 head;
  gint64 newest;
  gint64 last_contact;
  guint64 n_values;
  const guint8 *series;
  gsize series_length;
  const guint8 *day;
  gsize day_length;
  gint64 tail_rows;
  gint64 tail_first;
  gint64 tail_since;
} MmLiveRow;

/* Saves the state of a gateway over the one before. */
gboolean mm_live_row_save (MmDatabase *db, const MmLiveRow *row, GError **error);

typedef gboolean (*MmLiveRowFunc) (const MmLiveRow *row, gpointer data, GError **error);

/* All saved states. */
gboolean mm_live_row_each (MmDatabase *db, MmLiveRowFunc func, gpointer data, GError **error);

/* The last row of the reading log that the saved states include. */
gboolean mm_live_mark_get (MmDatabase *db, gint64 *log_row, GError **error);
gboolean mm_live_mark_set (MmDatabase *db, gint64 log_row, GError **error);

/* A hostile or broken device must not fill the disk through its quarantine. */
#define MM_QUARANTINE_KEPT 1000

/* Keeps an implausible value. */
gboolean mm_quarantine_insert (MmDatabase *db,
                               gint64 gateway,
                               gint64 received,
                               gint64 time,
                               const char *device,
                               const char *quantity,
                               double value,
                               const char *reason,
                               GError **error);

/* Forgets all but the last %MM_QUARANTINE_KEPT of a gateway. */
gboolean mm_quarantine_trim (MmDatabase *db, gint64 gateway, GError **error);

/* How many values are kept aside, for `check`. */
gboolean mm_quarantine_count (MmDatabase *db, gint64 *count, GError **error);

G_END_DECLS
