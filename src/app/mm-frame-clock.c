/* For measuring from outside: when the first frame was drawn and what processor time all threads
 * had taken by then, and how long the main loop was busy at a stretch, by the clock and by the
 * processor. Main thread. */
#include "mm-frame-clock.h"

#ifdef MM_TEST_HOOKS
#include <stdio.h>
#include <time.h>

#define NOTEWORTHY_US 5000

static FILE *out;

/* When the last poll of the main context came back, 0 before the first frame; the same as time of
 * the processor that this thread had used. */
static gint64 polled;
static gint64 polled_cpu;

static gint64
get_cpu_time (clockid_t clock)
{
  struct timespec used;

  clock_gettime (clock, &used);
  return used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

static int
poll_and_note (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 now = g_get_monotonic_time ();
  int ready;

  if (polled != 0 && now - polled >= NOTEWORTHY_US)
    fprintf (out, "block %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", now,
             now - polled, get_cpu_time (CLOCK_THREAD_CPUTIME_ID) - polled_cpu);
  ready = g_poll (fds, n_fds, timeout);
  polled = g_get_monotonic_time ();
  polled_cpu = get_cpu_time (CLOCK_THREAD_CPUTIME_ID);
  return ready;
}

static void
after_paint (GdkFrameClock *clock, gpointer user_data)
{
  fprintf (out, "frame %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", g_get_monotonic_time (),
           get_cpu_time (CLOCK_PROCESS_CPUTIME_ID));
  g_signal_handlers_disconnect_by_func (clock, after_paint, user_data);
  g_main_context_set_poll_func (NULL, poll_and_note);
}

static void
on_map (GtkWidget *window, gpointer user_data)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (after_paint),
                    NULL);
}

void
mm_frame_clock_watch (GtkWindow *window)
{
  const char *path = g_getenv ("MIMAMORI_FRAME_CLOCK");

  if (path == NULL || out != NULL || (out = fopen (path, "ae")) == NULL)
    return;
  setvbuf (out, NULL, _IOLBF, 0);
  g_signal_connect (window, "map", G_CALLBACK (on_map), NULL);
}
#endif
