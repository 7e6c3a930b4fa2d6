/* Blocks of folded readings, and how far each gateway is folded. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One row: the points of @gateway from @start on, until its next row or the end of the UTC day. */
typedef struct
{
  gint64 gateway;
  gint64 start;
  const guint8 *body; /* codec/mm-block.h */
  gsize body_length;
} MmBlockRow;

/* Writes @row over the one with the same beginning. Writer's thread. */
gboolean mm_block_row_put (MmDatabase *db, const MmBlockRow *row, GError **error);

/* Called for each row, which lives until it returns. FALSE with @error ends the walk; so does
 * clearing @more, without one. */
typedef gboolean (*MmBlockRowFunc) (const MmBlockRow *row,
                                    gboolean *more,
                                    gpointer data,
                                    GError **error);

/* The rows of @gateway with @from <= start < @to, earliest first, or latest first. */
gboolean mm_block_rows_each (MmDatabase *db,
                             gint64 gateway,
                             gint64 from,
                             gint64 to,
                             MmBlockRowFunc func,
                             gpointer data,
                             GError **error);
gboolean mm_block_rows_back (MmDatabase *db,
                             gint64 gateway,
                             gint64 from,
                             gint64 to,
                             MmBlockRowFunc func,
                             gpointer data,
                             GError **error);

/* The row of the reading log up to which @gateway is folded; 0 if none. */
gboolean mm_folded_get (MmDatabase *db, gint64 gateway, gint64 *log_row, GError **error);

/* Sets it. Days that changed are in @zone. */
gboolean mm_folded_set (
    MmDatabase *db, gint64 gateway, gint64 log_row, const char *zone, GError **error);

/* Notes that all stored days of @gateway from the UTC month @from on are in @zone, and forgets
 * those that are not. */
gboolean mm_folded_set_zone (
    MmDatabase *db, gint64 gateway, gint64 from, const char *zone, GError **error);

/* Appends to @gateways (gint64) up to @most of which the stored days are not in the site's zone. */
gboolean mm_folded_in_other_zones (MmDatabase *db, guint most, GArray *gateways, GError **error);

typedef void (*MmFoldedFunc) (gint64 gateway, gint64 log_row, gpointer data);

/* All marks. */
gboolean mm_folded_each (MmDatabase *db, MmFoldedFunc func, gpointer data, GError **error);

G_END_DECLS
