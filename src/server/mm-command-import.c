/* mimamori-server import: an owner's table of half hours as a gateway's history. */
#include "mm-operator-command.h"

#include <stdio.h>

int
mm_command_import (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *gateway = NULL;
  const GOptionEntry entries[] = {
    { "gateway", 0, 0, G_OPTION_ARG_STRING, &gateway, "Which gateway", "ID" },
    { NULL },
  };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *skipped = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  char *text;
  gsize length;
  json_t *answer;

  if (!mm_command_parse (
          &command, argc, argv, "import --gateway ID FILE",
          "Takes a table of half hours (CSV with the columns 年月日, 時刻 and energies "
          "such as 発電電力量[kWh]) as what\nthe gateway measured before its own time. "
          "All of it is taken, or nothing if a row is wrong; half hours\nin which the "
          "gateway has data of its own are left out. The same file again changes "
          "nothing.",
          entries, 1, 1))
    return MM_EXIT_USAGE;
  if (gateway == NULL)
    return mm_command_fail (MM_EXIT_USAGE, "import needs --gateway ID");
  if (!g_file_get_contents (command.words[0], &text, &length, &error))
    return mm_command_fail (MM_EXIT_FAILED, error->message);
  body = g_bytes_new_take (text, length);
  id = g_uri_escape_string (gateway, NULL, FALSE);
  path = g_strdup_printf ("/operator/v1/gateways/%s/half-hours", id);
  answer = mm_command_request_bytes (&command, "POST", path, "text/csv", body);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  rows = mm_command_member (answer, "rows");
  skipped = mm_command_member (answer, "skipped");
  if (!command.json)
    printf ("%s half hours, of which %s were left out: the gateway has data of its own there.\n",
            rows, skipped);
  json_decref (answer);
  return mm_command_done ();
}
