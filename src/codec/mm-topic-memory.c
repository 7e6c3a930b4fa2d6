/* Parts of sums are kept by the name of their source; a moment that has touched a sum gets the
 * other parts of it as they were last. Belongs to one thread. */
#include "mm-topic-memory.h"

#include <string.h>

#define FRESH (10 * MM_MINUTE)
#define MAX_PARTS 512
#define MAX_GIVEN 512
#define MAX_FAULTS 1024

/* A part of a sum. @sum: names the sum: its rules' group, device and quantity */
typedef struct
{
  char *sum;
  char *fallback;
  double value;
  gint64 time;
} Part;

struct _MmTopicMemory
{
  GHashTable *parts;   /* name: Part */
  GHashTable *given;   /* quantity: gint64, when a rule that is no spare gave it last */
  GHashTable *faults;  /* name: whether it is raised */
  GHashTable *touched; /* sums of this moment */
};

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->sum);
  g_free (part->fallback);
  g_free (part);
}

MmTopicMemory *
mm_topic_memory_new (void)
{
  MmTopicMemory *memory = g_new0 (MmTopicMemory, 1);

  memory->parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, part_free);
  memory->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  memory->faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  memory->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return memory;
}

void
mm_topic_memory_free (MmTopicMemory *memory)
{
  if (memory == NULL)
    return;
  g_hash_table_unref (memory->parts);
  g_hash_table_unref (memory->given);
  g_hash_table_unref (memory->faults);
  g_hash_table_unref (memory->touched);
  g_free (memory);
}

void
mm_topic_memory_clear (MmTopicMemory *memory)
{
  g_hash_table_remove_all (memory->parts);
  g_hash_table_remove_all (memory->given);
  g_hash_table_remove_all (memory->faults);
  g_hash_table_remove_all (memory->touched);
}

/* ---- faults ---- */

gboolean
mm_topic_memory_is_fault (const MmMappingTable *table, const char *name)
{
  MmMappingTarget target;

  return mm_mapping_find (table, 0, name, strlen (name), NULL, 0, &target)
         && target.kind == MM_MAPPING_FAULT;
}

static gboolean
take_fault (MmTopicMemory *memory,
            MmBatch *batch,
            const char *name,
            const MmMappingTarget *target,
            double value,
            gint64 time,
            gboolean tell_cleared)
{
  gboolean raised = value != 0;
  gpointer before;
  gboolean known = g_hash_table_lookup_extended (memory->faults, name, NULL, &before);
  MmEvent event = { .time = time, .state = raised ? MM_EVENT_RAISED : MM_EVENT_CLEARED };

  if (known && GPOINTER_TO_INT (before) == raised)
    return TRUE;
  if (!known && g_hash_table_size (memory->faults) == MAX_FAULTS)
    {
      mm_batch_refuse (batch, 0, name, "too-many-faults", "There are too many different faults.");
      return FALSE;
    }
  if (batch->events->len == MM_BATCH_MAX_EVENTS
      || !mm_batch_intern (batch, target->device, target->device_length, &event.device))
    {
      mm_batch_refuse (batch, 0, name, "too-many-events", "There are too many events at once.");
      return FALSE;
    }
  g_hash_table_insert (memory->faults, g_strdup (name), GINT_TO_POINTER (raised));
  if (!known && !raised && !tell_cleared)
    return TRUE;
  event.code = g_strndup (target->quantity, MIN (target->quantity_length, 64));
  if (!g_utf8_validate (event.code, -1, NULL))
    {
      char *whole = g_utf8_make_valid (event.code, -1);

      g_free (event.code);
      event.code = whole;
    }
  g_array_append_val (batch->events, event);
  return TRUE;
}

/* ---- sums and spares ---- */

