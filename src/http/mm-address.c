#include "mm-address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void
set_v6 (MmAddress *address, const struct in6_addr *v6)
{
  if (IN6_IS_ADDR_V4MAPPED (v6))
    {
      address->family = AF_INET;
      memcpy (address->bytes, v6->s6_addr + 12, 4);
    }
  else
    {
      address->family = AF_INET6;
      memcpy (address->bytes, v6->s6_addr, 16);
    }
}

void
mm_address_from_sockaddr (MmAddress *address, const struct sockaddr *sockaddr)
{
  memset (address, 0, sizeof *address);
  if (sockaddr->sa_family == AF_INET)
    {
      address->family = AF_INET;
      memcpy (address->bytes, &((const struct sockaddr_in *) sockaddr)->sin_addr, 4);
    }
  else if (sockaddr->sa_family == AF_INET6)
    set_v6 (address, &((const struct sockaddr_in6 *) sockaddr)->sin6_addr);
  else
    address->family = AF_UNIX;
}

gboolean
mm_address_parse (MmAddress *address, const char *text)
{
  char host[INET6_ADDRSTRLEN + 1];
  struct in6_addr v6;
  gsize length = strlen (text);

  memset (address, 0, sizeof *address);
  if (text[0] == '[')
    {
      text++;
      length = strcspn (text, "]");
      if (text[length] != ']' || (text[length + 1] != '\0' && text[length + 1] != ':'))
        return FALSE;
    }
  else if (strchr (text, ':') != NULL && strchr (text, ':') == strrchr (text, ':'))
    length = strcspn (text, ":");
  if (length >= sizeof host)
    return FALSE;
  memcpy (host, text, length);
  host[length] = '\0';
  if (inet_pton (AF_INET, host, address->bytes) == 1)
    {
      address->family = AF_INET;
      return TRUE;
    }
  if (inet_pton (AF_INET6, host, &v6) != 1)
    return FALSE;
  set_v6 (address, &v6);
  return TRUE;
}

char *
mm_address_to_text (const MmAddress *address)
{
  char text[INET6_ADDRSTRLEN];

  if (address->family == AF_UNIX)
    return g_strdup ("unix");
  inet_ntop (address->family, address->bytes, text, sizeof text);
  return g_strdup (text);
}

gboolean
mm_address_is_loopback (const MmAddress *address)
{
  static const guint8 one[16] = { [15] = 1 };

  return address->family == AF_INET ? address->bytes[0] == 127
                                    : memcmp (address->bytes, one, 16) == 0;
}

guint64
mm_address_party (const MmAddress *address)
{
  guint64 party = 0;

  memcpy (&party, address->bytes, address->family == AF_INET ? 4 : 8);
  return party;
}

gboolean
mm_address_range_parse (MmAddressRange *range, const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *host = g_strndup (text, slash != NULL ? (gsize) (slash - text) : strlen (text));
  guint64 bits;
  guint most;

  if (!mm_address_parse (&range->address, host))
    return FALSE;
  most = range->address.family == AF_INET ? 32 : 128;
  range->bits = most;
  if (slash == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (slash + 1, 10, 0, most, &bits, NULL))
    return FALSE;
  range->bits = (guint) bits;
  return TRUE;
}

gboolean
mm_address_range_contains (const MmAddressRange *range, const MmAddress *address)
{
  guint whole = range->bits / 8, rest = range->bits % 8;

  if (range->address.family != address->family
      || memcmp (range->address.bytes, address->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || ((range->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest)) == 0;
}

static gboolean
is_trusted (const MmAddress *address, const MmAddressRange *trusted, guint n_trusted)
{
  for (guint i = 0; i < n_trusted; i++)
    if (mm_address_range_contains (&trusted[i], address))
      return TRUE;
  return FALSE;
}

MmAddress
mm_address_forwarded (const MmAddress *peer,
                      const char *forwarded,
                      const MmAddressRange *trusted,
                      guint n_trusted)
{
  g_auto (GStrv) entries = g_strsplit (forwarded, ",", -1);
  MmAddress found = *peer;

  for (guint i = g_strv_length (entries); i > 0 && is_trusted (&found, trusted, n_trusted); i--)
    {
      MmAddress next;

      if (!mm_address_parse (&next, g_strstrip (entries[i - 1])))
        break;
      found = next;
    }
  return found;
}
