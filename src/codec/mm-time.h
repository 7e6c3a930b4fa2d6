/* Points in time as text: RFC 3339. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Enough for "2026-05-01T12:00:30.123456Z" and its end, for any gint64. */
#define MM_TIME_TEXT_SIZE 40

/* Reads an RFC 3339 date-time ("2026-05-01T12:00:30.25+09:00") of the years 0000 to 9999.
 * The offset is required ("Z" or ±hh:mm); "T" and "Z" may be small and a space may stand for "T".
 * Digits beyond the microsecond are cut; second 60 is read as the second after 59.
 * @time: UTC microseconds; untouched when the text is refused
 * Returns FALSE if @text is anything else, also if a day does not exist. */
gboolean mm_time_parse (const char *text, gint64 *time);

/* Writes @time in UTC with "Z", with a fraction only if it is not zero.
 * Valid RFC 3339 for the years 0000 to 9999. */
void mm_time_write (gint64 time, char text[MM_TIME_TEXT_SIZE]);

/* The same as a new string. */
char *mm_time_format (gint64 time);

G_END_DECLS
