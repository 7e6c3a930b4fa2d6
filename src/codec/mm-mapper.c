/* Sums and spares can only be judged once all values of a push are known, so they wait, each with
 * the name it would have without its rule. */
#include "mm-mapper.h"

#include <string.h>

/* @value: as the rule has it; @own: as it would be without */
typedef struct
{
  MmMappingKind kind;
  guint group;
  guint order;
  guint64 part;
  guint64 needed;
  MmValue value;
  MmValue own;
} Waiting;

void
mm_mapper_init (MmMapper *mapper, MmBatch *batch, const MmMappingTable *table)
{
  mapper->batch = batch;
  mapper->table = table;
  mapper->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
}

void
mm_mapper_clear (MmMapper *mapper)
{
  g_clear_pointer (&mapper->waiting, g_array_unref);
}

void
mm_mapper_set_time (MmMapper *mapper, guint first, gint64 time)
{
  for (guint i = first; i < mapper->waiting->len; i++)
    {
      Waiting *waiting = &g_array_index (mapper->waiting, Waiting, i);

      waiting->value.time = waiting->own.time = time;
    }
}

void
mm_mapper_truncate (MmMapper *mapper, guint n)
{
  g_array_set_size (mapper->waiting, n);
}

void
mm_mapper_put (MmMapper *mapper,
               const MmMappingTarget *target,
               const MmValue *value,
               const MmValue *own)
{
  Waiting waiting = {
    .kind = target->kind,
    .group = target->group,
    .order = mapper->waiting->len,
    .part = target->part,
    .needed = target->needed,
    .value = *value,
    .own = *own,
  };

  if (target->kind == MM_MAPPING_VALUE)
    mm_batch_add_value (mapper->batch, value);
  else
    g_array_append_val (mapper->waiting, waiting);
}

/* ---- one value ---- */

static gboolean
intern_target (MmBatch *batch, const MmMappingTarget *target, MmValue *value)
{
  return mm_batch_intern (batch, target->device, target->device_length, &value->device)
         && mm_batch_intern (batch, target->quantity, target->quantity_length, &value->quantity);
}

gboolean
mm_mapper_add (MmMapper *mapper,
               const char *name,
               const MmMappingTag *tags,
               guint n_tags,
               const char *fallback,
               gint64 time,
               double number,
               guint index)
{
  MmMappingTarget target, next;
  MmValue value = { .time = time, .index = index };
  MmValue own = value;
  gsize length = strlen (name);

  if (mapper->batch->values->len + mapper->waiting->len >= MM_BATCH_MAX_VALUES)
    {
      mm_batch_refuse (mapper->batch, index, name, "too-many-values",
                       "One push may hold at most 200000 values.");
      return FALSE;
    }
  if (!mm_mapping_find_value (mapper->table, 0, TRUE, name, length, tags, n_tags, fallback, &target)
      || !intern_target (mapper->batch, &target, &value))
    {
      mm_batch_refuse (mapper->batch, index, name, "bad-name",
                       "The name is not fit or there are too many names.");
      return FALSE;
    }
  value.value = number * target.scale + 0.0; /* no negative zero */
  if (target.kind != MM_MAPPING_VALUE)
    {
      if (!mm_mapping_find_value (mapper->table, target.rule + 1, FALSE, name, length, tags, n_tags,
                                  fallback, &next)
          || !intern_target (mapper->batch, &next, &own))
        own = value;
      else
        own.value = number * next.scale + 0.0;
    }
  mm_mapper_put (mapper, &target, &value, &own);
  return TRUE;
}

/* ---- all of them ---- */

static int
compare_waiting (gconstpointer a, gconstpointer b)
{
  const Waiting *p = a, *q = b;

  if (p->kind != q->kind)
    return p->kind < q->kind ? -1 : 1;
  if (p->kind == MM_MAPPING_SUM)
    {
      if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
      if (p->value.device != q->value.device)
        return p->value.device < q->value.device ? -1 : 1;
      if (p->value.quantity != q->value.quantity)
        return p->value.quantity < q->value.quantity ? -1 : 1;
      if (p->value.time != q->value.time)
        return p->value.time < q->value.time ? -1 : 1;
    }
  return p->order < q->order ? -1 : 1;
}

static gboolean
same_sum (const Waiting *p, const Waiting *q)
{
  return q->kind == MM_MAPPING_SUM && p->group == q->group && p->value.device == q->value.device
         && p->value.quantity == q->value.quantity && p->value.time == q->value.time;
}

/* The parts of one moment, @n of them. A part that is there twice counts by its last value. */
static void
finish_sum (MmMapper *mapper, const Waiting *parts, guint n)
{
  MmValue sum = parts[0].value;
  guint64 have = 0;

  sum.value = 0;
  for (guint i = n; i-- > 0;)
    if ((have & parts[i].part) == 0)
      {
        have |= parts[i].part;
        sum.value += parts[i].value.value;
      }
  if ((have & parts[0].needed) == parts[0].needed)
    mm_batch_add_value (mapper->batch, &sum);
  else
    for (guint i = 0; i < n; i++)
      mm_batch_add_value (mapper->batch, &parts[i].own);
}

/* What a moment has: a quantity at a time, of whatever device. */
typedef struct
{
  gint64 time;
  guint32 quantity;
} Moment;

static guint
moment_hash (gconstpointer data)
{
  const Moment *moment = data;

  return (guint) ((guint64) moment->time * 0x9e3779b97f4a7c15u >> 32)
         ^ (moment->quantity * 0x85ebca6bu);
}

static gboolean
moment_equal (gconstpointer a, gconstpointer b)
{
  const Moment *p = a, *q = b;

  return p->time == q->time && p->quantity == q->quantity;
}

static void
note (GHashTable *moments, const MmValue *value)
{
  const Moment moment = { value->time, value->quantity };

  if (!g_hash_table_contains (moments, &moment))
    g_hash_table_add (moments, g_memdup2 (&moment, sizeof moment));
}

static void
finish_spares (MmMapper *mapper, const Waiting *spares, guint n)
{
  g_autoptr (GHashTable) moments = g_hash_table_new_full (moment_hash, moment_equal, g_free, NULL);

  for (guint i = 0; i < mapper->batch->values->len; i++)
    note (moments, &g_array_index (mapper->batch->values, MmValue, i));
  for (guint i = 0; i < n; i++)
    {
      const Moment moment = { spares[i].value.time, spares[i].value.quantity };
      const MmValue *value
          = g_hash_table_contains (moments, &moment) ? &spares[i].own : &spares[i].value;

      mm_batch_add_value (mapper->batch, value);
      note (moments, value);
    }
}

void
mm_mapper_finish (MmMapper *mapper)
{
  const Waiting *waiting = (const Waiting *) (gpointer) mapper->waiting->data;
  guint n = mapper->waiting->len;
  guint i = 0;

  g_array_sort (mapper->waiting, compare_waiting);
  while (i < n && waiting[i].kind == MM_MAPPING_SUM)
    {
      guint end = i + 1;

      while (end < n && same_sum (&waiting[i], &waiting[end]))
        end++;
      finish_sum (mapper, &waiting[i], end - i);
      i = end;
    }
  if (i < n)
    finish_spares (mapper, &waiting[i], n - i);
  g_array_set_size (mapper->waiting, 0);
}
