/* The native push. The text is parsed by jansson as a whole, as a stranger's body may be at most a
 * few megabytes, and then walked once; what does not fit is refused by its path ("readings[3].t")
 * and the rest is kept, because one bad sensor must not cost a shop its other values. Pure
 * functions; any thread. */
#include "mm-push-json.h"

#include "mm-error.h"
#include "mm-number.h"
#include "mm-time.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define DEPTH_MAX 8
#define ELEMENTS_MAX 1100000 /* 200,000 readings of one value have five each */
#define TEXT_MAX 128
#define CODE_MAX 64
#define DETAIL_MAX 1000
#define KEY_SHOWN_MAX 64
#define EXTRA_JSON_MAX 65536 /* settings and results, as compact JSON */
#define INTERVAL_MAX (7 * 24 * 3600)

/* Where in the push the walk is, for reports. */
typedef struct
{
  MmBatch *batch;
  const char *list; /* "readings", or NULL for the top */
  guint index;
} Place;

/* Refuses @field of the place ("" for the element itself). */
static void
refuse (const Place *place, const char *field, const char *code, const char *detail)
{
  g_autofree char *path = NULL;

  if (place->batch->refusals->len < MM_BATCH_MAX_REFUSALS)
    {
      if (place->list == NULL)
        path = g_strdup (field);
      else if (*field == '\0')
        path = g_strdup_printf ("%s[%u]", place->list, place->index);
      else
        path = g_strdup_printf ("%s[%u].%s", place->list, place->index, field);
    }
  mm_batch_refuse (place->batch, place->index, path, code, detail);
}

static int
depth_of (json_t *value, int limit)
{
  int deepest = 0;
  const char *key;
  json_t *child;
  gsize i;

  if (!json_is_array (value) && !json_is_object (value))
    return 0;
  if (limit == 0)
    return 1;
  json_array_foreach (value, i, child)
    {
      deepest = MAX (deepest, depth_of (child, limit - 1));
    }
  json_object_foreach (value, key, child)
    {
      deepest = MAX (deepest, depth_of (child, limit - 1));
    }
  return deepest + 1;
}

static gboolean
is_one_line (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guint8) *text < 0x20 || *text == 0x7f)
      return FALSE;
  return TRUE;
}

/* A text that may be missing: *@text is NULL then. FALSE if it was refused. */
static gboolean
get_text (const Place *place, json_t *object, const char *name, gsize max, const char **text)
{
  json_t *value = json_object_get (object, name);
  g_autofree char *detail = NULL;

  *text = NULL;
  if (value == NULL || json_is_null (value))
    return TRUE;
  if (!json_is_string (value))
    {
      refuse (place, name, "not-a-text", "This must be a text.");
      return FALSE;
    }
  if (json_string_length (value) > max)
    {
      detail = g_strdup_printf ("This must be at most %" G_GSIZE_FORMAT " bytes long.", max);
      refuse (place, name, "too-long", detail);
      return FALSE;
    }
  if (!is_one_line (json_string_value (value)))
    {
      refuse (place, name, "bad-text", "This must be one line without control characters.");
      return FALSE;
    }
  *text = json_string_value (value);
  return TRUE;
}

/* A time that may be missing: MM_TIME_NONE then. FALSE if it was refused. */
static gboolean
get_time (const Place *place, json_t *object, const char *name, gint64 *time)
{
  json_t *value = json_object_get (object, name);

  *time = MM_TIME_NONE;
  if (value == NULL || json_is_null (value))
    return TRUE;
  if (json_is_string (value) && mm_time_parse (json_string_value (value), time))
    return TRUE;
  refuse (place, name, "bad-time",
          "This must be an RFC 3339 time with its offset, such as 2026-05-01T12:00:00Z.");
  return FALSE;
}

/* Why mm_batch_intern() would not take a name. */
static void
refuse_name (const Place *place, const char *field)
{
  if (mm_batch_n_names (place->batch) >= MM_BATCH_MAX_NAMES)
    refuse (place, field, "too-many-names", "One push may name at most 4096 things.");
  else
    refuse (place, field, "bad-name", "A name has 1 to 128 bytes and no control characters.");
}

static gboolean
get_device (const Place *place, json_t *object, guint32 *device)
{
  json_t *value = json_object_get (object, "device");

  if (value == NULL || json_is_null (value))
    {
      refuse (place, "device", "missing", "The name of the device is missing.");
      return FALSE;
    }
  if (!json_is_string (value))
    {
      refuse (place, "device", "not-a-text", "This must be a text.");
      return FALSE;
    }
  if (!mm_batch_intern (place->batch, json_string_value (value), json_string_length (value),
                        device))
    {
      refuse_name (place, "device");
      return FALSE;
    }
  return TRUE;
}

