/* Writing line protocol: a measurement, its tags, its fields, the time, in this order. Any thread.
 *
 * Every function appends to the line and returns FALSE, with nothing appended, for what line
 * protocol cannot say: an empty name or tag value, a control character in one, a backslash at its
 * end, a number that is not finite. */
#pragma once

#include "mm-line-point.h"

G_BEGIN_DECLS

/* The measurement, with which a line begins. */
gboolean mm_line_write_measurement (GString *line, const char *name, gsize length);

/* A tag; they should come sorted by key. */
gboolean mm_line_write_tag (
    GString *line, const char *key, gsize key_length, const char *value, gsize value_length);

/* A field with the kind and value of @value (its key is not looked at; the text of a string is the
 * string itself). @first: whether it is the line's first. */
gboolean mm_line_write_field (
    GString *line, gboolean first, const char *key, gsize length, const MmLineField *value);

/* The time, in what the receiver will take it for, and the line's end. */
void mm_line_write_time (GString *line, gint64 time);

G_END_DECLS
