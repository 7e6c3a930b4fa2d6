#include "mm-overview-page.h"

#include "mm-figure.h"
#include "mm-fleet-cell.h"
#include "mm-fleet-notice.h"
#include "mm-fleet-sort.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-status-look.h"

#include <math.h>

#define FEW 5      /* rows of each list */
#define IN_LINE 5  /* tiles that stand side by side where there is room */
#define PERIOD 500 /* ms between two looks at the fleet */
#define ALERTS_PATH "/api/v1/alerts?state=open&limit=5"

struct _MmOverviewPage
{
  MmPane parent;

  GtkImage *verdict_image;
  GtkLabel *verdict;
  GtkLabel *totals;
  GtkFlowBox *tiles;
  AdwPreferencesGroup *steps;
  GtkWidget *add_gateway;
  AdwPreferencesGroup *worst;
  AdwPreferencesGroup *alerts;

  MmApplication *app; /* outlives its windows */
  MmDesk *desk;
  MmFleetTable *fleet;
  GtkWidget *tile[MM_N_STATUSES];
  GtkLabel *count[MM_N_STATUSES];
  GPtrArray *worst_rows;
  GPtrArray *alert_rows;
  guint update;
  GCancellable *cancellable; /* of asking for the alerts */
  gboolean alerts_changed;
};

G_DEFINE_FINAL_TYPE (MmOverviewPage, mm_overview_page, MM_TYPE_PANE)

/* Rows */

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static char *
age_text (gint64 then)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return then > 0 ? mm_figure_age (mm_own_language (), g_get_real_time (), then, zone)
                  : g_strdup ("");
}

/* The moment in full, or NULL. */
static char *
full_time (gint64 then)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return then > 0 ? mm_language_format_time (mm_own_language (), then, zone) : NULL;
}

/* A row that opens the gateway @id. Its texts are data, never markup. */
static void
add_row (AdwPreferencesGroup *group,
         GPtrArray *rows,
         MmStatus status,
         const char *title,
         const char *subtitle,
         gint64 since,
         const char *id)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new ();
  g_autofree char *age = age_text (since), *moment = full_time (since);
  g_autofree char *below
      = *age != '\0' ? g_strconcat (subtitle, " · ", age, NULL) : g_strdup (subtitle);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), below);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  mm_status_look_apply (status, GTK_IMAGE (image), NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_widget_set_tooltip_text (row, moment);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "main.open-gateway");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

/* "見守 花子 — 長野市" from what there is of it. */
static char *
join (const char *a, const char *b)
{
  return *a != '\0' && *b != '\0' ? g_strconcat (a, " — ", b, NULL) : g_strconcat (a, b, NULL);
}

/* The fleet */

static gboolean
is_wrong (const MmFleetRecord *record)
{
  return record->text != NULL && record->status != MM_STATUS_NORMAL
         && record->status != MM_STATUS_CURTAILED && record->status != MM_STATUS_NEVER_SEEN;
}

/* The FEW worst of the fleet, worst first; returns how many there are. */
static guint
find_worst (MmOverviewPage *page, const MmFleetRecord *found[FEW])
{
  guint n, n_found = 0;
  const MmFleetRecord *records = mm_fleet_table_peek (page->fleet, &n);

  for (guint i = 0; i < n; i++)
    {
      guint at = n_found;

      if (!is_wrong (&records[i]))
        continue;
      while (at > 0
             && mm_fleet_compare (&records[i], found[at - 1], MM_FLEET_COLUMN_STATUS, FALSE) < 0)
        at--;
      if (at == FEW)
        continue;
      n_found = MIN (n_found + 1, FEW);
      for (guint k = n_found - 1; k > at; k--)
        found[k] = found[k - 1];
      found[at] = &records[i];
    }
  return n_found;
}

static void
show_worst (MmOverviewPage *page)
{
  const MmFleetRecord *found[FEW];
  guint n = find_worst (page, found);

  clear_rows (page->worst, page->worst_rows);
  for (guint i = 0; i < n; i++)
    {
      const MmFleetRecord *record = found[i];
      const char *who = *mm_fleet_record_customer (record) != '\0'
                            ? mm_fleet_record_customer (record)
                            : mm_fleet_record_name (record);
      g_autofree char *place = mm_fleet_cell_place (record);
      g_autofree char *where = join (who, place);
      g_autofree char *title = join (mm_status_look_word ((MmStatus) record->status), where);

      add_row (page->worst, page->worst_rows, (MmStatus) record->status, title,
               mm_fleet_record_id (record), (gint64) record->status_since * MM_SECOND,
               mm_fleet_record_id (record));
    }
  gtk_widget_set_visible (GTK_WIDGET (page->worst), n > 0);
}

