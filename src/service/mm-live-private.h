/* The inside of the live state, shared by the files that make it. */
#pragma once

#include "mm-live-keys.h"
#include "mm-live.h"

G_BEGIN_DECLS

struct _MmLive
{
  gint64 listening_since;
  GRWLock lock;             /* readers: any thread; the writer's thread locks only to change */
  GPtrArray *all;           /* of MmLiveGateway, owned */
  GHashTable *by_id;        /* &gateway->id → gateway */
  GArray *touched;          /* row ids changed in this transaction */
  GArray *committed;        /* those of the last one, for the caller */
  GArray *alerts_touched;   /* row ids whose alerts changed in this transaction */
  GArray *alerts_committed; /* those of the last one, for the caller */
  GArray *offline;          /* what mm_live_newly_offline() found */
  gint64 last_row;          /* newest row of the reading log that is applied here */
  gint64 saved_row;         /* the one up to which the saved state goes */
  gint unsaved;             /* pushes since the last save; atomic */
  MmLiveKeys *keys;
  const char *pv_power; /* interned, as the names of series are */
  const char *pv_energy;
};

/* A gateway by its row, NULL if there is none. */
MmLiveGateway *mm_live_find (MmLive *live, gint64 id);

/* Takes a stored value into what was produced today, if it is of that. With the lock held for
 * writing. */
void mm_live_take_into_day (
    MmLive *live, MmLiveGateway *gateway, guint32 series, gint64 time, double value);

/* A row was appended behind the tail. With the lock held for writing. */
void mm_live_tail_grow (MmLiveTail *tail, gint64 row, gint64 received);

/* Reads series, what was saved of the gateways, and the rows of the log after that. Likewise. */
gboolean mm_live_read_saved (MmLive *live, MmDatabase *db, GError **error);

G_END_DECLS
