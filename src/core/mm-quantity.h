/* The canonical quantities: their names, units, physical ranges and words.
 *
 * Power is in W, energy counters in Wh, all else in SI units and °C, as protocols.md §1.8 lists
 * them. Other names are welcome: they are stored and charted, only nothing is known of them.
 * Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_QUANTITY_GAUGE,   /* a value of the moment */
  MM_QUANTITY_COUNTER, /* a sum that only grows, but for resets of the device */
} MmQuantityKind;

/* One quantity, or a family of them.
 * @name: as in readings; in a family, the part that its names share
 * @unit: as shown behind a figure
 * @lowest, @highest: the physical range, both ends inside; generous, so that only nonsense falls
 *   out of it
 * @sign: what the sign means, English message id, or NULL if there is nothing to say
 * @label: English message id; of a family without its number */
typedef struct
{
  const char *name;
  const char *unit;
  MmQuantityKind kind;
  double lowest;
  double highest;
  const char *sign;
  const char *label;
} MmQuantity;

/* What is known of the quantity @name, or NULL. Families are dc_voltage_1, dc_voltage_2 … (up to
 * 99; so too dc_current_ and dc_power_), temperature_ANYTHING and ANYTHING_energy_total. */
const MmQuantity *mm_quantity_find (const char *name);

/* Whether @value may be real for @quantity, which is NULL for an unknown one: then any finite value
 * may. For many values of one quantity. */
gboolean mm_quantity_allows (const MmQuantity *quantity, double value);

/* The same by name. */
gboolean mm_quantity_plausible (const char *name, double value);

G_END_DECLS
