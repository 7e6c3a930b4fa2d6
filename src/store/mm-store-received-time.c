#include "mm-store-received-time.h"

#include "mm-clock.h"

gboolean
mm_store_received_time_set (
    MmDatabase *db, gint64 gateway, gboolean by_receipt, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      by_receipt ? "INSERT INTO received_time (gateway, since) SELECT $1, $2 WHERE NOT EXISTS "
                   "(SELECT 1 FROM received_time WHERE gateway = $1 AND until IS NULL)"
                 : "UPDATE received_time SET until = $2 WHERE gateway = $1 AND until IS NULL",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_step (s, error) == MM_DONE;
}

GArray *
mm_store_received_time_list (MmDatabase *db, gint64 gateway, gint64 from, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (MmReceivedTime));
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT since, until FROM (SELECT since, until FROM received_time WHERE gateway = $1 AND "
      "(until IS NULL OR until > $2) ORDER BY since DESC LIMIT 100) ORDER BY since",
      error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, from);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmReceivedTime time = {
        .since = mm_statement_int (s, 0),
        .until = mm_statement_is_null (s, 1) ? MM_TIME_NONE : mm_statement_int (s, 1),
      };

      g_array_append_val (list, time);
    }
  return step == MM_DONE ? g_steal_pointer (&list) : NULL;
}
