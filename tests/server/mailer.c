/* Drives the real mailer for test_mailer.py: options say where to, each line on standard input,
 * "FROM TO TEXT", is one mail, and each answer is one line of JSON. All mails go over one mailer.
 * SIGUSR1 aborts it. */
#include "mm-mailer.h"

#include <gio/gio.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const states[] = { "accepted", "temporary", "refused", "aborted" };

static MmMailer *on_signal;

/* Storing a flag is all that the mailer does, so a handler may ask for it. */
static void
abort_mails (int number)
{
  mm_mailer_abort (on_signal);
}

static void
send_line (MmMailer *mailer, char *line)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 3);
  g_autofree char *mail
      = g_strdup_printf ("Subject: %s\r\n\r\n.\r\n..two\r\n%s\r\n", words[2], words[2]);
  g_autoptr (GBytes) mime = g_bytes_new (mail, strlen (mail));
  g_autoptr (MmDelivery) delivery = mm_mailer_send (mailer, words[0], words[1], mime);
  json_t *answer = json_pack ("{s:s, s:i, s:s}", "state", states[delivery->state], "code",
                              delivery->code, "reply", delivery->reply);
  char *text = json_dumps (answer, JSON_COMPACT);

  g_print ("%s\n", text);
  fflush (stdout);
  free (text);
  json_decref (answer);
}

int
main (int argc, char **argv)
{
  MmMailerConfig config = { .hello = "mimamori.example" };
  g_autofree char *url = NULL, *user = NULL, *password = NULL, *ca_file = NULL, *starttls = NULL;
  gint64 timeout = 0;
  const GOptionEntry entries[] = {
    { "url", 0, 0, G_OPTION_ARG_STRING, &url, NULL, NULL },
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, NULL, NULL },
    { "password", 0, 0, G_OPTION_ARG_STRING, &password, NULL, NULL },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file, NULL, NULL },
    { "starttls", 0, 0, G_OPTION_ARG_STRING, &starttls, NULL, NULL },
    { "timeout-ms", 0, 0, G_OPTION_ARG_INT64, &timeout, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmMailer) mailer = NULL;
  char line[4096];

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  config.url = url;
  config.user = user;
  config.password = password;
  config.ca_file = ca_file;
  config.timeout = timeout * G_TIME_SPAN_MILLISECOND;
  if (g_strcmp0 (starttls, "required") == 0)
    config.starttls = MM_STARTTLS_REQUIRED;
  else if (g_strcmp0 (starttls, "optional") == 0)
    config.starttls = MM_STARTTLS_OPTIONAL;
  else if (g_strcmp0 (starttls, "none") == 0)
    config.starttls = MM_STARTTLS_NONE;
  mailer = mm_mailer_new (&config, &error);
  if (mailer == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  on_signal = mailer;
  signal (SIGUSR1, abort_mails);
  while (fgets (line, sizeof line, stdin) != NULL)
    send_line (mailer, line);
  return 0;
}
