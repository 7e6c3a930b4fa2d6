/* The stored points of one gateway, each once and as it is now, from its rows of the reading log.
 */
#pragma once

#include "mm-live.h"

G_BEGIN_DECLS

/* @order: which of several of the same time and series counts; the lowest */
typedef struct
{
  gint64 time;
  guint32 series;
  guint32 order;
  double value;
} MmLogPoint;

/* A gateway as readers may see it. @series: numbered as in the log; names are interned. */
typedef struct
{
  gint64 id;
  gint64 head; /* its last committed row of the log, 0 if none */
  guint64 n_values;
  gboolean is_settled; /* @n_values is of that very row */
  MmLiveSeries *series;
  guint n_series;
} MmLogGateway;

/* Looks at the gateway of the row @id; FALSE if there is none. To be called before the read
 * transaction that reads the log begins, or the row might not be in it. Not on the writer's thread.
 */
gboolean mm_log_gateway_init (MmLogGateway *gateway, MmLive *live, gint64 id);
void mm_log_gateway_clear (MmLogGateway *gateway);

/* The points (#MmLogPoint) of @gateway with @from <= time < @to, by time and series.
 * @added: (optional): what all rows that were read say that they added */
GArray *mm_log_points_read (MmDatabase *db,
                            const MmLogGateway *gateway,
                            gint64 from,
                            gint64 to,
                            guint64 *added,
                            GError **error);

/* The earliest time from @from on; MM_TIME_NONE if there is none. */
gboolean mm_log_points_first (
    MmDatabase *db, const MmLogGateway *gateway, gint64 from, gint64 *first, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmLogGateway, mm_log_gateway_clear)

G_END_DECLS
