#include "mm-registration-password-page.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-password-checks.h"
#include "mm-sheet.h"

struct _MmRegistrationPasswordPage
{
  AdwBin parent;

  MmSheet *sheet;
  MmField *password;
  MmField *password_again;
  MmField *phone;
  MmPasswordChecks *checks;

  MmRegistrar *registrar;
};

G_DEFINE_FINAL_TYPE (MmRegistrationPasswordPage, mm_registration_password_page, ADW_TYPE_BIN)

static const MmWalkFacts *
facts_of (MmRegistrationPasswordPage *page)
{
  return mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));
}

static void
on_page (MmRegistrationPasswordPage *page)
{
  const MmWalkFacts *facts = facts_of (page);
  g_autofree char *lead = NULL;

  if (facts->page != MM_WALK_PASSWORD)
    return;
  lead = g_strdup_printf (_ ("You will sign in with the user ID %s and this password."),
                          facts->link_user_id);
  mm_sheet_set_lead (page->sheet, lead);
  mm_password_checks_set_max (page->checks, facts->password_max);
}

static MmField *
find_field (MmRegistrationPasswordPage *page, const char *name)
{
  return g_str_equal (name, "password")         ? page->password
         : g_str_equal (name, "password_again") ? page->password_again
         : g_str_equal (name, "phone")          ? page->phone
                                                : NULL;
}

static void
on_changed (MmRegistrationWalk *walk, const char *name, MmRegistrationPasswordPage *page)
{
  MmField *field = find_field (page, name);

  if (field != NULL && facts_of (page)->page == MM_WALK_PASSWORD)
    mm_field_set_error (field, mm_registration_walk_get_problem (walk, name));
}

static void
on_edited (MmField *field, MmRegistrationPasswordPage *page)
{
  mm_field_set_error (field, NULL);
  if (field == page->password)
    mm_password_checks_update (page->checks, mm_field_get_text (field));
}

static void
on_left (MmField *field, MmRegistrationPasswordPage *page)
{
  if (facts_of (page)->page == MM_WALK_PASSWORD)
    mm_registration_walk_check_password (mm_registrar_get_walk (page->registrar),
                                         gtk_widget_get_name (GTK_WIDGET (field)),
                                         mm_field_get_text (page->password),
                                         mm_field_get_text (page->password_again),
                                         mm_field_get_text (page->phone));
}

static void
on_activated (MmRegistrationPasswordPage *page)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "registration.next", NULL);
}

void
mm_registration_password_page_go_on (MmRegistrationPasswordPage *page)
{
  mm_registrar_complete (page->registrar, mm_field_get_text (page->password),
                         mm_field_get_text (page->password_again), mm_field_get_text (page->phone));
}

static void
mm_registration_password_page_finalize (GObject *object)
{
  g_object_unref (MM_REGISTRATION_PASSWORD_PAGE (object)->registrar);
  G_OBJECT_CLASS (mm_registration_password_page_parent_class)->finalize (object);
}

static void
mm_registration_password_page_class_init (MmRegistrationPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_registration_password_page_finalize;
  g_type_ensure (MM_TYPE_SHEET);
  g_type_ensure (MM_TYPE_FIELD);
  g_type_ensure (MM_TYPE_PASSWORD_CHECKS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/mimamori/Mimamori/ui/mm-registration-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationPasswordPage, sheet);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationPasswordPage, password);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationPasswordPage, password_again);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationPasswordPage, phone);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationPasswordPage, checks);
}

static void
mm_registration_password_page_init (MmRegistrationPasswordPage *page)
{
  static const char *const names[] = { "password", "password_again", "phone" };

  gtk_widget_init_template (GTK_WIDGET (page));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      MmField *field = find_field (page, names[i]);

      gtk_widget_set_name (GTK_WIDGET (field), names[i]);
      g_signal_connect_object (field, "changed", G_CALLBACK (on_edited), page, 0);
      g_signal_connect_object (field, "left", G_CALLBACK (on_left), page, 0);
      g_signal_connect_object (field, "activated", G_CALLBACK (on_activated), page,
                               G_CONNECT_SWAPPED);
    }
}

GtkWidget *
mm_registration_password_page_new (MmRegistrar *registrar)
{
  MmRegistrationPasswordPage *page = g_object_new (MM_TYPE_REGISTRATION_PASSWORD_PAGE, NULL);
  MmRegistrationWalk *walk = mm_registrar_get_walk (registrar);

  page->registrar = g_object_ref (registrar);
  g_signal_connect_object (walk, "notify::page", G_CALLBACK (on_page), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "changed", G_CALLBACK (on_changed), page, 0);
  on_page (page);
  return GTK_WIDGET (page);
}
