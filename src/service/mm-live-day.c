#include "mm-live-day.h"

#include "mm-history-spans.h"

#include <math.h>
#include <string.h>

/* Bytes of another version are worked out again. */
#define VERSION 1

void
mm_live_day_clear (MmLiveDay *day)
{
  g_free (day->series);
  *day = (MmLiveDay){ 0 };
}

static MmLiveDaySeries *
find (MmLiveDay *day, guint32 number, gboolean is_counter)
{
  MmLiveDaySeries *series;

  for (guint i = 0; i < day->n_series; i++)
    if (day->series[i].series == number)
      return &day->series[i];
  day->series = g_renew (MmLiveDaySeries, day->series, day->n_series + 1);
  series = &day->series[day->n_series++];
  *series = (MmLiveDaySeries){
    .base_time = G_MININT64,
    .series = number,
    .is_counter = is_counter,
  };
  mm_energy_begin (&series->energy, G_MININT64, 0);
  return series;
}

static void
add (const MmLiveDay *day, MmLiveDaySeries *series, gint64 bridge, gint64 time, double value)
{
  if (series->is_counter)
    mm_energy_count (&series->energy, day->from, day->to, time, value);
  else
    mm_energy_integrate (&series->energy, day->from, day->to, bridge, time, value);
  if (time <= day->from)
    {
      series->base_time = time;
      series->base = series->energy.value;
    }
}

/* Begins the day of @time. What is newest becomes what the day begins from. */
static void
begin (MmLiveDay *day, GTimeZone *zone, gint64 time)
{
  if (!mm_history_day_of (zone, time, &day->from, &day->to))
    day->from = day->to = 0;
  for (guint i = 0; i < day->n_series; i++)
    {
      MmLiveDaySeries *series = &day->series[i];

      series->base_time = series->energy.time;
      series->base = series->energy.value;
      mm_energy_begin (&series->energy, series->base_time, series->base);
    }
  day->is_inexact = FALSE;
}

void
mm_live_day_take (MmLiveDay *day,
                  GTimeZone *zone,
                  gint64 bridge,
                  guint32 number,
                  gboolean is_counter,
                  gint64 time,
                  double value)
{
  MmLiveDaySeries *series;

  if (time >= day->to)
    begin (day, zone, time);
  series = find (day, number, is_counter);
  if (time > series->energy.time)
    {
      add (day, series, bridge, time, value);
      return;
    }
  if (time <= day->from && time >= series->base_time)
    {
      series->base_time = time;
      series->base = value;
    }
  else if (time <= day->from)
    return;
  day->is_inexact = TRUE;
}

void
mm_live_day_reset (MmLiveDay *day)
{
  for (guint i = 0; i < day->n_series; i++)
    mm_energy_begin (&day->series[i].energy, day->series[i].base_time, day->series[i].base);
  day->is_inexact = FALSE;
}

double
mm_live_day_produced (const MmLiveDay *day, gint64 now)
{
  double counted = NAN, integrated = NAN;

  if (now < day->from || now >= day->to)
    return NAN;
  for (guint i = 0; i < day->n_series; i++)
    {
      const MmLiveDaySeries *series = &day->series[i];
      double *sum = series->is_counter ? &counted : &integrated;

      if (series->energy.known)
        *sum = (isnan (*sum) ? 0 : *sum) + series->energy.positive;
    }
  return isnan (counted) ? integrated : counted;
}

/* ---- saving: in host byte order, as all of the live state ---- */

typedef struct
{
  guint32 version;
  guint32 is_inexact;
  gint64 from;
  gint64 to;
} SavedDay;

typedef struct
{
  gint64 base_time;
  gint64 time;
  double base;
  double value;
  double positive;
  double negative;
  guint32 series;
  guint16 is_counter;
  guint16 known;
} SavedSeries;

GByteArray *
mm_live_day_save (const MmLiveDay *day)
{
  GByteArray *bytes = g_byte_array_new ();
  const SavedDay saved = { VERSION, day->is_inexact, day->from, day->to };

  g_byte_array_append (bytes, (const guint8 *) &saved, sizeof saved);
  for (guint i = 0; i < day->n_series; i++)
    {
      const MmLiveDaySeries *series = &day->series[i];
      const MmEnergy *energy = &series->energy;
      const SavedSeries row = { series->base_time,      energy->time,
                                series->base,           energy->value,
                                energy->positive,       energy->negative,
                                series->series,         (guint16) series->is_counter,
                                (guint16) energy->known };

      g_byte_array_append (bytes, (const guint8 *) &row, sizeof row);
    }
  return bytes;
}

void
mm_live_day_load (MmLiveDay *day, const guint8 *bytes, gsize length)
{
  SavedDay saved = { 0 };
  gsize n;

  mm_live_day_clear (day);
  if (length >= sizeof saved)
    memcpy (&saved, bytes, sizeof saved);
  n = length >= sizeof saved ? (length - sizeof saved) / sizeof (SavedSeries) : 0;
  if (saved.version != VERSION || length != sizeof saved + n * sizeof (SavedSeries))
    {
      day->is_inexact = TRUE;
      return;
    }
  day->is_inexact = saved.is_inexact != 0;
  day->from = saved.from;
  day->to = saved.to;
  day->n_series = (guint) n;
  day->series = g_new0 (MmLiveDaySeries, n);
  for (gsize i = 0; i < n; i++)
    {
      SavedSeries row;

      memcpy (&row, bytes + sizeof saved + i * sizeof row, sizeof row);
      day->series[i] = (MmLiveDaySeries){
        .base_time = row.base_time,
        .base = row.base,
        .energy = { row.time, row.value, row.positive, row.negative, row.known != 0 },
        .series = row.series,
        .is_counter = row.is_counter != 0,
      };
    }
}
