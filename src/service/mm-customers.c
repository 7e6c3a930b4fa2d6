/* Customers. Runs on workers; what changes the store runs as a job on the writer's thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-customers.h"

#include "mm-access.h"
#include "mm-account.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-gateway.h"
#include "mm-linking.h"
#include "mm-live.h"
#include "mm-secret.h"
#include "mm-store-claims.h"
#include "mm-throttle.h"
#include "mm-words.h"

#include <string.h>

G_STATIC_ASSERT (MM_GATEWAY_HASH_BYTES == MM_SECRET_HASH_BYTES);

/* A walk checks a code twice or three times; a code has 80 bits, so that this is about noise. */
#define CODE_TRIES 20
#define CODE_TRIES_PERIOD_S 3600

/* ---- gateway ID and activation code ---- */

static gboolean
limit_codes (MmContext *context, const char *address, const char *gateway_id, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_autofree char *folded = g_ascii_strdown (gateway_id, -1);

  return mm_throttle_try_address (context->throttle, "activation-from", address, 3 * CODE_TRIES,
                                  CODE_TRIES_PERIOD_S, now, error)
         && mm_throttle_try (context->throttle, "activation", folded, CODE_TRIES,
                             CODE_TRIES_PERIOD_S, now, error);
}

/* The gateway with this ID, in any case of letters, and this unused code. NULL with *@problems, the
 * same for whatever does not match, or with @error if the store fails. */
static MmGatewayRow *
find_by_code (
    MmDatabase *db, const char *gateway_id, const char *code, GError **problems, GError **error)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (MmGatewayRow) gateway = mm_store_gateway_find_folded (db, gateway_id, &missing);
  guint8 hash[MM_SECRET_HASH_BYTES];

  if (gateway == NULL && !g_error_matches (missing, MM_ERROR, MM_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return NULL;
    }
  mm_secret_hash (code, hash);
  if (gateway != NULL && gateway->activation_used == MM_TIME_NONE
      && memcmp (hash, gateway->activation, sizeof hash) == 0)
    return g_steal_pointer (&gateway);
  mm_error_add_field (problems, "activation_code", "unknown",
                      N_ ("The gateway ID and the activation code do not belong together, or the "
                          "code has been used. Please check both on the label of the gateway."));
  return NULL;
}

static gboolean
check_code (MmContext *context,
            const char *address,
            const char *gateway_id,
            const char *code,
            GError **problems,
            GError **error)
{
  g_autoptr (MmGatewayRow) gateway = NULL;
  g_autoptr (GError) failure = NULL;
  MmDatabase *db;

  if (!limit_codes (context, address, gateway_id, error))
    return FALSE;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return FALSE;
  gateway = find_by_code (db, gateway_id, code, problems, &failure);
  mm_readers_give (context->readers, db);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Makes @account the owner of @gateway, whose code it knew. */
static gboolean
own_gateway (MmContext *context,
             MmDatabase *db,
             const MmAccountRow *account,
             const MmGatewayRow *gateway,
             gint64 now,
             GArray *changes,
             GError **error)
{
  if (gateway->owner == account->id)
    return mm_store_gateway_use_activation (db, gateway->row, now, error);
  /* What an installer measured before the first owner came is the house's own. */
  if (gateway->owner == 0)
    return mm_store_gateway_own (db, gateway->row, account->id, now, gateway->hidden_before, error)
           && mm_store_gateway_fill_site (db, gateway->row, account->postal_code,
                                          account->prefecture, account->municipality, error);
  return mm_linking_end_for_owner_change (context, db, gateway->row, now, changes, error)
         && mm_store_gateway_own (db, gateway->row, account->id, now, now, error)
         && mm_store_gateway_replace_site (db, gateway->row, account->postal_code,
                                           account->prefecture, account->municipality, error);
}

/* ---- registering ---- */

/* Whether the two fields of the label keep their rules: only then is there anything to look up. */
static gboolean
has_label_fields (const MmCustomerForm *form)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *id = mm_gateway_id_normalise (form->gateway_id, "gateway_id", &ignored);
  g_autofree char *code
      = mm_activation_code_normalise (form->activation_code, "activation_code", &ignored);

  return id != NULL && code != NULL;
}

