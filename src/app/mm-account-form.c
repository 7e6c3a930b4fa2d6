#include "mm-account-form.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-place.h"

#include <string.h>

#define MAX_FIELDS 20

struct _MmAccountForm
{
  AdwBin parent;

  MmAccountEdit *edit;
  GtkBox *box;
  MmField *fields[MAX_FIELDS]; /* in the order of mm_account_edit_fields() */
  GtkWidget *contacts[MM_MAINTENANCE_ADDRESSES_MAX];
  GtkWidget *add;
  GtkWidget *own_mail;
  guint n_contacts; /* rows that are shown */
  gboolean syncing;
};

G_DEFINE_FINAL_TYPE (MmAccountForm, mm_account_form, ADW_TYPE_BIN)

static const struct
{
  const char *name;
  MmFieldKind kind;
  guint max_length;
  gboolean optional;
  const char *help;
} looks[] = {
  { "name", MM_FIELD_TEXT, 100 },
  { "kana", MM_FIELD_TEXT, 100 },
  { "mail", MM_FIELD_MAIL, 254 },
  { "mail_again", MM_FIELD_MAIL, 254, TRUE, N_ ("Only if you change the address.") },
  { "language", MM_FIELD_CHOICE, 0, FALSE, N_ ("Of the mails that you get from us.") },
  { "dealer_name", MM_FIELD_TEXT, 100 },
  { "phone", MM_FIELD_PHONE, 30, FALSE, N_ ("Your customers need it to link their gateways.") },
  { "postal_code", MM_FIELD_DIGITS, 12 },
  { "prefecture", MM_FIELD_CHOICE },
  { "address", MM_FIELD_TEXT, 200 },
};

/* Which contact the field at @index is; -1 if it is none. */
static int
contact_of (guint index)
{
  return strncmp (mm_account_edit_fields ()[index], "contacts[", 9) == 0
             ? mm_account_edit_fields ()[index][9] - '0'
             : -1;
}

static void
on_changed (MmField *field, gpointer user_data)
{
  MmAccountForm *form = user_data;

  if (form->syncing || form->edit == NULL)
    return;
  for (guint i = 0; mm_account_edit_fields ()[i] != NULL; i++)
    if (form->fields[i] == field)
      mm_account_edit_set (form->edit, mm_account_edit_fields ()[i], mm_field_get_text (field));
}

/* Maintenance addresses */

static void
show_contacts (MmAccountForm *form)
{
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    gtk_widget_set_visible (form->contacts[i], i < form->n_contacts);
  gtk_widget_set_visible (form->add, form->n_contacts < MM_MAINTENANCE_ADDRESSES_MAX);
}

static void
on_add (MmAccountForm *form)
{
  form->n_contacts = MIN (form->n_contacts + 1, MM_MAINTENANCE_ADDRESSES_MAX);
  show_contacts (form);
  gtk_widget_grab_focus (gtk_widget_get_first_child (form->contacts[form->n_contacts - 1]));
}

/* Those below move up. */
static void
on_remove (GtkWidget *button, gpointer user_data)
{
  MmAccountForm *form = user_data;
  guint from = 0;

  while (gtk_widget_get_parent (button) != form->contacts[from])
    from++;
  for (guint i = from; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("contacts[%u]", i);
      g_autofree char *next = g_strdup_printf ("contacts[%u]", i + 1);
      g_autofree char *text = g_strdup (mm_account_edit_get (form->edit, next));

      mm_account_edit_set (form->edit, name, text);
    }
  form->n_contacts--;
  show_contacts (form);
  gtk_widget_grab_focus (form->n_contacts > from ? gtk_widget_get_first_child (form->contacts[from])
                                                 : form->add);
}

static GtkWidget *
contact_row (MmAccountForm *form, MmField *field)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  g_autofree char *name
      /* Translators: %s is “Address 1” */
      = g_strdup_printf (_ ("Remove %s"), mm_field_get_label (field));

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  /* Beside the entry, below the name. */
  gtk_widget_set_margin_top (button, 24);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (GTK_WIDGET (field), TRUE);
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove), form);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (field));
  gtk_box_append (GTK_BOX (row), button);
  return row;
}

static void
on_own_mail (GtkCheckButton *button, GParamSpec *pspec, gpointer user_data)
{
  MmAccountForm *form = user_data;

  if (!form->syncing && form->edit != NULL)
    mm_account_edit_set_own_mail (form->edit, gtk_check_button_get_active (button));
}

/* Building */

static void
set_choices (MmField *field, const char *name)
{
  gboolean japanese = strcmp (mm_language_tag (mm_own_language ()), "ja") == 0;
  const char *labels[MM_N_PREFECTURES + 1] = { NULL }, *values[MM_N_PREFECTURES + 1] = { NULL };

  if (strcmp (name, "language") == 0)
    {
      mm_field_set_choices (field, (const char *[]){ "日本語", "English", NULL },
                            (const char *[]){ "ja", "en", NULL });
      return;
    }
  for (guint i = 0; i < MM_N_PREFECTURES; i++)
    {
      values[i] = mm_prefecture_name_ja (i + 1);
      labels[i] = japanese ? values[i] : mm_prefecture_name_en (i + 1);
    }
  mm_field_set_choices (field, labels, values);
}

