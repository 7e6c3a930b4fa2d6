#include "mm-fleet-ranges.h"

/* One range from the first row that differs to the last. */
static MmFleetRange
find_range (const GArray *a, const GArray *b)
{
  const guint32 *old = (const guint32 *) (gpointer) a->data;
  const guint32 *new = (const guint32 *) (gpointer) b->data;
  guint shorter = MIN (a->len, b->len), begin = 0, end = 0;

  while (begin < shorter && old[begin] == new[begin])
    begin++;
  while (end < shorter - begin && old[a->len - 1 - end] == new[b->len - 1 - end])
    end++;
  return (MmFleetRange){ begin, a->len - begin - end, b->len - begin - end };
}

/* Splits @whole into ranges that hold only rows that came, went or moved. Returns how many, 0 if
 * there are too many or others changed places, too. */
static guint
split (const GArray *a,
       const GArray *b,
       MmFleetRange whole,
       const guint8 *flags,
       MmFleetRange ranges[MM_FLEET_RANGES_MOST])
{
  const guint32 *old = (const guint32 *) (gpointer) a->data + whole.at;
  const guint32 *new = (const guint32 *) (gpointer) b->data + whole.at;
  guint i = 0, j = 0, n = 0;
  gboolean is_open = FALSE;

  while (i < whole.n_gone || j < whole.n_come)
    {
      gboolean goes, comes;

      if (i < whole.n_gone && j < whole.n_come && old[i] == new[j])
        {
          is_open = FALSE;
          i++;
          j++;
          continue;
        }
      goes = i < whole.n_gone
             && (!(flags[old[i]] & MM_FLEET_SLOT_STAYS) || flags[old[i]] & MM_FLEET_SLOT_MOVED);
      comes = j < whole.n_come
              && (!(flags[new[j]] & MM_FLEET_SLOT_SHOWN) || flags[new[j]] & MM_FLEET_SLOT_MOVED);
      if ((!goes && !comes) || (!is_open && n == MM_FLEET_RANGES_MOST))
        return 0;
      if (!is_open)
        ranges[n++] = (MmFleetRange){ whole.at + j, 0, 0 };
      is_open = TRUE;
      if (goes)
        {
          ranges[n - 1].n_gone++;
          i++;
        }
      else
        {
          ranges[n - 1].n_come++;
          j++;
        }
    }
  return n;
}

guint
mm_fleet_ranges_find (const GArray *before,
                      const GArray *after,
                      guint8 *flags,
                      gboolean in_parts,
                      MmFleetRange ranges[MM_FLEET_RANGES_MOST])
{
  const guint32 *old = (const guint32 *) (gpointer) before->data;
  const guint32 *new = (const guint32 *) (gpointer) after->data;
  MmFleetRange whole = find_range (before, after);
  guint n;

  if (whole.n_gone == 0 && whole.n_come == 0)
    return 0;
  for (guint i = 0; i < after->len; i++)
    flags[new[i]] |= MM_FLEET_SLOT_STAYS;
  n = in_parts ? split (before, after, whole, flags, ranges) : 0;
  if (n == 0)
    ranges[n++] = whole;
  for (guint i = 0; i < before->len; i++)
    flags[old[i]] &= (guint8) ~MM_FLEET_SLOT_SHOWN;
  for (guint i = 0; i < after->len; i++)
    flags[new[i]] = (guint8) ((flags[new[i]] | MM_FLEET_SLOT_SHOWN) & ~MM_FLEET_SLOT_STAYS);
  return n;
}
