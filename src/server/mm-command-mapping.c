/* mimamori-server mapping list|show|check|set|remove|reload. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

static char *
path_of (const char *name, const char *verb)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strconcat ("/operator/v1/mappings/", escaped, verb, NULL);
}

/* ---- list and show ---- */

static void
print_rules (const json_t *file)
{
  g_autofree char *name = mm_command_member (file, "name");
  json_t *rule;
  gsize i;

  json_array_foreach (json_object_get (file, "rules"), i, rule)
    {
      g_autofree char *line = mm_command_member (rule, "line");
      g_autofree char *protocol = mm_command_member (rule, "protocol");
      g_autofree char *text = mm_command_member (rule, "rule");

      printf ("%s:%s: [%s] %s\n", name, line, protocol, text);
    }
}

static void
print_files (const json_t *answer, gboolean rules)
{
  static const char *const columns[] = { "name", "n_rules", "shipped", "used", NULL };
  json_t *files = json_object_get (answer, "files");
  json_t *file;
  gsize i;

  if (!rules)
    {
      mm_command_print_table (files, columns, "");
      return;
    }
  json_array_foreach (files, i, file)
    {
      print_rules (file);
    }
}

/* Ends a command that was answered with the list @answer, whose reference it takes. */
static int
finish (const MmCommand *command, json_t *answer, gboolean rules)
{
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command->json)
    print_files (answer, rules);
  json_decref (answer);
  return mm_command_done ();
}

static int
list (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  gboolean rules = FALSE;
  const GOptionEntry entries[] = {
    { "rules", 0, 0, G_OPTION_ARG_NONE, &rules, "Every rule, in the order they are asked", NULL },
    { NULL },
  };

  if (!mm_command_parse (&command, argc, argv, "mapping list",
                         "Lists the files that say what the names of others mean here, in the "
                         "order in which they are asked.",
                         entries, 0, 0))
    return MM_EXIT_USAGE;
  return finish (&command, mm_command_request (&command, "GET", "/operator/v1/mappings", NULL),
                 rules);
}

static int
show (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *path = NULL;
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mapping show NAME",
                         "Prints a mapping, for example to change a copy of it.", NULL, 1, 1))
    return MM_EXIT_USAGE;
  path = path_of (command.words[0], "");
  answer = mm_command_request (&command, "GET", path, NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    fputs (json_string_value (json_object_get (answer, "text")), stdout);
  json_decref (answer);
  return mm_command_done ();
}

/* ---- files ---- */

/* Sends the file @file to @path; NULL after saying what is wrong. */
static json_t *
send_file (MmCommand *command, const char *method, const char *path, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  json_t *body;

  if (!g_file_get_contents (file, &text, &length, &error))
    {
      mm_command_fail (MM_EXIT_FAILED, error->message);
      return NULL;
    }
  body = json_pack ("{s:s%}", "text", text, length);
  if (body == NULL)
    {
      g_autofree char *message = g_strdup_printf ("%s: the file is not UTF-8 text", file);

      mm_command_fail (MM_EXIT_FAILED, message);
      return NULL;
    }
  return mm_command_request (command, method, path, body);
}

static int
check (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *base = NULL;
  g_autofree char *path = NULL;
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mapping check FILE",
                         "Says whether a mapping is sound, and if not, in which lines and why; "
                         "changes nothing.",
                         NULL, 1, 1))
    return MM_EXIT_USAGE;
  base = g_path_get_basename (command.words[0]);
  path = path_of (base, "/check");
  answer = send_file (&command, "POST", path, command.words[0]);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    puts ("The mapping is sound.");
  json_decref (answer);
  return mm_command_done ();
}

static int
set (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *base = NULL;
  g_autofree char *path = NULL;

  if (!mm_command_parse (&command, argc, argv, "mapping set FILE [NAME]",
                         "Puts a file into the data directory's mappings, under its own name or as "
                         "NAME, which ends "
                         "in .mapping,\nand uses it at once. With the name of a shipped one it "
                         "takes its place. If "
                         "anything is wrong with it, it\nsays where, and nothing changes.",
                         NULL, 1, 2))
    return MM_EXIT_USAGE;
  base = command.words[1] != NULL ? g_strdup (command.words[1])
                                  : g_path_get_basename (command.words[0]);
  path = path_of (base, "");
  return finish (&command, send_file (&command, "PUT", path, command.words[0]), FALSE);
}

static int
remove_one (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *path = NULL;

  if (!mm_command_parse (&command, argc, argv, "mapping remove NAME",
                         "Removes a mapping from the data directory; a shipped one of that name "
                         "counts again.",
                         NULL, 1, 1))
    return MM_EXIT_USAGE;
  path = path_of (command.words[0], "");
  return finish (&command, mm_command_request (&command, "DELETE", path, NULL), FALSE);
}

static int
reload (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };

  if (!mm_command_parse (&command, argc, argv, "mapping reload",
                         "Reads the data directory's mappings again. If anything is wrong with "
                         "them, it says where, and the server\ngoes on with what it had.",
                         NULL, 0, 0))
    return MM_EXIT_USAGE;
  return finish (&command,
                 mm_command_request (&command, "POST", "/operator/v1/mappings/reload", NULL),
                 FALSE);
}

int
mm_command_mapping (int argc, char **argv)
{
  static const struct
  {
    const char *verb;
    int (*run) (int argc, char **argv);
  } verbs[] = {
    { "list", list }, { "show", show },         { "check", check },
    { "set", set },   { "remove", remove_one }, { "reload", reload },
  };

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].verb) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return mm_command_fail (MM_EXIT_USAGE,
                          "usage: mimamori-server mapping list|show|check|set|remove|reload");
}
