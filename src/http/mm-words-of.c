#include "mm-words-of.h"

#include "mm-link-until.h"
#include "mm-link.h"

static GTimeZone *
zone_of (const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name);

  return zone != NULL ? zone : g_time_zone_new_utc ();
}

static gboolean
same_day (gint64 a, gint64 b, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc_a = g_date_time_new_from_unix_utc (a / MM_SECOND);
  g_autoptr (GDateTime) utc_b = g_date_time_new_from_unix_utc (b / MM_SECOND);
  g_autoptr (GDateTime) local_a = g_date_time_to_timezone (utc_a, zone);
  g_autoptr (GDateTime) local_b = g_date_time_to_timezone (utc_b, zone);

  return g_date_time_get_year (local_a) == g_date_time_get_year (local_b)
         && g_date_time_get_day_of_year (local_a) == g_date_time_get_day_of_year (local_b);
}

char *
mm_words_of_age (const MmLanguage *language, gint64 now, gint64 then, const char *zone)
{
  g_autoptr (GTimeZone) site = zone_of (zone);
  gint64 age = MAX (0, now - then);

  if (age < MM_MINUTE)
    return g_strdup (mm_tr (language, "less than a minute ago"));
  if (age < MM_HOUR)
    {
      gulong minutes = (gulong) (age / MM_MINUTE);

      return g_strdup_printf (mm_tr_n (language, "%lu minute ago", "%lu minutes ago", minutes),
                              minutes);
    }
  if (same_day (now, then, site))
    {
      g_autofree char *clock = mm_language_format_clock (language, then, site);

      return mm_tr_f (language, "today at %s", clock);
    }
  return mm_language_format_date (language, then, site);
}

char *
mm_words_of_time (const MmLanguage *language, gint64 then, const char *zone)
{
  g_autoptr (GTimeZone) site = zone_of (zone);

  return mm_language_format_time (language, then, site);
}

char *
mm_words_of_day (const MmLanguage *language, const char *day)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  gint64 until = MM_TIME_NONE;
  g_autoptr (GError) ignored = NULL;

  if (day == NULL)
    return g_strdup ("");
  until = mm_link_until_parse (day, "UTC", 0, &ignored);
  if (until == MM_TIME_NONE)
    return g_strdup (day);
  return mm_language_format_date (language, until - 1, utc);
}

json_t *
mm_words_of_scope (guint grants)
{
  guint granted = mm_link_grants (grants);
  json_t *scope = json_array ();

  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    if (granted & grant)
      json_array_append_new (scope, json_string (mm_link_grant_label ((MmGrants) grant)));
  return scope;
}

static void
set_url (json_t *values, const char *key, const char *format, const char *id)
{
  g_autofree char *url = g_strdup_printf (format, id);

  json_object_set_new (values, key, json_string (url));
}

json_t *
mm_words_of_link (const MmLanguage *language, const MmLinkRow *link)
{
  g_autoptr (GTimeZone) site = zone_of (link->timezone);
  g_autofree char *since = mm_language_format_time (language, link->since, site);
  g_autofree char *until = NULL;
  json_t *values;

  if (link->until != MM_TIME_NONE)
    until = mm_language_format_date (language, link->until - 1, site);
  /* All are set in any case, so that none is looked up outwards in the template. */
  values
      = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", link->public_id,
                   "dealer", link->dealer_name, "dealer_id", link->dealer_id, "gateway",
                   link->gateway_id, "site", link->gateway_name, "place",
                   link->gateway_municipality, "customer", link->owner_name, "since", since,
                   "until", until != NULL ? until : "", "scope", mm_words_of_scope (link->grants));
  set_url (values, "url", "/my/links/%s", link->public_id);
  set_url (values, "end_url", "/my/links/%s/end", link->public_id);
  set_url (values, "decline_url", "/links/%s/decline", link->public_id);
  set_url (values, "gateway_url", "/my/gateways/%s", link->gateway_id);
  return values;
}
