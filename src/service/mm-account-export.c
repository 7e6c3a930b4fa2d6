/* One's own data as JSON. On workers. */
#include "mm-account-export.h"

#include "mm-error.h"
#include "mm-link.h"
#include "mm-sessions.h"
#include "mm-store-accounts.h"
#include "mm-store-gateways.h"
#include "mm-store-own-data.h"
#include "mm-time.h"
#include "mm-words.h"

#define ROWS_MAX 50000

/* A time, null for none. */
static json_t *
time_json (gint64 time)
{
  g_autofree char *text = NULL;

  if (time == MM_TIME_NONE || time == 0)
    return json_null ();
  text = mm_time_format (time);
  return json_string (text);
}

static json_t *
time_at (MmStatement *s, int column)
{
  return mm_statement_is_null (s, column) ? json_null () : time_json (mm_statement_int (s, column));
}

static void
add_consent (MmStatement *s, gpointer list)
{
  json_array_append_new (
      list, json_pack ("{s:s, s:I, s:s, s:s, s:o}", "audience", mm_statement_text (s, 0), "version",
                       (json_int_t) mm_statement_int (s, 1), "language", mm_statement_text (s, 2),
                       "step", mm_statement_text (s, 3), "agreed", time_at (s, 4)));
}

static void
add_link (MmStatement *s, gpointer list)
{
  json_t *may = json_array ();

  for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
    if (mm_link_grants ((guint) mm_statement_int (s, 3)) & grant)
      json_array_append_new (may, json_string (mm_link_grant_name ((MmGrants) grant)));
  json_array_append_new (
      list, json_pack ("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s?}", "id", mm_statement_text (s, 0),
                       "gateway", mm_statement_text (s, 1), "dealer_name", mm_statement_text (s, 2),
                       "may", may, "since", time_at (s, 4), "until", time_at (s, 5), "ended",
                       time_at (s, 6), "ended_by", mm_statement_text (s, 7)));
}

static void
add_access (MmStatement *s, gpointer list)
{
  json_array_append_new (
      list, json_pack ("{s:s, s:s, s:s, s:o, s:s}", "gateway", mm_statement_text (s, 0),
                       "dealer_name", mm_statement_text (s, 1), "kind", mm_statement_text (s, 2),
                       "at", time_at (s, 3), "detail", mm_statement_text (s, 4)));
}

static void
add_acknowledgement (MmStatement *s, gpointer list)
{
  json_array_append_new (list, json_pack ("{s:s, s:s, s:o, s:s}", "alert", mm_statement_text (s, 0),
                                          "gateway", mm_statement_text (s, 1), "at", time_at (s, 2),
                                          "note", mm_statement_text (s, 3)));
}

static void
add_mail (MmStatement *s, gpointer list)
{
  json_array_append_new (
      list, json_pack ("{s:s, s:s, s:s, s:s, s:o}", "letter", mm_statement_text (s, 0), "recipient",
                       mm_statement_text (s, 1), "subject", mm_statement_text (s, 2), "state",
                       mm_statement_text (s, 3), "created", time_at (s, 4)));
}

static json_t *
account_json (const MmAccountRow *row)
{
  json_t *json
      = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
                   row->public_id, "kind", row->kind, "user_id", row->sign_in, "language",
                   row->language, "name", row->name, "kana", row->kana, "mail", row->mail, "phone",
                   row->phone, "postal_code", row->postal_code, "prefecture", row->prefecture,
                   "municipality", row->municipality, "address", row->address);

  json_object_set_new (json, "dealer_name", json_string (row->dealer_name));
  json_object_set_new (json, "alert_own_mail", json_boolean (row->alert_own_mail));
  json_object_set_new (json, "created", time_json (row->created));
  json_object_set_new (json, "activated", time_json (row->activated));
  json_object_set_new (json, "changed", time_json (row->changed));
  return json;
}

