/* Gateways and their sites. See the header for which thread may do what. */
#include "mm-store-gateways.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-words.h"

#include <math.h>
#include <string.h>

#define COLUMNS                                                                                    \
  "id, public_id, key_hash IS NOT NULL, activation_hash, activation_used, model, serial, owner, "  \
  "owned_since, hidden_before, name, postal_code, prefecture, municipality, latitude, longitude, " \
  "timezone, pv_peak_w, battery_wh, interval_s, firmware, created "

MmGatewayRow *
mm_gateway_row_new (void)
{
  MmGatewayRow *gateway = g_new0 (MmGatewayRow, 1);
  char **texts[] = { &gateway->public_id,    &gateway->model,       &gateway->serial,
                     &gateway->name,         &gateway->postal_code, &gateway->prefecture,
                     &gateway->municipality, &gateway->timezone,    &gateway->firmware };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup ("");
  gateway->activation_used = gateway->owned_since = gateway->hidden_before = MM_TIME_NONE;
  gateway->latitude = gateway->longitude = gateway->pv_peak_w = gateway->battery_wh = NAN;
  return gateway;
}

void
mm_gateway_row_free (MmGatewayRow *gateway)
{
  if (gateway == NULL)
    return;
  g_free (gateway->public_id);
  g_free (gateway->model);
  g_free (gateway->serial);
  g_free (gateway->name);
  g_free (gateway->postal_code);
  g_free (gateway->prefecture);
  g_free (gateway->municipality);
  g_free (gateway->timezone);
  g_free (gateway->firmware);
  g_free (gateway);
}

const char *
mm_gateway_row_title (const MmGatewayRow *gateway)
{
  if (*gateway->name != '\0')
    return gateway->name;
  if (*gateway->municipality != '\0')
    return gateway->municipality;
  return gateway->public_id;
}

static double
number_at (MmStatement *s, int column)
{
  return mm_statement_is_null (s, column) ? NAN : mm_statement_double (s, column);
}

static MmGatewayRow *
read_row (MmStatement *s)
{
  MmGatewayRow *gateway = g_new0 (MmGatewayRow, 1);
  gsize length = 0;
  const void *activation = mm_statement_blob (s, 3, &length);

  gateway->row = mm_statement_int (s, 0);
  gateway->public_id = g_strdup (mm_statement_text (s, 1));
  gateway->has_key = mm_statement_int (s, 2) != 0;
  if (length == MM_GATEWAY_HASH_BYTES)
    memcpy (gateway->activation, activation, length);
  gateway->activation_used = mm_statement_time (s, 4);
  gateway->model = g_strdup (mm_statement_text (s, 5));
  gateway->serial = g_strdup (mm_statement_text (s, 6));
  gateway->owner = mm_statement_int (s, 7);
  gateway->owned_since = mm_statement_time (s, 8);
  gateway->hidden_before = mm_statement_time (s, 9);
  gateway->name = g_strdup (mm_statement_text (s, 10));
  gateway->postal_code = g_strdup (mm_statement_text (s, 11));
  gateway->prefecture = g_strdup (mm_statement_text (s, 12));
  gateway->municipality = g_strdup (mm_statement_text (s, 13));
  gateway->latitude = number_at (s, 14);
  gateway->longitude = number_at (s, 15);
  gateway->timezone = g_strdup (mm_statement_text (s, 16));
  gateway->pv_peak_w = number_at (s, 17);
  gateway->battery_wh = number_at (s, 18);
  gateway->interval_s = mm_statement_int (s, 19);
  gateway->firmware = g_strdup (mm_statement_text (s, 20));
  gateway->created = mm_statement_int (s, 21);
  return gateway;
}

static MmGatewayRow *
read_one (MmStatement *s, GError **error)
{
  switch (mm_statement_step (s, error))
    {
    case MM_ROW:
      return read_row (s);
    case MM_DONE:
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
      return NULL;
    default:
      return NULL;
    }
}

static GPtrArray *
read_all (MmStatement *s, GError **error)
{
  g_autoptr (GPtrArray) gateways
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_gateway_row_free);
  MmStep step;

  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (gateways, read_row (s));
  return step == MM_DONE ? g_steal_pointer (&gateways) : NULL;
}

MmGatewayRow *
mm_store_gateway_get (MmDatabase *db, gint64 row, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS "FROM gateway WHERE id = $1", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, row);
  return read_one (s, error);
}

MmGatewayRow *
mm_store_gateway_find (MmDatabase *db, const char *public_id, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS "FROM gateway WHERE public_id = $1", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_text (s, 1, public_id);
  return read_one (s, error);
}

MmGatewayRow *
mm_store_gateway_find_folded (MmDatabase *db, const char *public_id, GError **error)
{
  g_autofree char *folded = g_ascii_strdown (public_id, -1);
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "SELECT " COLUMNS "FROM gateway WHERE public_id_folded = $1",
                             error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_text (s, 1, folded);
  return read_one (s, error);
}

GPtrArray *
mm_store_gateways_of_owner (MmDatabase *db, gint64 owner, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " COLUMNS "FROM gateway WHERE owner = $1 ORDER BY name, public_id", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, owner);
  return read_all (s, error);
}

GPtrArray *
mm_store_gateways_list (MmDatabase *db, gint64 after, guint limit, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "SELECT " COLUMNS "FROM gateway WHERE id > $1 ORDER BY id LIMIT $2", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, after);
  mm_statement_bind_int (s, 2, limit);
  return read_all (s, error);
}

static void
bind_number (MmStatement *s, int n, double value)
{
  if (isnan (value))
    mm_statement_bind_null (s, n);
  else
    mm_statement_bind_double (s, n, value);
}

