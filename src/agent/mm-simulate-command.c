/* The command line of `mimamori-gateway simulate`. Main thread. */
#define G_LOG_DOMAIN "mm-simulate"

#include "mm-simulate.h"

#include "mm-gateway.h"
#include "mm-number.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define MAX_SPEED 10000.0

/* The words as given; what they mean goes into MmSimulateOptions. */
typedef struct
{
  char *fleet;
  char *server;
  char *ca;
  char *state;
  char *speed;
  int interval;
  int backfill;
  gboolean die_with_stdin;
  char **more;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->fleet);
  g_free (words->server);
  g_free (words->ca);
  g_free (words->state);
  g_free (words->speed);
  g_strfreev (words->more);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
wrong (GError **error, const char *what)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, what);
  return FALSE;
}

static gboolean
parse_words (Words *words, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "server", 's', 0, G_OPTION_ARG_STRING, &words->server,
      "The server, http://HOST:PORT or https://HOST:PORT (required)", "URL" },
    { "fleet", 'f', 0, G_OPTION_ARG_FILENAME, &words->fleet,
      "JSON file with the houses, their IDs and keys (required)", "FILE" },
    { "interval", 'i', 0, G_OPTION_ARG_INT, &words->interval,
      "Seconds between two reports of every house (1 to 86400; default: what the file says, else "
      "60)",
      "SECONDS" },
    { "backfill", 'b', 0, G_OPTION_ARG_INT, &words->backfill,
      "Bring the past DAYS days first, for houses that are new (0 to 400, default 0)", "DAYS" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &words->state,
      "Directory that remembers how far each house was delivered (default: FILE.state)", "DIR" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &words->ca,
      "Trust the certificates in CA instead of the system's", "CA" },
    { "die-with-stdin", 0, 0, G_OPTION_ARG_NONE, &words->die_with_stdin,
      "End when standard input is closed", NULL },
    { "speed", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &words->speed,
      "Let the stories go FACTOR times as fast, for trials", "FACTOR" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->more, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context,
      "Lives as many houses with solar power and batteries: sun, weather, habits, and what "
      "can go wrong.\nThe first line on standard output is \"living N houses\", once all "
      "of them have delivered.");
  g_option_context_set_description (
      context,
      "FILE: {\"houses\": [{\"id\": \"…\", \"key\": \"…\", \"region\": \"長野県\", \"latitude\": "
      "36.65,\n"
      "  \"longitude\": 138.18, \"timezone\": \"Asia/Tokyo\", \"pv_peak_w\": 5500, \"battery_wh\": "
      "9800,\n"
      "  \"interval_s\": 10, \"habit\": \"family\", \"story\": \"normal\"}, …]}\n"
      "Only id and key are required.\n"
      "Habits: family, couple, single, senior, shop.\n"
      "Stories: normal, fault, warning, silent, never, region-grid-loss, curtailed, old.\n"
      "\n"
      "SIGTERM or SIGINT (Ctrl-C) ends it after the pushes under way; the same command goes on "
      "from "
      "there.\n"
      "Exit status: 0 ended by a signal or by its input, 1 failed, 2 wrong usage.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

static gboolean
understand (const Words *words, MmSimulateOptions *options, GError **error)
{
  if (words->more != NULL)
    return wrong (error, "there are only options, no other words");
  if (words->server == NULL || words->fleet == NULL)
    return wrong (error, "--server and --fleet are required");
  if (words->interval != 0 && !mm_interval_valid (words->interval))
    return wrong (error, "--interval is not 1 to 86400");
  if (words->backfill < 0 || words->backfill > MM_SIMULATE_MAX_BACKFILL)
    return wrong (error, "--backfill is not 0 to 400");
  if (words->speed != NULL
      && (!mm_number_parse (words->speed, strlen (words->speed), &options->speed)
          || options->speed < 1 || options->speed > MAX_SPEED))
    return wrong (error, "--speed is not a number from 1 to 10000");
  options->fleet = words->fleet;
  options->server = words->server;
  options->ca = words->ca;
  options->state = words->state;
  options->interval_s = (guint) words->interval;
  options->backfill = (guint) words->backfill;
  return TRUE;
}

int
mm_simulate_command (int argc, char **argv)
{
  g_auto (Words) words = { 0 };
  MmSimulateOptions options = { .speed = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MmStop) stop = NULL;

  if (!parse_words (&words, argc, argv, &error) || !understand (&words, &options, &error))
    {
      g_printerr ("mimamori-gateway simulate: %s (see --help)\n", error->message);
      return 2;
    }
  stop = mm_stop_new ();
  if (words.die_with_stdin)
    mm_stop_watch_input (stop, STDIN_FILENO);
  if (!mm_simulate_run (&options, stop, &error))
    {
      g_printerr ("mimamori-gateway simulate: %s\n", error->message);
      return 1;
    }
  return 0;
}