static gboolean
add_contacts (MmDatabase *db, gint64 account, json_t *export, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  json_t *list;

  if (!mm_store_contacts_list (db, account, &rows, error))
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmContactRow *row = rows->pdata[i];

      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:o, s:o}", "id", row->public_id,
                                              "mail", row->mail, "language", row->language,
                                              "created", time_json (row->created), "confirmed",
                                              time_json (row->confirmed)));
    }
  json_object_set_new (export, "contacts", list);
  return TRUE;
}

static gboolean
add_sessions (MmDatabase *db, gint64 account, gint64 now, json_t *export, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  json_t *list;

  if (!mm_store_sessions_list (db, account, now, &rows, error))
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmSessionRow *row = rows->pdata[i];

      json_array_append_new (
          list, json_pack ("{s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "id", row->public_id, "kind",
                           row->kind, "created", time_json (row->created), "last_seen",
                           time_json (row->last_seen), "expires", time_json (row->expires), "agent",
                           row->agent, "address", row->address));
    }
  json_object_set_new (export, "sessions", list);
  return TRUE;
}

static gboolean
add_gateways (MmDatabase *db, gint64 account, json_t *export, GError **error)
{
  g_autoptr (GPtrArray) rows = mm_store_gateways_of_owner (db, account, error);
  json_t *list;

  if (rows == NULL)
    return FALSE;
  list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      const MmGatewayRow *row = rows->pdata[i];

      json_array_append_new (
          list, json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s}", "id", row->public_id,
                           "name", row->name, "model", row->model, "serial", row->serial,
                           "firmware", row->firmware, "owned_since", time_json (row->owned_since),
                           "postal_code", row->postal_code, "prefecture", row->prefecture,
                           "municipality", row->municipality));
    }
  json_object_set_new (export, "gateways", list);
  return TRUE;
}

typedef gboolean (*List) (MmDatabase *, gint64, guint, MmOwnRow, gpointer, GError **);

/* Adds one list, and to "complete" whether it is whole. */
static gboolean
add_list (MmDatabase *db,
          gint64 account,
          json_t *export,
          const char *name,
          List list,
          MmOwnRow add,
          GError **error)
{
  json_t *rows = json_array ();
  gboolean ok = list (db, account, ROWS_MAX + 1, add, rows, error);

  if (json_array_size (rows) > ROWS_MAX)
    {
      json_array_remove (rows, ROWS_MAX);
      json_object_set_new (export, "complete", json_false ());
    }
  json_object_set_new (export, name, rows);
  return ok;
}

static gboolean
fill (MmDatabase *db, const MmAccountRow *account, gint64 now, json_t *export, GError **error)
{
  gboolean customer = g_str_equal (account->kind, "customer");

  json_object_set_new (export, "account", account_json (account));
  return add_contacts (db, account->id, export, error)
         && add_sessions (db, account->id, now, export, error)
         && add_list (db, account->id, export, "consents", mm_store_own_consents, add_consent,
                      error)
         && add_list (db, account->id, export, "links", mm_store_own_links, add_link, error)
         && add_list (db, account->id, export, "mails", mm_store_own_mails, add_mail, error)
         && (customer ? add_gateways (db, account->id, export, error)
                            && add_list (db, account->id, export, "access", mm_store_own_access,
                                         add_access, error)
                      : add_list (db, account->id, export, "acknowledgements",
                                  mm_store_own_acknowledgements, add_acknowledgement, error));
}

json_t *
mm_account_export (MmContext *context, const MmPrincipal *principal, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autoptr (MmAccountRow) account = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);
  json_t *export;
  gboolean ok;

  if (db == NULL)
    return NULL;
  export = json_pack ("{s:o, s:b}", "exported", time_json (now), "complete", 1);
  ok = mm_store_accounts_get (db, principal->account, &account, error);
  if (ok && account == NULL)
    ok = mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "no-session", N_ ("Please sign in."));
  ok = ok && fill (db, account, now, export, error);
  mm_readers_give (context->readers, db);
  if (ok)
    return export;
  json_decref (export);
  return NULL;
}
