/* The stored points of one gateway, each once and as it is now: from its blocks, and from the rows
 * of the reading log that are not folded into blocks yet.
 *
 * This is the one place where the two come together. Of the same series and time, the log is newer
 * than the blocks, a later row than an earlier one, and in a row the last value than those before
 * it. A block, or a series in it, that is damaged is left out and said in the log; the rest is
 * read.
 */
#pragma once

#include "mm-block.h"
#include "mm-live.h"

G_BEGIN_DECLS

/* A gateway as readers may see it. @series: numbered as in the log; names are interned. */
typedef struct
{
  gint64 id;
  gint64 head; /* its last committed row of the log, 0 if none */
  guint interval_s;
  guint64 n_values;
  gboolean is_settled; /* @n_values is of that very row */
  MmLiveSeries *series;
  guint n_series;
} MmPointsGateway;

/* Looks at the gateway of the row @id; FALSE if there is none. To be called before the read
 * transaction that reads the points begins, or the row might not be in it. Not on the writer's
 * thread. */
gboolean mm_points_gateway_init (MmPointsGateway *gateway, MmLive *live, gint64 id);
void mm_points_gateway_clear (MmPointsGateway *gateway);

/* @from, @to: UTC microseconds, @to is not included
 * @wanted: for each series whether it is; NULL for all
 * @max: more points are %MM_ERROR_TOO_LARGE; 0: any number */
typedef struct
{
  gint64 from;
  gint64 to;
  const guint8 *wanted;
  guint max;
} MmPointsQuery;

/* What was met on the way.
 * @added: what the rows of the log that were read say that they added, and the points of the blocks
 * that were read
 * @damage: the first that was found, also in series that are not wanted, or NULL; free with
 * g_free()
 * @is_newer: rows that came after the gateway was looked at are folded already, and read */
typedef struct
{
  guint64 added;
  char *damage;
  gboolean is_newer;
} MmPointsReport;

/* The points of @gateway: for each of its series a GArray of MmBlockPoint, ascending; empty for
 * those that are not wanted. @report: optional, must be empty. Any thread, with a connection of it.
 */
GPtrArray *mm_points_read (MmDatabase *db,
                           const MmPointsGateway *gateway,
                           const MmPointsQuery *query,
                           MmPointsReport *report,
                           GError **error);

/* A point that says of which series it is. */
typedef struct
{
  gint64 time;
  guint32 series;
  double value;
} MmSeriesPoint;

/* The points that mm_points_read() returned (#MmSeriesPoint), by time and series. */
GArray *mm_points_by_time (const GPtrArray *points);

/* The earliest time from @from on; MM_TIME_NONE if there is none. */
gboolean mm_points_first (
    MmDatabase *db, const MmPointsGateway *gateway, gint64 from, gint64 *first, GError **error);

/* For each series that is @wanted the last point before @before in @last, which has a place for
 * every series; its time is MM_TIME_NONE if there is none from @from on. Looks back over a bounded
 * number of rows and blocks. */
gboolean mm_points_last_before (MmDatabase *db,
                                const MmPointsGateway *gateway,
                                const guint8 *wanted,
                                gint64 from,
                                gint64 before,
                                MmBlockPoint *last,
                                GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmPointsGateway, mm_points_gateway_clear)

G_END_DECLS
