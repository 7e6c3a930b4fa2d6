#include "mm-status-chips.h"

#include "mm-gettext.h"
#include "mm-status-look.h"

#define ALL MM_N_STATUSES /* the first chip */

struct _MmStatusChips
{
  AdwBin parent;

  MmFleetModel *model;
  guint statuses;
  GtkToggleButton *chips[MM_N_STATUSES + 1];
  GtkLabel *counts[MM_N_STATUSES + 1];
};

G_DEFINE_FINAL_TYPE (MmStatusChips, mm_status_chips, ADW_TYPE_BIN)

enum
{
  PROP_STATUSES = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* Always there, as they are what one looks for; the others while there is a gateway in them. */
static gboolean
is_always_shown (guint status)
{
  return status == ALL || status == MM_STATUS_FAULT || status == MM_STATUS_OFFLINE
         || status == MM_STATUS_WARNING;
}

static void
on_counted (MmStatusChips *chips)
{
  guint total = 0;

  for (guint i = 0; i < MM_N_STATUSES; i++)
    total += mm_fleet_model_count (chips->model, (MmStatus) i);
  for (guint i = 0; i <= MM_N_STATUSES; i++)
    {
      guint n = i == ALL ? total : mm_fleet_model_count (chips->model, (MmStatus) i);
      const char *word = i == ALL ? C_ ("gateways", "All") : mm_status_look_word ((MmStatus) i);
      g_autofree char *number = g_strdup_printf ("%'u", n);
      g_autofree char *name = g_strdup_printf ("%s %s", word, number);

      gtk_label_set_label (chips->counts[i], number);
      gtk_widget_set_visible (GTK_WIDGET (chips->chips[i]),
                              n > 0 || is_always_shown (i)
                                  || gtk_toggle_button_get_active (chips->chips[i]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (chips->chips[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
}

static void
on_toggled (MmStatusChips *chips, GtkToggleButton *chip)
{
  guint statuses = 0;

  if (!gtk_toggle_button_get_active (chip))
    return;
  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (chips->chips[i] == chip)
      statuses = 1u << i;
  if (statuses == chips->statuses)
    return;
  chips->statuses = statuses;
  g_object_notify_by_pspec (G_OBJECT (chips), props[PROP_STATUSES]);
}

guint
mm_status_chips_get_statuses (MmStatusChips *chips)
{
  return chips->statuses;
}

void
mm_status_chips_set_statuses (MmStatusChips *chips, guint statuses)
{
  guint chosen = ALL;

  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (statuses & 1u << i)
      chosen = i;
  gtk_toggle_button_set_active (chips->chips[chosen], TRUE);
  if (chips->model != NULL)
    on_counted (chips);
}

void
mm_status_chips_begin (MmStatusChips *chips, MmFleetModel *model)
{
  chips->model = g_object_ref (model);
  g_signal_connect_object (model, "counted", G_CALLBACK (on_counted), chips, G_CONNECT_SWAPPED);
  on_counted (chips);
}

/* The object */

static void
mm_status_chips_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATUSES)
    g_value_set_uint (value, MM_STATUS_CHIPS (object)->statuses);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_status_chips_finalize (GObject *object)
{
  g_clear_object (&MM_STATUS_CHIPS (object)->model);
  G_OBJECT_CLASS (mm_status_chips_parent_class)->finalize (object);
}

static void
mm_status_chips_class_init (MmStatusChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mm_status_chips_get_property;
  object_class->finalize = mm_status_chips_finalize;
  props[PROP_STATUSES] = g_param_spec_uint ("statuses", NULL, NULL, 0, G_MAXUINT, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
add_chip (MmStatusChips *chips, GtkBox *box, guint status)
{
  GtkWidget *chip = gtk_toggle_button_new ();
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *count = gtk_label_new (NULL);

  if (status != ALL)
    {
      GtkWidget *image = gtk_image_new ();

      mm_status_look_apply ((MmStatus) status, GTK_IMAGE (image), NULL);
      gtk_box_append (GTK_BOX (inside), image);
    }
  gtk_box_append (GTK_BOX (inside),
                  gtk_label_new (status == ALL ? C_ ("gateways", "All")
                                               : mm_status_look_word ((MmStatus) status)));
  gtk_widget_add_css_class (count, "mm-figure");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (inside), count);
  gtk_button_set_child (GTK_BUTTON (chip), inside);
  gtk_widget_add_css_class (chip, "mm-chip");
  gtk_box_append (box, chip);
  chips->chips[status] = GTK_TOGGLE_BUTTON (chip);
  chips->counts[status] = GTK_LABEL (count);
  if (status != ALL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), chips->chips[ALL]);
  g_signal_connect_object (chip, "toggled", G_CALLBACK (on_toggled), chips, G_CONNECT_SWAPPED);
}

static void
mm_status_chips_init (MmStatusChips *chips)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  guint by_urgency[MM_N_STATUSES];

  /* Worst first, as in the list */
  for (guint i = 0; i < MM_N_STATUSES; i++)
    {
      guint at = i;

      for (; at > 0
             && mm_status_urgency ((MmStatus) by_urgency[at - 1], FALSE)
                    > mm_status_urgency ((MmStatus) i, FALSE);
           at--)
        by_urgency[at] = by_urgency[at - 1];
      by_urgency[at] = i;
    }
  add_chip (chips, GTK_BOX (box), ALL);
  for (guint i = 0; i < MM_N_STATUSES; i++)
    add_chip (chips, GTK_BOX (box), by_urgency[i]);
  gtk_toggle_button_set_active (chips->chips[ALL], TRUE);
  gtk_widget_add_css_class (box, "mm-chips");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  adw_bin_set_child (ADW_BIN (chips), scrolled);
}
