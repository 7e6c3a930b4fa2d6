/* The letters about links. On the writer's thread. */
#include "mm-link-letters.h"

#include "mm-language.h"
#include "mm-link.h"
#include "mm-posting.h"

static json_t *
scope_of (guint grants)
{
  json_t *scope = json_array ();

  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    if (mm_link_grants (grants) & grant)
      json_array_append_new (scope, json_string (mm_link_grant_label ((MmGrants) grant)));
  return scope;
}

/* The last moment of a link's time, as a person says it: the day. */
static void
set_until (MmContext *context, json_t *values, const MmLinkRow *link, const char *language)
{
  g_autoptr (GTimeZone) site = NULL;
  g_autofree char *day = NULL;

  if (link->until == MM_TIME_NONE)
    return;
  site = g_time_zone_new_identifier (link->timezone);
  if (site == NULL)
    site = g_time_zone_new_utc ();
  day = mm_language_format_date (mm_languages_get (context->languages, language), link->until - 1,
                                 site);
  json_object_set_new (values, "until", json_string (day));
}

static void
set_when (
    MmContext *context, json_t *values, const MmLinkRow *link, const char *language, gint64 now)
{
  g_autoptr (GTimeZone) site = g_time_zone_new_identifier (link->timezone);
  g_autofree char *when = NULL;

  if (site == NULL)
    site = g_time_zone_new_utc ();
  when = mm_language_format_time (mm_languages_get (context->languages, language), now, site);
  json_object_set_new (values, "when", json_string (when));
}

gboolean
mm_link_letters_to_dealer (MmContext *context,
                           MmDatabase *db,
                           const MmLinkRow *link,
                           const char *letter,
                           const char *by,
                           gint64 now,
                           GError **error)
{
  MmPost post = { .letter = letter,
                  .recipient = link->dealer_mail,
                  .language = link->dealer_language,
                  .account = link->dealer };
  g_autofree char *url = g_strconcat (context->public_url, "/links", NULL);
  json_t *values
      = json_pack ("{s:s, s:b, s:[s], s:o, s:s, s:s, s:s}", "name", link->dealer_name, "for_dealer",
                   1, "gateways", link->gateway_id, "scope", scope_of (link->grants), "url", url,
                   "customer", link->owner_name, "place", link->gateway_municipality);
  gboolean ok;

  if (by != NULL)
    json_object_set_new (values, by, json_true ());
  set_until (context, values, link, link->dealer_language);
  set_when (context, values, link, link->dealer_language, now);
  ok = mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return ok;
}

gboolean
mm_link_letters_to_owner (MmContext *context,
                          MmDatabase *db,
                          const MmLinkRow *link,
                          const char *letter,
                          const char *by,
                          gint64 now,
                          GError **error)
{
  MmPost post = { .letter = letter,
                  .recipient = link->owner_mail,
                  .language = link->owner_language,
                  .account = link->owner };
  g_autofree char *url = g_strconcat (context->public_url, "/my/gateways/", link->gateway_id, NULL);
  json_t *values;
  gboolean ok;

  if (link->owner == 0)
    return TRUE;
  values = json_pack ("{s:s, s:b, s:s, s:[s], s:o, s:s}", "name", link->owner_name, "for_dealer", 0,
                      "dealer", link->dealer_name, "gateways", link->gateway_id, "scope",
                      scope_of (link->grants), "url", url);
  if (by != NULL)
    json_object_set_new (values, by, json_true ());
  set_until (context, values, link, link->owner_language);
  set_when (context, values, link, link->owner_language, now);
  ok = mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return ok;
}
