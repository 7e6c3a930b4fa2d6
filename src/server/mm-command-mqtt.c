/* mimamori-server mqtt add|list|show|test|remove. */
#include "mm-operator-command.h"

#include <stdio.h>
#include <string.h>

/* ---- add ---- */

typedef struct
{
  char *url;
  char *user;
  char *password_file;
  char *ca_file;
  char *fingerprint;
  char *client_id;
  char *time;
  int interval;
  char **json;
  char **venus;
  char **sparkplug;
  char **contact;
  char **gateways;
} AddOptions;

static void
add_options_clear (AddOptions *options)
{
  g_free (options->url);
  g_free (options->user);
  g_free (options->password_file);
  g_free (options->ca_file);
  g_free (options->fingerprint);
  g_free (options->client_id);
  g_free (options->time);
  g_strfreev (options->json);
  g_strfreev (options->venus);
  g_strfreev (options->sparkplug);
  g_strfreev (options->contact);
  g_strfreev (options->gateways);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

/* "FILTER", or "FILTER=GATEWAY" if {gateway} is not in it. */
static void
append_topics (json_t *list, const char *kind, char **texts, const char *time)
{
  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      const char *equals = strstr (*text, "{gateway}") == NULL ? strrchr (*text, '=') : NULL;
      g_autofree char *filter
          = equals != NULL ? g_strndup (*text, (gsize) (equals - *text)) : g_strdup (*text);

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s?, s:s?}", "kind", kind, "filter",
                                              filter, "gateway", equals != NULL ? equals + 1 : NULL,
                                              "time", time));
    }
}

/* "NAME=GATEWAY". FALSE after saying what is wrong. */
static gboolean
append_gateways (json_t *object, char **texts)
{
  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      const char *equals = strrchr (*text, '=');
      g_autofree char *name = equals != NULL ? g_strndup (*text, (gsize) (equals - *text)) : NULL;

      if (name == NULL || json_object_set_new (object, name, json_string (equals + 1)) != 0)
        {
          mm_command_fail (MM_EXIT_USAGE, "--gateway must be NAME=GATEWAY");
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_file (const char *path, gboolean is_line, char **text)
{
  g_autoptr (GError) error = NULL;

  if (path == NULL || g_file_get_contents (path, text, NULL, &error))
    {
      if (path != NULL && is_line)
        g_strchomp (*text);
      return TRUE;
    }
  mm_command_fail (MM_EXIT_FAILED, error->message);
  return FALSE;
}

/* The request, or NULL after saying what is wrong; *@status is then the exit status. */
static json_t *
add_body (const AddOptions *options, const char *name, int *status)
{
  g_autofree char *password = NULL;
  g_autofree char *ca = NULL;
  json_t *topics = json_array ();
  json_t *gateways = json_object ();
  json_t *body;

  append_topics (topics, "json", options->json, options->time);
  append_topics (topics, "venus", options->venus, NULL);
  append_topics (topics, "sparkplug", options->sparkplug, NULL);
  append_topics (topics, "contact", options->contact, NULL);
  *status = MM_EXIT_USAGE;
  if (append_gateways (gateways, options->gateways))
    *status = read_file (options->password_file, TRUE, &password)
                      && read_file (options->ca_file, FALSE, &ca)
                  ? MM_EXIT_DONE
                  : MM_EXIT_FAILED;
  body = json_pack ("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:o}", "name", name, "url",
                    options->url, "user", options->user, "password", password, "ca", ca,
                    "fingerprint", options->fingerprint, "client_id", options->client_id, "topics",
                    topics, "gateways", gateways);
  if (body == NULL && *status == MM_EXIT_DONE)
    *status = mm_command_fail (MM_EXIT_USAGE, "the options must be UTF-8");
  if (options->interval != 0)
    json_object_set_new (body, "interval_s", json_integer (options->interval));
  if (*status == MM_EXIT_DONE)
    return body;
  json_decref (body);
  return NULL;
}

static int
add (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_auto (AddOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "url", 0, 0, G_OPTION_ARG_STRING, &options.url, "mqtt://HOST:PORT or mqtts://HOST:PORT",
      "URL" },
    { "user", 0, 0, G_OPTION_ARG_STRING, &options.user, "Who we are there", "NAME" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
      "File with the password", "FILE" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_file,
      "Authorities to trust in place of the system's (PEM)", "FILE" },
    { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &options.fingerprint,
      "SHA-256 of the one certificate to trust", "HEX" },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &options.client_id,
      "Name of our session there (mimamori-NAME)", "ID" },
    { "interval", 0, 0, G_OPTION_ARG_INT, &options.interval,
      "Seconds between stored values of Venus (60)", "SECONDS" },
    { "topic", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.json,
      "Topics with numbers or JSON; again for more", "FILTER[=GATEWAY]" },
    { "time", 0, 0, G_OPTION_ARG_STRING, &options.time,
      "Where their JSON has the time, e.g. meta/ts", "PATH" },
    { "venus", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.venus,
      "Topics of Venus OS, e.g. 'N/{gateway}/#'", "FILTER[=GATEWAY]" },
    { "sparkplug", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.sparkplug,
      "Topics of Sparkplug B, e.g. 'spBv1.0/+/+/{gateway}/#'", "FILTER[=GATEWAY]" },
    { "contact", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.contact,
      "Topics that say online or offline", "FILTER[=GATEWAY]" },
    { "gateway", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.gateways,
      "The gateway that a name in topics stands for", "NAME=GATEWAY" },
    { NULL },
  };
  json_t *body;
  json_t *answer;
  int status;

  if (!mm_command_parse (
          &command, argc, argv, "mqtt add NAME",
          "Names a broker and which topics are whose: FILTER has {gateway} where the "
          "ID of the gateway stands,\nor FILTER=GATEWAY says whose they all are.",
          entries, 1, 1))
    return MM_EXIT_USAGE;
  body = add_body (&options, command.words[0], &status);
  if (body == NULL)
    return status;
  answer = mm_command_request (&command, "POST", "/operator/v1/mqtt", body);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    puts ("Added; `mqtt test` tries it, `mqtt show` says how it is.");
  json_decref (answer);
  return mm_command_done ();
}

