#include "mm-gateway-view.h"

#include "mm-alerts.h"
#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-link.h"
#include "mm-live.h"
#include "mm-quantity.h"
#include "mm-store-access.h"
#include "mm-store-gateways.h"
#include "mm-store-received-time.h"
#include "mm-time.h"
#include "mm-words.h"

#include <stdio.h>
#include <string.h>

/* ---- the look ---- */

typedef struct
{
  const MmPrincipal *principal;
  const char *public_id;
  gint64 now;
} Look;

static gboolean
note_look (MmDatabase *db, gpointer data, GError **error)
{
  const Look *look = data;
  MmAccess access;

  return mm_access_gateway (db, look->principal, look->public_id, MM_GRANT_SEE, look->now, &access,
                            error)
         && mm_access_note (db, &access, look->principal->account, "looked", NULL, look->now,
                            error);
}

/* Whether the dealer may look at all, and whether this hour's look is noted. */
static gboolean
check_look (MmContext *context, const Look *look, MmAccess *access, gboolean *noted, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean checked;

  if (db == NULL)
    return FALSE;
  checked = mm_access_gateway (db, look->principal, look->public_id, MM_GRANT_SEE, look->now,
                               access, error)
            && mm_store_access_has (db, access->gateway, look->principal->account, "looked",
                                    look->now - look->now % MM_HOUR, noted, error);
  mm_readers_give (context->readers, db);
  return checked;
}

/* What the dealer may see of the gateway. The customer can read of the look before the dealer sees
 * anything. */
static gboolean
begin_look (MmContext *context,
            const MmPrincipal *principal,
            const char *public_id,
            MmAccess *access,
            GError **error)
{
  Look look = { principal, public_id, mm_clock_now (context->clock) };
  gboolean noted = FALSE;

  return check_look (context, &look, access, &noted, error)
         && (noted || mm_writer_run (context->writer, note_look, &look, error));
}

/* ---- the whole ---- */

static void
latest_value_free (gpointer data)
{
  MmLatestValue *value = data;

  g_free (value->device);
  g_free (value->quantity);
  g_free (value);
}

void
mm_gateway_view_free (MmGatewayView *view)
{
  if (view == NULL)
    return;
  mm_fleet_row_free (view->row);
  g_clear_pointer (&view->devices, g_ptr_array_unref);
  g_clear_pointer (&view->values, g_ptr_array_unref);
  g_clear_pointer (&view->alerts, g_ptr_array_unref);
  g_clear_pointer (&view->by_receipt, g_array_unref);
  g_free (view);
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  const MmLatestValue *p = *(MmLatestValue *const *) a, *q = *(MmLatestValue *const *) b;
  int by_device = strcmp (p->device, q->device);

  return by_device != 0 ? by_device : strcmp (p->quantity, q->quantity);
}

static GPtrArray *
latest_values (MmContext *context, const MmAccess *access)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (latest_value_free);
  const MmLiveGateway *gateway;

  mm_live_lock (context->live);
  gateway = mm_live_get (context->live, access->gateway);
  for (guint i = 0; gateway != NULL && i < gateway->n_series; i++)
    {
      const MmLiveSeries *series = &gateway->series[i];
      MmLatestValue *value;

      if (series->time == G_MININT64 || series->time < access->history_from)
        continue;
      value = g_new0 (MmLatestValue, 1);
      value->device = g_strdup (series->device);
      value->quantity = g_strdup (series->quantity);
      value->time = series->time;
      value->value = series->value;
      g_ptr_array_add (values, value);
    }
  mm_live_unlock (context->live);
  for (guint i = 0; i < values->len; i++)
    {
      MmLatestValue *value = values->pdata[i];
      const MmQuantity *known = mm_quantity_find (value->quantity);

      value->unit = known != NULL ? known->unit : NULL;
    }
  g_ptr_array_sort (values, compare_values);
  return values;
}

static gboolean
read_view (MmContext *context,
           MmDatabase *db,
           const MmPrincipal *principal,
           const MmAccess *access,
           MmGatewayView *view,
           GError **error)
{
  if (!mm_fleet_find (context, db, principal->account, access->gateway, view->now, &view->row,
                      error))
    return FALSE;
  /* Between the look and now the link may have ended. */
  if (view->row == NULL)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  view->devices = mm_store_device_list (db, access->gateway, error);
  if (view->devices == NULL)
    return FALSE;
  view->alerts
      = mm_alerts_of (db, principal->account, access->gateway, MM_TIME_NONE, view->now, error);
  if (view->alerts == NULL)
    return FALSE;
  mm_clock_sense_of (context, access->gateway, &view->clock);
  view->by_receipt = mm_store_received_time_list (db, access->gateway, access->history_from, error);
  return view->by_receipt != NULL;
}

MmGatewayView *
mm_gateway_view_open (MmContext *context,
                      const MmPrincipal *principal,
                      const char *public_id,
                      GError **error)
{
  g_autoptr (MmGatewayView) view = g_new0 (MmGatewayView, 1);
  MmAccess access;
  MmDatabase *db;
  gboolean read;

  if (!begin_look (context, principal, public_id, &access, error))
    return NULL;
  view->now = mm_clock_now (context->clock);
  view->values = latest_values (context, &access);
  if (!mm_today_read (context, &access, view->now, &view->today, error))
    return NULL;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  read = read_view (context, db, principal, &access, view, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&view) : NULL;
}

/* ---- history ---- */

/* "2016-10-07": the bounds of that day. */
static gboolean
parse_day (const char *text, GTimeZone *zone, gint64 *from, gint64 *to)
{
  int year, month, day, end = 0;

  return strlen (text) == 10 && sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3
         && end == 10 && mm_site_day_bounds (zone, year, month, day, from, to);
}

