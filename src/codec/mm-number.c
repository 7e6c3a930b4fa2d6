/* Numbers as text. A decimal of up to 19 digits whose digits fit 53 bits and whose power of ten is
 * at most 22 is one exact integer and one exact power, so a single multiplication or division
 * rounds correctly; nearly every reading is such a number. The rest goes to the C library through
 * GLib, which undoes the locale. Pure functions; any thread. */
#include "mm-number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define EXACT_DIGITS_MAX (G_GUINT64_CONSTANT (1) << 53)
#define EXACT_POWER_MAX 22

static const double powers[EXACT_POWER_MAX + 1]
    = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* For the few numbers that need more than 53 bits: @text is known to have the right form. */
static gboolean
parse_slowly (const char *text, gsize length, double *number)
{
  char small[64];
  g_autofree char *large = NULL;
  char *copy = small;
  double parsed;

  if (length >= sizeof small)
    copy = large = g_malloc (length + 1);
  memcpy (copy, text, length);
  copy[length] = '\0';
  parsed = g_ascii_strtod (copy, NULL);
  if (!isfinite (parsed))
    return FALSE;
  *number = parsed;
  return TRUE;
}

gboolean
mm_number_parse (const char *text, gsize length, double *number)
{
  const char *at = text;
  const char *end = text + length;
  const char *digits_start;
  guint64 digits = 0;
  gsize n_digits;
  int power = 0;
  gboolean negative = FALSE;

  if (at < end && (*at == '-' || *at == '+'))
    negative = *at++ == '-';
  digits_start = at;
  for (; at < end && g_ascii_isdigit (*at); at++)
    digits = digits * 10 + (guint64) (*at - '0');
  n_digits = (gsize) (at - digits_start);
  if (at < end && *at == '.')
    {
      const char *point = at++;

      for (; at < end && g_ascii_isdigit (*at); at++)
        digits = digits * 10 + (guint64) (*at - '0');
      power = -(int) MIN (at - point - 1, 10000);
      n_digits += (gsize) (at - point - 1);
    }
  if (n_digits == 0)
    return FALSE;
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      gboolean down = FALSE;
      int exponent = 0;

      at++;
      if (at < end && (*at == '-' || *at == '+'))
        down = *at++ == '-';
      if (at == end || !g_ascii_isdigit (*at))
        return FALSE;
      for (; at < end && g_ascii_isdigit (*at); at++)
        exponent = MIN (exponent * 10 + (*at - '0'), 100000);
      power += down ? -exponent : exponent;
    }
  if (at != end)
    return FALSE;
  if (n_digits <= 19 && digits <= EXACT_DIGITS_MAX && ABS (power) <= EXACT_POWER_MAX)
    {
      double magnitude = (double) digits;

      magnitude = power < 0 ? magnitude / powers[-power] : magnitude * powers[power];
      *number = negative ? -magnitude : magnitude;
      return TRUE;
    }
  return parse_slowly (text, length, number);
}

/* Writes what has few decimals, as measured values do, without the C library, which takes ten times
 * as long. 0 if @number is not such a one. */
static gsize
write_decimal (double number, char text[MM_NUMBER_TEXT_SIZE])
{
  static const double tens[] = { 1, 10, 100, 1000, 10000 };
  double whole = 0;
  guint64 digits;
  guint decimals = 0;
  char *at = text + MM_NUMBER_TEXT_SIZE;
  gsize length;

  for (; decimals < G_N_ELEMENTS (tens); decimals++)
    {
      whole = round (number * tens[decimals]);
      if (fabs (whole) >= 1e15)
        return 0;
      if (whole / tens[decimals] == number)
        break;
    }
  if (decimals == G_N_ELEMENTS (tens))
    return 0;
  digits = (guint64) fabs (whole);
  for (guint i = 0; digits > 0 || i <= decimals; i++, digits /= 10)
    {
      if (i == decimals && i > 0)
        *--at = '.';
      *--at = (char) ('0' + digits % 10);
    }
  if (number < 0)
    *--at = '-';
  length = (gsize) (text + MM_NUMBER_TEXT_SIZE - at);
  memmove (text, at, length);
  text[length] = '\0';
  return length;
}

gsize
mm_number_write (double number, char text[MM_NUMBER_TEXT_SIZE])
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  gsize length;

  g_return_val_if_fail (isfinite (number), 0);
  if (number == 0 && signbit (number)) /* "-0" would be an integer in JSON and lose its sign */
    return g_strlcpy (text, "-0.0", MM_NUMBER_TEXT_SIZE);
  length = write_decimal (number, text);
  if (length > 0)
    return length;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, MM_NUMBER_TEXT_SIZE, formats[i], number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  return strlen (text);
}
