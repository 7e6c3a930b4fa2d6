/* What works so far: the server itself in the operator's API. On a worker. */
#include "mm-handle-operator.h"

#include "mm-context.h"
#include "mm-disk.h"
#include "mm-error.h"
#include "mm-listener.h"
#include "mm-live.h"
#include "mm-posting.h"
#include "mm-reach.h"
#include "mm-room.h"
#include "mm-store-operator.h"
#include "mm-time-json.h"

static json_t *
tls_json (MmContext *context)
{
  g_autofree char *fingerprint
      = context->listener != NULL ? mm_listener_fingerprint (context->listener) : NULL;

  return json_pack ("{s:b, s:s?}", "on", mm_context_config (context)->tls_cert != NULL,
                    "fingerprint", fingerprint);
}

static json_t *
mail_json (const MmConfig *config)
{
  g_autofree char *from = mm_posting_sender (config);

  return json_pack ("{s:s?, s:s?, s:b, s:s?, s:s}", "smtp_url", config->smtp_url, "smtp_user",
                    config->smtp_user, "has_password", config->smtp_password != NULL, "starttls",
                    config->smtp_starttls, "mail_from", from);
}

/* @last: the last contact of any, MM_TIME_NONE if there was none */
static void
count_live (MmContext *context, guint *gateways, guint *seen, gint64 *last)
{
  const GPtrArray *all;

  *seen = 0;
  *last = MM_TIME_NONE;
  mm_live_lock (context->live);
  all = mm_live_all (context->live);
  *gateways = all->len;
  for (guint i = 0; i < all->len; i++)
    {
      const MmLiveGateway *gateway = all->pdata[i];

      if (gateway->last_contact != MM_TIME_NONE)
        ++*seen;
      *last = MAX (*last, gateway->last_contact);
    }
  mm_live_unlock (context->live);
}

static json_t *
counts_json (MmContext *context, const MmOperatorCounts *counts)
{
  guint gateways, seen;
  gint64 last;

  count_live (context, &gateways, &seen, &last);
  return json_pack ("{s:i, s:i, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "gateways",
                    (int) gateways, "gateways_seen", (int) seen, "pushes",
                    (json_int_t) counts->pushes, "last_push", mm_time_json (last), "dealers",
                    (json_int_t) counts->dealers, "customers", (json_int_t) counts->customers,
                    "links", (json_int_t) counts->links, "open_alerts",
                    (json_int_t) counts->open_alerts, "mails_waiting",
                    (json_int_t) counts->mails_waiting, "mails_failed",
                    (json_int_t) counts->mails_failed);
}

static gboolean
read_counts (MmContext *context, MmOperatorCounts *counts, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean read = db != NULL && mm_store_operator_counts (db, counts, error);

  if (db != NULL)
    mm_readers_give (context->readers, db);
  return read;
}

void
mm_handle_operator_server (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  const MmConfig *config = mm_context_config (context);
  gint64 uptime = mm_clock_now (context->clock) - context->started;
  g_autoptr (GError) error = NULL;
  MmOperatorCounts counts;
  MmRoomState room;
  MmDisk disk;

  mm_room_state (context->room, &room);
  if (!read_counts (context, &counts, &error) || !mm_disk_look (config->data_dir, &disk, &error))
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_answer_json (
      x, 200,
      json_pack (
          "{s:s, s:s, s:s, s:s, s:s?, s:s, s:o, s:o, s:o, s:I, s:s, s:I, s:I, s:b, s:I, s:o}",
          "version", MM_VERSION, "server_id", context->server_id, "name", config->name,
          "public_url", context->public_url, "listening", context->listening, "reach",
          mm_reach_name (mm_reach_of (config->public_url, config->listen_host)), "tls",
          tls_json (context), "mail", mail_json (config), "started",
          mm_time_json (context->started), "uptime_s", (json_int_t) (MAX (uptime, 0) / MM_SECOND),
          "data_dir", config->data_dir, "database_bytes", (json_int_t) disk.database, "free_bytes",
          (json_int_t) disk.available, "disk_full", room.is_low, "disk_low_water_bytes",
          (json_int_t) room.low_water, "counts", counts_json (context, &counts)));
}
