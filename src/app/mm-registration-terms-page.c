#include "mm-registration-terms-page.h"

#include "mm-gettext.h"

#include <string.h>

struct _MmRegistrationTermsPage
{
  AdwBin parent;

  GtkLabel *lead;
  GtkWidget *problem_row;
  GtkLabel *problem;
  GtkScrolledWindow *scrolled;
  GtkBox *text;
  GtkLabel *version;

  MmRegistrar *registrar;
};

G_DEFINE_FINAL_TYPE (MmRegistrationTermsPage, mm_registration_terms_page, ADW_TYPE_BIN)

static void
add_block (MmRegistrationTermsPage *page, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (page->text, label);
}

/* The server's text in its paragraphs, with its title and headings. */
static void
on_terms (MmRegistrationTermsPage *page)
{
  const MmTermsText *terms = mm_registrar_get_terms (page->registrar);
  g_auto (GStrv) blocks = NULL;
  g_autofree char *number = NULL;
  g_autofree char *version = NULL;
  GtkWidget *child;

  if (terms == NULL)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (page->text))) != NULL)
    gtk_box_remove (page->text, child);
  blocks = g_strsplit (terms->body, "\n\n", -1);
  for (guint i = 0; blocks[i] != NULL; i++)
    {
      const char *text = g_strstrip (blocks[i]);

      if (g_str_has_prefix (text, "## "))
        add_block (page, text + 3, "heading");
      else if (g_str_has_prefix (text, "# "))
        add_block (page, text + 2, "title-4");
      else if (*text != '\0')
        add_block (page, text, NULL);
    }
  number = g_strdup_printf ("%" G_GINT64_FORMAT, terms->version);
  version = g_strdup_printf (_ ("Version %s"), number);
  gtk_label_set_label (page->version, version);
}

static void
on_problem (MmRegistrationTermsPage *page)
{
  const char *problem
      = mm_registration_walk_get_problem (mm_registrar_get_walk (page->registrar), "terms");

  gtk_label_set_label (page->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (page->problem_row, problem != NULL);
}

static void
on_page (MmRegistrationTermsPage *page)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));
  g_autofree char *again = NULL;

  if (facts->page == MM_WALK_AGREE)
    again = g_strdup_printf (
        _ ("Dear %s, please read the terms once more and agree to set your password."),
        facts->link_name);
  else if (facts->page != MM_WALK_TERMS)
    return;
  gtk_label_set_label (page->lead, again != NULL
                                       ? again
                                       : _ ("Please read the terms. If you agree, go on; without "
                                            "agreement the service cannot be used."));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (page->scrolled), 0);
}

/* Arrow keys scroll, as in any text; the page has nothing else to move among. */
static gboolean
on_key (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType state,
        MmRegistrationTermsPage *page)
{
  gboolean handled;

  if (key != GDK_KEY_Up && key != GDK_KEY_Down)
    return FALSE;
  g_signal_emit_by_name (page->scrolled, "scroll-child",
                         key == GDK_KEY_Up ? GTK_SCROLL_STEP_UP : GTK_SCROLL_STEP_DOWN, FALSE,
                         &handled);
  return TRUE;
}

static void
mm_registration_terms_page_finalize (GObject *object)
{
  g_object_unref (MM_REGISTRATION_TERMS_PAGE (object)->registrar);
  G_OBJECT_CLASS (mm_registration_terms_page_parent_class)->finalize (object);
}

static void
mm_registration_terms_page_class_init (MmRegistrationTermsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_registration_terms_page_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/mimamori/Mimamori/ui/mm-registration-terms-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, lead);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, problem);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, text);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationTermsPage, version);
}

static void
mm_registration_terms_page_init (MmRegistrationTermsPage *page)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (page));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), page, 0);
  gtk_widget_add_controller (GTK_WIDGET (page->scrolled), keys);
}

GtkWidget *
mm_registration_terms_page_new (MmRegistrar *registrar)
{
  MmRegistrationTermsPage *page = g_object_new (MM_TYPE_REGISTRATION_TERMS_PAGE, NULL);
  MmRegistrationWalk *walk = mm_registrar_get_walk (registrar);

  page->registrar = g_object_ref (registrar);
  g_signal_connect_object (registrar, "notify::terms", G_CALLBACK (on_terms), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "notify::page", G_CALLBACK (on_page), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "changed::terms", G_CALLBACK (on_problem), page,
                           G_CONNECT_SWAPPED);
  on_terms (page);
  on_page (page);
  return GTK_WIDGET (page);
}
