/* mimamori-server settings show|set. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

/* The keys of the command line, and where the API has them. */
static const struct
{
  const char *key;
  const char *group;
  const char *name;
} settings[] = {
  { "name", NULL, "name" },
  { "public-url", NULL, "public_url" },
  { "smtp", "mail", "smtp_url" },
  { "smtp-user", "mail", "smtp_user" },
  { "smtp-password", "mail", "smtp_password" },
  { "smtp-starttls", "mail", "starttls" },
  { "mail-from", "mail", "mail_from" },
};

static int
show (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "settings show",
                         "Shows the settings that can be changed while the server runs.", NULL, 0,
                         0))
    return MM_EXIT_USAGE;
  answer = mm_command_request (&command, "GET", "/operator/v1/settings", NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  for (gsize i = 0; !command.json && i < G_N_ELEMENTS (settings); i++)
    {
      const json_t *group
          = settings[i].group != NULL ? json_object_get (answer, settings[i].group) : answer;
      gboolean is_password = strcmp (settings[i].key, "smtp-password") == 0;
      g_autofree char *value
          = mm_command_member (group, is_password ? "has_password" : settings[i].name);

      printf ("%-14s %s\n", settings[i].key,
              is_password && strcmp (value, "yes") == 0 ? "(set)"
              : is_password                             ? ""
                                                        : value);
    }
  json_decref (answer);
  return mm_command_done ();
}

/* A password on the command line could be read by others: it comes from standard input. */
static char *
read_password (void)
{
  char line[2048];

  if (fgets (line, sizeof line, stdin) == NULL)
    return g_strdup ("");
  return g_strdup (g_strchomp (line));
}

static int
send (MmCommand *command, gsize i, const char *value)
{
  json_t *text = *value != '\0' ? json_string (value) : json_null ();
  json_t *object = json_pack ("{s:o}", settings[i].name, text);
  json_t *answer;

  if (settings[i].group != NULL)
    object = json_pack ("{s:o}", settings[i].group, object);
  answer = mm_command_request (command, "PUT", "/operator/v1/settings", object);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command->json)
    puts (json_is_true (json_object_get (answer, "restart_needed"))
              ? "Stored; it counts when the server is started again."
              : "Stored.");
  json_decref (answer);
  return mm_command_done ();
}

static int
set (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *password = NULL;
  gboolean is_password;
  gsize i = 0;

  if (!mm_command_parse (
          &command, argc, argv, "settings set KEY [VALUE]",
          "Changes a setting: name, public-url, smtp, smtp-user, smtp-password,\n"
          "smtp-starttls or mail-from. Without VALUE it is taken away. The password\n"
          "is read from standard input.",
          NULL, 1, 2))
    return MM_EXIT_USAGE;
  while (i < G_N_ELEMENTS (settings) && strcmp (command.words[0], settings[i].key) != 0)
    i++;
  if (i == G_N_ELEMENTS (settings))
    return mm_command_fail (MM_EXIT_USAGE, "there is no such setting (see --help)");
  is_password = strcmp (settings[i].key, "smtp-password") == 0;
  if (is_password && command.words[1] != NULL)
    return mm_command_fail (MM_EXIT_USAGE, "the password is read from standard input");
  password = is_password ? read_password () : NULL;
  return send (&command, i,
               is_password                ? password
               : command.words[1] != NULL ? command.words[1]
                                          : "");
}

int
mm_command_settings (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "show") == 0)
    return show (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "set") == 0)
    return set (argc - 1, argv + 1);
  return mm_command_fail (MM_EXIT_USAGE, "usage: mimamori-server settings show|set KEY [VALUE]");
}
