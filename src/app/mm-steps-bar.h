/* The steps of a walk across the top: those behind with a check, the present one in bold; where
 * there is no room, only "2/6" and the present one. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_STEPS_BAR (mm_steps_bar_get_type ())
G_DECLARE_FINAL_TYPE (MmStepsBar, mm_steps_bar, MM, STEPS_BAR, AdwBin)

/* An empty one. */
GtkWidget *mm_steps_bar_new (void);

/* Names the @n steps (translated), of which the one numbered @present, from 0, is the present. */
void mm_steps_bar_set (MmStepsBar *bar, const char *const *titles, guint n, guint present);

G_END_DECLS