gboolean
mm_customers_check (MmContext *context, const char *address, MmCustomerForm *form, GError **error)
{
  g_autoptr (GError) problems = NULL;

  mm_customer_form_check (form, &problems);
  if (has_label_fields (form)
      && !check_code (context, address, form->gateway_id, form->activation_code, &problems, error))
    return FALSE;
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

typedef struct
{
  MmContext *context;
  const MmCustomerForm *form;
  MmAccountRow *row;
  gint64 terms;
  MmProvisional *provisional;
} Registration;

static gboolean
register_job (MmDatabase *db, gpointer data, GError **error)
{
  Registration *job = data;
  g_autoptr (MmGatewayRow) gateway = NULL;
  GError *problems = NULL;

  gateway = find_by_code (db, job->form->gateway_id, job->form->activation_code, &problems, error);
  if (gateway == NULL)
    {
      if (problems != NULL)
        g_propagate_error (error, problems);
      return FALSE;
    }
  job->provisional = mm_registering_begin (job->context, db, job->row, job->terms, error);
  return job->provisional != NULL
         && mm_store_claim_set (db, job->row->id, gateway->row, gateway->activation, error);
}

static MmAccountRow *
new_row (const MmCustomerForm *form, const char *language)
{
  MmAccountRow *row = mm_account_row_new ();
  g_autofree char *unique = mm_secret_new_id ();

  row->kind = g_strdup ("customer");
  row->sign_in = g_strdup (form->mail);
  row->sign_in_folded = g_strconcat ("provisional:", unique, NULL);
  row->language = g_strdup (language);
  row->name = g_strdup (form->name);
  row->kana = g_strdup (form->kana);
  row->mail = g_strdup (form->mail);
  row->phone = g_strdup (form->phone);
  row->postal_code = g_strdup (form->postal_code);
  row->prefecture = g_strdup (form->prefecture);
  row->municipality = g_strdup (form->municipality);
  row->address = g_strdup (form->address);
  return row;
}

MmProvisional *
mm_customers_register (MmContext *context,
                       const char *address,
                       MmCustomerForm *form,
                       gint64 terms,
                       const char *language,
                       GError **error)
{
  g_autoptr (MmAccountRow) row = NULL;
  Registration job = { .context = context, .form = form, .terms = terms };

  if (!mm_customers_check (context, address, form, error)
      || !mm_registering_limit (context, address, form->mail, error))
    return NULL;
  job.row = row = new_row (form, language);
  if (!mm_writer_run (context->writer, register_job, &job, error))
    {
      mm_provisional_free (job.provisional);
      return NULL;
    }
  g_message ("a customer registered provisionally");
  return job.provisional;
}

gboolean
mm_customers_complete (MmContext *context,
                       MmDatabase *db,
                       const MmAccountRow *account,
                       gint64 now,
                       GArray *changes,
                       GError **error)
{
  g_autofree char *folded = g_ascii_strdown (account->mail, -1);
  g_autoptr (MmAccountRow) holder = NULL;
  g_autoptr (MmGatewayRow) gateway = NULL;
  gint64 claimed;

  if (!mm_store_accounts_find (db, "customer", folded, &holder, error))
    return FALSE;
  if (holder != NULL)
    return mm_error_set (error, MM_ERROR_GONE, "already-registered",
                         N_ ("There is an account with this mail address already. Please sign in; "
                             "you can add the gateway there."));
  if (!mm_store_claim_take (db, account->id, &claimed, error))
    return FALSE;
  if (claimed == 0)
    return mm_error_set (error, MM_ERROR_GONE, "gateway-gone",
                         N_ ("The activation code of the gateway has been used or replaced in the "
                             "meantime. Please register again with the code on the newest label."));
  gateway = mm_store_gateway_get (db, claimed, error);
  return gateway != NULL
         && mm_store_accounts_set_sign_in (db, account->id, account->mail, folded, error)
         && own_gateway (context, db, account, gateway, now, changes, error);
}

/* ---- gateways of a customer ---- */

static gboolean
refuse_unknown (GError **error)
{
  return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
}

typedef struct
{
  MmContext *context;
  const MmPrincipal *customer;
  const char *gateway_id;
  const char *code; /* of an addition */
  const char *name; /* of a renaming */
  gint64 now;
  gint64 renamed; /* its row */
  char *found;
  GArray *changes;
} GatewayJob;

static gboolean
add_job (MmDatabase *db, gpointer data, GError **error)
{
  GatewayJob *job = data;
  g_autoptr (MmGatewayRow) gateway = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  GError *problems = NULL;

  gateway = find_by_code (db, job->gateway_id, job->code, &problems, error);
  if (gateway == NULL)
    {
      if (problems != NULL)
        g_propagate_error (error, problems);
      return FALSE;
    }
  if (!mm_store_accounts_get (db, job->customer->account, &account, error))
    return FALSE;
  if (account == NULL)
    return refuse_unknown (error);
  job->found = g_strdup (gateway->public_id);
  return own_gateway (job->context, db, account, gateway, job->now, job->changes, error);
}

gboolean
mm_customers_add_gateway (MmContext *context,
                          const MmPrincipal *customer,
                          const char *gateway_id,
                          const char *activation_code,
                          char **gateway,
                          GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *id = mm_gateway_id_normalise (gateway_id, "gateway_id", &problems);
  g_autofree char *code
      = mm_activation_code_normalise (activation_code, "activation_code", &problems);
  g_autoptr (GArray) changes = NULL;
  GatewayJob job = { .context = context, .customer = customer, .gateway_id = id, .code = code };

  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    return refuse_unknown (error);
  if (problems != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  if (!limit_codes (context, customer->address, id, error))
    return FALSE;
  job.now = mm_clock_now (context->clock);
  job.changes = changes = g_array_new (FALSE, FALSE, sizeof (MmLinkChange));
  if (!mm_writer_run (context->writer, add_job, &job, error))
    {
      g_free (job.found);
      return FALSE;
    }
  mm_linking_announce (context, changes);
  *gateway = job.found;
  return TRUE;
}

static gboolean
rename_job (MmDatabase *db, gpointer data, GError **error)
{
  GatewayJob *job = data;
  MmAccess access;

  if (!mm_access_gateway (db, job->customer, job->gateway_id, 0, job->now, &access, error))
    return FALSE;
  job->renamed = access.gateway;
  return mm_store_gateway_rename (db, access.gateway, job->name, error);
}

gboolean
mm_customers_rename (MmContext *context,
                     const MmPrincipal *customer,
                     const char *gateway,
                     const char *name,
                     GError **error)
{
  g_autoptr (GError) problems = NULL;
  g_autofree char *normal = NULL;
  GatewayJob job = { .context = context, .customer = customer, .gateway_id = gateway };

  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    return refuse_unknown (error);
  normal = name == NULL || name[strspn (name, " \t")] == '\0'
               ? g_strdup ("")
               : mm_name_normalise (name, "name", &problems);
  if (normal == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problems));
      return FALSE;
    }
  job.name = normal;
  job.now = mm_clock_now (context->clock);
  if (!mm_writer_run (context->writer, rename_job, &job, error))
    return FALSE;
  mm_feed_gateway_changed (context->feed, job.renamed);
  return TRUE;
}

