/* The table of half hours that owners know from the maker's service: one row for each half hour
 * with the energies in kWh and the battery's level. Any thread.
 *
 * UTF-8 with a byte order mark; 年月日 (2026/05/01) and 時刻 (HH:MM, the half hour's beginning on
 * the site's clock); the order of columns differs between files, so they are found by their names.
 * Source: protocols.md §4. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_HALF_HOUR (30 * G_TIME_SPAN_MINUTE)
#define MM_HALF_HOURS_MAX (366 * 48 + 4) /* rows of one file: a year, and an hour of its zone */

typedef enum
{
  MM_HALF_HOUR_PV,
  MM_HALF_HOUR_LOAD,
  MM_HALF_HOUR_SOLD,
  MM_HALF_HOUR_BOUGHT,
  MM_HALF_HOUR_CHARGED,
  MM_HALF_HOUR_DISCHARGED,
  MM_N_HALF_HOUR_ENERGIES,
} MmHalfHourEnergy;

/* @from: its beginning, UTC microseconds
 * @energy: Wh, NAN if not known; @soc: percent, likewise */
typedef struct
{
  gint64 from;
  double energy[MM_N_HALF_HOUR_ENERGIES];
  double soc;
} MmHalfHour;

/* Reads a whole file of a site in @zone: #MmHalfHour by time, each once (the last of a time
 * counts). NULL with %MM_ERROR_FIELDS, a field "line 3" for each wrong row, at most ten, or
 * %MM_ERROR_INVALID if the table cannot be read at all. */
GArray *mm_half_hours_parse (const char *text, gsize length, GTimeZone *zone, GError **error);

/* Appends the heading, with the byte order mark, or a row. */
void mm_half_hours_write_heading (GString *csv);
void mm_half_hours_write (GString *csv, const MmHalfHour *half_hour, GTimeZone *zone);

G_END_DECLS
