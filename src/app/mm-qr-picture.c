#include "mm-qr-picture.h"

#include <qrencode.h>

#define QUIET 4
#define MODULE 4 /* pixels at least */

struct _MmQrPicture
{
  GtkWidget parent;

  QRcode *code;
};

G_DEFINE_FINAL_TYPE (MmQrPicture, mm_qr_picture, GTK_TYPE_WIDGET)

void
mm_qr_picture_set_text (MmQrPicture *picture, const char *text, const char *label)
{
  g_clear_pointer (&picture->code, QRcode_free);
  if (text != NULL)
    picture->code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_queue_resize (GTK_WIDGET (picture));
}

static void
mm_qr_picture_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  MmQrPicture *picture = MM_QR_PICTURE (widget);

  *minimum = *natural = picture->code != NULL ? (picture->code->width + 2 * QUIET) * MODULE : 0;
}

static void
mm_qr_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const QRcode *code = MM_QR_PICTURE (widget)->code;
  const GdkRGBA white = { 1, 1, 1, 1 }, black = { 0, 0, 0, 1 };
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int modules, module, left, top;

  if (code == NULL)
    return;
  modules = code->width + 2 * QUIET;
  module = MAX (MIN (width, height) / modules, 1);
  left = (width - module * modules) / 2;
  top = (height - module * modules) / 2;
  gtk_snapshot_append_color (snapshot, &white,
                             &GRAPHENE_RECT_INIT (left, top, module * modules, module * modules));
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (code->data[y * code->width + x] & 1)
        gtk_snapshot_append_color (snapshot, &black,
                                   &GRAPHENE_RECT_INIT (left + (x + QUIET) * module,
                                                        top + (y + QUIET) * module, module,
                                                        module));
}

static void
mm_qr_picture_finalize (GObject *object)
{
  g_clear_pointer (&MM_QR_PICTURE (object)->code, QRcode_free);
  G_OBJECT_CLASS (mm_qr_picture_parent_class)->finalize (object);
}

static void
mm_qr_picture_class_init (MmQrPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mm_qr_picture_finalize;
  widget_class->measure = mm_qr_picture_measure;
  widget_class->snapshot = mm_qr_picture_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
mm_qr_picture_init (MmQrPicture *picture)
{
}
