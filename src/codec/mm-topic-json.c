/* Walks a payload with a bound on everything. Any thread. */
#include "mm-topic-json.h"

#include "mm-number.h"
#include "mm-time.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Where the walk is. @name: of the value, grows and shrinks; @time_name: of the time, or NULL */
typedef struct
{
  MmTopicMemory *memory;
  MmMapper *mapper;
  GString *name;
  const char *time_name;
  gint64 time;
  gboolean faults_only;
  gboolean tell_cleared;
  guint left;
  guint taken;
} Walk;

/* ---- one value ---- */

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && g_ascii_strncasecmp (text, word, length) == 0;
}

/* A number, or a word that switches have. */
static gboolean
read_plain (const char *text, gsize length, double *number)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  while (length > 0 && g_ascii_isspace (*text))
    {
      text++;
      length--;
    }
  if (mm_number_parse (text, length, number))
    return TRUE;
  *number = is_word (text, length, "on") || is_word (text, length, "true");
  return *number != 0 || is_word (text, length, "off") || is_word (text, length, "false");
}

static gboolean
read_value (const json_t *json, double *number)
{
  switch (json_typeof (json))
    {
    case JSON_INTEGER:
    case JSON_REAL:
      *number = json_number_value (json);
      return isfinite (*number);
    case JSON_TRUE:
    case JSON_FALSE:
      *number = json_is_true (json);
      return TRUE;
    case JSON_STRING:
      return read_plain (json_string_value (json), json_string_length (json), number);
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
      break;
    }
  return FALSE;
}

static void
take (Walk *walk, double number)
{
  if (walk->faults_only && !mm_topic_memory_is_fault (walk->mapper->table, walk->name->str))
    return;
  if (mm_topic_memory_take (walk->memory, walk->mapper, walk->name->str, "mqtt", number, walk->time,
                            walk->tell_cleared))
    walk->taken++;
}

/* ---- all of them ---- */

static void
refuse (Walk *walk, const char *code, const char *detail)
{
  mm_batch_refuse (walk->mapper->batch, 0, walk->name->str, code, detail);
}

static void
walk_json (Walk *walk, json_t *json, guint depth)
{
  gsize length = walk->name->len;
  const char *key;
  json_t *child;
  gsize i;
  double number;

  if (!json_is_object (json) && !json_is_array (json))
    {
      if (!read_value (json, &number) || g_strcmp0 (walk->name->str, walk->time_name) == 0)
        return;
      walk->left--;
      take (walk, number);
      return;
    }
  if (depth == MM_TOPIC_JSON_MAX_DEPTH)
    {
      refuse (walk, "too-deep", "The payload is nested too deeply.");
      return;
    }
  json_object_foreach (json, key, child)
    {
      if (walk->left == 0)
        break;
      g_string_append_printf (walk->name, "/%s", key);
      walk_json (walk, child, depth + 1);
      g_string_truncate (walk->name, length);
    }
  json_array_foreach (json, i, child)
    {
      if (walk->left == 0)
        break;
      g_string_append_printf (walk->name, "/%" G_GSIZE_FORMAT, i);
      walk_json (walk, child, depth + 1);
      g_string_truncate (walk->name, length);
    }
}

/* ---- the time ---- */

/* Seconds since 1970 and their fractions differ by a factor of a thousand each. */
static gboolean
time_of_number (double number, gint64 *time)
{
  double microseconds = number;

  if (!(number >= 1e8 && number < 1e20))
    return FALSE;
  if (number < 1e11)
    microseconds = number * 1e6;
  else if (number < 1e14)
    microseconds = number * 1e3;
  else if (number >= 1e17)
    microseconds = number / 1e3;
  *time = (gint64) microseconds;
  return TRUE;
}

static gboolean
read_time (json_t *json, const char *path, gint64 *time)
{
  g_auto (GStrv) steps = g_strsplit (path, "/", MM_TOPIC_JSON_MAX_DEPTH);

  for (char **step = steps; *step != NULL; step++)
    json = json_object_get (json, *step);
  if (json_is_number (json))
    return time_of_number (json_number_value (json), time);
  return json_is_string (json) && mm_time_parse (json_string_value (json), time);
}

guint
mm_topic_json_take (MmTopicMemory *memory,
                    MmMapper *mapper,
                    const char *name,
                    const char *payload,
                    gsize length,
                    const char *time_path,
                    gboolean retained,
                    gint64 now,
                    gboolean tell_cleared)
{
  g_autoptr (GString) path = g_string_new (name);
  Walk walk = {
    .memory = memory,
    .mapper = mapper,
    .name = path,
    .time = now,
    .faults_only = retained,
    .tell_cleared = tell_cleared,
    .left = MM_TOPIC_JSON_MAX_VALUES,
  };
  double number;
  json_t *json;

  if (length > MM_TOPIC_JSON_MAX_BYTES)
    refuse (&walk, "too-large", "The payload is too large.");
  else if (read_plain (payload, length, &number))
    take (&walk, number);
  else if (length > 0)
    {
      json = json_loadb (payload, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
      if (json == NULL && (*payload == '{' || *payload == '['))
        refuse (&walk, "bad-json", "The payload is not JSON.");
      if (json != NULL)
        {
          g_autofree char *time_name
              = time_path != NULL ? g_strconcat (name, "/", time_path, NULL) : NULL;

          if (time_path != NULL && read_time (json, time_path, &walk.time))
            walk.faults_only = FALSE;
          walk.time_name = time_name;
          walk_json (&walk, json, 0);
          if (walk.left == 0)
            refuse (&walk, "too-many-values", "The payload has more than 1000 values.");
          json_decref (json);
        }
    }
  mm_topic_memory_end_moment (memory, mapper, walk.time);
  return walk.taken;
}

/* ---- whether it is there ---- */

static int
presence_of (const char *text, gsize length)
{
  static const char *const there[] = { "online", "connected", "available", "alive" };
  static const char *const away[]
      = { "offline", "disconnected", "unavailable", "lost", "dead", "not connected" };
  double number;

  for (gsize i = 0; i < G_N_ELEMENTS (there); i++)
    if (is_word (text, length, there[i]))
      return 1;
  for (gsize i = 0; i < G_N_ELEMENTS (away); i++)
    if (is_word (text, length, away[i]))
      return 0;
  return read_plain (text, length, &number) && (number == 0 || number == 1) ? number == 1 : -1;
}

int
mm_topic_json_presence (const char *payload, gsize length)
{
  json_t *json;
  json_t *state;
  int presence = -1;

  if (length == 0 || length > MM_TOPIC_JSON_MAX_BYTES)
    return -1;
  if (*payload != '{')
    return presence_of (payload, length);
  json = json_loadb (payload, length, JSON_REJECT_DUPLICATES, NULL);
  state = json_object_get (json, "state");
  if (state == NULL)
    state = json_object_get (json, "online");
  if (json_is_boolean (state))
    presence = json_is_true (state);
  else if (json_is_string (state))
    presence = presence_of (json_string_value (state), json_string_length (state));
  json_decref (json);
  return presence;
}
