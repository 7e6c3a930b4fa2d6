/* The context of OpenSSL and its one callback, on the thread of the connection. */
#include "mm-mqtt-tls.h"

#include "mm-error.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

struct _MmMqttTls
{
  SSL_CTX *context;
  const MmBroker *broker;
  char *problem;
};

/* ---- judging a certificate ---- */

static gboolean
is_pinned (X509 *certificate, const char *fingerprint)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  char text[2 * EVP_MAX_MD_SIZE + 1] = "";
  unsigned int length = 0;

  if (certificate == NULL || X509_digest (certificate, EVP_sha256 (), digest, &length) != 1)
    return FALSE;
  for (unsigned int i = 0; i < length; i++)
    g_snprintf (text + 2 * i, 3, "%02x", digest[i]);
  return strcmp (text, fingerprint) == 0;
}

static int
verify (X509_STORE_CTX *store, void *data)
{
  MmMqttTls *tls = data;

  g_clear_pointer (&tls->problem, g_free);
  if (tls->broker->fingerprint != NULL)
    {
      if (is_pinned (X509_STORE_CTX_get0_cert (store), tls->broker->fingerprint))
        return 1;
      tls->problem = g_strdup ("the broker's certificate has another fingerprint");
      X509_STORE_CTX_set_error (store, X509_V_ERR_CERT_REJECTED);
      return 0;
    }
  if (X509_verify_cert (store) == 1)
    return 1;
  tls->problem = g_strdup_printf ("the broker's certificate is not trusted: %s",
                                  X509_verify_cert_error_string (X509_STORE_CTX_get_error (store)));
  return 0;
}

/* ---- the context ---- */

static gboolean
trust (MmMqttTls *tls)
{
  X509_STORE *store = SSL_CTX_get_cert_store (tls->context);
  BIO *bio;
  X509 *certificate;
  guint n = 0;

  if (tls->broker->fingerprint != NULL)
    return TRUE;
  if (tls->broker->ca == NULL)
    return SSL_CTX_set_default_verify_paths (tls->context) == 1;
  bio = BIO_new_mem_buf (tls->broker->ca, -1);
  while ((certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL)) != NULL)
    {
      n += (guint) (X509_STORE_add_cert (store, certificate) == 1);
      X509_free (certificate);
    }
  BIO_free (bio);
  return n > 0;
}

static gboolean
expect_name (MmMqttTls *tls)
{
  X509_VERIFY_PARAM *param = SSL_CTX_get0_param (tls->context);

  if (g_hostname_is_ip_address (tls->broker->host))
    return X509_VERIFY_PARAM_set1_ip_asc (param, tls->broker->host) == 1;
  return X509_VERIFY_PARAM_set1_host (param, tls->broker->host, 0) == 1;
}

MmMqttTls *
mm_mqtt_tls_new (const MmBroker *broker, GError **error)
{
  MmMqttTls *tls = g_new0 (MmMqttTls, 1);

  tls->broker = broker;
  tls->context = SSL_CTX_new (TLS_client_method ());
  if (tls->context != NULL && SSL_CTX_set_min_proto_version (tls->context, TLS1_2_VERSION) == 1
      && trust (tls) && expect_name (tls))
    {
      SSL_CTX_set_verify (tls->context, SSL_VERIFY_PEER, NULL);
      SSL_CTX_set_cert_verify_callback (tls->context, verify, tls);
      return tls;
    }
  mm_mqtt_tls_free (tls);
  mm_error_set (error, MM_ERROR_INVALID, "bad-ca",
                "the authorities to trust cannot be read: they must be certificates in PEM form");
  return NULL;
}

void
mm_mqtt_tls_free (MmMqttTls *tls)
{
  if (tls == NULL)
    return;
  SSL_CTX_free (tls->context);
  g_free (tls->problem);
  g_free (tls);
}

gpointer
mm_mqtt_tls_context (MmMqttTls *tls)
{
  return tls->context;
}

const char *
mm_mqtt_tls_problem (MmMqttTls *tls)
{
  return tls->problem;
}
