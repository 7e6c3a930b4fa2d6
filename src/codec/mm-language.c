/* Catalogues, negotiation and formats; see the header. Immutable once filled, any thread. */
#include "mm-language.h"

#include "mm-error.h"
#include "mm-resources-po.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* A .mo file: seven words (magic, revision, number of strings, offsets of the two tables, hash
 * table we do not need), two tables of (length, offset), the strings, each followed by a NUL. */
#define MO_MAGIC 0x950412deU
#define MO_HEADER_SIZE 28
#define MAX_RANGES 20

typedef enum
{
  PLURAL_ONE_FORM, /* ja: 3 台 as 1 台 */
  PLURAL_NOT_ONE,  /* n != 1 */
  PLURAL_ABOVE_ONE /* n > 1 */
} PluralRule;

typedef struct
{
  const char *forms; /* one or more NUL-terminated strings in a row */
  guint n_forms;
} Entry;

struct _MmLanguage
{
  char *tag;
  GBytes *mo;
  GHashTable *entries; /* msgid or context EOT msgid → Entry; NULL for English */
  PluralRule plural;
};

struct _MmLanguages
{
  GPtrArray *all; /* MmLanguage; English first */
};

typedef struct
{
  const guint8 *data;
  gsize size;
  gboolean swapped;
} Reader;

static gboolean
refuse (GError **error)
{
  return mm_error_set (error, MM_ERROR_INVALID, "bad-catalogue",
                       N_ ("The message catalogue is damaged."));
}

static guint32
read_word (const Reader *reader, gsize offset)
{
  guint32 word;

  memcpy (&word, reader->data + offset, sizeof word);
  return reader->swapped ? GUINT32_SWAP_LE_BE (word) : word;
}

/* The string that row @index of the table at @table points to; NULL if it lies outside. */
static const char *
read_string (const Reader *reader, gsize table, guint32 index, gsize *length)
{
  gsize row = table + (gsize) index * 8;
  gsize len = read_word (reader, row);
  gsize offset = read_word (reader, row + 4);

  if (offset > reader->size || len >= reader->size - offset || reader->data[offset + len] != '\0')
    return NULL;
  *length = len;
  return (const char *) reader->data + offset;
}

static guint
count_forms (const char *text, gsize length)
{
  guint n = 1;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\0';
  return n;
}

/* Each form alone must be UTF-8: g_utf8_validate() stops at the NUL between two. */
static gboolean
forms_are_utf8 (const char *forms, guint n_forms)
{
  for (guint i = 0; i < n_forms; i++)
    {
      if (!g_utf8_validate (forms, -1, NULL))
        return FALSE;
      forms += strlen (forms) + 1;
    }
  return TRUE;
}

