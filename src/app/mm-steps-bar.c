#include "mm-steps-bar.h"

#include "mm-gettext.h"

struct _MmStepsBar
{
  AdwBin parent;
};

G_DEFINE_FINAL_TYPE (MmStepsBar, mm_steps_bar, ADW_TYPE_BIN)

/* "Step 2 of 6: …" for who hears it, while the eye sees the place in the row. */
static void
name_present (GtkWidget *label, const char *title, guint n, guint present)
{
  g_autofree char *spoken = g_strdup_printf (_ ("Step %u of %u: %s"), present + 1, n, title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

static GtkWidget *
new_wide (const char *const *titles, guint n, guint present)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *label = gtk_label_new (titles[i]);

      if (i > 0)
        {
          GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

          gtk_widget_add_css_class (arrow, "dim-label");
          gtk_box_append (GTK_BOX (row), arrow);
        }
      if (i < present)
        gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("object-select-symbolic"));
      if (i == present)
        {
          gtk_widget_add_css_class (label, "heading");
          name_present (label, titles[i], n, present);
        }
      else
        gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (row), label);
    }
  return row;
}

static GtkWidget *
new_narrow (const char *const *titles, guint n, guint present)
{
  g_autofree char *text = g_strdup_printf ("%u/%u  %s", present + 1, n, titles[present]);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  name_present (label, titles[present], n, present);
  return label;
}

void
mm_steps_bar_set (MmStepsBar *bar, const char *const *titles, guint n, guint present)
{
  AdwSqueezer *squeezer;

  g_return_if_fail (present < n);
  squeezer = ADW_SQUEEZER (adw_squeezer_new ());
  adw_squeezer_set_homogeneous (squeezer, FALSE);
  adw_squeezer_add (squeezer, new_wide (titles, n, present));
  adw_squeezer_add (squeezer, new_narrow (titles, n, present));
  adw_bin_set_child (ADW_BIN (bar), GTK_WIDGET (squeezer));
}

static void
mm_steps_bar_class_init (MmStepsBarClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
mm_steps_bar_init (MmStepsBar *bar)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Steps of the registration"), -1);
}

GtkWidget *
mm_steps_bar_new (void)
{
  return g_object_new (MM_TYPE_STEPS_BAR, NULL);
}
