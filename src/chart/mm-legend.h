/* The legend of a chart: a button for each series with its key and name, which hides and shows it.
 * Wraps where it is narrow. Main thread. */
#pragma once

#include "mm-chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_LEGEND (mm_legend_get_type ())
G_DECLARE_FINAL_TYPE (MmLegend, mm_legend, MM, LEGEND, GtkWidget)

/* The legend of @chart; from a .ui file, with the property "chart". */
GtkWidget *mm_legend_new (MmChart *chart);

G_END_DECLS
