#include "mm-fault.h"

#include <string.h>

#define CATALOGUE_GROUP "Catalogue"
/* In place of a maker's name: of WhenUnknown (no name holds a tab), and of files without Makers. */
#define MAKER_UNKNOWN "\t"
#define MAKER_ANY ""

/* A span of codes; all texts folded. */
typedef struct
{
  char *maker;
  char *first;
  char *last;
  const MmFault *fault;
} Span;

struct _MmFaultCatalogue
{
  GPtrArray *faults;  /* of MmFault, owned; also those that a later file replaced */
  GPtrArray *makers;  /* folded names */
  GHashTable *codes;  /* "maker TAB code", folded → MmFault */
  GPtrArray *spans;   /* of Span, in the order they were added */
  MmFault *otherwise; /* for a code that nobody knows */
};

/* The one entry that is not data, so that a code has a meaning whatever files are there. */
static const char otherwise_text[]
    = "[*]\n"
      "Severity=major\n"
      "Meaning=The device reports fault %s\n"
      "Meaning[ja]=機器が異常「%s」を通知しています\n"
      "First=Look up the code in the device's manual and ask its maker if in doubt.\n"
      "First[ja]="
      "機器の取扱説明書でコードをご確認のうえ、ご不明な場合はメーカーにお問い合わせください。\n";

static void
fault_free (gpointer data)
{
  MmFault *fault = data;

  g_free (fault->meaning_en);
  g_free (fault->meaning_ja);
  g_free (fault->first_en);
  g_free (fault->first_ja);
  g_free (fault);
}

static void
span_free (gpointer data)
{
  Span *span = data;

  g_free (span->maker);
  g_free (span->first);
  g_free (span->last);
  g_free (span);
}

/* Case and width aside. Makers write themselves in any way; codes are typed by people. */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  char *folded = g_utf8_casefold (normal != NULL ? normal : "", -1);

  return g_strstrip (folded);
}

static char *
code_key (const char *maker, const char *code)
{
  return g_strconcat (maker, "\t", code, NULL);
}

static gboolean
set_error (GError **error, const char *group, const char *problem)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "[%s]: %s", group, problem);
  return FALSE;
}

/* Reads one group; NULL with @error if it is malformed. */
static MmFault *
read_fault (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *severity_name = g_key_file_get_string (file, group, "Severity", NULL);
  g_autofree char *shows = g_key_file_get_string (file, group, "Shows", NULL);
  g_autofree char *meaning = g_key_file_get_string (file, group, "Meaning", NULL);
  g_autofree char *first = g_key_file_get_string (file, group, "First", NULL);
  MmSeverity severity = MM_SEVERITY_NONE;
  MmStatus status = MM_STATUS_NORMAL;
  MmFault *fault;

  if (severity_name == NULL || !mm_severity_from_name (severity_name, &severity)
      || severity == MM_SEVERITY_NONE)
    {
      set_error (error, group, "Severity is not info, warning, minor, major or critical");
      return NULL;
    }
  if (shows != NULL
      && (!mm_status_from_name (shows, &status)
          || (status != MM_STATUS_ISLANDED && status != MM_STATUS_CURTAILED)))
    {
      set_error (error, group, "Shows is not islanded or curtailed");
      return NULL;
    }
  if (meaning == NULL || *meaning == '\0' || first == NULL || *first == '\0')
    {
      set_error (error, group, "Meaning or First is missing");
      return NULL;
    }
  fault = g_new0 (MmFault, 1);
  fault->severity = severity;
  fault->shows = status;
  fault->meaning_en = g_steal_pointer (&meaning);
  fault->first_en = g_steal_pointer (&first);
  fault->meaning_ja = g_key_file_get_locale_string (file, group, "Meaning", "ja", NULL);
  fault->first_ja = g_key_file_get_locale_string (file, group, "First", "ja", NULL);
  return fault;
}

/* Files @fault under each code that @group names, for @maker (folded). */
static void
file_fault (MmFaultCatalogue *self, const char *maker, const char *group, MmFault *fault)
{
  g_auto (GStrv) codes = g_strsplit (group, ";", -1);

  for (guint i = 0; codes[i] != NULL; i++)
    {
      g_autofree char *code = fold (codes[i]);
      char *dots = strstr (code, "..");

      if (dots != NULL)
        {
          Span *span = g_new0 (Span, 1);

          span->maker = g_strdup (maker);
          span->first = g_strndup (code, (gsize) (dots - code));
          span->last = g_strdup (dots + 2);
          span->fault = fault;
          g_ptr_array_add (self->spans, span);
        }
      else
        g_hash_table_replace (self->codes, code_key (maker, code), fault);
    }
}

