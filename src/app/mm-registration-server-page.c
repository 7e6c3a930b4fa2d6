#include "mm-registration-server-page.h"

#include "mm-field.h"
#include "mm-sheet.h"

struct _MmRegistrationServerPage
{
  AdwBin parent;

  MmField *server;

  MmRegistrar *registrar;
};

G_DEFINE_FINAL_TYPE (MmRegistrationServerPage, mm_registration_server_page, ADW_TYPE_BIN)

static void
on_changed (MmRegistrationServerPage *page)
{
  MmRegistrationWalk *walk = mm_registrar_get_walk (page->registrar);

  mm_field_set_error (page->server, mm_registration_walk_get_problem (walk, "server"));
}

/* Says who answers there, before and after going on. */
static void
on_page (MmRegistrationServerPage *page)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));

  if (*facts->server == '\0')
    return;
  mm_field_set_text (page->server, facts->server);
  mm_field_set_remark (page->server, *facts->server_name != '\0' ? facts->server_name : NULL, TRUE);
}

static void
on_edited (MmRegistrationServerPage *page)
{
  mm_field_set_error (page->server, NULL);
  mm_field_set_remark (page->server, NULL, FALSE);
}

static void
on_activated (MmRegistrationServerPage *page)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "registration.next", NULL);
}

void
mm_registration_server_page_go_on (MmRegistrationServerPage *page)
{
  mm_registrar_find_server (page->registrar, mm_field_get_text (page->server));
}

static void
mm_registration_server_page_finalize (GObject *object)
{
  g_object_unref (MM_REGISTRATION_SERVER_PAGE (object)->registrar);
  G_OBJECT_CLASS (mm_registration_server_page_parent_class)->finalize (object);
}

static void
mm_registration_server_page_class_init (MmRegistrationServerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_registration_server_page_finalize;
  g_type_ensure (MM_TYPE_SHEET);
  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/mimamori/Mimamori/ui/mm-registration-server-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationServerPage, server);
}

static void
mm_registration_server_page_init (MmRegistrationServerPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  g_signal_connect_object (page->server, "changed", G_CALLBACK (on_edited), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->server, "activated", G_CALLBACK (on_activated), page,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
mm_registration_server_page_new (MmRegistrar *registrar)
{
  MmRegistrationServerPage *page = g_object_new (MM_TYPE_REGISTRATION_SERVER_PAGE, NULL);
  MmRegistrationWalk *walk = mm_registrar_get_walk (registrar);

  page->registrar = g_object_ref (registrar);
  g_signal_connect_object (walk, "changed::server", G_CALLBACK (on_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "notify::page", G_CALLBACK (on_page), page, G_CONNECT_SWAPPED);
  on_page (page);
  return GTK_WIDGET (page);
}
