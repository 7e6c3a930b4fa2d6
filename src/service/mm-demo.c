/* Each step looks at what is there already, so that an interrupted demo is completed by making it
 * again. What cannot be read again (keys, activation codes) is made anew then. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-demo.h"

#include "mm-account.h"
#include "mm-confirming.h"
#include "mm-customers.h"
#include "mm-demo-houses.h"
#include "mm-error.h"
#include "mm-link.h"
#include "mm-linking.h"
#include "mm-number.h"
#include "mm-provisioning.h"
#include "mm-registering.h"
#include "mm-secret.h"
#include "mm-store-operator.h"
#include "mm-store-outbox.h"
#include "mm-terms.h"

#include <jansson.h>
#include <string.h>

#define USER_ID "Mihon-Denki"
#define DEALER "見本電機サービス"
#define DEALER_MAIL "mihon-denki@example.jp"
#define DEALER_PHONE "050-0000-0000"
#define LANGUAGE "ja"
#define INTERVAL_S "10"

/* Passwords may be hashed two at a time. */
#define AT_ONCE 2

void
mm_demo_free (MmDemo *demo)
{
  if (demo == NULL)
    return;
  g_free (demo->user_id);
  g_free (demo->password);
  g_free (demo->dealer);
  g_free (demo->phone);
  g_free (demo->fleet_file);
  g_free (demo->customer);
  g_free (demo->customer_password);
  g_free (demo);
}

/* @demo: what is answered in the end
 * @mutex, @error: of the houses that are made at the same time: the first that went wrong */
typedef struct
{
  MmContext *context;
  char *state_file;
  MmDemo *demo;
  guint n_houses;
  gboolean is_complete;
  GPtrArray *houses;
  GMutex mutex;
  GError *error;
} Making;

