#include "mm-qr-code.h"

#include <math.h>
#include <qrencode.h>

#define QUIET 4 /* modules around it that stay white; ISO/IEC 18004 */
#define SMALLEST                                                                                   \
  132 /* of a side, in pixels: an address of 80 bytes is still read from a screen                  \
       */
#define SIDE 200

struct _MmQrCode
{
  GtkWidget parent;

  char *text;
};

G_DEFINE_FINAL_TYPE (MmQrCode, mm_qr_code, GTK_TYPE_WIDGET)

enum
{
  PROP_TEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* @whole: modules are whole pixels, as their edges would blur on a screen. */
static void
draw (cairo_t *cr, const char *text, double x, double y, double size, gboolean whole)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  double module;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, x, y, size, size);
  cairo_fill (cr);
  if (code == NULL)
    {
      g_warning ("a QR code cannot be made");
      return;
    }
  module = size / (code->width + 2 * QUIET);
  if (whole && module >= 1)
    module = floor (module);
  x += (size - module * code->width) / 2;
  y += (size - module * code->width) / 2;
  if (whole)
    {
      x = floor (x);
      y = floor (y);
    }
  for (int row = 0; row < code->width; row++)
    for (int column = 0; column < code->width; column++)
      if (code->data[row * code->width + column] & 1)
        cairo_rectangle (cr, x + column * module, y + row * module, module, module);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_fill (cr);
  QRcode_free (code);
}

void
mm_qr_code_draw (cairo_t *cr, const char *text, double x, double y, double size)
{
  draw (cr, text, x, y, size, FALSE);
}

void
mm_qr_code_set_text (MmQrCode *code, const char *text)
{
  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (code->text, text) == 0)
    return;
  g_free (code->text);
  code->text = g_strdup (text);
  gtk_widget_queue_draw (GTK_WIDGET (code));
  g_object_notify_by_pspec (G_OBJECT (code), props[PROP_TEXT]);
}

const char *
mm_qr_code_get_text (MmQrCode *code)
{
  return code->text;
}

static void
mm_qr_code_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MmQrCode *code = MM_QR_CODE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int side = MIN (width, height);
  graphene_rect_t area = GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &area, 6);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  if (code->text == NULL)
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &area);
  else
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);

      draw (cr, code->text, area.origin.x, area.origin.y, side, TRUE);
      cairo_destroy (cr);
    }
  gtk_snapshot_pop (snapshot);
}

static GtkSizeRequestMode
mm_qr_code_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
mm_qr_code_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  *minimum = SMALLEST;
  *natural = SIDE;
}

static void
mm_qr_code_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    g_value_set_string (value, MM_QR_CODE (object)->text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_qr_code_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    mm_qr_code_set_text (MM_QR_CODE (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_qr_code_finalize (GObject *object)
{
  g_free (MM_QR_CODE (object)->text);
  G_OBJECT_CLASS (mm_qr_code_parent_class)->finalize (object);
}

static void
mm_qr_code_class_init (MmQrCodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = mm_qr_code_get_property;
  object_class->set_property = mm_qr_code_set_property;
  object_class->finalize = mm_qr_code_finalize;
  widget_class->snapshot = mm_qr_code_snapshot;
  widget_class->measure = mm_qr_code_measure;
  widget_class->get_request_mode = mm_qr_code_get_request_mode;
  props[PROP_TEXT]
      = g_param_spec_string ("text", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mm_qr_code_init (MmQrCode *code)
{
}

GtkWidget *
mm_qr_code_new (const char *text, const char *label)
{
  MmQrCode *code = g_object_new (MM_TYPE_QR_CODE, "text", text, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (code), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (code);
}
