#include "mm-time-axis.h"

#include <string.h>

/* More bars than this are summed up by month. */
#define MOST_DAYS 62

static const guint minute_steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720 };
static const guint day_steps[] = { 1, 2, 7, 14 };
static const guint month_steps[] = { 1, 2, 3, 6, 12, 24, 60, 120 };

static GDateTime *
local (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_to_timezone (utc, zone);
}

static gint64
to_time (GDateTime *moment)
{
  return g_date_time_to_unix (moment) * G_USEC_PER_SEC;
}

/* Midnight of a date, or what comes next after it where the clocks leap over midnight. */
static gint64
date_start (GTimeZone *zone, int year, int month, int day)
{
  g_autoptr (GDateTime) midnight = g_date_time_new (zone, year, month, day, 0, 0, 0);

  return to_time (midnight);
}

gint64
mm_time_day_start (gint64 time, int days, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = local (time, zone);
  int year, month, day;
  GDate date;

  g_date_time_get_ymd (moment, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  if (days >= 0)
    g_date_add_days (&date, (guint) days);
  else
    g_date_subtract_days (&date, (guint) -days);
  return date_start (zone, g_date_get_year (&date), (int) g_date_get_month (&date),
                     g_date_get_day (&date));
}

/* The beginning of the month that @time lies in, @months later. */
static gint64
month_start (gint64 time, int months, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = local (time, zone);
  int count = g_date_time_get_year (moment) * 12 + g_date_time_get_month (moment) - 1 + months;

  return date_start (zone, count / 12, count % 12 + 1, 1);
}

void
mm_time_axis_set (MmTimeAxis *axis, gint64 from, gint64 to, GTimeZone *zone, guint max_ticks)
{
  gint64 least;

  g_return_if_fail (to > from && max_ticks > 0);
  g_time_zone_ref (zone);
  mm_time_axis_clear (axis);
  axis->from = from;
  axis->to = to;
  axis->zone = zone;
  least = (to - from) / max_ticks;
  for (gsize i = 0; i < G_N_ELEMENTS (minute_steps); i++)
    if (minute_steps[i] * G_TIME_SPAN_MINUTE >= least)
      {
        axis->unit = MM_TIME_MINUTES;
        axis->step = minute_steps[i];
        return;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (day_steps); i++)
    if (day_steps[i] * G_TIME_SPAN_DAY >= least)
      {
        axis->unit = MM_TIME_DAYS;
        axis->step = day_steps[i];
        return;
      }
  axis->unit = MM_TIME_MONTHS;
  axis->step = month_steps[G_N_ELEMENTS (month_steps) - 1];
  for (gsize i = G_N_ELEMENTS (month_steps); i > 0; i--)
    if (month_steps[i - 1] * 30 * G_TIME_SPAN_DAY >= least)
      axis->step = month_steps[i - 1];
}

void
mm_time_axis_clear (MmTimeAxis *axis)
{
  g_clear_pointer (&axis->zone, g_time_zone_unref);
}

static void
add_tick (const MmTimeAxis *axis, GArray *ticks, gint64 time, gboolean day)
{
  MmTimeTick tick = { time, day };

  if (time >= axis->from && time <= axis->to)
    g_array_append_val (ticks, tick);
}

/* One local day. The clock is read at each step, as it may leap: a day of 23 or 25 hours has its
 * ticks where the clock says so. */
static void
add_minutes (const MmTimeAxis *axis, GArray *ticks, gint64 start, gint64 end)
{
  gint64 stride = MIN (axis->step, 15) * G_TIME_SPAN_MINUTE;
  gint64 distance = axis->step * G_TIME_SPAN_MINUTE;
  gint64 last = start;

  add_tick (axis, ticks, start, TRUE);
  for (gint64 time = start + stride; time < end && time <= axis->to; time += stride)
    {
      g_autoptr (GDateTime) moment = NULL;
      guint minutes;

      if (time < axis->from - distance)
        continue;
      moment = local (time, axis->zone);
      minutes = (guint) (g_date_time_get_hour (moment) * 60 + g_date_time_get_minute (moment));
      /* An hour that comes twice gets one tick where the ticks are farther apart than it. */
      if (minutes % axis->step != 0 || (time - last) * 4 < distance * 3)
        continue;
      add_tick (axis, ticks, time, FALSE);
      last = time;
    }
}

/* Days are counted within each month, so that the first is always one; what would come too close
 * before the next first is left out. */
static void
add_days (const MmTimeAxis *axis, GArray *ticks)
{
  for (gint64 month = month_start (axis->from, 0, axis->zone); month <= axis->to;
       month = month_start (month, 1, axis->zone))
    {
      gint64 next = month_start (month, 1, axis->zone);
      guint day = 0;

      for (gint64 time = month; time < next;
           day += axis->step, time = mm_time_day_start (month, (int) day, axis->zone))
        if (time == month || next - time > (axis->step - 1) * G_TIME_SPAN_DAY)
          add_tick (axis, ticks, time, time == month);
    }
}

static void
add_months (const MmTimeAxis *axis, GArray *ticks)
{
  g_autoptr (GDateTime) moment = local (axis->from, axis->zone);
  int year = g_date_time_get_year (moment);
  gint64 time;

  if (axis->step > 12)
    year -= year % (int) (axis->step / 12);
  time = date_start (axis->zone, year, 1, 1);
  while (time <= axis->to)
    {
      g_autoptr (GDateTime) month = local (time, axis->zone);

      add_tick (axis, ticks, time, g_date_time_get_month (month) == 1);
      time = month_start (time, (int) axis->step, axis->zone);
    }
}

GArray *
mm_time_axis_ticks (const MmTimeAxis *axis)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (MmTimeTick));

  switch (axis->unit)
    {
    case MM_TIME_MINUTES:
      for (gint64 day = mm_time_day_start (axis->from, 0, axis->zone); day <= axis->to;
           day = mm_time_day_start (day, 1, axis->zone))
        add_minutes (axis, ticks, day, mm_time_day_start (day, 1, axis->zone));
      break;
    case MM_TIME_DAYS:
      add_days (axis, ticks);
      break;
    case MM_TIME_MONTHS:
      add_months (axis, ticks);
      break;
    }
  return ticks;
}

