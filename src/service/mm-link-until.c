#include "mm-link-until.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-words.h"

#include <string.h>

/* Three numbers of a day written as 2026-05-31. */
static gboolean
parse_day (const char *text, int *year, int *month, int *day)
{
  if (strlen (text) != 10)
    return FALSE;
  for (int i = 0; i < 10; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  *year = (int) g_ascii_strtoll (text, NULL, 10);
  *month = (int) g_ascii_strtoll (text + 5, NULL, 10);
  *day = (int) g_ascii_strtoll (text + 8, NULL, 10);
  return TRUE;
}

gint64
mm_link_until_parse (const char *text, const char *zone, gint64 now, GError **problems)
{
  g_autoptr (GTimeZone) site = NULL;
  gint64 from, to;
  int year, month, day;

  if (text == NULL || *text == '\0')
    return MM_TIME_NONE;
  site = g_time_zone_new_identifier (zone);
  if (site == NULL)
    site = g_time_zone_new_utc ();
  if (!parse_day (text, &year, &month, &day)
      || !mm_site_day_bounds (site, year, month, day, &from, &to))
    {
      mm_error_add_field (problems, "until", "syntax",
                          N_ ("Please give a day such as 2027-03-31, or leave it empty."));
      return MM_TIME_NONE;
    }
  if (to <= now)
    mm_error_add_field (problems, "until", "past",
                        N_ ("This day is over. Please choose today or a later day."));
  return to;
}

char *
mm_link_until_day (const MmLinkRow *link)
{
  g_autoptr (GTimeZone) site = NULL;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (link->until == MM_TIME_NONE)
    return NULL;
  site = g_time_zone_new_identifier (link->timezone);
  utc = g_date_time_new_from_unix_utc ((link->until - 1) / MM_SECOND);
  local = site != NULL ? g_date_time_to_timezone (utc, site) : g_date_time_ref (utc);
  return g_date_time_format (local, "%Y-%m-%d");
}
