#include "mm-fleet-export.h"

#include "mm-csv.h"
#include "mm-fleet-cell.h"
#include "mm-gettext.h"
#include "mm-number.h"

#include <math.h>
#include <string.h>

/* The heading of @column with its unit; free with g_free(). */
static char *
heading (MmFleetColumn column)
{
  const char *unit = column == MM_FLEET_COLUMN_POWER   ? "W"
                     : column == MM_FLEET_COLUMN_TODAY ? "Wh"
                     : column == MM_FLEET_COLUMN_SOC   ? "%"
                                                       : NULL;

  return unit != NULL ? g_strdup_printf ("%s (%s)", mm_fleet_cell_title (column), unit)
                      : g_strdup (mm_fleet_cell_title (column));
}

static char *
number_text (float number)
{
  char text[MM_NUMBER_TEXT_SIZE];

  if (isnan (number))
    return g_strdup ("");
  /* One digit behind the point says all that is known. */
  return g_strndup (text, mm_number_write (round ((double) number * 10) / 10, text));
}

/* Text that a customer wrote is never a formula in the dealer's spreadsheet. */
static char *
plain_text (char *text)
{
  g_autofree char *taken = text;

  if (*taken != '\0' && strchr ("=+-@\t\r", *taken) != NULL)
    return g_strconcat ("'", taken, NULL);
  return g_steal_pointer (&taken);
}

static char *
time_text (guint32 seconds)
{
  g_autoptr (GDateTime) time = seconds != 0 ? g_date_time_new_from_unix_local (seconds) : NULL;

  return time != NULL ? g_date_time_format_iso8601 (time) : g_strdup ("");
}

static char *
field (MmFleetColumn column, const MmFleetRecord *record)
{
  switch (column)
    {
    case MM_FLEET_COLUMN_PLACE:
      return plain_text (g_strconcat (record->prefecture, record->municipality, NULL));
    case MM_FLEET_COLUMN_LAST_CONTACT:
      return time_text (record->last_contact);
    case MM_FLEET_COLUMN_POWER:
      return number_text (record->power);
    case MM_FLEET_COLUMN_TODAY:
      return number_text (record->today);
    case MM_FLEET_COLUMN_SOC:
      return number_text (record->soc);
    case MM_FLEET_COLUMN_ALERTS:
      return g_strdup_printf ("%u", record->n_open);
    case MM_FLEET_COLUMN_STATUS:
    case MM_FLEET_COLUMN_ID:
    case MM_FLEET_COLUMN_CUSTOMER:
    case MM_FLEET_COLUMN_NAME:
    case MM_FLEET_COLUMN_MODEL:
    case MM_N_FLEET_COLUMNS:
    default:
      return plain_text (mm_fleet_cell_text (column, record));
    }
}

static void
append (GString *out, GPtrArray *fields)
{
  mm_csv_append_record (out, (const char *const *) fields->pdata, fields->len);
  g_ptr_array_set_size (fields, 0);
}

GBytes *
mm_fleet_export_csv (MmFleetModel *model, const char *const *columns)
{
  GString *out = g_string_new ("\xEF\xBB\xBF");
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) chosen = g_array_new (FALSE, FALSE, sizeof (MmFleetColumn));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (model));

  for (guint i = 0; columns[i] != NULL; i++)
    {
      MmFleetColumn column;

      if (!mm_fleet_column_from_name (columns[i], &column))
        continue;
      g_array_append_val (chosen, column);
      g_ptr_array_add (fields, heading (column));
    }
  append (out, fields);
  for (guint i = 0; i < n; i++)
    {
      const MmFleetRecord *record = mm_fleet_model_peek (model, i);

      for (guint k = 0; k < chosen->len; k++)
        g_ptr_array_add (fields, field (g_array_index (chosen, MmFleetColumn, k), record));
      append (out, fields);
    }
  return g_string_free_to_bytes (out);
}
