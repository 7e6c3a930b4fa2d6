/* The weather of a region: neighbours share it, each has a little of its own. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The share of the sky that is covered, 0 to 1: days differ, hours differ, and under a broken sky
 * single clouds pass.
 * @region, @own: seeds */
double mm_weather_cloud (guint64 region, guint64 own, gint64 time);

/* Outdoor temperature in °C, with the seasons of @latitude. */
double mm_weather_temperature (guint64 region, double latitude, double longitude, gint64 time);

G_END_DECLS
