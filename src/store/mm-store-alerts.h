/* Events of devices, the alerts they open, and what devices say of themselves. */
#pragma once

#include "mm-alert.h"
#include "mm-database.h"
#include "mm-store-fleet.h"

G_BEGIN_DECLS

/* What makes two events the same cause. @device and @code are empty for loss of contact. */
typedef struct
{
  gint64 gateway;
  MmAlertKind kind;
  const char *device;
  const char *code;
} MmCause;

/* Records an event; @is_new is FALSE if it was there already. */
gboolean mm_store_events_insert (MmDatabase *db,
                                 gint64 gateway,
                                 const char *device,
                                 const char *code,
                                 MmEventState state,
                                 gint64 time,
                                 gint64 received,
                                 gboolean late,
                                 const char *detail,
                                 gboolean *is_new,
                                 GError **error);

/* What is known of @cause: its open or latest alert, and the newest event recorded for it.
 * @alert: row of that alert, 0 if there never was one. */
gboolean mm_store_alerts_state (
    MmDatabase *db, const MmCause *cause, MmAlertState *state, gint64 *alert, GError **error);

/* Opens an alert with the random @public_id; its row in @alert. @shows: name of the status that the
 * fault itself is, or "". */
gboolean mm_store_alerts_open (MmDatabase *db,
                               const MmCause *cause,
                               const char *public_id,
                               int severity,
                               const char *shows,
                               gint64 time,
                               gint64 received,
                               gint64 *alert,
                               GError **error);

/* The cause came again while the alert is open. */
gboolean mm_store_alerts_repeat (
    MmDatabase *db, gint64 alert, gint64 time, guint count, GError **error);

/* The cause is gone. */
gboolean mm_store_alerts_recover (
    MmDatabase *db, gint64 alert, gint64 time, gint64 received, GError **error);

/* Somebody to be told of an alert: a maintenance contact of a dealer, or (@contact is 0) the
 * dealer.
 * @link: by which the dealer may be told
 * @confirmed: the reader has confirmed the address, and may be told customers' names */
typedef struct
{
  gint64 account;
  gint64 contact;
  char *mail;
  char *language;
  MmLinkFacts link;
  gboolean confirmed;
} MmRecipient;

void mm_recipient_free (MmRecipient *recipient);

/* Who is to be told of alerts of @gateway at @now (#MmRecipient), each address
 * of a dealer once: by links that grant @told. */
gboolean mm_store_alerts_recipients (
    MmDatabase *db, gint64 gateway, gint64 now, guint told, GPtrArray **recipients, GError **error);

/* What a mail about a gateway says of its site. @customer is NULL if it has no owner. */
typedef struct
{
  char *public_id;
  char *prefecture;
  char *municipality;
  char *timezone;
  char *customer;
} MmAlertSite;

/* Reads the site of @gateway into @site, which is to be cleared. */
gboolean mm_store_alerts_site (MmDatabase *db, gint64 gateway, MmAlertSite *site, GError **error);

/* Frees the texts of @site. */
void mm_alert_site_clear (MmAlertSite *site);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmAlertSite, mm_alert_site_clear)

/* The maker of a device as it says itself; NULL if it is not known. */
gboolean mm_store_devices_maker (
    MmDatabase *db, gint64 gateway, const char *device, char **maker, GError **error);

/* Devices of one gateway beyond this are not kept. */
#define MM_STORE_MAX_DEVICES 256

/* Keeps what a device says of itself; NULL texts leave what is known. @taken is FALSE if the
 * gateway has too many devices already. */
gboolean mm_store_devices_put (MmDatabase *db,
                               gint64 gateway,
                               const MmDevice *device,
                               gint64 now,
                               gboolean *taken,
                               GError **error);

/* Keeps what the gateway says of itself; NULL and 0 leave what is known. @changed says whether the
 * interval is another now. */
gboolean mm_store_gateways_report (MmDatabase *db,
                                   gint64 gateway,
                                   const char *firmware,
                                   guint interval_s,
                                   gboolean *changed,
                                   GError **error);

G_END_DECLS
