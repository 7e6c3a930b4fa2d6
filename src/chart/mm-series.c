#include "mm-series.h"

#include "mm-quantity.h"

#include <math.h>
#include <string.h>

/* Of points whose distance nobody knows. */
#define MIN_GAP (30 * G_TIME_SPAN_SECOND)

struct _MmSeries
{
  char *name;
  char *label;
  char *unit;
  char *positive;
  char *negative;
  MmRole role;
  MmShape shape;
  double sign;
  GArray *points;
  gint64 max_gap;   /* 0 if it is to be found */
  gint64 found_gap; /* 0 if not found yet */
};

typedef struct
{
  const char *name;
  MmRole role;
  MmShape shape;
  double sign;
  const char *label;
  const char *positive;
  const char *negative;
} Known;

/* The words are short: they stand in legends and beside the pointer. */
static const Known known[] = {
  { "pv_power", MM_ROLE_PV, MM_SHAPE_AREA, 1, NC_ ("chart", "Solar"), NULL, NULL },
  { "battery_power", MM_ROLE_BATTERY, MM_SHAPE_AREA, 1, NC_ ("chart", "Battery"),
    NC_ ("chart", "Discharged"), NC_ ("chart", "Charged") },
  { "grid_power", MM_ROLE_GRID, MM_SHAPE_AREA, 1, NC_ ("chart", "Grid"), NC_ ("chart", "Bought"),
    NC_ ("chart", "Sold") },
  { "load_power", MM_ROLE_HOUSE, MM_SHAPE_LINE, 1, NC_ ("chart", "House"), NULL, NULL },
  { "soc", MM_ROLE_BATTERY, MM_SHAPE_LEVEL, 1, NC_ ("chart", "Battery level"), NULL, NULL },
  { "pv_energy_total", MM_ROLE_PV, MM_SHAPE_AREA, 1, NC_ ("chart", "Solar"), NULL, NULL },
  { "battery_discharge_energy_total", MM_ROLE_BATTERY, MM_SHAPE_AREA, 1,
    NC_ ("chart", "Discharged"), NC_ ("chart", "Discharged"), NC_ ("chart", "Discharged") },
  { "battery_charge_energy_total", MM_ROLE_BATTERY, MM_SHAPE_AREA, -1, NC_ ("chart", "Charged"),
    NC_ ("chart", "Charged"), NC_ ("chart", "Charged") },
  { "grid_import_energy_total", MM_ROLE_GRID, MM_SHAPE_AREA, 1, NC_ ("chart", "Bought"),
    NC_ ("chart", "Bought"), NC_ ("chart", "Bought") },
  { "grid_export_energy_total", MM_ROLE_GRID, MM_SHAPE_AREA, -1, NC_ ("chart", "Sold"),
    NC_ ("chart", "Sold"), NC_ ("chart", "Sold") },
  { "load_energy_total", MM_ROLE_HOUSE, MM_SHAPE_LINE, 1, NC_ ("chart", "House"), NULL, NULL },
};

MmSeries *
mm_series_new (const char *name, const char *label, const char *unit, MmRole role, MmShape shape)
{
  MmSeries *series;

  g_return_val_if_fail (name != NULL && label != NULL && unit != NULL, NULL);
  g_return_val_if_fail (role < MM_N_ROLES, NULL);
  series = g_new0 (MmSeries, 1);
  series->name = g_strdup (name);
  series->label = g_strdup (label);
  series->unit = g_strdup (unit);
  series->role = role;
  series->shape = shape;
  series->sign = 1;
  series->points = g_array_new (FALSE, FALSE, sizeof (MmPoint));
  return series;
}

MmSeries *
mm_series_new_for_quantity (const char *name, const MmLanguage *language)
{
  const MmQuantity *quantity = mm_quantity_find (name);
  MmSeries *series;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].name, name) == 0)
      {
        series = mm_series_new (name, mm_tr_c (language, "chart", known[i].label), quantity->unit,
                                known[i].role, known[i].shape);
        series->sign = known[i].sign;
        if (known[i].positive != NULL)
          mm_series_set_directions (series, mm_tr_c (language, "chart", known[i].positive),
                                    mm_tr_c (language, "chart", known[i].negative));
        return series;
      }
  return mm_series_new (name, quantity ? mm_tr (language, quantity->label) : name,
                        quantity ? quantity->unit : "", MM_ROLE_OTHER, MM_SHAPE_LINE);
}

