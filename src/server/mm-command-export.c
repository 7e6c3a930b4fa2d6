/* mimamori-server export: what a gateway measured, month by month to standard output. */
#include "mm-operator-command.h"

#include "mm-time.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  char *gateway;
  char *from;
  char *to;
  char *layout;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->gateway);
  g_free (wish->from);
  g_free (wish->to);
  g_free (wish->layout);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static const char *
what_is_wrong (const Wish *wish)
{
  gint64 time;

  if (wish->gateway == NULL)
    return "export needs --gateway ID";
  if (wish->layout != NULL && strcmp (wish->layout, "long") != 0
      && strcmp (wish->layout, "30min") != 0 && strcmp (wish->layout, "line") != 0)
    return "--layout can be long, 30min or line";
  if (wish->from != NULL && !mm_time_parse (wish->from, &time))
    return "--from must be a time such as 2026-05-01T12:00:00Z";
  if (wish->to != NULL && !mm_time_parse (wish->to, &time))
    return "--to must be a time such as 2026-05-01T12:00:00Z";
  return NULL;
}

static gboolean
is_long (const Wish *wish)
{
  return wish->layout == NULL || strcmp (wish->layout, "long") == 0;
}

/* The path of the part that begins at @from (NULL: at the beginning). */
static char *
part_path (const Wish *wish, const char *from, gboolean is_first)
{
  g_autofree char *id = g_uri_escape_string (wish->gateway, NULL, FALSE);
  GString *path = g_string_new (NULL);

  g_string_printf (path, "/operator/v1/gateways/%s/%s?", id,
                   g_strcmp0 (wish->layout, "30min") == 0 ? "half-hours" : "readings");
  if (g_strcmp0 (wish->layout, "line") == 0)
    g_string_append (path, "layout=line&");
  if (!is_first)
    g_string_append (path, "part=next&");
  if (from != NULL)
    {
      g_string_append (path, "from=");
      g_string_append_uri_escaped (path, from, NULL, FALSE);
      g_string_append_c (path, '&');
    }
  if (wish->to != NULL)
    {
      g_string_append (path, "to=");
      g_string_append_uri_escaped (path, wish->to, NULL, FALSE);
    }
  return g_string_free (path, FALSE);
}

static int
write_parts (MmOperatorClient *client, const Wish *wish)
{
  g_autofree char *from = g_strdup (wish->from);

  for (gboolean is_first = TRUE; is_first || from != NULL; is_first = FALSE)
    {
      g_autofree char *path = part_path (wish, from, is_first);
      g_autofree char *next = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) part
          = mm_operator_client_send (client, "GET", path, "text/csv", NULL, &next, &error);

      if (part == NULL)
        return mm_command_fail (MM_EXIT_FAILED, error->message);
      if (is_first && is_long (wish))
        puts ("time,device,quantity,value");
      if (g_bytes_get_size (part) > 0)
        fwrite (g_bytes_get_data (part, NULL), 1, g_bytes_get_size (part), stdout);
      if (ferror (stdout))
        break;
      g_free (from);
      from = g_steal_pointer (&next);
    }
  return mm_command_done ();
}

int
mm_command_export (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_auto (Wish) wish = { 0 };
  const GOptionEntry entries[] = {
    { "gateway", 0, 0, G_OPTION_ARG_STRING, &wish.gateway, "Which gateway", "ID" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &wish.from, "From this time on, RFC 3339", "TIME" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &wish.to, "Before this time", "TIME" },
    { "layout", 0, 0, G_OPTION_ARG_STRING, &wish.layout,
      "long (one value per row), 30min (owners' half hours) or line (InfluxDB)", "LAYOUT" },
    { NULL },
  };
  const char *wrong;

  if (!mm_command_parse (&command, argc, argv, "export --gateway ID",
                         "Writes what the gateway measured to standard output, as CSV with the "
                         "columns time (RFC 3339, UTC),\ndevice, quantity and value. Each value is "
                         "there once, as it was last corrected. (--json changes nothing.)",
                         entries, 0, 0))
    return MM_EXIT_USAGE;
  wrong = what_is_wrong (&wish);
  if (wrong != NULL)
    return mm_command_fail (MM_EXIT_USAGE, wrong);
  if (mm_command_client (&command) == NULL)
    return MM_EXIT_FAILED;
  return write_parts (command.client, &wish);
}
