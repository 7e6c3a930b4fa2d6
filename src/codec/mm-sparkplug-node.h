/* An edge node of Sparkplug B as a host sees it: what its births have declared, whether messages
 * are missing, when it died. One for one node; belongs to one thread.
 */
#pragma once

#include "mm-topic-memory.h"

G_BEGIN_DECLS

#define MM_SPARKPLUG_MAX_DECLARED 10000 /* metrics of one node */

typedef struct _MmSparkplugNode MmSparkplugNode;

MmSparkplugNode *mm_sparkplug_node_new (void);
void mm_sparkplug_node_free (MmSparkplugNode *node);

/* What follows from a message.
 * @taken: values and events that entered the batch
 * @needs_rebirth: the node must tell all of itself again: something is missing
 * @died: the node is gone, by the will that it left for the connection that we know of */
typedef struct
{
  guint taken;
  gboolean needs_rebirth;
  gboolean died;
} MmSparkplugOutcome;

/* Takes a message of @type (NBIRTH, DDATA …; others are passed over) of the node or of its @device
 * (NULL: the node itself), which came at @now. Values that are historical are stored in their place
 * and change nothing else. FALSE if the payload is none; the batch says why.
 * @tell_cleared: as for mm_topic_memory_take(). */
gboolean mm_sparkplug_node_take (MmSparkplugNode *node,
                                 MmTopicMemory *memory,
                                 MmMapper *mapper,
                                 const char *type,
                                 const char *device,
                                 const char *payload,
                                 gsize length,
                                 gint64 now,
                                 gboolean tell_cleared,
                                 MmSparkplugOutcome *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmSparkplugNode, mm_sparkplug_node_free)

G_END_DECLS
