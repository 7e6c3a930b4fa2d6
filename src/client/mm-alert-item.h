/* One alert of a list. The item stays the same while what is known of the alert changes: "notify"
 * of "alert" says so. Main thread. */
#pragma once

#include "mm-alert-words.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define MM_TYPE_ALERT_ITEM (mm_alert_item_get_type ())
G_DECLARE_FINAL_TYPE (MmAlertItem, mm_alert_item, MM, ALERT_ITEM, GObject)

/* Which kinds a search is for. */
typedef enum
{
  MM_ALERT_KINDS_ALL,
  MM_ALERT_KINDS_FAULT,
  MM_ALERT_KINDS_OFFLINE,
} MmAlertKinds;

/* @alert: Alert of docs/openapi.yaml */
MmAlertItem *mm_alert_item_new (JsonObject *alert);

/* What is known of it, owned by the item, and replacing that. */
JsonObject *mm_alert_item_get_alert (MmAlertItem *item);
void mm_alert_item_set_alert (MmAlertItem *item, JsonObject *alert);

/* Its ID. */
const char *mm_alert_item_get_id (MmAlertItem *item);

/* Whether somebody said that they know of it. */
gboolean mm_alert_item_is_acknowledged (MmAlertItem *item);

/* Worst first, then the newest; for alerts that are open. */
int mm_alert_item_compare_open (MmAlertItem *a, MmAlertItem *b);

/* The newest first; for alerts that are over. */
int mm_alert_item_compare_past (MmAlertItem *a, MmAlertItem *b);

/* Whether it is of one of @kinds and every word of @search is in what it says: the gateway's ID,
 * the names of site and customer, the place, the code, the device, the meaning. */
gboolean mm_alert_item_matches (MmAlertItem *item, MmAlertKinds kinds, const char *search);

G_END_DECLS
