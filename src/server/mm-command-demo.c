/* mimamori-server demo. */
#include "mm-operator-command.h"

#include <stdio.h>

int
mm_command_demo (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  int houses = 20;
  const GOptionEntry entries[] = {
    { "houses", 0, 0, G_OPTION_ARG_INT, &houses, "How many, 1 to 200 (20)", "N" },
    { NULL },
  };
  g_autofree char *user_id = NULL;
  g_autofree char *password = NULL;
  g_autofree char *fleet_file = NULL;
  json_t *answer;

  if (!mm_command_parse (
          &command, argc, argv, "demo",
          "Fills an empty data directory with a dealer, customers and their\n"
          "gateways, for mimamori-gateway simulate; says how to sign in. Where there\n"
          "is such a demo already, says that again.",
          entries, 0, 0))
    return MM_EXIT_USAGE;
  if (houses < 1 || houses > 200)
    return mm_command_fail (MM_EXIT_USAGE, "--houses must be a number from 1 to 200");
  answer = mm_command_request (&command, "POST", "/operator/v1/demo",
                               json_pack ("{s:i}", "houses", houses));
  if (answer == NULL)
    return MM_EXIT_FAILED;
  user_id = mm_command_member (answer, "user_id");
  password = mm_command_member (answer, "password");
  fleet_file = mm_command_member (answer, "fleet_file");
  if (!command.json)
    printf ("User ID   %s\nPassword  %s\nFleet     %s\n", user_id, password, fleet_file);
  json_decref (answer);
  return mm_command_done ();
}
