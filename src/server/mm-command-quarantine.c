/* mimamori-server quarantine list: what gateways sent in vain. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

static char *
path_of (const char *gateway, int limit)
{
  GString *path = g_string_new ("/operator/v1/quarantine");

  g_string_append_printf (path, "?limit=%d", limit);
  if (gateway != NULL)
    {
      g_string_append (path, "&gateway=");
      g_string_append_uri_escaped (path, gateway, NULL, FALSE);
    }
  return g_string_free (path, FALSE);
}

/* Text that somebody sent, so that it does nothing to a terminal. */
static void
print_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isprint (g_utf8_get_char (p)))
      fwrite (p, 1, (gsize) (g_utf8_next_char (p) - p), stdout);
    else
      putchar ('?');
}

static void
print_members (const json_t *entry, const char *const *names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *text = mm_command_member (entry, *names);

      if (*text == '\0')
        continue;
      fputs ("  ", stdout);
      print_text (text);
    }
}

static void
print_entry (const json_t *entry)
{
  static const char *const value[]
      = { "received", "gateway", "code", "device", "quantity", "value", "time", NULL };
  static const char *const refused[]
      = { "received", "gateway", "code", "place", "detail", "text", NULL };
  g_autofree char *kind = mm_command_member (entry, "kind");

  fputs (kind, stdout);
  print_members (entry, strcmp (kind, "value") == 0 ? value : refused);
  putchar ('\n');
}

static int
list (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *gateway = NULL;
  g_autofree char *path = NULL;
  int limit = 100;
  const GOptionEntry entries[] = {
    { "gateway", 0, 0, G_OPTION_ARG_STRING, &gateway, "Only of this gateway", "ID" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "At most so many (100)", "N" },
    { NULL },
  };
  json_t *answer, *all, *entry;
  gsize i;

  if (!mm_command_parse (&command, argc, argv, "quarantine list",
                         "Lists what gateways sent and the server did not take, newest first: "
                         "refused lines and readings with the\nreason, and values that cannot be "
                         "right.",
                         entries, 0, 0))
    return MM_EXIT_USAGE;
  path = path_of (gateway, limit);
  answer = mm_command_request (&command, "GET", path, NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  all = json_object_get (answer, "entries");
  if (!command.json)
    {
      if (json_array_size (all) == 0)
        puts ("Nothing was set aside.");
      json_array_foreach (all, i, entry)
        {
          print_entry (entry);
        }
    }
  json_decref (answer);
  return mm_command_done ();
}

int
mm_command_quarantine (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "list") == 0)
    return list (argc - 1, argv + 1);
  return mm_command_fail (MM_EXIT_USAGE, "usage: mimamori-server quarantine list");
}
