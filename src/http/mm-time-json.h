/* Points in time in JSON answers. */
#pragma once

#include "mm-clock.h"
#include "mm-time.h"

#include <jansson.h>

G_BEGIN_DECLS

/* @time as RFC 3339 in UTC; null for %MM_TIME_NONE. */
static inline json_t *
mm_time_json (gint64 time)
{
  char text[MM_TIME_TEXT_SIZE];

  if (time == MM_TIME_NONE)
    return json_null ();
  mm_time_write (time, text);
  return json_string (text);
}

G_END_DECLS
