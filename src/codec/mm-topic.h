/* Topics of MQTT and the filters that name many of them. A filter is one of MQTT ("+" is any level,
 * "#" all that are left) in which one level may be {gateway}: what stands there names the gateway.
 *
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_TOPIC_MAX_BYTES 1024

/* Whether @filter is one, at most %MM_TOPIC_MAX_BYTES long; *@has_gateway: whether {gateway} is in
 * it. */
gboolean mm_topic_filter_valid (const char *filter, gboolean *has_gateway);

/* The filter as a broker knows it, "+" in place of {gateway}; free with g_free(). */
char *mm_topic_filter_for_broker (const char *filter);

/* Whether @topic fits @filter. *@level: where the level starts that {gateway} stands for, and
 * *@length how long it is; NULL and 0 if there is no {gateway}. */
gboolean mm_topic_match (const char *filter, const char *topic, const char **level, gsize *length);

/* The topic without the level that was caught at @level: what the mapping calls the source. Free
 * with g_free(). */
char *mm_topic_without (const char *topic, const char *level, gsize length);

/* The level with number @n, from 0; FALSE if there are not so many. */
gboolean mm_topic_level (const char *topic, guint n, const char **level, gsize *length);

G_END_DECLS