static gboolean
is_japanese (const MmLanguage *language)
{
  return strcmp (mm_language_tag (language), "ja") == 0;
}

/* Not from the process's locale, which is not the reader's. */
static const char *
month_name (int month)
{
  static const char *const names[]
      = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  return names[month - 1];
}

static char *
format_month_alone (GDateTime *moment, const MmLanguage *language)
{
  if (is_japanese (language))
    return g_strdup_printf ("%d月", g_date_time_get_month (moment));
  return g_strdup (month_name (g_date_time_get_month (moment)));
}

char *
mm_time_format_day (gint64 time, GTimeZone *zone, const MmLanguage *language)
{
  g_autoptr (GDateTime) moment = local (time, zone);
  int year, month, day;

  g_date_time_get_ymd (moment, &year, &month, &day);
  if (is_japanese (language))
    return g_strdup_printf ("%d月%d日", month, day);
  return g_strdup_printf ("%d %s", day, month_name (month));
}

char *
mm_time_format_month (gint64 time, GTimeZone *zone, const MmLanguage *language)
{
  g_autoptr (GDateTime) moment = local (time, zone);
  int year = g_date_time_get_year (moment), month = g_date_time_get_month (moment);

  if (is_japanese (language))
    return g_strdup_printf ("%d年%d月", year, month);
  return g_strdup_printf ("%s %d", month_name (month), year);
}

char *
mm_time_axis_label (const MmTimeAxis *axis, const MmTimeTick *tick, const MmLanguage *language)
{
  g_autoptr (GDateTime) moment = local (tick->time, axis->zone);

  switch (axis->unit)
    {
    case MM_TIME_DAYS:
      return tick->day || axis->to - axis->from <= 8 * G_TIME_SPAN_DAY
                 ? mm_time_format_day (tick->time, axis->zone, language)
                 : g_strdup_printf ("%d", g_date_time_get_day_of_month (moment));
    case MM_TIME_MONTHS:
      if (!tick->day)
        return format_month_alone (moment, language);
      return is_japanese (language) ? g_strdup_printf ("%d年", g_date_time_get_year (moment))
                                    : g_strdup_printf ("%d", g_date_time_get_year (moment));
    case MM_TIME_MINUTES:
    default:
      /* Which day it is matters only where there are several. */
      if (tick->day && axis->to - axis->from > 26 * G_TIME_SPAN_HOUR)
        return mm_time_format_day (tick->time, axis->zone, language);
      return mm_language_format_clock (language, tick->time, axis->zone);
    }
}

double
mm_time_axis_position (const MmTimeAxis *axis, gint64 time)
{
  return (double) (time - axis->from) / (double) (axis->to - axis->from);
}

GArray *
mm_time_slots (gint64 from, gint64 to, GTimeZone *zone, gboolean *months)
{
  GArray *slots = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean by_month = to - from > MOST_DAYS * G_TIME_SPAN_DAY;
  gint64 time = by_month ? month_start (from, 0, zone) : mm_time_day_start (from, 0, zone);

  while (time < to)
    {
      gint64 start = MAX (time, from);

      g_array_append_val (slots, start);
      time = by_month ? month_start (time, 1, zone) : mm_time_day_start (time, 1, zone);
    }
  g_array_append_val (slots, to);
  if (months != NULL)
    *months = by_month;
  return slots;
}
