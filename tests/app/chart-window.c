/* A window with one chart and its legend, for the tests of the widget: a day in Tokyo with sun
 * until noon, a gap and a fault, or (--bars) a week of energies. Labels say what the chart tells.
 */
#include "mm-chart.h"
#include "mm-clock.h"
#include "mm-legend.h"

#include <adwaita.h>
#include <glib-unix.h>

/* 2016-10-07 00:00 in Tokyo. */
#define DAY (G_GINT64_CONSTANT (1475766000) * MM_SECOND)

typedef struct
{
  MmLanguages *languages;
  gboolean bars;
  GtkLabel *range;
  GtkLabel *mark;
} Window;

static void
on_range_changed (MmChart *chart, gint64 from, gint64 to, Window *window)
{
  g_autofree char *text = g_strdup_printf ("%d to %d", (int) ((from - DAY) / MM_MINUTE),
                                           (int) ((to - DAY) / MM_MINUTE));

  gtk_label_set_label (window->range, text);
}

static void
on_mark_activated (MmChart *chart, const char *id, Window *window)
{
  gtk_label_set_label (window->mark, id);
}

static void
add_day (MmChart *chart, const MmLanguage *language)
{
  static const struct
  {
    const char *name;
    double value;
  } all[] = { { "pv_power", 3120 }, { "grid_power", -1200 }, { "load_power", 850 }, { "soc", 74 } };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      MmSeries *series = mm_series_new_for_quantity (all[i].name, language);

      for (guint minute = 0; minute < 12 * 60; minute += 5)
        if (minute < 9 * 60 || minute >= 10 * 60)
          mm_series_add (series, DAY + minute * MM_MINUTE, all[i].value, FALSE);
      mm_chart_add_series (chart, series);
    }
  mm_chart_add_mark (chart, "fault-1", DAY + 8 * MM_HOUR, MM_TIME_NONE, MM_STATUS_FAULT,
                     "Ground fault");
  mm_chart_add_mark (chart, "offline-1", DAY + 16 * MM_HOUR, DAY + 17 * MM_HOUR, MM_STATUS_OFFLINE,
                     "Router");
}

static void
add_week (MmChart *chart, const MmLanguage *language)
{
  MmSeries *sun = mm_series_new_for_quantity ("pv_energy_total", language);
  MmSeries *sold = mm_series_new_for_quantity ("grid_export_energy_total", language);

  for (guint day = 0; day < 7; day++)
    {
      mm_series_add (sun, DAY + day * MM_DAY, 12400, FALSE);
      mm_series_add (sold, DAY + day * MM_DAY, 3200, FALSE);
    }
  mm_chart_add_series (chart, sun);
  mm_chart_add_series (chart, sold);
  mm_chart_set_bars (chart, TRUE);
}

static void
on_activate (GtkApplication *app, Window *window)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Asia/Tokyo");
  const MmLanguage *language = mm_languages_get (window->languages, g_getenv ("LANGUAGE"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *chart = mm_chart_new ();

  window->range = GTK_LABEL (gtk_label_new ("whole"));
  window->mark = GTK_LABEL (gtk_label_new ("no mark"));
  g_signal_connect (chart, "range-changed", G_CALLBACK (on_range_changed), window);
  g_signal_connect (chart, "mark-activated", G_CALLBACK (on_mark_activated), window);
  mm_chart_set_language (MM_CHART (chart), language);
  mm_chart_set_range (MM_CHART (chart), DAY, DAY + (window->bars ? 7 : 1) * MM_DAY, zone);
  mm_chart_set_position (MM_CHART (chart), 35.66, 139.74);
  if (window->bars)
    add_week (MM_CHART (chart), language);
  else
    add_day (MM_CHART (chart), language);
  gtk_widget_set_vexpand (chart, TRUE);
  gtk_box_append (GTK_BOX (box), mm_legend_new (MM_CHART (chart)));
  gtk_box_append (GTK_BOX (box), chart);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (window->range));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (window->mark));
  gtk_window_present (g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", app, "title",
                                    "Chart", "content", box, "default-width", 340, NULL));
}

static gboolean
on_terminate (gpointer app)
{
  GtkWindow *window = gtk_application_get_active_window (app);

  if (window != NULL)
    gtk_window_destroy (window);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) app = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  Window window = { mm_languages_new_built_in (), argc > 1, NULL, NULL };
  guint source = g_unix_signal_add (SIGTERM, on_terminate, app);
  int status;

  g_signal_connect (app, "activate", G_CALLBACK (on_activate), &window);
  status = g_application_run (G_APPLICATION (app), 1, argv);
  g_source_remove (source);
  mm_languages_free (window.languages);
  return status;
}
