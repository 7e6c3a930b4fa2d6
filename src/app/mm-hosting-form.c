#include "mm-hosting-form.h"

#include "mm-field.h"
#include "mm-gettext.h"
#include "mm-hosting-page.h"
#include "mm-json.h"
#include "mm-place.h"

#include <string.h>

#define PREFECTURES 47

/* The members of GatewayDraft, docs/openapi.yaml. */
static const char *const names[]
    = { "id",         "name",         "model",      "serial",      "postal_code",
        "prefecture", "municipality", "pv_peak_kw", "battery_kwh", "interval_s" };

struct _MmHostingForm
{
  MmPane parent;

  MmField *fields[G_N_ELEMENTS (names)];
  GtkLabel *problem;

  MmApplication *app; /* outlives its windows */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmHostingForm, mm_hosting_form, MM_TYPE_PANE)

static void
show_problem (MmHostingForm *form, const GError *error)
{
  const GPtrArray *problems = error != NULL ? mm_error_fields (error) : NULL;
  gboolean marked = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      mm_field_set_error (form->fields[i], NULL);
      for (guint k = 0; problems != NULL && k < problems->len; k++)
        {
          const MmFieldError *problem = problems->pdata[k];

          if (strcmp (problem->field, names[i]) != 0)
            continue;
          mm_field_set_error (form->fields[i], problem->message);
          if (!marked)
            gtk_widget_child_focus (GTK_WIDGET (form->fields[i]), GTK_DIR_TAB_FORWARD);
          marked = TRUE;
        }
    }
  gtk_label_set_label (form->problem, error == NULL ? ""
                                      : marked      ? _ ("Please look at the marked fields.")
                                                    : error->message);
  gtk_widget_set_visible (GTK_WIDGET (form->problem), error != NULL);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmHostingForm) form = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  g_autoptr (JsonArray) issued = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (form), "form.add", TRUE);
  show_problem (form, error);
  if (answer == NULL)
    return;
  issued = json_array_new ();
  json_array_add_element (issued, json_node_ref (answer));
  mm_hosting_page_show_issued (GTK_WIDGET (form), issued);
}

static void
add_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MmHostingForm *form = MM_HOSTING_FORM (widget);
  MmServerChild *server = mm_application_get_server (form->app);
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (*mm_field_get_text (form->fields[i]) != '\0')
      json_object_set_string_member (body, names[i], mm_field_get_text (form->fields[i]));
  json_node_take_object (node, body);
  gtk_widget_action_set_enabled (widget, "form.add", FALSE);
  mm_api_send_async (mm_server_child_get_operator (server), "POST", "/operator/v1/gateways", node,
                     form->cancellable, on_added, g_object_ref (form));
}

static void
on_activated (MmHostingForm *form)
{
  gtk_widget_activate_action (GTK_WIDGET (form), "form.add", NULL);
}

static void
fill_prefectures (MmField *field)
{
  const char *labels[PREFECTURES + 1] = { NULL };
  const char *values[PREFECTURES + 1] = { NULL };
  gboolean japanese = strcmp (mm_language_tag (mm_own_language ()), "ja") == 0;

  for (guint i = 0; i < PREFECTURES; i++)
    {
      values[i] = mm_prefecture_name_ja (i + 1);
      labels[i] = japanese ? values[i] : mm_prefecture_name_en (i + 1);
    }
  mm_field_set_choices (field, labels, values);
}

static void
mm_hosting_form_dispose (GObject *object)
{
  g_cancellable_cancel (MM_HOSTING_FORM (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_form_parent_class)->dispose (object);
}

static void
mm_hosting_form_finalize (GObject *object)
{
  g_object_unref (MM_HOSTING_FORM (object)->cancellable);
  G_OBJECT_CLASS (mm_hosting_form_parent_class)->finalize (object);
}

static void
mm_hosting_form_class_init (MmHostingFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = mm_hosting_form_dispose;
  object_class->finalize = mm_hosting_form_finalize;
  g_type_ensure (MM_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-hosting-form.ui");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_bind_template_child_full (widget_class, names[i], FALSE,
                                               (gssize) (G_STRUCT_OFFSET (MmHostingForm, fields)
                                                         + i * sizeof (MmField *)));
  gtk_widget_class_bind_template_child (widget_class, MmHostingForm, problem);
  gtk_widget_class_install_action (widget_class, "form.add", NULL, add_action);
}

static void
mm_hosting_form_init (MmHostingForm *form)
{
  gtk_widget_init_template (GTK_WIDGET (form));
  form->cancellable = g_cancellable_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_signal_connect_swapped (form->fields[i], "activated", G_CALLBACK (on_activated), form);
      if (strcmp (names[i], "prefecture") == 0)
        fill_prefectures (form->fields[i]);
    }
}

GtkWidget *
mm_hosting_form_new (MmApplication *app)
{
  MmHostingForm *form = g_object_new (MM_TYPE_HOSTING_FORM, NULL);

  form->app = app;
  return GTK_WIDGET (form);
}
