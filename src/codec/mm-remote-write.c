/* WriteRequest { repeated TimeSeries timeseries = 1 }, TimeSeries { repeated Label labels = 1;
 * repeated Sample samples = 2 }, Label { string name = 1, value = 2 }, Sample { double value = 1;
 * int64 timestamp = 2 (milliseconds) }; all else is passed over. */
#include "mm-remote-write.h"

#include "mm-error.h"
#include "mm-mapper.h"

#include <math.h>
#include <string.h>

#define MAX_LABELS 64
#define NO_FIELD "value"

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Bytes;

/* One field of a message. @bytes: of wire type 2; @number: of 0 and 1 */
typedef struct
{
  guint field;
  guint type;
  guint64 number;
  Bytes bytes;
} Field;

typedef struct
{
  MmBatch *batch;
  MmMapper mapper;
  MmKnownQuantity known;
  const MmMappingTable *table;
  guint index; /* of the series */
  /* Of the series: */
  MmMappingTag tags[MAX_LABELS];
  guint n_tags;
  const char *name;
  gsize name_length;
} Parser;

/* ---- protobuf ---- */

static gboolean
take_varint (Bytes *in, guint64 *number)
{
  *number = 0;
  for (guint shift = 0; in->at < in->end && shift < 70; shift += 7)
    {
      guint8 byte = *in->at++;

      *number |= shift < 64 ? (guint64) (byte & 0x7f) << shift : 0;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_fixed (Bytes *in, guint n, guint64 *number)
{
  if ((gsize) (in->end - in->at) < n)
    return FALSE;
  *number = 0;
  for (guint i = 0; i < n; i++)
    *number |= (guint64) *in->at++ << 8 * i;
  return TRUE;
}

/* Reads the next field; FALSE if the message is broken. */
static gboolean
take_field (Bytes *in, Field *field)
{
  guint64 tag, length;

  if (!take_varint (in, &tag))
    return FALSE;
  field->field = (guint) (tag >> 3);
  field->type = tag & 7;
  switch (field->type)
    {
    case 0:
      return take_varint (in, &field->number);
    case 1:
      return take_fixed (in, 8, &field->number);
    case 5:
      return take_fixed (in, 4, &field->number);
    case 2:
      if (!take_varint (in, &length) || length > (guint64) (in->end - in->at))
        return FALSE;
      field->bytes = (Bytes){ in->at, in->at + length };
      in->at += length;
      return TRUE;
    default:
      return FALSE;
    }
}

/* ---- names ---- */

static const MmMappingTag *
find_tag (const Parser *parser, const char *key)
{
  for (guint i = 0; i < parser->n_tags; i++)
    if (parser->tags[i].key_length == strlen (key)
        && memcmp (parser->tags[i].key, key, parser->tags[i].key_length) == 0)
      return &parser->tags[i];
  return NULL;
}

/* Where the field begins, and how long the measurement is before it. */
static const char *
split_name (const Parser *parser, gsize *measurement)
{
  const char *name = parser->name;
  const char *end = name + parser->name_length;
  const char *slash = memchr (name, '/', parser->name_length);

  *measurement = slash != NULL ? (gsize) (slash - name) : 0;
  if (slash != NULL)
    return slash + 1;
  for (const char *c = name; c < end && parser->known != NULL; c++)
    if (*c == '_' && c > name && parser->known (c + 1, (gsize) (end - c - 1)))
      {
        *measurement = (gsize) (c - name);
        return c + 1;
      }
  *measurement = parser->name_length;
  return NULL;
}

/* The names that the series would have as a line, see mm-line-protocol.h. */
static gboolean
own_names (const Parser *parser, guint32 *device, guint32 *quantity)
{
  g_autoptr (GString) device_name = g_string_new (NULL);
  g_autoptr (GString) quantity_name = g_string_new (NULL);
  const MmMappingTag *device_tag = find_tag (parser, "device");
  gsize measurement;
  const char *field = split_name (parser, &measurement);
  gsize length
      = field != NULL ? (gsize) (parser->name + parser->name_length - field) : strlen (NO_FIELD);

  if (field == NULL)
    field = NO_FIELD;
  if (device_tag != NULL)
    g_string_append_len (device_name, device_tag->value, (gssize) device_tag->value_length);
  else
    g_string_append_len (device_name, parser->name, (gssize) measurement);
  if (device_tag != NULL && (parser->known == NULL || !parser->known (field, length)))
    {
      g_string_append_len (quantity_name, parser->name, (gssize) measurement);
      g_string_append_c (quantity_name, '.');
    }
  g_string_append_len (quantity_name, field, (gssize) length);
  for (guint i = 0; i < parser->n_tags; i++)
    if (&parser->tags[i] != device_tag)
      {
        const MmMappingTag *tag = &parser->tags[i];

        g_string_append_c (device_name, ';');
        g_string_append_len (device_name, tag->key, (gssize) tag->key_length);
        g_string_append_c (device_name, '=');
        g_string_append_len (device_name, tag->value, (gssize) tag->value_length);
      }
  return mm_batch_intern (parser->batch, device_name->str, device_name->len, device)
         && mm_batch_intern (parser->batch, quantity_name->str, quantity_name->len, quantity);
}

/* ---- a series ---- */

static gboolean
take_label (Parser *parser, Bytes in)
{
  MmMappingTag tag = { "", 0, "", 0 };
  Field field;

  while (in.at < in.end)
    {
      if (!take_field (&in, &field))
        return FALSE;
      if (field.type == 2 && field.field == 1)
        {
          tag.key = (const char *) field.bytes.at;
          tag.key_length = (gsize) (field.bytes.end - field.bytes.at);
        }
      else if (field.type == 2 && field.field == 2)
        {
          tag.value = (const char *) field.bytes.at;
          tag.value_length = (gsize) (field.bytes.end - field.bytes.at);
        }
    }
  if (tag.key_length == 8 && memcmp (tag.key, "__name__", 8) == 0)
    {
      parser->name = tag.value;
      parser->name_length = tag.value_length;
    }
  else if (!(tag.key_length == 2 && memcmp (tag.key, "db", 2) == 0))
    {
      if (parser->n_tags == MAX_LABELS)
        return FALSE;
      parser->tags[parser->n_tags++] = tag;
    }
  return TRUE;
}

/* Where the values of a series go. */
typedef struct
{
  MmMappingTarget target;
  MmValue value;
  MmValue own;
  double own_scale;
} Route;

static gboolean
intern (Parser *parser, const MmMappingTarget *target, MmValue *value)
{
  return mm_batch_intern (parser->batch, target->device, target->device_length, &value->device)
         && mm_batch_intern (parser->batch, target->quantity, target->quantity_length,
                             &value->quantity);
}

/* The first rule from number @from on that gives a value; with @any also a sum or a spare. */
static gboolean
find_rule (Parser *parser, guint from, gboolean any, MmMappingTarget *target)
{
  while (mm_mapping_find (parser->table, from, parser->name, parser->name_length, parser->tags,
                          parser->n_tags, target))
    {
      if (target->kind == MM_MAPPING_VALUE || (any && target->kind != MM_MAPPING_FAULT))
        return TRUE;
      from = target->rule + 1;
    }
  return FALSE;
}

static gboolean
find_route (Parser *parser, Route *route)
{
  MmMappingTarget next;

  memset (route, 0, offsetof (Route, target.device));
  route->value.index = route->own.index = parser->index;
  route->own_scale = 1;
  if (!find_rule (parser, 0, TRUE, &route->target))
    {
      route->target.kind = MM_MAPPING_VALUE;
      route->target.scale = 1;
      return own_names (parser, &route->value.device, &route->value.quantity);
    }
  if (!intern (parser, &route->target, &route->value))
    return FALSE;
  if (route->target.kind == MM_MAPPING_VALUE)
    return TRUE;
  if (!find_rule (parser, route->target.rule + 1, FALSE, &next))
    return own_names (parser, &route->own.device, &route->own.quantity);
  route->own_scale = next.scale;
  return intern (parser, &next, &route->own);
}

static gboolean
take_sample (Parser *parser, Route *route, Bytes in)
{
  guint64 bits = 0, milliseconds = 0;
  gint64 time;
  double value;
  Field field;

  while (in.at < in.end)
    {
      if (!take_field (&in, &field))
        return FALSE;
      if (field.field == 1 && field.type == 1)
        bits = field.number;
      else if (field.field == 2 && field.type == 0)
        milliseconds = field.number;
    }
  memcpy (&value, &bits, sizeof value);
  if (!isfinite (value) || __builtin_mul_overflow ((gint64) milliseconds, 1000, &time)
      || time == MM_TIME_NONE)
    {
      parser->batch->n_ignored++;
      return TRUE;
    }
  route->value.time = route->own.time = time;
  route->value.value = value * route->target.scale + 0.0; /* no negative zero */
  route->own.value = value * route->own_scale + 0.0;
  if (parser->batch->values->len + parser->mapper.waiting->len >= MM_BATCH_MAX_VALUES)
    mm_batch_refuse (parser->batch, parser->index, "samples", "too-many-values",
                     "One push may hold at most 200000 values.");
  else
    mm_mapper_put (&parser->mapper, &route->target, &route->value, &route->own);
  return TRUE;
}

static gboolean
take_series (Parser *parser, Bytes in)
{
  Bytes again = in;
  Route route;
  Field field;

  parser->n_tags = 0;
  parser->name_length = 0;
  while (in.at < in.end)
    {
      if (!take_field (&in, &field))
        return FALSE;
      if (field.field == 1 && field.type == 2 && !take_label (parser, field.bytes))
        return FALSE;
    }
  if (parser->name_length == 0 || !find_route (parser, &route))
    {
      mm_batch_refuse (parser->batch, parser->index, "labels", "bad-name",
                       "A name is not fit, or there are too many names.");
      return TRUE;
    }
  while (again.at < again.end)
    {
      if (!take_field (&again, &field))
        return FALSE;
      if (field.field == 2 && field.type == 2 && !take_sample (parser, &route, field.bytes))
        return FALSE;
    }
  return TRUE;
}

MmBatch *
mm_remote_write_parse (const guint8 *data,
                       gsize length,
                       MmKnownQuantity known,
                       const MmMapping *mapping,
                       GError **error)
{
  g_autoptr (MmBatch) batch = mm_batch_new ();
  g_autofree Parser *parser = g_new0 (Parser, 1);
  Bytes in = { data, length > 0 ? data + length : data };
  gboolean sound = TRUE;
  Field field;

  parser->batch = batch;
  parser->known = known;
  parser->table = mapping != NULL ? mm_mapping_table (mapping, "line") : NULL;
  mm_mapper_init (&parser->mapper, batch, parser->table);
  while (sound && in.at < in.end)
    {
      sound = take_field (&in, &field);
      if (sound && field.field == 1 && field.type == 2)
        {
          sound = take_series (parser, field.bytes);
          parser->index++;
        }
    }
  mm_mapper_finish (&parser->mapper);
  mm_mapper_clear (&parser->mapper);
  if (sound)
    return g_steal_pointer (&batch);
  mm_error_set (error, MM_ERROR_INVALID, "bad-protobuf",
                "The body is no WriteRequest of Prometheus' remote write 1.0.");
  return NULL;
}