/* "v." and the quantity, cut to a length that a log line can bear. */
static char *
name_value_field (const char *quantity)
{
  const char *end = quantity + strlen (quantity);
  const char *cut = quantity + MIN (end - quantity, KEY_SHOWN_MAX);

  while (cut > quantity && cut < end && ((guint8) *cut & 0xc0) == 0x80)
    cut--;
  return g_strdup_printf ("v.%.*s", (int) (cut - quantity), quantity);
}

static void
refuse_value (const Place *place, const char *quantity, const char *code, const char *detail)
{
  g_autofree char *field = name_value_field (quantity);

  refuse (place, field, code, detail);
}

static void
parse_value (const Place *place, MmValue *value, const char *quantity, gsize length, json_t *given)
{
  g_autofree char *field = NULL;

  if (json_is_null (given))
    return;
  if (json_is_boolean (given))
    value->value = json_is_true (given) ? 1 : 0;
  else if (json_is_number (given))
    value->value = json_number_value (given);
  else
    {
      refuse_value (place, quantity, "not-a-number", "A value must be a number, true or false.");
      return;
    }
  if (place->batch->values->len >= MM_BATCH_MAX_VALUES)
    {
      refuse_value (place, quantity, "too-many-values", "One push may hold at most 200000 values.");
      return;
    }
  if (!mm_batch_intern (place->batch, quantity, length, &value->quantity))
    {
      field = name_value_field (quantity);
      refuse_name (place, field);
      return;
    }
  mm_batch_add_value (place->batch, value);
}

static void
parse_reading (const Place *place, json_t *reading)
{
  MmValue value = { .index = place->index };
  json_t *values = json_object_get (reading, "v");
  const char *quantity;
  gsize length;
  json_t *given;

  if (!get_time (place, reading, "t", &value.time) || !get_device (place, reading, &value.device))
    return;
  if (!json_is_object (values))
    {
      refuse (place, "v", "not-an-object", "This must be an object of quantities and numbers.");
      return;
    }
  json_object_keylen_foreach (values, quantity, length, given)
  {
    parse_value (place, &value, quantity, length, given);
  }
}

static void
parse_event (const Place *place, json_t *object)
{
  MmEvent event = { .index = place->index };
  const char *code, *state, *detail;

  if (!get_time (place, object, "t", &event.time) || !get_device (place, object, &event.device)
      || !get_text (place, object, "code", CODE_MAX, &code)
      || !get_text (place, object, "state", TEXT_MAX, &state)
      || !get_text (place, object, "detail", DETAIL_MAX, &detail))
    return;
  if (code == NULL || *code == '\0')
    {
      refuse (place, "code", "missing", "The code of the event is missing.");
      return;
    }
  if (g_strcmp0 (state, "raised") != 0 && g_strcmp0 (state, "cleared") != 0)
    {
      refuse (place, "state", "bad-state", "The state must be \"raised\" or \"cleared\".");
      return;
    }
  if (place->batch->events->len >= MM_BATCH_MAX_EVENTS)
    {
      refuse (place, "", "too-many-events", "One push may hold at most 1000 events.");
      return;
    }
  event.code = g_strdup (code);
  event.state = *state == 'r' ? MM_EVENT_RAISED : MM_EVENT_CLEARED;
  event.detail = g_strdup (detail);
  g_array_append_val (place->batch->events, event);
}

static void
parse_device (const Place *place, json_t *object)
{
  MmDevice device;
  const char *kind, *maker, *model, *serial;
  guint32 number;

  if (!get_device (place, object, &number) || !get_text (place, object, "kind", TEXT_MAX, &kind)
      || !get_text (place, object, "maker", TEXT_MAX, &maker)
      || !get_text (place, object, "model", TEXT_MAX, &model)
      || !get_text (place, object, "serial", TEXT_MAX, &serial))
    return;
  if (place->batch->devices->len >= MM_BATCH_MAX_DEVICES)
    {
      refuse (place, "", "too-many-devices", "One push may describe at most 64 devices.");
      return;
    }
  device.device = g_strdup (mm_batch_name (place->batch, number));
  device.kind = g_strdup (kind);
  device.maker = g_strdup (maker);
  device.model = g_strdup (model);
  device.serial = g_strdup (serial);
  g_array_append_val (place->batch->devices, device);
}

