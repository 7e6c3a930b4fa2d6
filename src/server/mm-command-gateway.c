/* mimamori-server gateway add|list|set|rotate-key|revoke|new-code|import. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

static const char secrets_note[]
    = "Key and activation code are told only now; the server keeps their hashes.";

/* ---- add ---- */

/* The options of `add`, and the member of the request that each of them is. */
static const struct
{
  const char *option;
  const char *member;
  const char *help;
  const char *argument;
} facts[] = {
  { "model", "model", "Model of the gateway", "TEXT" },
  { "serial", "serial", "Its serial number", "TEXT" },
  { "name", "name", "What to call the site", "TEXT" },
  { "postal-code", "postal_code", "Postal code of the site", "CODE" },
  { "prefecture", "prefecture", "Prefecture of the site", "NAME" },
  { "municipality", "municipality", "City, town or village", "NAME" },
  { "timezone", "timezone", "Time zone of the site (the server's)", "ZONE" },
  { "pv-peak", "pv_peak_kw", "Peak power of the solar panels in kW", "KW" },
  { "battery", "battery_kwh", "Capacity of the battery in kWh", "KWH" },
  { "interval", "interval_s", "Seconds between reports (60)", "SECONDS" },
  { "latitude", "latitude", "Degrees north", "DEGREES" },
  { "longitude", "longitude", "Degrees east", "DEGREES" },
};

static void
print_issued (const json_t *issued)
{
  g_autofree char *id = mm_command_member (issued, "id");
  g_autofree char *key = mm_command_member (issued, "key");
  g_autofree char *code = mm_command_member (issued, "activation_code");

  printf ("Gateway          %s\n", id);
  if (*key != '\0')
    printf ("Key              %s\n", key);
  if (*code != '\0')
    printf ("Activation code  %s\n", code);
}

/* Ends a command that was answered with @issued, whose reference it takes; NULL if it failed. */
static int
finish_issued (const MmCommand *command, json_t *issued)
{
  if (issued == NULL)
    return MM_EXIT_FAILED;
  if (!command->json)
    {
      print_issued (issued);
      puts (json_object_size (issued) > 1 ? secrets_note
                                          : "It has no key any more: its pushes are refused.");
    }
  json_decref (issued);
  return mm_command_done ();
}

static int
add (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  char *values[G_N_ELEMENTS (facts)] = { NULL };
  GOptionEntry entries[G_N_ELEMENTS (facts) + 1] = { { NULL } };
  json_t *body = json_object ();
  gboolean parsed;

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    entries[i] = (GOptionEntry){ .long_name = facts[i].option,
                                 .arg = G_OPTION_ARG_STRING,
                                 .arg_data = &values[i],
                                 .description = facts[i].help,
                                 .arg_description = facts[i].argument };
  parsed = mm_command_parse (&command, argc, argv, "gateway add [ID]",
                             "Makes a gateway; without ID it gets one like GW-7K2M-9QRT. Prints "
                             "its key and its activation\ncode, which cannot be read later.",
                             entries, 0, 1);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      if (values[i] != NULL)
        json_object_set_new (body, facts[i].member, json_string (values[i]));
      g_free (values[i]);
    }
  if (!parsed)
    {
      json_decref (body);
      return MM_EXIT_USAGE;
    }
  if (command.words[0] != NULL)
    json_object_set_new (body, "id", json_string (command.words[0]));
  return finish_issued (&command,
                        mm_command_request (&command, "POST", "/operator/v1/gateways", body));
}

/* ---- list ---- */

static int
list (int argc, char **argv)
{
  static const char *const columns[]
      = { "id",        "status",    "last_contact", "values",       "model", "serial", "has_key",
          "has_owner", "clock_off", "prefecture",   "municipality", "name",  NULL };
  g_auto (MmCommand) command = { 0 };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "gateway list", "Lists all gateways.", NULL, 0, 0))
    return MM_EXIT_USAGE;
  answer = mm_command_request (&command, "GET", "/operator/v1/gateways", NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    mm_command_print_table (json_object_get (answer, "gateways"), columns,
                            "There are no gateways yet; make one with `gateway add`.");
  json_decref (answer);
  return mm_command_done ();
}

