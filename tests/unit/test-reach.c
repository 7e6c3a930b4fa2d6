/* From how far a server can be reached: by its public URL, else by where it listens. */
#include "mm-reach.h"

static void
test_of_addresses (void)
{
  static const struct
  {
    const char *url, *host, *reach;
  } cases[] = {
    { NULL, "127.0.0.1", "this-computer" },
    { NULL, "::1", "this-computer" },
    { NULL, "localhost", "this-computer" },
    { NULL, "0.0.0.0", "network" },
    { NULL, "::", "network" },
    { NULL, "192.168.1.5", "network" },
    { NULL, "172.31.0.1", "network" },
    { NULL, "100.64.0.1", "network" },
    { NULL, "100.128.0.1", "internet" },
    { NULL, "fd12::1", "network" },
    { NULL, "fe80::1", "network" },
    { NULL, "203.0.113.5", "internet" },
    { NULL, "2001:db8::1", "internet" },
    { NULL, "shop", "network" },
    { "http://localhost:8470", "0.0.0.0", "this-computer" },
    { "http://10.0.0.2:8470", "127.0.0.1", "network" },
    { "https://Shop.LOCAL", "127.0.0.1", "network" },
    { "https://mimamori.example.jp", "127.0.0.1", "internet" },
    { "https://[2001:db8::1]:8470", "::", "internet" },
    { "https://[fd12::1]:8470", "::", "network" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s, %s", cases[i].url, cases[i].host);
      g_assert_cmpstr (mm_reach_name (mm_reach_of (cases[i].url, cases[i].host)), ==,
                       cases[i].reach);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reach/of-addresses", test_of_addresses);
  return g_test_run ();
}
