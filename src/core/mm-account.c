#include "mm-account.h"

#include <string.h>

#include "mm-error.h"
#include "mm-text.h"
#include "mm-words.h"

char *
mm_user_id_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *id = mm_text_take (text, field, error);
  gsize length;

  if (id == NULL)
    return NULL;
  for (const char *p = id; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_' && *p != '-')
      {
        mm_error_add_field (error, field, "characters",
                            N_ ("The user ID may contain only the letters A-Z and a-z, digits, "
                                "_ and -."));
        return NULL;
      }
  length = strlen (id);
  if (length < MM_USER_ID_MIN || length > MM_USER_ID_MAX)
    {
      mm_error_add_field (error, field, length < MM_USER_ID_MIN ? "too-short" : "too-long",
                          N_ ("The user ID must have 3 to 16 characters."));
      return NULL;
    }
  return g_steal_pointer (&id);
}

char *
mm_user_id_fold (const char *user_id)
{
  return g_ascii_strdown (user_id, -1);
}

MmPasswordRules
mm_password_rules (const char *password, guint max)
{
  MmPasswordRules rules = MM_PASSWORD_PRINTABLE;
  gsize length = 0;

  /* Characters are counted, not bytes, so that each rule says what a person would say. */
  for (const char *p = password != NULL ? password : ""; *p != '\0'; p++)
    {
      if (((guchar) *p & 0xC0) != 0x80)
        length++;
      if (g_ascii_islower (*p))
        rules |= MM_PASSWORD_LOWER;
      else if (g_ascii_isupper (*p))
        rules |= MM_PASSWORD_UPPER;
      else if (g_ascii_isdigit (*p))
        rules |= MM_PASSWORD_DIGIT;
      else if (!g_ascii_isprint (*p))
        rules &= ~MM_PASSWORD_PRINTABLE;
    }
  if (length >= MM_PASSWORD_MIN)
    rules |= MM_PASSWORD_LONG_ENOUGH;
  if (length <= max)
    rules |= MM_PASSWORD_SHORT_ENOUGH;
  return rules;
}

