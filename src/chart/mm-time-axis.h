/* The axis of time: days, hours and minutes on the clock of the site, also on the days of 23 and 25
 * hours, and what stands below the ticks.
 *
 * Plain functions; times are UTC microseconds. Any thread.
 */
#pragma once

#include "mm-language.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_TIME_MINUTES,
  MM_TIME_DAYS,
  MM_TIME_MONTHS,
} MmTimeUnit;

/* One tick.
 * @day: the beginning of a day (of a month, of a year where days, where months are counted): drawn
 *   stronger and labelled with more */
typedef struct
{
  gint64 time;
  gboolean day;
} MmTimeTick;

/* @step: so many units between two ticks */
typedef struct
{
  gint64 from;
  gint64 to; /* not included */
  GTimeZone *zone;
  MmTimeUnit unit;
  guint step;
} MmTimeAxis;

/* Prepares @axis (zeroed or used before) for the time from @from to @to in @zone (kept by
 * reference), with ticks no closer than @to minus @from divided by @max_ticks (1 or more). */
void mm_time_axis_set (MmTimeAxis *axis, gint64 from, gint64 to, GTimeZone *zone, guint max_ticks);

/* Lets go of the zone. */
void mm_time_axis_clear (MmTimeAxis *axis);

/* All ticks in order, as MmTimeTick. Free with g_array_unref(). */
GArray *mm_time_axis_ticks (const MmTimeAxis *axis);

/* What stands below @tick: "06:00", "1 May", "5月", "2026". Free with g_free(). */
char *mm_time_axis_label (const MmTimeAxis *axis,
                          const MmTimeTick *tick,
                          const MmLanguage *language);

/* Where @time lies: 0 at the beginning, 1 at the end. */
double mm_time_axis_position (const MmTimeAxis *axis, gint64 time);

/* The beginning of the local day that @time lies in, and of the one @days after (before, if
 * negative). */
gint64 mm_time_day_start (gint64 time, int days, GTimeZone *zone);

/* The slots of bars: the beginnings of the local days (months, if there would be more than 62) from
 * @from on, and @to as the last, as gint64. Free with g_array_unref(). @months may be NULL. */
GArray *mm_time_slots (gint64 from, gint64 to, GTimeZone *zone, gboolean *months);

/* "1 May", "5月1日". Free with g_free(). */
char *mm_time_format_day (gint64 time, GTimeZone *zone, const MmLanguage *language);

/* "May 2026", "2026年5月". Free with g_free(). */
char *mm_time_format_month (gint64 time, GTimeZone *zone, const MmLanguage *language);

G_END_DECLS
