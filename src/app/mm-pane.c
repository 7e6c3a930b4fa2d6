#include "mm-pane.h"

#define WAITING_SHOWS_AFTER 300 /* ms; look.md */

typedef struct
{
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkButton *back;
  GtkRevealer *notice_revealer;
  GtkLabel *notice;
  GtkButton *notice_button;
  GtkStack *stack;
  AdwBin *content;
  GtkSpinner *spinner;
  AdwStatusPage *message;
  GtkButton *message_button;

  gboolean folded;
  char *back_action;
  guint waiting;
} MmPanePrivate;

enum
{
  PROP_TITLE = 1,
  PROP_FOLDED,
  PROP_BACK_ACTION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_TYPE_WITH_CODE (MmPane,
                         mm_pane,
                         ADW_TYPE_BIN,
                         G_ADD_PRIVATE (MmPane)
                             G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static MmPanePrivate *
get (MmPane *page)
{
  return mm_pane_get_instance_private (page);
}

/* The target comes before the name: GTK warns about an action that has none of the right type, even
 * for a moment. */
static void
set_action (GtkActionable *actionable, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  gtk_actionable_set_action_name (actionable, NULL);
  if (!g_action_parse_detailed_name (detailed, &name, &target, NULL))
    return;
  gtk_actionable_set_action_target_value (actionable, target);
  gtk_actionable_set_action_name (actionable, name);
}

/* The way back: a page that was opened from another always has one; the others lead to the sidebar,
 * when there is no room beside it. */
static void
update_back (MmPane *page)
{
  MmPanePrivate *priv = get (page);

  set_action (GTK_ACTIONABLE (priv->back),
              priv->back_action != NULL ? priv->back_action : "main.show-sidebar");
  gtk_widget_set_visible (GTK_WIDGET (priv->back), priv->folded || priv->back_action != NULL);
}

/* The same by the keyboard, before the leaflet takes the key for a step to the sidebar. */
static gboolean
on_back_keys (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  GtkActionable *back = GTK_ACTIONABLE (get (MM_PANE (widget))->back);

  if (!gtk_widget_get_mapped (GTK_WIDGET (back)))
    return FALSE;
  return gtk_widget_activate_action_variant (widget, gtk_actionable_get_action_name (back),
                                             gtk_actionable_get_action_target_value (back));
}

static void
show (MmPane *page, const char *name)
{
  MmPanePrivate *priv = get (page);

  g_clear_handle_id (&priv->waiting, g_source_remove);
  gtk_spinner_set_spinning (priv->spinner, g_str_equal (name, "waiting"));
  gtk_stack_set_visible_child_name (priv->stack, name);
}

static gboolean
on_waited (gpointer user_data)
{
  MmPane *page = user_data;

  get (page)->waiting = 0;
  show (page, "waiting");
  return G_SOURCE_REMOVE;
}

static void
set_button (GtkButton *button, const char *label, const char *action)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  gtk_button_set_label (button, label != NULL ? label : "");
  set_action (GTK_ACTIONABLE (button), label != NULL ? action : "win.none");
}

/* Both lines are cut where the window is narrow. */
static void
update_tip (MmPane *page)
{
  AdwWindowTitle *title = get (page)->title;
  const char *above = adw_window_title_get_title (title);
  const char *below = adw_window_title_get_subtitle (title);
  g_autofree char *tip = *below != '\0' ? g_strconcat (above, "\n", below, NULL) : g_strdup (above);

  gtk_widget_set_tooltip_text (GTK_WIDGET (title), tip);
}

void
mm_pane_set_title (MmPane *page, const char *title)
{
  adw_window_title_set_title (get (page)->title, title);
  update_tip (page);
  g_object_notify_by_pspec (G_OBJECT (page), props[PROP_TITLE]);
}

void
mm_pane_set_subtitle (MmPane *page, const char *subtitle)
{
  adw_window_title_set_subtitle (get (page)->title, subtitle != NULL ? subtitle : "");
  update_tip (page);
}

void
mm_pane_set_content (MmPane *page, GtkWidget *child)
{
  adw_bin_set_child (get (page)->content, child);
}

void
mm_pane_show_content (MmPane *page)
{
  show (page, "content");
}

void
mm_pane_show_waiting (MmPane *page)
{
  MmPanePrivate *priv = get (page);

  if (priv->waiting != 0
      || g_strcmp0 (gtk_stack_get_visible_child_name (priv->stack), "waiting") == 0)
    return;
  show (page, "nothing");
  priv->waiting = g_timeout_add (WAITING_SHOWS_AFTER, on_waited, page);
}

void
mm_pane_show_message (MmPane *page,
                      const char *icon_name,
                      const char *title,
                      const char *description,
                      const char *label,
                      const char *action)
{
  MmPanePrivate *priv = get (page);
  g_autofree char *markup
      = description != NULL ? g_markup_escape_text (description, -1) : g_strdup ("");

  adw_status_page_set_icon_name (priv->message, icon_name);
  adw_status_page_set_title (priv->message, title);
  adw_status_page_set_description (priv->message, markup);
  set_button (priv->message_button, label, action);
  show (page, "message");
}

void
mm_pane_set_notice (MmPane *page, const char *text, const char *label, const char *action)
{
  MmPanePrivate *priv = get (page);

  if (text != NULL)
    {
      gtk_label_set_label (priv->notice, text);
      set_button (priv->notice_button, label, action);
    }
  gtk_revealer_set_reveal_child (priv->notice_revealer, text != NULL);
}

static void
mm_pane_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  MmPanePrivate *priv = get (MM_PANE (buildable));

