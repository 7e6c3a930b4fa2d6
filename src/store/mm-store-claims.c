/* Which gateway a provisional customer will own. See the header for which thread may do what. */
#include "mm-store-claims.h"

gboolean
mm_store_claim_set (MmDatabase *db,
                    gint64 account,
                    gint64 gateway,
                    const guint8 activation[MM_GATEWAY_HASH_BYTES],
                    GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO claim (account, gateway, activation_hash) VALUES ($1, $2, $3) "
      "ON CONFLICT (account) DO UPDATE SET gateway = excluded.gateway, "
      "activation_hash = excluded.activation_hash",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  mm_statement_bind_int (s, 2, gateway);
  mm_statement_bind_blob (s, 3, activation, MM_GATEWAY_HASH_BYTES);
  return mm_statement_run (s, error);
}

/* The gateway of the account's claim if its code is still the one claimed, and unused; else 0. */
static gboolean
find_claim (MmDatabase *db, gint64 account, gint64 *gateway, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT gateway.id FROM claim JOIN gateway ON gateway.id = claim.gateway "
      "WHERE claim.account = $1 AND gateway.activation_hash = claim.activation_hash "
      "AND gateway.activation_used IS NULL",
      error);

  *gateway = 0;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  switch (mm_statement_step (s, error))
    {
    case MM_ROW:
      *gateway = mm_statement_int (s, 0);
      return TRUE;
    case MM_DONE:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
mm_store_claim_take (MmDatabase *db, gint64 account, gint64 *gateway, GError **error)
{
  g_autoptr (MmStatement) s = NULL;

  if (!find_claim (db, account, gateway, error))
    return FALSE;
  s = mm_database_prepare (db, "DELETE FROM claim WHERE account = $1", error);
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, account);
  return mm_statement_run (s, error);
}
