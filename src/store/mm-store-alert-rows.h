/* Alerts, events and devices as they are read for a dealer.
 *
 * Functions that read take any connection; mm_store_alert_acknowledge() is for the writer's thread.
 * Who may see what is decided in service/mm-access.h, from the facts of each link.
 */
#pragma once

#include "mm-alert.h"
#include "mm-database.h"
#include "mm-store-fleet.h"

G_BEGIN_DECLS

/* One alert. Times are UTC microseconds, MM_TIME_NONE for none; texts are never NULL.
 * @maker: of the device, as it says itself; may be empty
 * @acknowledged, @note: what the dealer did about it */
typedef struct
{
  MmLinkFacts link;
  gint64 row;
  char *public_id;
  char *gateway_id;
  char *site_name;
  char *customer;
  char *municipality;
  MmAlertKind kind;
  char *device;
  char *code;
  char *maker;
  int severity;
  gint64 opened;
  gint64 opened_received;
  gint64 last_seen;
  gint64 count;
  gint64 recovered;
  gint64 recovered_received;
  gint64 acknowledged;
  char *note;
} MmAlertRow;

void mm_alert_row_free (MmAlertRow *row);

typedef enum
{
  MM_ALERTS_ALL,
  MM_ALERTS_OPEN,
  MM_ALERTS_RECOVERED,
} MmAlertsState;

/* Takes one alert, and says whether it wants more; the row is the callee's. */
typedef gboolean (*MmAlertRowFunc) (MmAlertRow *row, gpointer data);

/* Walks over the alerts of the gateways to which @dealer has an open link (with @gateway not 0, of
 * that one only), newest first: those behind the alert with the ID @after, where the page before
 * ended, or all of them if it is NULL. */
gboolean mm_store_alert_rows (MmDatabase *db,
                              gint64 dealer,
                              gint64 gateway,
                              MmAlertsState state,
                              const char *after,
                              MmAlertRowFunc func,
                              gpointer data,
                              GError **error);

/* The alert with the ID @public_id, if @dealer has an open link to its gateway; else TRUE with
 * NULL. */
gboolean mm_store_alert_find (
    MmDatabase *db, gint64 dealer, const char *public_id, MmAlertRow **row, GError **error);

/* Notes that @dealer knows of the alert. The first time counts; a later @note that is not empty
 * replaces the one before. @is_new: whether it was the first. */
gboolean mm_store_alert_acknowledge (MmDatabase *db,
                                     gint64 alert,
                                     gint64 dealer,
                                     gint64 now,
                                     const char *note,
                                     gboolean *is_new,
                                     GError **error);

/* One event. Texts are never NULL. */
typedef struct
{
  gint64 time;
  gint64 received;
  gboolean late;
  char *device;
  char *code;
  char *state;
  char *detail;
  char *maker;
} MmEventRow;

void mm_event_row_free (MmEventRow *row);

/* At most @limit events (#MmEventRow) of @gateway, newest first, none from before @since. @after:
 * the last event of the page before, of which time, device, code and state count; NULL begins. */
GPtrArray *mm_store_event_page (MmDatabase *db,
                                gint64 gateway,
                                gint64 since,
                                const MmEventRow *after,
                                guint limit,
                                GError **error);

/* One device as it describes itself. Texts are never NULL. */
typedef struct
{
  char *name;
  char *kind;
  char *maker;
  char *model;
  char *serial;
} MmDeviceRow;

void mm_device_row_free (MmDeviceRow *row);

/* The devices (#MmDeviceRow) of @gateway by name. */
GPtrArray *mm_store_device_list (MmDatabase *db, gint64 gateway, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmAlertRow, mm_alert_row_free)

G_END_DECLS