/* The header is the translation of the empty string. */
static gboolean
read_header (MmLanguage *language)
{
  const Entry *entry = g_hash_table_lookup (language->entries, "");
  g_autofree char *header = NULL;
  const char *rule;
  gsize length;

  if (entry == NULL)
    return FALSE;
  header = g_ascii_strdown (entry->forms, -1);
  rule = strstr (header, "plural=");
  if (strstr (header, "charset=utf-8") == NULL || rule == NULL)
    return FALSE;
  rule += strlen ("plural=");
  length = strcspn (rule, "\n");
  g_autofree char *line = g_strndup (rule, length);
  g_autofree char *bare = g_new0 (char, length + 1);
  char *out = bare;

  for (const char *p = line; *p != '\0'; p++)
    if (strchr (" ();", *p) == NULL)
      *out++ = *p;
  if (g_str_equal (bare, "0"))
    language->plural = PLURAL_ONE_FORM;
  else if (g_str_equal (bare, "n!=1"))
    language->plural = PLURAL_NOT_ONE;
  else if (g_str_equal (bare, "n>1"))
    language->plural = PLURAL_ABOVE_ONE;
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_catalogue (MmLanguage *language)
{
  Reader reader = { 0 };
  guint32 count;
  gsize originals, translations;

  reader.data = g_bytes_get_data (language->mo, &reader.size);
  if (reader.size < MO_HEADER_SIZE)
    return FALSE;
  reader.swapped = read_word (&reader, 0) != MO_MAGIC;
  if (read_word (&reader, 0) != MO_MAGIC || read_word (&reader, 4) >> 16 > 1)
    return FALSE;
  count = read_word (&reader, 8);
  originals = read_word (&reader, 12);
  translations = read_word (&reader, 16);
  if (originals > reader.size || count > (reader.size - originals) / 8 || translations > reader.size
      || count > (reader.size - translations) / 8)
    return FALSE;
  for (guint32 i = 0; i < count; i++)
    {
      gsize id_length, length;
      const char *id = read_string (&reader, originals, i, &id_length);
      const char *forms = read_string (&reader, translations, i, &length);
      Entry *entry;

      if (id == NULL || forms == NULL)
        return FALSE;
      entry = g_new (Entry, 1);
      entry->forms = forms;
      entry->n_forms = count_forms (forms, length);
      /* The key of a plural is its singular: the hash function stops at the first NUL. */
      g_hash_table_insert (language->entries, (char *) id, entry);
      if (!forms_are_utf8 (forms, entry->n_forms))
        return FALSE;
    }
  return read_header (language);
}

static void
language_free (gpointer data)
{
  MmLanguage *language = data;

  g_clear_pointer (&language->entries, g_hash_table_unref);
  g_clear_pointer (&language->mo, g_bytes_unref);
  g_free (language->tag);
  g_free (language);
}

static const MmLanguage *
find (const MmLanguages *languages, const char *tag, gsize length)
{
  for (guint i = 0; i < languages->all->len; i++)
    {
      const MmLanguage *language = languages->all->pdata[i];

      if (strlen (language->tag) == length && g_ascii_strncasecmp (language->tag, tag, length) == 0)
        return language;
    }
  return NULL;
}

/* RFC 4647 lookup: drop subtags from the end until something fits. */
static const MmLanguage *
lookup (const MmLanguages *languages, const char *tag, gsize length)
{
  while (length > 0)
    {
      const MmLanguage *language = find (languages, tag, length);

      if (language != NULL)
        return language;
      while (length > 0 && tag[length - 1] != '-')
        length--;
      if (length > 0)
        length--;
    }
  return NULL;
}

MmLanguages *
mm_languages_new (void)
{
  MmLanguages *languages = g_new0 (MmLanguages, 1);
  MmLanguage *english = g_new0 (MmLanguage, 1);

  english->tag = g_strdup ("en");
  languages->all = g_ptr_array_new_with_free_func (language_free);
  g_ptr_array_add (languages->all, english);
  return languages;
}

MmLanguages *
mm_languages_new_built_in (void)
{
  MmLanguages *languages = mm_languages_new ();
  GResource *resource = mm_po_get_resource ();
  g_auto (GStrv) names = g_resource_enumerate_children (resource, "/org/mimamori/po", 0, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat ("/org/mimamori/po/", *name, NULL);
      g_autofree char *tag = g_strndup (*name, strcspn (*name, "."));
      g_autoptr (GBytes) mo = g_resource_lookup_data (resource, path, 0, NULL);
      g_autoptr (GError) error = NULL;

      /* Linked in by our own build and tried by a unit test: a failure here is a broken build. */
      if (!mm_languages_add (languages, tag, mo, &error))
        g_error ("The built-in catalogue %s: %s", *name, error->message);
    }
  return languages;
}

void
mm_languages_free (MmLanguages *languages)
{
  g_ptr_array_unref (languages->all);
  g_free (languages);
}

gboolean
mm_languages_add (MmLanguages *languages, const char *tag, GBytes *mo, GError **error)
{
  MmLanguage *language = g_new0 (MmLanguage, 1);

  language->tag = g_strdup (tag);
  language->mo = g_bytes_ref (mo);
  language->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  if (!read_catalogue (language))
    {
      language_free (language);
      return refuse (error);
    }
  g_ptr_array_add (languages->all, language);
  return TRUE;
}

const MmLanguage *
mm_languages_get (const MmLanguages *languages, const char *tag)
{
  const MmLanguage *language = tag != NULL ? lookup (languages, tag, strlen (tag)) : NULL;

  return language != NULL ? language : languages->all->pdata[0];
}

/* The weight of "ja;q=0.8" in thousandths; 1000 without one, 0 if it is malformed. */
static int
read_weight (const char *parameters)
{
  const char *p = parameters + strspn (parameters, " \t");
  int weight, place = 100;

  if (*p == '\0')
    return 1000;
  if (*p++ != ';')
    return 0;
  p += strspn (p, " \t");
  if ((*p != 'q' && *p != 'Q') || p[1] != '=' || (p[2] != '0' && p[2] != '1'))
    return 0;
  weight = (p[2] - '0') * 1000;
  p += 3;
  if (*p == '.')
    for (p++; g_ascii_isdigit (*p) && place > 0; p++, place /= 10)
      weight += (*p - '0') * place;
  p += strspn (p, " \t");
  return *p == '\0' && weight <= 1000 ? weight : 0;
}

const MmLanguage *
mm_languages_negotiate (const MmLanguages *languages,
                        const char *accept_language,
                        const char *preferred_tag)
{
  const MmLanguage *best = NULL;
  int best_weight = 0;
  g_auto (GStrv) ranges = NULL;

  if (preferred_tag != NULL)
    best = lookup (languages, preferred_tag, strlen (preferred_tag));
  if (best != NULL || accept_language == NULL)
    return best != NULL ? best : languages->all->pdata[0];
  ranges = g_strsplit (accept_language, ",", MAX_RANGES + 1);
  for (guint i = 0; i < MAX_RANGES && ranges[i] != NULL; i++)
    {
      const char *range = g_strstrip (ranges[i]);
      gsize length = strcspn (range, " \t;");
      int weight = read_weight (range + length);
      const MmLanguage *language;

      if (length == 1 && *range == '*')
        language = languages->all->pdata[0];
      else
        language = lookup (languages, range, length);
      if (language != NULL && weight > best_weight)
        {
          best = language;
          best_weight = weight;
        }
    }
  return best != NULL ? best : languages->all->pdata[0];
}

const char *
mm_language_tag (const MmLanguage *language)
{
  return language->tag;
}

static const Entry *
find_entry (const MmLanguage *language, const char *key)
{
  if (language->entries == NULL || *key == '\0')
    return NULL;
  return g_hash_table_lookup (language->entries, key);
}

const char *
mm_tr (const MmLanguage *language, const char *msgid)
{
  const Entry *entry = find_entry (language, msgid);

  return entry != NULL && *entry->forms != '\0' ? entry->forms : msgid;
}

const char *
mm_tr_c (const MmLanguage *language, const char *context, const char *msgid)
{
  g_autofree char *key = g_strconcat (context, "\004", msgid, NULL);
  const Entry *entry = find_entry (language, key);

  return entry != NULL && *entry->forms != '\0' ? entry->forms : msgid;
}

const char *
mm_tr_n (const MmLanguage *language, const char *singular, const char *plural, gulong n)
{
  const Entry *entry = find_entry (language, singular);
  const char *form;
  guint index = 0;

  if (entry == NULL || *entry->forms == '\0')
    return n == 1 ? singular : plural;
  if (language->plural == PLURAL_NOT_ONE)
    index = n != 1;
  else if (language->plural == PLURAL_ABOVE_ONE)
    index = n > 1;
  form = entry->forms;
  for (guint i = 0; i < MIN (index, entry->n_forms - 1); i++)
    form += strlen (form) + 1;
  return form;
}

char *
mm_tr_f (const MmLanguage *language, const char *format, ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = g_strdup_vprintf (mm_tr (language, format), args);
  va_end (args);
  return text;
}

static GDateTime *
local_time (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) epoch = g_date_time_new_from_unix_utc (0);
  g_autoptr (GDateTime) utc = g_date_time_add (epoch, time);

  /* Beyond the year 9999 nothing can be shown; the first moment says so plainly. */
  return g_date_time_to_timezone (utc != NULL ? utc : epoch, zone);
}

