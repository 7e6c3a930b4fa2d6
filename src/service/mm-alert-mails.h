/* The mails of a fault: raised, and recovered. One per maintenance contact, in its language. */
#pragma once

#include "mm-context.h"
#include "mm-fault.h"
#include "mm-store-alerts.h"

G_BEGIN_DECLS

/* Queues the mails for the row @alert of @cause in the transaction that opened (or closed) it, on
 * the writer's thread. Times by the device's clock, @received by ours. Faults of mere information
 * are shown, not mailed. */
gboolean mm_alert_mails_raised (MmContext *context,
                                MmDatabase *db,
                                const MmCause *cause,
                                gint64 alert,
                                const MmFault *fault,
                                gint64 raised,
                                gint64 received,
                                GError **error);
gboolean mm_alert_mails_recovered (MmContext *context,
                                   MmDatabase *db,
                                   const MmCause *cause,
                                   gint64 alert,
                                   const MmFault *fault,
                                   gint64 raised,
                                   gint64 recovered,
                                   gint64 received,
                                   GError **error);

G_END_DECLS
