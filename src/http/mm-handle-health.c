#define G_LOG_DOMAIN "mm-http"

#include "mm-handle-health.h"

#include "mm-brokers.h"
#include "mm-context.h"
#include "mm-live.h"
#include "mm-room.h"
#include "mm-status.h"
#include "mm-store-outbox.h"

void
mm_handle_healthz (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  MmContext *served = context;

  /* Ready or not, no detail: strangers may ask. It is served only while the server is ready, but
   * then the disk may be full. */
  if (mm_room_check (served->room, &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:s}", "status", "ready"));
  else
    mm_exchange_answer_json (x, 503, json_pack ("{s:s}", "status", "disk-full"));
}

static void
add_metric (GString *text, const char *name, const char *type, const char *help, guint64 value)
{
  g_string_append_printf (
      text, "# HELP mimamori_%s %s\n# TYPE mimamori_%s %s\nmimamori_%s %" G_GUINT64_FORMAT "\n",
      name, help, name, type, name, value);
}

static void
add_lanes (GString *text, MmContext *context)
{
  static const char *const names[MM_N_LANES] = {
    [MM_LANE_PEOPLE] = "people", [MM_LANE_FAULT] = "fault", [MM_LANE_LIVE] = "live",
    [MM_LANE_LATE] = "late",     [MM_LANE_IDLE] = "idle",
  };

  g_string_append (text, "# HELP mimamori_writer_lane Changes that wait for the disk, by lane.\n"
                         "# TYPE mimamori_writer_lane gauge\n");
  for (MmLane lane = 0; lane < MM_N_LANES; lane++)
    g_string_append_printf (text, "mimamori_writer_lane{lane=\"%s\"} %u\n", names[lane],
                            mm_writer_waiting_in (context->writer, lane));
}

static void
add_gateways (GString *text, MmContext *context)
{
  guint64 by_status[MM_N_STATUSES] = { 0 };
  guint64 values = 0;
  const GPtrArray *all;

  mm_live_lock (context->live);
  all = mm_live_all (context->live);
  for (guint i = 0; i < all->len; i++)
    {
      const MmLiveGateway *gateway = all->pdata[i];

      by_status[gateway->status]++;
      values += gateway->n_values;
    }
  mm_live_unlock (context->live);

  g_string_append (text, "# HELP mimamori_gateways Gateways by status.\n"
                         "# TYPE mimamori_gateways gauge\n");
  for (guint status = 0; status < MM_N_STATUSES; status++)
    g_string_append_printf (text, "mimamori_gateways{status=\"%s\"} %" G_GUINT64_FORMAT "\n",
                            mm_status_name (status), by_status[status]);
  add_metric (text, "values", "gauge", "Stored values.", values);
}

/* Left out if the store cannot be read: a scrape must not fail just when it matters. */
static void
add_outbox (GString *text, MmContext *context)
{
  g_autoptr (GError) error = NULL;
  MmDatabase *db = mm_readers_take (context->readers, &error);
  guint waiting;

  if (db != NULL && mm_store_outbox_waiting (db, &waiting, &error))
    add_metric (text, "outbox_waiting", "gauge", "Letters that wait to be sent.", waiting);
  else
    g_warning ("the outbox cannot be read: %s", error->message);
  if (db != NULL)
    mm_readers_give (context->readers, db);
}

/* One line for each broker. @what: which of its figures. */
static void
add_broker_lines (GString *text,
                  const GPtrArray *brokers,
                  const char *name,
                  const char *type,
                  const char *help,
                  guint64 (*what) (const MmBrokerView *view))
{
  g_string_append_printf (text, "# HELP mimamori_%s %s\n# TYPE mimamori_%s %s\n", name, help, name,
                          type);
  for (guint i = 0; i < brokers->len; i++)
    {
      const MmBrokerView *view = brokers->pdata[i];

      g_string_append_printf (text, "mimamori_%s{broker=\"%s\"} %" G_GUINT64_FORMAT "\n", name,
                              view->broker->name, what (view));
    }
}

static guint64
is_connected (const MmBrokerView *view)
{
  return view->state.connection.is_connected;
}

static guint64
n_messages (const MmBrokerView *view)
{
  return view->state.connection.n_messages;
}

static guint64
n_values (const MmBrokerView *view)
{
  return view->state.n_values;
}

static guint64
n_refused (const MmBrokerView *view)
{
  return view->state.n_refused;
}

static guint64
n_unknown (const MmBrokerView *view)
{
  return view->state.n_unknown;
}

static void
add_brokers (GString *text, MmContext *context)
{
  g_autoptr (GPtrArray) brokers = mm_brokers_list (context->brokers);

  if (brokers->len == 0)
    return;
  add_broker_lines (text, brokers, "mqtt_connected", "gauge", "Whether the broker is connected.",
                    is_connected);
  add_broker_lines (text, brokers, "mqtt_messages_total", "counter", "Messages of brokers.",
                    n_messages);
  add_broker_lines (text, brokers, "mqtt_values_total", "counter", "Values stored from brokers.",
                    n_values);
  add_broker_lines (text, brokers, "mqtt_refused_total", "counter",
                    "Values and payloads of brokers that were not taken.", n_refused);
  add_broker_lines (text, brokers, "mqtt_unknown_total", "counter",
                    "Messages of gateways that are not known.", n_unknown);
}

void
mm_handle_metrics (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 transactions, jobs;
  MmRoomState room;

  mm_writer_counts (context->writer, &transactions, &jobs);
  add_metric (text, "writer_waiting", "gauge", "Changes that wait for the disk.",
              mm_writer_waiting (context->writer));
  add_lanes (text, context);
  add_metric (text, "writer_transactions_total", "counter", "Transactions begun.", transactions);
  add_metric (text, "writer_jobs_total", "counter", "Changes taken.", jobs);
  add_metric (text, "live_unsaved", "gauge", "Pushes since the live state was last saved.",
              mm_live_unsaved (context->live));
  mm_room_state (context->room, &room);
  add_metric (text, "disk_free_bytes", "gauge", "Free on the disk of the data.", room.available);
  add_metric (text, "disk_full", "gauge", "1 while pushes are refused for want of room.",
              room.is_low);
  add_outbox (text, context);
  add_gateways (text, context);
  add_brokers (text, context);
  mm_exchange_answer_text (x, 200, "text/plain; version=0.0.4; charset=utf-8", text->str);
}