static void
bind_time (MmStatement *s, int n, gint64 time)
{
  if (time == MM_TIME_NONE)
    mm_statement_bind_null (s, n);
  else
    mm_statement_bind_int (s, n, time);
}

gboolean
mm_store_gateway_add (MmDatabase *db,
                      const MmGatewayRow *gateway,
                      const guint8 key[MM_GATEWAY_HASH_BYTES],
                      gint64 *row,
                      GError **error)
{
  g_autofree char *folded = g_ascii_strdown (gateway->public_id, -1);
  g_autoptr (GError) problem = NULL;
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO gateway (public_id, public_id_folded, key_hash, activation_hash, model, serial, "
      "name, postal_code, prefecture, municipality, latitude, longitude, timezone, pv_peak_w, "
      "battery_wh, interval_s, firmware, created) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, gateway->public_id);
  mm_statement_bind_text (s, 2, folded);
  mm_statement_bind_blob (s, 3, key, MM_GATEWAY_HASH_BYTES);
  mm_statement_bind_blob (s, 4, gateway->activation, MM_GATEWAY_HASH_BYTES);
  mm_statement_bind_text (s, 5, gateway->model);
  mm_statement_bind_text (s, 6, gateway->serial);
  mm_statement_bind_text (s, 7, gateway->name);
  mm_statement_bind_text (s, 8, gateway->postal_code);
  mm_statement_bind_text (s, 9, gateway->prefecture);
  mm_statement_bind_text (s, 10, gateway->municipality);
  bind_number (s, 11, gateway->latitude);
  bind_number (s, 12, gateway->longitude);
  mm_statement_bind_text (s, 13, gateway->timezone);
  bind_number (s, 14, gateway->pv_peak_w);
  bind_number (s, 15, gateway->battery_wh);
  mm_statement_bind_int (s, 16, gateway->interval_s);
  mm_statement_bind_text (s, 17, gateway->firmware);
  mm_statement_bind_int (s, 18, gateway->created);
  if (mm_statement_run (s, &problem))
    {
      *row = mm_database_last_id (db);
      return TRUE;
    }
  if (g_error_matches (problem, MM_DATABASE_ERROR, MM_DATABASE_ERROR_CONSTRAINT))
    return mm_error_set (error, MM_ERROR_CONFLICT, "taken",
                         N_ ("There is a gateway with this ID already."));
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Runs @s, which must change the one row it names. */
static gboolean
run_on_one (MmDatabase *db, MmStatement *s, GError **error)
{
  if (!mm_statement_run (s, error))
    return FALSE;
  if (mm_database_changes (db) == 1)
    return TRUE;
  return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
}

gboolean
mm_store_gateway_set_key (MmDatabase *db, gint64 row, const guint8 *key, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE gateway SET key_hash = $2 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  if (key != NULL)
    mm_statement_bind_blob (s, 2, key, MM_GATEWAY_HASH_BYTES);
  else
    mm_statement_bind_null (s, 2);
  return run_on_one (db, s, error);
}

gboolean
mm_store_gateway_set_activation (MmDatabase *db,
                                 gint64 row,
                                 const guint8 activation[MM_GATEWAY_HASH_BYTES],
                                 GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE gateway SET activation_hash = $2, activation_used = NULL WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_blob (s, 2, activation, MM_GATEWAY_HASH_BYTES);
  return run_on_one (db, s, error);
}

gboolean
mm_store_gateway_own (
    MmDatabase *db, gint64 row, gint64 owner, gint64 now, gint64 hidden_before, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "UPDATE gateway SET owner = $2, owned_since = $3, "
                             "activation_used = $3, hidden_before = $4 WHERE id = $1",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_int (s, 2, owner);
  mm_statement_bind_int (s, 3, now);
  bind_time (s, 4, hidden_before);
  return run_on_one (db, s, error);
}

gboolean
mm_store_gateway_use_activation (MmDatabase *db, gint64 row, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE gateway SET activation_used = $2 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_int (s, 2, now);
  return run_on_one (db, s, error);
}

static gboolean
set_site (MmDatabase *db,
          MmStatement *s,
          gint64 row,
          const char *postal_code,
          const char *prefecture,
          const char *municipality,
          GError **error)
{
  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_text (s, 2, postal_code);
  mm_statement_bind_text (s, 3, prefecture);
  mm_statement_bind_text (s, 4, municipality);
  return run_on_one (db, s, error);
}

gboolean
mm_store_gateway_fill_site (MmDatabase *db,
                            gint64 row,
                            const char *postal_code,
                            const char *prefecture,
                            const char *municipality,
                            GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE gateway SET "
      "postal_code = CASE WHEN postal_code = '' THEN $2 ELSE postal_code END, "
      "prefecture = CASE WHEN prefecture = '' THEN $3 ELSE prefecture END, "
      "municipality = CASE WHEN municipality = '' THEN $4 ELSE municipality END "
      "WHERE id = $1",
      error);

  return set_site (db, s, row, postal_code, prefecture, municipality, error);
}

gboolean
mm_store_gateway_replace_site (MmDatabase *db,
                               gint64 row,
                               const char *postal_code,
                               const char *prefecture,
                               const char *municipality,
                               GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "UPDATE gateway SET name = '', postal_code = $2, prefecture = $3, "
                             "municipality = $4 WHERE id = $1",
                             error);

  return set_site (db, s, row, postal_code, prefecture, municipality, error);
}

gboolean
mm_store_gateway_rename (MmDatabase *db, gint64 row, const char *name, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db, "UPDATE gateway SET name = $2 WHERE id = $1", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_text (s, 2, name);
  return run_on_one (db, s, error);
}
