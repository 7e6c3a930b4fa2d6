/* Peers' addresses, ranges, and whom a proxy speaks for. */
#include "mm-address.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

static void
assert_parsed (const char *text, const char *expected)
{
  g_autofree char *again = NULL;
  MmAddress address;

  g_assert_true (mm_address_parse (&address, text));
  again = mm_address_to_text (&address);
  g_assert_cmpstr (again, ==, expected);
}

static void
test_parse (void)
{
  static const char *const bad[] = { "",
                                     "a",
                                     "1.2.3",
                                     "1.2.3.4.5",
                                     "[::1",
                                     "[::1]x",
                                     "1.2.3.4 ",
                                     "unknown",
                                     "_hidden",
                                     "::g",
                                     "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111" };
  MmAddress address;

  assert_parsed ("192.0.2.1", "192.0.2.1");
  assert_parsed ("192.0.2.1:80", "192.0.2.1");
  assert_parsed ("2001:DB8::1", "2001:db8::1");
  assert_parsed ("[2001:db8::1]:443", "2001:db8::1");
  assert_parsed ("[2001:db8::1]", "2001:db8::1");
  assert_parsed ("::ffff:192.0.2.1", "192.0.2.1");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mm_address_parse (&address, bad[i]));
}

static void
test_sockaddr (void)
{
  struct sockaddr_in6 mapped = { .sin6_family = AF_INET6 };
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  g_autofree char *text = NULL, *unix_text = NULL;
  MmAddress address;

  inet_pton (AF_INET6, "::ffff:127.0.0.2", &mapped.sin6_addr);
  mm_address_from_sockaddr (&address, (struct sockaddr *) &mapped);
  text = mm_address_to_text (&address);
  g_assert_cmpstr (text, ==, "127.0.0.2");
  g_assert_true (mm_address_is_loopback (&address));
  mm_address_from_sockaddr (&address, (struct sockaddr *) &local);
  unix_text = mm_address_to_text (&address);
  g_assert_cmpstr (unix_text, ==, "unix");
}

static gboolean
loopback (const char *text)
{
  MmAddress address;

  g_assert_true (mm_address_parse (&address, text));
  return mm_address_is_loopback (&address);
}

static guint64
party (const char *text)
{
  MmAddress address;

  g_assert_true (mm_address_parse (&address, text));
  return mm_address_party (&address);
}

static void
test_party (void)
{
  g_assert_true (loopback ("127.9.9.9"));
  g_assert_true (loopback ("::1"));
  g_assert_false (loopback ("128.0.0.1"));
  g_assert_false (loopback ("::2"));
  g_assert_cmpuint (party ("192.0.2.1"), !=, party ("192.0.2.2"));
  g_assert_cmpuint (party ("2001:db8:0:1::1"), ==, party ("2001:db8:0:1:ffff::2"));
  g_assert_cmpuint (party ("2001:db8:0:1::1"), !=, party ("2001:db8:0:2::1"));
}

static gboolean
contains (const char *range_text, const char *text)
{
  MmAddressRange range;
  MmAddress address;

  g_assert_true (mm_address_range_parse (&range, range_text));
  g_assert_true (mm_address_parse (&address, text));
  return mm_address_range_contains (&range, &address);
}

static void
test_range (void)
{
  MmAddressRange range;

  g_assert_true (contains ("192.0.2.0/24", "192.0.2.255"));
  g_assert_false (contains ("192.0.2.0/24", "192.0.3.0"));
  g_assert_true (contains ("192.0.2.128/25", "192.0.2.129"));
  g_assert_false (contains ("192.0.2.128/25", "192.0.2.127"));
  g_assert_true (contains ("0.0.0.0/0", "255.255.255.255"));
  g_assert_false (contains ("0.0.0.0/0", "::1"));
  g_assert_true (contains ("192.0.2.7", "192.0.2.7"));
  g_assert_false (contains ("192.0.2.7", "192.0.2.6"));
  g_assert_true (contains ("2001:db8::/33", "2001:db8:7fff::1"));
  g_assert_false (contains ("2001:db8::/33", "2001:db8:8000::1"));
  g_assert_true (contains ("::1/128", "::1"));
  g_assert_false (mm_address_range_parse (&range, "192.0.2.0/33"));
  g_assert_false (mm_address_range_parse (&range, "192.0.2.0/"));
  g_assert_false (mm_address_range_parse (&range, "192.0.2.0/-1"));
  g_assert_false (mm_address_range_parse (&range, "example.com"));
}

static void
assert_forwarded (const char *peer, const char *forwarded, const char *expected)
{
  MmAddressRange trusted[2];
  MmAddress address, found;
  g_autofree char *text = NULL;

  g_assert_true (mm_address_range_parse (&trusted[0], "10.0.0.0/8"));
  g_assert_true (mm_address_range_parse (&trusted[1], "::1"));
  g_assert_true (mm_address_parse (&address, peer));
  found = mm_address_forwarded (&address, forwarded, trusted, 2);
  text = mm_address_to_text (&found);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_forwarded (void)
{
  assert_forwarded ("10.0.0.1", "", "10.0.0.1");
  assert_forwarded ("10.0.0.1", "192.0.2.1", "192.0.2.1");
  /* Whatever the client wrote itself is left of what the proxy added. */
  assert_forwarded ("10.0.0.1", "1.1.1.1, 192.0.2.1", "192.0.2.1");
  assert_forwarded ("10.0.0.1", "1.1.1.1, 192.0.2.1 , 10.0.0.2", "192.0.2.1");
  assert_forwarded ("::1", "[2001:db8::1]:5000", "2001:db8::1");
  assert_forwarded ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1");
  assert_forwarded ("10.0.0.1", "unknown, 10.0.0.2", "10.0.0.2");
  /* A stranger's word counts nothing. */
  assert_forwarded ("192.0.2.9", "1.1.1.1", "192.0.2.9");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/parse", test_parse);
  g_test_add_func ("/address/sockaddr", test_sockaddr);
  g_test_add_func ("/address/party", test_party);
  g_test_add_func ("/address/range", test_range);
  g_test_add_func ("/address/forwarded", test_forwarded);
  return g_test_run ();
}
