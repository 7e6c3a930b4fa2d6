/* What a gateway measured, as a table. */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* How an export is written. */
typedef enum
{
  MM_EXPORT_LONG, /* rows "time,device,quantity,value" of CSV, without a heading */
  MM_EXPORT_LINE, /* lines "DEVICE,device=DEVICE QUANTITY=VALUE TIME" in nanoseconds */
} MmExportLayout;

/* Writes the stored values of the gateway @id (in any case of letters) with @from <= time < @to as
 * @layout says, by time, device and quantity; of at most 31 days from the first of them.
 *
 * @from, @to: UTC microseconds, G_MININT64 and G_MAXINT64 for all
 * @next: (out): from where to go on, MM_TIME_NONE if that was all
 * Returns the text, or NULL with %MM_ERROR_NOT_FOUND. Any thread but the writer's. */
GString *mm_exporting_read (MmContext *context,
                            const char *id,
                            MmExportLayout layout,
                            gint64 from,
                            gint64 to,
                            gint64 *next,
                            GError **error);

G_END_DECLS
