/* What must be remembered of a source that sends its values one by one: the parts of sums, which
 * quantities have a rule of their own (for spares), and which faults are raised.
 *
 * A mapper sees one moment (mm-mapper.h), a broker sends one value at a time. The parts of a sum
 * that came last count for ten minutes. One memory for one gateway and protocol; belongs to one
 * thread. Bounded: what comes beyond is mapped as if nothing were remembered.
 */
#pragma once

#include "mm-mapper.h"

G_BEGIN_DECLS

typedef struct _MmTopicMemory MmTopicMemory;

MmTopicMemory *mm_topic_memory_new (void);
void mm_topic_memory_free (MmTopicMemory *memory);

/* Forgets everything, e.g. because the mapping is another one. */
void mm_topic_memory_clear (MmTopicMemory *memory);

/* Takes @value of the source @name, measured at @time, into the batch of @mapper; or, if a rule
 * says that it is a fault, an event if it changed. The first time a fault is seen to be cleared, an
 * event is made only with @tell_cleared: nobody may know of it.
 * @fallback: the device of a name with one segment. FALSE: refused, the batch says why. */
gboolean mm_topic_memory_take (MmTopicMemory *memory,
                               MmMapper *mapper,
                               const char *name,
                               const char *fallback,
                               double value,
                               gint64 time,
                               gboolean tell_cleared);

/* Whether a rule says that @name is a fault. */
gboolean mm_topic_memory_is_fault (const MmMappingTable *table, const char *name);

/* Ends the moment @time: the other parts of the sums that were touched are added to it. */
void mm_topic_memory_end_moment (MmTopicMemory *memory, MmMapper *mapper, gint64 time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTopicMemory, mm_topic_memory_free)

G_END_DECLS
