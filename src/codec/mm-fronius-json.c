#include "mm-fronius-json.h"

#include "mm-error.h"
#include "mm-mapper.h"
#include "mm-time.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8
#define OFFSET_MAX (2 * 86400) /* seconds */
#define NAME_MAX_BYTES 300

typedef struct
{
  MmBatch *batch;
  MmMapper mapper;
  gint64 time;  /* of the moment that is read */
  gint64 shift; /* of log data, added to its times */
  guint index;  /* of the channel, for reports */
} Parser;

static gboolean
bad (GError **error, const char *message)
{
  return mm_error_set (error, MM_ERROR_INVALID, "bad-json", message);
}

static void
refuse (Parser *parser, const char *field, const char *code, const char *detail)
{
  mm_batch_refuse (parser->batch, parser->index, field, code, detail);
}

static void
add (Parser *parser, const char *name, json_t *value)
{
  if (!json_is_number (value) && !json_is_boolean (value))
    return;
  mm_mapper_add (&parser->mapper, name, NULL, 0, "datamanager", parser->time,
                 json_is_boolean (value) ? json_is_true (value) : json_number_value (value),
                 parser->index);
}

/* ---- log data ---- */

/* The seconds of a key; FALSE if it is none. */
static gboolean
read_offset (const char *key, gint64 *seconds)
{
  char *end;

  errno = 0;
  *seconds = g_ascii_strtoll (key, &end, 10);
  return end != key && *end == '\0' && errno == 0 && *seconds >= -OFFSET_MAX
         && *seconds <= OFFSET_MAX;
}

/* Start as a time, and how far its clock is ahead of UTC. */
static gboolean
read_start (json_t *node, gint64 *start, gint64 *ahead)
{
  const char *text = json_string_value (json_object_get (node, "Start"));
  g_autofree char *wall = NULL;
  gint64 as_utc;

  if (text == NULL || strlen (text) < 19 || !mm_time_parse (text, start))
    return FALSE;
  wall = g_strdup_printf ("%.19sZ", text);
  *ahead = mm_time_parse (wall, &as_utc) ? as_utc - *start / MM_SECOND * MM_SECOND : 0;
  return TRUE;
}

static gboolean
is_log_node (json_t *node)
{
  return json_is_object (json_object_get (node, "Data"))
         && json_is_string (json_object_get (node, "Start"));
}

/* Whether the offsets of @body count from midnight in UTC: see the header. */
static gint64
find_shift (json_t *body)
{
  gint64 start, ahead, seconds, first = 0, shift = 0;
  const char *name, *channel_name, *key;
  json_t *node, *channel, *value;

  json_object_foreach (body, name, node)
    {
      if (!is_log_node (node) || !read_start (node, &start, &ahead))
        continue;
      shift = ahead;
      json_object_foreach (json_object_get (node, "Data"), channel_name, channel)
        {
          json_object_foreach (json_object_get (channel, "Values"), key, value)
            {
              if (read_offset (key, &seconds))
                first = MIN (first, seconds);
            }
        }
    }
  return first < 0 && first * MM_SECOND + shift >= 0 ? shift : 0;
}

static void
read_channel (Parser *parser, const char *name, json_t *channel, gint64 start)
{
  gint64 seconds;
  const char *key;
  json_t *value;

  json_object_foreach (json_object_get (channel, "Values"), key, value)
    {
      if (!read_offset (key, &seconds))
        {
          refuse (parser, name, "bad-time", "The offset is not a number of seconds within a day.");
          continue;
        }
      parser->time = start + seconds * MM_SECOND + parser->shift;
      add (parser, name, value);
    }
}

/* @id: "inverter/1" or "meter:10000001" */
static void
read_log_node (Parser *parser, const char *id, json_t *node)
{
  gint64 start, ahead;
  const char *channel_name;
  json_t *channel;

  if (!read_start (node, &start, &ahead))
    {
      refuse (parser, "Start", "bad-time", "The day's start is not an RFC 3339 time.");
      return;
    }
  json_object_foreach (json_object_get (node, "Data"), channel_name, channel)
    {
      g_autofree char *name = g_strconcat (id, "/", channel_name, NULL);

      g_strdelimit (name, ":", '/');
      if (strlen (name) > NAME_MAX_BYTES)
        refuse (parser, "Data", "bad-name", "The channel's name is too long.");
      else
        read_channel (parser, name, channel, start);
      parser->index++;
    }
}

/* ---- current data ---- */

static void read_object (Parser *parser, const char *path, json_t *object, int depth);

static void
read_member (Parser *parser, const char *path, const char *key, json_t *value, int depth)
{
  g_autofree char *name = g_strconcat (path, "/", key, NULL);

  if (strcmp (key, "TimeStamp") == 0 || strcmp (key, "Details") == 0
      || strlen (name) > NAME_MAX_BYTES)
    return;
  if (json_is_object (value) || json_is_array (value))
    read_object (parser, name, value, depth - 1);
  else
    add (parser, name, value);
}

