/* A listener's certificate, key and session tickets. */
#pragma once

#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

#define MM_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

typedef struct _MmTls MmTls;

/* Reads a PEM chain and its key. Errors: G_IO_ERROR, with a sentence for the operator. */
MmTls *mm_tls_new (const char *certificate_path, const char *key_path, GError **error);
void mm_tls_free (MmTls *tls);

/* Reads both again; on failure the old ones stay. Any thread. */
gboolean mm_tls_reload (MmTls *tls, GError **error);

/* SHA-256 of the public key of the certificate in use, 64 hexadecimal digits. Free with g_free().
 * Any thread. */
char *mm_tls_fingerprint (MmTls *tls);

/* Prepares a new @session: it may resume, with a key shared by all sessions, and
 * mm_tls_find_certificate() knows whose it is. */
void mm_tls_begin (MmTls *tls, gnutls_session_t session);

/* GnuTLS's callback for the certificate in use now. What it hands out lives as long as the #MmTls:
 * a handshake may still be using it when the next one is read. Any thread. */
int mm_tls_find_certificate (gnutls_session_t session,
                             const gnutls_datum_t *authorities,
                             int n_authorities,
                             const gnutls_pk_algorithm_t *algorithms,
                             int n_algorithms,
                             gnutls_pcert_st **chain,
                             unsigned int *n_chain,
                             gnutls_privkey_t *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmTls, mm_tls_free)

G_END_DECLS
