/* The alerts on the time axis: a button for each, at its time, and a bar for how long it was open.
 * Where several would lie on each other, one stands for all.
 *
 * The buttons are children of the chart. Main thread.
 */
#pragma once

#include "mm-plot.h"
#include "mm-status.h"

G_BEGIN_DECLS

typedef struct _MmMarks MmMarks;

/* Called with the chart when the mark @id was activated. */
typedef void (*MmMarkActivated) (gpointer chart, const char *id);

/* No marks yet. The buttons become children of @chart, which outlives the marks, and take their
 * colours from @palette, which outlives it. */
MmMarks *mm_marks_new (GtkWidget *chart, const MmPalette *palette, MmMarkActivated activated);
void mm_marks_free (MmMarks *marks);

/* Adds an alert from @time to @until (MM_TIME_NONE while it is open). */
void mm_marks_add (
    MmMarks *marks, const char *id, gint64 time, gint64 until, MmStatus status, const char *text);

/* Removes all. */
void mm_marks_clear (MmMarks *marks);
gboolean mm_marks_is_empty (const MmMarks *marks);

/* Places the buttons in the arranged @plot: part of the chart's size_allocate. */
void mm_marks_place (MmMarks *marks, const MmPlot *plot);

/* Draws bars and buttons. */
void mm_marks_draw (const MmMarks *marks, const MmPlot *plot, GtkSnapshot *snapshot);

G_END_DECLS
