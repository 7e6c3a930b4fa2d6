/* A gateway and its site: ID, activation code, time zone, days, expected interval.
 *
 * Pure functions, any thread (GLib reads the time zone database). The shape of the normalisers is
 * described in mm-text.h. Source: architecture.md "Trust and reach", product.md §2 and §3.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

#define MM_GATEWAY_ID_MAX 64
#define MM_ACTIVATION_CODE_BYTES 10 /* of chance: 16 characters of 5 bits */

#define MM_INTERVAL_MIN_S 1
#define MM_INTERVAL_MAX_S 86400
#define MM_INTERVAL_DEFAULT_S 60

/* Gateway ID: 1–64 of A-Z a-z 0-9 . _ -, kept as written. "." and ".." are refused, for a client
 * would take them for folders in a URL. Codes: too-long, characters. */
char *mm_gateway_id_normalise (const char *text, const char *field, GError **error);

/* Activation code as on the label: 16 characters of Crockford's base 32 in groups of four,
 * "7K2M-…". Lower case, hyphens and spaces anywhere (or none), full-width characters, O for 0 and
 * I or L for 1 are understood. Code: syntax. */
char *mm_activation_code_normalise (const char *text, const char *field, GError **error);

/* The code that stands for @bytes, which the caller took from a safe source of chance. */
char *mm_activation_code_format (const guint8 bytes[MM_ACTIVATION_CODE_BYTES]);

/* Name of a time zone as the IANA database spells it ("Asia/Tokyo", "UTC"), known on this
 * computer. Code: unknown. */
char *mm_zone_normalise (const char *text, const char *field, GError **error);

/* First moment of the day @year-@month-@day in @zone and of the day behind it, in UTC
 * microseconds: 23, 24 or 25 hours apart, or what else the zone did that day (0 for a day that it
 * skipped). Returns FALSE, and sets nothing, if there is no such date (years 1–9998). */
gboolean mm_site_day_bounds (
    GTimeZone *zone, int year, int month, int day, gint64 *from, gint64 *to);

/* Whether @interval_s is an expected report interval that we accept, 1..86400 seconds. */
gboolean mm_interval_valid (gint64 interval_s);

/* Microseconds without contact after which a gateway is offline: three intervals, at least five
 * minutes. @interval_s 0 stands for the default. */
gint64 mm_offline_after (guint interval_s);

G_END_DECLS
