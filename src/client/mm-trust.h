/* Which servers are trusted although no known authority signed their certificate.
 *
 * A person compares the fingerprint once and trusts it ("pins" it); from then on, of certificates
 * that no known authority signed, only one with the same public key is accepted at this address. A
 * server may so change to a certificate that an authority signed for it. The pins stand in the
 * settings' key "servers". Any thread that may use @settings. Source: architecture, "Trust and
 * reach".
 */
#pragma once

#include "mm-api.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The pin of the server at @url (as mm_api_normalise_url() gives it); NULL if it has none. Free
 * with g_free(). */
char *mm_trust_find_pin (GSettings *settings, const char *url);

/* Pins @fingerprint (64 hexadecimal digits) for @url; NULL removes the pin. */
void mm_trust_set_pin (GSettings *settings, const char *url, const char *fingerprint);

/* An API for the server at @url with its pin, if it has one; as mm_api_new(). */
MmApi *mm_trust_new_api (GSettings *settings, const char *url, const char *language);

/* @fingerprint for people who compare: groups of four capital digits, four groups a line. Free with
 * g_free(). */
char *mm_trust_group_fingerprint (const char *fingerprint);

/* Whether a stranger in between could read what is sent to @url: plain http, and not to this
 * computer. Passwords are not sent there without a warning. */
gboolean mm_trust_is_exposed (const char *url);

G_END_DECLS
