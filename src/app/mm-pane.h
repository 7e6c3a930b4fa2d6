/* The frame of every page: a header bar with title and a way back, a notice across the top, and
 * below it either the page's content, or that it is on its way (after 300 ms, never a blank), or a
 * message instead of it: empty, or what went wrong and what to do.
 *
 * In a template, children of an MmPane are its content; type="start" and type="end" put them into
 * the header bar. Main thread.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_PANE (mm_pane_get_type ())
G_DECLARE_DERIVABLE_TYPE (MmPane, mm_pane, MM, PANE, AdwBin)

struct _MmPaneClass
{
  AdwBinClass parent_class;
};

/* An empty one that shows its content. @title: translated */
GtkWidget *mm_pane_new (const char *title);

/* The title, translated. */
void mm_pane_set_title (MmPane *page, const char *title);

/* A second, smaller line; NULL or "": none. */
void mm_pane_set_subtitle (MmPane *page, const char *subtitle);

/* Puts @child, the content, into the page. */
void mm_pane_set_content (MmPane *page, GtkWidget *child);

/* One of three: the content, */
void mm_pane_show_content (MmPane *page);

/* that it is being fetched, which becomes visible after 300 ms, */
void mm_pane_show_waiting (MmPane *page);

/* or a message. @action, @label: the detailed name of an action ("win.retry", "win.open::x") and
 * the words of its button; NULL: no button. @description may be NULL. */
void mm_pane_show_message (MmPane *page,
                           const char *icon_name,
                           const char *title,
                           const char *description,
                           const char *label,
                           const char *action);

/* A line above whatever is shown, for what is wrong while the page can still be used. @text: NULL
 * takes it away. @label, @action: as above. */
void mm_pane_set_notice (MmPane *page, const char *text, const char *label, const char *action);

G_END_DECLS
