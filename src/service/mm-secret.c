#include "mm-secret.h"

#include <sodium.h>
#include <string.h>

void
mm_secret_init (void)
{
  if (sodium_init () < 0)
    g_error ("no source of randomness");
}

static char *
encode (const guint8 *bytes, gsize n)
{
  gsize length = sodium_base64_encoded_len (n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = g_malloc (length);

  return sodium_bin2base64 (text, length, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *
random_text (gsize n)
{
  guint8 bytes[32];

  randombytes_buf (bytes, n);
  return encode (bytes, n);
}

char *
mm_secret_new (void)
{
  return random_text (32);
}

char *
mm_secret_new_id (void)
{
  /* A command line takes what begins with a hyphen for an option. */
  for (;;)
    {
      g_autofree char *id = random_text (16);

      if (id[0] != '-')
        return g_steal_pointer (&id);
    }
}

char *
mm_secret_new_activation_code (void)
{
  static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  GString *code = g_string_new (NULL);

  for (int i = 0; i < 16; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (code, '-');
      g_string_append_c (code, digits[randombytes_uniform (32)]);
    }
  return g_string_free (code, FALSE);
}

void
mm_secret_hash (const char *secret, guint8 hash[MM_SECRET_HASH_BYTES])
{
  crypto_generichash (hash, MM_SECRET_HASH_BYTES, (const guint8 *) secret, strlen (secret), NULL,
                      0);
}

char *
mm_secret_derive (const char *secret, const char *label)
{
  guint8 hash[MM_SECRET_HASH_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *) label, strlen (label),
                      (const guint8 *) secret, MIN (strlen (secret), 64));
  return encode (hash, sizeof hash);
}

gboolean
mm_secret_equal (const char *a, const char *b)
{
  gsize length = strlen (a);

  return length == strlen (b) && sodium_memcmp (a, b, length) == 0;
}
