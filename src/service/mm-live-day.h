/* What a gateway produced on the day of its newest value, kept up to date push by push.
 *
 * Part of the live state (mm-live.h), which says which thread may touch it. Values are taken in the
 * order of the reading log, so that replaying the log comes to the same. A value that is older than
 * the newest of its series, or corrects one, makes the sum inexact until it is worked out again
 * from the log. The rules of the sums are those of core/mm-energy.h.
 */
#pragma once

#include "mm-energy.h"

G_BEGIN_DECLS

/* One series of what is produced.
 * @base_time, @base: the last point that is not after the day's beginning; G_MININT64 if none */
typedef struct
{
  gint64 base_time;
  double base;
  MmEnergy energy;
  guint32 series;
  gboolean is_counter;
} MmLiveDaySeries;

/* @from, @to: the day of the site; equal before the first value */
typedef struct
{
  gint64 from;
  gint64 to;
  gboolean is_inexact;
  guint n_series;
  MmLiveDaySeries *series;
} MmLiveDay;

/* Back to nothing; frees what it holds. */
void mm_live_day_clear (MmLiveDay *day);

/* Takes a value of the series number @series, which is a counter or a power of what is produced.
 * @bridge: mm_energy_bridge() */
void mm_live_day_take (MmLiveDay *day,
                       GTimeZone *zone,
                       gint64 bridge,
                       guint32 series,
                       gboolean is_counter,
                       gint64 time,
                       double value);

/* Goes back to the beginning of the day: all points after it are to be taken again, in order of
 * time. */
void mm_live_day_reset (MmLiveDay *day);

/* Wh produced on the day in which @now lies: by the counters if any counted, else by the powers;
 * NAN if nothing is known of that day. */
double mm_live_day_produced (const MmLiveDay *day, gint64 now);

/* As it is saved, and back. Bytes that are none of ours, or none at all, give an inexact day. */
GByteArray *mm_live_day_save (const MmLiveDay *day);
void mm_live_day_load (MmLiveDay *day, const guint8 *bytes, gsize length);

G_END_DECLS
