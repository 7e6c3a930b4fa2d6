/* The file that says which houses a simulated fleet has. It is JSON:
 *
 *   {"houses": [{"id": "…", "key": "…", "region": "長野県", "latitude": 36.65, "longitude": 138.18,
 *                "timezone": "Asia/Tokyo", "pv_peak_w": 5500, "battery_wh": 9800,
 *                "interval_s": 10, "habit": "family", "story": "normal"}, …]}
 *
 * Only id and key are required; the rest follows from the ID. docs/man/mimamori-gateway.1 describes
 * the members. Any thread.
 */
#pragma once

#include "mm-house.h"

G_BEGIN_DECLS

#define MM_FLEET_FILE_MAX_HOUSES 10000

/* Reads the file @path. The error names the house by its place in the list, from 0, and the member:
 * "houses[3].latitude: …". Says on standard error if others may read the file, which holds keys.
 *
 * Returns: (transfer full): of #MmHouse, in the order of the file. */
GPtrArray *mm_fleet_file_load (const char *path, GError **error);

/* The same from @text of @length bytes. */
GPtrArray *mm_fleet_file_parse (const char *text, gsize length, GError **error);

G_END_DECLS
