/* The rules of a new password, each of which turns into a check while one types; the rules
 * themselves are core/mm-account.h's. Main thread.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MM_TYPE_PASSWORD_CHECKS (mm_password_checks_get_type ())
G_DECLARE_FINAL_TYPE (MmPasswordChecks, mm_password_checks, MM, PASSWORD_CHECKS, AdwBin)

/* The most characters that the server allows; MM_PASSWORD_MAX at first. */
void mm_password_checks_set_max (MmPasswordChecks *checks, guint max);

/* Shows which rules @password keeps. */
void mm_password_checks_update (MmPasswordChecks *checks, const char *password);

G_END_DECLS
