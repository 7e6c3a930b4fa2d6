#include "mm-passwords.h"

#include "mm-error.h"

#include <sodium.h>
#include <string.h>

#define OPERATIONS 2
#define MEMORY (19 * 1024 * 1024)
#define AT_ONCE 2
#define MAX_WAITING 32

struct _MmPasswords
{
  GMutex mutex;
  GCond freed;
  guint running;
  guint waiting;
  char nobody[crypto_pwhash_STRBYTES]; /* the hash of a password that nobody has */
};

MmPasswords *
mm_passwords_new (void)
{
  MmPasswords *passwords = g_new0 (MmPasswords, 1);
  char random[16];

  g_mutex_init (&passwords->mutex);
  g_cond_init (&passwords->freed);
  randombytes_buf (random, sizeof random);
  if (crypto_pwhash_str (passwords->nobody, random, sizeof random, OPERATIONS, MEMORY) != 0)
    g_error ("no memory to hash a password");
  return passwords;
}

void
mm_passwords_free (MmPasswords *passwords)
{
  if (passwords == NULL)
    return;
  g_mutex_clear (&passwords->mutex);
  g_cond_clear (&passwords->freed);
  g_free (passwords);
}

static gboolean
enter (MmPasswords *passwords, GError **error)
{
  gboolean entered = FALSE;

  g_mutex_lock (&passwords->mutex);
  if (passwords->waiting < MAX_WAITING)
    {
      passwords->waiting++;
      while (passwords->running >= AT_ONCE)
        g_cond_wait (&passwords->freed, &passwords->mutex);
      passwords->waiting--;
      passwords->running++;
      entered = TRUE;
    }
  g_mutex_unlock (&passwords->mutex);
  if (!entered)
    mm_error_set (error, MM_ERROR_BUSY, "busy",
                  "The server is busy; please try again in a moment.");
  return entered;
}

static void
leave (MmPasswords *passwords)
{
  g_mutex_lock (&passwords->mutex);
  passwords->running--;
  g_cond_signal (&passwords->freed);
  g_mutex_unlock (&passwords->mutex);
}

char *
mm_passwords_hash (MmPasswords *passwords, const char *password, GError **error)
{
  g_autofree char *hash = g_malloc (crypto_pwhash_STRBYTES);
  int code;

  if (!enter (passwords, error))
    return NULL;
  code = crypto_pwhash_str (hash, password, strlen (password), OPERATIONS, MEMORY);
  leave (passwords);
  if (code != 0)
    {
      mm_error_set (error, MM_ERROR_BUSY, "busy",
                    "The server is busy; please try again in a moment.");
      return NULL;
    }
  return g_steal_pointer (&hash);
}

gboolean
mm_passwords_verify (MmPasswords *passwords,
                     const char *hash,
                     const char *password,
                     gboolean *matches,
                     GError **error)
{
  const char *against = hash != NULL ? hash : passwords->nobody;
  int code;

  if (!enter (passwords, error))
    return FALSE;
  code = crypto_pwhash_str_verify (against, password, strlen (password));
  leave (passwords);
  *matches = code == 0 && hash != NULL;
  return TRUE;
}
