/* From the parts of a line to the values of a batch. The heads of neighbouring lines are mostly the
 * same bytes, so the device of the last head is kept and a head that repeats is not parsed again.
 * Pure functions; any thread. */
#include "mm-line-protocol.h"

#include "mm-line-route.h"

#include <math.h>
#include <string.h>

#define SHOWN_MAX 64

typedef struct
{
  MmBatch *batch;
  MmLineScanner scanner;
  gint64 precision;
  MmKnownQuantity known;
  MmLinePoint point;
  MmLineRouter router;
  MmMapper mapper;

  /* Of the last sound head. */
  const char *head;
  gsize head_length;
  gboolean has_device; /* its name is fit */
  guint32 device;
  gboolean has_device_tag;
  char prefix[MM_NAME_MAX_BYTES + 1]; /* "measurement." */
  gsize prefix_length;
} Parser;

gboolean
mm_line_precision_parse (const char *text, gint64 *nanoseconds)
{
  static const struct
  {
    const char *name;
    gint64 nanoseconds;
  } precisions[] = {
    { "", 1 },
    { "n", 1 },
    { "ns", 1 },
    { "u", 1000 },
    { "us", 1000 },
    { "µs", 1000 },
    { "ms", 1000000 },
    { "s", 1000000000 },
    { "m", G_GINT64_CONSTANT (60000000000) },
    { "h", G_GINT64_CONSTANT (3600000000000) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (precisions); i++)
    if (g_strcmp0 (text == NULL ? "" : text, precisions[i].name) == 0)
      {
        *nanoseconds = precisions[i].nanoseconds;
        return TRUE;
      }
  return FALSE;
}

static void
refuse (Parser *parser, guint line, const char *code, const char *reason)
{
  const char *start = parser->scanner.start;
  gsize length = (gsize) (parser->scanner.end - start);
  const char *newline;
  g_autofree char *shown = NULL;
  g_autofree char *detail = NULL;

  if (parser->batch->refusals->len < MM_BATCH_MAX_REFUSALS)
    {
      newline = memchr (start, '\n', MIN (length, MM_BATCH_MAX_TEXT));
      length = newline != NULL ? (gsize) (newline - start) : length;
      shown = mm_batch_shorten (start, length, SHOWN_MAX);
      detail = g_strdup_printf ("unable to parse '%s': %s", shown, reason);
    }
  mm_batch_refuse_text (parser->batch, line, shown, code, detail, start, length);
}

/* A text that is put together, up to the longest name. Only the length is set at first: clearing
 * the text as well would cost as much as parsing a field. */
typedef struct
{
  char text[MM_NAME_MAX_BYTES];
  gsize length;
} Name;

static gboolean
append_text (Name *name, const char *text, gsize length)
{
  if (length > sizeof name->text - name->length)
    return FALSE;
  memcpy (name->text + name->length, text, length);
  name->length += length;
  return TRUE;
}

static gboolean
append_span (Name *name, const MmLineSpan *span)
{
  gssize length
      = mm_line_span_copy (span, name->text + name->length, sizeof name->text - name->length);

  if (length < 0)
    return FALSE;
  name->length += (gsize) length;
  return TRUE;
}

static gboolean
span_is (const MmLineSpan *span, const char *text)
{
  return span->length == strlen (text) && memcmp (span->text, text, span->length) == 0;
}

static int
compare_tags (const MmLineTag *a, const MmLineTag *b)
{
  int order = memcmp (a->key.text, b->key.text, MIN (a->key.length, b->key.length));

  return order != 0 ? order : (a->key.length > b->key.length) - (a->key.length < b->key.length);
}

/* Sorted by insertion: tags are few and mostly come sorted. The longest name holds less than
 * MM_NAME_MAX_BYTES / 3 of them. */
static gboolean
sort_tags (MmLineTag *tags, guint n)
{
  if (n > MM_NAME_MAX_BYTES / 3)
    return FALSE;
  for (guint i = 1; i < n; i++)
    for (guint j = i; j > 0 && compare_tags (&tags[j - 1], &tags[j]) > 0; j--)
      {
        MmLineTag swapped = tags[j];

        tags[j] = tags[j - 1];
        tags[j - 1] = swapped;
      }
  return TRUE;
}

/* Puts together the device of the point; FALSE if its name is not fit. */
static gboolean
find_device (Parser *parser)
{
  MmLinePoint *point = &parser->point;
  const MmLineTag *device_tag = NULL;
  Name device;
  gssize length;

  device.length = 0;
  if (!sort_tags (point->tags, point->n_tags))
    return FALSE;
  for (guint i = 0; i < point->n_tags; i++)
    if (span_is (&point->tags[i].key, "device"))
      device_tag = &point->tags[i];
  if (!append_span (&device, device_tag != NULL ? &device_tag->value : &point->measurement))
    return FALSE;
  for (guint i = 0; i < point->n_tags; i++)
    {
      const MmLineTag *tag = &point->tags[i];

      if (tag != device_tag
          && (!append_text (&device, ";", 1) || !append_span (&device, &tag->key)
              || !append_text (&device, "=", 1) || !append_span (&device, &tag->value)))
        return FALSE;
    }
  length = mm_line_span_copy (&point->measurement, parser->prefix, MM_NAME_MAX_BYTES);
  if (length < 0)
    return FALSE;
  parser->prefix[length] = '.';
  parser->prefix_length = (gsize) length + 1;
  parser->has_device_tag = device_tag != NULL;
  return mm_batch_intern (parser->batch, device.text, device.length, &parser->device);
}

/* Reads the head of the line and knows its device afterwards. */
static gboolean
take_head (Parser *parser, guint line)
{
  MmLineScanner *scanner = &parser->scanner;
  const char *head = scanner->at;

  if (parser->head_length > 0 && (gsize) (scanner->end - head) > parser->head_length
      && memcmp (head, parser->head, parser->head_length) == 0)
    {
      mm_line_scanner_pass_head (scanner, parser->head_length);
      return TRUE;
    }
  parser->head_length = 0;
  if (!mm_line_scanner_head (scanner, &parser->point))
    {
      refuse (parser, line, "bad-line", scanner->error);
      return FALSE;
    }
  parser->has_device = find_device (parser);
  if (!mm_line_router_head (&parser->router, head, parser->point.head_length, &parser->point)
      && !parser->has_device)
    {
      refuse (parser, line, "bad-name", "the device's name is not fit or there are too many names");
      return FALSE;
    }
  parser->head = head;
  parser->head_length = parser->point.head_length;
  return TRUE;
}

/* The name of a field that nothing is known of. */
static gboolean
find_quantity (Parser *parser, const MmLineSpan *key, guint32 *quantity)
{
  Name name, prefixed;

  if (!parser->has_device_tag && key->escapes == NULL)
    return mm_batch_intern (parser->batch, key->text, key->length, quantity);
  name.length = 0;
  if (!append_span (&name, key))
    return FALSE;
  if (!parser->has_device_tag || (parser->known != NULL && parser->known (name.text, name.length)))
    return mm_batch_intern (parser->batch, name.text, name.length, quantity);
  prefixed.length = 0;
  return append_text (&prefixed, parser->prefix, parser->prefix_length)
         && append_text (&prefixed, name.text, name.length)
         && mm_batch_intern (parser->batch, prefixed.text, prefixed.length, quantity);
}

/* The field as a number; FALSE if it is a text. */
static gboolean
read_number (const MmLineField *field, double *number)
{
  switch (field->kind)
    {
    case MM_LINE_FLOAT:
      *number = field->number;
      return TRUE;
    case MM_LINE_INTEGER:
      *number = (double) field->integer;
      return TRUE;
    case MM_LINE_UNSIGNED:
      *number = (double) field->natural;
      return TRUE;
    case MM_LINE_BOOLEAN:
      *number = field->boolean ? 1 : 0;
      return TRUE;
    case MM_LINE_STRING:
    default:
      return FALSE;
    }
}

static gboolean
own_name (gpointer data, const MmLineSpan *key, guint32 *device, guint32 *quantity)
{
  Parser *parser = data;

  if (!parser->has_device)
    return FALSE;
  *device = parser->device;
  return find_quantity (parser, key, quantity);
}

/* Adds the value of a field; FALSE if it has no fit name. */
static gboolean
take_value (Parser *parser, const MmLineSpan *key, double number, guint line)
{
  const MmLineRoute *route = mm_line_router_find (&parser->router, key);
  MmValue value = { .index = line, .value = number };
  MmValue own = value;

  if (route == NULL)
    {
      if (!own_name (parser, key, &value.device, &value.quantity))
        return FALSE;
      mm_batch_add_value (parser->batch, &value);
      return TRUE;
    }
  value.device = route->device;
  value.quantity = route->quantity;
  value.value = number * route->target.scale + 0.0; /* no negative zero */
  own.device = route->own_device;
  own.quantity = route->own_quantity;
  own.value = number * route->own_scale + 0.0;
  if (!isfinite (value.value) || !isfinite (own.value))
    return FALSE;
  mm_mapper_put (&parser->mapper, &route->target, &value, &own);
  return TRUE;
}

/* Reads the fields; the values get their time afterwards. */
static gboolean
take_fields (Parser *parser, guint line)
{
  MmLineField field;
  MmLineStep step;
  double number;
  gboolean last = FALSE;

  while ((step = mm_line_scanner_field (&parser->scanner, &field, &last)) == MM_LINE_FIELD)
    {
      if (!read_number (&field, &number))
        {
          parser->batch->n_ignored++;
          continue;
        }
      if (parser->batch->values->len + parser->mapper.waiting->len >= MM_BATCH_MAX_VALUES)
        {
          refuse (parser, line, "too-many-values", "more than 200000 values in one push");
          return FALSE;
        }
      if (!take_value (parser, &field.key, number, line))
        {
          refuse (parser, line, "bad-name",
                  "a field's name is not fit or there are too many names");
          return FALSE;
        }
    }
  if (step == MM_LINE_FAILED)
    refuse (parser, line, "bad-line", parser->scanner.error);
  return step == MM_LINE_DONE;
}

/* Reads the rest of the line, whatever comes of it. */
static gboolean
take_time (Parser *parser, guint line, gint64 *time)
{
  gboolean given;
  gint64 timestamp, nanoseconds;

  *time = MM_TIME_NONE;
  if (!mm_line_scanner_time (&parser->scanner, &given, &timestamp))
    {
      refuse (parser, line, "bad-line", parser->scanner.error);
      mm_line_scanner_skip (&parser->scanner);
      return FALSE;
    }
  if (!given)
    return TRUE;
  if (__builtin_mul_overflow (timestamp, parser->precision, &nanoseconds))
    {
      refuse (parser, line, "bad-line", "time outside range");
      return FALSE;
    }
  *time = nanoseconds / 1000 - (nanoseconds % 1000 < 0 ? 1 : 0);
  return TRUE;
}

static void
parse_line (Parser *parser)
{
  GArray *values = parser->batch->values;
  guint line = parser->scanner.line;
  guint n_before = values->len;
  guint n_waiting = parser->mapper.waiting->len;
  guint n_ignored = parser->batch->n_ignored;
  gint64 time;

  if (!take_head (parser, line) || !take_fields (parser, line))
    {
      mm_line_scanner_skip (&parser->scanner);
    }
  else if (take_time (parser, line, &time))
    {
      for (guint i = n_before; i < values->len; i++)
        g_array_index (values, MmValue, i).time = time;
      mm_mapper_set_time (&parser->mapper, n_waiting, time);
      return;
    }
  g_array_set_size (values, n_before);
  mm_mapper_truncate (&parser->mapper, n_waiting);
  parser->batch->n_ignored = n_ignored;
}

void
mm_line_protocol_parse (MmBatch *batch,
                        const char *data,
                        gsize length,
                        gint64 precision,
                        MmKnownQuantity known,
                        const MmMapping *mapping)
{
  g_autofree Parser *parser = g_new (Parser, 1);
  const MmMappingTable *table = mapping != NULL ? mm_mapping_table (mapping, "line") : NULL;

  batch->is_lines = TRUE;
  parser->batch = batch;
  parser->precision = precision;
  parser->known = known;
  parser->head_length = 0;
  mm_line_router_init (&parser->router, batch, table, own_name, parser);
  mm_mapper_init (&parser->mapper, batch, table);
  mm_line_scanner_init (&parser->scanner, data, length);
  while (batch->n_refused < MM_BATCH_MAX_REFUSED && mm_line_scanner_next (&parser->scanner))
    parse_line (parser);
  mm_mapper_finish (&parser->mapper);
  mm_mapper_clear (&parser->mapper);
  mm_line_router_clear (&parser->router);
}
