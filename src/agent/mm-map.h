/* A mapping: which column of somebody's CSV file is which quantity of which device. It is data, a
 * key file, so that another maker's recording needs no code. docs/man/mimamori-gateway.1 describes
 * the file; data/maps/ has examples. Immutable once loaded; any thread.
 */
#pragma once

#include <gio/gio.h>
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_MAP_TIME_EPOCH,   /* decimal seconds since 1970 UTC */
  MM_MAP_TIME_RFC3339, /* 2016-10-05T20:03:10+02:00 */
} MmMapTimeFormat;

/* Where one quantity comes from.
 * @column: heading of the source column
 * @device, @quantity: canonical names, of [A-Za-z0-9._-]
 * @scale: the cell times this is the value in the canonical unit; negative turns the sign */
typedef struct
{
  char *column;
  char *device;
  char *quantity;
  double scale;
} MmMapValue;

/* @time_column: heading of the column with the time
 * @interval_s: seconds between rows as a rule, 0 if not said
 * @values: of #MmMapValue, those of one device side by side
 * @devices: of #MmDevice (core/mm-batch.h): what the file says of the devices
 * @digest: SHA-256 of the file's bytes, hexadecimal: tells two mappings apart */
typedef struct
{
  char *time_column;
  MmMapTimeFormat time_format;
  guint interval_s;
  GArray *values;
  GArray *devices;
  char *digest;
} MmMap;

/* Reads the mapping in the file @path. Everything in it must be known and make sense; the error
 * names the group and the key. */
MmMap *mm_map_load (const char *path, GError **error);

/* The same from @text of @length bytes. */
MmMap *mm_map_parse (const char *text, gsize length, GError **error);

void mm_map_free (MmMap *map);

/* Reads the cell of the time column. Spaces around it are allowed.
 * @time: UTC microseconds, years 2000 to 2099: anything else is a logger without a clock
 * Returns NULL, or why it is no time (static English text). */
const char *mm_map_read_time (const MmMap *map, const char *cell, gint64 *time);

/* Reads a cell that is not empty as value @value of the mapping, scaled.
 * Returns NULL, or why it is no number (static English text). */
const char *mm_map_read_value (const MmMapValue *value, const char *cell, double *number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMap, mm_map_free)

G_END_DECLS