MmFaultCatalogue *
mm_fault_catalogue_new (void)
{
  MmFaultCatalogue *self = g_new0 (MmFaultCatalogue, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  self->faults = g_ptr_array_new_with_free_func (fault_free);
  self->makers = g_ptr_array_new_with_free_func (g_free);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->spans = g_ptr_array_new_with_free_func (span_free);
  g_key_file_load_from_data (file, otherwise_text, sizeof otherwise_text - 1,
                             G_KEY_FILE_KEEP_TRANSLATIONS, NULL);
  self->otherwise = read_fault (file, "*", NULL);
  g_ptr_array_add (self->faults, self->otherwise);
  return self;
}

void
mm_fault_catalogue_free (MmFaultCatalogue *self)
{
  g_hash_table_unref (self->codes);
  g_ptr_array_unref (self->spans);
  g_ptr_array_unref (self->makers);
  g_ptr_array_unref (self->faults);
  g_free (self);
}

/* The folded names under which the codes of @file are filed. */
static GPtrArray *
read_makers (GKeyFile *file)
{
  g_auto (GStrv) names = g_key_file_get_string_list (file, CATALOGUE_GROUP, "Makers", NULL, NULL);
  GPtrArray *makers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      char *maker = fold (names[i]);

      if (*maker != '\0')
        g_ptr_array_add (makers, maker);
      else
        g_free (maker);
    }
  if (makers->len == 0)
    g_ptr_array_add (makers, g_strdup (MAKER_ANY));
  else if (g_key_file_get_boolean (file, CATALOGUE_GROUP, "WhenUnknown", NULL))
    g_ptr_array_add (makers, g_strdup (MAKER_UNKNOWN));
  return makers;
}

gboolean
mm_fault_catalogue_add (MmFaultCatalogue *self, const char *text, gssize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) makers = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (fault_free);
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_auto (GStrv) names = NULL;

  if (!g_key_file_load_from_data (file, text, length >= 0 ? (gsize) length : strlen (text),
                                  G_KEY_FILE_KEEP_TRANSLATIONS, error))
    return FALSE;
  names = g_key_file_get_groups (file, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      MmFault *fault;

      if (strcmp (names[i], CATALOGUE_GROUP) == 0)
        continue;
      fault = read_fault (file, names[i], error);
      if (fault == NULL)
        return FALSE;
      g_ptr_array_add (faults, fault);
      g_ptr_array_add (groups, names[i]);
    }
  makers = read_makers (file);
  for (guint m = 0; m < makers->len; m++)
    {
      const char *maker = makers->pdata[m];

      if (!g_ptr_array_find_with_equal_func (self->makers, maker, g_str_equal, NULL))
        g_ptr_array_add (self->makers, g_strdup (maker));
      for (guint i = 0; i < groups->len; i++)
        file_fault (self, maker, groups->pdata[i], faults->pdata[i]);
    }
  g_ptr_array_extend_and_steal (self->faults, g_steal_pointer (&faults));
  return TRUE;
}

guint
mm_fault_catalogue_size (const MmFaultCatalogue *self)
{
  return g_hash_table_size (self->codes) + self->spans->len;
}

/* Whether @code lies in @span; only codes of equal length are comparable. */
static gboolean
span_holds (const Span *span, const char *code)
{
  return strlen (code) == strlen (span->first) && strcmp (code, span->first) >= 0
         && strcmp (code, span->last) <= 0;
}

static const MmFault *
find_filed (const MmFaultCatalogue *self, const char *maker, const char *code)
{
  g_autofree char *key = code_key (maker, code);
  const MmFault *fault = g_hash_table_lookup (self->codes, key);

  /* From the last on, since what was added later wins. */
  for (guint i = self->spans->len; fault == NULL && i > 0; i--)
    {
      const Span *span = self->spans->pdata[i - 1];

      if (strcmp (span->maker, maker) == 0 && span_holds (span, code))
        fault = span->fault;
    }
  return fault;
}

const MmFault *
mm_fault_catalogue_find (const MmFaultCatalogue *self, const char *maker, const char *code)
{
  g_autofree char *folded_maker = fold (maker != NULL ? maker : "");
  g_autofree char *folded_code = fold (code);
  const MmFault *fault = NULL;

  if (*folded_maker == '\0')
    fault = find_filed (self, MAKER_UNKNOWN, folded_code);
  for (guint i = 0; fault == NULL && i < self->makers->len; i++)
    {
      const char *name = self->makers->pdata[i];

      if (*name != '\0' && strstr (folded_maker, name) != NULL)
        fault = find_filed (self, name, folded_code);
    }
  if (fault == NULL)
    fault = find_filed (self, MAKER_ANY, folded_code);
  return fault != NULL ? fault : self->otherwise;
}

/* @text with the code in its place. The text is data: it is never used as a format. */
static char *
with_code (const char *text, const char *code)
{
  g_auto (GStrv) parts = g_strsplit (text, "%s", -1);

  return g_strjoinv (code, parts);
}

char *
mm_fault_meaning (const MmFault *fault, const char *language, const char *code)
{
  return with_code (g_str_has_prefix (language, "ja") ? fault->meaning_ja : fault->meaning_en,
                    code);
}

char *
mm_fault_first_step (const MmFault *fault, const char *language, const char *code)
{
  return with_code (g_str_has_prefix (language, "ja") ? fault->first_ja : fault->first_en, code);
}
