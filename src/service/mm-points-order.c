#include "mm-points-order.h"

#include "mm-clock.h"
#include "mm-log-body.h"

gboolean
mm_points_row_values (const MmLogRow *row, GArray *values, GError **error)
{
  MmLogReader reader;
  MmLogValue value;

  g_array_set_size (values, 0);
  mm_log_reader_init (&reader, row->body, row->body_length);
  while (mm_log_reader_next (&reader, &value))
    g_array_append_val (values, value);
  return mm_log_reader_finish (&reader, error);
}

static gint64
into_day (gint64 time)
{
  gint64 into = time % MM_DAY;

  return into < 0 ? into + MM_DAY : into;
}

gint64
mm_points_day_of (gint64 time)
{
  gint64 into = into_day (time);

  return time >= G_MININT64 + into ? time - into : G_MININT64;
}

gint64
mm_points_day_end (gint64 time)
{
  gint64 left = MM_DAY - into_day (time);

  return time <= G_MAXINT64 - left ? time + left : G_MAXINT64;
}

guint
mm_points_first_at (const GArray *points, gint64 time)
{
  const MmBlockPoint *all = (const MmBlockPoint *) points->data;
  guint low = 0, high = points->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (all[middle].time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static int
compare_time (gconstpointer a, gconstpointer b)
{
  const MmBlockPoint *p = a, *q = b;

  return p->time < q->time ? -1 : p->time > q->time;
}

void
mm_points_put_in_order (GArray *points)
{
  MmBlockPoint *all = (MmBlockPoint *) points->data;
  gboolean ordered = TRUE;
  guint kept = 0;

  for (guint i = 1; i < points->len && ordered; i++)
    ordered = all[i - 1].time < all[i].time;
  if (ordered)
    return;
  /* Stable: of the same time, the newest stays the last. */
  g_array_sort (points, compare_time);
  for (guint i = 0; i < points->len; i++)
    if (i + 1 == points->len || all[i].time != all[i + 1].time)
      all[kept++] = all[i];
  g_array_set_size (points, kept);
}

void
mm_points_reverse (GArray *points)
{
  MmBlockPoint *all = (MmBlockPoint *) points->data;

  for (guint a = 0, b = points->len; a + 1 < b; a++, b--)
    {
      MmBlockPoint swap = all[a];

      all[a] = all[b - 1];
      all[b - 1] = swap;
    }
}

void
mm_points_merge (GArray *points, const MmBlockPoint *newer, guint n)
{
  g_autofree MmBlockPoint *old = NULL;
  guint begin, n_old, j = 0;

  if (n == 0)
    return;
  begin = mm_points_first_at (points, newer[0].time);
  n_old = points->len - begin;
  old = g_memdup2 (points->data + begin * sizeof *old, n_old * sizeof *old);
  g_array_set_size (points, begin);
  for (guint i = 0; i < n_old; i++)
    {
      for (; j < n && newer[j].time < old[i].time; j++)
        g_array_append_val (points, newer[j]);
      if (j == n || newer[j].time != old[i].time)
        g_array_append_val (points, old[i]);
    }
  g_array_append_vals (points, newer + j, n - j);
}
