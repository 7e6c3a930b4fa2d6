#include "mm-gettext.h"

const MmLanguage *
mm_own_language (void)
{
  static gsize own = 0;

  if (g_once_init_enter (&own))
    {
      /* Translators: the tag of the language that this catalogue is for, such as “ja”. */
      const char *tag = C_ ("language", "en");

      /* Lives as long as the process, as gettext's own catalogue does. */
      g_once_init_leave (&own,
                         GPOINTER_TO_SIZE (mm_languages_get (mm_languages_new_built_in (), tag)));
    }
  return GSIZE_TO_POINTER (own);
}
