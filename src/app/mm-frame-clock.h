/* For measuring from outside, in builds with test hooks only. Main thread.
 *
 * Where MIMAMORI_FRAME_CLOCK names a file, lines are appended to it: "frame T" when the first frame
 * of a watched window was drawn, and from then on "block T LENGTH" for every turn of the main loop
 * that took 5 ms or longer. Times are CLOCK_MONOTONIC in microseconds. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Watches @window, which is not presented yet. Does nothing without the variable. */
void mm_frame_clock_watch (GtkWindow *window);

G_END_DECLS
