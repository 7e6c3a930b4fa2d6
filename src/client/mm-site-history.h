/* The history of a gateway as the house's own: one line per quantity, whatever number of devices
 * measured it. Plain data, owned by one thread.
 *
 * As with today's figures (docs/openapi.yaml, Today): what several devices produce and store is
 * added up; of several that measure the grid or the house, which there is one of, the one with the
 * most points counts.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One point. @time: UTC microseconds, of a span its middle; @lowest, @highest: what the span
 * reached, both @value for a single reading */
typedef struct
{
  gint64 time;
  double value;
  double lowest;
  double highest;
  gboolean late;
} MmSitePoint;

/* All points of one quantity in order of time. */
typedef struct
{
  char *quantity;
  GArray *points; /* of MmSitePoint */
} MmSiteLine;

/* @from, @to: what was asked for, @to is not included; @timezone: of the site */
typedef struct
{
  gint64 from;
  gint64 to;
  char *timezone;
  GPtrArray *lines; /* of MmSiteLine, by quantity */
} MmSiteHistory;

/* Reads @answer (History of docs/openapi.yaml). Of days, a counter's value is its energy. Never
 * NULL. */
MmSiteHistory *mm_site_history_new (JsonNode *answer);
void mm_site_history_free (MmSiteHistory *history);

/* The line of @quantity; NULL if there is none. */
const MmSiteLine *mm_site_history_find (const MmSiteHistory *history, const char *quantity);

/* Works out the energies of days from the powers of quarters of an hour, where no counter tells
 * them: returns a history with the lines *_energy_total of @quarters, a day's point at its noon. A
 * quarter without readings counts nothing. */
MmSiteHistory *mm_site_history_days_of_powers (const MmSiteHistory *quarters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSiteHistory, mm_site_history_free)

G_END_DECLS
