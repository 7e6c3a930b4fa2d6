/* The layers of a chart, from the lowest to the highest. Each draws one thing of an arranged plot
 * and knows nothing of the others. What never changes while the pointer moves comes before the
 * crosshair.
 *
 * Main thread.
 */
#pragma once

#include "mm-plot.h"

G_BEGIN_DECLS

/* Darkens the time between dusk and dawn, if it is known where the house stands. */
void mm_night_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* Lines and labels of both axes. */
void mm_axis_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The areas, with words in them where there is room. */
void mm_area_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* Sums of days or months, in place of areas and lines. */
void mm_bar_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The lines, and the levels in their strip. */
void mm_line_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* A hatched foot under what came late. */
void mm_late_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The line at zero, above what stands on it. */
void mm_zero_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The line at the present moment. */
void mm_now_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The words where there is nothing to see. */
void mm_empty_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot);

/* The crosshair at @time with the read-out beside it. */
void mm_cross_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot, gint64 time);

/* The read-out as one text, for those who listen: "14:02, Solar 3.12 kW, Sold 1.20 kW". Free with
 * g_free(). */
char *mm_cross_layer_read (const MmPlot *plot, gint64 time);

/* The time of the nearest point of any series that is seen, and of the next one in the @direction
 * (−1 or 1) at least a pixel away (a bar, where there are bars); @time itself if there is none. */
gint64 mm_cross_layer_snap (const MmPlot *plot, gint64 time);
gint64 mm_cross_layer_step (const MmPlot *plot, gint64 time, int direction);

G_END_DECLS