static void
show_totals (MmOverviewPage *page)
{
  guint n, size = mm_fleet_table_get_size (page->fleet);
  const MmFleetRecord *records = mm_fleet_table_peek (page->fleet, &n);
  double power = NAN, today = NAN;
  MmFigure power_figure, today_figure;
  g_autofree char *power_text = NULL, *today_text = NULL, *gateways = NULL, *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      /* What is not heard any more produces nothing that we know of. */
      if (records[i].text == NULL)
        continue;
      if (!isnan (records[i].power) && records[i].status != MM_STATUS_OFFLINE)
        power = (isnan (power) ? 0 : power) + (double) records[i].power;
      if (!isnan (records[i].today))
        today = (isnan (today) ? 0 : today) + (double) records[i].today;
    }
  power_figure = mm_figure_power (mm_own_language (), power);
  today_figure = mm_figure_energy (mm_own_language (), today);
  power_text = mm_figure_text (&power_figure);
  today_text = mm_figure_text (&today_figure);
  gateways = g_strdup_printf (ngettext ("%'u gateway", "%'u gateways", size), size);
  if (isnan (power))
    text = g_steal_pointer (&gateways);
  else if (isnan (today))
    text = g_strdup_printf (_ ("%s · producing %s now"), gateways, power_text);
  else
    text = g_strdup_printf (_ ("%s · producing %s now · %s today"), gateways, power_text,
                            today_text);
  gtk_label_set_label (page->totals, text);
}

/* Of what was never heard nobody knows whether it is all right. */
static gboolean
is_all_new (MmFleetTable *fleet)
{
  return mm_fleet_table_count (fleet, MM_STATUS_NEVER_SEEN) == mm_fleet_table_get_size (fleet);
}

static void
show_verdict (MmOverviewPage *page)
{
  MmStatus worst = MM_STATUS_NORMAL;
  guint n = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < MM_N_STATUSES; i++)
    {
      guint count = mm_fleet_table_count (page->fleet, (MmStatus) i);

      if (i == MM_STATUS_NORMAL || i == MM_STATUS_CURTAILED || i == MM_STATUS_NEVER_SEEN
          || count == 0)
        continue;
      n += count;
      if (mm_status_urgency ((MmStatus) i, FALSE) < mm_status_urgency (worst, FALSE))
        worst = (MmStatus) i;
    }
  if (n == 0 && is_all_new (page->fleet))
    {
      worst = MM_STATUS_NEVER_SEEN;
      text = g_strdup (_ ("No gateway has connected yet"));
    }
  else if (n == 0)
    text = g_strdup (_ ("Everything is all right"));
  else
    text = g_strdup_printf (
        ngettext ("%'u gateway needs attention", "%'u gateways need attention", n), n);
  gtk_label_set_label (page->verdict, text);
  mm_status_look_apply (worst, page->verdict_image, NULL);
}

