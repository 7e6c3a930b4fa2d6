/* Keys and activation codes that were issued just now and are shown only once.
 * Main thread. */
#pragma once

#include "mm-application.h"
#include "mm-pane.h"

G_BEGIN_DECLS

#define MM_TYPE_HOSTING_ISSUED (mm_hosting_issued_get_type ())
G_DECLARE_FINAL_TYPE (MmHostingIssued, mm_hosting_issued, MM, HOSTING_ISSUED, MmPane)

/* A new one, floating. @issued: of "Issued" of docs/openapi.yaml */
GtkWidget *mm_hosting_issued_new (MmApplication *app, JsonArray *issued);

G_END_DECLS
