/* A customer's own account. Runs on workers; what changes the store on the writer's thread. */
#include "mm-customer-account.h"

#include "mm-account.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-language.h"
#include "mm-place.h"
#include "mm-posting.h"
#include "mm-store-gateways.h"

#include <stddef.h>
#include <string.h>

static const struct
{
  const char *name;
  const char *label; /* in the letter */
  size_t offset;
  char *(*normalise) (const char *text, const char *field, GError **error);
} fields[] = {
  { "name", N_ ("Name"), offsetof (MmAccountRow, name), mm_name_normalise },
  { "kana", N_ ("Name in katakana"), offsetof (MmAccountRow, kana), mm_kana_normalise },
  { "phone", N_ ("Phone number"), offsetof (MmAccountRow, phone), mm_phone_normalise },
  { "postal_code", N_ ("Postal code"), offsetof (MmAccountRow, postal_code),
    mm_postal_code_normalise },
  { "prefecture", N_ ("Prefecture"), offsetof (MmAccountRow, prefecture), mm_prefecture_normalise },
  { "municipality", N_ ("Municipality"), offsetof (MmAccountRow, municipality),
    mm_municipality_normalise },
  { "address", N_ ("Address"), offsetof (MmAccountRow, address), mm_address_normalise },
};

const char *const mm_customer_account_fields[]
    = { "name", "kana", "phone", "postal_code", "prefecture", "municipality", "address", NULL };

static char **
field_at (MmAccountRow *account, gsize i)
{
  return (char **) ((char *) account + fields[i].offset);
}

char **
mm_customer_account_field (MmAccountRow *account, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].name, name))
      return field_at (account, i);
  return NULL;
}

static MmAccountRow *
find_own (MmDatabase *db, const MmPrincipal *customer, GError **error)
{
  g_autoptr (MmAccountRow) account = NULL;

  if (customer->kind == MM_PRINCIPAL_CUSTOMER
      && !mm_store_accounts_get (db, customer->account, &account, error))
    return NULL;
  if (account == NULL)
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  return g_steal_pointer (&account);
}

MmAccountRow *
mm_customer_account_get (MmContext *context, const MmPrincipal *customer, GError **error)
{
  MmAccountRow *account;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  account = find_own (db, customer, error);
  mm_readers_give (context->readers, db);
  return account;
}

static gboolean
normalise (MmAccountRow *account, GError **error)
{
  GError *problems = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char **text = field_at (account, i);
      char *normal = fields[i].normalise (*text, fields[i].name, &problems);

      if (normal == NULL)
        continue;
      g_free (*text);
      *text = normal;
    }
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, problems);
  return FALSE;
}

static gboolean
post_changed (MmContext *context,
              MmDatabase *db,
              const MmAccountRow *account,
              json_t *labels,
              gint64 now,
              GError **error)
{
  const MmLanguage *language = mm_languages_get (context->languages, account->language);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *url = g_strconcat (context->public_url, "/my/account", NULL);
  g_autofree char *when = mm_language_format_time (language, now, zone);
  MmPost post = { .letter = "account-changed",
                  .recipient = account->mail,
                  .language = account->language,
                  .account = account->id };
  json_t *values = json_pack ("{s:s, s:s, s:s, s:O}", "name", account->name, "url", url, "when",
                              when, "fields", labels);
  gboolean sent = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  return sent;
}

typedef struct
{
  MmContext *context;
  const MmPrincipal *customer;
  MmAccountRow *wanted;
  GPtrArray *gateways; /* where dealers see what changed; NULL: nothing did */
} Change;

/* Takes over what differs; @labels gets the words of those fields. */
static void
take_over (MmAccountRow *account, MmAccountRow *wanted, json_t *labels)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char **text = field_at (account, i);

      if (strcmp (*text, *field_at (wanted, i)) == 0)
        continue;
      g_free (*text);
      *text = g_strdup (*field_at (wanted, i));
      json_array_append_new (labels, json_string (fields[i].label));
    }
}

static gboolean
change_job (MmDatabase *db, gpointer data, GError **error)
{
  Change *job = data;
  g_autoptr (MmAccountRow) account = find_own (db, job->customer, error);
  json_t *labels;
  gboolean changed = TRUE;

  if (account == NULL)
    return FALSE;
  labels = json_array ();
  take_over (account, job->wanted, labels);
  account->changed = mm_clock_now (job->context->clock);
  if (json_array_size (labels) > 0)
    {
      job->gateways = mm_store_gateways_of_owner (db, account->id, error);
      changed = job->gateways != NULL && mm_store_accounts_update (db, account, error)
                && post_changed (job->context, db, account, labels, account->changed, error);
    }
  json_decref (labels);
  return changed;
}

gboolean
mm_customer_account_change (MmContext *context,
                            const MmPrincipal *customer,
                            MmAccountRow *account,
                            GError **error)
{
  Change job = { .context = context, .customer = customer, .wanted = account };
  gboolean changed
      = normalise (account, error) && mm_writer_run (context->writer, change_job, &job, error);

  for (guint i = 0; changed && job.gateways != NULL && i < job.gateways->len; i++)
    mm_feed_gateway_changed (context->feed, ((MmGatewayRow *) job.gateways->pdata[i])->row);
  g_clear_pointer (&job.gateways, g_ptr_array_unref);
  return changed;
}
