/* Whom we trust to be the broker: authorities and the name in the certificate, or one certificate.
 *
 * libmosquitto trusts authorities only and says little about what was wrong, so it gets a context
 * of OpenSSL that is made here. One for one connection; belongs to its thread.
 */
#pragma once

#include "mm-broker.h"

G_BEGIN_DECLS

typedef struct _MmMqttTls MmMqttTls;

/* For a connection to @broker, which is one with TLS and outlives it. NULL if its authorities are
 * no certificates. */
MmMqttTls *mm_mqtt_tls_new (const MmBroker *broker, GError **error);
void mm_mqtt_tls_free (MmMqttTls *tls);

/* The SSL_CTX, borrowed. */
gpointer mm_mqtt_tls_context (MmMqttTls *tls);

/* What was wrong with the broker's certificate, in words, or NULL. */
const char *mm_mqtt_tls_problem (MmMqttTls *tls);

G_END_DECLS
