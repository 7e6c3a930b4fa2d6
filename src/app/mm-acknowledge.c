#include "mm-acknowledge.h"

#include "mm-gettext.h"

#define AT_ONCE 4 /* calls that are under way at a time */

struct _MmAcknowledge
{
  GtkPopover parent;

  GtkEntry *note;
  GtkLabel *problem;
  GtkButton *confirm;

  MmApi *api;
  GStrv ids;
  guint next;  /* of @ids that was not asked yet */
  guint asked; /* that are under way */
  GError *error;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MmAcknowledge, mm_acknowledge, GTK_TYPE_POPOVER)

enum
{
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void go_on (MmAcknowledge *popover);

static void
on_acknowledged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmAcknowledge) popover = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  popover->asked--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* One that may not be seen any more needs nobody. */
  if (answer == NULL && !g_error_matches (error, MM_ERROR, MM_ERROR_NOT_FOUND)
      && popover->error == NULL)
    popover->error = g_steal_pointer (&error);
  go_on (popover);
}

static void
ask (MmAcknowledge *popover, const char *id)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/alerts/%s/acknowledge", id);
  JsonNode *body = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "note",
                                 gtk_editable_get_text (GTK_EDITABLE (popover->note)));
  json_node_take_object (body, object);
  mm_api_send_async (popover->api, "POST", path, body, popover->cancellable, on_acknowledged,
                     g_object_ref (popover));
}

/* Asks for the next ones; says what came of it after the last. */
static void
go_on (MmAcknowledge *popover)
{
  while (popover->error == NULL && popover->asked < AT_ONCE && popover->ids[popover->next] != NULL)
    {
      popover->asked++;
      ask (popover, popover->ids[popover->next++]);
    }
  if (popover->asked > 0)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (popover->confirm), TRUE);
  if (popover->error != NULL)
    {
      gtk_label_set_label (popover->problem, popover->error->message);
      gtk_widget_set_visible (GTK_WIDGET (popover->problem), TRUE);
      return;
    }
  g_signal_emit (popover, signals[DONE], 0);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

/* From the first again after a failure: once more has the same effect. */
static void
acknowledge (MmAcknowledge *popover)
{
  if (popover->asked > 0)
    return;
  g_clear_error (&popover->error);
  popover->next = 0;
  gtk_widget_set_visible (GTK_WIDGET (popover->problem), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (popover->confirm), FALSE);
  go_on (popover);
}

static void
mm_acknowledge_dispose (GObject *object)
{
  MmAcknowledge *popover = MM_ACKNOWLEDGE (object);

  g_cancellable_cancel (popover->cancellable);
  g_clear_object (&popover->api);
  G_OBJECT_CLASS (mm_acknowledge_parent_class)->dispose (object);
}

static void
mm_acknowledge_finalize (GObject *object)
{
  MmAcknowledge *popover = MM_ACKNOWLEDGE (object);

  g_object_unref (popover->cancellable);
  g_strfreev (popover->ids);
  g_clear_error (&popover->error);
  G_OBJECT_CLASS (mm_acknowledge_parent_class)->finalize (object);
}

static void
mm_acknowledge_class_init (MmAcknowledgeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mm_acknowledge_dispose;
  G_OBJECT_CLASS (klass)->finalize = mm_acknowledge_finalize;
  signals[DONE] = g_signal_new ("done", MM_TYPE_ACKNOWLEDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-acknowledge.ui");
  gtk_widget_class_bind_template_child (widget_class, MmAcknowledge, note);
  gtk_widget_class_bind_template_child (widget_class, MmAcknowledge, problem);
  gtk_widget_class_bind_template_child (widget_class, MmAcknowledge, confirm);
}

static void
mm_acknowledge_init (MmAcknowledge *popover)
{
  gtk_widget_init_template (GTK_WIDGET (popover));
  popover->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (popover->confirm, "clicked", G_CALLBACK (acknowledge), popover);
  g_signal_connect_swapped (popover->note, "activate", G_CALLBACK (acknowledge), popover);
}

GtkWidget *
mm_acknowledge_new (MmApi *api, const char *const *ids)
{
  MmAcknowledge *popover = g_object_new (MM_TYPE_ACKNOWLEDGE, NULL);

  popover->api = g_object_ref (api);
  popover->ids = g_strdupv ((GStrv) ids);
  return GTK_WIDGET (popover);
}
