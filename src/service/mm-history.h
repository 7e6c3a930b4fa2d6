/* Values of a gateway over time.
 *
 * Each stored point is there once, as it is now: a correction stands for what it corrected. Nothing
 * from before access.history_from is ever read out. All functions may block; call them from a
 * worker.
 *
 * Energy of a day, of a counter: by core/mm-energy.h. The point before the first one of the day is
 * looked for as far back as it takes (and may be seen). A step over a gap counts for the day in
 * which the gap ends.
 */
#pragma once

#include "mm-access.h"
#include "mm-block.h"
#include "mm-context.h"

G_BEGIN_DECLS

#define MM_HISTORY_MAX_DAYS 366        /* unless days or a number of spans are asked for */
#define MM_HISTORY_MAX_YEARS 200       /* then */
#define MM_HISTORY_MAX_POINTS 10000    /* spans that may be asked for by number */
#define MM_HISTORY_MAX_RAW 1000000     /* points of one answer */
#define MM_HISTORY_MAX_SCANNED 4000000 /* points that one answer may be made of */

typedef enum
{
  MM_HISTORY_RAW,   /* every point */
  MM_HISTORY_15MIN, /* quarters of an hour, on the clock of the site */
  MM_HISTORY_DAY,   /* days of the site; @from and @to are widened to whole ones */
} MmResolution;

/* "raw", "15min", "day"; FALSE for anything else. */
const char *mm_resolution_name (MmResolution resolution);
gboolean mm_resolution_from_name (const char *name, MmResolution *resolution);

/* What is asked for.
 * @from, @to: UTC microseconds, @to is not included
 * @points: about so many spans, at most, of equal width, made from the finest that makes them; 0:
 *   what @resolution says
 * @device: NULL for all
 * @quantities: NULL for all */
typedef struct
{
  gint64 from;
  gint64 to;
  MmResolution resolution;
  guint points;
  const char *device;
  const char *const *quantities;
} MmHistoryQuery;

/* What the points of a quarter or a day come to.
 * @from, @to: its bounds, @to is not included
 * @count: points in it; 0 only for a day that has nothing but @energy
 * @min, @mean, @max, @first, @last: of the values; the mean weighs all points alike
 * @energy: of a counter, in its unit; NAN otherwise, and if there is no step */
typedef struct
{
  gint64 from;
  gint64 to;
  guint count;
  double min;
  double mean;
  double max;
  double first;
  double last;
  double energy;
} MmHistorySpan;

/* One series with points or spans in order of time. Texts are owned by it.
 * @unit: NULL if the quantity is not known */
typedef struct
{
  char *device;
  char *quantity;
  const char *unit;
  gboolean is_counter;
  GArray *points; /* raw: of MmBlockPoint */
  GArray *spans;  /* else: of MmHistorySpan; a gap is an absent span */
} MmHistorySeries;

/* @from, @to: what was read in the end. @series: of MmHistorySeries, by device and quantity; those
 * that have nothing there are absent. @timezone: of the site. @resolution: what it was made from.
 * @with_energy: the spans of counters have energies.
 * @width: of the spans, 0 if there are points instead; days are as long as they are. */
typedef struct
{
  gint64 from;
  gint64 to;
  char *timezone;
  MmResolution resolution;
  gint64 width;
  gboolean with_energy;
  GPtrArray *series;
} MmHistory;

void mm_history_free (MmHistory *history);

/* Reads @query of the gateway of @access. %MM_ERROR_FIELDS with "to": "order" if it is not behind
 * @from, "too-long" if the answer would be beyond the bounds above. */
MmHistory *mm_history_read (MmContext *context,
                            const MmAccess *access,
                            const MmHistoryQuery *query,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmHistory, mm_history_free)

G_END_DECLS
