#include "mm-latest.h"

#include "mm-access.h"
#include "mm-error.h"
#include "mm-live.h"
#include "mm-store-fleet.h"
#include "mm-words.h"

#include <string.h>

/* Gateways looked at under one lock of the live state. */
#define LOCKED_AT_ONCE 500

void
mm_latest_free (MmLatest *latest)
{
  if (latest == NULL)
    return;
  g_ptr_array_unref (latest->ids);
  g_array_unref (latest->values);
  g_string_chunk_free (latest->texts);
  g_free (latest);
}

/* A gateway that may be seen. */
typedef struct
{
  const char *id;
  gint64 gateway;
  gint64 history_from;
} Site;

typedef struct
{
  MmLatest *latest;
  GArray *sites;
} Listing;

static void
take_link (const MmLinkFacts *link, const char *public_id, gpointer data)
{
  Listing *listing = data;
  MmAccess access;
  Site site;

  if (!mm_access_by_link (link, listing->latest->now, &access))
    return;
  site = (Site){
    .id = g_string_chunk_insert (listing->latest->texts, public_id),
    .gateway = access.gateway,
    .history_from = access.history_from,
  };
  g_array_append_val (listing->sites, site);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Site *) a)->id, ((const Site *) b)->id);
}

/* With the live state locked. @names: interned, NULL for those that nobody ever sent */
static void
take_values (const MmLiveGateway *gateway,
             gint64 history_from,
             const char *const *names,
             guint n,
             MmFleetValue *values)
{
  for (guint i = 0; i < gateway->n_series; i++)
    {
      const MmLiveSeries *series = &gateway->series[i];

      for (guint k = 0; k < n; k++)
        if (series->quantity == names[k] && series->time > values[k].time
            && series->time >= history_from)
          values[k] = (MmFleetValue){ .time = series->time, .value = series->value };
    }
}

static void
join_live (
    MmContext *context, MmLatest *latest, const GArray *sites, const char *const *names, guint n)
{
  g_array_set_size (latest->values, sites->len * n);
  for (guint begin = 0; begin < sites->len; begin += LOCKED_AT_ONCE)
    {
      mm_live_lock (context->live);
      for (guint i = begin; i < MIN (begin + LOCKED_AT_ONCE, sites->len); i++)
        {
          const Site *site = &g_array_index (sites, Site, i);
          const MmLiveGateway *gateway = mm_live_get (context->live, site->gateway);
          MmFleetValue *values = &g_array_index (latest->values, MmFleetValue, i * n);

          for (guint k = 0; k < n; k++)
            values[k] = (MmFleetValue){ .time = MM_TIME_NONE };
          if (gateway != NULL)
            take_values (gateway, site->history_from, names, n, values);
        }
      mm_live_unlock (context->live);
    }
}

static gboolean
list_sites (MmContext *context, gint64 dealer, MmLatest *latest, GArray *sites, GError **error)
{
  Listing listing = { latest, sites };
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean listed;

  if (db == NULL)
    return FALSE;
  listed = mm_store_fleet_links (db, dealer, take_link, &listing, error);
  mm_readers_give (context->readers, db);
  g_array_sort (sites, compare_ids);
  return listed;
}

/* Names are interned by whoever sends them first; a question must not make new ones. */
static const char *
interned (const char *name)
{
  GQuark quark = g_quark_try_string (name);

  return quark != 0 ? g_quark_to_string (quark) : NULL;
}

MmLatest *
mm_latest_read (MmContext *context,
                const MmPrincipal *principal,
                const char *const *quantities,
                GError **error)
{
  guint n = quantities != NULL ? g_strv_length ((char **) quantities) : 0;
  g_autoptr (MmLatest) latest = g_new0 (MmLatest, 1);
  g_autoptr (GArray) sites = g_array_new (FALSE, FALSE, sizeof (Site));
  const char *names[MM_LATEST_MAX_QUANTITIES];

  latest->ids = g_ptr_array_new ();
  latest->values = g_array_new (FALSE, FALSE, sizeof (MmFleetValue));
  latest->texts = g_string_chunk_new (4096);
  latest->now = mm_clock_now (context->clock);
  if (n == 0 || n > MM_LATEST_MAX_QUANTITIES)
    {
      mm_error_add_field (error, "quantity", "range", N_ ("Please name 1 to 32 quantities."));
      return NULL;
    }
  for (guint k = 0; k < n; k++)
    names[k] = interned (quantities[k]);
  if (!list_sites (context, principal->account, latest, sites, error))
    return NULL;
  for (guint i = 0; i < sites->len; i++)
    g_ptr_array_add (latest->ids, (gpointer) g_array_index (sites, Site, i).id);
  join_live (context, latest, sites, names, n);
  return g_steal_pointer (&latest);
}
