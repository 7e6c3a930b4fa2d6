#include "mm-figure.h"

#include "mm-clock.h"

#include <math.h>
#include <string.h>

static MmFigure
figure (const MmLanguage *language, double value, int decimals, const char *unit)
{
  g_autofree char *text = mm_language_format_number (language, value, decimals);
  MmFigure result = { "", "" };

  g_strlcpy (result.value, text, sizeof result.value);
  if (isfinite (value))
    g_strlcpy (result.unit, unit, sizeof result.unit);
  return result;
}

/* How many decimals leave three digits that count. */
static int
decimals_of (double value)
{
  double size = fabs (value);

  return size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
}

/* @units: the unit itself, its thousands, its millions */
static MmFigure
scaled (const MmLanguage *language, double value, const char *const units[3])
{
  double size = fabs (value);

  if (!isfinite (value) || size < 999.5)
    return figure (language, value, 0, units[0]);
  if (size < 999500)
    return figure (language, value / 1e3, decimals_of (value / 1e3), units[1]);
  return figure (language, value / 1e6, decimals_of (value / 1e6), units[2]);
}

MmFigure
mm_figure_power (const MmLanguage *language, double watts)
{
  static const char *const units[] = { "W", "kW", "MW" };

  return scaled (language, watts, units);
}

MmFigure
mm_figure_energy (const MmLanguage *language, double watt_hours)
{
  static const char *const units[] = { "Wh", "kWh", "MWh" };

  return scaled (language, watt_hours, units);
}

MmFigure
mm_figure_percent (const MmLanguage *language, double percent)
{
  return figure (language, percent, 0, "%");
}

MmFigure
mm_figure_of (const MmLanguage *language, double value, const char *unit)
{
  if (g_strcmp0 (unit, "W") == 0)
    return mm_figure_power (language, value);
  if (g_strcmp0 (unit, "Wh") == 0)
    return mm_figure_energy (language, value);
  if (g_strcmp0 (unit, "%") == 0)
    return mm_figure_percent (language, value);
  return figure (language, value, decimals_of (value), unit != NULL ? unit : "");
}

char *
mm_figure_text (const MmFigure *figure)
{
  return *figure->unit != '\0' ? g_strconcat (figure->value, "\u00a0", figure->unit, NULL)
                               : g_strdup (figure->value);
}

/* Ages */

static gboolean
same_day (gint64 a, gint64 b, GTimeZone *zone)
{
  g_autoptr (GDateTime) a_utc = g_date_time_new_from_unix_utc (a / MM_SECOND);
  g_autoptr (GDateTime) b_utc = g_date_time_new_from_unix_utc (b / MM_SECOND);
  g_autoptr (GDateTime) a_there = a_utc != NULL ? g_date_time_to_timezone (a_utc, zone) : NULL;
  g_autoptr (GDateTime) b_there = b_utc != NULL ? g_date_time_to_timezone (b_utc, zone) : NULL;

  return a_there != NULL && b_there != NULL
         && g_date_time_get_year (a_there) == g_date_time_get_year (b_there)
         && g_date_time_get_day_of_year (a_there) == g_date_time_get_day_of_year (b_there);
}

/* The clock today, the date before. */
static char *
clock_or_date (const MmLanguage *language, gint64 now, gint64 then, GTimeZone *zone)
{
  g_autofree char *clock = NULL;

  if (!same_day (now, then, zone))
    return mm_language_format_date (language, then, zone);
  clock = mm_language_format_clock (language, then, zone);
  return mm_tr_f (language, "today at %s", clock);
}

char *
mm_figure_age (const MmLanguage *language, gint64 now, gint64 then, GTimeZone *zone)
{
  gint64 age = MAX (0, now - then);
  gulong minutes = (gulong) (age / MM_MINUTE);

  if (age < MM_MINUTE)
    return g_strdup (mm_tr (language, "less than a minute ago"));
  if (age < MM_HOUR)
    return g_strdup_printf (mm_tr_n (language, "%lu minute ago", "%lu minutes ago", minutes),
                            minutes);
  return clock_or_date (language, now, then, zone);
}

char *
mm_figure_age_short (const MmLanguage *language, gint64 now, gint64 then, GTimeZone *zone)
{
  gint64 age = MAX (0, now - then);

  if (age < MM_HOUR)
    return mm_figure_span (language, age);
  return clock_or_date (language, now, then, zone);
}

char *
mm_figure_span (const MmLanguage *language, gint64 span)
{
  long seconds = (long) (span / MM_SECOND);

  if (span < MM_MINUTE)
    return mm_tr_f (language, "%ld s", seconds);
  if (span < MM_HOUR)
    return mm_tr_f (language, "%ld min", seconds / 60);
  if (span < MM_DAY)
    return mm_tr_f (language, "%ld h %ld min", seconds / 3600, seconds / 60 % 60);
  return mm_tr_f (language, "%ld d %ld h", seconds / 86400, seconds / 3600 % 24);
}
