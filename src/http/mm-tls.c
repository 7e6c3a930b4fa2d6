#include "mm-tls.h"

#include <string.h>

#define CHAIN_LENGTH 8

typedef struct
{
  gnutls_pcert_st chain[CHAIN_LENGTH];
  guint n_chain;
  gnutls_privkey_t key;
} Credentials;

struct _MmTls
{
  char *certificate_path;
  char *key_path;
  gnutls_datum_t ticket_key;
  GMutex lock;
  GPtrArray *credentials; /* the last one is in use */
};

static void
credentials_free (gpointer data)
{
  Credentials *credentials = data;

  for (guint i = 0; i < credentials->n_chain; i++)
    gnutls_pcert_deinit (&credentials->chain[i]);
  if (credentials->key != NULL)
    gnutls_privkey_deinit (credentials->key);
  g_free (credentials);
}

/* TRUE if @key belongs to @certificate. */
static gboolean
key_fits (gnutls_pcert_st *certificate, gnutls_privkey_t key)
{
  guint8 a[64], b[64];
  gsize a_size = sizeof a, b_size = sizeof b;
  gnutls_pubkey_t public;
  gboolean fits;

  gnutls_pubkey_init (&public);
  fits = gnutls_pubkey_import_privkey (public, key, 0, 0) == 0
         && gnutls_pubkey_get_key_id (public, GNUTLS_KEYID_USE_SHA256, a, &a_size) == 0
         && gnutls_pubkey_get_key_id (certificate->pubkey, GNUTLS_KEYID_USE_SHA256, b, &b_size) == 0
         && a_size == b_size && memcmp (a, b, a_size) == 0;
  gnutls_pubkey_deinit (public);
  return fits;
}

static Credentials *
read_credentials (MmTls *tls, GError **error)
{
  Credentials *credentials = g_new0 (Credentials, 1);
  g_autofree char *certificate = NULL, *key = NULL;
  gsize certificate_size, key_size;
  gnutls_datum_t datum;
  int rc;

  if (!g_file_get_contents (tls->certificate_path, &certificate, &certificate_size, error)
      || !g_file_get_contents (tls->key_path, &key, &key_size, error))
    {
      credentials_free (credentials);
      return NULL;
    }
  datum = (gnutls_datum_t){ (guchar *) certificate, (guint) certificate_size };
  credentials->n_chain = CHAIN_LENGTH;
  rc = gnutls_pcert_list_import_x509_raw (credentials->chain, &credentials->n_chain, &datum,
                                          GNUTLS_X509_FMT_PEM, 0);
  if (rc < 0)
    credentials->n_chain = 0;
  else
    {
      gnutls_privkey_init (&credentials->key);
      datum = (gnutls_datum_t){ (guchar *) key, (guint) key_size };
      rc = gnutls_privkey_import_x509_raw (credentials->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
    }
  if (rc >= 0 && key_fits (&credentials->chain[0], credentials->key))
    return credentials;
  if (rc < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "cannot use the certificate %s with the key %s: %s", tls->certificate_path,
                 tls->key_path, gnutls_strerror (rc));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the key %s does not belong to the certificate %s", tls->key_path,
                 tls->certificate_path);
  credentials_free (credentials);
  return NULL;
}

MmTls *
mm_tls_new (const char *certificate_path, const char *key_path, GError **error)
{
  MmTls *tls = g_new0 (MmTls, 1);

  g_mutex_init (&tls->lock);
  tls->certificate_path = g_strdup (certificate_path);
  tls->key_path = g_strdup (key_path);
  tls->credentials = g_ptr_array_new_with_free_func (credentials_free);
  gnutls_session_ticket_key_generate (&tls->ticket_key);
  if (mm_tls_reload (tls, error))
    return tls;
  mm_tls_free (tls);
  return NULL;
}

void
mm_tls_free (MmTls *tls)
{
  if (tls == NULL)
    return;
  g_ptr_array_unref (tls->credentials);
  gnutls_memset (tls->ticket_key.data, 0, tls->ticket_key.size);
  gnutls_free (tls->ticket_key.data);
  g_mutex_clear (&tls->lock);
  g_free (tls->certificate_path);
  g_free (tls->key_path);
  g_free (tls);
}

gboolean
mm_tls_reload (MmTls *tls, GError **error)
{
  Credentials *credentials = read_credentials (tls, error);

  if (credentials == NULL)
    return FALSE;
  g_mutex_lock (&tls->lock);
  g_ptr_array_add (tls->credentials, credentials);
  g_mutex_unlock (&tls->lock);
  return TRUE;
}

int
mm_tls_find_certificate (gnutls_session_t session,
                         const gnutls_datum_t *authorities,
                         int n_authorities,
                         const gnutls_pk_algorithm_t *algorithms,
                         int n_algorithms,
                         gnutls_pcert_st **chain,
                         unsigned int *n_chain,
                         gnutls_privkey_t *key)
{
  MmTls *tls = gnutls_session_get_ptr (session);
  Credentials *credentials;

  g_mutex_lock (&tls->lock);
  credentials = tls->credentials->pdata[tls->credentials->len - 1];
  g_mutex_unlock (&tls->lock);
  *chain = credentials->chain;
  *n_chain = credentials->n_chain;
  *key = credentials->key;
  return 0;
}

void
mm_tls_begin (MmTls *tls, gnutls_session_t session)
{
  gnutls_session_set_ptr (session, tls);
  gnutls_session_ticket_enable_server (session, &tls->ticket_key);
}

char *
mm_tls_fingerprint (MmTls *tls)
{
  GString *text = g_string_new (NULL);
  guint8 hash[32];
  gsize size = sizeof hash;
  Credentials *credentials;

  g_mutex_lock (&tls->lock);
  credentials = tls->credentials->pdata[tls->credentials->len - 1];
  g_mutex_unlock (&tls->lock);
  if (gnutls_pubkey_get_key_id (credentials->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, hash, &size)
      == 0)
    for (gsize i = 0; i < size; i++)
      g_string_append_printf (text, "%02x", hash[i]);
  return g_string_free (text, FALSE);
}
