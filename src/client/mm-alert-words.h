/* An alert (Alert of docs/openapi.yaml) in words, the same on every page and in notifications. Any
 * thread. */
#pragma once

#include "mm-status.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The status that it asks for, for icon and colour; that of a recovered one is NORMAL. */
MmStatus mm_alert_words_status (JsonObject *alert);

/* The same for an alert that may be over: what it asked for while it was open. */
MmStatus mm_alert_words_status_when_open (JsonObject *alert);

/* What is wrong, in a few words: what the fault means, or that there is no contact. Free with
 * g_free(). */
char *mm_alert_words_headline (JsonObject *alert);

/* Where it comes from: "pcs1 · E2-3 · 4 times"; "" if there is nothing to say. Free with g_free().
 */
char *mm_alert_words_source (JsonObject *alert);

/* Since when, and how long: "since 14:02 (38 min)"; from when to when once recovered. @zone: of the
 * site. Free with g_free(). */
char *mm_alert_words_duration (JsonObject *alert, gint64 now, GTimeZone *zone);

G_END_DECLS
