#include "mm-registration-link-page.h"

#include "mm-error.h"
#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-sheet.h"

struct _MmRegistrationLinkPage
{
  AdwBin parent;

  GtkStack *stack;
  MmField *link;
  AdwStatusPage *dead;

  MmRegistrar *registrar;
};

G_DEFINE_FINAL_TYPE (MmRegistrationLinkPage, mm_registration_link_page, ADW_TYPE_BIN)

static void
show_dead (MmRegistrationLinkPage *page, const GError *error)
{
  g_autofree char *plain
      = mm_registration_link_page_can_resend (error)
            ? g_strconcat (error->message, "\n",
                           _ ("You can have a new mail sent to the address that was registered."),
                           NULL)
            : g_strdup (error->message);
  g_autofree char *markup = g_markup_escape_text (plain, -1);

  adw_status_page_set_description (page->dead, markup);
}

gboolean
mm_registration_link_page_can_resend (const GError *error)
{
  return g_str_equal (mm_error_code (error), "link-expired")
         || g_str_equal (mm_error_code (error), "link-locked");
}

static void
on_page (MmRegistrationLinkPage *page)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));

  if (facts->page != MM_WALK_LINK)
    return;
  if (facts->dead_link != NULL)
    show_dead (page, facts->dead_link);
  gtk_stack_set_visible_child_name (page->stack, facts->dead_link != NULL ? "dead"
                                                 : facts->customers       ? "customers"
                                                 : facts->token != NULL   ? "opening"
                                                                          : "ask");
}

static void
on_activated (MmRegistrationLinkPage *page)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "registration.next", NULL);
}

static void
on_edited (MmField *field)
{
  mm_field_set_error (field, NULL);
}

const char *
mm_registration_link_page_get_link (MmRegistrationLinkPage *page)
{
  return mm_field_get_text (page->link);
}

void
mm_registration_link_page_refuse_link (MmRegistrationLinkPage *page, const char *sentence)
{
  mm_field_set_error (page->link, sentence);
  gtk_widget_grab_focus (GTK_WIDGET (page->link));
}

static void
mm_registration_link_page_finalize (GObject *object)
{
  g_object_unref (MM_REGISTRATION_LINK_PAGE (object)->registrar);
  G_OBJECT_CLASS (mm_registration_link_page_parent_class)->finalize (object);
}

static void
mm_registration_link_page_class_init (MmRegistrationLinkPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_registration_link_page_finalize;
  g_type_ensure (MM_TYPE_SHEET);
  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/mimamori/Mimamori/ui/mm-registration-link-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationLinkPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationLinkPage, link);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationLinkPage, dead);
}

static void
mm_registration_link_page_init (MmRegistrationLinkPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  g_signal_connect (page->link, "changed", G_CALLBACK (on_edited), NULL);
  g_signal_connect_object (page->link, "activated", G_CALLBACK (on_activated), page,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
mm_registration_link_page_new (MmRegistrar *registrar)
{
  MmRegistrationLinkPage *page = g_object_new (MM_TYPE_REGISTRATION_LINK_PAGE, NULL);

  page->registrar = g_object_ref (registrar);
  g_signal_connect_object (mm_registrar_get_walk (registrar), "notify::page", G_CALLBACK (on_page),
                           page, G_CONNECT_SWAPPED);
  on_page (page);
  return GTK_WIDGET (page);
}
