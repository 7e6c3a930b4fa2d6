#include "mm-sheet.h"

struct _MmSheet
{
  AdwBin parent;

  GtkScrolledWindow *scrolled;
  GtkBox *column;
  GtkLabel *title;
  GtkLabel *lead;
};

enum
{
  PROP_TITLE = 1,
  PROP_LEAD,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MmSheet,
                               mm_sheet,
                               ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

void
mm_sheet_set_lead (MmSheet *sheet, const char *lead)
{
  gtk_label_set_label (sheet->lead, lead != NULL ? lead : "");
  gtk_widget_set_visible (GTK_WIDGET (sheet->lead), lead != NULL && *lead != '\0');
}

void
mm_sheet_add (MmSheet *sheet, GtkWidget *child)
{
  gtk_box_append (sheet->column, child);
}

void
mm_sheet_scroll_up (MmSheet *sheet)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (sheet->scrolled), 0);
}

static void
mm_sheet_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  MmSheet *sheet = MM_SHEET (buildable);

  /* Its own template comes before there is a column. */
  if (GTK_IS_WIDGET (child) && sheet->column != NULL)
    mm_sheet_add (sheet, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = mm_sheet_add_child;
}

static void
mm_sheet_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MmSheet *sheet = MM_SHEET (object);

  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_label (sheet->title,
                           g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    case PROP_LEAD:
      mm_sheet_set_lead (sheet, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_sheet_class_init (MmSheetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = mm_sheet_set_property;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_LEAD] = g_param_spec_string ("lead", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/mimamori/Mimamori/ui/mm-sheet.ui");
  gtk_widget_class_bind_template_child (widget_class, MmSheet, scrolled);
  gtk_widget_class_bind_template_child (widget_class, MmSheet, column);
  gtk_widget_class_bind_template_child (widget_class, MmSheet, title);
  gtk_widget_class_bind_template_child (widget_class, MmSheet, lead);
}

static void
mm_sheet_init (MmSheet *sheet)
{
  gtk_widget_init_template (GTK_WIDGET (sheet));
}

GtkWidget *
mm_sheet_new (const char *title, const char *lead)
{
  return g_object_new (MM_TYPE_SHEET, "title", title, "lead", lead, NULL);
}
