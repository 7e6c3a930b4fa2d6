#include "mm-gettext.h"

const MmLanguage *
mm_own_language (void)
{
  /* Lives as long as the process, as gettext's own catalogue does. */
  static MmLanguages *languages = NULL;

  if (g_once_init_enter (&languages))
    g_once_init_leave (&languages, mm_languages_new_built_in ());
  /* Translators: the tag of the language that this catalogue is for, such as “ja”. */
  return mm_languages_get (languages, C_ ("language", "en"));
}
