/* How the server of a data directory is set up, as far as that counts only from its next start: the
 * group [server] of DIR/mimamori.conf, which the server reads. What can be changed while it runs is
 * the operator's API's. Main thread. Source: product.md §9, architecture.md "Reach".
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_SETUP_THIS_COMPUTER,
  MM_SETUP_NETWORK, /* of the shop */
  MM_SETUP_INTERNET,
} MmSetupReach;

#define MM_SETUP_PORT 8470 /* the default */

/* @name: of the service; NULL: the default
 * @port: to listen on, 1 to 65535
 * @public_url: how people reach it; NULL on this computer
 * @certificate, @key: whole paths of PEM files; NULL on this computer or behind a proxy
 * @proxy: a proxy on this computer does TLS, and is trusted about who asks */
typedef struct
{
  char *name;
  MmSetupReach reach;
  guint port;
  char *public_url;
  char *certificate;
  char *key;
  gboolean proxy;
} MmServerSetup;

/* What is set up in @data_dir; the defaults where nothing is. */
MmServerSetup *mm_server_setup_load (const char *data_dir);
void mm_server_setup_free (MmServerSetup *setup);

/* Whether a server was set up in @data_dir, or has run there. */
gboolean mm_server_setup_exists (const char *data_dir);

/* Keeps the rules; FALSE with %MM_ERROR_FIELDS: "name", "port", "public_url", "certificate", "key".
 * Off this computer passwords need TLS: files that are there, or a proxy. */
gboolean mm_server_setup_check (const MmServerSetup *setup, GError **error);

/* Writes it, and leaves what else the file says. The directory is made if need be. */
gboolean mm_server_setup_save (const MmServerSetup *setup, const char *data_dir, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmServerSetup, mm_server_setup_free)

G_END_DECLS