static void
show_tiles (MmOverviewPage *page)
{
  guint n_shown = 0;

  for (guint i = 0; i < MM_N_STATUSES; i++)
    {
      guint n = mm_fleet_table_count (page->fleet, (MmStatus) i);
      const char *word = mm_status_look_word ((MmStatus) i);
      g_autofree char *number = g_strdup_printf ("%'u", n);
      g_autofree char *name = g_strdup_printf ("%s %s", word, number);
      gboolean is_shown = n > 0 || i == MM_STATUS_FAULT || i == MM_STATUS_OFFLINE
                          || i == MM_STATUS_WARNING || i == MM_STATUS_NORMAL;

      gtk_label_set_label (page->count[i], number);
      gtk_accessible_update_property (GTK_ACCESSIBLE (page->tile[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      name, -1);
      gtk_widget_set_visible (gtk_widget_get_parent (page->tile[i]), is_shown);
      n_shown += is_shown;
      /* What is not there is no matter of concern. */
      if (n > 0)
        gtk_widget_remove_css_class (page->tile[i], "mm-none");
      else
        gtk_widget_add_css_class (page->tile[i], "mm-none");
    }
  /* One line, or two that are about equally long */
  gtk_flow_box_set_max_children_per_line (page->tiles,
                                          n_shown > IN_LINE ? (n_shown + 1) / 2 : n_shown);
}

/* Whoever runs the server gives out the gateways, too. */
static gboolean
is_hosted_here (MmOverviewPage *page)
{
  const char *url = mm_server_child_get_url (mm_application_get_server (page->app));
  MmApi *api = mm_desk_get_api (page->desk);

  return url != NULL && api != NULL && g_str_equal (url, mm_api_get_url (api));
}

static void
update (MmOverviewPage *page)
{
  gboolean is_empty = mm_fleet_table_get_size (page->fleet) == 0;

  g_clear_handle_id (&page->update, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (page->tiles), !is_empty);
  gtk_widget_set_visible (GTK_WIDGET (page->totals), !is_empty);
  gtk_widget_set_visible (GTK_WIDGET (page->verdict_image), !is_empty);
  gtk_widget_set_visible (GTK_WIDGET (page->steps), is_empty);
  gtk_widget_set_visible (page->add_gateway, is_empty && is_hosted_here (page));
  show_verdict (page);
  if (is_empty)
    gtk_label_set_label (page->verdict, _ ("Welcome to Mimamori"));
  show_totals (page);
  show_tiles (page);
  show_worst (page);
}

static gboolean
on_update (gpointer user_data)
{
  MmOverviewPage *page = user_data;

  page->update = 0;
  update (page);
  return G_SOURCE_REMOVE;
}

static void
on_fleet_changed (MmOverviewPage *page)
{
  /* Who holds a page that is gone already lets it hear of this still. */
  if (page->fleet != NULL && page->update == 0)
    page->update = g_timeout_add (PERIOD, on_update, page);
}

/* Alerts */

static void
show_alerts (MmOverviewPage *page, JsonArray *alerts)
{
  clear_rows (page->alerts, page->alert_rows);
  for (guint i = 0; i < MIN (mm_json_length (alerts), FEW); i++)
    {
      JsonObject *alert = mm_json_element (alerts, i);
      MmSeverity severity = MM_SEVERITY_NONE;
      MmStatus status;
      g_autofree char *subtitle = NULL;
      const char *code, *meaning;

      if (alert == NULL)
        continue;
      mm_severity_from_name (mm_json_text (alert, "severity"), &severity);
      status = g_str_equal (mm_json_text (alert, "kind"), "offline")
                   ? MM_STATUS_OFFLINE
                   : mm_severity_status (severity);
      code = mm_json_text (alert, "code");
      meaning = mm_json_text (alert, "meaning");
      subtitle = join (mm_json_text (alert, "gateway"), mm_json_text (alert, "customer"));
      add_row (page->alerts, page->alert_rows, status,
               *meaning != '\0' ? meaning
               : *code != '\0'  ? code
                                : mm_status_look_word (status),
               subtitle, mm_json_time (alert, "opened"), mm_json_text (alert, "gateway"));
    }
  gtk_widget_set_visible (GTK_WIDGET (page->alerts), page->alert_rows->len > 0);
}

static void
on_alerts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  MmOverviewPage *page = user_data;
  JsonObject *root;

  /* Without an answer what is known stays; the notice says that the server is away. */
  if (answer == NULL)
    return;
  root = mm_json_root (answer);
  show_alerts (page, root != NULL ? mm_json_array (root, "alerts") : NULL);
}

static void
ask_alerts (MmOverviewPage *page)
{
  page->alerts_changed = FALSE;
  g_cancellable_cancel (page->cancellable);
  g_object_unref (page->cancellable);
  page->cancellable = g_cancellable_new ();
  mm_api_send_async (mm_desk_get_api (page->desk), "GET", ALERTS_PATH, NULL, page->cancellable,
                     on_alerts, page);
}

static void
on_alert (MmOverviewPage *page)
{
  page->alerts_changed = TRUE;
}

static void
on_batch (MmOverviewPage *page)
{
  if (page->alerts_changed)
    ask_alerts (page);
}

static void
on_feed_state (MmOverviewPage *page)
{
  if (mm_live_feed_get_state (mm_desk_get_feed (page->desk)) == MM_LIVE_LIVE)
    ask_alerts (page);
}

/* The object */

static void
retry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mm_desk_retry (MM_OVERVIEW_PAGE (widget)->desk);
}

