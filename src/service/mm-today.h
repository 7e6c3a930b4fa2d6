/* The energies of a gateway's day so far, for its page.
 *
 * From the counters of the gateway if they counted today, else from its powers; by the rules of
 * core/mm-energy.h, in days of the site, and of nothing from before the link unless that is
 * allowed. What several devices produce and store is added up; of several that measure the grid or
 * the house, which there is one of, the one with the most values counts. May block; call it from a
 * worker.
 */
#pragma once

#include "mm-access.h"
#include "mm-context.h"

G_BEGIN_DECLS

typedef enum
{
  MM_TODAY_PRODUCED,
  MM_TODAY_USED, /* if the house is not measured: what is produced, bought and discharged, without
                    what is sold and charged */
  MM_TODAY_SOLD,
  MM_TODAY_BOUGHT,
  MM_TODAY_CHARGED,
  MM_TODAY_DISCHARGED,
  MM_N_TODAY,
} MmTodayFigure;

/* "produced", "used" … */
const char *mm_today_name (MmTodayFigure figure);

/* @from, @to: the day of the site, @to not included
 * @date: "2026-05-01"
 * @energy: Wh, NAN if unknown
 * @self_sufficiency: share of what is used that was not bought, 0–1; NAN if unknown */
typedef struct
{
  gint64 from;
  gint64 to;
  char date[16];
  double energy[MM_N_TODAY];
  double self_sufficiency;
} MmToday;

/* The day in which @now lies, as far as it is known at @now. */
gboolean mm_today_read (
    MmContext *context, const MmAccess *access, gint64 now, MmToday *today, GError **error);

G_END_DECLS
