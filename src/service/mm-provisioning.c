#include "mm-provisioning.h"

#include "mm-csv.h"
#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-live.h"
#include "mm-number.h"
#include "mm-place.h"
#include "mm-secret.h"
#include "mm-store-operator.h"
#include "mm-text.h"

#include <string.h>

#define TEXT_MAX 100
#define KILO_MAX 1e6
#define ERRORS_MAX 20 /* of an import, before it is given up */

static const char *const fields[]
    = { "id",         "model",        "serial",    "name",       "postal_code",
        "prefecture", "municipality", "timezone",  "pv_peak_kw", "battery_kwh",
        "interval_s", "latitude",     "longitude", NULL };

const char *const *
mm_provisioning_fields (void)
{
  return fields;
}

void
mm_issued_free (MmIssued *issued)
{
  if (issued == NULL)
    return;
  g_free (issued->id);
  g_free (issued->key);
  g_free (issued->activation_code);
  g_free (issued);
}

/* ---- drafts ---- */

static const char *
given (GHashTable *table, const char *field)
{
  const char *text = g_hash_table_lookup (table, field);

  return text != NULL && *text != '\0' ? text : NULL;
}

static char *
line_normalise (const char *text, const char *field, GError **error)
{
  return mm_text_line (text, field, TEXT_MAX, "This has at most 100 characters.", error);
}

typedef char *(*Normalise) (const char *text, const char *field, GError **error);

/* Puts the field, if it is given, into @place. */
static void
take_text (GHashTable *table, const char *field, Normalise normalise, char **place, GError **error)
{
  const char *text = given (table, field);
  char *normal = text != NULL ? normalise (text, field, error) : NULL;

  if (normal == NULL)
    return;
  g_free (*place);
  *place = normal;
}

static void
take_number (GHashTable *table,
             const char *field,
             double lowest,
             double highest,
             double factor,
             double *place,
             GError **error)
{
  const char *text = given (table, field);
  double number;

  if (text == NULL)
    return;
  if (!mm_number_parse (text, strlen (text), &number))
    mm_error_add_field (error, field, "syntax", "This must be a number, such as 4.5.");
  else if (number < lowest || number > highest)
    mm_error_add_field (error, field, "range", "This number is out of range.");
  else
    *place = number * factor;
}

static void
take_interval (GHashTable *table, gint64 *interval_s, GError **error)
{
  double seconds = MM_INTERVAL_DEFAULT_S;

  take_number (table, "interval_s", MM_INTERVAL_MIN_S, MM_INTERVAL_MAX_S, 1, &seconds, error);
  *interval_s = (gint64) seconds;
}

/* Two groups of an activation code: 40 bits, enough among a shop's gateways. */
static char *
make_up_id (void)
{
  g_autofree char *code = mm_secret_new_activation_code ();

  return g_strdup_printf ("GW-%.9s", code);
}

static void
refuse_unknown (GHashTable *table, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (fields, name))
      mm_error_add_field (error, name, "unknown", "There is no field of this name.");
}

MmGatewayRow *
mm_provisioning_draft (MmContext *context, GHashTable *table, GError **error)
{
  g_autoptr (MmGatewayRow) draft = mm_gateway_row_new ();
  g_autoptr (GError) wrong = NULL;

  g_free (draft->timezone);
  draft->timezone = g_strdup (mm_context_config (context)->timezone);
  refuse_unknown (table, &wrong);
  take_text (table, "id", mm_gateway_id_normalise, &draft->public_id, &wrong);
  take_text (table, "model", line_normalise, &draft->model, &wrong);
  take_text (table, "serial", line_normalise, &draft->serial, &wrong);
  take_text (table, "name", line_normalise, &draft->name, &wrong);
  take_text (table, "postal_code", mm_postal_code_normalise, &draft->postal_code, &wrong);
  take_text (table, "prefecture", mm_prefecture_normalise, &draft->prefecture, &wrong);
  take_text (table, "municipality", mm_municipality_normalise, &draft->municipality, &wrong);
  take_text (table, "timezone", mm_zone_normalise, &draft->timezone, &wrong);
  take_number (table, "pv_peak_kw", 0, KILO_MAX, 1000, &draft->pv_peak_w, &wrong);
  take_number (table, "battery_kwh", 0, KILO_MAX, 1000, &draft->battery_wh, &wrong);
  take_number (table, "latitude", -90, 90, 1, &draft->latitude, &wrong);
  take_number (table, "longitude", -180, 180, 1, &draft->longitude, &wrong);
  take_interval (table, &draft->interval_s, &wrong);
  if ((given (table, "latitude") == NULL) != (given (table, "longitude") == NULL))
    mm_error_add_field (&wrong, given (table, "latitude") == NULL ? "latitude" : "longitude",
                        "required", "Latitude and longitude belong together.");
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (*draft->public_id == '\0')
    {
      g_free (draft->public_id);
      draft->public_id = make_up_id ();
    }
  draft->created = mm_clock_now (context->clock);
  return g_steal_pointer (&draft);
}

