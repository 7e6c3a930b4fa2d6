/* The values of one quantity over time, as a chart shows them: points in the order of their times,
 * what they are called and how they are drawn.
 *
 * Plain data, owned by one thread. Values that have a direction are signed as everywhere
 * (mm-quantity.h): what comes into the house is positive.
 */
#pragma once

#include "mm-language.h"

#include <glib.h>

G_BEGIN_DECLS

/* What the energy belongs to, which decides the colour. */
typedef enum
{
  MM_ROLE_PV,
  MM_ROLE_BATTERY,
  MM_ROLE_GRID,
  MM_ROLE_HOUSE,
  MM_ROLE_OTHER,
  MM_N_ROLES,
} MmRole;

/* How a series is drawn. */
typedef enum
{
  MM_SHAPE_AREA,  /* areas stand on each other: above zero what is positive, below what is negative
                   */
  MM_SHAPE_LINE,  /* for itself; a mark across the bar where there are bars */
  MM_SHAPE_LEVEL, /* in percent, in a strip of its own below */
} MmShape;

/* One point.
 * @time: UTC microseconds
 * @value: finite; of a span of time its mean
 * @lowest, @highest: what the span reached; both @value for a single reading
 * @late: it came late */
typedef struct
{
  gint64 time;
  double value;
  double lowest;
  double highest;
  gboolean late;
} MmPoint;

typedef struct _MmSeries MmSeries;

/* A series without points.
 * @name: of the quantity, e.g. "pv_power"; unique within a chart
 * @label: in the reader's language, for the legend and the read-out
 * @unit: "W", "Wh", "%", "°C" … */
MmSeries *mm_series_new (
    const char *name, const char *label, const char *unit, MmRole role, MmShape shape);

/* The same for a canonical quantity: its words, unit, colour and shape as they are the same in
 * every chart. Energies that leave the house (sold, charged) are turned to negative values when
 * added. An unknown quantity becomes a grey line called @name. */
MmSeries *mm_series_new_for_quantity (const char *name, const MmLanguage *language);

void mm_series_free (MmSeries *series);

/* Words for the two directions ("Bought", "Sold"): the read-out then shows no sign. */
void mm_series_set_directions (MmSeries *series, const char *positive, const char *negative);

/* The longest time between two points that belong together, µs; more is a gap and stays empty. 0
 * (the beginning): three times the usual distance of the points. */
void mm_series_set_max_gap (MmSeries *series, gint64 max_gap);

/* Adds a point, usually the newest; one of the same time is replaced. What is not finite is left
 * out. */
void mm_series_add (MmSeries *series, gint64 time, double value, gboolean late);

/* The same for a span of time, at its middle, with what it reached. */
void mm_series_add_span (MmSeries *series, gint64 time, double mean, double lowest, double highest);

/* What it was made with. */
const char *mm_series_name (const MmSeries *series);
const char *mm_series_label (const MmSeries *series);
const char *mm_series_unit (const MmSeries *series);
MmRole mm_series_role (const MmSeries *series);
MmShape mm_series_shape (const MmSeries *series);

/* The word for @value: its direction's, else the label. */
const char *mm_series_word (const MmSeries *series, double value);

/* Whether it has words for directions. */
gboolean mm_series_is_directed (const MmSeries *series);

/* Whether all of it leaves the house. */
gboolean mm_series_is_outgoing (const MmSeries *series);

/* All points in order; valid until the series changes. */
const MmPoint *mm_series_points (const MmSeries *series, guint *n_points);

/* The index of the first point at or after @time; the number of points if there is none. */
guint mm_series_find (const MmSeries *series, gint64 time);

/* The point nearest to @time, at most @within away; NULL if there is none. */
const MmPoint *mm_series_nearest (const MmSeries *series, gint64 time, gint64 within);

/* The longest time between two points that belong together, as set or found. */
gint64 mm_series_max_gap (MmSeries *series);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSeries, mm_series_free)

G_END_DECLS
