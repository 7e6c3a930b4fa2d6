/* A chart arranged for one size: where everything goes and every series as it is seen there. What
 * is in it comes first, what mm_plot_arrange() makes of it second; the layers (mm-layer.h) only
 * draw.
 *
 * Main thread.
 */
#pragma once

#include "mm-palette.h"
#include "mm-sampling.h"
#include "mm-time-axis.h"
#include "mm-value-axis.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A series that is seen. @above and @below are of areas only. */
typedef struct
{
  MmSeries *series;
  MmColumn *columns;
  MmBand *above;
  MmBand *below;
} MmTrace;

typedef struct
{
  /* What is shown. The owner of the plot sets these; references are the owner's. */
  const MmLanguage *language;
  PangoContext *pango;
  MmPalette palette;
  GPtrArray *series;  /* MmSeries, in the order in which areas stand on each other */
  GHashTable *hidden; /* names of those that are not seen */
  gint64 from;
  gint64 to;
  GTimeZone *zone;
  gboolean bars;    /* sums of days or months instead of values */
  gboolean marks;   /* there is room for marks on the time axis */
  double latitude;  /* NAN if nobody knows: no night */
  double longitude; /* as latitude */
  gint64 now;       /* MM_TIME_NONE: no line */

  /* How it is arranged. */
  float width;
  float height;
  float line_height;     /* of a line of small text */
  float baseline;        /* of it, from its upper edge: for text of any script */
  graphene_rect_t area;  /* of the values */
  graphene_rect_t strip; /* of the levels in percent; without height if there are none */
  float mark_y;          /* the upper edge of the marks */
  float label_y;         /* the upper edge of the labels of the time axis */
  gboolean empty;        /* there is nothing to see */
  gboolean months;       /* a bar is a month */
  GArray *slots;         /* of bars: their beginnings and the end, gint64 */
  guint n_columns;       /* of every trace: pixels, or bars */
  gboolean dense;        /* several points in a pixel: each column stands for itself, upright */
  GArray *traces;        /* MmTrace */
  MmTimeAxis time;
  MmValueAxis value;
} MmPlot;

/* Kept free all around, for the ring of the focus. */
#define MM_PLOT_MARGIN 5

/* Height of the row of marks. */
#define MM_PLOT_MARK_SIZE 24

/* Arranges everything for a size in pixels. Afterwards only mm_plot_release() lets go of it. */
void mm_plot_arrange (MmPlot *plot, float width, float height);
void mm_plot_release (MmPlot *plot);

/* Where a time, a value, a level (percent) lies, in pixels. */
float mm_plot_x (const MmPlot *plot, gint64 time);
float mm_plot_y (const MmPlot *plot, double value);
float mm_plot_level_y (const MmPlot *plot, double level);

/* Which time lies at @x pixels; within the range. */
gint64 mm_plot_time (const MmPlot *plot, float x);

/* The left edge of a column; of the one after the last: the right end. */
float mm_plot_column_x (const MmPlot *plot, guint column);

/* The bar that @time lies in. */
guint mm_plot_slot (const MmPlot *plot, gint64 time);

/* Small text, figures of equal width. Free with g_object_unref(). */
PangoLayout *mm_plot_text (const MmPlot *plot, const char *text, gboolean strong);

/* Draws small text at @x, @y; returns its width. @align: 0 to the right of @x, 0.5 centred, 1 to
 * the left of it. */
float mm_plot_draw_text (const MmPlot *plot,
                         GtkSnapshot *snapshot,
                         const char *text,
                         float x,
                         float y,
                         float align,
                         const GdkRGBA *colour);

G_END_DECLS
