/* RFC 3339 by hand: GDateTime allocates, and costs a hundred times as much per value. Days are
 * counted in the proleptic Gregorian calendar with the year taken to begin in March, so that the
 * leap day is its last day and months follow one formula. Pure functions; any thread. */
#include "mm-time.h"

#include <string.h>

/* Days from 0000-03-01 to 1970-01-01. */
#define DAYS_TO_EPOCH 719468
#define DAYS_PER_ERA 146097 /* 400 years */

static const guint8 month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static gboolean
is_leap (int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01. */
static gint64
days_of (int year, int month, int day)
{
  int shifted = month <= 2 ? year - 1 : year;
  int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  int year_of_era = shifted - era * 400;
  int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return (gint64) era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

/* Takes @n digits off *@text. */
static gboolean
take_number (const char **text, int n, int *number)
{
  int sum = 0;

  for (int i = 0; i < n; i++)
    {
      char c = (*text)[i];

      if (!g_ascii_isdigit (c))
        return FALSE;
      sum = sum * 10 + (c - '0');
    }
  *text += n;
  *number = sum;
  return TRUE;
}

static gboolean
take_char (const char **text, const char *allowed)
{
  if (**text == '\0' || strchr (allowed, **text) == NULL)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* Microseconds of ".25", if it is there. */
static gboolean
take_fraction (const char **text, int *fraction)
{
  int scale = 100000;

  *fraction = 0;
  if (**text != '.')
    return TRUE;
  (*text)++;
  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (; g_ascii_isdigit (**text); (*text)++)
    {
      *fraction += (**text - '0') * scale;
      scale /= 10;
    }
  return TRUE;
}

/* Seconds east of Greenwich. */
static gboolean
take_offset (const char **text, int *offset)
{
  int sign = **text == '-' ? -1 : 1;
  int hours, minutes;

  *offset = 0;
  if (take_char (text, "Zz"))
    return TRUE;
  if (!take_char (text, "+-") || !take_number (text, 2, &hours) || !take_char (text, ":")
      || !take_number (text, 2, &minutes) || hours > 23 || minutes > 59)
    return FALSE;
  *offset = sign * (hours * 3600 + minutes * 60);
  return TRUE;
}

gboolean
mm_time_parse (const char *text, gint64 *time)
{
  int year, month, day, hour, minute, second, fraction, offset;

  if (!take_number (&text, 4, &year) || !take_char (&text, "-") || !take_number (&text, 2, &month)
      || !take_char (&text, "-") || !take_number (&text, 2, &day) || !take_char (&text, "Tt ")
      || !take_number (&text, 2, &hour) || !take_char (&text, ":")
      || !take_number (&text, 2, &minute) || !take_char (&text, ":")
      || !take_number (&text, 2, &second) || !take_fraction (&text, &fraction)
      || !take_offset (&text, &offset) || *text != '\0')
    return FALSE;
  if (month < 1 || month > 12 || day < 1 || day > month_days[month - 1]
      || (month == 2 && day == 29 && !is_leap (year)) || hour > 23 || minute > 59 || second > 60)
    return FALSE;
  *time = (days_of (year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset)
              * G_USEC_PER_SEC
          + fraction;
  return TRUE;
}

/* Writes the @n digits of @number, and moves @at behind them. */
static void
put_digits (char **at, int number, int n)
{
  for (int i = n - 1; i >= 0; i--, number /= 10)
    (*at)[i] = (char) ('0' + number % 10);
  *at += n;
}

/* The date and the time of day of a year of four digits; charts have very many. */
static int
write_usual (char *text, const int parts[6])
{
  static const char marks[] = "--T::";
  char *at = text;

  put_digits (&at, parts[0], 4);
  for (int i = 1; i < 6; i++)
    {
      *at++ = marks[i - 1];
      put_digits (&at, parts[i], 2);
    }
  return (int) (at - text);
}

void
mm_time_write (gint64 time, char text[MM_TIME_TEXT_SIZE])
{
  gint64 days = time / G_TIME_SPAN_DAY;
  gint64 rest = time % G_TIME_SPAN_DAY;
  gint64 era, year;
  int day_of_era, year_of_era, day_of_year, month_of_year, month, day, seconds, fraction, n;

  if (rest < 0)
    {
      rest += G_TIME_SPAN_DAY;
      days--;
    }
  days += DAYS_TO_EPOCH;
  era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  day_of_era = (int) (days - era * DAYS_PER_ERA);
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month_of_year = (5 * day_of_year + 2) / 153;
  day = day_of_year - (153 * month_of_year + 2) / 5 + 1;
  month = month_of_year < 10 ? month_of_year + 3 : month_of_year - 9;
  year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  seconds = (int) (rest / G_USEC_PER_SEC);
  fraction = (int) (rest % G_USEC_PER_SEC);

  if (year >= 0 && year <= 9999)
    n = write_usual (text, (const int[]){ (int) year, month, day, seconds / 3600, seconds / 60 % 60,
                                          seconds % 60 });
  else
    n = g_snprintf (text, MM_TIME_TEXT_SIZE, "%04" G_GINT64_FORMAT "-%02d-%02dT%02d:%02d:%02d",
                    year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction != 0)
    {
      n += g_snprintf (text + n, (gulong) (MM_TIME_TEXT_SIZE - n), ".%06d", fraction);
      while (text[n - 1] == '0')
        n--;
    }
  memcpy (text + n, "Z", 2);
}

char *
mm_time_format (gint64 time)
{
  char text[MM_TIME_TEXT_SIZE];

  mm_time_write (time, text);
  return g_strdup (text);
}
