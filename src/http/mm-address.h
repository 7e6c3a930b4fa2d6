/* Addresses of peers and ranges of them. Pure functions. */
#pragma once

#include <glib.h>

struct sockaddr;

G_BEGIN_DECLS

/* An address; IPv4 mapped into IPv6 is IPv4 here. @family is AF_INET, AF_INET6 or AF_UNIX. */
typedef struct
{
  int family;
  guint8 bytes[16];
} MmAddress;

/* A range in CIDR notation. */
typedef struct
{
  MmAddress address;
  guint bits;
} MmAddressRange;

/* Any family but the two of the internet counts as AF_UNIX. */
void mm_address_from_sockaddr (MmAddress *address, const struct sockaddr *sockaddr);

/* Reads "192.0.2.1", "2001:db8::1", "[2001:db8::1]:443" or "192.0.2.1:443" (the latter two as
 * proxies write them). FALSE if it is none of these. */
gboolean mm_address_parse (MmAddress *address, const char *text);

/* The text of @address; "unix" for Unix sockets. */
char *mm_address_to_text (const MmAddress *address);

/* 127.0.0.0/8 or ::1. */
gboolean mm_address_is_loopback (const MmAddress *address);

/* What counts as one party: the IPv4 address, or the IPv6 /64. */
guint64 mm_address_party (const MmAddress *address);

/* Reads "192.0.2.0/24" or a single address. FALSE if it is neither. */
gboolean mm_address_range_parse (MmAddressRange *range, const char *text);
gboolean mm_address_range_contains (const MmAddressRange *range, const MmAddress *address);

/* Who a request comes from when @peer is one of the @n_trusted: the right-most address in
 * @forwarded (the X-Forwarded-For lists joined by ",") that is no trusted one; the last good one if
 * an entry cannot be read. */
MmAddress mm_address_forwarded (const MmAddress *peer,
                                const char *forwarded,
                                const MmAddressRange *trusted,
                                guint n_trusted);

G_END_DECLS
