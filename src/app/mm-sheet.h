/* A page to read or fill in from top to bottom: one column of at most 600 px that scrolls, with a
 * heading and a sentence that leads in. In a template, its children stand below each other. Main
 * thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_SHEET (mm_sheet_get_type ())
G_DECLARE_FINAL_TYPE (MmSheet, mm_sheet, MM, SHEET, AdwBin)

/* An empty one. Properties for templates: "title", "lead" (translated; lead may be NULL). */
GtkWidget *mm_sheet_new (const char *title, const char *lead);

/* The sentence that leads in; NULL: none. */
void mm_sheet_set_lead (MmSheet *sheet, const char *lead);

/* Adds @child below the others. */
void mm_sheet_add (MmSheet *sheet, GtkWidget *child);

/* Shows the beginning. */
void mm_sheet_scroll_up (MmSheet *sheet);

G_END_DECLS
