/* Labels of gateways on paper: several on an A4 sheet, each with ID, activation code and a QR code
 * that opens the registration page for customers with both filled in. Main thread.
 */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The address in the QR code: the registration page of the server at @public_url. Free with
 * g_free(). */
char *mm_labels_link (const char *public_url, const char *id, const char *code);

/* Draws the label of @id with @code into @width x @height at @x, @y of @cr, in points. @public_url:
 * NULL: without QR code, as it would lead nowhere. */
void mm_labels_draw (cairo_t *cr,
                     const char *public_url,
                     const char *id,
                     const char *code,
                     double x,
                     double y,
                     double width,
                     double height);

/* Asks how and prints the labels of @issued ("Issued" of docs/openapi.yaml; those without a code
 * are left out). @parent: a widget of the window that the dialog belongs to. */
void mm_labels_print (GtkWidget *parent, const char *public_url, JsonArray *issued);

G_END_DECLS
