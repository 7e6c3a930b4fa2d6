#include "mm-field.h"

struct _MmField
{
  AdwBin parent;

  GtkBox *box;
  GtkLabel *label;
  GtkLabel *optional_mark;
  GtkLabel *help;
  GtkBox *error_box;
  GtkLabel *error;
  GtkBox *remark_box;
  GtkImage *remark_icon;
  GtkLabel *remark;

  MmFieldKind kind;
  GtkWidget *control; /* entry, password entry or drop-down */
  char **values;      /* of a choice */
  guint max_length;
};

G_DEFINE_FINAL_TYPE (MmField, mm_field, ADW_TYPE_BIN)

enum
{
  PROP_LABEL = 1,
  PROP_HELP,
  PROP_KIND,
  PROP_OPTIONAL,
  PROP_MAX_LENGTH,
  N_PROPS
};

enum
{
  CHANGED,
  LEFT,
  ACTIVATED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

GType
mm_field_kind_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { MM_FIELD_TEXT, "MM_FIELD_TEXT", "text" },
    { MM_FIELD_MAIL, "MM_FIELD_MAIL", "mail" },
    { MM_FIELD_PHONE, "MM_FIELD_PHONE", "phone" },
    { MM_FIELD_DIGITS, "MM_FIELD_DIGITS", "digits" },
    { MM_FIELD_PASSWORD, "MM_FIELD_PASSWORD", "password" },
    { MM_FIELD_CHOICE, "MM_FIELD_CHOICE", "choice" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("MmFieldKind", values));
  return type;
}

static void
on_changed (MmField *field)
{
  g_signal_emit (field, signals[CHANGED], 0);
}

static void
on_activated (MmField *field)
{
  g_signal_emit (field, signals[ACTIVATED], 0);
}

static void
on_left (MmField *field)
{
  g_signal_emit (field, signals[LEFT], 0);
}

/* The keyboard scrolls to the entry alone; what is below it says what is expected and what is
 * wrong. */
static gboolean
show_whole (gpointer user_data)
{
  GtkWidget *field = user_data;
  GtkWidget *viewport = gtk_widget_get_ancestor (field, GTK_TYPE_VIEWPORT);
  graphene_rect_t bounds;

  if (viewport != NULL && gtk_widget_compute_bounds (field, viewport, &bounds))
    {
      GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
      double top = gtk_adjustment_get_value (adjustment) + (double) bounds.origin.y;

      gtk_adjustment_clamp_page (adjustment, top, top + (double) bounds.size.height);
    }
  return G_SOURCE_REMOVE;
}

static void
on_entered (MmField *field)
{
  /* GTK scrolls after this. */
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, show_whole, g_object_ref (field), g_object_unref);
}

/* The control */

static GtkWidget *
make_entry (MmField *field)
{
  static const GtkInputPurpose purposes[] = {
    [MM_FIELD_TEXT] = GTK_INPUT_PURPOSE_FREE_FORM,
    [MM_FIELD_MAIL] = GTK_INPUT_PURPOSE_EMAIL,
    [MM_FIELD_PHONE] = GTK_INPUT_PURPOSE_PHONE,
    [MM_FIELD_DIGITS] = GTK_INPUT_PURPOSE_DIGITS,
  };
  GtkWidget *entry;

  if (field->kind == MM_FIELD_PASSWORD)
    {
      entry = gtk_password_entry_new ();
      gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
    }
  else
    {
      entry = gtk_entry_new ();
      gtk_entry_set_input_purpose (GTK_ENTRY (entry), purposes[field->kind]);
      gtk_entry_set_max_length (GTK_ENTRY (entry), (int) field->max_length);
    }
  /* Narrow windows decide how wide it is, not the text. */
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_changed), field);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (on_activated), field);
  return entry;
}

static GtkWidget *
make_choice (MmField *field)
{
  GtkWidget *choice = gtk_drop_down_new_from_strings ((const char *[]){ NULL });
  g_autoptr (GtkExpression) text
      = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_drop_down_set_expression (GTK_DROP_DOWN (choice), text);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (choice), TRUE);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (on_changed), field);
  return choice;
}

static void
mm_field_constructed (GObject *object)
{
  MmField *field = MM_FIELD (object);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  G_OBJECT_CLASS (mm_field_parent_class)->constructed (object);
  field->control = field->kind == MM_FIELD_CHOICE ? make_choice (field) : make_entry (field);
  gtk_box_insert_child_after (field->box, field->control,
                              gtk_widget_get_first_child (GTK_WIDGET (field->box)));
  gtk_label_set_mnemonic_widget (field->label, field->control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field->control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (field->label), -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (field->control),
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, field->help, field->error,
                                  field->remark, NULL, -1);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (on_entered), field);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_left), field);
  gtk_widget_add_controller (field->control, focus);
}

/* Text */

void
mm_field_set_choices (MmField *field, const char *const *labels, const char *const *values)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (labels);

  g_return_if_fail (field->kind == MM_FIELD_CHOICE);
  g_strfreev (field->values);
  field->values = g_strdupv ((char **) values);
  gtk_drop_down_set_model (GTK_DROP_DOWN (field->control), G_LIST_MODEL (model));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (field->control),
                              *values != NULL && **values == '\0' ? 0 : GTK_INVALID_LIST_POSITION);
}

const char *
mm_field_get_text (MmField *field)
{
  guint selected;

  if (field->kind != MM_FIELD_CHOICE)
    return gtk_editable_get_text (GTK_EDITABLE (field->control));
  selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (field->control));
  return field->values != NULL && selected < g_strv_length (field->values) ? field->values[selected]
                                                                           : "";
}

