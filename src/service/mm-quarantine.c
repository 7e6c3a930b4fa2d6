#include "mm-quarantine.h"

#include "mm-error.h"
#include "mm-store-gateways.h"

gboolean
mm_quarantine_keep (
    MmDatabase *db, gint64 gateway, const MmBatch *batch, gint64 received, GError **error)
{
  for (guint i = 0; i < batch->refusals->len; i++)
    if (!mm_refused_insert (db, gateway, received, batch,
                            &g_array_index (batch->refusals, MmRefusal, i), error))
      return FALSE;
  return batch->refusals->len == 0 || mm_refused_trim (db, gateway, error);
}

static GPtrArray *
list_of (MmDatabase *db, const char *id, guint limit, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (MmGatewayRow) row = NULL;

  if (id == NULL)
    return mm_store_quarantine_list (db, 0, limit, error);
  row = mm_store_gateway_find_folded (db, id, &problem);
  if (row != NULL)
    return mm_store_quarantine_list (db, row->row, limit, error);
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no gateway with this ID.");
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

GPtrArray *
mm_quarantine_list (MmContext *context, const char *id, guint limit, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  GPtrArray *list;

  if (db == NULL)
    return NULL;
  list = list_of (db, id, limit, error);
  mm_readers_give (context->readers, db);
  return list;
}
