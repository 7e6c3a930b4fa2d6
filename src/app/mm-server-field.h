/* Which server: collapsed to its name and address where one is known, with a way to change it; an
 * entry otherwise. Main thread.
 *
 * Signals: "activated" (Enter in the entry).
 */
#pragma once

#include "mm-api.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_SERVER_FIELD (mm_server_field_get_type ())
G_DECLARE_FINAL_TYPE (MmServerField, mm_server_field, MM, SERVER_FIELD, AdwBin)

/* Shows the server at @url, collapsed; "": the entry. */
void mm_server_field_set_url (MmServerField *field, const char *url);

/* What the server calls itself; NULL: its address alone is shown. */
void mm_server_field_set_name (MmServerField *field, const char *name);

/* The address as mm_api_normalise_url() gives it, free with g_free(). If it is none, says so beside
 * the entry, moves the focus there and returns NULL. */
char *mm_server_field_take_url (MmServerField *field);

/* Opens the entry and says beside it what is wrong. */
void mm_server_field_set_error (MmServerField *field, const char *error);

G_END_DECLS
