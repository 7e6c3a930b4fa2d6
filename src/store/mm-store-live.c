#include "mm-store-live.h"

#define COLUMNS                                                                                    \
  "id, public_id, key_hash, interval_s, timezone, EXISTS (SELECT 1 FROM received_time r WHERE "    \
  "r.gateway = gateway.id AND r.until IS NULL)"

static gboolean
each_row (MmStatement *s, MmLiveFactsFunc func, gpointer data, GError **error)
{
  MmStep step;

  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmLiveFacts facts = {
        .gateway = mm_statement_int (s, 0),
        .public_id = mm_statement_text (s, 1),
        .interval_s = (guint) mm_statement_int (s, 3),
        .timezone = mm_statement_text (s, 4),
        .by_receipt = mm_statement_int (s, 5) != 0,
      };

      facts.key_hash = mm_statement_blob (s, 2, &facts.key_length);
      func (&facts, data);
    }
  return step == MM_DONE;
}

gboolean
mm_store_live_each (MmDatabase *db, MmLiveFactsFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, "SELECT " COLUMNS " FROM gateway", error);

  return s != NULL && each_row (s, func, data, error);
}

gboolean
mm_store_live_one (
    MmDatabase *db, gint64 gateway, MmLiveFactsFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS " FROM gateway WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  return each_row (s, func, data, error);
}

#define ALERT_COLUMNS "gateway, kind, severity, shows"

static gboolean
each_alert (MmStatement *s, MmLiveAlertFunc func, gpointer data, GError **error)
{
  MmStep step;

  while ((step = mm_statement_step (s, error)) == MM_ROW)
    func (mm_statement_int (s, 0), mm_statement_text (s, 1), (int) mm_statement_int (s, 2),
          mm_statement_text (s, 3), data);
  return step == MM_DONE;
}

gboolean
mm_store_live_alerts (
    MmDatabase *db, gint64 gateway, MmLiveAlertFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " ALERT_COLUMNS " FROM alert WHERE gateway = $1 AND recovered IS NULL", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  return each_alert (s, func, data, error);
}

gboolean
mm_store_live_all_alerts (MmDatabase *db, MmLiveAlertFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " ALERT_COLUMNS " FROM alert WHERE recovered IS NULL",
                             error);

  return s != NULL && each_alert (s, func, data, error);
}
