/* Maintenance contacts, by the link in their mail. On workers; what changes the store runs on the
 * writer's thread. */
#include "mm-contacts.h"

#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-secret.h"
#include "mm-store-accounts.h"
#include "mm-store-tokens.h"

void
mm_contact_view_free (MmContactView *view)
{
  if (view == NULL)
    return;
  g_free (view->mail);
  g_free (view->dealer_name);
  g_free (view);
}

/* @token with its contact; "link-unknown" if there is none. */
static gboolean
find_contact (
    MmDatabase *db, const char *secret, MmTokenRow **token, MmContactRow **contact, GError **error)
{
  guint8 hash[MM_SECRET_HASH_BYTES];

  *contact = NULL;
  mm_secret_hash (secret, hash);
  if (!mm_store_tokens_find (db, hash, "contact", token, error))
    return FALSE;
  if (*token == NULL)
    return mm_confirming_judge (NULL, 0, error);
  return mm_store_contacts_get (db, (*token)->contact, contact, error);
}

MmContactView *
mm_contacts_find (MmContext *context, const char *token, GError **error)
{
  g_autoptr (MmTokenRow) row = NULL;
  g_autoptr (MmContactRow) contact = NULL;
  g_autoptr (MmAccountRow) account = NULL;
  MmContactView *view;
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return NULL;
  ok = find_contact (db, token, &row, &contact, error)
       && mm_store_accounts_get (db, contact->account, &account, error);
  mm_readers_give (context->readers, db);
  if (!ok)
    return NULL;
  view = g_new0 (MmContactView, 1);
  view->mail = g_strdup (contact->mail);
  view->dealer_name = g_strdup (account->dealer_name);
  view->confirmed = contact->confirmed != 0;
  view->confirmable = mm_clock_now (context->clock) < row->expires;
  return view;
}

typedef struct
{
  const char *token;
  gint64 now;
} ContactJob;

static gboolean
confirm_contact (MmDatabase *db, gpointer data, GError **error)
{
  ContactJob *job = data;
  g_autoptr (MmTokenRow) token = NULL;
  g_autoptr (MmContactRow) contact = NULL;

  return find_contact (db, job->token, &token, &contact, error)
         && (contact->confirmed != 0 || mm_confirming_judge (token, job->now, error))
         && mm_store_contacts_confirm (db, contact->id, job->now, error);
}

static gboolean
remove_contact (MmDatabase *db, gpointer data, GError **error)
{
  ContactJob *job = data;
  g_autoptr (MmTokenRow) token = NULL;
  g_autoptr (MmContactRow) contact = NULL;

  return find_contact (db, job->token, &token, &contact, error)
         && mm_store_contacts_delete (db, contact->id, error);
}

gboolean
mm_contacts_confirm (MmContext *context, const char *token, GError **error)
{
  ContactJob job = { .token = token, .now = mm_clock_now (context->clock) };

  return mm_writer_run (context->writer, confirm_contact, &job, error);
}

gboolean
mm_contacts_remove (MmContext *context, const char *token, GError **error)
{
  ContactJob job = { .token = token };

  return mm_writer_run (context->writer, remove_contact, &job, error);
}