/* All numbers below @object, a list's by their place. */
static void
read_object (Parser *parser, const char *path, json_t *object, int depth)
{
  const char *key;
  json_t *value;
  gsize i;

  if (depth == 0)
    return;
  json_object_foreach (object, key, value)
    {
      read_member (parser, path, key, value, depth);
    }
  json_array_foreach (object, i, value)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

      read_member (parser, path, number, value, depth);
    }
}

/* Channels of inverters: {"PAC": {"Unit": "W", "Values": {"1": 308}}}, or "Value" of the only one.
 */
static gboolean
read_inverter_channel (Parser *parser, const char *device, const char *key, json_t *channel)
{
  json_t *values = json_object_get (channel, "Values");
  json_t *single = json_object_get (channel, "Value");
  const char *id;
  json_t *value;

  if (!json_is_object (values) && single == NULL)
    return FALSE;
  if (single != NULL)
    {
      g_autofree char *name = g_strdup_printf ("inverter/%.64s/%.128s", device, key);

      add (parser, name, single);
    }
  json_object_foreach (values, id, value)
    {
      g_autofree char *name = g_strdup_printf ("inverter/%.64s/%.128s", id, key);

      add (parser, name, value);
    }
  return TRUE;
}

/* The prefix of a device class' names: "meter" of "Meter". */
static const char *
prefix_of (const char *device_class)
{
  static const struct
  {
    const char *name;
    const char *prefix;
  } classes[] = { { "Meter", "meter" },
                  { "Storage", "storage" },
                  { "SensorCard", "sensorcard" },
                  { "StringControl", "stringcontrol" },
                  { "OhmPilot", "ohmpilot" } };

  for (gsize i = 0; device_class != NULL && i < G_N_ELEMENTS (classes); i++)
    if (strcmp (device_class, classes[i].name) == 0)
      return classes[i].prefix;
  return NULL;
}

/* @arguments: what the device asked itself */
static void
read_current (Parser *parser, json_t *arguments, json_t *data)
{
  const char *prefix = prefix_of (json_string_value (json_object_get (arguments, "DeviceClass")));
  const char *device = json_string_value (json_object_get (arguments, "DeviceId"));
  const char *key;
  json_t *value;

  json_object_foreach (data, key, value)
    {
      g_autofree char *path = NULL;

      if (read_inverter_channel (parser, device != NULL ? device : "1", key, value))
        continue;
      path = prefix == NULL   ? g_strdup_printf ("%.64s", key)
             : device != NULL ? g_strdup_printf ("%s/%.64s", prefix, device)
                              : g_strdup_printf ("%s/%.64s", prefix, key);
      if (json_is_object (value) && prefix != NULL && device != NULL)
        read_member (parser, path, key, value, DEPTH_MAX);
      else if (json_is_object (value))
        read_object (parser, path, value, DEPTH_MAX);
      else if (prefix != NULL && device != NULL)
        read_member (parser, path, key, value, DEPTH_MAX);
      parser->index++;
    }
}

/* ---- the whole ---- */

static gboolean
read_body (Parser *parser, json_t *push, GError **error)
{
  json_t *head = json_object_get (push, "Head");
  json_t *body = json_object_get (push, "Body");
  const char *sent = json_string_value (json_object_get (head, "Timestamp"));
  json_t *data = json_object_get (body, "Data");
  const char *id;
  json_t *node;
  gboolean log = FALSE;

  if (!json_is_object (head) || !json_is_object (body))
    return bad (error, "The body must be an object with Head and Body, as of Fronius' Solar API.");
  parser->shift = find_shift (body);
  json_object_foreach (body, id, node)
    {
      if (!is_log_node (node))
        continue;
      log = TRUE;
      read_log_node (parser, id, node);
    }
  if (log)
    return TRUE;
  if (sent == NULL || !mm_time_parse (sent, &parser->time))
    return bad (error, "Head.Timestamp must be an RFC 3339 time.");
  read_current (parser, json_object_get (head, "RequestArguments"),
                json_is_object (data) ? data : body);
  return TRUE;
}

MmBatch *
mm_fronius_json_parse (const char *data, gsize length, const MmMapping *mapping, GError **error)
{
  g_autoptr (MmBatch) batch = NULL;
  Parser parser = { 0 };
  json_error_t json_error;
  json_t *push;
  gboolean read;

  /* Some firmware sends the end of its buffer, too. */
  while (length > 0 && data[length - 1] == '\0')
    length--;
  push = json_loadb (data, length, JSON_REJECT_DUPLICATES, &json_error);
  if (push == NULL)
    {
      g_autofree char *message
          = g_strdup_printf ("The body is not valid JSON: line %d, column %d: %s.", json_error.line,
                             json_error.column, json_error.text);

      bad (error, message);
      return NULL;
    }
  batch = mm_batch_new ();
  parser.batch = batch;
  mm_mapper_init (&parser.mapper, batch,
                  mapping != NULL ? mm_mapping_table (mapping, "fronius") : NULL);
  read = read_body (&parser, push, error);
  mm_mapper_finish (&parser.mapper);
  mm_mapper_clear (&parser.mapper);
  json_decref (push);
  return read ? g_steal_pointer (&batch) : NULL;
}
