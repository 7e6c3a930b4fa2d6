#include "mm-reading.h"

#include "mm-gateway.h"

gboolean
mm_reading_is_late (gint64 time, gint64 received, guint interval_s)
{
  return time < received - mm_offline_after (interval_s);
}

gboolean
mm_reading_is_ahead (gint64 time, gint64 received)
{
  return time > received + MM_READING_AHEAD;
}
