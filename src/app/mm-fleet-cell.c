#include "mm-fleet-cell.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-status-look.h"

#include <math.h>

#define OLD_AFTER (15 * 60) /* seconds: a value this old looks old */
#define FLASH 200           /* ms; look.md */

static const char *const titles[MM_N_FLEET_COLUMNS] = {
  [MM_FLEET_COLUMN_STATUS] = N_ ("Status"),
  [MM_FLEET_COLUMN_ID] = N_ ("Gateway ID"),
  [MM_FLEET_COLUMN_CUSTOMER] = N_ ("Customer"),
  [MM_FLEET_COLUMN_NAME] = N_ ("Site name"),
  [MM_FLEET_COLUMN_PLACE] = N_ ("Municipality"),
  [MM_FLEET_COLUMN_MODEL] = N_ ("Model"),
  [MM_FLEET_COLUMN_LAST_CONTACT] = N_ ("Last contact"),
  [MM_FLEET_COLUMN_POWER] = N_ ("Power now"),
  [MM_FLEET_COLUMN_TODAY] = N_ ("Energy today"),
  [MM_FLEET_COLUMN_SOC] = N_ ("Battery level"),
  [MM_FLEET_COLUMN_ALERTS] = N_ ("Alerts"),
};

const char *
mm_fleet_cell_title (MmFleetColumn column)
{
  return _ (titles[column]);
}

/* Text */

static MmFigure
figure_of (MmFleetColumn column, const MmFleetRecord *record)
{
  const MmLanguage *language = mm_own_language ();

  if (column == MM_FLEET_COLUMN_POWER)
    return mm_figure_power (language, record->power);
  if (column == MM_FLEET_COLUMN_TODAY)
    return mm_figure_energy (language, record->today);
  return mm_figure_percent (language, record->soc);
}

char *
mm_fleet_cell_place (const MmFleetRecord *record)
{
  if (*record->municipality == '\0')
    return g_strdup (record->prefecture);
  return g_strdup (record->municipality);
}

char *
mm_fleet_cell_age (const MmFleetRecord *record)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (record->last_contact == 0)
    return g_strdup ("–");
  return mm_figure_age_short (mm_own_language (), g_get_real_time (),
                              record->last_contact * MM_SECOND, zone);
}

char *
mm_fleet_cell_text (MmFleetColumn column, const MmFleetRecord *record)
{
  MmFigure figure;

  switch (column)
    {
    case MM_FLEET_COLUMN_STATUS:
      return g_strdup (mm_status_look_word ((MmStatus) record->status));
    case MM_FLEET_COLUMN_ID:
      return g_strdup (mm_fleet_record_id (record));
    case MM_FLEET_COLUMN_CUSTOMER:
      return g_strdup (mm_fleet_record_customer (record));
    case MM_FLEET_COLUMN_NAME:
      return g_strdup (mm_fleet_record_name (record));
    case MM_FLEET_COLUMN_PLACE:
      return mm_fleet_cell_place (record);
    case MM_FLEET_COLUMN_MODEL:
      return g_strdup (record->model);
    case MM_FLEET_COLUMN_LAST_CONTACT:
      return mm_fleet_cell_age (record);
    case MM_FLEET_COLUMN_ALERTS:
      return record->n_open > 0 ? g_strdup_printf ("%u", record->n_open) : g_strdup ("");
    case MM_FLEET_COLUMN_POWER:
    case MM_FLEET_COLUMN_TODAY:
    case MM_FLEET_COLUMN_SOC:
    case MM_N_FLEET_COLUMNS:
    default:
      figure = figure_of (column, record);
      return mm_figure_text (&figure);
    }
}

/* The full time of @seconds, in this computer's zone. */
static char *
full_time (guint32 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return g_date_time_format (time, "%x %X");
}

/* When the figure of @column was measured; 0 if that is not told. */
static guint32
measured (MmFleetColumn column, const MmFleetRecord *record)
{
  if (column == MM_FLEET_COLUMN_POWER)
    return record->power_time;
  return column == MM_FLEET_COLUMN_SOC ? record->soc_time : 0;
}

gboolean
mm_fleet_cell_is_old (MmFleetColumn column, const MmFleetRecord *record)
{
  guint32 time = measured (column, record);

  return time != 0 && g_get_real_time () / MM_SECOND - (gint64) time > OLD_AFTER;
}

char *
mm_fleet_cell_tip (MmFleetColumn column, const MmFleetRecord *record)
{
  guint32 time
      = column == MM_FLEET_COLUMN_LAST_CONTACT ? record->last_contact : measured (column, record);
  g_autofree char *when = time != 0 ? full_time (time) : NULL;
  g_autofree char *text = NULL;

  switch (column)
    {
    case MM_FLEET_COLUMN_LAST_CONTACT:
      return g_steal_pointer (&when);
    case MM_FLEET_COLUMN_POWER:
    case MM_FLEET_COLUMN_TODAY:
    case MM_FLEET_COLUMN_SOC:
      if (when == NULL)
        return NULL;
      return g_strdup_printf (
          mm_fleet_cell_is_old (column, record) ? _ ("Old data: as of %s") : _ ("As of %s"), when);
    case MM_FLEET_COLUMN_PLACE:
      return g_strstrip (g_strdup_printf ("%s %s", record->prefecture, record->municipality));
    case MM_FLEET_COLUMN_STATUS:
    case MM_FLEET_COLUMN_ID:
    case MM_FLEET_COLUMN_CUSTOMER:
    case MM_FLEET_COLUMN_NAME:
    case MM_FLEET_COLUMN_MODEL:
    case MM_FLEET_COLUMN_ALERTS:
    case MM_N_FLEET_COLUMNS:
    default:
      text = mm_fleet_cell_text (column, record);
      return *text != '\0' ? g_steal_pointer (&text) : NULL;
    }
}

static gboolean
end_flash (gpointer user_data)
{
  gtk_widget_remove_css_class (user_data, "mm-changed");
  return G_SOURCE_REMOVE;
}

void
mm_fleet_cell_flash (GtkWidget *row)
{
  gboolean animations;

  g_object_get (gtk_widget_get_settings (row), "gtk-enable-animations", &animations, NULL);
  if (!animations || gtk_widget_has_css_class (row, "mm-changed"))
    return;
  gtk_widget_add_css_class (row, "mm-changed");
  g_timeout_add_full (G_PRIORITY_DEFAULT, FLASH, end_flash, g_object_ref (row), g_object_unref);
}
