#include "mm-fleet-conditions.h"

#include "mm-figure.h"
#include "mm-gettext.h"

#include <math.h>

#define HOUR_S (60 * 60)

/* Offered in the popover; 0 is any. */
static const guint32 silences[] = { 0, HOUR_S, 6 * HOUR_S, 24 * HOUR_S, 7 * 24 * HOUR_S };
static const int levels[] = { 0, 10, 20, 30, 50 };

struct _MmFleetConditions
{
  AdwBin parent;

  GtkMenuButton *button;
  GtkDropDown *prefecture;
  GtkDropDown *model;
  GtkDropDown *silent;
  GtkDropDown *soc;
  GtkScrolledWindow *shelf; /* of the page; there while a condition holds */
  GtkBox *chips;

  MmFleetTable *table;
  MmFleetFilter *filter; /* only its conditions count */
  gboolean quiet;        /* the lists change by us */
};

G_DEFINE_FINAL_TYPE (MmFleetConditions, mm_fleet_conditions, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Chips */

static void update_chips (MmFleetConditions *conditions);

static char *
silence_text (guint32 seconds)
{
  return mm_figure_span (mm_own_language (), (gint64) seconds * MM_SECOND);
}

static void
tell (MmFleetConditions *conditions)
{
  update_chips (conditions);
  g_signal_emit (conditions, signals[CHANGED], 0);
}

static void
on_remove (MmFleetConditions *conditions, GtkWidget *chip)
{
  const char *what = gtk_widget_get_name (chip);

  if (g_str_equal (what, "prefecture"))
    g_clear_pointer (&conditions->filter->prefecture, g_free);
  else if (g_str_equal (what, "model"))
    g_clear_pointer (&conditions->filter->model, g_free);
  else if (g_str_equal (what, "silent"))
    conditions->filter->silent = 0;
  else
    conditions->filter->soc_below = NAN;
  gtk_widget_grab_focus (GTK_WIDGET (conditions->button));
  tell (conditions);
}

static void
add_chip (MmFleetConditions *conditions, const char *what, const char *text)
{
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *name = g_strdup_printf (_ ("Remove condition: %s"), text);

  gtk_box_append (GTK_BOX (inside), gtk_label_new (text));
  gtk_box_append (GTK_BOX (inside), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (chip), inside);
  gtk_widget_add_css_class (chip, "mm-chip");
  gtk_widget_set_name (chip, what);
  gtk_widget_set_tooltip_text (chip, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (chip, "clicked", G_CALLBACK (on_remove), conditions, G_CONNECT_SWAPPED);
  gtk_box_append (conditions->chips, chip);
}

static void
update_chips (MmFleetConditions *conditions)
{
  const MmFleetFilter *filter = conditions->filter;
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (conditions->chips))) != NULL)
    gtk_box_remove (conditions->chips, chip);
  if (filter->prefecture != NULL)
    {
      g_autofree char *text = g_strdup_printf (_ ("Prefecture: %s"), filter->prefecture);

      add_chip (conditions, "prefecture", text);
    }
  if (filter->model != NULL)
    {
      g_autofree char *text = g_strdup_printf (_ ("Model: %s"), filter->model);

      add_chip (conditions, "model", text);
    }
  if (filter->silent != 0)
    {
      g_autofree char *span = silence_text (filter->silent);
      g_autofree char *text = g_strdup_printf (_ ("Last contact older than %s"), span);

      add_chip (conditions, "silent", text);
    }
  if (!isnan (filter->soc_below))
    {
      g_autofree char *text
          = g_strdup_printf (_ ("Battery level below %.0f %%"), filter->soc_below);

      add_chip (conditions, "soc", text);
    }
  gtk_widget_set_visible (GTK_WIDGET (conditions->shelf),
                          gtk_widget_get_first_child (GTK_WIDGET (conditions->chips)) != NULL);
}

/* The popover */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/* "Any" and what there is, sorted; selects @chosen, which is added if it is no more. Equal texts of
 * records are the same pointer. */
static void
fill (GtkDropDown *list, MmFleetTable *table, gsize offset, const char *chosen)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GtkStringList) strings = gtk_string_list_new (NULL);
  const char *last = NULL;
  guint n, selected = 0;
  const MmFleetRecord *records = mm_fleet_table_peek (table, &n);

  for (guint i = 0; i < n; i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, &records[i], offset);

      if (text == NULL || *text == '\0' || text == last)
        continue;
      last = text;
      if (g_hash_table_add (seen, (gpointer) text))
        g_ptr_array_add (names, (gpointer) text);
    }
  if (chosen != NULL && !g_hash_table_contains (seen, chosen))
    g_ptr_array_add (names, (gpointer) chosen);
  g_ptr_array_sort (names, compare_names);
  gtk_string_list_append (strings, C_ ("condition", "Any"));
  for (guint i = 0; i < names->len; i++)
    {
      gtk_string_list_append (strings, names->pdata[i]);
      if (g_strcmp0 (names->pdata[i], chosen) == 0)
        selected = i + 1;
    }
  gtk_drop_down_set_model (list, G_LIST_MODEL (strings));
  gtk_drop_down_set_selected (list, selected);
}

