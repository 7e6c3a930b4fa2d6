/* The file "delivered.json":
 *
 *   {"began": T, "written": T, "houses": {"ID": {"key": digest, "time": T, "stored": Wh, "pv": Wh,
 *    "import": Wh, "export": Wh, "charge": Wh, "discharge": Wh, "load": Wh, "trouble": "CODE"}}}
 *
 * T is UTC microseconds; the digest tells keys apart without being one.
 */
#define G_LOG_DOMAIN "mm-simulate"

#include "mm-delivered.h"

#include "mm-clock.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "delivered.json"
#define DIGEST_LENGTH 16

typedef struct
{
  char key[DIGEST_LENGTH + 1];
  MmHouseState state;
} Entry;

struct _MmDelivered
{
  char *path;
  int lock_fd;
  gint64 began;
  gint64 written;
  GHashTable *houses; /* of char * (ID) to Entry */
  gboolean changed;
};

/* The numbers of a state, by their names in the file. */
static const struct
{
  const char *name;
  gsize offset;
} numbers[] = {
  { "stored", G_STRUCT_OFFSET (MmHouseState, stored_wh) },
  { "pv", G_STRUCT_OFFSET (MmHouseState, pv_wh) },
  { "import", G_STRUCT_OFFSET (MmHouseState, import_wh) },
  { "export", G_STRUCT_OFFSET (MmHouseState, export_wh) },
  { "charge", G_STRUCT_OFFSET (MmHouseState, charge_wh) },
  { "discharge", G_STRUCT_OFFSET (MmHouseState, discharge_wh) },
  { "load", G_STRUCT_OFFSET (MmHouseState, load_wh) },
};

static void
write_digest (const char *key, char digest[DIGEST_LENGTH + 1])
{
  g_autofree char *whole = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  g_strlcpy (digest, whole, DIGEST_LENGTH + 1);
}

static gboolean
read_entry (json_t *from, Entry *entry)
{
  const char *key = json_string_value (json_object_get (from, "key"));
  const char *trouble = json_string_value (json_object_get (from, "trouble"));
  json_t *time = json_object_get (from, "time");

  if (key == NULL || !json_is_integer (time))
    return FALSE;
  g_strlcpy (entry->key, key, sizeof entry->key);
  entry->state.time = json_integer_value (time);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_t *number = json_object_get (from, numbers[i].name);

      if (!json_is_number (number))
        return FALSE;
      G_STRUCT_MEMBER (double, &entry->state, numbers[i].offset) = json_number_value (number);
    }
  entry->state.trouble = trouble != NULL ? mm_story_trouble (trouble) : NULL;
  return TRUE;
}

static gboolean
read_all (MmDelivered *delivered, const char *text, gsize length)
{
  json_t *root = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
  json_t *began = json_object_get (root, "began"), *written = json_object_get (root, "written");
  json_t *houses = json_object_get (root, "houses");
  gboolean sound = json_is_integer (began) && json_is_integer (written) && json_is_object (houses);
  const char *id;
  json_t *house;

  delivered->began = json_integer_value (began);
  delivered->written = json_integer_value (written);
  json_object_foreach (houses, id, house)
    {
      Entry *entry = g_new0 (Entry, 1);

      sound = sound && read_entry (house, entry);
      g_hash_table_replace (delivered->houses, g_strdup (id), entry);
    }
  json_decref (root);
  return sound;
}

static gboolean
lock (MmDelivered *delivered, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int saved;

  delivered->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (delivered->lock_fd >= 0 && flock (delivered->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  saved = errno;
  if (saved == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another process is using it", directory);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", path,
                 g_strerror (saved));
  return FALSE;
}

MmDelivered *
mm_delivered_open (const char *directory, GError **error)
{
  g_autoptr (MmDelivered) delivered = g_new0 (MmDelivered, 1);
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  gsize length;

  delivered->lock_fd = -1;
  delivered->path = g_build_filename (directory, FILE_NAME, NULL);
  delivered->began = delivered->written = MM_TIME_NONE;
  delivered->houses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", directory,
                   g_strerror (saved));
      return NULL;
    }
  if (!lock (delivered, directory, error))
    return NULL;
  if (!g_file_get_contents (delivered->path, &text, &length, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&delivered);
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (!read_all (delivered, text, length))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: not what this program writes; remove it to begin anew", delivered->path);
      return NULL;
    }
  return g_steal_pointer (&delivered);
}

void
mm_delivered_close (MmDelivered *delivered)
{
  if (delivered->lock_fd >= 0)
    close (delivered->lock_fd);
  g_hash_table_unref (delivered->houses);
  g_free (delivered->path);
  g_free (delivered);
}

gint64
mm_delivered_began (const MmDelivered *delivered)
{
  return delivered->began;
}

gint64
mm_delivered_written (const MmDelivered *delivered)
{
  return delivered->written;
}

void
mm_delivered_begin (MmDelivered *delivered, gint64 began)
{
  delivered->began = began;
  delivered->changed = TRUE;
}

gboolean
mm_delivered_find (const MmDelivered *delivered, const MmHouse *house, MmHouseState *state)
{
  const Entry *entry = g_hash_table_lookup (delivered->houses, house->id);
  char digest[DIGEST_LENGTH + 1];

  write_digest (house->key, digest);
  if (entry == NULL || strcmp (entry->key, digest) != 0)
    return FALSE;
  *state = entry->state;
  /* It may have been exchanged for a smaller one. */
  state->stored_wh = CLAMP (state->stored_wh, 0, house->battery_wh);
  return TRUE;
}

void
mm_delivered_put (MmDelivered *delivered, const MmHouse *house, const MmHouseState *state)
{
  Entry *entry = g_hash_table_lookup (delivered->houses, house->id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (delivered->houses, g_strdup (house->id), entry);
    }
  write_digest (house->key, entry->key);
  entry->state = *state;
  delivered->changed = TRUE;
}

gboolean
mm_delivered_is_changed (const MmDelivered *delivered)
{
  return delivered->changed;
}

static json_t *
pack_entry (const Entry *entry)
{
  json_t *packed = json_object ();

  json_object_set_new (packed, "key", json_string (entry->key));
  json_object_set_new (packed, "time", json_integer (entry->state.time));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_object_set_new (packed, numbers[i].name,
                         json_real (G_STRUCT_MEMBER (double, &entry->state, numbers[i].offset)));
  if (entry->state.trouble != NULL && entry->state.trouble->code != NULL)
    json_object_set_new (packed, "trouble", json_string (entry->state.trouble->code));
  return packed;
}

gboolean
mm_delivered_write (MmDelivered *delivered, const GPtrArray *houses, gint64 now, GError **error)
{
  json_t *root = json_object (), *list = json_object ();
  char *text;
  gboolean done;

  for (guint i = 0; i < houses->len; i++)
    {
      const MmHouse *house = g_ptr_array_index (houses, i);
      const Entry *entry = g_hash_table_lookup (delivered->houses, house->id);

      if (entry != NULL)
        json_object_set_new (list, house->id, pack_entry (entry));
    }
  json_object_set_new (root, "began", json_integer (delivered->began));
  json_object_set_new (root, "written", json_integer (now));
  json_object_set_new (root, "houses", list);
  text = json_dumps (root, JSON_COMPACT | JSON_REAL_PRECISION (17));
  json_decref (root);
  done = g_file_set_contents_full (delivered->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
  free (text);
  if (done)
    {
      delivered->written = now;
      delivered->changed = FALSE;
    }
  return done;
}