void
mm_field_set_text (MmField *field, const char *text)
{
  guint selected = GTK_INVALID_LIST_POSITION;

  if (g_strcmp0 (mm_field_get_text (field), text) == 0)
    return;
  if (field->kind != MM_FIELD_CHOICE)
    {
      gtk_editable_set_text (GTK_EDITABLE (field->control), text != NULL ? text : "");
      return;
    }
  for (guint i = 0; field->values != NULL && field->values[i] != NULL; i++)
    if (g_strcmp0 (field->values[i], text) == 0)
      selected = i;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (field->control), selected);
}

/* What is said about it */

const char *
mm_field_get_label (MmField *field)
{
  return gtk_label_get_text (field->label);
}

void
mm_field_set_label (MmField *field, const char *label)
{
  gtk_label_set_text_with_mnemonic (field->label, label);
  if (field->control != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (field->control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_label_get_text (field->label), -1);
}

static void
update_help (MmField *field)
{
  gtk_widget_set_visible (GTK_WIDGET (field->help),
                          *gtk_label_get_text (field->help) != '\0' && !mm_field_has_error (field));
}

void
mm_field_set_help (MmField *field, const char *help)
{
  gtk_label_set_text (field->help, help != NULL ? help : "");
  update_help (field);
}

void
mm_field_set_error (MmField *field, const char *error)
{
  gtk_label_set_text (field->error, error != NULL ? error : "");
  gtk_widget_set_visible (GTK_WIDGET (field->error_box), error != NULL);
  update_help (field);
  if (error != NULL)
    gtk_widget_add_css_class (field->control, "error");
  else
    gtk_widget_remove_css_class (field->control, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (field->control), GTK_ACCESSIBLE_STATE_INVALID,
                               error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

gboolean
mm_field_has_error (MmField *field)
{
  return gtk_widget_get_visible (GTK_WIDGET (field->error_box));
}

void
mm_field_set_remark (MmField *field, const char *remark, gboolean good)
{
  gtk_label_set_text (field->remark, remark != NULL ? remark : "");
  gtk_widget_set_visible (GTK_WIDGET (field->remark_box), remark != NULL);
  gtk_widget_set_visible (GTK_WIDGET (field->remark_icon), good);
  gtk_widget_set_css_classes (GTK_WIDGET (field->remark_box),
                              (const char *[]){ good ? "success" : "dim-label", NULL });
}

/* The object */

static gboolean
mm_field_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (MM_FIELD (widget)->control);
}

static void
mm_field_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmField *field = MM_FIELD (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, mm_field_get_label (field));
      break;
    case PROP_HELP:
      g_value_set_string (value, gtk_label_get_text (field->help));
      break;
    case PROP_KIND:
      g_value_set_enum (value, field->kind);
      break;
    case PROP_OPTIONAL:
      g_value_set_boolean (value, gtk_widget_get_visible (GTK_WIDGET (field->optional_mark)));
      break;
    case PROP_MAX_LENGTH:
      g_value_set_uint (value, field->max_length);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_field_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MmField *field = MM_FIELD (object);

  switch (id)
    {
    case PROP_LABEL:
      mm_field_set_label (field,
                          g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    case PROP_HELP:
      mm_field_set_help (field, g_value_get_string (value));
      break;
    case PROP_KIND:
      field->kind = g_value_get_enum (value);
      break;
    case PROP_OPTIONAL:
      gtk_widget_set_visible (GTK_WIDGET (field->optional_mark), g_value_get_boolean (value));
      break;
    case PROP_MAX_LENGTH:
      field->max_length = g_value_get_uint (value);
      if (GTK_IS_ENTRY (field->control))
        gtk_entry_set_max_length (GTK_ENTRY (field->control), (int) field->max_length);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_field_finalize (GObject *object)
{
  g_strfreev (MM_FIELD (object)->values);
  G_OBJECT_CLASS (mm_field_parent_class)->finalize (object);
}

static void
mm_field_class_init (MmFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = mm_field_constructed;
  object_class->get_property = mm_field_get_property;
  object_class->set_property = mm_field_set_property;
  object_class->finalize = mm_field_finalize;
  widget_class->grab_focus = mm_field_grab_focus;
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  props[PROP_HELP] = g_param_spec_string ("help", NULL, NULL, "", flags);
  props[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, MM_TYPE_FIELD_KIND, MM_FIELD_TEXT,
                                        flags | G_PARAM_CONSTRUCT_ONLY);
  props[PROP_OPTIONAL] = g_param_spec_boolean ("optional", NULL, NULL, FALSE, flags);
  props[PROP_MAX_LENGTH] = g_param_spec_uint ("max-length", NULL, NULL, 0, 65535, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new ("left", MM_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", MM_TYPE_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-field.ui");
  gtk_widget_class_bind_template_child (widget_class, MmField, box);
  gtk_widget_class_bind_template_child (widget_class, MmField, label);
  gtk_widget_class_bind_template_child (widget_class, MmField, optional_mark);
  gtk_widget_class_bind_template_child (widget_class, MmField, help);
  gtk_widget_class_bind_template_child (widget_class, MmField, error_box);
  gtk_widget_class_bind_template_child (widget_class, MmField, error);
  gtk_widget_class_bind_template_child (widget_class, MmField, remark_box);
  gtk_widget_class_bind_template_child (widget_class, MmField, remark_icon);
  gtk_widget_class_bind_template_child (widget_class, MmField, remark);
}

static void
mm_field_init (MmField *field)
{
  gtk_widget_init_template (GTK_WIDGET (field));
}

GtkWidget *
mm_field_new (MmFieldKind kind, const char *label)
{
  return g_object_new (MM_TYPE_FIELD, "kind", kind, "label", label, NULL);
}
