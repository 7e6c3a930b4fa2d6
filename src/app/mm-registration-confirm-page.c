#include "mm-registration-confirm-page.h"

#include "mm-gettext.h"
#include "mm-registration-fields.h"
#include "mm-sheet.h"
#include "mm-spoken-name.h"

struct _MmRegistrationConfirmPage
{
  AdwBin parent;

  MmRegistrar *registrar;
  GHashTable *values; /* name → GtkLabel */
};

G_DEFINE_FINAL_TYPE (MmRegistrationConfirmPage, mm_registration_confirm_page, ADW_TYPE_BIN)

static void
on_changed (MmRegistrationWalk *walk, const char *name, MmRegistrationConfirmPage *page)
{
  GtkLabel *label = g_hash_table_lookup (page->values, name);
  const char *text;

  if (label == NULL)
    return;
  text = mm_registration_walk_get_field (walk, name);
  gtk_label_set_label (label, g_str_equal (name, "prefecture")
                                  ? mm_registration_show_prefecture (text)
                                  : text);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* Latin and Japanese letters are of different heights. */
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Title and "change" in one line. */
static GtkWidget *
new_head (const MmRegistrationGroup *group)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = new_label (_ (group->title), "title-4");
  GtkWidget *change = gtk_button_new_with_label (_ ("Change"));
  g_autofree char *name = g_strdup_printf ("%s: %s", _ ("Change"), _ (group->title));

  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_valign (title, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (change, GTK_ALIGN_CENTER);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (change), "registration.back");
  mm_spoken_name_set (change, name);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), change);
  return head;
}

static GtkWidget *
new_group (MmRegistrationConfirmPage *page, const MmRegistrationGroup *group, GtkSizeGroup *columns)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *grid = gtk_grid_new ();
  int row = 0;

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "mm-group");
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  for (const MmRegistrationField *field = group->fields; field->name != NULL; field++)
    {
      GtkWidget *label, *value;

      /* That it was typed twice is of no interest any more. */
      if (g_str_equal (field->name, "mail_again"))
        continue;
      label = new_label (_ (field->label), "dim-label");
      value = new_label ("", NULL);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
      gtk_widget_set_hexpand (value, TRUE);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                      label, NULL, -1);
      gtk_size_group_add_widget (columns, label);
      gtk_grid_attach (GTK_GRID (grid), label, 0, row, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), value, 1, row++, 1, 1);
      g_hash_table_insert (page->values, (char *) field->name, value);
    }
  gtk_box_append (GTK_BOX (box), new_head (group));
  gtk_box_append (GTK_BOX (box), grid);
  return box;
}

static void
mm_registration_confirm_page_finalize (GObject *object)
{
  MmRegistrationConfirmPage *page = MM_REGISTRATION_CONFIRM_PAGE (object);

  g_clear_object (&page->registrar);
  g_hash_table_unref (page->values);
  G_OBJECT_CLASS (mm_registration_confirm_page_parent_class)->finalize (object);
}

static void
mm_registration_confirm_page_class_init (MmRegistrationConfirmPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_registration_confirm_page_finalize;
}

static void
mm_registration_confirm_page_init (MmRegistrationConfirmPage *page)
{
  page->values = g_hash_table_new (g_str_hash, g_str_equal);
}

GtkWidget *
mm_registration_confirm_page_new (MmRegistrar *registrar)
{
  MmRegistrationConfirmPage *page = g_object_new (MM_TYPE_REGISTRATION_CONFIRM_PAGE, NULL);
  MmRegistrationWalk *walk = mm_registrar_get_walk (registrar);
  g_autoptr (GtkSizeGroup) columns = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *sheet = mm_sheet_new (_ ("Please look over what you entered"),
                                   _ ("If all is right, press “Register”."));

  page->registrar = g_object_ref (registrar);
  for (guint i = 0; i < MM_REGISTRATION_N_GROUPS; i++)
    mm_sheet_add (MM_SHEET (sheet), new_group (page, &mm_registration_groups[i], columns));
  adw_bin_set_child (ADW_BIN (page), sheet);
  g_signal_connect_object (walk, "changed", G_CALLBACK (on_changed), page, 0);
  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    on_changed (walk, mm_dealer_form_fields[i], page);
  return GTK_WIDGET (page);
}
