/* What was set aside, for the operator to see: refused parts of pushes, and (written by
 * mm-store-readings.h) values that were not plausible. And the settings that gateways report. */
#pragma once

#include "mm-batch.h"
#include "mm-database.h"

G_BEGIN_DECLS

/* Of one gateway; a broken one must not fill the disk. */
#define MM_REFUSED_KEPT 200

/* Keeps one refusal of @batch. In a job of the writer. */
gboolean mm_refused_insert (MmDatabase *db,
                            gint64 gateway,
                            gint64 received,
                            const MmBatch *batch,
                            const MmRefusal *refusal,
                            GError **error);

/* Forgets all but the last %MM_REFUSED_KEPT of a gateway. In a job of the writer. */
gboolean mm_refused_trim (MmDatabase *db, gint64 gateway, GError **error);

/* One thing that was set aside.
 * @gateway: its public ID
 * @is_value: a value: then @time, @device, @quantity and @value count, and @code is why; else
 * @place, @code, @detail and @text do */
typedef struct
{
  char *gateway;
  gint64 received;
  gboolean is_value;
  gint64 time;
  char *device;
  char *quantity;
  double value;
  char *place;
  char *code;
  char *detail;
  char *text;
} MmQuarantined;

/* Frees it with its texts. */
void mm_quarantined_free (MmQuarantined *one);

/* The last @limit things that were set aside, newest first (of #MmQuarantined), of the gateway with
 * row @gateway, or of all if it is 0. */
GPtrArray *mm_store_quarantine_list (MmDatabase *db, gint64 gateway, guint limit, GError **error);

/* Keeps the settings that @gateway reported, the JSON object @settings. Their time is that of the
 * last change. In a job of the writer. */
gboolean mm_store_settings_put (
    MmDatabase *db, gint64 gateway, const char *settings, gint64 received, GError **error);

/* The settings that @gateway reported last, and since when; *@settings is NULL if it never did. */
gboolean mm_store_settings_get (
    MmDatabase *db, gint64 gateway, char **settings, gint64 *received, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmQuarantined, mm_quarantined_free)

G_END_DECLS
