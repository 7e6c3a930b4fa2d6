#include "mm-trust.h"

#include <string.h>

#define SERVERS "servers"

char *
mm_trust_find_pin (GSettings *settings, const char *url)
{
  g_autoptr (GVariant) pins = g_settings_get_value (settings, SERVERS);
  const char *pin = NULL;

  /* The schema allows an empty pin for an address that needs none. */
  g_variant_lookup (pins, url, "&s", &pin);
  return pin != NULL && *pin != '\0' ? g_strdup (pin) : NULL;
}

void
mm_trust_set_pin (GSettings *settings, const char *url, const char *fingerprint)
{
  g_autoptr (GVariant) pins = g_settings_get_value (settings, SERVERS);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *address, *pin;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, pins);
  while (g_variant_iter_next (&iter, "{&s&s}", &address, &pin))
    if (strcmp (address, url) != 0)
      g_variant_builder_add (&builder, "{ss}", address, pin);
  if (fingerprint != NULL)
    g_variant_builder_add (&builder, "{ss}", url, fingerprint);
  g_settings_set_value (settings, SERVERS, g_variant_builder_end (&builder));
}

MmApi *
mm_trust_new_api (GSettings *settings, const char *url, const char *language)
{
  MmApi *api = mm_api_new (url, language);
  g_autofree char *pin = mm_trust_find_pin (settings, url);

  mm_api_set_pin (api, pin);
  return api;
}

char *
mm_trust_group_fingerprint (const char *fingerprint)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; fingerprint[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, i % 16 == 0 ? '\n' : ' ');
      g_string_append_c (text, g_ascii_toupper (fingerprint[i]));
    }
  return g_string_free (text, FALSE);
}

gboolean
mm_trust_is_exposed (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GInetAddress) address = NULL;

  if (uri == NULL || strcmp (g_uri_get_scheme (uri), "http") != 0)
    return FALSE;
  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  return g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") != 0
         && (address == NULL || !g_inet_address_get_is_loopback (address));
}
