/* Which part of a chart's time is seen: the whole, or less of it. Pure functions, any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times in UTC microseconds; the ends are not included. Always whole_from ≤ from < to ≤ whole_to.
 */
typedef struct
{
  gint64 whole_from;
  gint64 whole_to;
  gint64 from;
  gint64 to;
} MmZoom;

/* The shortest time that can be seen. */
#define MM_ZOOM_LEAST (10 * G_TIME_SPAN_MINUTE)

/* The whole of a time, all of it seen. */
void mm_zoom_set (MmZoom *zoom, gint64 from, gint64 to);

/* Shows the part from @from to @to, moved and cut as the limits ask for. TRUE if something changed;
 * so too below. */
gboolean mm_zoom_select (MmZoom *zoom, gint64 from, gint64 to);

/* Shows @factor times as much, with @around staying in its place. */
gboolean mm_zoom_scale (MmZoom *zoom, double factor, gint64 around);

/* Moves on by @part of what is seen (negative: back). */
gboolean mm_zoom_move (MmZoom *zoom, double part);

/* Moves just so far that @time is seen. */
gboolean mm_zoom_show (MmZoom *zoom, gint64 time);

/* Whether less than the whole is seen. */
gboolean mm_zoom_is_in (const MmZoom *zoom);

G_END_DECLS
