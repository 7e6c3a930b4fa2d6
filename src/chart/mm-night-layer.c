/* The night, with a soft dusk and dawn. */
#include "mm-layer.h"

#include "mm-clock.h"
#include "mm-daylight.h"

#include <math.h>

/* Longer than this, nights are stripes that tell nothing. */
#define LONGEST (8 * MM_DAY)

static void
shade (const MmPlot *plot,
       GtkSnapshot *snapshot,
       gint64 from,
       gint64 to,
       float alpha_from,
       float alpha_to)
{
  float left = mm_plot_x (plot, CLAMP (from, plot->from, plot->to));
  float right = mm_plot_x (plot, CLAMP (to, plot->from, plot->to));
  GskColorStop stops[2] = { { 0, plot->palette.night }, { 1, plot->palette.night } };
  graphene_rect_t areas[2] = { plot->area, plot->strip };

  stops[0].color.alpha *= alpha_from;
  stops[1].color.alpha *= alpha_to;
  if (right <= left)
    return;
  for (guint i = 0; i < 2; i++)
    {
      graphene_rect_t area
          = GRAPHENE_RECT_INIT (left, areas[i].origin.y, right - left, areas[i].size.height);

      if (area.size.height <= 0)
        continue;
      if (alpha_from == alpha_to)
        gtk_snapshot_append_color (snapshot, &stops[0].color, &area);
      else
        gtk_snapshot_append_linear_gradient (snapshot, &area,
                                             &GRAPHENE_POINT_INIT (mm_plot_x (plot, from), 0),
                                             &GRAPHENE_POINT_INIT (mm_plot_x (plot, to), 0), stops,
                                             2);
    }
}

/* From one noon to the next: dusk, night and dawn. */
static void
draw_night (const MmPlot *plot, GtkSnapshot *snapshot, gint64 noon, gint64 next_noon)
{
  gint64 sunset = noon, dusk = noon, dawn = next_noon, sunrise = next_noon, unused;
  MmSunDay evening
      = mm_daylight_find (noon, plot->latitude, plot->longitude, MM_SUN_HORIZON, &unused, &sunset);
  MmSunDay morning = mm_daylight_find (next_noon, plot->latitude, plot->longitude, MM_SUN_HORIZON,
                                       &sunrise, &unused);

  if (evening == MM_SUN_STAYS_UP || morning == MM_SUN_STAYS_UP)
    return;
  /* Where it does not get fully dark, dusk and dawn meet in the middle. */
  if (mm_daylight_find (noon, plot->latitude, plot->longitude, MM_SUN_DARK, &unused, &dusk)
          == MM_SUN_STAYS_UP
      || mm_daylight_find (next_noon, plot->latitude, plot->longitude, MM_SUN_DARK, &dawn, &unused)
             == MM_SUN_STAYS_UP)
    dusk = dawn = sunset + (sunrise - sunset) / 2;
  shade (plot, snapshot, sunset, dusk, 0, 1);
  shade (plot, snapshot, dusk, dawn, 1, 1);
  shade (plot, snapshot, dawn, sunrise, 1, 0);
}

void
mm_night_layer_draw (const MmPlot *plot, GtkSnapshot *snapshot)
{
  gint64 noon;

  if (plot->bars || isnan (plot->latitude) || isnan (plot->longitude)
      || plot->to - plot->from > LONGEST)
    return;
  noon = mm_time_day_start (plot->from, -1, plot->zone) + 12 * MM_HOUR;
  for (; noon < plot->to; noon += MM_DAY)
    draw_night (plot, snapshot, noon, noon + MM_DAY);
}
