/* The axis of values: a range that ends on round numbers, its ticks and their labels.
 *
 * Plain data. Pure functions, any thread.
 */
#pragma once

#include "mm-language.h"

#include <glib.h>

G_BEGIN_DECLS

/* @lowest, @highest: both ends, multiples of @step, all in the unit of the values
 * @divisor: values are shown divided by it (1000 for kW)
 * @unit: as shown, "kW"
 * @decimals: of the ticks
 * @directed: below zero is the other direction, not less than nothing: ticks show no sign */
typedef struct
{
  double lowest;
  double highest;
  double step;
  double divisor;
  char unit[16];
  int decimals;
  gboolean directed;
} MmValueAxis;

/* An axis for values from @lowest to @highest of @unit, with @max_ticks (3 or more) at most. Power
 * and energy begin at zero, and in kW from 1000 W on. Values that are all the same get some room.
 */
void mm_value_axis_fit (
    MmValueAxis *axis, double lowest, double highest, const char *unit, guint max_ticks);

/* The number of ticks, and the value of one of them. */
guint mm_value_axis_n_ticks (const MmValueAxis *axis);
double mm_value_axis_tick (const MmValueAxis *axis, guint index);

/* A tick's label, without the unit: "2.5". Free with g_free(). */
char *mm_value_axis_label (const MmValueAxis *axis, guint index, const MmLanguage *language);

/* Where @value lies: 0 at the lower end, 1 at the upper. */
double mm_value_axis_position (const MmValueAxis *axis, double value);

G_END_DECLS
