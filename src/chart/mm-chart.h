/* A chart of a house over time: powers as areas and lines, the battery's level, night, alerts, the
 * present; or energies of days and months as bars.
 *
 * The app gives it series and a range; it arranges them (mm-plot.h) and the layers draw
 * (mm-layer.h). Pointer or keyboard read the values and change what part is seen: Left, Right,
 * Home, End move the crosshair (Ctrl: by an hour), +, − and 0 zoom, as do dragging and Ctrl with
 * the wheel. What is at the crosshair is the accessible description.
 *
 * Main thread. Times are UTC microseconds.
 *
 * Signals
 *   range-changed (gint64 from, gint64 to): the person sees another part; finer data may be loaded
 *   mark-activated (const char *id): an alert mark was clicked
 *   series-changed (): series were added or removed, hidden or shown; for the legend
 * Property
 *   zoomed: whether less than the whole range is seen
 */
#pragma once

#include "mm-palette.h"
#include "mm-series.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_CHART (mm_chart_get_type ())
G_DECLARE_FINAL_TYPE (MmChart, mm_chart, MM, CHART, GtkWidget)

/* An empty chart; so too from a .ui file. Draws nothing before it has a language and a range. */
GtkWidget *mm_chart_new (void);

/* The language of words and figures; outlives the chart. */
void mm_chart_set_language (MmChart *chart, const MmLanguage *language);

/* The whole range, in the zone of the site. Any zoom ends. */
void mm_chart_set_range (MmChart *chart, gint64 from, gint64 to, GTimeZone *zone);

/* Bars instead of areas: the points are summed up by days, or by months from 62 days on. */
void mm_chart_set_bars (MmChart *chart, gboolean bars);

/* Adds a series, which the chart owns from now on. Areas stand on each other in the order in which
 * they come. Its name is not in use yet. */
void mm_chart_add_series (MmChart *chart, MmSeries *series);

/* Adds the newest point to the series @name, if there is one. */
void mm_chart_add_point (
    MmChart *chart, const char *name, gint64 time, double value, gboolean late);

/* Removes all series. Which names are hidden is remembered. */
void mm_chart_clear_series (MmChart *chart);

/* Marks an alert: from @time to @until (MM_TIME_NONE while it is open), with its @text. */
void mm_chart_add_mark (
    MmChart *chart, const char *id, gint64 time, gint64 until, MmStatus status, const char *text);

/* Removes all marks. */
void mm_chart_clear_marks (MmChart *chart);

/* Where the house stands, in degrees, for the night; NAN if nobody knows. */
void mm_chart_set_position (MmChart *chart, double latitude, double longitude);

/* The present, or MM_TIME_NONE. */
void mm_chart_set_now (MmChart *chart, gint64 now);

/* Shows the whole range again. */
void mm_chart_reset_zoom (MmChart *chart);

/* For the legend: the series in order (owned by the chart), and whether one is seen. */
GPtrArray *mm_chart_series (MmChart *chart);
gboolean mm_chart_is_shown (MmChart *chart, const char *name);
void mm_chart_show_series (MmChart *chart, const char *name, gboolean shown);

/* The colours that the chart draws with at present. Valid as long as the chart. */
const MmPalette *mm_chart_palette (MmChart *chart);

G_END_DECLS
