/* 100,000 rows are sorted between two frames (quality.md §2). A comparing sort would wait for
 * memory at each of its 1.7 million comparisons; this one reads each record once per eight bytes of
 * its text, makes a number of them, and sorts the numbers byte by byte from the last to the first
 * (radix sort, which keeps the order of what is equal). */
#include "mm-fleet-sort.h"

#include <math.h>
#include <string.h>

#define CHUNK 8 /* bytes of text in one key */
#define FEW 24  /* not worth a table of counts */

#define LAST G_MAXUINT64 /* the key of what has nothing to go by; UTF-8 never begins with 0xFF */

typedef struct
{
  guint64 key;
  guint32 slot;
} Place;

static const char *const names[MM_N_FLEET_COLUMNS] = {
  [MM_FLEET_COLUMN_STATUS] = "status",     [MM_FLEET_COLUMN_ID] = "id",
  [MM_FLEET_COLUMN_CUSTOMER] = "customer", [MM_FLEET_COLUMN_NAME] = "name",
  [MM_FLEET_COLUMN_PLACE] = "place",       [MM_FLEET_COLUMN_MODEL] = "model",
  [MM_FLEET_COLUMN_POWER] = "power",       [MM_FLEET_COLUMN_LAST_CONTACT] = "last-contact",
  [MM_FLEET_COLUMN_TODAY] = "today",       [MM_FLEET_COLUMN_SOC] = "soc",
  [MM_FLEET_COLUMN_ALERTS] = "alerts",
};

const char *
mm_fleet_column_name (MmFleetColumn column)
{
  g_return_val_if_fail (column < MM_N_FLEET_COLUMNS, NULL);
  return names[column];
}

gboolean
mm_fleet_column_from_name (const char *name, MmFleetColumn *column)
{
  for (guint i = 0; i < MM_N_FLEET_COLUMNS; i++)
    if (strcmp (names[i], name) == 0)
      {
        *column = (MmFleetColumn) i;
        return TRUE;
      }
  return FALSE;
}

/* Keys */

