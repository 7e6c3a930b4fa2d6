#include "mm-registration-form-page.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-place.h"
#include "mm-registration-fields.h"
#include "mm-sheet.h"

struct _MmRegistrationFormPage
{
  AdwBin parent;

  MmRegistrar *registrar;
  GHashTable *fields; /* name → MmField */
  gboolean showing;   /* what changes now is what the walk says */
};

G_DEFINE_FINAL_TYPE (MmRegistrationFormPage, mm_registration_form_page, ADW_TYPE_BIN)

static const char *
name_of (MmField *field)
{
  return gtk_widget_get_name (GTK_WIDGET (field));
}

static void
on_edited (MmField *field, MmRegistrationFormPage *page)
{
  if (!page->showing)
    mm_registration_walk_set_field (mm_registrar_get_walk (page->registrar), name_of (field),
                                    mm_field_get_text (field));
}

static void
on_left (MmField *field, MmRegistrationFormPage *page)
{
  MmRegistrationWalk *walk = mm_registrar_get_walk (page->registrar);

  /* Going elsewhere by Back or closing is no reason to blame. */
  if (mm_registration_walk_facts (walk)->page == MM_WALK_FORM)
    mm_registration_walk_leave_field (walk, name_of (field));
}

static void
on_activated (MmRegistrationFormPage *page)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "registration.next", NULL);
}

static void
show_id_state (MmField *field, const MmWalkFacts *facts)
{
  static const char *const remarks[] = {
    [MM_USER_ID_UNKNOWN] = NULL,
    [MM_USER_ID_ASKING] = N_ ("Checking whether this user ID is free…"),
    [MM_USER_ID_FREE] = N_ ("This user ID is free."),
    [MM_USER_ID_TAKEN] = NULL,
    [MM_USER_ID_UNCERTAIN] = N_ ("Whether this user ID is free is checked when you go on."),
  };
  const char *remark = remarks[facts->id_state];

  mm_field_set_remark (field, remark != NULL ? _ (remark) : NULL,
                       facts->id_state == MM_USER_ID_FREE);
}

static void
show_field (MmRegistrationFormPage *page, const char *name)
{
  MmRegistrationWalk *walk = mm_registrar_get_walk (page->registrar);
  MmField *field = g_hash_table_lookup (page->fields, name);

  if (field == NULL)
    return;
  page->showing = TRUE;
  mm_field_set_text (field, mm_registration_walk_get_field (walk, name));
  page->showing = FALSE;
  mm_field_set_error (field, mm_registration_walk_get_problem (walk, name));
  if (g_str_equal (name, "user_id"))
    show_id_state (field, mm_registration_walk_facts (walk));
}

static void
on_changed (MmRegistrationWalk *walk, const char *name, MmRegistrationFormPage *page)
{
  show_field (page, name);
}

static void
offer_prefectures (MmField *field)
{
  const char *names[MM_N_PREFECTURES + 2] = { _ ("Please choose") };
  const char *values[MM_N_PREFECTURES + 2] = { "" };

  for (guint i = 1; i <= MM_N_PREFECTURES; i++)
    {
      values[i] = mm_prefecture_name_ja (i);
      names[i] = mm_registration_show_prefecture (values[i]);
    }
  mm_field_set_choices (field, names, values);
}

static GtkWidget *
new_field (MmRegistrationFormPage *page, const MmRegistrationField *described)
{
  static const struct
  {
    const char *name;
    MmFieldKind kind;
  } kinds[] = { { "mail", MM_FIELD_MAIL },
                { "mail_again", MM_FIELD_MAIL },
                { "phone", MM_FIELD_PHONE },
                { "prefecture", MM_FIELD_CHOICE } };
  MmFieldKind kind = MM_FIELD_TEXT;
  GtkWidget *field;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, described->name))
      kind = kinds[i].kind;
  field = mm_field_new (kind, _ (described->label));
  mm_field_set_help (MM_FIELD (field), described->help != NULL ? _ (described->help) : NULL);
  gtk_widget_set_name (field, described->name);
  if (kind == MM_FIELD_CHOICE)
    offer_prefectures (MM_FIELD (field));
  g_signal_connect_object (field, "changed", G_CALLBACK (on_edited), page, 0);
  g_signal_connect_object (field, "left", G_CALLBACK (on_left), page, 0);
  g_signal_connect_object (field, "activated", G_CALLBACK (on_activated), page, G_CONNECT_SWAPPED);
  g_hash_table_insert (page->fields, (char *) described->name, field);
  return field;
}

static GtkWidget *
new_group (MmRegistrationFormPage *page, const MmRegistrationGroup *group)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *title = gtk_label_new (_ (group->title));

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "mm-group");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "title-4");
  gtk_box_append (GTK_BOX (box), title);
  for (const MmRegistrationField *field = group->fields; field->name != NULL; field++)
    gtk_box_append (GTK_BOX (box), new_field (page, field));
  return box;
}

static void
mm_registration_form_page_finalize (GObject *object)
{
  MmRegistrationFormPage *page = MM_REGISTRATION_FORM_PAGE (object);

  g_clear_object (&page->registrar);
  g_hash_table_unref (page->fields);
  G_OBJECT_CLASS (mm_registration_form_page_parent_class)->finalize (object);
}

static void
mm_registration_form_page_class_init (MmRegistrationFormPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_registration_form_page_finalize;
}

static void
mm_registration_form_page_init (MmRegistrationFormPage *page)
{
  page->fields = g_hash_table_new (g_str_hash, g_str_equal);
}

GtkWidget *
mm_registration_form_page_new (MmRegistrar *registrar)
{
  MmRegistrationFormPage *page = g_object_new (MM_TYPE_REGISTRATION_FORM_PAGE, NULL);
  GtkWidget *sheet = mm_sheet_new (_ ("Your details"),
                                   _ ("Please enter who manages this account, and the company or "
                                      "body that registers."));

  page->registrar = g_object_ref (registrar);
  for (guint i = 0; i < MM_REGISTRATION_N_GROUPS; i++)
    mm_sheet_add (MM_SHEET (sheet), new_group (page, &mm_registration_groups[i]));
  adw_bin_set_child (ADW_BIN (page), sheet);
  g_signal_connect_object (mm_registrar_get_walk (registrar), "changed", G_CALLBACK (on_changed),
                           page, 0);
  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    show_field (page, mm_dealer_form_fields[i]);
  return GTK_WIDGET (page);
}
