/* Leave to go on without a window, where the desktop gives it: in a Flatpak, by the Background
 * portal. Elsewhere none is needed. Main thread. Source: architecture.md "Child server".
 */
#pragma once

#include "mm-application.h"

G_BEGIN_DECLS

/* Asks for it. If it is denied, the setting "run-in-background" of @app is taken back. */
void mm_background_request (MmApplication *app);

G_END_DECLS
