/* The command line of `mimamori-server serve`. Main thread. */
#include "mm-serve.h"

#include <stdio.h>

/* Settings that may come from the command line; each is also a key of the configuration file. */
static const struct
{
  const char *name;
  const char *help;
  const char *argument;
} settings[] = {
  { "data-dir", "Where everything is kept", "DIR" },
  { "config", "Key file with the groups [server] and [mail]", "FILE" },
  { "listen", "Address to listen on (127.0.0.1:8470)", "HOST:PORT" },
  { "public-url", "How people reach this server", "URL" },
  { "name", "Name of the service", "NAME" },
  { "timezone", "Zone of new sites (Asia/Tokyo)", "ZONE" },
  { "tls", "Certificate and key, PEM files", "CERT,KEY" },
  { "trusted-proxy", "Whose forwarded addresses count", "CIDR[,CIDR…]" },
  { "smtp", "Mail server, smtp:// or smtps://", "URL" },
  { "smtp-user", "Login at the mail server", "USER" },
  { "smtp-password-file", "File with its password", "FILE" },
  { "smtp-ca", "Authorities to trust for it (PEM)", "FILE" },
  { "smtp-starttls", "required, optional or none", "WHEN" },
  { "mail-from", "Sender of mails", "ADDRESS" },
  { "link-hours", "Life of the link in provisional mails (72)", "HOURS" },
  { "password-max", "Longest password (16)", "CHARACTERS" },
  { "gateway-rate", "Pushes of one gateway per second (1000; 0: no limit)", "NUMBER" },
  { "disk-low-water", "Free space below which pushes are refused (256, 0: none)", "MB" },
};

static int
fail (const char *message, int status)
{
  fprintf (stderr, "mimamori-server: %s\n", message);
  return status;
}

/* Puts the options of @argv into @options under their names. */
static gboolean
parse_options (char **argv, GVariantDict *options, gboolean *die_with_stdin, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- serve apps, people and gateways");
  g_auto (GStrv) words = g_strdupv (argv);
  char *values[G_N_ELEMENTS (settings)] = { NULL };
  GOptionEntry entries[G_N_ELEMENTS (settings) + 2] = { { NULL } };
  gboolean parsed;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    entries[i] = (GOptionEntry){
      .long_name = settings[i].name,
      .arg = G_OPTION_ARG_STRING,
      .arg_data = &values[i],
      .description = settings[i].help,
      .arg_description = settings[i].argument,
    };
  entries[G_N_ELEMENTS (settings)] = (GOptionEntry){
    .long_name = "die-with-stdin",
    .arg = G_OPTION_ARG_NONE,
    .arg_data = die_with_stdin,
    .description = "End when standard input ends",
  };
  g_option_context_add_main_entries (context, entries, NULL);
  parsed = g_option_context_parse_strv (context, &words, error);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (values[i] != NULL)
        g_variant_dict_insert (options, settings[i].name, "s", values[i]);
      g_free (values[i]);
    }
  if (parsed && g_strv_length (words) > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "unexpected “%s”", words[1]);
      return FALSE;
    }
  return parsed;
}

static MmConfig *
read_config (GVariantDict *options, GError **error)
{
  const char *file = NULL;

  g_variant_dict_lookup (options, "config", "&s", &file);
  return mm_config_new (options, file, error);
}

int
mm_serve_command (int argc, char **argv)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmConfig) config = NULL;
  gboolean die_with_stdin = FALSE;

  if (!parse_options (argv, options, &die_with_stdin, &error))
    return fail (error->message, 2);
  config = read_config (options, &error);
  if (config == NULL)
    return fail (error->message, 2);
  return mm_serve (config, die_with_stdin, &error) ? 0 : fail (error->message, 1);
}
