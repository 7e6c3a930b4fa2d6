#include "mm-customer-print.h"

#include "mm-qr-code.h"

#include <pango/pangocairo.h>

#define MARGIN 57.0 /* points: 20 mm */
#define CODE 142.0  /* a side of the QR code: 50 mm */
#define GAP 12.0

typedef struct
{
  cairo_t *cr;
  const MmLanguage *language;
  double x;
  double y;
  double width;
} Pen;

/* Puts @text at the pen, @size points, and moves the pen below it. */
static void
put (Pen *pen, const char *text, double size, PangoWeight weight)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (pen->cr);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");
  int height;

  /* The page is measured in points, whatever the device's resolution is. */
  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_context_set_language (pango_layout_get_context (layout),
                              pango_language_from_string (mm_language_tag (pen->language)));
  pango_font_description_set_size (font, (int) (size * PANGO_SCALE));
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (pen->width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, 1.25f);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, NULL, &height);
  cairo_move_to (pen->cr, pen->x, pen->y);
  pango_cairo_show_layout (pen->cr, layout);
  pen->y += (double) height / PANGO_SCALE;
  pango_font_description_free (font);
}

static void
put_fact (Pen *pen, const char *name, const char *value)
{
  put (pen, name, 11, PANGO_WEIGHT_NORMAL);
  put (pen, value, 20, PANGO_WEIGHT_BOLD);
  pen->y += GAP;
}

void
mm_customer_print_draw (cairo_t *cr,
                        const MmCustomerSheet *sheet,
                        const MmLanguage *language,
                        double width,
                        double height)
{
  Pen pen = { cr, language, MARGIN, MARGIN, width - 2 * MARGIN };
  g_autofree char *title = mm_customer_sheet_title (sheet, language);
  g_autofree char *closing = mm_customer_sheet_closing (sheet, language);
  double top;

  cairo_set_source_rgb (cr, 0, 0, 0);
  put (&pen, title, 22, PANGO_WEIGHT_BOLD);
  pen.y += 2 * GAP;
  for (guint i = 0; i < MM_CUSTOMER_SHEET_STEPS; i++)
    {
      g_autofree char *step = mm_customer_sheet_step (sheet, language, i);
      g_autofree char *number = g_strdup_printf ("%u.", i + 1);
      double line = pen.y;

      put (&pen, number, 13, PANGO_WEIGHT_BOLD);
      pen.y = line;
      pen.x += 24;
      pen.width -= 24;
      put (&pen, step, 13, PANGO_WEIGHT_NORMAL);
      pen.x -= 24;
      pen.width += 24;
      pen.y += GAP;
    }
  pen.y += 2 * GAP;
  top = pen.y;
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, MARGIN, top - GAP);
  cairo_line_to (cr, width - MARGIN, top - GAP);
  cairo_stroke (cr);
  mm_qr_code_draw (cr, sheet->address, MARGIN, top, CODE);
  cairo_set_source_rgb (cr, 0, 0, 0);
  pen.x += CODE + 2 * GAP;
  pen.width -= CODE + 2 * GAP;
  put_fact (&pen, mm_tr (language, N_ ("Dealer")), sheet->dealer_name);
  put_fact (&pen, mm_tr (language, N_ ("Dealer ID")), sheet->user_id);
  put_fact (&pen, mm_tr (language, N_ ("Phone number of the dealer")), sheet->phone);
  pen.x = MARGIN;
  pen.width = width - 2 * MARGIN;
  pen.y = MAX (pen.y, top + CODE) + GAP;
  put (&pen, sheet->address, 12, PANGO_WEIGHT_NORMAL);
  pen.y += 2 * GAP;
  put (&pen, closing, 11, PANGO_WEIGHT_NORMAL);
}

/* A print operation outlives the page that began it. */
typedef struct
{
  MmCustomerSheet *sheet;
  MmLanguages *languages;
  const MmLanguage *language;
} Job;

static void
job_free (gpointer data, GClosure *closure)
{
  Job *job = data;

  mm_customer_sheet_free (job->sheet);
  mm_languages_free (job->languages);
  g_free (job);
}

static void
on_draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer user_data)
{
  Job *job = user_data;

  mm_customer_print_draw (gtk_print_context_get_cairo_context (context), job->sheet, job->language,
                          gtk_print_context_get_width (context),
                          gtk_print_context_get_height (context));
}

static GtkPrintOperation *
operation_new (const MmCustomerSheet *sheet, const MmLanguage *language)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) a4 = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  g_autofree char *title = mm_customer_sheet_title (sheet, language);
  Job *job = g_new0 (Job, 1);

  job->sheet = mm_customer_sheet_copy (sheet);
  job->languages = mm_languages_new_built_in ();
  job->language = mm_languages_get (job->languages, mm_language_tag (language));
  gtk_page_setup_set_paper_size (setup, a4);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_job_name (operation, title);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page), job, job_free, 0);
  return operation;
}

void
mm_customer_print_run (GtkWindow *parent, const MmCustomerSheet *sheet, const MmLanguage *language)
{
  g_autoptr (GtkPrintOperation) operation = operation_new (sheet, language);

  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}

gboolean
mm_customer_print_export (GtkWindow *parent,
                          const MmCustomerSheet *sheet,
                          const MmLanguage *language,
                          const char *path,
                          GError **error)
{
  g_autoptr (GtkPrintOperation) operation = operation_new (sheet, language);

  gtk_print_operation_set_export_filename (operation, path);
  return gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, parent, error)
         == GTK_PRINT_OPERATION_RESULT_APPLY;
}
