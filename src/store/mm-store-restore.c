#include "mm-store-restore.h"

gboolean
mm_store_restore_end (MmDatabase *db, gint64 now, GError **error)
{
  g_autoptr (MmStatement) drop = mm_database_prepare (
      db,
      "UPDATE outbox SET state = 'dropped', finished = $1, answer = 'restored from a backup'"
      " WHERE state = 'waiting'",
      error);

  if (drop == NULL)
    return FALSE;
  mm_statement_bind_int (drop, 1, now);
  return mm_statement_run (drop, error)
         && mm_database_exec (db, "DELETE FROM session; UPDATE token SET dead = 1", error);
}

/* Public ids are the same in both; rows' numbers need not be. */
static const char carry_over[]
    = "UPDATE gateway SET key_hash = p.key_hash, activation_hash = p.activation_hash,"
      " activation_used = p.activation_used"
      " FROM present.gateway AS p WHERE p.public_id = gateway.public_id;"

      "UPDATE gateway SET owned_since = p.owned_since, hidden_before = p.hidden_before,"
      " owner = (SELECT a.id FROM account AS a JOIN present.account AS b"
      "          ON b.public_id = a.public_id WHERE b.id = p.owner)"
      " FROM present.gateway AS p WHERE p.public_id = gateway.public_id AND p.owner IS NOT NULL;"

      "UPDATE account SET password = p.password, state = p.state"
      " FROM present.account AS p"
      " WHERE p.public_id = account.public_id AND p.state <> 'provisional';"

      "UPDATE account SET sign_in = '', sign_in_folded = 'closed:' || public_id, password = NULL,"
      " name = '', kana = '', mail = '', phone = '', postal_code = '', prefecture = '',"
      " municipality = '', address = '', alert_own_mail = 0 WHERE state = 'closed';"

      "UPDATE gateway SET owner = NULL, owned_since = NULL, hidden_before = p.hidden_before,"
      " name = '', postal_code = '', prefecture = '', municipality = '', latitude = NULL,"
      " longitude = NULL"
      " FROM present.gateway AS p WHERE p.public_id = gateway.public_id AND p.owner IS NULL"
      " AND gateway.owner IN (SELECT id FROM account WHERE state = 'closed');"

      "DELETE FROM second_factor WHERE account IN (SELECT a.id FROM account AS a"
      " JOIN present.account AS b ON b.public_id = a.public_id);"

      "INSERT INTO second_factor (account, secret, made, confirmed, last_step)"
      " SELECT a.id, p.secret, p.made, p.confirmed, p.last_step FROM present.second_factor AS p"
      " JOIN present.account AS b ON b.id = p.account"
      " JOIN account AS a ON a.public_id = b.public_id;"

      "INSERT INTO recovery_code (hash, account)"
      " SELECT p.hash, a.id FROM present.recovery_code AS p"
      " JOIN present.account AS b ON b.id = p.account"
      " JOIN account AS a ON a.public_id = b.public_id;"

      "UPDATE link SET ended = p.ended, ended_by = p.ended_by"
      " FROM present.link AS p"
      " WHERE p.public_id = link.public_id AND p.ended IS NOT NULL AND link.ended IS NULL;"

      "UPDATE link SET grants = link.grants & p.grants, until = p.until"
      " FROM present.link AS p"
      " WHERE p.public_id = link.public_id AND p.ended IS NULL AND link.ended IS NULL;"

      "DELETE FROM contact"
      " WHERE account IN (SELECT a.id FROM account AS a JOIN present.account AS b"
      "                   ON b.public_id = a.public_id)"
      " AND public_id NOT IN (SELECT public_id FROM present.contact);";

gboolean
mm_store_restore_carry_over (MmDatabase *db, const char *present, GError **error)
{
  g_autoptr (MmStatement) attach = mm_database_prepare (db, "ATTACH $1 AS present", error);
  gboolean carried;

  if (attach == NULL)
    return FALSE;
  mm_statement_bind_text (attach, 1, present);
  if (!mm_statement_run (attach, error))
    return FALSE;
  mm_statement_reset (attach);
  carried = mm_database_begin (db, error) && mm_database_exec (db, carry_over, error)
            && mm_database_commit (db, error);
  if (!carried)
    mm_database_rollback (db);
  return mm_database_exec (db, "DETACH present", carried ? error : NULL) && carried;
}