static void
on_show (MmFleetConditions *conditions)
{
  const MmFleetFilter *filter = conditions->filter;
  guint silent = 0, level = 0;

  conditions->quiet = TRUE;
  fill (conditions->prefecture, conditions->table, G_STRUCT_OFFSET (MmFleetRecord, prefecture),
        filter->prefecture);
  fill (conditions->model, conditions->table, G_STRUCT_OFFSET (MmFleetRecord, model),
        filter->model);
  for (guint i = 1; i < G_N_ELEMENTS (silences); i++)
    if (silences[i] == filter->silent)
      silent = i;
  for (guint i = 1; i < G_N_ELEMENTS (levels); i++)
    if ((double) levels[i] == filter->soc_below)
      level = i;
  gtk_drop_down_set_selected (conditions->silent, silent);
  gtk_drop_down_set_selected (conditions->soc, level);
  conditions->quiet = FALSE;
}

static char *
chosen_text (GtkDropDown *list)
{
  GtkStringObject *string = gtk_drop_down_get_selected_item (list);

  if (string == NULL || gtk_drop_down_get_selected (list) == 0)
    return NULL;
  return g_strdup (gtk_string_object_get_string (string));
}

static void
on_chosen (MmFleetConditions *conditions)
{
  MmFleetFilter *filter = conditions->filter;
  guint silent = gtk_drop_down_get_selected (conditions->silent);
  guint level = gtk_drop_down_get_selected (conditions->soc);

  if (conditions->quiet)
    return;
  g_free (filter->prefecture);
  filter->prefecture = chosen_text (conditions->prefecture);
  g_free (filter->model);
  filter->model = chosen_text (conditions->model);
  filter->silent = silent < G_N_ELEMENTS (silences) ? silences[silent] : 0;
  filter->soc_below = level > 0 && level < G_N_ELEMENTS (levels) ? (double) levels[level] : NAN;
  tell (conditions);
}

/* The object */

void
mm_fleet_conditions_show (MmFleetConditions *conditions, const MmFleetFilter *filter)
{
  MmFleetFilter *copy = mm_fleet_filter_copy (filter);

  mm_fleet_filter_free (conditions->filter);
  conditions->filter = copy;
  update_chips (conditions);
}

void
mm_fleet_conditions_apply (MmFleetConditions *conditions, MmFleetFilter *filter)
{
  g_free (filter->prefecture);
  g_free (filter->model);
  filter->prefecture = g_strdup (conditions->filter->prefecture);
  filter->model = g_strdup (conditions->filter->model);
  filter->silent = conditions->filter->silent;
  filter->soc_below = conditions->filter->soc_below;
}

void
mm_fleet_conditions_begin (MmFleetConditions *conditions,
                           GtkScrolledWindow *shelf,
                           MmFleetTable *table)
{
  conditions->table = g_object_ref (table);
  conditions->shelf = shelf;
  conditions->chips = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_scrolled_window_set_child (shelf, GTK_WIDGET (conditions->chips));
}

static void
mm_fleet_conditions_finalize (GObject *object)
{
  MmFleetConditions *conditions = MM_FLEET_CONDITIONS (object);

  g_clear_object (&conditions->table);
  mm_fleet_filter_free (conditions->filter);
  G_OBJECT_CLASS (mm_fleet_conditions_parent_class)->finalize (object);
}

static void
mm_fleet_conditions_class_init (MmFleetConditionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_fleet_conditions_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-fleet-conditions.ui");
  gtk_widget_class_bind_template_child (widget_class, MmFleetConditions, button);
  gtk_widget_class_bind_template_child (widget_class, MmFleetConditions, prefecture);
  gtk_widget_class_bind_template_child (widget_class, MmFleetConditions, model);
  gtk_widget_class_bind_template_child (widget_class, MmFleetConditions, silent);
  gtk_widget_class_bind_template_child (widget_class, MmFleetConditions, soc);
  gtk_widget_class_bind_template_callback (widget_class, on_show);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_FLEET_CONDITIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
mm_fleet_conditions_init (MmFleetConditions *conditions)
{
  g_autoptr (GtkStringList) spans = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) below = gtk_string_list_new (NULL);

  conditions->quiet = TRUE;
  conditions->filter = mm_fleet_filter_new ();
  gtk_widget_init_template (GTK_WIDGET (conditions));
  gtk_string_list_append (spans, C_ ("condition", "Any"));
  for (guint i = 1; i < G_N_ELEMENTS (silences); i++)
    gtk_string_list_take (spans, silence_text (silences[i]));
  gtk_string_list_append (below, C_ ("condition", "Any"));
  for (guint i = 1; i < G_N_ELEMENTS (levels); i++)
    gtk_string_list_take (below, g_strdup_printf ("%d %%", levels[i]));
  gtk_drop_down_set_model (conditions->silent, G_LIST_MODEL (spans));
  gtk_drop_down_set_model (conditions->soc, G_LIST_MODEL (below));
  conditions->quiet = FALSE;
}