/* ---- import ---- */

/* The fields that are wrong with one row, under names that say where in the table. */
static void
move_fields (const GError *wrong, guint row, GError **all)
{
  const GPtrArray *list = mm_error_fields (wrong);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MmFieldError *field = list->pdata[i];
      g_autofree char *where = g_strdup_printf ("row %u, %s", row, field->field);

      mm_error_add_field (all, where, field->code, field->message);
    }
}

static guint
n_wrong (const GError *error)
{
  return error != NULL && mm_error_fields (error) != NULL ? mm_error_fields (error)->len : 0;
}

static GHashTable *
row_table (const GPtrArray *heading, const GPtrArray *record)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < heading->len; i++)
    g_hash_table_insert (table, heading->pdata[i], record->pdata[i]);
  return table;
}

static void
read_record (MmContext *context,
             const GPtrArray *heading,
             const GPtrArray *record,
             guint row,
             GPtrArray *drafts,
             GError **all)
{
  g_autoptr (GHashTable) table = NULL;
  g_autoptr (GError) wrong = NULL;
  MmGatewayRow *draft;

  if (record->len != heading->len)
    {
      g_autofree char *where = g_strdup_printf ("row %u", row);

      mm_error_add_field (all, where, "columns",
                          "This row has not as many columns as the heading.");
      return;
    }
  table = row_table (heading, record);
  draft = mm_provisioning_draft (context, table, &wrong);
  if (draft != NULL)
    g_ptr_array_add (drafts, draft);
  else
    move_fields (wrong, row, all);
}

/* The heading without the blanks around its names; the same name twice is refused. */
static GPtrArray *
take_heading (const GPtrArray *record, GError **error)
{
  g_autoptr (GPtrArray) heading = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < record->len; i++)
    {
      char *name = g_strstrip (g_strdup (record->pdata[i]));

      if (g_ptr_array_find_with_equal_func (heading, name, g_str_equal, NULL))
        mm_error_add_field (error, name, "twice", "There are two columns of this name.");
      g_ptr_array_add (heading, name);
    }
  return g_steal_pointer (&heading);
}

GPtrArray *
mm_provisioning_read_csv (MmContext *context, const char *text, gsize length, GError **error)
{
  g_autoptr (MmCsvReader) reader = mm_csv_reader_new ();
  g_autoptr (GPtrArray) drafts
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_gateway_row_free);
  g_autoptr (GPtrArray) heading = NULL;
  g_autoptr (GError) wrong = NULL;
  GPtrArray *record;
  guint row = 1;

  mm_csv_reader_feed (reader, text, length);
  mm_csv_reader_end (reader);
  for (; n_wrong (wrong) < ERRORS_MAX; row++)
    {
      if (!mm_csv_reader_next (reader, &record, error))
        return NULL;
      if (record == NULL)
        break;
      if (heading == NULL)
        heading = take_heading (record, &wrong);
      else
        read_record (context, heading, record, row, drafts, &wrong);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (drafts->len == 0)
    {
      mm_error_set (error, MM_ERROR_INVALID, "empty",
                    "There is no gateway in this table; its first row names the columns.");
      return NULL;
    }
  return g_steal_pointer (&drafts);
}

/* ---- adding, on the writer's thread ---- */

typedef struct
{
  MmContext *context;
  GPtrArray *drafts;
  GPtrArray *issued;
} Adding;

static MmIssued *
issue (const char *id)
{
  MmIssued *issued = g_new0 (MmIssued, 1);

  issued->id = g_strdup (id);
  issued->key = mm_secret_new ();
  issued->activation_code = mm_secret_new_activation_code ();
  return issued;
}

