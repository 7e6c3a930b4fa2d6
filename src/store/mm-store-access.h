/* The log of what dealers looked at and changed, for the customer to read: the table access. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One line of the log.
 * @at: when, UTC microseconds; of looks the first in its hour
 * @dealer_name: who
 * @kind, @detail: what; see service/mm-access.h */
typedef struct
{
  gint64 row;
  gint64 at;
  char *dealer_name;
  char *kind;
  char *detail;
} MmAccessRow;

void mm_access_row_free (MmAccessRow *row);

/* Adds a line, unless there is one of the same @gateway, @dealer, @kind, @hour and @detail. On the
 * writer's thread. */
gboolean mm_store_access_add (MmDatabase *db,
                              gint64 gateway,
                              gint64 dealer,
                              const char *kind,
                              gint64 hour,
                              gint64 at,
                              const char *detail,
                              GError **error);

/* Whether there is such a line already. Any connection. */
gboolean mm_store_access_has (MmDatabase *db,
                              gint64 gateway,
                              gint64 dealer,
                              const char *kind,
                              gint64 hour,
                              gboolean *has,
                              GError **error);

/* At most @limit lines (#MmAccessRow) of @gateway, newest first, none from before @since; @before
 * is the last row of the page before, 0 begins. */
GPtrArray *mm_store_access_page (
    MmDatabase *db, gint64 gateway, gint64 since, gint64 before, guint limit, GError **error);

G_END_DECLS