void
mm_series_free (MmSeries *series)
{
  if (series == NULL)
    return;
  g_free (series->name);
  g_free (series->label);
  g_free (series->unit);
  g_free (series->positive);
  g_free (series->negative);
  g_array_unref (series->points);
  g_free (series);
}

void
mm_series_set_directions (MmSeries *series, const char *positive, const char *negative)
{
  g_free (series->positive);
  g_free (series->negative);
  series->positive = g_strdup (positive);
  series->negative = g_strdup (negative);
}

void
mm_series_set_max_gap (MmSeries *series, gint64 max_gap)
{
  series->max_gap = MAX (max_gap, 0);
}

static void
insert (MmSeries *series, MmPoint point)
{
  guint index;

  if (!isfinite (point.value) || !isfinite (point.lowest) || !isfinite (point.highest))
    return;
  series->found_gap = 0;
  index = mm_series_find (series, point.time);
  if (index < series->points->len
      && g_array_index (series->points, MmPoint, index).time == point.time)
    g_array_index (series->points, MmPoint, index) = point;
  else
    g_array_insert_val (series->points, index, point);
}

void
mm_series_add (MmSeries *series, gint64 time, double value, gboolean late)
{
  value *= series->sign;
  insert (series, (MmPoint){ time, value, value, value, late });
}

void
mm_series_add_span (MmSeries *series, gint64 time, double mean, double lowest, double highest)
{
  double one = lowest * series->sign, other = highest * series->sign;

  insert (series,
          (MmPoint){ time, mean * series->sign, MIN (one, other), MAX (one, other), FALSE });
}

const char *
mm_series_name (const MmSeries *series)
{
  return series->name;
}

const char *
mm_series_label (const MmSeries *series)
{
  return series->label;
}

const char *
mm_series_unit (const MmSeries *series)
{
  return series->unit;
}

MmRole
mm_series_role (const MmSeries *series)
{
  return series->role;
}

MmShape
mm_series_shape (const MmSeries *series)
{
  return series->shape;
}

const char *
mm_series_word (const MmSeries *series, double value)
{
  if (series->positive == NULL)
    return series->label;
  return value < 0 ? series->negative : series->positive;
}

gboolean
mm_series_is_directed (const MmSeries *series)
{
  return series->positive != NULL;
}

gboolean
mm_series_is_outgoing (const MmSeries *series)
{
  return series->sign < 0;
}

const MmPoint *
mm_series_points (const MmSeries *series, guint *n_points)
{
  *n_points = series->points->len;
  return (const MmPoint *) (const void *) series->points->data;
}

guint
mm_series_find (const MmSeries *series, gint64 time)
{
  const MmPoint *points = (const MmPoint *) (const void *) series->points->data;
  guint low = 0, high = series->points->len;

  /* Points usually come in order: then it is the end. */
  if (high > 0 && points[high - 1].time < time)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (points[middle].time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const MmPoint *
mm_series_nearest (const MmSeries *series, gint64 time, gint64 within)
{
  guint n_points;
  const MmPoint *points = mm_series_points (series, &n_points);
  guint index = mm_series_find (series, time);
  const MmPoint *nearest = NULL;

  if (index < n_points)
    nearest = &points[index];
  if (index > 0 && (nearest == NULL || time - points[index - 1].time < nearest->time - time))
    nearest = &points[index - 1];
  return nearest != NULL && ABS (nearest->time - time) <= within ? nearest : NULL;
}

static int
compare_distances (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* Three times the middle one of all distances: a few gaps do not move it. */
static gint64
find_gap (const MmSeries *series)
{
  const MmPoint *points = (const MmPoint *) (const void *) series->points->data;
  guint n = series->points->len;
  g_autofree gint64 *distances = NULL;

  if (n < 2)
    return MIN_GAP;
  distances = g_new (gint64, n - 1);
  for (guint i = 1; i < n; i++)
    distances[i - 1] = points[i].time - points[i - 1].time;
  qsort (distances, n - 1, sizeof *distances, compare_distances);
  return MAX (3 * distances[(n - 1) / 2], MIN_GAP);
}

gint64
mm_series_max_gap (MmSeries *series)
{
  if (series->max_gap > 0)
    return series->max_gap;
  if (series->found_gap == 0)
    series->found_gap = find_gap (series);
  return series->found_gap;
}