static gboolean
is_japanese (const MmLanguage *language)
{
  return g_str_equal (language->tag, "ja");
}

static char *
format_date (const MmLanguage *language, GDateTime *moment)
{
  /* Not from the process's locale, which is neither reader's. */
  static const char *const months[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };
  int year, month, day;

  g_date_time_get_ymd (moment, &year, &month, &day);
  if (is_japanese (language))
    return g_strdup_printf ("%d年%d月%d日", year, month, day);
  return g_strdup_printf ("%d %s %d", day, months[month - 1], year);
}

static char *
format_clock (GDateTime *moment)
{
  return g_strdup_printf ("%02d:%02d", g_date_time_get_hour (moment),
                          g_date_time_get_minute (moment));
}

/* "JST"; zones without letters of their own ("+03") as "UTC+03:00". */
static char *
zone_name (GDateTime *moment)
{
  const char *name = g_date_time_get_timezone_abbreviation (moment);

  if (g_ascii_isalpha (*name))
    return g_strdup (name);
  return g_date_time_format (moment, "UTC%:z");
}

char *
mm_language_format_time (const MmLanguage *language, gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = local_time (time, zone);
  g_autofree char *date = format_date (language, moment);
  g_autofree char *clock = format_clock (moment);
  g_autofree char *name = zone_name (moment);

  return g_strdup_printf (is_japanese (language) ? "%s %s (%s)" : "%s, %s (%s)", date, clock, name);
}

char *
mm_language_format_date (const MmLanguage *language, gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = local_time (time, zone);

  return format_date (language, moment);
}

char *
mm_language_format_clock (const MmLanguage *language, gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) moment = local_time (time, zone);

  return format_clock (moment);
}

char *
mm_language_format_number (const MmLanguage *language, double value, int decimals)
{
  g_autofree char *digits = NULL;
  char format[] = "%.0f";
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];
  GString *text;
  gsize whole;

  g_return_val_if_fail (decimals >= 0 && decimals <= 9, NULL);
  if (!isfinite (value))
    return g_strdup ("–");
  format[2] = (char) ('0' + decimals);
  digits = g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, fabs (value)));
  text = g_string_new (value < 0 && strspn (digits, "0.") != strlen (digits) ? "−" : "");
  whole = strcspn (digits, ".");
  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  g_string_append (text, digits + whole);
  return g_string_free (text, FALSE);
}