/* Calls @parse for each object of the list @name. */
static void
parse_list (MmBatch *batch,
            json_t *push,
            const char *name,
            void (*parse) (const Place *place, json_t *object))
{
  json_t *list = json_object_get (push, name);
  Place place = { batch, NULL, 0 };
  json_t *element;
  gsize i;

  if (list == NULL || json_is_null (list))
    return;
  if (!json_is_array (list))
    {
      refuse (&place, name, "not-a-list", "This must be a list.");
      return;
    }
  place.list = name;
  json_array_foreach (list, i, element)
    {
      place.index = (guint) i;
      if (json_is_object (element))
        parse (&place, element);
      else
        refuse (&place, "", "not-an-object", "This must be an object.");
    }
}

/* A member that is handed on as compact JSON; NULL if missing or refused. */
static char *
get_json (const Place *place, json_t *push, const char *name, gboolean list)
{
  json_t *value = json_object_get (push, name);
  char *text;

  if (value == NULL || json_is_null (value))
    return NULL;
  if (list ? !json_is_array (value) : !json_is_object (value))
    {
      refuse (place, name, list ? "not-a-list" : "not-an-object",
              list ? "This must be a list." : "This must be an object.");
      return NULL;
    }
  text = json_dumps (value, JSON_COMPACT);
  if (text != NULL && strlen (text) > EXTRA_JSON_MAX)
    {
      refuse (place, name, "too-long", "This must be at most 65536 bytes long.");
      g_clear_pointer (&text, free);
    }
  return text;
}

static void
parse_top (MmBatch *batch, json_t *push)
{
  const Place place = { batch, NULL, 0 };
  json_t *interval = json_object_get (push, "interval_s");
  const char *text;

  get_time (&place, push, "sent", &batch->sent);
  get_text (&place, push, "batch", TEXT_MAX, &text);
  batch->batch_id = g_strdup (text);
  get_text (&place, push, "firmware", TEXT_MAX, &text);
  batch->firmware = g_strdup (text);
  if (json_is_integer (interval) && json_integer_value (interval) > 0
      && json_integer_value (interval) <= INTERVAL_MAX)
    batch->interval_s = (guint) json_integer_value (interval);
  else if (interval != NULL && !json_is_null (interval))
    refuse (&place, "interval_s", "bad-interval",
            "The interval must be a whole number of seconds from 1 to 604800.");
  batch->settings_json = get_json (&place, push, "settings", FALSE);
  batch->results_json = get_json (&place, push, "results", TRUE);
}

static gboolean bad_json (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
bad_json (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return mm_error_set (error, MM_ERROR_INVALID, "bad-json", message);
}

/* Whether @data holds more than ELEMENTS_MAX commas and beginnings of lists and objects. Each of
 * these makes at most one heap object of jansson's, of 80 bytes and more: three bytes of text can
 * cost 250 of memory, so this is counted before. */
static gboolean
has_too_many_elements (const char *data, gsize length)
{
  gsize n = 0;
  gboolean text = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (data[i] == '"')
        text = !text;
      else if (text)
        i += data[i] == '\\';
      else
        n += data[i] == ',' || data[i] == '[' || data[i] == '{';
    }
  return n > ELEMENTS_MAX;
}

MmBatch *
mm_push_json_parse (const char *data, gsize length, GError **error)
{
  MmBatch *batch;
  json_error_t json_error;
  json_t *push;

  if (has_too_many_elements (data, length))
    {
      mm_error_set (error, MM_ERROR_TOO_LARGE, "too-large", "The push has too many elements.");
      return NULL;
    }
  push = json_loadb (data, length, JSON_REJECT_DUPLICATES, &json_error);
  if (push == NULL)
    {
      bad_json (error, "The body is not valid JSON: line %d, column %d: %s.", json_error.line,
                json_error.column, json_error.text);
      return NULL;
    }
  if (!json_is_object (push) || depth_of (push, DEPTH_MAX) > DEPTH_MAX)
    {
      bad_json (error, json_is_object (push) ? "The JSON is nested deeper than 8 levels."
                                             : "The body must be a JSON object.");
      json_decref (push);
      return NULL;
    }
  batch = mm_batch_new ();
  parse_top (batch, push);
  /* Readings last: if names run out, it shall not be an event that is lost. */
  parse_list (batch, push, "events", parse_event);
  parse_list (batch, push, "devices", parse_device);
  parse_list (batch, push, "readings", parse_reading);
  json_decref (push);
  return batch;
}

static void
append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if ((guint8) *text < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint8) *text);
      else
        {
          if (*text == '"' || *text == '\\')
            g_string_append_c (out, '\\');
          g_string_append_c (out, *text);
        }
    }
  g_string_append_c (out, '"');
}

