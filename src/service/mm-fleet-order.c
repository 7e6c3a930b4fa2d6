#include "mm-fleet-order.h"

#include "mm-error.h"
#include "mm-search.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

static const char *const order_names[] = {
  [MM_FLEET_BY_URGENCY] = "urgency",
  [MM_FLEET_BY_ID] = "id",
  [MM_FLEET_BY_NAME] = "name",
  [MM_FLEET_BY_CUSTOMER] = "customer",
  [MM_FLEET_BY_PLACE] = "place",
  [MM_FLEET_BY_MODEL] = "model",
  [MM_FLEET_BY_LAST_CONTACT] = "last_contact",
  [MM_FLEET_BY_OPEN_ALERTS] = "open_alerts",
  [MM_FLEET_BY_SOC] = "soc",
  [MM_FLEET_BY_PV_POWER] = "pv_power",
};

gboolean
mm_fleet_order_from_name (const char *name, MmFleetOrder *order)
{
  for (gsize i = 0; i < G_N_ELEMENTS (order_names); i++)
    if (strcmp (name, order_names[i]) == 0)
      {
        *order = (MmFleetOrder) i;
        return TRUE;
      }
  return FALSE;
}

/* The place of a row: by @missing, then number, then text, then ID. Descending, number and text
 * count the other way round. */
typedef struct
{
  gboolean missing;
  double number;
  char *text;
  char *id;
  MmFleetRow *row;
} Place;

static void
place_clear (gpointer data)
{
  Place *place = data;

  g_free (place->text);
  g_free (place->id);
}

static double
time_key (gint64 time)
{
  return time == MM_TIME_NONE ? NAN : (double) time;
}

static double
value_key (const MmFleetRow *row, MmFleetValueKind kind)
{
  return row->values[kind].time == MM_TIME_NONE ? NAN : row->values[kind].value;
}

static void
place_row (Place *place, MmFleetRow *row, MmFleetOrder order)
{
  const MmFleetSite *site = row->site;
  g_autofree char *both = NULL;

  *place = (Place){ .row = row, .id = g_strdup (site->public_id) };
  switch (order)
    {
    case MM_FLEET_BY_URGENCY:
      place->number = mm_status_urgency (row->status, FALSE);
      break;
    case MM_FLEET_BY_NAME:
      place->text = mm_search_fold (site->name);
      break;
    case MM_FLEET_BY_CUSTOMER:
      place->text = mm_search_fold (*site->kana != '\0' ? site->kana : site->customer);
      break;
    case MM_FLEET_BY_PLACE:
      both = g_strconcat (site->prefecture, " ", site->municipality, NULL);
      place->text = mm_search_fold (*site->prefecture != '\0' ? both : site->municipality);
      break;
    case MM_FLEET_BY_MODEL:
      place->text = mm_search_fold (site->model);
      break;
    case MM_FLEET_BY_LAST_CONTACT:
      place->number = time_key (row->last_contact);
      break;
    case MM_FLEET_BY_OPEN_ALERTS:
      place->number = row->n_open;
      break;
    case MM_FLEET_BY_SOC:
      place->number = value_key (row, MM_FLEET_SOC);
      break;
    case MM_FLEET_BY_PV_POWER:
      place->number = value_key (row, MM_FLEET_PV_POWER);
      break;
    case MM_FLEET_BY_ID:
    case MM_N_FLEET_ORDERS:
    default:
      place->text = g_strdup (site->public_id);
      break;
    }
  if (place->text == NULL)
    place->text = g_strdup ("");
  else
    place->missing = *place->text == '\0';
  if (isnan (place->number))
    {
      place->missing = TRUE;
      place->number = 0;
    }
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const Place *p = a, *q = b;
  int direction = *(const gboolean *) data ? -1 : 1;
  int by_text;

  if (p->missing != q->missing)
    return p->missing ? 1 : -1;
  if (p->number != q->number)
    return p->number < q->number ? -direction : direction;
  by_text = strcmp (p->text, q->text);
  return by_text != 0 ? direction * by_text : strcmp (p->id, q->id);
}

/* ---- cursors: the place as text ---- */

static char *
write_cursor (const Place *place)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *plain = g_strjoin ("\n", place->missing ? "1" : "0",
                                      g_ascii_dtostr (number, sizeof number, place->number),
                                      place->id, place->text, NULL);
  char *cursor = g_base64_encode ((const guchar *) plain, strlen (plain));

  /* As RFC 4648 §5 has it for URLs. */
  return g_strdelimit (g_strdelimit (g_strdelimit (cursor, "+", '-'), "/", '_'), "=", '.');
}

static gboolean
read_cursor (const char *cursor, Place *place, GError **error)
{
  g_autofree char *standard = g_strdup (cursor);
  g_autofree guchar *bytes = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) parts = NULL;
  gsize length;

  g_strdelimit (g_strdelimit (g_strdelimit (standard, "-", '+'), "_", '/'), ".", '=');
  bytes = g_base64_decode (standard, &length);
  plain = g_strndup ((const char *) bytes, length);
  parts = g_strsplit (plain, "\n", 4);
  if (g_strv_length (parts) != 4)
    {
      mm_error_add_field (error, "cursor", "unknown", N_ ("This is not where a page ended."));
      return FALSE;
    }
  place->missing = strcmp (parts[0], "1") == 0;
  place->number = g_ascii_strtod (parts[1], NULL);
  place->id = g_strdup (parts[2]);
  place->text = g_strdup (parts[3]);
  return TRUE;
}

/* ---- the page ---- */

/* The number of the first of the sorted @places behind @cursor. */
static gboolean
find_begin (
    const GArray *places, gboolean descending, const char *cursor, guint *begin, GError **error)
{
  Place last = { 0 };
  guint low = 0, high = places->len;

  *begin = 0;
  if (cursor == NULL)
    return TRUE;
  if (!read_cursor (cursor, &last, error))
    return FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_places (&g_array_index (places, Place, middle), &last, &descending) <= 0)
        low = middle + 1;
      else
        high = middle;
    }
  *begin = low;
  place_clear (&last);
  return TRUE;
}

gboolean
mm_fleet_order_page (GPtrArray *rows,
                     MmFleetOrder order,
                     gboolean descending,
                     guint limit,
                     const char *cursor,
                     char **next,
                     GError **error)
{
  g_autoptr (GArray) places = g_array_sized_new (FALSE, FALSE, sizeof (Place), rows->len);
  guint begin, end;

  *next = NULL;
  g_array_set_clear_func (places, place_clear);
  g_array_set_size (places, rows->len);
  for (guint i = 0; i < rows->len; i++)
    place_row (&g_array_index (places, Place, i), rows->pdata[i], order);
  g_array_sort_with_data (places, compare_places, &descending);
  if (!find_begin (places, descending, cursor, &begin, error))
    return FALSE;
  end = MIN (places->len, begin + limit);
  if (end < places->len && end > begin)
    *next = write_cursor (&g_array_index (places, Place, end - 1));

  /* The page first, the rest behind its end, where the array frees it. */
  for (guint i = 0; i < places->len; i++)
    rows->pdata[(i + places->len - begin) % places->len] = g_array_index (places, Place, i).row;
  g_ptr_array_set_size (rows, (int) (end - begin));
  return TRUE;
}