/* ---- set ---- */

static int
set (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *time = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  GOptionEntry entries[] = {
    { "time", 0, 0, G_OPTION_ARG_STRING, &time, "Whose clock counts: device or received", "WHOSE" },
    { NULL },
  };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "gateway set ID --time device|received",
                         "For a gateway whose clock is off: places what it pushes from now on by "
                         "the time it is received,\nor by its own time again.",
                         entries, 1, 1))
    return MM_EXIT_USAGE;
  if (time == NULL)
    return mm_command_fail (MM_EXIT_USAGE, "say --time device or --time received");
  id = g_uri_escape_string (command.words[0], NULL, FALSE);
  path = g_strdup_printf ("/operator/v1/gateways/%s/time", id);
  answer = mm_command_request (&command, "PUT", path, json_pack ("{s:s}", "time", time));
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    puts (g_str_equal (time, "received")
              ? "Its data is placed by the time it is received, until it is set back to device."
              : "Its data is placed by its own time.");
  json_decref (answer);
  return mm_command_done ();
}

/* ---- keys and codes ---- */

static int
change (int argc,
        char **argv,
        const char *usage,
        const char *summary,
        const char *method,
        const char *what)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (!mm_command_parse (&command, argc, argv, usage, summary, NULL, 1, 1))
    return MM_EXIT_USAGE;
  id = g_uri_escape_string (command.words[0], NULL, FALSE);
  path = g_strdup_printf ("/operator/v1/gateways/%s/%s", id, what);
  return finish_issued (&command, mm_command_request (&command, method, path, NULL));
}

static int
rotate_key (int argc, char **argv)
{
  return change (argc, argv, "gateway rotate-key ID",
                 "Gives the gateway a new key; the earlier one is refused at once.", "POST", "key");
}

static int
revoke (int argc, char **argv)
{
  return change (argc, argv, "gateway revoke ID",
                 "Takes the gateway's key: what it pushes is refused until it gets a new key.",
                 "DELETE", "key");
}

static int
new_code (int argc, char **argv)
{
  return change (argc, argv, "gateway new-code ID",
                 "Makes a new activation code, for a label that was lost or for a new owner; the "
                 "earlier one is void.",
                 "POST", "activation-code");
}

/* ---- import ---- */

static int
import (int argc, char **argv)
{
  static const char *const columns[] = { "id", "key", "activation_code", NULL };
  g_auto (MmCommand) command = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  char *text;
  gsize length;
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "gateway import FILE",
                         "Makes the gateways of a table in CSV: all of them, or none if a row is "
                         "wrong. Its first row names the\ncolumns, any of id, model, serial, name, "
                         "postal_code, prefecture, municipality, timezone, pv_peak_kw,\n"
                         "battery_kwh, interval_s, latitude and longitude. Prints the keys and "
                         "activation codes.",
                         NULL, 1, 1))
    return MM_EXIT_USAGE;
  if (!g_file_get_contents (command.words[0], &text, &length, &error))
    return mm_command_fail (MM_EXIT_FAILED, error->message);
  body = g_bytes_new_take (text, length);
  answer = mm_command_request_bytes (&command, "POST", "/operator/v1/gateways/import", "text/csv",
                                     body);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    {
      mm_command_print_table (json_object_get (answer, "gateways"), columns, "");
      puts (secrets_note);
    }
  json_decref (answer);
  return mm_command_done ();
}

int
mm_command_gateway (int argc, char **argv)
{
  static const struct
  {
    const char *verb;
    int (*run) (int argc, char **argv);
  } verbs[] = {
    { "add", add },       { "list", list },
    { "set", set },       { "rotate-key", rotate_key },
    { "revoke", revoke }, { "new-code", new_code },
    { "import", import },
  };

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].verb) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return mm_command_fail (
      MM_EXIT_USAGE,
      "usage: mimamori-server gateway add|list|set|rotate-key|revoke|new-code|import");
}
