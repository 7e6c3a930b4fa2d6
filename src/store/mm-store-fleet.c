/* A dealer's gateways. See the header for which thread may do what. */
#include "mm-store-fleet.h"

#include <math.h>

static double
number_at (MmStatement *s, int column)
{
  return mm_statement_is_null (s, column) ? NAN : mm_statement_double (s, column);
}

static char *
text_at (MmStatement *s, int column)
{
  const char *text = mm_statement_text (s, column);

  return g_strdup (text != NULL ? text : "");
}

void
mm_fleet_site_free (MmFleetSite *site)
{
  if (site == NULL)
    return;
  g_free (site->link_id);
  g_free (site->public_id);
  g_free (site->name);
  g_free (site->postal_code);
  g_free (site->prefecture);
  g_free (site->municipality);
  g_free (site->timezone);
  g_free (site->model);
  g_free (site->serial);
  g_free (site->firmware);
  g_free (site->customer);
  g_free (site->kana);
  g_free (site);
}

#define LINK_COLUMNS "l.gateway, l.id, l.grants, l.since, l.until, l.ended, g.hidden_before"

static void
read_link (MmStatement *s, MmLinkFacts *link)
{
  link->gateway = mm_statement_int (s, 0);
  link->link = mm_statement_int (s, 1);
  link->grants = (guint) mm_statement_int (s, 2);
  link->since = mm_statement_int (s, 3);
  link->until = mm_statement_time (s, 4);
  link->ended = mm_statement_time (s, 5);
  link->hidden_before = mm_statement_time (s, 6);
}

static MmFleetSite *
read_site (MmStatement *s)
{
  MmFleetSite *site = g_new0 (MmFleetSite, 1);

  read_link (s, &site->link);
  site->link_id = text_at (s, 7);
  site->public_id = text_at (s, 8);
  site->name = text_at (s, 9);
  site->postal_code = text_at (s, 10);
  site->prefecture = text_at (s, 11);
  site->municipality = text_at (s, 12);
  site->latitude = number_at (s, 13);
  site->longitude = number_at (s, 14);
  site->timezone = text_at (s, 15);
  site->pv_peak_w = number_at (s, 16);
  site->battery_wh = number_at (s, 17);
  site->interval_s = mm_statement_int (s, 18);
  site->model = text_at (s, 19);
  site->serial = text_at (s, 20);
  site->firmware = text_at (s, 21);
  site->owner = mm_statement_is_null (s, 22) ? 0 : mm_statement_int (s, 22);
  site->customer = text_at (s, 23);
  site->kana = text_at (s, 24);
  return site;
}

#define SITES                                                                                      \
  "SELECT " LINK_COLUMNS ", l.public_id, g.public_id, g.name, g.postal_code, g.prefecture,"        \
  " g.municipality, g.latitude, g.longitude, g.timezone, g.pv_peak_w, g.battery_wh, g.interval_s," \
  " g.model, g.serial, g.firmware, g.owner, o.name, o.kana"                                        \
  " FROM link l JOIN gateway g ON g.id = l.gateway LEFT JOIN account o ON o.id = g.owner"          \
  " WHERE l.dealer = $1 AND l.ended IS NULL"

GPtrArray *
mm_store_fleet_sites (MmDatabase *db, gint64 dealer, gint64 gateway, GError **error)
{
  g_autoptr (GPtrArray) sites
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_fleet_site_free);
  g_autoptr (MmStatement) s = gateway == 0
                                  ? mm_database_prepare (db, SITES, error)
                                  : mm_database_prepare (db, SITES " AND l.gateway = $2", error);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, dealer);
  if (gateway != 0)
    mm_statement_bind_int (s, 2, gateway);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (sites, read_site (s));
  return step == MM_DONE ? g_steal_pointer (&sites) : NULL;
}

gboolean
mm_store_fleet_links (
    MmDatabase *db, gint64 dealer, MmFleetLinkFunc func, gpointer data, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT " LINK_COLUMNS
                             ", g.public_id FROM link l JOIN gateway g ON g.id = l.gateway"
                             " WHERE l.dealer = $1 AND l.ended IS NULL",
                             error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, dealer);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmLinkFacts link;

      read_link (s, &link);
      func (&link, mm_statement_text (s, 7), data);
    }
  return step == MM_DONE;
}

#define OPEN_ALERTS                                                                                \
  "SELECT a.gateway, a.kind, a.severity, a.shows, a.opened"                                        \
  " FROM alert a JOIN link l ON l.gateway = a.gateway"                                             \
  " WHERE a.recovered IS NULL AND l.dealer = $1 AND l.ended IS NULL"

gboolean
mm_store_fleet_open_alerts (MmDatabase *db,
                            gint64 dealer,
                            gint64 gateway,
                            MmOpenAlertFunc func,
                            gpointer data,
                            GError **error)
{
  g_autoptr (MmStatement) s
      = gateway == 0 ? mm_database_prepare (db, OPEN_ALERTS, error)
                     : mm_database_prepare (db, OPEN_ALERTS " AND a.gateway = $2", error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, dealer);
  if (gateway != 0)
    mm_statement_bind_int (s, 2, gateway);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    {
      MmOpenAlert alert = {
        .gateway = mm_statement_int (s, 0),
        .severity = (int) mm_statement_int (s, 2),
        .shows = mm_statement_text (s, 3),
        .opened = mm_statement_int (s, 4),
      };

      if (mm_alert_kind_from_name (mm_statement_text (s, 1), &alert.kind))
        func (&alert, data);
    }
  return step == MM_DONE;
}

gboolean
mm_store_fleet_known_id (
    MmDatabase *db, gint64 dealer, gint64 gateway, char **public_id, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "SELECT g.public_id FROM gateway g WHERE g.id = $1"
      " AND EXISTS (SELECT 1 FROM link l WHERE l.gateway = g.id AND l.dealer = $2)",
      error);
  MmStep step;

  *public_id = NULL;
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, gateway);
  mm_statement_bind_int (s, 2, dealer);
  step = mm_statement_step (s, error);
  if (step == MM_ROW)
    *public_id = g_strdup (mm_statement_text (s, 0));
  return step != MM_STEP_FAILED;
}

gboolean
mm_store_fleet_link (MmDatabase *db,
                     gint64 dealer,
                     const char *public_id,
                     MmLinkFacts *link,
                     gboolean *found,
                     GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "SELECT " LINK_COLUMNS
                             " FROM gateway g JOIN link l ON l.gateway = g.id"
                             " WHERE g.public_id = $1 AND l.dealer = $2 AND l.ended IS NULL",
                             error);
  MmStep step;

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, public_id);
  mm_statement_bind_int (s, 2, dealer);
  step = mm_statement_step (s, error);
  *found = step == MM_ROW;
  if (*found)
    read_link (s, link);
  return step != MM_STEP_FAILED;
}