gboolean
mm_password_check (const char *password, guint max, const char *field, GError **error)
{
  const struct
  {
    MmPasswordRules rule;
    const char *code;
    const char *sentence;
  } sentences[] = {
    { MM_PASSWORD_LONG_ENOUGH, "too-short", N_ ("The password must have at least 8 characters.") },
    /* The number is in the sentence only where it is the product's own. */
    { MM_PASSWORD_SHORT_ENOUGH, "too-long",
      max == MM_PASSWORD_MAX ? N_ ("The password must have at most 16 characters.")
                             : N_ ("The password is longer than this server allows.") },
    { MM_PASSWORD_LOWER, "no-lower",
      N_ ("The password must contain at least one lower-case letter.") },
    { MM_PASSWORD_UPPER, "no-upper",
      N_ ("The password must contain at least one upper-case letter.") },
    { MM_PASSWORD_DIGIT, "no-digit", N_ ("The password must contain at least one digit.") },
    { MM_PASSWORD_PRINTABLE, "characters",
      N_ ("The password may contain only half-width letters, digits, symbols and spaces.") },
  };
  MmPasswordRules rules = mm_password_rules (password, max);

  if (password == NULL || *password == '\0')
    {
      mm_error_add_field (error, field, "required", N_ ("Please fill in this field."));
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (!(rules & sentences[i].rule))
      mm_error_add_field (error, field, sentences[i].code, sentences[i].sentence);
  return rules == MM_PASSWORD_ALL;
}

/* RFC 5322 §3.2.3: atext, in groups parted by single dots. */
static gboolean
is_dot_atom (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '.')
        {
          if (i == 0 || i == length - 1 || text[i - 1] == '.')
            return FALSE;
        }
      else if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-/=?^_`{|}~", text[i]) == NULL)
        return FALSE;
    }
  return length > 0;
}

/* RFC 1123 §2.1: labels of 1–63 letters, digits and inner hyphens; the last is not a number, or
 * it would be an IP address. At least two, since a mail address without a dot behind the @ is
 * nearly always one that was not finished. */
static gboolean
is_domain (const char *domain)
{
  g_auto (GStrv) labels = g_strsplit (domain, ".", -1);
  guint n = g_strv_length (labels);

  for (guint i = 0; i < n; i++)
    {
      gsize length = strlen (labels[i]);

      if (length < 1 || length > 63 || labels[i][0] == '-' || labels[i][length - 1] == '-')
        return FALSE;
      for (const char *p = labels[i]; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && *p != '-')
          return FALSE;
    }
  return n >= 2 && strspn (labels[n - 1], "0123456789") < strlen (labels[n - 1]);
}

char *
mm_mail_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  g_autofree char *half = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *mail = NULL;
  char *at;

  if (taken == NULL)
    return NULL;
  half = mm_text_halfwidth (taken);
  at = strchr (half, '@');
  if (at != NULL && strlen (at + 1) <= MM_MAIL_MAX)
    {
      g_autofree char *ascii = g_hostname_to_ascii (at + 1);

      domain = ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;
    }
  if (at != NULL && (at - half > MM_MAIL_LOCAL_MAX || strlen (half) > MM_MAIL_MAX))
    {
      mm_error_add_field (error, field, "too-long",
                          N_ ("A mail address has at most 254 characters, 64 of them before the "
                              "@."));
      return NULL;
    }
  if (domain == NULL || !is_dot_atom (half, (gsize) (at - half)) || !is_domain (domain))
    {
      mm_error_add_field (error, field, "syntax",
                          N_ ("This is not a mail address. It looks like name@example.com."));
      return NULL;
    }
  mail = g_strdup_printf ("%.*s@%s", (int) (at - half), half, domain);
  if (strlen (mail) > MM_MAIL_MAX)
    {
      mm_error_add_field (error, field, "too-long",
                          N_ ("A mail address has at most 254 characters, 64 of them before the "
                              "@."));
      return NULL;
    }
  return g_steal_pointer (&mail);
}

/* The number's normal form, or NULL. */
static char *
phone_digits (const char *text)
{
  g_autofree char *digits = mm_text_digits (text);
  gsize length;

  if (digits == NULL)
    return NULL;
  if (g_str_has_prefix (digits, "+81"))
    {
      /* "+81 (0)90…" is a common spelling, too: the zero is there only once. */
      const char *rest = digits + 3 + (digits[3] == '0' ? 1 : 0);
      char *national = g_strconcat ("0", rest, NULL);

      g_free (digits);
      digits = national;
    }
  length = strlen (digits);
  if (digits[0] == '+' && digits[1] != '0' && length >= 1 + 8 && length <= 1 + 15)
    return g_steal_pointer (&digits);
  if (digits[0] == '0' && (length == 10 || length == 11))
    return g_steal_pointer (&digits);
  return NULL;
}

char *
mm_phone_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  char *digits;

  if (taken == NULL)
    return NULL;
  digits = phone_digits (taken);
  if (digits == NULL)
    mm_error_add_field (error, field, "syntax",
                        N_ ("A phone number has 10 or 11 digits and starts with 0, or starts with "
                            "+ and the country's number."));
  return digits;
}

gboolean
mm_phone_equal (const char *a, const char *b)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = mm_phone_normalise (a, "phone", &error);
  g_autofree char *second = mm_phone_normalise (b, "phone", &error);

  return first != NULL && second != NULL && strcmp (first, second) == 0;
}

char *
mm_name_normalise (const char *text, const char *field, GError **error)
{
  return mm_text_line (text, field, MM_NAME_MAX, N_ ("A name has at most 100 characters."), error);
}

static gboolean
is_halfwidth_kana (gunichar c)
{
  return c >= 0xFF65 && c <= 0xFF9F;
}

/* Hiragana and half-width katakana as full-width katakana, all else unchanged. */
static char *
to_katakana (const char *text)
{
  GString *kana = g_string_new (NULL);

  for (const char *p = text; *p != '\0';)
    {
      gunichar c = g_utf8_get_char (p);
      const char *next = g_utf8_next_char (p);

      if (is_halfwidth_kana (c))
        {
          g_autofree char *run = NULL;

          /* A whole run at once, for the voicing mark is a character of its own there. */
          while (is_halfwidth_kana (g_utf8_get_char (next)))
            next = g_utf8_next_char (next);
          run = g_utf8_normalize (p, next - p, G_NORMALIZE_NFKC);
          g_string_append (kana, run);
        }
      else if ((c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E)
        g_string_append_unichar (kana, c + 0x60);
      else
        g_string_append_unichar (kana, c);
      p = next;
    }
  return g_string_free (kana, FALSE);
}

char *
mm_kana_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  g_autofree char *kana = NULL;

  if (taken == NULL)
    return NULL;
  kana = to_katakana (taken);
  for (const char *p = kana; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* U+30A1–U+30FE: the syllables, the middle dot, the prolonged and the iteration marks. */
      if ((c < 0x30A1 || c > 0x30FE) && c != ' ' && c != 0x3000)
        {
          mm_error_add_field (error, field, "characters",
                              N_ ("Please write the reading in katakana."));
          return NULL;
        }
    }
  return mm_text_line (kana, field, MM_NAME_MAX, N_ ("A reading has at most 100 characters."),
                       error);
}
