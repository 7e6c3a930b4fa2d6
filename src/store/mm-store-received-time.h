/* When the data of a gateway was placed by the time it was received: the table received_time. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* One such time. @until: MM_TIME_NONE while it goes on. */
typedef struct
{
  gint64 since;
  gint64 until;
} MmReceivedTime;

/* Begins or ends it for @gateway at @now; what is so already changes nothing. In a job. */
gboolean mm_store_received_time_set (
    MmDatabase *db, gint64 gateway, gboolean by_receipt, gint64 now, GError **error);

/* Those (of MmReceivedTime) of @gateway that had not ended at @from, oldest first, at most the
 * newest 100. Any connection. */
GArray *mm_store_received_time_list (MmDatabase *db, gint64 gateway, gint64 from, GError **error);

G_END_DECLS