static void
keep_part (MmTopicMemory *memory,
           const char *name,
           const char *fallback,
           const MmMappingTarget *target,
           double value,
           gint64 time)
{
  Part *part = g_hash_table_lookup (memory->parts, name);

  if (part == NULL)
    {
      if (g_hash_table_size (memory->parts) == MAX_PARTS)
        return;
      part = g_new0 (Part, 1);
      part->sum = g_strdup_printf ("%u %.*s %.*s", target->group, (int) target->device_length,
                                   target->device, (int) target->quantity_length, target->quantity);
      part->fallback = g_strdup (fallback);
      g_hash_table_insert (memory->parts, g_strdup (name), part);
    }
  part->value = value;
  part->time = time;
  g_hash_table_add (memory->touched, g_strdup (part->sum));
}

static void
note_given (MmTopicMemory *memory, const MmMappingTarget *target, gint64 time)
{
  g_autofree char *quantity = g_strndup (target->quantity, target->quantity_length);
  gint64 *last = g_hash_table_lookup (memory->given, quantity);

  if (last == NULL && g_hash_table_size (memory->given) < MAX_GIVEN)
    {
      last = g_new (gint64, 1);
      g_hash_table_insert (memory->given, g_steal_pointer (&quantity), last);
    }
  if (last != NULL)
    *last = time;
}

static gboolean
is_given (MmTopicMemory *memory, const MmMappingTarget *target, gint64 time)
{
  g_autofree char *quantity = g_strndup (target->quantity, target->quantity_length);
  const gint64 *last = g_hash_table_lookup (memory->given, quantity);

  return last != NULL && *last + FRESH > time;
}

/* Puts the value where it goes without the rule of @spare. */
static gboolean
take_otherwise (MmMapper *mapper,
                const MmMappingTarget *spare,
                const char *name,
                const char *fallback,
                double number,
                gint64 time)
{
  MmMappingTarget target;
  MmValue value = { .time = time };

  if (mapper->batch->values->len + mapper->waiting->len >= MM_BATCH_MAX_VALUES
      || !mm_mapping_find_value (mapper->table, spare->rule + 1, FALSE, name, strlen (name), NULL,
                                 0, fallback, &target)
      || !mm_batch_intern (mapper->batch, target.device, target.device_length, &value.device)
      || !mm_batch_intern (mapper->batch, target.quantity, target.quantity_length, &value.quantity))
    {
      mm_batch_refuse (mapper->batch, 0, name, "bad-name", "The name is not fit.");
      return FALSE;
    }
  value.value = number * target.scale + 0.0;
  mm_mapper_put (mapper, &target, &value, &value);
  return TRUE;
}

gboolean
mm_topic_memory_take (MmTopicMemory *memory,
                      MmMapper *mapper,
                      const char *name,
                      const char *fallback,
                      double value,
                      gint64 time,
                      gboolean tell_cleared)
{
  MmMappingTarget target;

  if (mm_mapping_find (mapper->table, 0, name, strlen (name), NULL, 0, &target))
    {
      if (target.kind == MM_MAPPING_FAULT)
        return take_fault (memory, mapper->batch, name, &target, value, time, tell_cleared);
      if (target.kind == MM_MAPPING_SPARE && is_given (memory, &target, time))
        return take_otherwise (mapper, &target, name, fallback, value, time);
      if (target.kind == MM_MAPPING_SUM)
        keep_part (memory, name, fallback, &target, value, time);
      if (target.kind != MM_MAPPING_SPARE)
        note_given (memory, &target, time);
    }
  return mm_mapper_add (mapper, name, NULL, 0, fallback, time, value, 0);
}

void
mm_topic_memory_end_moment (MmTopicMemory *memory, MmMapper *mapper, gint64 time)
{
  GHashTableIter iter;
  gpointer name, data;

  if (g_hash_table_size (memory->touched) == 0)
    return;
  g_hash_table_iter_init (&iter, memory->parts);
  while (g_hash_table_iter_next (&iter, &name, &data))
    {
      const Part *part = data;

      if (part->time < time && part->time + FRESH > time
          && g_hash_table_contains (memory->touched, part->sum))
        mm_mapper_add (mapper, name, NULL, 0, part->fallback, time, part->value, 0);
    }
  g_hash_table_remove_all (memory->touched);
}
