/* Payloads of MQTT that are a number or JSON, as Home Assistant, Tasmota, zigbee2mqtt and the
 * programs of many others send them.
 *
 * A payload may be a number ("21.5"), a word for on or off (ON, OFF, true, false: 1 and 0), or
 * JSON. In JSON each number, truth, and text that is a number is a value; its name is the topic and
 * the way into the payload, "tele/plug/SENSOR/ENERGY/Power"; elements of lists count from 0.
 */
#pragma once

#include "mm-topic-memory.h"

G_BEGIN_DECLS

/* Bounds of a payload. */
#define MM_TOPIC_JSON_MAX_BYTES (256 * 1024)
#define MM_TOPIC_JSON_MAX_DEPTH 8
#define MM_TOPIC_JSON_MAX_VALUES 1000

/* Takes the values of @payload, which came with the topic @name at @now, into the batch of @mapper.
 *
 * @time_path: the way to the time in the payload ("Time", "meta/ts"), or NULL: RFC 3339, or a
 * number of seconds, milli-, micro- or nanoseconds since 1970 by its size. If it is not there or
 * cannot be read, @now is taken; but with @retained, by which the payload may be of any age, such
 * values are passed over. Faults are always taken.
 * @tell_cleared: as for mm_topic_memory_take().
 * Returns the number of values and events taken; what is wrong is refused in the batch. */
guint mm_topic_json_take (MmTopicMemory *memory,
                          MmMapper *mapper,
                          const char *name,
                          const char *payload,
                          gsize length,
                          const char *time_path,
                          gboolean retained,
                          gint64 now,
                          gboolean tell_cleared);

/* Whether @payload says that a device is there: 1, or not: 0, as last wills do: "online",
 * "offline",
 * {"state": "offline"} and other words of that sense; -1 if it says neither. */
int mm_topic_json_presence (const char *payload, gsize length);

G_END_DECLS
