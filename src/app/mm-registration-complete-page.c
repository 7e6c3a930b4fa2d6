#include "mm-registration-complete-page.h"

#include "mm-gettext.h"

struct _MmRegistrationCompletePage
{
  AdwBin parent;
};

G_DEFINE_FINAL_TYPE (MmRegistrationCompletePage, mm_registration_complete_page, ADW_TYPE_BIN)

static void
mm_registration_complete_page_class_init (MmRegistrationCompletePageClass *klass)
{
}

static void
mm_registration_complete_page_init (MmRegistrationCompletePage *page)
{
  gtk_widget_add_css_class (GTK_WIDGET (page), "mm-complete");
}

GtkWidget *
mm_registration_complete_page_new (MmRegistrar *registrar)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (registrar));
  g_autofree char *text = g_strdup_printf (
      "%s: %s\n\n%s", _ ("User ID (dealer ID)"), facts->link_user_id,
      _ ("Thank you. Please sign in once to see that your user ID and password work."));
  g_autofree char *markup = g_markup_escape_text (text, -1);
  GtkWidget *page = g_object_new (MM_TYPE_REGISTRATION_COMPLETE_PAGE, NULL);
  GtkWidget *status = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), "mm-normal-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _ ("The registration is complete"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), markup);
  adw_bin_set_child (ADW_BIN (page), status);
  return page;
}
