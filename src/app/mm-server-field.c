#include "mm-server-field.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-spoken-name.h"

#include <string.h>

struct _MmServerField
{
  AdwBin parent;

  GtkStack *stack;
  MmField *entry;
  GtkLabel *server_name;
  GtkLabel *address;
  GtkButton *change;

  char *name;
};

G_DEFINE_FINAL_TYPE (MmServerField, mm_server_field, ADW_TYPE_BIN)

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The address as people say it: without the scheme that is the usual one. */
static void
update_known (MmServerField *field)
{
  const char *url = mm_field_get_text (field->entry);
  const char *shown = g_str_has_prefix (url, "https://") ? url + strlen ("https://") : url;

  gtk_label_set_text (field->server_name, field->name != NULL ? field->name : shown);
  gtk_label_set_text (field->address, field->name != NULL ? shown : _ ("Server"));
}

void
mm_server_field_set_name (MmServerField *field, const char *name)
{
  g_free (field->name);
  field->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  update_known (field);
}

void
mm_server_field_set_url (MmServerField *field, const char *url)
{
  mm_field_set_text (field->entry, url);
  mm_field_set_error (field->entry, NULL);
  mm_server_field_set_name (field, NULL);
  gtk_stack_set_visible_child_name (field->stack, *url != '\0' ? "known" : "entry");
}

void
mm_server_field_set_error (MmServerField *field, const char *error)
{
  gtk_stack_set_visible_child_name (field->stack, "entry");
  mm_field_set_error (field->entry, error);
  gtk_widget_grab_focus (GTK_WIDGET (field->entry));
}

char *
mm_server_field_take_url (MmServerField *field)
{
  g_autoptr (GError) error = NULL;
  char *url = mm_api_normalise_url (mm_field_get_text (field->entry), &error);

  if (url == NULL)
    {
      const GPtrArray *wrong = mm_error_fields (error);

      mm_server_field_set_error (field, ((MmFieldError *) wrong->pdata[0])->message);
      return NULL;
    }
  mm_field_set_error (field->entry, NULL);
  return url;
}

static void
on_change (MmServerField *field)
{
  mm_server_field_set_name (field, NULL);
  gtk_stack_set_visible_child_name (field->stack, "entry");
  gtk_widget_grab_focus (GTK_WIDGET (field->entry));
}

static void
on_activated (MmServerField *field)
{
  g_signal_emit (field, signals[ACTIVATED], 0);
}

static gboolean
mm_server_field_grab_focus (GtkWidget *widget)
{
  MmServerField *field = MM_SERVER_FIELD (widget);
  gboolean known = g_str_equal (gtk_stack_get_visible_child_name (field->stack), "known");

  return gtk_widget_grab_focus (known ? GTK_WIDGET (field->change) : GTK_WIDGET (field->entry));
}

static void
mm_server_field_finalize (GObject *object)
{
  g_free (MM_SERVER_FIELD (object)->name);
  G_OBJECT_CLASS (mm_server_field_parent_class)->finalize (object);
}

static void
mm_server_field_class_init (MmServerFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MM_TYPE_FIELD);
  G_OBJECT_CLASS (klass)->finalize = mm_server_field_finalize;
  widget_class->grab_focus = mm_server_field_grab_focus;
  signals[ACTIVATED] = g_signal_new ("activated", MM_TYPE_SERVER_FIELD, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-server-field.ui");
  gtk_widget_class_bind_template_child (widget_class, MmServerField, stack);
  gtk_widget_class_bind_template_child (widget_class, MmServerField, entry);
  gtk_widget_class_bind_template_child (widget_class, MmServerField, server_name);
  gtk_widget_class_bind_template_child (widget_class, MmServerField, address);
  gtk_widget_class_bind_template_child (widget_class, MmServerField, change);
}

static void
mm_server_field_init (MmServerField *field)
{
  gtk_widget_init_template (GTK_WIDGET (field));
  mm_spoken_name_set (GTK_WIDGET (field->change), _ ("Change the server"));
  g_signal_connect_swapped (field->change, "clicked", G_CALLBACK (on_change), field);
  g_signal_connect_swapped (field->entry, "activated", G_CALLBACK (on_activated), field);
}
