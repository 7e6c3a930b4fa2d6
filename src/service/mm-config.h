/* How this server is set up: from the command line over a file over defaults. Immutable once read.
 *
 * The file is the one that is named, else mimamori.conf in the data directory if it is there, which
 * the server itself writes (mm-settings.h). Paths in a file are relative to its folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *data_dir;
  char *listen_host;   /* default 127.0.0.1 */
  guint16 listen_port; /* default 8470; 0: any free one */
  char *public_url;    /* without a slash at its end; NULL: made from the listener's address */
  char *name;          /* of the service, as people know it */
  char *tls_cert;      /* PEM files; both NULL: no TLS */
  char *tls_key;
  GStrv trusted_proxies; /* CIDRs, may be NULL */
  char *smtp_url;        /* smtp://HOST:PORT or smtps://…; NULL: mails wait in the outbox */
  char *smtp_user;       /* or NULL */
  char *smtp_password;   /* or NULL; read from a file, never from the command line */
  char *smtp_ca;         /* PEM file of extra authorities, or NULL */
  char *smtp_starttls;   /* "required", "optional" or "none"; NULL: required, but not on loopback */
  char *mail_from;       /* default no-reply@ the public host */
  char *timezone;        /* default zone of sites, and of times in mails to dealers */
  guint link_hours;      /* life of a provisional link, default 72 */
  guint password_max;    /* longest password, default 16 */
  guint gateway_rate;    /* pushes of one gateway per second, default 1000; 0: no limit */
  guint64 disk_low_water; /* bytes; 0: none, G_MAXUINT64: the usual; mm-room.h */
  GVariant *options;      /* (a{sv}) what the command line said */
  char *file;             /* the file that was named, or NULL */
} MmConfig;

/* The name of the file in the data directory. */
#define MM_CONFIG_OWN_FILE "mimamori.conf"

/* Reads @file (a key file with the groups [server] and [mail]; NULL: the one in the data directory,
 * if there is one) and puts the values of @options over it. @options is a dictionary of the long
 * option names: "listen", "public-url", … NULL and @error (a sentence that names the key) on a bad
 * value. */
MmConfig *mm_config_new (GVariantDict *options, const char *file, GError **error);
void mm_config_free (MmConfig *config);

/* What @config would be if @file were what the file in its data directory says. */
MmConfig *mm_config_with (const MmConfig *config, GKeyFile *file, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmConfig, mm_config_free)

G_END_DECLS
