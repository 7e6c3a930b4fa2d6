#include "mm-labels.h"

#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-qr-code.h"

#define COLUMNS 2
#define ROWS 5
#define PER_SHEET (COLUMNS * ROWS)
#define PADDING 10.0 /* points */

typedef struct
{
  char *public_url;
  GPtrArray *objects; /* JsonObject */
} Job;

static void
job_free (Job *job)
{
  g_free (job->public_url);
  g_ptr_array_unref (job->objects);
  g_free (job);
}

char *
mm_labels_link (const char *public_url, const char *id, const char *code)
{
  g_autofree char *escaped_id = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *escaped_code = g_uri_escape_string (code, NULL, FALSE);

  return g_strdup_printf ("%s/register/customer?gateway_id=%s&activation_code=%s", public_url,
                          escaped_id, escaped_code);
}

static double
draw_text (cairo_t *cr, const char *text, const char *font, double x, double y, double width)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);
  int height;

  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, NULL, &height);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (description);
  return y + (double) height / PANGO_SCALE;
}

void
mm_labels_draw (cairo_t *cr,
                const char *public_url,
                const char *id,
                const char *code,
                double x,
                double y,
                double width,
                double height)
{
  double side = public_url != NULL ? MIN (height - 2 * PADDING, width / 2.5) : 0;
  double left = x + PADDING + (side > 0 ? side + PADDING : 0);
  double room = x + width - PADDING - left;
  double line = y + PADDING;

  cairo_save (cr);
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.75);
  cairo_set_line_width (cr, 0.5);
  cairo_rectangle (cr, x, y, width, height);
  cairo_stroke (cr);
  if (side > 0)
    {
      g_autofree char *link = mm_labels_link (public_url, id, code);

      mm_qr_code_draw (cr, link, x + PADDING, y + (height - side) / 2, side);
    }
  cairo_set_source_rgb (cr, 0, 0, 0);
  line = draw_text (cr, _ ("Gateway ID"), "Sans 7", left, line, room);
  line = draw_text (cr, id, "Monospace Bold 11", left, line, room) + 6;
  line = draw_text (cr, _ ("Activation code"), "Sans 7", left, line, room);
  line = draw_text (cr, code, "Monospace Bold 11", left, line, room) + 6;
  if (public_url != NULL)
    {
      line = draw_text (cr, _ ("Register here as a customer:"), "Sans 7", left, line, room);
      draw_text (cr, public_url, "Sans 7", left, line, room);
    }
  cairo_restore (cr);
}

static void
on_begin (GtkPrintOperation *print, GtkPrintContext *context, Job *job)
{
  gtk_print_operation_set_n_pages (print, (int) ((job->objects->len + PER_SHEET - 1) / PER_SHEET));
}

static void
on_draw (GtkPrintOperation *print, GtkPrintContext *context, int page, Job *job)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double width = gtk_print_context_get_width (context) / COLUMNS;
  double height = gtk_print_context_get_height (context) / ROWS;

  for (guint i = 0; i < PER_SHEET && (guint) page * PER_SHEET + i < job->objects->len; i++)
    {
      JsonObject *one = job->objects->pdata[(guint) page * PER_SHEET + i];

      mm_labels_draw (cr, job->public_url, mm_json_text (one, "id"),
                      mm_json_text (one, "activation_code"), (i % COLUMNS) * width,
                      (i / COLUMNS) * height, width, height);
    }
}

void
mm_labels_print (GtkWidget *parent, const char *public_url, JsonArray *issued)
{
  g_autoptr (GtkPrintOperation) print = gtk_print_operation_new ();
  GtkRoot *root = gtk_widget_get_root (parent);
  Job *job = g_new0 (Job, 1);

  job->public_url = g_strdup (public_url);
  job->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  for (guint i = 0; i < mm_json_length (issued); i++)
    {
      JsonObject *one = mm_json_element (issued, i);

      if (one != NULL && *mm_json_text (one, "activation_code") != '\0')
        g_ptr_array_add (job->objects, json_object_ref (one));
    }
  gtk_print_operation_set_job_name (print, _ ("Labels of gateways"));
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  gtk_print_operation_set_allow_async (print, TRUE);
  g_signal_connect (print, "begin-print", G_CALLBACK (on_begin), job);
  g_signal_connect (print, "draw-page", G_CALLBACK (on_draw), job);
  g_object_set_data_full (G_OBJECT (print), "job", job, (GDestroyNotify) job_free);
  gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL);
}
