#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

typedef int (*Run) (int argc, char **argv);

static const struct
{
  const char *name;
  Run run;
  const char *help;
} commands[] = {
  { "gateway", mm_command_gateway,
    "  gateway add      make a gateway: its ID, key and activation code\n"
    "  gateway list     list all gateways and how they are\n"
    "  gateway set      whose clock counts: its own, or that of the server\n"
    "  gateway rotate-key, gateway revoke, gateway new-code\n"
    "                   a new key, no key any more, a new activation code\n"
    "  gateway import   make many gateways from a table (CSV)\n" },
  { "mail", mm_command_mail,
    "  mail list        list the newest mails and what became of them\n"
    "  mail show        show one mail\n"
    "  mail test        send a test mail\n" },
  { "mapping", mm_command_mapping,
    "  mapping list     list the files that say what the names of others mean here\n"
    "  mapping show, mapping check, mapping set, mapping remove, mapping reload\n"
    "                   print one, look whether one is sound, use it, forget it, read all "
    "again\n" },
  { "quarantine", mm_command_quarantine,
    "  quarantine list  list what gateways sent and the server did not take\n" },
  { "mqtt", mm_command_mqtt,
    "  mqtt add         name a broker of MQTT and which topics are whose\n"
    "  mqtt list, mqtt show\n"
    "                   list the brokers and how they are, show one of them\n"
    "  mqtt test        try whether a broker lets us in\n"
    "  mqtt remove      listen to a broker no more\n" },
  { "settings", mm_command_settings,
    "  settings show    show the settings that can be changed while the server runs\n"
    "  settings set     change one of them\n" },
  { "dealer", mm_command_dealer,
    "  dealer list      list the dealers' accounts\n"
    "  dealer reset-two-factor\n"
    "                   let a dealer who has lost the second factor sign in without\n" },
  { "alert", mm_command_alert, "  alert list       list the open alerts of all gateways\n" },
  { "export", mm_command_export, "  export           write what a gateway measured as CSV\n" },
  { "import", mm_command_import,
    "  import           take an owner's table of half hours as history\n" },
  { "check", mm_command_check, "  check            look whether all that is stored is sound\n" },
  { "compact", mm_command_compact, "  compact          fold the log of pushes into blocks now\n" },
  { "backup", mm_command_backup, "  backup           copy all that is stored into a file\n" },
  { "restore", mm_command_restore, "  restore          put a backup back in place\n" },
  { "demo", mm_command_demo,
    "  demo             fill an empty data directory with a demo fleet\n" },
  { "version", mm_command_version, "  version          show the version\n" },
};

gboolean
mm_operator_command (int argc, char **argv, int *status)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      {
        *status = commands[i].run (argc - 1, argv + 1);
        return TRUE;
      }
  return FALSE;
}

void
mm_operator_command_list (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fputs (commands[i].help, stdout);
}

int
mm_command_fail (int status, const char *message)
{
  fprintf (stderr, "mimamori-server: %s\n", message);
  return status;
}

void
mm_command_clear (MmCommand *command)
{
  mm_operator_client_free (command->client);
  mm_config_free (command->config);
  g_strfreev (command->words);
  g_free (command->data_dir);
  g_free (command->config_file);
}

/* ---- the command line ---- */

static gboolean
parse_words (MmCommand *command,
             char **argv,
             const char *summary,
             const GOptionEntry *entries,
             GError **error)
{
  const GOptionEntry common[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &command->data_dir, "Where everything is kept",
      "DIR" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &command->config_file, "The server's key file",
      "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &command->json, "Print JSON", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *program = g_strconcat ("mimamori-server ", command->usage, NULL);
  g_auto (GStrv) words = g_strdupv (argv);

  /* The usage line shows the name of the program and then "[OPTION…]". */
  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  if (!g_option_context_parse_strv (context, &words, error))
    return FALSE;
  command->words = g_strdupv (words + 1);
  return TRUE;
}

static gboolean
read_config (MmCommand *command, GError **error)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);

  if (command->data_dir != NULL)
    g_variant_dict_insert (options, "data-dir", "s", command->data_dir);
  command->config = mm_config_new (options, command->config_file, error);
  return command->config != NULL;
}