static void
take_time (const char *text, const char *field, GTimeZone *zone, gint64 *time, GError **error)
{
  gint64 from, to;

  if (text == NULL || *text == '\0')
    mm_error_add_field (error, field, "required", N_ ("Please say from when to when."));
  else if (parse_day (text, zone, &from, &to))
    *time = strcmp (field, "to") == 0 ? to : from;
  else if (!mm_time_parse (text, time))
    mm_error_add_field (error, field, "syntax",
                        N_ ("Times look like 2026-05-01T12:00:00Z, days like 2026-05-01."));
}

/* The zone of the site; NULL only with @error. */
static GTimeZone *
zone_of (MmContext *context, gint64 gateway, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  g_autoptr (MmGatewayRow) site = NULL;
  GTimeZone *zone;

  if (db == NULL)
    return NULL;
  site = mm_store_gateway_get (db, gateway, error);
  mm_readers_give (context->readers, db);
  if (site == NULL)
    return NULL;
  zone = g_time_zone_new_identifier (site->timezone);
  return zone != NULL ? zone : g_time_zone_new_utc ();
}

MmHistory *
mm_gateway_view_history (MmContext *context,
                         const MmPrincipal *principal,
                         const char *public_id,
                         const MmHistoryRequest *request,
                         GError **error)
{
  MmHistoryQuery query = {
    .points = request->points,
    .device = request->device,
    .quantities = request->quantities,
  };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  MmAccess access;

  if (!begin_look (context, principal, public_id, &access, error))
    return NULL;
  zone = zone_of (context, access.gateway, error);
  if (zone == NULL)
    return NULL;
  take_time (request->from, "from", zone, &query.from, &wrong);
  take_time (request->to, "to", zone, &query.to, &wrong);
  if (request->resolution != NULL
      && !mm_resolution_from_name (request->resolution, &query.resolution))
    mm_error_add_field (&wrong, "resolution", "unknown", N_ ("It is raw, 15min or day."));
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return mm_history_read (context, &access, &query, error);
}

/* ---- events ---- */

/* time, device, code and state of the last event of a page, which are its key. */
static char *
write_cursor (const MmEventRow *event)
{
  g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT "\n%s\n%s\n%s", event->time,
                                            event->device, event->code, event->state);
  char *cursor = g_base64_encode ((const guchar *) plain, strlen (plain));

  return g_strdelimit (g_strdelimit (g_strdelimit (cursor, "+", '-'), "/", '_'), "=", '.');
}

static gboolean
read_cursor (const char *cursor, MmEventRow *event, GError **error)
{
  g_autofree char *standard = g_strdup (cursor);
  g_autofree guchar *bytes = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) parts = NULL;
  gsize length;

  g_strdelimit (g_strdelimit (g_strdelimit (standard, "-", '+'), "_", '/'), ".", '=');
  bytes = g_base64_decode (standard, &length);
  plain = g_strndup ((const char *) bytes, length);
  parts = g_strsplit (plain, "\n", 4);
  if (g_strv_length (parts) != 4
      || !g_ascii_string_to_signed (parts[0], 10, G_MININT64, G_MAXINT64, &event->time, NULL))
    {
      mm_error_add_field (error, "cursor", "unknown", N_ ("This is not where a page ended."));
      return FALSE;
    }
  event->device = g_strdup (parts[1]);
  event->code = g_strdup (parts[2]);
  event->state = g_strdup (parts[3]);
  return TRUE;
}

GPtrArray *
mm_gateway_view_events (MmContext *context,
                        const MmPrincipal *principal,
                        const char *public_id,
                        const char *cursor,
                        guint limit,
                        char **next,
                        GError **error)
{
  MmEventRow *after = NULL;
  GPtrArray *events;
  MmAccess access;
  MmDatabase *db;

  *next = NULL;
  if (!begin_look (context, principal, public_id, &access, error))
    return NULL;
  if (cursor != NULL)
    {
      after = g_new0 (MmEventRow, 1);
      if (!read_cursor (cursor, after, error))
        {
          mm_event_row_free (after);
          return NULL;
        }
    }
  db = mm_readers_take (context->readers, error);
  /* One more than asked for says whether there is a next page. */
  events = db != NULL ? mm_store_event_page (db, access.gateway, access.history_from, after,
                                             limit + 1, error)
                      : NULL;
  mm_readers_give (context->readers, db);
  mm_event_row_free (after);
  if (events != NULL && events->len > limit)
    {
      g_ptr_array_set_size (events, (int) limit);
      *next = write_cursor (events->pdata[limit - 1]);
    }
  return events;
}

/* ---- the customer ---- */

static gboolean
read_customer (MmDatabase *db, const MmAccess *access, MmAccountRow **customer, GError **error)
{
  g_autoptr (MmGatewayRow) gateway = mm_store_gateway_get (db, access->gateway, error);

  if (gateway == NULL
      || (gateway->owner != 0 && !mm_store_accounts_get (db, gateway->owner, customer, error)))
    return FALSE;
  return *customer != NULL
         || mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
}

MmAccountRow *
mm_gateway_view_customer (MmContext *context,
                          const MmPrincipal *principal,
                          const char *public_id,
                          GError **error)
{
  g_autoptr (MmAccountRow) customer = NULL;
  MmAccess access;
  MmDatabase *db;
  gboolean read;

  if (!begin_look (context, principal, public_id, &access, error))
    return NULL;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  read = read_customer (db, &access, &customer, error);
  mm_readers_give (context->readers, db);
  return read ? g_steal_pointer (&customer) : NULL;
}