static void
mm_overview_page_dispose (GObject *object)
{
  MmOverviewPage *page = MM_OVERVIEW_PAGE (object);

  g_clear_handle_id (&page->update, g_source_remove);
  if (page->cancellable != NULL)
    g_cancellable_cancel (page->cancellable);
  g_clear_object (&page->cancellable);
  g_clear_object (&page->fleet);
  g_clear_object (&page->desk);
  G_OBJECT_CLASS (mm_overview_page_parent_class)->dispose (object);
}

static void
mm_overview_page_finalize (GObject *object)
{
  g_ptr_array_unref (MM_OVERVIEW_PAGE (object)->worst_rows);
  g_ptr_array_unref (MM_OVERVIEW_PAGE (object)->alert_rows);
  G_OBJECT_CLASS (mm_overview_page_parent_class)->finalize (object);
}

static void
mm_overview_page_class_init (MmOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_overview_page_dispose;
  object_class->finalize = mm_overview_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, verdict_image);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, totals);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, steps);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, add_gateway);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, worst);
  gtk_widget_class_bind_template_child (widget_class, MmOverviewPage, alerts);
  gtk_widget_class_install_action (widget_class, "fleet.retry", NULL, retry);
}

static GtkWidget *
make_tile (MmOverviewPage *page, MmStatus status)
{
  GtkWidget *tile = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *word = gtk_label_new (NULL);
  GtkWidget *count = gtk_label_new (NULL);

  mm_status_look_apply (status, GTK_IMAGE (image), GTK_LABEL (word));
  gtk_label_set_wrap (GTK_LABEL (word), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (word), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (word), 0);
  gtk_label_set_xalign (GTK_LABEL (count), 0);
  gtk_widget_add_css_class (count, "title-1");
  gtk_widget_add_css_class (count, "mm-figure");
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), word);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), count);
  gtk_button_set_child (GTK_BUTTON (tile), box);
  gtk_widget_add_css_class (tile, "card");
  gtk_widget_add_css_class (tile, "mm-tile");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (tile), "main.show-status");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (tile), "s", mm_status_name (status));
  page->tile[status] = tile;
  page->count[status] = GTK_LABEL (count);
  return tile;
}

static void
mm_overview_page_init (MmOverviewPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->worst_rows = g_ptr_array_new ();
  page->alert_rows = g_ptr_array_new ();
  page->cancellable = g_cancellable_new ();
  /* Worst first, as in the list */
  for (guint urgency = 0; urgency <= G_MAXUINT8; urgency++)
    for (guint i = 0; i < MM_N_STATUSES; i++)
      if (mm_status_urgency ((MmStatus) i, FALSE) == urgency)
        {
          GtkWidget *child = gtk_flow_box_child_new ();

          gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), make_tile (page, (MmStatus) i));
          gtk_widget_set_focusable (child, FALSE);
          gtk_flow_box_append (page->tiles, child);
        }
}

GtkWidget *
mm_overview_page_new (MmApplication *app)
{
  MmOverviewPage *page = g_object_new (MM_TYPE_OVERVIEW_PAGE, NULL);
  MmLiveFeed *feed;

  page->app = app;
  page->desk = g_object_ref (mm_application_get_desk (app));
  page->fleet = g_object_ref (mm_desk_get_fleet (page->desk));
  feed = mm_desk_get_feed (page->desk);
  g_signal_connect_object (page->fleet, "changed", G_CALLBACK (on_fleet_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->fleet, "notify::loaded", G_CALLBACK (update), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "alert", G_CALLBACK (on_alert), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "reset", G_CALLBACK (on_alert), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "batch", G_CALLBACK (on_batch), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (feed, "notify::state", G_CALLBACK (on_feed_state), page,
                           G_CONNECT_SWAPPED);
  update (page);
  on_feed_state (page);
  mm_fleet_notice_follow (MM_PANE (page), page->desk, mm_pane_show_content);
  return GTK_WIDGET (page);
}