static gboolean
add_one (MmDatabase *db, MmGatewayRow *draft, const MmIssued *issued, GError **error)
{
  guint8 key[MM_SECRET_HASH_BYTES];
  g_autoptr (GError) problem = NULL;

  mm_secret_hash (issued->key, key);
  mm_secret_hash (issued->activation_code, draft->activation);
  if (mm_store_gateway_add (db, draft, key, &draft->row, &problem))
    return mm_store_operator_note (db, draft->created, "gateway-added", draft->public_id, error);
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_CONFLICT))
    {
      g_autofree char *message
          = g_strdup_printf ("There is a gateway with the ID %s already.", draft->public_id);

      return mm_error_set (error, MM_ERROR_CONFLICT, "taken", message);
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
add_all (MmDatabase *db, gpointer data, GError **error)
{
  Adding *adding = data;
  MmContext *context = adding->context;

  for (guint i = 0; i < adding->drafts->len; i++)
    if (!add_one (db, adding->drafts->pdata[i], adding->issued->pdata[i], error))
      return FALSE;
  /* Only now: if one is refused, the live state must not know of those before it. */
  for (guint i = 0; i < adding->drafts->len; i++)
    {
      const MmGatewayRow *draft = adding->drafts->pdata[i];

      if (!mm_live_refresh_gateway (context->live, db, draft->row, draft->created, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mm_provisioning_add (MmContext *context, GPtrArray *drafts, GPtrArray **issued, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_issued_free);
  Adding adding = { context, drafts, made };

  for (guint i = 0; i < drafts->len; i++)
    g_ptr_array_add (made, issue (((const MmGatewayRow *) drafts->pdata[i])->public_id));
  if (!mm_writer_run (context->writer, add_all, &adding, error))
    return FALSE;
  *issued = g_steal_pointer (&made);
  return TRUE;
}

/* ---- keys and codes ---- */

typedef struct
{
  MmContext *context;
  MmIssued *issued;
  const char *action;
} Change;

static gboolean
change (MmDatabase *db, gpointer data, GError **error)
{
  const Change *c = data;
  gint64 now = mm_clock_now (c->context->clock);
  g_autoptr (MmGatewayRow) row = mm_store_gateway_find_folded (db, c->issued->id, error);
  guint8 hash[MM_SECRET_HASH_BYTES];

  if (row == NULL)
    return FALSE;
  g_free (c->issued->id);
  c->issued->id = g_strdup (row->public_id);
  if (c->issued->activation_code != NULL)
    {
      mm_secret_hash (c->issued->activation_code, hash);
      if (!mm_store_gateway_set_activation (db, row->row, hash, error))
        return FALSE;
    }
  else
    {
      const guint8 *key = NULL; /* none: revoked */

      if (c->issued->key != NULL)
        {
          mm_secret_hash (c->issued->key, hash);
          key = hash;
        }
      if (!mm_store_gateway_set_key (db, row->row, key, error))
        return FALSE;
    }
  return mm_store_operator_note (db, now, c->action, row->public_id, error)
         && mm_live_refresh_gateway (c->context->live, db, row->row, now, error);
}

static MmIssued *
run_change (
    MmContext *context, const char *id, const char *action, char *key, char *code, GError **error)
{
  g_autoptr (MmIssued) issued = g_new0 (MmIssued, 1);
  Change c = { .context = context, .issued = issued, .action = action };
  g_autoptr (GError) problem = NULL;

  issued->id = g_strdup (id);
  issued->key = key;
  issued->activation_code = code;
  if (mm_writer_run (context->writer, change, &c, &problem))
    return g_steal_pointer (&issued);
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no gateway with this ID.");
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

MmIssued *
mm_provisioning_rotate_key (MmContext *context, const char *id, GError **error)
{
  return run_change (context, id, "key-rotated", mm_secret_new (), NULL, error);
}

MmIssued *
mm_provisioning_revoke_key (MmContext *context, const char *id, GError **error)
{
  return run_change (context, id, "key-revoked", NULL, NULL, error);
}

MmIssued *
mm_provisioning_new_code (MmContext *context, const char *id, GError **error)
{
  return run_change (context, id, "code-renewed", NULL, mm_secret_new_activation_code (), error);
}