GPtrArray *
mm_customers_gateways (MmContext *context, const MmPrincipal *customer, GError **error)
{
  GPtrArray *gateways;
  MmDatabase *db;

  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    {
      refuse_unknown (error);
      return NULL;
    }
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  gateways = mm_store_gateways_of_owner (db, customer->account, error);
  mm_readers_give (context->readers, db);
  return gateways;
}

MmGatewayRow *
mm_customers_gateway (MmContext *context,
                      const MmPrincipal *customer,
                      const char *gateway,
                      GError **error)
{
  MmGatewayRow *found = NULL;
  MmAccess access;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    refuse_unknown (error);
  else if (mm_access_gateway (db, customer, gateway, 0, mm_clock_now (context->clock), &access,
                              error))
    found = mm_store_gateway_get (db, access.gateway, error);
  mm_readers_give (context->readers, db);
  return found;
}

MmStatus
mm_customers_status (MmContext *context, const MmGatewayRow *gateway, gint64 *last_contact)
{
  MmStatus status = MM_STATUS_NEVER_SEEN;
  const MmLiveGateway *live;

  *last_contact = MM_TIME_NONE;
  mm_live_lock (context->live);
  live = mm_live_get (context->live, gateway->row);
  /* What came at an earlier owner's is none of this one's business. */
  if (live != NULL && live->last_contact >= gateway->hidden_before)
    {
      status = live->status;
      *last_contact = live->last_contact;
    }
  mm_live_unlock (context->live);
  return status;
}
