/* What the live state is made of, beside the reading log: gateways and their open alerts. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Of one gateway. Texts and bytes live until the callback returns.
 * @key_hash: @key_length bytes; 0 if it has no key
 * @timezone: of the site, an IANA name
 * @by_receipt: its data is placed by the time it is received */
typedef struct
{
  gint64 gateway;
  const char *public_id;
  const void *key_hash;
  gsize key_length;
  guint interval_s;
  const char *timezone;
  gboolean by_receipt;
} MmLiveFacts;

typedef void (*MmLiveFactsFunc) (const MmLiveFacts *facts, gpointer data);

/* Calls @func for every gateway, in no order. Any connection. */
gboolean mm_store_live_each (MmDatabase *db, MmLiveFactsFunc func, gpointer data, GError **error);

/* Calls @func for @gateway, if there is one. Any connection. */
gboolean mm_store_live_one (
    MmDatabase *db, gint64 gateway, MmLiveFactsFunc func, gpointer data, GError **error);

/* Of one open alert: @kind and @shows as in the table alert. */
typedef void (*MmLiveAlertFunc) (
    gint64 gateway, const char *kind, int severity, const char *shows, gpointer data);

/* Calls @func for every open alert of @gateway, or of all gateways. Any connection. */
gboolean mm_store_live_alerts (
    MmDatabase *db, gint64 gateway, MmLiveAlertFunc func, gpointer data, GError **error);
gboolean mm_store_live_all_alerts (MmDatabase *db,
                                   MmLiveAlertFunc func,
                                   gpointer data,
                                   GError **error);

G_END_DECLS