/* ,"name":"text" if there is one. */
static void
append_member (GString *out, const char *name, const char *text)
{
  if (text == NULL)
    return;
  g_string_append_printf (out, ",\"%s\":", name);
  append_string (out, text);
}

static void
append_time (GString *out, const char *name, gint64 time)
{
  char text[MM_TIME_TEXT_SIZE];

  if (time == MM_TIME_NONE)
    return;
  mm_time_write (time, text);
  append_member (out, name, text);
}

/* A member begins with a comma; the first of an object must not. */
static void
close_object (GString *out, gsize start)
{
  if (out->len > start && out->str[start] == ',')
    g_string_erase (out, (gssize) start, 1);
  g_string_append_c (out, '}');
}

/* Whether @value may stand in the same object "v" as the values from @first on. */
static gboolean
continues (const MmBatch *batch, guint first, guint next)
{
  const MmValue *values = (const MmValue *) (gpointer) batch->values->data;

  if (values[next].time != values[first].time || values[next].device != values[first].device)
    return FALSE;
  for (guint i = first; i < next; i++)
    if (values[i].quantity == values[next].quantity)
      return FALSE;
  return TRUE;
}

static void
append_readings (GString *out, const MmBatch *batch)
{
  const MmValue *values = (const MmValue *) (gpointer) batch->values->data;
  char number[MM_NUMBER_TEXT_SIZE];
  guint next;

  g_string_append (out, ",\"readings\":[");
  for (guint first = 0; first < batch->values->len; first = next)
    {
      gsize start;

      g_string_append (out, first == 0 ? "{" : ",{");
      start = out->len;
      append_time (out, "t", values[first].time);
      append_member (out, "device", mm_batch_name (batch, values[first].device));
      g_string_append (out, ",\"v\":{");
      for (next = first; next < batch->values->len && continues (batch, first, next); next++)
        {
          if (next > first)
            g_string_append_c (out, ',');
          append_string (out, mm_batch_name (batch, values[next].quantity));
          mm_number_write (values[next].value, number);
          g_string_append_c (out, ':');
          g_string_append (out, number);
        }
      g_string_append_c (out, '}');
      close_object (out, start);
    }
  g_string_append_c (out, ']');
}

static void
append_events (GString *out, const MmBatch *batch)
{
  g_string_append (out, ",\"events\":[");
  for (guint i = 0; i < batch->events->len; i++)
    {
      const MmEvent *event = &g_array_index (batch->events, MmEvent, i);
      gsize start;

      g_string_append (out, i == 0 ? "{" : ",{");
      start = out->len;
      append_time (out, "t", event->time);
      append_member (out, "device", mm_batch_name (batch, event->device));
      append_member (out, "code", event->code);
      append_member (out, "state", event->state == MM_EVENT_RAISED ? "raised" : "cleared");
      append_member (out, "detail", event->detail);
      close_object (out, start);
    }
  g_string_append_c (out, ']');
}

static void
append_devices (GString *out, const MmBatch *batch)
{
  g_string_append (out, ",\"devices\":[");
  for (guint i = 0; i < batch->devices->len; i++)
    {
      const MmDevice *device = &g_array_index (batch->devices, MmDevice, i);
      gsize start;

      g_string_append (out, i == 0 ? "{" : ",{");
      start = out->len;
      append_member (out, "device", device->device);
      append_member (out, "kind", device->kind);
      append_member (out, "maker", device->maker);
      append_member (out, "model", device->model);
      append_member (out, "serial", device->serial);
      close_object (out, start);
    }
  g_string_append_c (out, ']');
}

char *
mm_push_json_format (const MmBatch *batch)
{
  GString *out = g_string_sized_new (256 + batch->values->len * 24);

  g_string_append_c (out, '{');
  append_time (out, "sent", batch->sent);
  append_member (out, "batch", batch->batch_id);
  append_member (out, "firmware", batch->firmware);
  if (batch->interval_s != 0)
    g_string_append_printf (out, ",\"interval_s\":%u", batch->interval_s);
  if (batch->values->len > 0)
    append_readings (out, batch);
  if (batch->events->len > 0)
    append_events (out, batch);
  if (batch->devices->len > 0)
    append_devices (out, batch);
  if (batch->settings_json != NULL)
    g_string_append_printf (out, ",\"settings\":%s", batch->settings_json);
  if (batch->results_json != NULL)
    g_string_append_printf (out, ",\"results\":%s", batch->results_json);
  close_object (out, 1);
  return g_string_free (out, FALSE);
}