/* @number so that unsigned integers compare as the numbers do. */
static guint64
figure_key (float number)
{
  guint32 bits;

  if (isnan (number))
    return LAST;
  memcpy (&bits, &number, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static gboolean
is_text (MmFleetColumn column)
{
  return column == MM_FLEET_COLUMN_ID || column == MM_FLEET_COLUMN_CUSTOMER
         || column == MM_FLEET_COLUMN_NAME || column == MM_FLEET_COLUMN_PLACE
         || column == MM_FLEET_COLUMN_MODEL;
}

static guint64
number_key (const MmFleetRecord *record, MmFleetColumn column)
{
  switch (column)
    {
    case MM_FLEET_COLUMN_STATUS:
      return (guint64) record->urgency << 40 | (guint64) (G_MAXUINT8 - record->severity) << 32
             | (G_MAXUINT32 - record->status_since);
    case MM_FLEET_COLUMN_LAST_CONTACT:
      return record->last_contact != 0 ? record->last_contact : LAST;
    case MM_FLEET_COLUMN_POWER:
      return figure_key (record->power);
    case MM_FLEET_COLUMN_TODAY:
      return figure_key (record->today);
    case MM_FLEET_COLUMN_SOC:
      return figure_key (record->soc);
    case MM_FLEET_COLUMN_ALERTS:
      return record->n_open;
    case MM_FLEET_COLUMN_ID:
    case MM_FLEET_COLUMN_CUSTOMER:
    case MM_FLEET_COLUMN_NAME:
    case MM_FLEET_COLUMN_PLACE:
    case MM_FLEET_COLUMN_MODEL:
    case MM_N_FLEET_COLUMNS:
    default:
      g_return_val_if_reached (LAST);
    }
}

static const char *
text_of (const MmFleetRecord *record, MmFleetColumn column, gsize *length)
{
  const char *text;

  switch (column)
    {
    case MM_FLEET_COLUMN_ID:
      /* As it is: IDs that differ in case only are different ones. */
      *length = strlen (record->text);
      return record->text;
    case MM_FLEET_COLUMN_CUSTOMER:
      text = mm_fleet_record_part (record, MM_FLEET_PART_KANA, length);
      return *length > 0 ? text : mm_fleet_record_part (record, MM_FLEET_PART_CUSTOMER, length);
    case MM_FLEET_COLUMN_NAME:
      return mm_fleet_record_part (record, MM_FLEET_PART_NAME, length);
    case MM_FLEET_COLUMN_PLACE:
      return mm_fleet_record_part (record, MM_FLEET_PART_PLACE, length);
    case MM_FLEET_COLUMN_MODEL:
      return mm_fleet_record_part (record, MM_FLEET_PART_MODEL, length);
    case MM_FLEET_COLUMN_STATUS:
    case MM_FLEET_COLUMN_LAST_CONTACT:
    case MM_FLEET_COLUMN_POWER:
    case MM_FLEET_COLUMN_TODAY:
    case MM_FLEET_COLUMN_SOC:
    case MM_FLEET_COLUMN_ALERTS:
    case MM_N_FLEET_COLUMNS:
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Eight bytes of the text from @depth on, as a number; zeros behind its end. */
static guint64
text_key (const MmFleetRecord *record, MmFleetColumn column, gsize depth)
{
  gsize length;
  const char *text = text_of (record, column, &length);
  guint64 key = 0;

  if (length == 0)
    return LAST;
  if (depth < length)
    memcpy (&key, text + depth, MIN (length - depth, CHUNK));
  return GUINT64_FROM_BE (key);
}

/* Descending, everything counts the other way round but what has nothing to go by. */
static guint64
turn (guint64 key, gboolean descending)
{
  return descending && key != LAST ? LAST - 1 - key : key;
}

static int
compare_texts (const MmFleetRecord *a,
               const MmFleetRecord *b,
               MmFleetColumn column,
               gboolean descending)
{
  gsize m, n;
  const char *p = text_of (a, column, &m);
  const char *q = text_of (b, column, &n);
  int order;

  if (m == 0 || n == 0)
    return (m == 0) - (n == 0);
  order = memcmp (p, q, MIN (m, n));
  if (order == 0)
    order = (m > n) - (m < n);
  return descending ? -order : order;
}

int
mm_fleet_compare (const MmFleetRecord *a,
                  const MmFleetRecord *b,
                  MmFleetColumn column,
                  gboolean descending)
{
  int order;

  if (is_text (column))
    order = compare_texts (a, b, column, descending);
  else
    {
      guint64 p = turn (number_key (a, column), descending);
      guint64 q = turn (number_key (b, column), descending);

      order = (p > q) - (p < q);
    }
  return order != 0 ? order : strcmp (a->text, b->text);
}

/* Sorting */

/* Sorts @places by their keys; @room is as large. Bytes in which no two differ cost nothing. */
static void
sort_keys (Place *places, Place *room, guint n)
{
  guint (*counts)[256] = g_malloc0 (sizeof (guint[8][256]));
  Place *from = places, *to = room;

  for (guint i = 0; i < n; i++)
    for (guint byte = 0; byte < 8; byte++)
      counts[byte][places[i].key >> 8 * byte & 0xFF]++;
  for (guint byte = 0; byte < 8; byte++)
    {
      guint next = 0;
      Place *other;

      if (counts[byte][places[0].key >> 8 * byte & 0xFF] == n)
        continue;
      for (guint value = 0; value < 256; value++)
        {
          guint count = counts[byte][value];

          counts[byte][value] = next;
          next += count;
        }
      for (guint i = 0; i < n; i++)
        to[counts[byte][from[i].key >> 8 * byte & 0xFF]++] = from[i];
      other = from;
      from = to;
      to = other;
    }
  if (from != places)
    memcpy (places, from, n * sizeof *places);
  g_free (counts);
}

typedef struct
{
  const MmFleetRecord *records;
  MmFleetColumn column;
  gboolean descending;
} Order;

static void
insert_few (const Order *order, Place *places, guint n)
{
  for (guint i = 1; i < n; i++)
    {
      Place place = places[i];
      guint k = i;

      for (; k > 0
             && mm_fleet_compare (&order->records[place.slot], &order->records[places[k - 1].slot],
                                  order->column, order->descending)
                    < 0;
           k--)
        places[k] = places[k - 1];
      places[k] = place;
    }
}

/* Sorts by the text from @depth on; before it they are equal. */
static void
sort_texts (const Order *order, Place *places, Place *room, guint n, gsize depth)
{
  guint begin = 0;

  if (n <= FEW)
    {
      insert_few (order, places, n);
      return;
    }
  for (guint i = 0; i < n; i++)
    places[i].key = turn (text_key (&order->records[places[i].slot], order->column, depth),
                          order->descending);
  sort_keys (places, room, n);
  for (guint i = 1; i <= n; i++)
    {
      guint64 key = turn (places[begin].key, order->descending);

      if (i < n && places[i].key == places[begin].key)
        continue;
      /* A zero at the end says that the text has ended. */
      if (i - begin > 1 && key != LAST && (key & 0xFF) != 0)
        sort_texts (order, places + begin, room, i - begin, depth + CHUNK);
      begin = i;
    }
}

void
mm_fleet_sort (const MmFleetRecord *records,
               guint32 *slots,
               guint n,
               MmFleetColumn column,
               gboolean descending)
{
  const Order order = { records, column, descending };
  g_autofree Place *places = g_new (Place, n + 1);
  g_autofree Place *room = g_new (Place, n + 1);

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      places[i].slot = slots[i];
      if (!is_text (column))
        places[i].key = turn (number_key (&records[slots[i]], column), descending);
    }
  if (column == MM_FLEET_COLUMN_ID && descending)
    for (guint i = 0; i < n; i++)
      places[i].slot = slots[n - 1 - i];
  else if (is_text (column) && column != MM_FLEET_COLUMN_ID)
    sort_texts (&order, places, room, n, 0);
  else if (!is_text (column))
    sort_keys (places, room, n);
  for (guint i = 0; i < n; i++)
    slots[i] = places[i].slot;
}
