/* mimamori-server mail list|show|test. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

static int
list (int argc, char **argv)
{
  static const char *const columns[]
      = { "id", "created", "state", "tries", "to", "subject", "answer", NULL };
  g_auto (MmCommand) command = { 0 };
  g_autofree char *path = NULL;
  int limit = 100;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "At most so many (100)", "N" },
    { NULL },
  };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mail list",
                         "Lists the newest mails first, and what became of them: waiting, "
                         "accepted, refused, given-up, dropped.",
                         entries, 0, 0))
    return MM_EXIT_USAGE;
  if (limit < 1 || limit > 100000)
    return mm_command_fail (MM_EXIT_USAGE, "--limit must be a number from 1 to 100000");
  path = g_strdup_printf ("/operator/v1/mails?limit=%d", limit);
  answer = mm_command_request (&command, "GET", path, NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    mm_command_print_table (json_object_get (answer, "mails"), columns, "There are no mails.");
  json_decref (answer);
  return mm_command_done ();
}

static void
print_mail (const json_t *mail)
{
  g_autofree char *subject = mm_command_member (mail, "subject");
  g_autofree char *to = mm_command_member (mail, "to");
  g_autofree char *created = mm_command_member (mail, "created");
  g_autofree char *state = mm_command_member (mail, "state");
  g_autofree char *answer = mm_command_member (mail, "answer");
  g_autofree char *text = mm_command_member (mail, "text");

  printf ("Subject: %s\nTo: %s\nDate: %s\nState: %s%s%s\n\n%s", subject, to, created, state,
          *answer != '\0' ? ", " : "", answer, text);
  if (!g_str_has_suffix (text, "\n"))
    putchar ('\n');
}

static int
show (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mail show ID",
                         "Shows a mail: its subject, recipient, date, fate and text.", NULL, 1, 1))
    return MM_EXIT_USAGE;
  id = g_uri_escape_string (command.words[0], NULL, FALSE);
  path = g_strconcat ("/operator/v1/mails/", id, NULL);
  answer = mm_command_request (&command, "GET", path, NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    print_mail (answer);
  json_decref (answer);
  return mm_command_done ();
}

static int
test (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *language = NULL;
  const GOptionEntry entries[] = {
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, "ja or en (ja)", "TAG" },
    { NULL },
  };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mail test ADDRESS",
                         "Queues a test mail; `mail show` then says what became of it.", entries, 1,
                         1))
    return MM_EXIT_USAGE;
  answer = mm_command_request (&command, "POST", "/operator/v1/mails/test",
                               json_pack ("{s:s, s:s}", "address", command.words[0], "language",
                                          language != NULL ? language : "ja"));
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    {
      g_autofree char *id = mm_command_member (answer, "id");

      printf ("Queued as %s\n", id);
    }
  json_decref (answer);
  return mm_command_done ();
}

int
mm_command_mail (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "list") == 0)
    return list (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "show") == 0)
    return show (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "test") == 0)
    return test (argc - 1, argv + 1);
  return mm_command_fail (MM_EXIT_USAGE, "usage: mimamori-server mail list|show|test");
}
