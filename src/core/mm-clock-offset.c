#include "mm-clock-offset.h"

#include "mm-gateway.h"

#include <stdlib.h>
#include <string.h>

/* How far samples may be from the middle one to agree with it. */
#define AGREES_S 30

void
mm_clock_offset_take (MmClockOffset *clock, gint64 said, gboolean is_sent, gint64 received)
{
  const gint64 most = 50 * 365 * MM_DAY;
  gint64 ahead;

  if (clock->n > 0 && clock->is_sent != is_sent)
    *clock = (MmClockOffset){ 0 };
  /* A sample from after now: our own clock was set back. */
  if (clock->n > 0 && received >= clock->last && received - clock->last < MM_CLOCK_OFFSET_APART)
    return;
  ahead = CLAMP (said, received - most, received + most) - received;
  clock->last = received;
  clock->is_sent = is_sent;
  clock->samples[clock->next] = (gint32) (ahead / MM_SECOND);
  clock->next = (guint8) ((clock->next + 1) % MM_CLOCK_OFFSET_SAMPLES);
  clock->n = (guint8) MIN (clock->n + 1, MM_CLOCK_OFFSET_SAMPLES);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint32 p = *(const gint32 *) a, q = *(const gint32 *) b;

  return (p > q) - (p < q);
}

/* The middle sample, if two of three agree with it. */
static gboolean
middle (const MmClockOffset *clock, guint agrees_s, gint32 *seconds)
{
  gint32 sorted[MM_CLOCK_OFFSET_SAMPLES];
  guint n_agree = 0;

  if (clock->n < MM_CLOCK_OFFSET_LEAST)
    return FALSE;
  memcpy (sorted, clock->samples, clock->n * sizeof *sorted);
  qsort (sorted, clock->n, sizeof *sorted, compare);
  *seconds = sorted[clock->n / 2];
  for (guint i = 0; i < clock->n; i++)
    n_agree += ABS ((gint64) sorted[i] - *seconds) <= agrees_s;
  return 3 * n_agree >= 2 * (guint) clock->n;
}

gboolean
mm_clock_offset_of (const MmClockOffset *clock, guint interval_s, gint32 *seconds, gboolean *is_off)
{
  const gint32 late_s = (gint32) (mm_offline_after (interval_s) / MM_SECOND);
  /* Readings are as old as the report they come with. */
  const guint agrees_s = clock->is_sent ? AGREES_S : MAX (AGREES_S, interval_s);
  gint32 behind_s = clock->is_sent ? MM_CLOCK_OFFSET_RIGHT_S : late_s;

  *is_off = FALSE;
  if (!middle (clock, agrees_s, seconds))
    return FALSE;
  *is_off = *seconds > MM_CLOCK_OFFSET_RIGHT_S || *seconds < -behind_s;
  return *is_off || clock->is_sent;
}
