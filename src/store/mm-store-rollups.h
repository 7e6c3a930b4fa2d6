/* Roll-ups of folded readings: rows of quarters of an hour, one for each UTC day and group of
 * series, and of days of the site, one for each UTC month and group. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

typedef enum
{
  MM_ROLLUP_QUARTERS,
  MM_ROLLUP_DAYS,
} MmRollupKind;

/* One row. @start: of the UTC day or month; @part: which group of series; @zone: in which the days
 * are, NULL for quarters */
typedef struct
{
  gint64 gateway;
  gint64 start;
  guint part;
  const char *zone;
  const guint8 *body; /* codec/mm-rollups.h */
  gsize body_length;
} MmRollupRow;

/* Writes @row over the one in its place. Writer's thread. */
gboolean mm_rollup_row_put (MmDatabase *db,
                            MmRollupKind kind,
                            const MmRollupRow *row,
                            GError **error);

/* Called for each row, which lives until it returns. FALSE with @error ends the walk; so does
 * clearing @more, without one. */
typedef gboolean (*MmRollupRowFunc) (const MmRollupRow *row,
                                     gboolean *more,
                                     gpointer data,
                                     GError **error);

/* The rows of @gateway with @from <= start < @to, earliest first, or latest first. */
gboolean mm_rollup_rows_each (MmDatabase *db,
                              MmRollupKind kind,
                              gint64 gateway,
                              gint64 from,
                              gint64 to,
                              MmRollupRowFunc func,
                              gpointer data,
                              GError **error);
gboolean mm_rollup_rows_back (MmDatabase *db,
                              MmRollupKind kind,
                              gint64 gateway,
                              gint64 from,
                              gint64 to,
                              MmRollupRowFunc func,
                              gpointer data,
                              GError **error);

G_END_DECLS
