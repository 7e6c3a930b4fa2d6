#include "mm-mail-words.h"

#include "mm-gettext.h"
#include "mm-json.h"

#include <string.h>

char *
mm_mail_words (JsonObject *mail)
{
  static const struct
  {
    const char *state;
    const char *words;
  } states[] = {
    { "accepted", N_ ("Accepted by the mail server") },
    { "refused", N_ ("Refused") },
    { "given-up", N_ ("Given up after many tries") },
    { "dropped", N_ ("Dropped, as it is no longer needed") },
  };
  const char *state = mm_json_text (mail, "state");
  const char *answer = mm_json_text (mail, "answer");
  const char *words
      = mm_json_integer (mail, "tries") > 0 ? _ ("Waiting for another try") : _ ("Waiting");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      words = _ (states[i].words);
  if (g_str_equal (state, "accepted") || *answer == '\0')
    return g_strdup (words);
  return g_strdup_printf (_ ("%s: %s"), words, answer);
}
