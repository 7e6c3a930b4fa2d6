/* mimamori-server check, compact, backup, restore, version. */
#include "mm-operator-command.h"

#include "mm-clock.h"
#include "mm-keeping.h"
#include "mm-migrator.h"

#include <stdio.h>

static void
print_member (const json_t *json, const char *name, const char *label)
{
  g_autofree char *text = mm_command_member (json, name);

  printf ("%-12s %s\n", label, text);
}

int
mm_command_check (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *problem = NULL;
  gboolean ok;
  json_t *json;

  if (!mm_command_parse (
          &command, argc, argv, "check",
          "Reads everything that is stored and says whether it is sound: the database's pages and "
          "references, every\nblock and every row of the reading log, of which the values are "
          "counted anew and "
          "compared with the sums that are\nkept. With --json: ok, gateways, readings (stored "
          "gateway, device and time, each once), values (stored\ngateway, device, quantity and "
          "time, each once), quarantined (values set aside as not plausible) and\nproblem (the "
          "first that was found, or null). The status is 1 if there is a problem.",
          NULL, 0, 0))
    return MM_EXIT_USAGE;
  json = mm_command_request (&command, "POST", "/operator/v1/check", NULL);
  if (json == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    {
      print_member (json, "ok", "Sound");
      print_member (json, "gateways", "Gateways");
      print_member (json, "readings", "Readings");
      print_member (json, "values", "Values");
      print_member (json, "quarantined", "Quarantined");
    }
  ok = json_is_true (json_object_get (json, "ok"));
  problem = mm_command_member (json, "problem");
  json_decref (json);
  return ok ? mm_command_done () : mm_command_fail (MM_EXIT_FAILED, problem);
}

int
mm_command_compact (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  json_t *json;

  if (!mm_command_parse (&command, argc, argv, "compact",
                         "Folds all that waits in the log of pushes into compressed blocks, which "
                         "the server does by "
                         "itself, too, a\npart at a time. Nothing that is stored changes by it.",
                         NULL, 0, 0))
    return MM_EXIT_USAGE;
  json = mm_command_request (&command, "POST", "/operator/v1/compact", NULL);
  if (json == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    {
      print_member (json, "gateways", "Gateways");
      print_member (json, "pushes", "Pushes");
      print_member (json, "blocks", "Blocks");
    }
  json_decref (json);
  return mm_command_done ();
}

/* The server works in another folder than this command. */
static char *
absolute (const char *path)
{
  return g_canonicalize_filename (path, NULL);
}

int
mm_command_backup (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autofree char *path = NULL;
  json_t *json;

  if (!mm_command_parse (
          &command, argc, argv, "backup FILE",
          "Copies everything that is stored, as of one moment, into the new FILE, "
          "also while the server runs. FILE\nis readable by its owner only: it holds "
          "personal data and hashes of keys.",
          NULL, 1, 1))
    return MM_EXIT_USAGE;
  path = absolute (command.words[0]);
  json = mm_command_request (&command, "POST", "/operator/v1/backup",
                             json_pack ("{s:s}", "file", path));
  if (json == NULL)
    return MM_EXIT_FAILED;
  if (!command.json)
    printf ("Everything is in %s\n", path);
  json_decref (json);
  return mm_command_done ();
}

static void
print_restored (const MmCommand *command, const char *path, const char *kept)
{
  json_t *json;
  char *text;

  if (!command->json)
    {
      printf ("Restored from %s\n", path);
      if (kept != NULL)
        printf ("What was there before is kept as %s\n", kept);
      return;
    }
  json = json_pack ("{s:s, s:s?}", "restored", path, "kept", kept);
  text = json_dumps (json, JSON_COMPACT);
  puts (text);
  free (text);
  json_decref (json);
}

int
mm_command_restore (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };
  g_autoptr (MmClock) clock = mm_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *kept = NULL;

  if (!mm_command_parse (
          &command, argc, argv, "restore FILE",
          "Puts the backup FILE in the place of what is stored; the server must not run. FILE is "
          "checked first, and\nwhat is stored now is kept beside it as "
          "mimamori.db.before-restore. Everybody must sign in again, links in\nearlier mails are "
          "void, mails that waited are not sent, and what was revoked or removed since the "
          "backup\nstays so.",
          NULL, 1, 1))
    return MM_EXIT_USAGE;
  path = absolute (command.words[0]);
  if (!mm_keeping_restore (command.config, mm_clock_now (clock), path, &kept, &error))
    return mm_command_fail (MM_EXIT_FAILED, error->message);
  print_restored (&command, path, kept);
  return mm_command_done ();
}

int
mm_command_version (int argc, char **argv)
{
  g_auto (MmCommand) command = { 0 };

  if (!mm_command_parse (&command, argc, argv, "version", "Shows the version.", NULL, 0, 0))
    return MM_EXIT_USAGE;
  if (command.json)
    printf ("{\"version\":\"%s\",\"schema\":%d}\n", MM_VERSION, mm_migrator_latest ());
  else
    printf ("mimamori-server %s\n", MM_VERSION);
  return mm_command_done ();
}
