#include "mm-words-of.h"

#include "mm-figure.h"
#include "mm-link-until.h"
#include "mm-link.h"

static GTimeZone *
zone_of (const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name);

  return zone != NULL ? zone : g_time_zone_new_utc ();
}

char *
mm_words_of_age (const MmLanguage *language, gint64 now, gint64 then, const char *zone)
{
  g_autoptr (GTimeZone) site = zone_of (zone);

  return mm_figure_age (language, now, then, site);
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
