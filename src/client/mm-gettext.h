/* The words of the desk: gettext's own functions in the one language of the process. (The server
 * speaks several at once and has codec/mm-language.h.) What core/ marked with N_() is translated
 * with _() here. */
#pragma once

#include "mm-language.h"

#include <glib.h>
#include <libintl.h>

#define MM_GETTEXT_DOMAIN "mimamori"

#define _(msgid) g_dgettext (MM_GETTEXT_DOMAIN, msgid)
#define C_(context, msgid) g_dpgettext2 (MM_GETTEXT_DOMAIN, context, msgid)
#undef ngettext
#define ngettext(singular, plural, n) g_dngettext (MM_GETTEXT_DOMAIN, singular, plural, n)

/* The same language for what codec/ formats: figures, times, dates. It is constant, as the locale
 * of the process is; call it only after mm_install_init(). */
const MmLanguage *mm_own_language (void);
