#include "mm-reach.h"

#include <gio/gio.h>
#include <string.h>

const char *
mm_reach_name (MmReach reach)
{
  static const char *const names[] = { "this-computer", "network", "internet" };

  return names[reach];
}

/* Addresses that carriers share among customers, 100.64.0.0/10 (RFC 6598), and of private IPv6
 * networks, fc00::/7 (RFC 4193): GLib knows neither. */
static gboolean
is_private (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    return (bytes[0] & 0xfe) == 0xfc;
  return bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
}

static MmReach
of_address (GInetAddress *address)
{
  if (g_inet_address_get_is_loopback (address))
    return MM_REACH_THIS_COMPUTER;
  if (g_inet_address_get_is_any (address) || g_inet_address_get_is_site_local (address)
      || g_inet_address_get_is_link_local (address) || is_private (address))
    return MM_REACH_NETWORK;
  return MM_REACH_INTERNET;
}

static MmReach
of_host (const char *host)
{
  static const char *const local[] = { ".local", ".lan", ".home.arpa", ".internal" };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autofree char *name = g_ascii_strdown (host, -1);

  if (address != NULL)
    return of_address (address);
  if (g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost"))
    return MM_REACH_THIS_COMPUTER;
  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    if (g_str_has_suffix (name, local[i]))
      return MM_REACH_NETWORK;
  return strchr (name, '.') == NULL ? MM_REACH_NETWORK : MM_REACH_INTERNET;
}

MmReach
mm_reach_of (const char *public_url, const char *listen_host)
{
  g_autoptr (GUri) uri
      = public_url != NULL ? g_uri_parse (public_url, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri != NULL && g_uri_get_host (uri) != NULL)
    return of_host (g_uri_get_host (uri));
  return of_host (listen_host);
}
