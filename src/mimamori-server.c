/* The server: accounts, links, ingest, alerts, mail and pages; and the commands of its operator. */
#include "mm-secret.h"
#include "mm-serve.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const char usage[]
    = "Usage: mimamori-server [COMMAND] [OPTION…]\n"
      "\n"
      "Commands:\n"
      "  serve            run the server (the default; see serve --help)\n"
      "  version          show the version\n"
      "\n"
      "Exit status: 0 done, 1 failed with one line on standard error, 2 wrong usage.\n";

int
main (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "serve";

  setlocale (LC_ALL, "");
  mm_secret_init ();
  if (strcmp (command, "--help") == 0 || strcmp (command, "-h") == 0)
    {
      fputs (usage, stdout);
      return 0;
    }
  if (strcmp (command, "version") == 0 || strcmp (command, "--version") == 0)
    {
      printf ("mimamori-server %s\n", MM_VERSION);
      return 0;
    }
  if (strcmp (command, "serve") == 0 && argc > 1)
    return mm_serve_command (argc - 1, argv + 1);
  if (command[0] == '-' || argc == 1)
    return mm_serve_command (argc, argv);
  fprintf (stderr, "mimamori-server: there is no command “%s” (see --help)\n", command);
  return 2;
}