  /* Shortcuts and other controllers */
  if (!GTK_IS_WIDGET (child))
    parent_buildable->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "start") == 0)
    adw_header_bar_pack_start (priv->header, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    adw_header_bar_pack_end (priv->header, GTK_WIDGET (child));
  else
    adw_bin_set_child (priv->content, GTK_WIDGET (child));
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = mm_pane_add_child;
}

static void
mm_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmPanePrivate *priv = get (MM_PANE (object));

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, adw_window_title_get_title (priv->title));
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, priv->folded);
      break;
    case PROP_BACK_ACTION:
      g_value_set_string (value, priv->back_action);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MmPane *page = MM_PANE (object);
  MmPanePrivate *priv = get (page);

  switch (id)
    {
    case PROP_TITLE:
      mm_pane_set_title (page,
                         g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    case PROP_FOLDED:
      priv->folded = g_value_get_boolean (value);
      update_back (page);
      break;
    case PROP_BACK_ACTION:
      g_free (priv->back_action);
      priv->back_action = g_value_dup_string (value);
      update_back (page);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_pane_dispose (GObject *object)
{
  MmPanePrivate *priv = get (MM_PANE (object));

  g_clear_handle_id (&priv->waiting, g_source_remove);
  G_OBJECT_CLASS (mm_pane_parent_class)->dispose (object);
}

static void
mm_pane_finalize (GObject *object)
{
  g_free (get (MM_PANE (object))->back_action);
  G_OBJECT_CLASS (mm_pane_parent_class)->finalize (object);
}

static void
mm_pane_class_init (MmPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = mm_pane_get_property;
  object_class->set_property = mm_pane_set_property;
  object_class->dispose = mm_pane_dispose;
  object_class->finalize = mm_pane_finalize;
  props[PROP_TITLE]
      = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /* Whether there is no room for the sidebar beside the page. */
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /* The detailed action of the way back; NULL: the sidebar, when folded. */
  props[PROP_BACK_ACTION] = g_param_spec_string ("back-action", NULL, NULL, NULL,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-pane.ui");
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, header);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, title);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, back);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, notice_revealer);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, notice);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, notice_button);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, stack);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, content);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, spinner);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, message);
  gtk_widget_class_bind_template_child_private (widget_class, MmPane, message_button);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_ALT_MASK, on_back_keys, NULL);
}

static void
mm_pane_init (MmPane *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
}

GtkWidget *
mm_pane_new (const char *title)
{
  return g_object_new (MM_TYPE_PANE, "title", title, NULL);
}
