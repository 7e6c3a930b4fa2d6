/* Owners' tables of half hours (codec/mm-half-hours.h): taken as a gateway's history from before
 * its own, and made of what is stored.
 *
 * An imported row becomes points of counters of the device "csv": energy since the day's beginning,
 * from 0 a microsecond after the first row of each day (and of each run in a file) began, each
 * row's sum a microsecond before it ends. So a day is right whatever is imported before, after or
 * again, and the fall to 0 is a reset as any other (core/mm-energy.h). */
#pragma once

#include "mm-ingesting.h"

G_BEGIN_DECLS

#define MM_HALF_HOUR_DEVICE "csv"

/* Makes a batch of the table @text for the gateway @id; its row is told in @gateway. Half hours in
 * which the gateway has data of its own are left out and counted in @n_skipped. NULL with
 * %MM_ERROR_NOT_FOUND, or as mm_half_hours_parse(). Any thread but the writer's. */
MmBatch *mm_half_hour_tables_read (MmContext *context,
                                   const char *id,
                                   const char *text,
                                   gsize length,
                                   gint64 *gateway,
                                   guint *n_rows,
                                   guint *n_skipped,
                                   GError **error);

/* Writes the half hours of the gateway @id that begin in @from <= time < @to, for which anything is
 * known, without the heading; at most 31 days from the first of them. @next: as of
 * mm_exporting_read(). Energies are those of counters, else of powers, as in mm-today.h. */
GString *mm_half_hour_tables_write (
    MmContext *context, const char *id, gint64 from, gint64 to, gint64 *next, GError **error);

G_END_DECLS
