/* Gateways and their sites: the rows of the table gateway.
 *
 * The functions that read take any connection; those that change belong into a job of the writer.
 * A row that is not there is %MM_ERROR_NOT_FOUND "not-found". Who may see a gateway is not decided
 * here, but in service/mm-access.h.
 */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

#define MM_GATEWAY_HASH_BYTES 32 /* of key and activation code; service/mm-secret.h */

/* One gateway. Times are UTC microseconds, MM_TIME_NONE for none; texts are never NULL.
 * @row: 0 for one that is not stored yet
 * @public_id: as on the label
 * @has_key: FALSE after it was revoked
 * @activation: hash of the code that the next owner must know
 * @activation_used: when that code was redeemed
 * @owner: row of the customer, 0 for none
 * @owned_since: from when on
 * @hidden_before: what was measured before belongs to an earlier owner
 * @name: of the site, as the owner calls it; may be empty
 * @latitude, @longitude: degrees, NAN if unknown
 * @pv_peak_w, @battery_wh: NAN if unknown
 * @interval_s: how often it is expected to report */
typedef struct
{
  gint64 row;
  char *public_id;
  gboolean has_key;
  guint8 activation[MM_GATEWAY_HASH_BYTES];
  gint64 activation_used;
  char *model;
  char *serial;
  gint64 owner;
  gint64 owned_since;
  gint64 hidden_before;
  char *name;
  char *postal_code;
  char *prefecture;
  char *municipality;
  double latitude;
  double longitude;
  char *timezone;
  double pv_peak_w;
  double battery_wh;
  gint64 interval_s;
  char *firmware;
  gint64 created;
} MmGatewayRow;

/* A gateway with nothing known: empty texts, no times, no numbers. */
MmGatewayRow *mm_gateway_row_new (void);

/* Frees it with all its texts; NULL is nothing. */
void mm_gateway_row_free (MmGatewayRow *gateway);

/* What to call the site: its name, else its municipality, else its ID. Owned by @gateway. */
const char *mm_gateway_row_title (const MmGatewayRow *gateway);

/* The gateway of the row @row; with the ID @public_id, exactly; with it in any case of letters, as
 * people copy it from a label. */
MmGatewayRow *mm_store_gateway_get (MmDatabase *db, gint64 row, GError **error);
MmGatewayRow *mm_store_gateway_find (MmDatabase *db, const char *public_id, GError **error);
MmGatewayRow *mm_store_gateway_find_folded (MmDatabase *db, const char *public_id, GError **error);

/* The gateways (#MmGatewayRow) of a customer, by name and ID. */
GPtrArray *mm_store_gateways_of_owner (MmDatabase *db, gint64 owner, GError **error);

/* At most @limit gateways behind the row @after, in the order of their rows; 0 begins. */
GPtrArray *mm_store_gateways_list (MmDatabase *db, gint64 after, guint limit, GError **error);

/* Stores the new @gateway (its @row is ignored) with the hash @key of its key. Sets @row.
 * %MM_ERROR_CONFLICT "taken" if the ID exists, also in another case of letters. */
gboolean mm_store_gateway_add (MmDatabase *db,
                               const MmGatewayRow *gateway,
                               const guint8 key[MM_GATEWAY_HASH_BYTES],
                               gint64 *row,
                               GError **error);

/* A new key; the earlier one is void at once. NULL: no key at all (revoked). */
gboolean mm_store_gateway_set_key (MmDatabase *db, gint64 row, const guint8 *key, GError **error);

/* A new activation code, unused: for labels printed later and for a change of owner. */
gboolean mm_store_gateway_set_activation (MmDatabase *db,
                                          gint64 row,
                                          const guint8 activation[MM_GATEWAY_HASH_BYTES],
                                          GError **error);

/* Makes @owner the owner and the activation code used. @hidden_before: see #MmGatewayRow. */
gboolean mm_store_gateway_own (
    MmDatabase *db, gint64 row, gint64 owner, gint64 now, gint64 hidden_before, GError **error);

/* Marks the activation code as used without any other change. */
gboolean mm_store_gateway_use_activation (MmDatabase *db, gint64 row, gint64 now, GError **error);

/* Fills those of the site's facts that are empty. */
gboolean mm_store_gateway_fill_site (MmDatabase *db,
                                     gint64 row,
                                     const char *postal_code,
                                     const char *prefecture,
                                     const char *municipality,
                                     GError **error);

/* Replaces the same facts, because somebody else lives there now; also empties the name. */
gboolean mm_store_gateway_replace_site (MmDatabase *db,
                                        gint64 row,
                                        const char *postal_code,
                                        const char *prefecture,
                                        const char *municipality,
                                        GError **error);

/* Gives the site another @name. */
gboolean mm_store_gateway_rename (MmDatabase *db, gint64 row, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmGatewayRow, mm_gateway_row_free)

G_END_DECLS
