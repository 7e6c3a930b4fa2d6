/* Three template sets: subjects, texts, HTML; see the header. Any thread. */
#include "mm-letter.h"

#include "mm-resources-letters.h"
#include "mm-template.h"

#define PREFIX "/org/mimamori/letters/"

struct _MmLetters
{
  MmTemplates *subjects;
  MmTemplates *texts;
  MmTemplates *htmls;
};

/* Linked in by our own build and tried by a unit test: one that does not compile is a broken build.
 */
static MmTemplates *
load (const char *suffix, const char *parts, const char *parts_suffix, MmEscape escape)
{
  g_autoptr (GHashTable) sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  MmTemplates *templates;

  mm_templates_read (sources, mm_letters_get_resource (), PREFIX, suffix);
  if (parts != NULL)
    mm_templates_read (sources, mm_letters_get_resource (), parts, parts_suffix);
  templates = mm_templates_compile (sources, escape, &error);
  if (templates == NULL)
    g_error ("A letter: %s", error->message);
  return templates;
}

MmLetters *
mm_letters_new (void)
{
  MmLetters *letters = g_new0 (MmLetters, 1);

  letters->subjects = load (".subject", NULL, NULL, MM_ESCAPE_NONE);
  letters->texts = load (".letter", PREFIX "text/", ".txt", MM_ESCAPE_NONE);
  letters->htmls = load (".letter", PREFIX "html/", ".html", MM_ESCAPE_HTML);
  return letters;
}

void
mm_letters_free (MmLetters *letters)
{
  mm_templates_free (letters->subjects);
  mm_templates_free (letters->texts);
  mm_templates_free (letters->htmls);
  g_free (letters);
}

/* A subject is one line, whatever a name in it holds. */
static void
make_one_line (char *text)
{
  for (char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  g_strstrip (text);
}

MmLetter *
mm_letter_render (const MmLetters *letters,
                  const char *name,
                  const MmLanguage *language,
                  const json_t *values)
{
  MmLetter *letter = g_new0 (MmLetter, 1);
  json_t *all = json_copy ((json_t *) values);

  letter->subject = mm_templates_render (letters->subjects, name, language, values);
  make_one_line (letter->subject);
  json_object_set_new (all, "language", json_string (mm_language_tag (language)));
  json_object_set_new (all, "subject", json_string (letter->subject));
  letter->text = mm_templates_render (letters->texts, name, language, all);
  letter->html = mm_templates_render (letters->htmls, name, language, all);
  json_decref (all);
  return letter;
}

void
mm_letter_free (MmLetter *letter)
{
  g_free (letter->subject);
  g_free (letter->text);
  g_free (letter->html);
  g_free (letter);
}
