/* Puts values into a batch under the names that the mapping gives them, and adds up what belongs
 * together. One mapper for one batch and protocol; belongs to one thread.
 *
 *   mm_mapper_init (&mapper, batch, mm_mapping_table (mapping, "venus"));
 *   for each value: mm_mapper_add (…);
 *   mm_mapper_finish (&mapper);     sums and spares enter the batch now
 *   mm_mapper_clear (&mapper);
 */
#pragma once

#include "mm-mapping.h"

G_BEGIN_DECLS

typedef struct
{
  MmBatch *batch;
  const MmMappingTable *table;
  GArray *waiting; /* of sums and spares */
} MmMapper;

/* Begins with an empty mapper for @batch; @table may be NULL: everything keeps its own name. */
void mm_mapper_init (MmMapper *mapper, MmBatch *batch, const MmMappingTable *table);
void mm_mapper_clear (MmMapper *mapper);

/* Adds @value, measured at @time (UTC microseconds or %MM_TIME_NONE), of the source @name with
 * @tags. What no rule fits gets its own name, with @fallback as mm_mapping_own_name() says.
 * @index: for reports. FALSE, with a refusal in the batch, if the batch is full or a name unfit. */
gboolean mm_mapper_add (MmMapper *mapper,
                        const char *name,
                        const MmMappingTag *tags,
                        guint n_tags,
                        const char *fallback,
                        gint64 time,
                        double value,
                        guint index);

/* The same for a source that was looked up already: @value has the names and the value of @target
 * (VALUE, SUM or SPARE), @own those under which it goes on if the sum stays incomplete or the spare
 * is not needed. The caller has checked that the batch is not full. */
void mm_mapper_put (MmMapper *mapper,
                    const MmMappingTarget *target,
                    const MmValue *value,
                    const MmValue *own);

/* Gives what waits from number @first on its time. */
void mm_mapper_set_time (MmMapper *mapper, guint first, gint64 time);

/* Forgets what waits beyond the first @n: the line that brought it was refused. */
void mm_mapper_truncate (MmMapper *mapper, guint n);

/* Brings what waits into the batch. */
void mm_mapper_finish (MmMapper *mapper);

G_END_DECLS
