#include "mm-registration-mail-page.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-sheet.h"
#include "mm-trust.h"

struct _MmRegistrationMailPage
{
  AdwBin parent;

  GtkWidget *again;
  GtkLabel *sent_to;
  GtkLabel *expires;
  MmField *link;
  GtkWidget *help;
  GtkWidget *outbox;
  GtkWidget *resend;
  GtkWidget *correcting;
  GtkWidget *correction;
  MmField *mail;
  MmField *mail_again;
  GtkWidget *correct;

  MmRegistrar *registrar;
};

G_DEFINE_FINAL_TYPE (MmRegistrationMailPage, mm_registration_mail_page, ADW_TYPE_BIN)

static void
show_expiry (MmRegistrationMailPage *page, gint64 expires)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autofree char *until = mm_language_format_time (mm_own_language (), expires, local);
  g_autofree char *text = g_strdup_printf (_ ("The link can be used until %s."), until);

  gtk_label_set_label (page->expires, text);
  gtk_widget_set_visible (GTK_WIDGET (page->expires), expires > 0);
}

static void
show_all (MmRegistrationMailPage *page)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));
  g_autofree char *to = NULL;

  if (facts->page != MM_WALK_MAIL)
    return;
  to = g_strdup_printf (_ ("To: %s"), facts->sent_to);
  gtk_label_set_label (page->sent_to, to);
  gtk_widget_set_visible (page->again, facts->resent);
  /* Without the walk's secret the server would not know for whom. */
  gtk_widget_set_visible (page->help, facts->secret != NULL && *facts->secret != '\0');
  gtk_widget_set_visible (page->outbox, g_str_has_prefix (facts->server, "http://")
                                            && !mm_trust_is_exposed (facts->server));
  show_expiry (page, facts->expires);
}

/* The fields for another address, or the button that asks for them. */
static void
show_correction (MmRegistrationMailPage *page, gboolean shown)
{
  gtk_widget_set_visible (page->correcting, !shown);
  gtk_widget_set_visible (page->correction, shown);
}

/* Another mail went out, maybe while the page was shown. */
static void
on_busy (MmRegistrationMailPage *page)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (mm_registrar_get_walk (page->registrar));
  gboolean busy = mm_registrar_is_busy (page->registrar);

  gtk_widget_set_sensitive (page->resend, !busy);
  gtk_widget_set_sensitive (page->correct, !busy);
  show_all (page);
  if (facts->page != MM_WALK_MAIL)
    return;
  if (g_strcmp0 (facts->sent_to, mm_field_get_text (page->mail)) == 0)
    {
      mm_field_set_text (page->mail, "");
      mm_field_set_text (page->mail_again, "");
      show_correction (page, FALSE);
    }
}

static void
on_changed (MmRegistrationWalk *walk, const char *name, MmRegistrationMailPage *page)
{
  MmField *field = g_str_equal (name, "mail")         ? page->mail
                   : g_str_equal (name, "mail_again") ? page->mail_again
                                                      : NULL;

  if (field != NULL && mm_registration_walk_facts (walk)->page == MM_WALK_MAIL)
    mm_field_set_error (field, mm_registration_walk_get_problem (walk, name));
}

static void
on_activated (MmRegistrationMailPage *page)
{
  gtk_widget_activate_action (GTK_WIDGET (page), "registration.next", NULL);
}

static void
on_edited (MmField *field)
{
  mm_field_set_error (field, NULL);
}

static void
on_resend (MmRegistrationMailPage *page)
{
  mm_registrar_resend (page->registrar);
}

static void
on_correcting (MmRegistrationMailPage *page)
{
  show_correction (page, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (page->mail));
}

static void
on_correct (MmRegistrationMailPage *page)
{
  mm_registrar_correct (page->registrar, mm_field_get_text (page->mail),
                        mm_field_get_text (page->mail_again));
}

const char *
mm_registration_mail_page_get_link (MmRegistrationMailPage *page)
{
  return mm_field_get_text (page->link);
}

void
mm_registration_mail_page_refuse_link (MmRegistrationMailPage *page, const char *sentence)
{
  mm_field_set_error (page->link, sentence);
  gtk_widget_grab_focus (GTK_WIDGET (page->link));
}

static void
mm_registration_mail_page_finalize (GObject *object)
{
  g_object_unref (MM_REGISTRATION_MAIL_PAGE (object)->registrar);
  G_OBJECT_CLASS (mm_registration_mail_page_parent_class)->finalize (object);
}

static void
mm_registration_mail_page_class_init (MmRegistrationMailPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_registration_mail_page_finalize;
  g_type_ensure (MM_TYPE_SHEET);
  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/mimamori/Mimamori/ui/mm-registration-mail-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, again);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, sent_to);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, expires);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, link);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, help);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, resend);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, outbox);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, correcting);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, correction);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, mail);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, mail_again);
  gtk_widget_class_bind_template_child (widget_class, MmRegistrationMailPage, correct);
}

static void
mm_registration_mail_page_init (MmRegistrationMailPage *page)
{
  MmField *fields[3];

  gtk_widget_init_template (GTK_WIDGET (page));
  fields[0] = page->link;
  fields[1] = page->mail;
  fields[2] = page->mail_again;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_signal_connect (fields[i], "changed", G_CALLBACK (on_edited), NULL);
  g_signal_connect_object (page->link, "activated", G_CALLBACK (on_activated), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->mail_again, "activated", G_CALLBACK (on_correct), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->resend, "clicked", G_CALLBACK (on_resend), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->correcting, "clicked", G_CALLBACK (on_correcting), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page->correct, "clicked", G_CALLBACK (on_correct), page,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
mm_registration_mail_page_new (MmRegistrar *registrar)
{
  MmRegistrationMailPage *page = g_object_new (MM_TYPE_REGISTRATION_MAIL_PAGE, NULL);
  MmRegistrationWalk *walk = mm_registrar_get_walk (registrar);

  page->registrar = g_object_ref (registrar);
  g_signal_connect_object (registrar, "notify::busy", G_CALLBACK (on_busy), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "notify::page", G_CALLBACK (on_busy), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "changed", G_CALLBACK (on_changed), page, 0);
  show_all (page);
  return GTK_WIDGET (page);
}
