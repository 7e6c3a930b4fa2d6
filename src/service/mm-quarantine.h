/* What was set aside, kept and shown: whoever looks after the server shall see what a gateway sends
 * in vain, line by line, without asking its owner for a log. */
#pragma once

#include "mm-batch.h"
#include "mm-context.h"
#include "mm-store-quarantine.h"

G_BEGIN_DECLS

/* Keeps what of @batch was refused. In the job that stores it, at its end. */
gboolean mm_quarantine_keep (
    MmDatabase *db, gint64 gateway, const MmBatch *batch, gint64 received, GError **error);

/* The last @limit things (#MmQuarantined, newest first) that were set aside of the gateway @id, or
 * of all if it is NULL; NULL with %MM_ERROR_NOT_FOUND. Any thread but the writer's. */
GPtrArray *mm_quarantine_list (MmContext *context, const char *id, guint limit, GError **error);

G_END_DECLS
