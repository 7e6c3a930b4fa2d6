/* The customers who have linked a gateway: since when, what they allow, and declining. Main thread.
 */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_LINK_LIST (mm_link_list_get_type ())
G_DECLARE_FINAL_TYPE (MmLinkList, mm_link_list, MM, LINK_LIST, AdwBin)

/* Asks @api for the links, now and whenever it is called again. */
void mm_link_list_load (MmLinkList *list, MmApi *api);

G_END_DECLS
