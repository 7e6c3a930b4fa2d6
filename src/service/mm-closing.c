/* Closing accounts. On workers; what changes the store is one job on the writer's thread. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-closing.h"

#include "mm-access.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-language.h"
#include "mm-link-letters.h"
#include "mm-linking.h"
#include "mm-own-password.h"
#include "mm-posting.h"
#include "mm-store-closing.h"
#include "mm-words.h"

typedef struct
{
  MmContext *context;
  const MmAccountRow *checked;
  gint64 now;
  GArray *changes; /* of MmLinkChange */
} Closing;

/* The one who closes gets one letter about it all, the other side one for each link. */
static gboolean
end_link (Closing *job, MmDatabase *db, const MmLinkRow *link, gboolean dealer, GError **error)
{
  MmAccess access = { .gateway = link->gateway, .link = link->row };
  MmLinkChange change = { .dealer = link->dealer, .gateway = link->gateway };

  if (!mm_store_link_end (db, link->row, job->now, "closed", error))
    return FALSE;
  g_array_append_val (job->changes, change);
  if (dealer)
    return mm_access_note (db, &access, link->dealer, "dealer-closed", "", job->now, error)
           && mm_link_letters_to_owner (job->context, db, link, "link-ended", "by_closing",
                                        job->now, error);
  return mm_link_letters_to_dealer (job->context, db, link, "link-ended", "by_closing", job->now,
                                    error);
}

static gboolean
end_links (Closing *job, MmDatabase *db, gint64 account, gboolean dealer, GError **error)
{
  g_autoptr (GPtrArray) links = dealer ? mm_store_links_of_dealer (db, account, error)
                                       : mm_store_links_of_owner (db, account, error);

  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len; i++)
    if (!end_link (job, db, links->pdata[i], dealer, error))
      return FALSE;
  return TRUE;
}

/* The letter belongs to no account: there is none any more. */
static gboolean
post_closed (
    MmContext *context, MmDatabase *db, const MmAccountRow *account, gint64 now, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *when
      = mm_language_format_time (mm_languages_get (context->languages, account->language), now,
                                 zone);
  MmPost post
      = { .letter = "account-closed", .recipient = account->mail, .language = account->language };
  json_t *values = json_pack ("{s:s, s:s, s:b}", "name", account->name, "when", when, "dealer",
                              g_str_equal (account->kind, "dealer"));
  gboolean sent = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  return sent;
}

static gboolean
close_job (MmDatabase *db, gpointer data, GError **error)
{
  Closing *job = data;
  g_autoptr (MmAccountRow) account = mm_own_password_recheck (db, job->checked, error);
  gboolean dealer;

  if (account == NULL)
    return FALSE;
  dealer = g_str_equal (account->kind, "dealer");
  return end_links (job, db, account->id, dealer, error)
         && (dealer || mm_store_closing_disown (db, account->id, job->now, error))
         && post_closed (job->context, db, account, job->now, error)
         && mm_store_closing_erase (db, account->id, job->now, error);
}

gboolean
mm_closing_close (MmContext *context,
                  const MmPrincipal *principal,
                  const char *password,
                  GError **error)
{
  g_autoptr (MmAccountRow) account = mm_own_password_check (context, principal, password, error);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (MmLinkChange));
  Closing job = { .context = context, .checked = account, .changes = changes };

  if (account == NULL)
    return FALSE;
  job.now = mm_clock_now (context->clock);
  if (!mm_writer_run (context->writer, close_job, &job, error))
    return FALSE;
  mm_feed_sessions_ended (context->feed, principal->account);
  mm_linking_announce (context, changes);
  g_message ("an account was closed");
  return TRUE;
}
