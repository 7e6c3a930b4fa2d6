/* Figures and ages for people, the same in app, mail and web (look.md "Status"): `3.12 kW`,
 * `845 W`, `12.4 kWh`, `74 %`; "2 min ago" up to an hour, the clock today, the date before.
 * Any thread.
 */
#pragma once

#include "mm-language.h"

G_BEGIN_DECLS

/* A figure in its two parts, as the unit is shown smaller; "–" without a unit if there is none. */
typedef struct
{
  char value[48];
  char unit[16];
} MmFigure;

/* Watts: whole below 1 kW, else kW or MW with three digits that count. NAN: none. */
MmFigure mm_figure_power (const MmLanguage *language, double watts);

/* Watt-hours, likewise. */
MmFigure mm_figure_energy (const MmLanguage *language, double watt_hours);

/* Percent, whole. */
MmFigure mm_figure_percent (const MmLanguage *language, double percent);

/* Any quantity by its @unit as core/mm-quantity.h has it (W, Wh, %, °C, V …); NULL: a bare number.
 */
MmFigure mm_figure_of (const MmLanguage *language, double value, const char *unit);

/* Both parts with a space that does not break. Free with g_free(). */
char *mm_figure_text (const MmFigure *figure);

/* How long ago @then was, seen from @now (UTC microseconds) on the clock of @zone. Below a minute
 * in words; use mm_figure_age_short() where seconds count. Free with g_free(). */
char *mm_figure_age (const MmLanguage *language, gint64 now, gint64 then, GTimeZone *zone);

/* The same for a column of a list or a value that is alive: "12 s", "2 min", then as above. */
char *mm_figure_age_short (const MmLanguage *language, gint64 now, gint64 then, GTimeZone *zone);

/* How long something lasts: "45 s", "38 min", "2 h 5 min", "3 d 4 h". @span: microseconds ≥ 0 */
char *mm_figure_span (const MmLanguage *language, gint64 span);

G_END_DECLS
