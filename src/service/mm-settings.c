#define G_LOG_DOMAIN "mm-service"

#include "mm-settings.h"

#include "mm-error.h"
#include "mm-operating.h"
#include "mm-posting.h"
#include "mm-store-outbox.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PASSWORD_FILE "smtp-password"
#define PASSWORD_MAX 1000

static const char *const keys[] = { "name",          "public-url",    "smtp",      "smtp-user",
                                    "smtp-password", "smtp-starttls", "mail-from", NULL };

const char *const *
mm_settings_keys (void)
{
  return keys;
}

/* How the key is called on the command line and in the file. */
static const char *
stored_key (const char *key)
{
  return strcmp (key, "smtp-password") == 0 ? "smtp-password-file" : key;
}

static const char *
group_of (const char *key)
{
  return strcmp (key, "name") == 0 || strcmp (key, "public-url") == 0 ? "server" : "mail";
}

gboolean
mm_settings_is_fixed (const MmConfig *config, const char *key)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (config->options);

  return g_variant_dict_contains (&options, stored_key (key));
}

/* ---- the files ---- */

static gboolean
write_file (const char *path, const char *text, gsize length, GError **error)
{
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static GKeyFile *
read_own (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (g_file_test (path, G_FILE_TEST_EXISTS)
      && !g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, error))
    return NULL;
  return g_steal_pointer (&file);
}

static gboolean
write_own (GKeyFile *file, const char *path, GError **error)
{
  gsize length;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);

  return write_file (path, text, length, error);
}

/* ---- judging ---- */

/* What mm_config_with() and mm_posting_check() say, "KEY: RULE", as a field of the change. */
static void
take_problem (const GError *problem, GError **problems)
{
  const char *colon = strstr (problem->message, ": ");
  g_autofree char *key
      = colon != NULL ? g_strndup (problem->message, (gsize) (colon - problem->message)) : NULL;

  if (key != NULL && g_strv_contains (keys, key))
    mm_error_add_field (problems, key, "invalid", colon + 2);
  else
    mm_error_add_field (problems, "smtp", "invalid", problem->message);
}

static gboolean
is_given (const char *value)
{
  return value != NULL && *value != '\0';
}

static void
check_password (const char *password, GError **problems)
{
  for (const char *c = password; c != NULL && *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || c - password >= PASSWORD_MAX)
      {
        mm_error_add_field (problems, "smtp-password", "invalid",
                            "must be one line of at most 1000 characters");
        return;
      }
}

/* Puts @changes into @file; FALSE with the fields that must not be changed. */
static gboolean
put (const MmConfig *config, GHashTable *changes, GKeyFile *file, GError **error)
{
  g_autoptr (GError) problems = NULL;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const char *stored = stored_key (key);
      const char *text = strcmp (key, stored) != 0 && is_given (value) ? PASSWORD_FILE : value;

      if (!g_strv_contains (keys, key))
        mm_error_add_field (&problems, key, "unknown", "There is no such setting.");
      else if (mm_settings_is_fixed (config, key))
        mm_error_add_field (&problems, key, "fixed",
                            "The command line of the server decides over this.");
      else if (is_given (text))
        g_key_file_set_string (file, group_of (key), stored, text);
      else
        g_key_file_remove_key (file, group_of (key), stored, NULL);
    }
  check_password (g_hash_table_lookup (changes, "smtp-password"), &problems);
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

/* What the server would be set up as, without a look at the password, which is not stored yet. */
static gboolean
check (const MmConfig *config, GKeyFile *file, GError **error)
{
  g_autofree char *password = g_key_file_get_string (file, "mail", "smtp-password-file", NULL);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GError) problems = NULL;
  g_autoptr (MmConfig) wanted = NULL;

  g_key_file_remove_key (file, "mail", "smtp-password-file", NULL);
  wanted = mm_config_with (config, file, &problem);
  if (password != NULL)
    g_key_file_set_string (file, "mail", "smtp-password-file", password);
  if (wanted != NULL && mm_posting_check (wanted, &problem))
    return TRUE;
  take_problem (problem, &problems);
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

/* ---- the change ---- */

static gboolean
hurry (MmDatabase *db, gpointer data, GError **error)
{
  MmContext *context = data;

  return mm_store_outbox_hurry (db, mm_clock_now (context->clock), error);
}

/* Lets what may count at once count. */
static gboolean
apply (MmContext *context,
       MmConfig *wanted,
       GHashTable *changes,
       gboolean *restart_needed,
       GError **error)
{
  const MmConfig *config = mm_context_config (context);
  gboolean is_mail = FALSE;

  *restart_needed
      = context->listening != NULL && g_strcmp0 (wanted->public_url, config->public_url) != 0;
  g_free (wanted->public_url);
  wanted->public_url = g_strdup (config->public_url);
  mm_context_set_config (context, wanted);
  for (guint i = 0; keys[i] != NULL; i++)
    is_mail |= strcmp (group_of (keys[i]), "mail") == 0 && g_hash_table_contains (changes, keys[i]);
  /* Letters wait long for a server that was wrong; now they need not. */
  return !is_mail
         || (mm_posting_renew (context->posting, error)
             && mm_writer_run (context->writer, hurry, context, error));
}

static gboolean
change (MmContext *context, GHashTable *changes, gboolean *restart_needed, GError **error)
{
  const MmConfig *config = mm_context_config (context);
  g_autofree char *path = g_build_filename (config->data_dir, MM_CONFIG_OWN_FILE, NULL);
  g_autofree char *password_path = g_build_filename (config->data_dir, PASSWORD_FILE, NULL);
  const char *password = g_hash_table_lookup (changes, "smtp-password");
  g_autoptr (GKeyFile) file = read_own (path, error);
  MmConfig *wanted;

  if (file == NULL || !put (config, changes, file, error) || !check (config, file, error)
      || (is_given (password) && !write_file (password_path, password, strlen (password), error)))
    return FALSE;
  wanted = mm_config_with (config, file, error);
  if (wanted == NULL)
    return FALSE;
  if (!write_own (file, path, error))
    {
      mm_config_free (wanted);
      return FALSE;
    }
  /* What was taken away is not left lying about. */
  if (g_hash_table_contains (changes, "smtp-password") && !is_given (password)
      && g_unlink (password_path) != 0 && errno != ENOENT)
    g_warning ("the password of the mail server cannot be removed: %s", g_strerror (errno));
  return apply (context, wanted, changes, restart_needed, error);
}

/* The names of what was changed, for the operator's log. */
static char *
names_of (GHashTable *changes)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (g_hash_table_contains (changes, keys[i]))
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", keys[i]);
  return g_string_free (names, FALSE);
}

gboolean
mm_settings_change (MmContext *context,
                    GHashTable *changes,
                    gboolean *restart_needed,
                    GError **error)
{
  const char *file = mm_context_config (context)->file;
  g_autofree char *names = names_of (changes);
  gboolean changed;

  if (file != NULL)
    {
      g_autofree char *message
          = g_strdup_printf ("The server reads its settings from %s; please change them there.",
                             file);

      return mm_error_set (error, MM_ERROR_CONFLICT, "settings-elsewhere", message);
    }
  g_mutex_lock (&context->settings_lock);
  changed = change (context, changes, restart_needed, error);
  g_mutex_unlock (&context->settings_lock);
  if (!changed)
    return FALSE;
  g_message ("settings were changed: %s", names);
  return mm_operating_note (context, "settings-changed", names, error);
}