static MmField *
make_field (MmAccountForm *form, const char *name)
{
  const char *label = _ (mm_account_edit_label (name));
  MmField *field = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (strcmp (looks[i].name, name) == 0)
      {
        field = MM_FIELD (mm_field_new (looks[i].kind, label));
        g_object_set (field, "max-length", looks[i].max_length, "optional", looks[i].optional,
                      NULL);
        mm_field_set_help (field, looks[i].help != NULL ? _ (looks[i].help) : NULL);
        if (looks[i].kind == MM_FIELD_CHOICE)
          set_choices (field, name);
      }
  if (field == NULL)
    {
      field = MM_FIELD (mm_field_new (MM_FIELD_MAIL, label));
      g_object_set (field, "max-length", 254, "optional", TRUE, NULL);
    }
  g_signal_connect (field, "changed", G_CALLBACK (on_changed), form);
  return field;
}

static void
append_heading (MmAccountForm *form, const char *title, const char *words)
{
  GtkWidget *heading = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "title-4");
  if (gtk_widget_get_first_child (GTK_WIDGET (form->box)) != NULL)
    gtk_widget_set_margin_top (heading, 12);
  gtk_box_append (form->box, heading);
  if (words != NULL)
    {
      GtkWidget *more = gtk_label_new (words);

      gtk_label_set_xalign (GTK_LABEL (more), 0);
      gtk_label_set_wrap (GTK_LABEL (more), TRUE);
      gtk_widget_add_css_class (more, "dim-label");
      gtk_box_append (form->box, more);
    }
}

static void
build (MmAccountForm *form)
{
  const char *const *names = mm_account_edit_fields ();
  GtkWidget *words;

  append_heading (form, _ ("Person in charge"), NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      int contact = contact_of (i);

      g_assert (i < MAX_FIELDS);
      form->fields[i] = make_field (form, names[i]);
      if (strcmp (names[i], "dealer_name") == 0)
        append_heading (form, _ ("Company or body"), NULL);
      if (contact == 0)
        append_heading (form, _ ("Maintenance contacts"),
                        _ ("They get a mail when something is wrong with a linked system."));
      if (contact >= 0)
        form->contacts[contact] = contact_row (form, form->fields[i]);
      gtk_box_append (form->box,
                      contact >= 0 ? form->contacts[contact] : GTK_WIDGET (form->fields[i]));
    }
  form->add = gtk_button_new_with_mnemonic (_ ("_Add an address"));
  gtk_widget_set_halign (form->add, GTK_ALIGN_START);
  g_signal_connect_swapped (form->add, "clicked", G_CALLBACK (on_add), form);
  gtk_box_append (form->box, form->add);
  words = gtk_label_new (_ ("Send fault mails to the account's own address, too"));
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  form->own_mail = gtk_check_button_new ();
  gtk_check_button_set_child (GTK_CHECK_BUTTON (form->own_mail), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (form->own_mail), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (words)), -1);
  g_signal_connect (form->own_mail, "notify::active", G_CALLBACK (on_own_mail), form);
  gtk_box_append (form->box, form->own_mail);
}

/* Following the edit */

static const char *
help_of_contact (MmAccountEdit *edit, const char *mail)
{
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("contacts[%u]", i);

      if (*mail != '\0' && strcmp (mm_account_edit_get_stored (edit, name), mail) == 0)
        return mm_account_edit_is_confirmed (edit, mail) ? _ ("Confirmed")
                                                         : _ ("Not confirmed yet");
    }
  return NULL;
}

static void
on_edit_changed (MmAccountForm *form)
{
  const char *const *names = mm_account_edit_fields ();

  form->syncing = TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *text = mm_account_edit_get (form->edit, names[i]);
      int contact = contact_of (i);

      mm_field_set_text (form->fields[i], text);
      mm_field_set_error (form->fields[i], mm_account_edit_get_error (form->edit, names[i]));
      if (contact >= 0)
        mm_field_set_help (form->fields[i], help_of_contact (form->edit, text));
      if (contact >= 0 && *text != '\0')
        form->n_contacts = MAX (form->n_contacts, (guint) contact + 1);
    }
  gtk_check_button_set_active (GTK_CHECK_BUTTON (form->own_mail),
                               mm_account_edit_get_own_mail (form->edit));
  show_contacts (form);
  form->syncing = FALSE;
}

void
mm_account_form_set_edit (MmAccountForm *form, MmAccountEdit *edit)
{
  g_return_if_fail (form->edit == NULL);
  form->edit = g_object_ref (edit);
  g_signal_connect_object (edit, "changed", G_CALLBACK (on_edit_changed), form, G_CONNECT_SWAPPED);
  on_edit_changed (form);
}

void
mm_account_form_focus (MmAccountForm *form)
{
  for (guint i = 0; mm_account_edit_fields ()[i] != NULL; i++)
    if (mm_field_has_error (form->fields[i]))
      {
        gtk_widget_grab_focus (GTK_WIDGET (form->fields[i]));
        return;
      }
  gtk_widget_grab_focus (GTK_WIDGET (form->fields[0]));
}

static void
mm_account_form_finalize (GObject *object)
{
  g_clear_object (&MM_ACCOUNT_FORM (object)->edit);
  G_OBJECT_CLASS (mm_account_form_parent_class)->finalize (object);
}

static void
mm_account_form_class_init (MmAccountFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_account_form_finalize;
}

static void
mm_account_form_init (MmAccountForm *form)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  form->box = GTK_BOX (box);
  adw_bin_set_child (ADW_BIN (form), box);
  build (form);
}
