/* The server: accounts, links, ingest, alerts, mail and pages; and the commands of its operator. */
#include "mm-operator-command.h"
#include "mm-secret.h"
#include "mm-serve.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static void
print_help (void)
{
  puts ("Usage: mimamori-server [COMMAND] [OPTION…]\n\nCommands:\n"
        "  serve            run the server (the default)");
  mm_operator_command_list ();
  puts (
      "\nCOMMAND --help says more. All take --data-dir DIR and --config FILE, as the server does, "
      "and --json.\nExit status: 0 done, 1 failed with one line on standard error, 2 wrong "
      "usage.");
}

int
main (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "serve";
  char *version[] = { "version", NULL };
  int status;

  setlocale (LC_ALL, "");
  /* Standard output is for what commands print and for the address that serves. */
  g_log_writer_default_set_use_stderr (TRUE);
  mm_secret_init ();
  if (strcmp (command, "--help") == 0 || strcmp (command, "-h") == 0)
    {
      print_help ();
      return 0;
    }
  if (strcmp (command, "--version") == 0)
    return mm_command_version (1, version);
  if (strcmp (command, "serve") == 0 && argc > 1)
    return mm_serve_command (argc - 1, argv + 1);
  if (command[0] == '-' || argc == 1)
    return mm_serve_command (argc, argv);
  if (mm_operator_command (argc, argv, &status))
    return status;
  fprintf (stderr, "mimamori-server: there is no command “%s” (see --help)\n", command);
  return 2;
}
