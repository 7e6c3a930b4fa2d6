/* The command line of `mimamori-gateway replay`. Main thread. */
#define G_LOG_DOMAIN "mm-replay"

#include "mm-replay.h"

#include "mm-number.h"
#include "mm-spool.h"
#include "mm-time.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_KEY_BYTES 512
#define MAX_GATEWAY_BYTES 64
#define MIB (1024 * 1024)

/* The words as given; what they mean goes into MmReplayOptions. */
typedef struct
{
  char *map;
  char *server;
  char *gateway;
  char *key_file;
  char *ca;
  char *spool;
  char *speed;
  char *from;
  char *to;
  gboolean shift_to_now;
  gboolean json;
  int batch;
  int spool_limit;
  char **files;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->map);
  g_free (words->server);
  g_free (words->gateway);
  g_free (words->key_file);
  g_free (words->ca);
  g_free (words->spool);
  g_free (words->speed);
  g_free (words->from);
  g_free (words->to);
  g_strfreev (words->files);
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
    { "map", 'm', 0, G_OPTION_ARG_FILENAME, &words->map,
      "Mapping: which column is which quantity (required)", "MAP" },
    { "server", 's', 0, G_OPTION_ARG_STRING, &words->server,
      "The server, http://HOST:PORT or https://HOST:PORT (required)", "URL" },
    { "gateway", 'g', 0, G_OPTION_ARG_STRING, &words->gateway,
      "The gateway's ID on the server (required)", "ID" },
    { "key-file", 'k', 0, G_OPTION_ARG_FILENAME, &words->key_file,
      "File that holds the gateway's key (required)", "FILE" },
    { "speed", 0, 0, G_OPTION_ARG_STRING, &words->speed,
      "1 is the recording's own pace, 60 sixty times as fast; \"max\", the default, as fast as the "
      "server takes it",
      "N|max" },
    { "shift-to-now", 0, 0, G_OPTION_ARG_NONE, &words->shift_to_now,
      "Move all times by one constant, so that the row sent last carries the time of its sending",
      NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &words->from,
      "Only rows recorded at T (RFC 3339, or a day in UTC) or later", "T" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &words->to, "Only rows recorded before T", "T" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &words->batch,
      "Readings in one push, at most (1 to 10000, default 500)", "N" },
    { "spool", 0, 0, G_OPTION_ARG_FILENAME, &words->spool,
      "Directory for what is not acknowledged yet and how far the replay is (default: one for this "
      "replay below ~/.local/state/mimamori-gateway)",
      "DIR" },
    { "spool-limit", 0, 0, G_OPTION_ARG_INT, &words->spool_limit,
      "Size of the spool in MiB, at most (default 256)", "MIB" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &words->ca,
      "Trust the certificates in FILE instead of the system's", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &words->json, "Print the summary as JSON", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->files, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context, "Pushes a recorded CSV file to a server as if the house lived it again. What the "
               "server has not\nacknowledged is kept on disk: after an end of any kind the same "
               "command goes on where it was.");
  g_option_context_set_description (
      context, "SIGTERM or SIGINT (Ctrl-C) ends it after the push under way.\n"
               "Exit status: 0 done or ended by a signal, 1 failed, 2 wrong usage.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

/* A time, or a day's start in UTC. */
static gboolean
read_moment (const char *text, gint64 *time)
{
  g_autofree char *start = g_strconcat (text, "T00:00:00Z", NULL);

  return mm_time_parse (text, time) || mm_time_parse (start, time);
}

static gboolean
is_gateway_id (const char *id)
{
  gsize length = strspn (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-");

  return length > 0 && length <= MAX_GATEWAY_BYTES && id[length] == '\0';
}

static gboolean
understand (const Words *words, MmReplayOptions *options, GError **error)
{
  if (words->files == NULL || g_strv_length (words->files) != 1)
    return wrong (error, "name one FILE to replay");
  if (words->map == NULL || words->server == NULL || words->gateway == NULL
      || words->key_file == NULL)
    return wrong (error, "--map, --server, --gateway and --key-file are required");
  if (!is_gateway_id (words->gateway))
    return wrong (error, "--gateway is not 1 to 64 of A-Z a-z 0-9 . _ -");
  if (words->batch < 1 || words->batch > MM_REPLAY_MAX_BATCH)
    return wrong (error, "--batch is not 1 to 10000");
  if (words->spool_limit < 1)
    return wrong (error, "--spool-limit is not 1 or more");
  if (words->speed != NULL && strcmp (words->speed, "max") != 0
      && (!mm_number_parse (words->speed, strlen (words->speed), &options->speed)
          || options->speed < 1.0 / MM_REPLAY_MAX_SPEED || options->speed > MM_REPLAY_MAX_SPEED))
    return wrong (error, "--speed is neither \"max\" nor a number above 0 up to 1000000");
  if (words->from != NULL && !read_moment (words->from, &options->from))
    return wrong (error, "--from is no RFC 3339 time and no day");
  if (words->to != NULL && !read_moment (words->to, &options->to))
    return wrong (error, "--to is no RFC 3339 time and no day");
  if (options->from >= options->to)
    return wrong (error, "--from is not before --to");
  options->file = words->files[0];
  options->map = words->map;
  options->server = words->server;
  options->gateway = words->gateway;
  options->ca = words->ca;
  options->spool = words->spool;
  options->spool_limit = (guint64) words->spool_limit * MIB;
  options->shift_to_now = words->shift_to_now;
  options->batch = (guint) words->batch;
  options->json = words->json;
  return TRUE;
}

static char *
read_key (const char *path, GError **error)
{
  g_autofree char *key = NULL;
  gsize length;

  if (!g_file_get_contents (path, &key, &length, error))
    return NULL;
  g_strstrip (key);
  /* It becomes part of a header line. */
  for (const char *at = key; *at != '\0'; at++)
    {
      if (!g_ascii_isgraph (*at))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: this is no key", path);
          return NULL;
        }
    }
  if (*key == '\0' || strlen (key) > MAX_KEY_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: holds no key", path);
      return NULL;
    }
  return g_steal_pointer (&key);
}

int
mm_replay_command (int argc, char **argv)
{
  g_auto (Words) words
      = { .batch = MM_REPLAY_DEFAULT_BATCH, .spool_limit = MM_SPOOL_DEFAULT_LIMIT / MIB };
  MmReplayOptions options = { .from = G_MININT64, .to = G_MAXINT64 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MmStop) stop = NULL;
  g_autofree char *key = NULL;

  if (!parse_words (&words, argc, argv, &error) || !understand (&words, &options, &error))
    {
      g_printerr ("mimamori-gateway replay: %s (see --help)\n", error->message);
      return 2;
    }
  key = read_key (words.key_file, &error);
  options.key = key;
  stop = mm_stop_new ();
  if (key == NULL || !mm_replay_run (&options, stop, &error))
    {
      g_printerr ("mimamori-gateway replay: %s\n", error->message);
      return 1;
    }
  return 0;
}
