#include "mm-zoom.h"

void
mm_zoom_set (MmZoom *zoom, gint64 from, gint64 to)
{
  g_return_if_fail (to > from);
  *zoom = (MmZoom){ from, to, from, to };
}

gboolean
mm_zoom_select (MmZoom *zoom, gint64 from, gint64 to)
{
  MmZoom before = *zoom;
  gint64 whole = zoom->whole_to - zoom->whole_from;
  gint64 length = CLAMP (to - from, MIN (MM_ZOOM_LEAST, whole), whole);

  /* What has to grow grows to both sides. */
  from -= (length - (to - from)) / 2;
  zoom->from = CLAMP (from, zoom->whole_from, zoom->whole_to - length);
  zoom->to = zoom->from + length;
  return zoom->from != before.from || zoom->to != before.to;
}

gboolean
mm_zoom_scale (MmZoom *zoom, double factor, gint64 around)
{
  gint64 whole = zoom->whole_to - zoom->whole_from;
  gint64 length = zoom->to - zoom->from;
  double part = CLAMP ((double) (around - zoom->from) / (double) length, 0, 1);
  gint64 wanted = CLAMP ((gint64) ((double) length * factor), MIN (MM_ZOOM_LEAST, whole), whole);
  gint64 from = around - (gint64) (part * (double) wanted);

  return mm_zoom_select (zoom, from, from + wanted);
}

gboolean
mm_zoom_move (MmZoom *zoom, double part)
{
  gint64 by = (gint64) (part * (double) (zoom->to - zoom->from));

  return mm_zoom_select (zoom, zoom->from + by, zoom->to + by);
}

gboolean
mm_zoom_show (MmZoom *zoom, gint64 time)
{
  gint64 by = time < zoom->from ? time - zoom->from : time >= zoom->to ? time + 1 - zoom->to : 0;

  return mm_zoom_select (zoom, zoom->from + by, zoom->to + by);
}

gboolean
mm_zoom_is_in (const MmZoom *zoom)
{
  return zoom->from > zoom->whole_from || zoom->to < zoom->whole_to;
}
