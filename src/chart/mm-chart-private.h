/* What the two files of MmChart share: mm-chart.c holds what is shown and draws it,
 * mm-chart-input.c is pointer and keyboard. */
#pragma once

#include "mm-chart.h"
#include "mm-marks.h"
#include "mm-plot.h"
#include "mm-zoom.h"

G_BEGIN_DECLS

struct _MmChart
{
  GtkWidget parent;
  MmPlot plot;
  MmZoom zoom;
  MmMarks *marks;
  GskRenderNode *data; /* what does not change while the pointer moves; NULL if it must be drawn */
  gint64 cross;        /* MM_TIME_NONE if there is no crosshair */
  char *said;          /* of it; NULL if nothing */
  double pointer_x;
  double pointer_y;
  float drag_from;
  float drag_to;
  gboolean dragging;
};

/* Whether there is enough to draw: a language and a range. */
gboolean mm_chart_is_ready (MmChart *self);

/* Moves the crosshair; MM_TIME_NONE takes it away. */
void mm_chart_set_cross (MmChart *self, gint64 time);

/* Says that the zoom is another, if it @changed, and arranges the chart for it. */
void mm_chart_range_changed (MmChart *self, gboolean changed);

/* Adds the pointer, for one chart, and the keys, for all. */
void mm_chart_add_pointer (MmChart *self);
void mm_chart_add_keys (GtkWidgetClass *widget_class);

G_END_DECLS
