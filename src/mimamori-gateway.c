/* The gateway agent: reads what the house measures and brings it to the server. */
#include "mm-replay.h"
#include "mm-simulate.h"

#include <locale.h>
#include <string.h>

static const char usage[]
    = "Usage: mimamori-gateway COMMAND [OPTION…]\n"
      "\n"
      "Commands:\n"
      "  replay FILE   push a recorded CSV file (see mimamori-gateway replay --help)\n"
      "  simulate      live a fleet of houses (see mimamori-gateway simulate --help)\n"
      "\n"
      "Options:\n"
      "  --help        show this\n"
      "  --version     show the version\n"
      "\n"
      "Exit status: 0 done, 1 failed with one line on standard error, 2 wrong usage.\n";

int
main (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "";

  setlocale (LC_ALL, "");
  if (strcmp (command, "replay") == 0)
    {
      g_set_prgname ("mimamori-gateway replay");
      return mm_replay_command (argc - 1, argv + 1);
    }
  if (strcmp (command, "simulate") == 0)
    {
      g_set_prgname ("mimamori-gateway simulate");
      return mm_simulate_command (argc - 1, argv + 1);
    }
  if (strcmp (command, "--help") == 0 || strcmp (command, "-h") == 0)
    {
      g_print ("%s", usage);
      return 0;
    }
  if (strcmp (command, "--version") == 0)
    {
      g_print ("mimamori-gateway %s\n", MM_VERSION);
      return 0;
    }
  g_printerr ("mimamori-gateway: %s (see --help)\n",
              argc > 1 ? "unknown command" : "name a command");
  return 2;
}