static void
making_clear (Making *making)
{
  g_free (making->state_file);
  mm_demo_free (making->demo);
  if (making->houses != NULL)
    g_ptr_array_unref (making->houses);
  g_mutex_clear (&making->mutex);
  g_clear_error (&making->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

/* ---- the two files ---- */

static gboolean
write_json (const char *path, json_t *json, GError **error)
{
  char *text = json_dumps (json, JSON_INDENT (1) | JSON_REAL_PRECISION (10));
  gboolean written = g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);

  free (text);
  json_decref (json);
  return written;
}

static gboolean
write_state (Making *making, gboolean is_complete, GError **error)
{
  const MmDemo *demo = making->demo;

  making->is_complete = is_complete;
  return write_json (making->state_file,
                     json_pack ("{s:b, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "complete",
                                is_complete, "houses", (int) making->n_houses, "user_id",
                                demo->user_id, "password", demo->password, "dealer", demo->dealer,
                                "phone", demo->phone, "fleet_file", demo->fleet_file, "customer",
                                demo->customer, "customer_password", demo->customer_password),
                     error);
}

static char *
member (const json_t *json, const char *name)
{
  return g_strdup (json_string_value (json_object_get (json, name)));
}

/* Whether there is a state, of a demo in this very directory. */
static gboolean
read_state (Making *making)
{
  json_t *json = json_load_file (making->state_file, 0, NULL);
  MmDemo *demo = making->demo;

  demo->user_id = member (json, "user_id");
  demo->password = member (json, "password");
  demo->dealer = member (json, "dealer");
  demo->phone = member (json, "phone");
  demo->customer = member (json, "customer");
  demo->customer_password = member (json, "customer_password");
  making->n_houses = (guint) json_integer_value (json_object_get (json, "houses"));
  making->is_complete = json_is_true (json_object_get (json, "complete"));
  json_decref (json);
  return demo->user_id != NULL && demo->password != NULL && demo->dealer != NULL
         && demo->phone != NULL && demo->customer != NULL && demo->customer_password != NULL
         && making->n_houses >= 1 && making->n_houses <= MM_DEMO_HOUSES_MAX;
}

static gboolean
write_fleet (Making *making, GError **error)
{
  json_t *list = json_array ();

  for (guint i = 0; i < making->houses->len; i++)
    {
      const MmDemoHouse *house = making->houses->pdata[i];

      json_array_append_new (
          list,
          json_pack ("{s:s, s:s, s:s, s:f, s:f, s:s, s:f, s:f, s:i, s:s, s:s}", "id", house->id,
                     "key", house->key, "region", house->prefecture, "latitude", house->latitude,
                     "longitude", house->longitude, "timezone", "Asia/Tokyo", "pv_peak_w",
                     house->pv_kw * 1000, "battery_wh", house->battery_kwh * 1000, "interval_s",
                     atoi (INTERVAL_S), "habit", house->habit, "story", house->story));
    }
  return write_json (making->demo->fleet_file, json_pack ("{s:o}", "houses", list), error);
}

/* "7K2M-9qrt-3XYZ": good to read from a screen, 60 bits. */
static char *
new_password (MmContext *context)
{
  while (TRUE)
    {
      g_autofree char *code = mm_secret_new_activation_code ();
      g_autofree char *lower = g_ascii_strdown (code + 5, 4);
      g_autofree char *password = g_strdup_printf ("%.4s-%s-%.4s", code, lower, code + 10);

      if (mm_password_rules (password, mm_context_config (context)->password_max)
          == MM_PASSWORD_ALL)
        return g_steal_pointer (&password);
    }
}

/* ---- looking into the store ---- */

static gboolean
find_account (
    Making *making, const char *kind, const char *sign_in, MmAccountRow **account, GError **error)
{
  g_autofree char *folded = g_ascii_strdown (sign_in, -1);
  MmDatabase *db = mm_readers_take (making->context->readers, error);
  gboolean found;

  *account = NULL;
  if (db == NULL)
    return FALSE;
  found = mm_store_accounts_find (db, kind, folded, account, error);
  mm_readers_give (making->context->readers, db);
  return found;
}

/* NULL without an error if there is none. */
static MmGatewayRow *
find_gateway (Making *making, const char *id, GError **error)
{
  MmDatabase *db = mm_readers_take (making->context->readers, error);
  g_autoptr (GError) problem = NULL;
  MmGatewayRow *gateway;

  if (db == NULL)
    return NULL;
  gateway = mm_store_gateway_find_folded (db, id, &problem);
  mm_readers_give (making->context->readers, db);
  if (gateway == NULL && !g_error_matches (problem, MM_ERROR, MM_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&problem));
  return gateway;
}

static gboolean
is_empty (MmContext *context, gboolean *empty, GError **error)
{
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean read = db != NULL && mm_store_operator_is_empty (db, empty, error);

  if (db != NULL)
    mm_readers_give (context->readers, db);
  return read;
}

/* The token in the newest mail @letter to @recipient: nobody else reads it. */
static char *
read_token (Making *making, const char *letter, const char *recipient, GError **error)
{
  static const char mark[] = "/confirm?token=";
  MmDatabase *db = mm_readers_take (making->context->readers, error);
  g_autoptr (MmOutboxRow) row = NULL;
  const char *token;
  gboolean read = db != NULL && mm_store_outbox_latest (db, letter, recipient, &row, error);

  if (db != NULL)
    mm_readers_give (making->context->readers, db);
  if (!read)
    return NULL;
  token = row != NULL ? strstr (row->text, mark) : NULL;
  if (token == NULL)
    {
      mm_error_set (error, MM_ERROR_CONFLICT, "no-mail",
                    "The mail of a registration is missing. Please begin with an empty data "
                    "directory.");
      return NULL;
    }
  token += strlen (mark);
  return g_strndup (token, strspn (token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-_"));
}

/* ---- people ---- */

static gint64
terms_of (Making *making, const char *audience, GError **error)
{
  MmTerms *terms = mm_terms_get (making->context, audience, LANGUAGE, error);
  gint64 version = terms != NULL ? terms->version : 0;

  mm_terms_free (terms);
  return version;
}

/* The second half of a registration, from the mail on. */
static gboolean
confirm (Making *making,
         const char *audience,
         const char *mail,
         const char *password,
         const char *phone,
         GError **error)
{
  gint64 terms = terms_of (making, audience, error);
  g_autofree char *letter = g_strconcat ("provisional-", audience, NULL);
  g_autofree char *token = terms != 0 ? read_token (making, letter, mail, error) : NULL;

  return token != NULL
         && mm_confirming_redeem (making->context, token, terms, LANGUAGE, password, password,
                                  phone, error);
}

static gboolean
register_dealer (Making *making, GError **error)
{
  g_autoptr (MmDealerForm) form = mm_dealer_form_new ();
  g_autoptr (MmProvisional) provisional = NULL;
  gint64 terms = terms_of (making, "dealer", error);

  if (terms == 0)
    return FALSE;
  form->name = g_strdup ("見本 太郎");
  form->kana = g_strdup ("ミホン タロウ");
  form->mail = g_strdup (DEALER_MAIL);
  form->mail_again = g_strdup (DEALER_MAIL);
  form->dealer_name = g_strdup (DEALER);
  form->phone = g_strdup (DEALER_PHONE);
  form->postal_code = g_strdup ("380-0838");
  form->prefecture = g_strdup ("長野県");
  form->address = g_strdup ("長野市見本町1-2-3");
  form->user_id = g_strdup (USER_ID);
  provisional
      = mm_registering_register_dealer (making->context, NULL, form, terms, LANGUAGE, error);
  return provisional != NULL;
}

static gboolean
make_dealer (Making *making, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;
  g_autoptr (GError) problem = NULL;

  if (!find_account (making, "dealer", USER_ID, &account, error)
      || (account == NULL && !register_dealer (making, error)))
    return FALSE;
  if (account != NULL && g_str_equal (account->state, "active"))
    return TRUE;
  if (confirm (making, "dealer", DEALER_MAIL, making->demo->password, DEALER_PHONE, &problem))
    return TRUE;
  if (!g_error_matches (problem, MM_ERROR, MM_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  /* It was interrupted so long ago that its link has ended. */
  return register_dealer (making, error)
         && confirm (making, "dealer", DEALER_MAIL, making->demo->password, DEALER_PHONE, error);
}

static gboolean
register_customer (Making *making, const MmDemoHouse *house, GError **error)
{
  g_autoptr (MmCustomerForm) form = mm_customer_form_new ();
  g_autoptr (MmProvisional) provisional = NULL;
  gint64 terms = terms_of (making, "customer", error);

  if (terms == 0)
    return FALSE;
  form->gateway_id = g_strdup (house->id);
  form->activation_code = g_strdup (house->activation_code);
  form->name = g_strdup (house->name);
  form->kana = g_strdup (house->kana);
  form->mail = g_strdup (house->mail);
  form->mail_again = g_strdup (house->mail);
  form->phone = g_strdup (house->phone);
  form->postal_code = g_strdup (house->postal_code);
  form->prefecture = g_strdup (house->prefecture);
  form->municipality = g_strdup (house->municipality);
  form->address = g_strdup ("見本町1-2-3");
  /* Each is somebody at an address of its own, or limits against strangers would hold them up. */
  provisional = mm_customers_register (making->context, house->id, form, terms, LANGUAGE, error);
  return provisional != NULL;
}

static gboolean
link_house (Making *making, const MmDemoHouse *house, gint64 account, GError **error)
{
  const MmPrincipal customer = {
    .kind = MM_PRINCIPAL_CUSTOMER,
    .account = account,
    .address = house->id,
  };
  const MmLinkForm form = {
    .gateway = house->id,
    .user_id = USER_ID,
    .phone = DEALER_PHONE,
    .grants = MM_GRANTS_ALL,
  };
  g_autoptr (GError) problem = NULL;
  g_autofree char *link = NULL;

  if (mm_linking_link (making->context, &customer, &form, &link, &problem)
      || g_error_matches (problem, MM_ERROR, MM_ERROR_CONFLICT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
make_customer (Making *making, MmDemoHouse *house, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;

  if (!find_account (making, "customer", house->mail, &account, error))
    return FALSE;
  if (account == NULL
      && (!register_customer (making, house, error)
          || !confirm (making, "customer", house->mail, making->demo->customer_password,
                       house->phone, error)
          || !find_account (making, "customer", house->mail, &account, error)))
    return FALSE;
  return account != NULL && link_house (making, house, account->id, error);
}

/* ---- gateways ---- */

static void
set_number (GHashTable *fields, const char *name, double number)
{
  char text[MM_NUMBER_TEXT_SIZE];

  mm_number_write (number, text);
  g_hash_table_insert (fields, (gpointer) name, g_strdup (text));
}

static MmGatewayRow *
draft (Making *making, const MmDemoHouse *house, GError **error)
{
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (fields, (gpointer) "id", g_strdup (house->id));
  g_hash_table_insert (fields, (gpointer) "model", g_strdup ("見本 GW-1"));
  g_hash_table_insert (fields, (gpointer) "serial", g_strdup (house->serial));
  g_hash_table_insert (fields, (gpointer) "name",
                       g_strdup_printf ("%.*s邸", (int) strcspn (house->name, " "), house->name));
  g_hash_table_insert (fields, (gpointer) "postal_code", g_strdup (house->postal_code));
  g_hash_table_insert (fields, (gpointer) "prefecture", g_strdup (house->prefecture));
  g_hash_table_insert (fields, (gpointer) "municipality", g_strdup (house->municipality));
  g_hash_table_insert (fields, (gpointer) "timezone", g_strdup ("Asia/Tokyo"));
  g_hash_table_insert (fields, (gpointer) "interval_s", g_strdup (INTERVAL_S));
  set_number (fields, "pv_peak_kw", house->pv_kw);
  set_number (fields, "battery_kwh", house->battery_kwh);
  set_number (fields, "latitude", house->latitude);
  set_number (fields, "longitude", house->longitude);
  return mm_provisioning_draft (making->context, fields, error);
}

/* All of them at once, or, if a crash came after that, new keys and codes. */
static gboolean
make_gateways (Making *making, GError **error)
{
  g_autoptr (GPtrArray) drafts
      = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_gateway_row_free);
  g_autoptr (GPtrArray) issued = NULL;

  for (guint i = 0; i < making->houses->len; i++)
    {
      MmGatewayRow *row = draft (making, making->houses->pdata[i], error);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (drafts, row);
    }
  if (!mm_provisioning_add (making->context, drafts, &issued, error))
    return FALSE;
  for (guint i = 0; i < issued->len; i++)
    {
      MmIssued *one = issued->pdata[i];
      MmDemoHouse *house = making->houses->pdata[i];

      house->key = g_steal_pointer (&one->key);
      house->activation_code = g_steal_pointer (&one->activation_code);
    }
  return TRUE;
}

static gboolean
renew_gateway (Making *making, MmDemoHouse *house, const MmGatewayRow *row, GError **error)
{
  g_autoptr (MmIssued) key = mm_provisioning_rotate_key (making->context, house->id, error);
  g_autoptr (MmIssued) code = NULL;

  if (key == NULL)
    return FALSE;
  house->key = g_steal_pointer (&key->key);
  if (row->owner != 0)
    return TRUE;
  code = mm_provisioning_new_code (making->context, house->id, error);
  if (code == NULL)
    return FALSE;
  house->activation_code = g_steal_pointer (&code->activation_code);
  return TRUE;
}

static gboolean
ensure_gateways (Making *making, GError **error)
{
  for (guint i = 0; i < making->houses->len; i++)
    {
      MmDemoHouse *house = making->houses->pdata[i];
      g_autoptr (GError) problem = NULL;
      g_autoptr (MmGatewayRow) row = find_gateway (making, house->id, &problem);

      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (row == NULL)
        return make_gateways (making, error);
      if (!renew_gateway (making, house, row, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the whole ---- */

static void
make_house (gpointer data, gpointer user_data)
{
  Making *making = user_data;
  g_autoptr (GError) error = NULL;
  gboolean go_on;

  g_mutex_lock (&making->mutex);
  go_on = making->error == NULL;
  g_mutex_unlock (&making->mutex);
  if (!go_on || make_customer (making, data, &error))
    return;
  g_mutex_lock (&making->mutex);
  if (making->error == NULL)
    making->error = error != NULL
                        ? g_steal_pointer (&error)
                        : mm_error_new (MM_ERROR_INTERNAL, "demo", "a customer is missing");
  g_mutex_unlock (&making->mutex);
}

static gboolean
make_customers (Making *making, GError **error)
{
  GThreadPool *pool = g_thread_pool_new (make_house, making, AT_ONCE, FALSE, NULL);

  for (guint i = 0; i < making->houses->len; i++)
    g_thread_pool_push (pool, making->houses->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  if (making->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&making->error));
  return FALSE;
}

static gboolean
make_all (Making *making, GError **error)
{
  making->houses = mm_demo_houses_new (making->n_houses);
  if (!make_dealer (making, error) || !ensure_gateways (making, error)
      || !write_fleet (making, error) || !make_customers (making, error)
      || !write_state (making, TRUE, error))
    return FALSE;
  g_message ("a demo of %u houses was made", making->n_houses);
  return TRUE;
}

/* A state to begin with, if there may be a demo here. */
static gboolean
begin (Making *making, guint n_houses, gboolean empty, GError **error)
{
  MmDemo *demo = making->demo;
  g_autoptr (GPtrArray) first = mm_demo_houses_new (1);

  if (!empty)
    return mm_error_set (error, MM_ERROR_CONFLICT, "not-empty",
                         "There are accounts or gateways in this data directory already; a demo "
                         "needs one of its own.");
  if (n_houses < 1 || n_houses > MM_DEMO_HOUSES_MAX)
    {
      mm_error_add_field (error, "houses", "range", "This must be a number from 1 to 200.");
      return FALSE;
    }
  g_free (demo->user_id);
  demo->user_id = g_strdup (USER_ID);
  g_free (demo->dealer);
  demo->dealer = g_strdup (DEALER);
  g_free (demo->phone);
  demo->phone = g_strdup (DEALER_PHONE);
  g_free (demo->password);
  demo->password = new_password (making->context);
  g_free (demo->customer);
  demo->customer = g_strdup (((const MmDemoHouse *) first->pdata[0])->mail);
  g_free (demo->customer_password);
  demo->customer_password = new_password (making->context);
  making->n_houses = n_houses;
  return write_state (making, FALSE, error);
}

static gboolean
make (Making *making, guint n_houses, GError **error)
{
  gboolean known = read_state (making), empty;

  if (!is_empty (making->context, &empty, error))
    return FALSE;
  /* Of a store that was taken away it says nothing. */
  if (known && making->is_complete && !empty)
    return TRUE;
  if (mm_context_config (making->context)->smtp_url != NULL)
    return mm_error_set (error, MM_ERROR_CONFLICT, "has-mail-server",
                         "A demo needs a server without a mail server, as there is nobody to mail "
                         "to.");
  if ((!known || making->is_complete) && !begin (making, n_houses, empty, error))
    return FALSE;
  return make_all (making, error);
}

MmDemo *
mm_demo_make (MmContext *context, guint houses, GError **error)
{
  const char *folder = mm_context_config (context)->data_dir;
  g_auto (Making) making = { .context = context };
  gboolean made;

  g_mutex_init (&making.mutex);
  making.state_file = g_build_filename (folder, "demo.json", NULL);
  making.demo = g_new0 (MmDemo, 1);
  making.demo->fleet_file = g_build_filename (folder, "demo-fleet.json", NULL);
  g_mutex_lock (&context->settings_lock);
  made = make (&making, houses, error);
  g_mutex_unlock (&context->settings_lock);
  return made ? g_steal_pointer (&making.demo) : NULL;
}