/* ---- list, show ---- */

/* A broker as a row of the table: what counts first. */
static json_t *
row_of (const json_t *broker)
{
  json_t *row = json_object ();

  json_object_update (row, json_object_get (broker, "state"));
  json_object_set (row, "name", json_object_get (broker, "name"));
  json_object_set (row, "url", json_object_get (broker, "url"));
  return row;
}

static int
list (int argc, char **argv)
{
  static const char *const columns[]
      = { "name",     "url",    "phase",   "connected_since",  "last_message",
          "messages", "values", "refused", "unknown_messages", "last_error",
          NULL };
  g_auto (MmCommand) command = { 0 };
  json_t *answer;
  json_t *rows;
  json_t *broker;
  gsize i;

  if (!mm_command_parse (&command, argc, argv, "mqtt list", "Lists the brokers and how they are.",
                         NULL, 0, 0))
    return MM_EXIT_USAGE;
  answer = mm_command_request (&command, "GET", "/operator/v1/mqtt", NULL);
  if (answer == NULL)
    return MM_EXIT_FAILED;
  rows = json_array ();
  json_array_foreach (json_object_get (answer, "brokers"), i, broker)
    {
      json_array_append_new (rows, row_of (broker));
    }
  if (!command.json)
    mm_command_print_table (rows, columns, "There are no brokers; name one with `mqtt add`.");
  json_decref (rows);
  json_decref (answer);
  return mm_command_done ();
}

static void
print_members (const json_t *object)
{
  const char *name;
  json_t *value;

  json_object_foreach ((json_t *) object, name, value)
    {
      g_autofree char *text = mm_command_member (object, name);

      if (!json_is_object (value) && !json_is_array (value))
        printf ("%-18s %s\n", name, text);
    }
}

static void
print_broker (const json_t *broker)
{
  static const char *const topics[] = { "kind", "filter", "gateway", "time", NULL };
  static const char *const unknown[] = { "name", "messages", "last", NULL };
  const json_t *state = json_object_get (broker, "state");
  const char *name;
  json_t *gateway;

  print_members (broker);
  print_members (state);
  json_object_foreach (json_object_get (broker, "gateways"), name, gateway)
    {
      printf ("%-18s %s = %s\n", "gateway", name, json_string_value (gateway));
    }
  puts ("\nTopics");
  mm_command_print_table (json_object_get (broker, "topics"), topics, "");
  if (json_array_size (json_object_get (state, "unknown")) > 0)
    {
      puts ("\nNames of gateways that are not known here");
      mm_command_print_table (json_object_get (state, "unknown"), unknown, "");
    }
}

/* A request about the broker that the command line names; NULL after saying what is wrong. */
static json_t *
request_named (MmCommand *command, const char *method, const char *what)
{
  g_autofree char *name = g_uri_escape_string (command->words[0], NULL, FALSE);
  g_autofree char *path = g_strconcat ("/operator/v1/mqtt/", name, what, NULL);

  return mm_command_request (command, method, path, NULL);
}

static int
show (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mqtt show NAME",
                         "Shows a broker, how it is, and which names in its topics are not known.",
                         NULL, 1, 1))
    return MM_EXIT_USAGE;
  answer = request_named (&command, "GET", "");
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    print_broker (answer);
  json_decref (answer);
  return mm_command_done ();
}

/* ---- test, remove ---- */

static int
test (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  json_t *answer;
  g_autofree char *problem = NULL;
  gboolean good;

  if (!mm_command_parse (&command, argc, argv, "mqtt test NAME",
                         "Tries whether the broker lets us in and subscribe.", NULL, 1, 1))
    return MM_EXIT_USAGE;
  answer = request_named (&command, "POST", "/test");
  if (answer == NULL)
    return MM_EXIT_FAILED;
  good = json_is_true (json_object_get (answer, "ok"));
  problem = mm_command_member (answer, "error");
  json_decref (answer);
  if (!good)
    return mm_command_fail (MM_EXIT_FAILED, problem);
  if (!command.json)
    puts ("The broker lets us in and subscribe.");
  return mm_command_done ();
}

static int
do_remove (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  json_t *answer;

  if (!mm_command_parse (&command, argc, argv, "mqtt remove NAME",
                         "Listens to the broker no more; what is stored stays.", NULL, 1, 1))
    return MM_EXIT_USAGE;
  answer = request_named (&command, "DELETE", "");
  if (answer == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    puts ("Removed.");
  json_decref (answer);
  return mm_command_done ();
}

int
mm_command_mqtt (int argc, char **argv)
{
  static const struct
  {
    const char *verb;
    int (*run) (int argc, char **argv);
  } verbs[] = {
    { "add", add }, { "list", list }, { "show", show }, { "test", test }, { "remove", do_remove },
  };

  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].verb) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return mm_command_fail (MM_EXIT_USAGE, "usage: mimamori-server mqtt add|list|show|test|remove");
}
