/* The houses of the demo fleet: made-up people in real towns, from data/demo/houses.csv. Pure.
 *
 * Whoever wants more houses than the file has gets its rows again, varied: other people, other
 * sizes, some kilometres away. The same number of houses is always the same houses.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_DEMO_HOUSES_DEFAULT 20
#define MM_DEMO_HOUSES_MAX 200

/* @id: of the gateway
 * @mail, @phone: of the customer; both belong to nobody
 * @habit, @story: what the simulator makes of it, see mimamori-gateway(1)
 * @key, @activation_code: NULL until the gateway was made */
typedef struct
{
  char *id;
  char *serial;
  char *prefecture;
  char *municipality;
  char *postal_code;
  double latitude;
  double longitude;
  char *name;
  char *kana;
  char *mail;
  char *phone;
  double pv_kw;
  double battery_kwh;
  char *habit;
  char *story;
  char *key;
  char *activation_code;
} MmDemoHouse;

/* @n houses (#MmDemoHouse), 1 … MM_DEMO_HOUSES_MAX. */
GPtrArray *mm_demo_houses_new (guint n);

G_END_DECLS
