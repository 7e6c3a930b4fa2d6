/* The operator makes gateways, gives and takes their keys.
 *
 * Any thread but the writer's. Keys and activation codes are told once, to whoever asked for them;
 * only their hashes are kept. Each action is noted in the operator's log.
 */
#pragma once

#include "mm-context.h"
#include "mm-store-gateways.h"

G_BEGIN_DECLS

/* What was made for a gateway. @key, @activation_code: NULL if not a new one. */
typedef struct
{
  char *id;
  char *key;
  char *activation_code;
} MmIssued;

void mm_issued_free (MmIssued *issued);

/* The names that mm_provisioning_draft() knows, in the order of the columns of an import;
 * NULL-terminated. */
const char *const *mm_provisioning_fields (void);

/* Reads what is to be known of a new gateway.
 *
 * @fields: (element-type utf8 utf8): by the names of mm_provisioning_fields(); all may be absent or
 * empty. id: made up if absent. pv_peak_kw: kWp, battery_kwh: kWh; from 0 to a million. latitude,
 * longitude: degrees, both or none. interval_s: expected seconds between reports, default 60.
 * timezone: IANA name, default the server's.
 * NULL with %MM_ERROR_FIELDS; unknown names are errors, too. */
MmGatewayRow *mm_provisioning_draft (MmContext *context, GHashTable *fields, GError **error);

/* Adds @drafts (#MmGatewayRow), all of them or none. @issued: (element-type MmIssued) (out): in the
 * same order. %MM_ERROR_CONFLICT "taken" names the ID that exists already. */
gboolean mm_provisioning_add (MmContext *context,
                              GPtrArray *drafts,
                              GPtrArray **issued,
                              GError **error);

/* Reads drafts from a table in CSV: the first record names the columns, by
 * mm_provisioning_fields(). NULL with %MM_ERROR_FIELDS (fields "row 3, latitude"; the heading is
 * row 1) or %MM_ERROR_INVALID. */
GPtrArray *mm_provisioning_read_csv (MmContext *context,
                                     const char *text,
                                     gsize length,
                                     GError **error);

/* A new key for the gateway @id; the earlier one is void at once. */
MmIssued *mm_provisioning_rotate_key (MmContext *context, const char *id, GError **error);

/* No key any more: what the gateway pushes is refused. */
MmIssued *mm_provisioning_revoke_key (MmContext *context, const char *id, GError **error);

/* A new, unused activation code: for a label that was lost and for a change of owner. */
MmIssued *mm_provisioning_new_code (MmContext *context, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmIssued, mm_issued_free)

G_END_DECLS
