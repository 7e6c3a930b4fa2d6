#include "mm-hosting-page.h"

#include "mm-hosting-dealers.h"
#include "mm-hosting-form.h"
#include "mm-hosting-gateways.h"
#include "mm-hosting-home.h"
#include "mm-hosting-import.h"
#include "mm-hosting-issued.h"
#include "mm-hosting-letter.h"
#include "mm-hosting-log.h"
#include "mm-hosting-mail.h"
#include "mm-hosting-outbox.h"
#include "mm-hosting-setup.h"
#include "mm-server-setup.h"

#include <string.h>

struct _MmHostingPage
{
  AdwBin parent;

  GtkStack *stack;
  MmApplication *app; /* outlives its windows */
  gboolean folded;
  char *back_action;
  const char *aging; /* the name of the pane, if it shows what changes by itself */
};

G_DEFINE_FINAL_TYPE (MmHostingPage, mm_hosting_page, ADW_TYPE_BIN)

enum
{
  PROP_FOLDED = 1,
  PROP_BACK_ACTION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* The panes, and to which each leads back. */
static const struct
{
  const char *name;
  GtkWidget *(*make) (MmApplication *app);
  const char *back;
  gboolean ages; /* is made anew when the page is come back to */
} panes[] = {
  { "home", mm_hosting_home_new, NULL, FALSE },
  { "setup", mm_hosting_setup_new, "hosting.show::home", FALSE },
  { "gateways", mm_hosting_gateways_new, "hosting.show::home", TRUE },
  { "add", mm_hosting_form_new, "hosting.show::gateways", FALSE },
  { "import", mm_hosting_import_new, "hosting.show::gateways", FALSE },
  { "mail", mm_hosting_mail_new, "hosting.show::home", FALSE },
  { "outbox", mm_hosting_outbox_new, "hosting.show::home", TRUE },
  { "dealers", mm_hosting_dealers_new, "hosting.show::home", TRUE },
  { "log", mm_hosting_log_new, "hosting.show::home", TRUE },
};

static void
show_pane (MmHostingPage *page, GtkWidget *pane, const char *back)
{
  GtkWidget *earlier = gtk_stack_get_visible_child (page->stack);

  page->aging = NULL;
  g_object_set (pane, "folded", page->folded, "back-action", back, NULL);
  gtk_stack_add_child (page->stack, pane);
  gtk_stack_set_visible_child (page->stack, pane);
  if (earlier != NULL)
    gtk_stack_remove (page->stack, earlier);
  if (gtk_widget_get_root (pane) != NULL)
    gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
}

static void
show_name (MmHostingPage *page, const char *name)
{
  const char *back;

  if (g_str_has_prefix (name, "letter:"))
    {
      show_pane (page, mm_hosting_letter_new (page->app, name + strlen ("letter:")),
                 "hosting.show::outbox");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    if (g_str_equal (panes[i].name, name))
      {
        back = panes[i].back;
        /* Before there is a server, there is no other pane to go back to. */
        if (g_str_equal (name, "setup")
            && !mm_server_setup_exists (
                mm_server_child_get_data_dir (mm_application_get_server (page->app))))
          back = NULL;
        show_pane (page, panes[i].make (page->app), back != NULL ? back : page->back_action);
        page->aging = panes[i].ages ? panes[i].name : NULL;
      }
}

void
mm_hosting_page_show (MmHostingPage *page, const char *name)
{
  gboolean ours = mm_application_get_demo (page->app) == NULL
                  && !mm_server_child_is_foreign (mm_application_get_server (page->app));

  show_name (page, g_str_equal (name, "setup") && !ours ? "home" : name);
}

/* Not within the mapping, of which the stack is in the middle. */
static gboolean
on_shown_again (gpointer user_data)
{
  MmHostingPage *page = user_data;

  if (page->aging != NULL && gtk_widget_get_mapped (GTK_WIDGET (page)))
    show_name (page, page->aging);
  return G_SOURCE_REMOVE;
}

/* What it lists may have changed while another page was shown. */
static void
mm_hosting_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (mm_hosting_page_parent_class)->map (widget);
  if (MM_HOSTING_PAGE (widget)->aging != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_shown_again, g_object_ref (widget),
                     g_object_unref);
}

static void
show_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_name (MM_HOSTING_PAGE (widget), g_variant_get_string (parameter, NULL));
}

void
mm_hosting_page_show_issued (GtkWidget *inside, JsonArray *issued)
{
  MmHostingPage *page = MM_HOSTING_PAGE (gtk_widget_get_ancestor (inside, MM_TYPE_HOSTING_PAGE));

  if (page != NULL)
    show_pane (page, mm_hosting_issued_new (page->app, issued), "hosting.show::gateways");
}

/* The object */

static void
mm_hosting_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FOLDED)
    g_value_set_boolean (value, MM_HOSTING_PAGE (object)->folded);
  else
    g_value_set_string (value, MM_HOSTING_PAGE (object)->back_action);
}

static void
mm_hosting_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MmHostingPage *page = MM_HOSTING_PAGE (object);
  GtkWidget *shown = gtk_stack_get_visible_child (page->stack);

  if (id == PROP_FOLDED)
    {
      page->folded = g_value_get_boolean (value);
      if (shown != NULL)
        g_object_set (shown, "folded", page->folded, NULL);
    }
  else
    {
      g_free (page->back_action);
      page->back_action = g_value_dup_string (value);
    }
}

static void
mm_hosting_page_finalize (GObject *object)
{
  g_free (MM_HOSTING_PAGE (object)->back_action);
  G_OBJECT_CLASS (mm_hosting_page_parent_class)->finalize (object);
}

static void
mm_hosting_page_class_init (MmHostingPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = mm_hosting_page_map;
  object_class->get_property = mm_hosting_page_get_property;
  object_class->set_property = mm_hosting_page_set_property;
  object_class->finalize = mm_hosting_page_finalize;
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_BACK_ACTION] = g_param_spec_string ("back-action", NULL, NULL, NULL,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmHostingPage, stack);
  gtk_widget_class_install_action (widget_class, "hosting.show", "s", show_action);
}

static void
mm_hosting_page_init (MmHostingPage *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

static GtkWidget *
new_page (MmApplication *app, const char *back_action)
{
  MmHostingPage *page = g_object_new (MM_TYPE_HOSTING_PAGE, NULL);
  MmServerChild *server = mm_application_get_server (app);

  page->app = app;
  page->back_action = g_strdup (back_action);
  mm_server_child_find (server);
  show_name (page,
             mm_server_setup_exists (mm_server_child_get_data_dir (server)) ? "home" : "setup");
  return GTK_WIDGET (page);
}

GtkWidget *
mm_hosting_page_new (MmApplication *app)
{
  return new_page (app, NULL);
}

GtkWidget *
mm_hosting_page_new_alone (MmApplication *app)
{
  return new_page (app, "win.show-view::welcome");
}
