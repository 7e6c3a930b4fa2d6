/* mimamori-server dealer list, dealer reset-two-factor, alert list. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

static int
list (int argc, char **argv, const char *noun, int (*run) (int argc, char **argv))
{
  g_autofree char *usage = NULL;

  if (argc > 1 && strcmp (argv[1], "list") == 0)
    return run (argc - 1, argv + 1);
  usage = g_strdup_printf ("usage: mimamori-server %s list", noun);
  return mm_command_fail (MM_EXIT_USAGE, usage);
}

static int
answer (MmCommand *command,
        const char *path,
        const char *member,
        const char *const *columns,
        const char *nothing)
{
  json_t *json = mm_command_request (command, "GET", path, NULL);

  if (json == NULL)
    return MM_EXIT_FAILED;
  if (!command->json)
    mm_command_print_table (json_object_get (json, member), columns, nothing);
  json_decref (json);
  return mm_command_done ();
}

static int
list_dealers (int argc, char **argv)
{
  static const char *const columns[]
      = { "user_id", "dealer_name", "name", "mail", "state", "activated", NULL };
  g_auto (MmCommand) command = { 0 };

  if (!mm_command_parse (&command, argc, argv, "dealer list",
                         "Lists the dealers' accounts; not those that are still provisional.", NULL,
                         0, 0))
    return MM_EXIT_USAGE;
  return answer (&command, "/operator/v1/dealers", "dealers", columns, "There are no dealers yet.");
}

static int
reset_two_factor (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  json_t *answer;

  if (!mm_command_parse (
          &command, argc, argv, "dealer reset-two-factor USER_ID",
          "Switches off two-factor sign-in for a dealer who has lost it. Be sure who\n"
          "asks: after this the password alone is enough. A mail tells the dealer.",
          NULL, 1, 1))
    return MM_EXIT_USAGE;
  id = g_uri_escape_string (command.words[0], NULL, FALSE);
  path = g_strdup_printf ("/operator/v1/dealers/%s/two-factor", id);
  answer = mm_command_request (&command, "DELETE", path, NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    printf ("Two-factor sign-in of %s is off.\n", command.words[0]);
  json_decref (answer);
  return mm_command_done ();
}

int
mm_command_dealer (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "reset-two-factor") == 0)
    return reset_two_factor (argc - 1, argv + 1);
  return list (argc, argv, "dealer", list_dealers);
}

static int
list_alerts (int argc, char **argv)
{
  static const char *const columns[]
      = { "gateway", "severity", "kind", "device", "code", "opened", "recovered", "count", NULL };
  g_auto (MmCommand) command = { 0 };
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "The newest 1,000, also those that are over", NULL },
    { NULL },
  };

  if (!mm_command_parse (&command, argc, argv, "alert list",
                         "Lists the open alerts of all gateways, newest first.", entries, 0, 0))
    return MM_EXIT_USAGE;
  return answer (&command, all ? "/operator/v1/alerts" : "/operator/v1/alerts?open=1", "alerts",
                 columns, "There are no alerts.");
}

int
mm_command_alert (int argc, char **argv)
{
  return list (argc, argv, "alert", list_alerts);
}
