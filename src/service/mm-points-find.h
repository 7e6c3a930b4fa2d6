/* Whether single points are stored already, and with which value: how a late push is judged. On the
 * writer's thread. */
#pragma once

#include "mm-live.h"

G_BEGIN_DECLS

/* A point that is looked for; in the hash table its own key. @is_known: @value is stored for it */
typedef struct
{
  gint64 time;
  guint32 series;
  gboolean is_known;
  double value;
} MmSoughtPoint;

/* An empty table for them; it frees them with g_free(). */
GHashTable *mm_points_sought_new (void);

/* Finds what is stored of @gateway for those in @sought that are not known; none of them is before
 * @from. Reads the rows of the log that may hold such times and are not folded yet, and of the
 * blocks those and in them the series that are asked for. */
gboolean mm_points_find (
    MmDatabase *db, const MmLiveGateway *gateway, GHashTable *sought, gint64 from, GError **error);

G_END_DECLS
