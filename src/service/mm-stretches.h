/* The stored points of one gateway as roll-ups of stretches of time: from the stored roll-ups, and
 * from points where those are not up to date, or not all of a stretch is asked for. Any thread but
 * the writer's, with a connection of it.
 */
#pragma once

#include "mm-points.h"
#include "mm-rollup.h"

G_BEGIN_DECLS

/* @from, @to: UTC microseconds, @to is not included
 * @wanted: for each series whether it is
 * @zone, @zone_name: of the site: whole days of it may come as one stretch. NULL: all stretches are
 * quarters of an hour
 * @max: more single points than this are %MM_ERROR_TOO_LARGE */
typedef struct
{
  gint64 from;
  gint64 to;
  const guint8 *wanted;
  GTimeZone *zone;
  const char *zone_name;
  guint max;
} MmStretchesQuery;

/* Takes a stretch of @series; FALSE with @error ends the reading. */
typedef gboolean (*MmStretchFunc) (guint32 series,
                                   const MmRollup *rollup,
                                   gpointer data,
                                   GError **error);

/* Calls @func for each stretch that has points; those of a series come in order of time. What is
 * damaged is left out and said in the log. */
gboolean mm_stretches_read (MmDatabase *db,
                            const MmPointsGateway *gateway,
                            const MmStretchesQuery *query,
                            MmStretchFunc func,
                            gpointer data,
                            GError **error);

/* For each series that is @wanted the last point from @from on that is before the quarter of an
 * hour @before, in @last, which has a place for every series; its time is MM_TIME_NONE if there is
 * none. Looks back over a bounded number of rows. */
gboolean mm_stretches_last_before (MmDatabase *db,
                                   const MmPointsGateway *gateway,
                                   const guint8 *wanted,
                                   gint64 from,
                                   gint64 before,
                                   MmBlockPoint *last,
                                   GError **error);

G_END_DECLS
