/* The sheet for a customer on A4 paper, printed or as a PDF file. Main thread. */
#pragma once

#include "mm-customer-sheet.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Draws @sheet, which has an address, in @language onto a page of @width and @height points. */
void mm_customer_print_draw (cairo_t *cr,
                             const MmCustomerSheet *sheet,
                             const MmLanguage *language,
                             double width,
                             double height);

/* Asks which printer, and prints; @sheet is copied. */
void mm_customer_print_run (GtkWindow *parent,
                            const MmCustomerSheet *sheet,
                            const MmLanguage *language);

/* Writes it to the file @path. FALSE with @error if that was not possible. */
gboolean mm_customer_print_export (GtkWindow *parent,
                                   const MmCustomerSheet *sheet,
                                   const MmLanguage *language,
                                   const char *path,
                                   GError **error);

G_END_DECLS