gboolean
mm_command_parse (MmCommand *command,
                  int argc,
                  char **argv,
                  const char *usage,
                  const char *summary,
                  const GOptionEntry *entries,
                  guint least,
                  guint most)
{
  g_autoptr (GError) error = NULL;
  guint n;

  command->usage = usage;
  if (!parse_words (command, argv, summary, entries, &error) || !read_config (command, &error))
    {
      mm_command_fail (MM_EXIT_USAGE, error->message);
      return FALSE;
    }
  n = g_strv_length (command->words);
  if (n < least || n > most)
    {
      fprintf (stderr, "mimamori-server: usage: mimamori-server %s [OPTION…] (see --help)\n",
               usage);
      return FALSE;
    }
  return TRUE;
}

/* ---- requests ---- */

MmOperatorClient *
mm_command_client (MmCommand *command)
{
  g_autoptr (GError) error = NULL;

  if (command->client == NULL)
    command->client = mm_operator_client_new (command->config, &error);
  if (command->client == NULL)
    mm_command_fail (MM_EXIT_FAILED, error->message);
  return command->client;
}

json_t *
mm_command_request_bytes (
    MmCommand *command, const char *method, const char *path, const char *type, GBytes *body)
{
  MmOperatorClient *client = mm_command_client (command);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  json_t *json;
  const char *text;
  gsize length;

  if (client == NULL)
    return NULL;
  answer = mm_operator_client_send (client, method, path, type, body, NULL, &error);
  if (answer == NULL)
    {
      mm_command_fail (MM_EXIT_FAILED, error->message);
      return NULL;
    }
  text = g_bytes_get_data (answer, &length);
  json = json_loadb (text, length, 0, NULL);
  if (json == NULL)
    mm_command_fail (MM_EXIT_FAILED, "the answer of the server is not JSON");
  else if (command->json)
    printf ("%.*s\n", (int) length, text);
  return json;
}

json_t *
mm_command_request (MmCommand *command, const char *method, const char *path, json_t *body)
{
  g_autoptr (GBytes) bytes = NULL;

  if (body != NULL)
    {
      char *text = json_dumps (body, JSON_COMPACT);

      bytes = g_bytes_new_with_free_func (text, strlen (text), free, text);
      json_decref (body);
    }
  return mm_command_request_bytes (command, method, path, "application/json", bytes);
}

int
mm_command_done (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return MM_EXIT_DONE;
  return mm_command_fail (MM_EXIT_FAILED, "cannot write to standard output");
}

/* ---- for people ---- */

char *
mm_command_member (const json_t *object, const char *name)
{
  const json_t *value = json_object_get (object, name);

  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  if (json_is_boolean (value))
    return g_strdup (json_is_true (value) ? "yes" : "no");
  if (json_is_integer (value))
    return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  if (json_is_real (value))
    return g_strdup_printf ("%g", json_real_value (value));
  return g_strdup ("");
}

/* Columns that text takes on a terminal: East Asian characters take two. */
static guint
width_of (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return width;
}

static void
print_cell (const char *text, guint width)
{
  fputs (text, stdout);
  for (guint n = width_of (text); n < width; n++)
    putchar (' ');
}

static void
print_row (const char *const *cells, const guint *widths, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        fputs ("  ", stdout);
      print_cell (cells[i], i + 1 < n ? widths[i] : 0);
    }
  putchar ('\n');
}

void
mm_command_print_table (const json_t *rows, const char *const *columns, const char *nothing)
{
  guint n = g_strv_length ((char **) columns);
  g_autofree guint *widths = g_new (guint, n);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gsize index;
  json_t *row;

  if (json_array_size (rows) == 0)
    {
      puts (nothing);
      return;
    }
  for (guint i = 0; i < n; i++)
    widths[i] = width_of (columns[i]);
  json_array_foreach (rows, index, row)
    {
      char **cells = g_new0 (char *, n + 1);

      for (guint i = 0; i < n; i++)
        {
          cells[i] = mm_command_member (row, columns[i]);
          widths[i] = MAX (widths[i], width_of (cells[i]));
        }
      g_ptr_array_add (lines, cells);
    }
  print_row (columns, widths, n);
  for (guint i = 0; i < lines->len; i++)
    print_row (lines->pdata[i], widths, n);
}
