/* What asks before alerts are acknowledged: what that means, a note, and the button that does it.
 * Main thread.
 *
 * Signal "done": all of them are acknowledged; it has closed.
 */
#pragma once

#include "mm-api.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define MM_TYPE_ACKNOWLEDGE (mm_acknowledge_get_type ())
G_DECLARE_FINAL_TYPE (MmAcknowledge, mm_acknowledge, MM, ACKNOWLEDGE, GtkPopover)

/* A new one, floating, for the alerts with these @ids. */
GtkWidget *mm_acknowledge_new (MmApi *api, const char *const *ids);

G_END_DECLS
