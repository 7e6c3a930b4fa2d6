/* Links between customers' gateways and dealers. Runs on workers; what changes the store runs as a
 * job on the writer's thread. */
#include "mm-linking.h"

#include "mm-access.h"
#include "mm-account.h"
#include "mm-error.h"
#include "mm-feed.h"
#include "mm-link-letters.h"
#include "mm-link-until.h"
#include "mm-link.h"
#include "mm-secret.h"
#include "mm-store-access.h"
#include "mm-store-accounts.h"
#include "mm-store-gateways.h"
#include "mm-throttle.h"
#include "mm-words.h"

#include <string.h>

/* Checking and confirming count one each; a family with ten gateways is through in one go, and a
 * stranger guesses 20 phone numbers an hour. */
#define TRIES 20
#define TRIES_PERIOD_S 3600

#define PAGE_LINES 50
#define EXPIRE_AT_ONCE 500

static void
check_grants (guint grants, GError **problems)
{
  if (mm_link_grants (grants) == 0)
    mm_error_add_field (problems, "see", "required",
                        N_ ("Please tick at least one thing that the dealer may do."));
}

/* The active dealer with this ID and phone. Whatever does not match looks the same from outside,
 * and takes the same way through the code. */
static MmAccountRow *
find_dealer (MmDatabase *db, const MmLinkForm *form, GError **problems, GError **error)
{
  g_autoptr (MmAccountRow) dealer = NULL;
  g_autofree char *user_id = g_strstrip (g_strdup (form->user_id));
  g_autofree char *folded = mm_user_id_fold (user_id);
  gboolean matches;

  if (!mm_store_accounts_find (db, "dealer", folded, &dealer, error))
    return NULL;
  matches = mm_phone_equal (dealer != NULL ? dealer->phone : "0000000000", form->phone);
  if (dealer != NULL && matches && g_str_equal (dealer->state, "active")
      && mm_secret_equal (dealer->sign_in, user_id))
    return g_steal_pointer (&dealer);
  mm_error_add_field (
      problems, "user_id", "unknown",
      N_ ("No dealer has this ID together with this phone number. Please check both with your "
          "dealer; capital and small letters of the ID are not the same."));
  return NULL;
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || text[strspn (text, " \t")] == '\0';
}

static void
check_required (const char *text, const char *field, GError **problems)
{
  if (is_blank (text))
    mm_error_add_field (problems, field, "required", N_ ("Please fill in this field."));
}

static gboolean
limit_tries (MmContext *context, const MmPrincipal *customer, gint64 now, GError **error)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, customer->account);

  return mm_throttle_try (context->throttle, "link", account, TRIES, TRIES_PERIOD_S, now, error)
         && mm_throttle_try_address (context->throttle, "link-from", customer->address, 3 * TRIES,
                                     TRIES_PERIOD_S, now, error);
}

/* Each change is a letter to the dealer. Ending a link is never limited. */
static gboolean
limit_changes (MmContext *context, const MmPrincipal *customer, gint64 now, GError **error)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, customer->account);

  return mm_throttle_try (context->throttle, "link-change", account, TRIES, TRIES_PERIOD_S, now,
                          error);
}

/* What a link form says, checked. */
typedef struct
{
  MmGatewayRow *gateway;
  MmAccountRow *dealer;
  gint64 until;
  gint64 stale; /* row of an open link whose time is over, or 0 */
} Checked;

static void
checked_clear (Checked *checked)
{
  g_clear_pointer (&checked->gateway, mm_gateway_row_free);
  g_clear_pointer (&checked->dealer, mm_account_row_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Checked, checked_clear)

/* Whether there is an open link already whose time is not over; one whose time is over gets its
 * row in @stale. */
static gboolean
check_not_linked (
    MmDatabase *db, gint64 gateway, gint64 dealer, gint64 now, gint64 *stale, GError **error)
{
  g_autoptr (GPtrArray) links = mm_store_links_of_gateway (db, gateway, error);

  *stale = 0;
  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len; i++)
    {
      const MmLinkRow *link = links->pdata[i];

      if (link->dealer != dealer)
        continue;
      if (mm_link_active (now, link->since, link->until, link->ended))
        return mm_error_set (error, MM_ERROR_CONFLICT, "already-linked",
                             N_ ("This dealer already has access to this system."));
      *stale = link->row;
    }
  return TRUE;
}

static gboolean
check_form (MmDatabase *db,
            const MmPrincipal *customer,
            const MmLinkForm *form,
            gint64 now,
            Checked *checked,
            GError **error)
{
  GError *problems = NULL;
  MmAccess access;

  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  if (!mm_access_gateway (db, customer, form->gateway, 0, now, &access, error))
    return FALSE;
  checked->gateway = mm_store_gateway_get (db, access.gateway, error);
  if (checked->gateway == NULL)
    return FALSE;

  check_required (form->user_id, "user_id", &problems);
  check_required (form->phone, "phone", &problems);
  if (problems == NULL)
    {
      checked->dealer = find_dealer (db, form, &problems, error);
      if (checked->dealer == NULL && problems == NULL)
        return FALSE;
    }
  check_grants (form->grants, &problems);
  checked->until = mm_link_until_parse (form->until, checked->gateway->timezone, now, &problems);
  if (problems != NULL)
    {
      g_propagate_error (error, problems);
      return FALSE;
    }
  return check_not_linked (db, checked->gateway->row, checked->dealer->id, now, &checked->stale,
                           error);
}

gboolean
mm_linking_check (MmContext *context,
                  const MmPrincipal *customer,
                  const MmLinkForm *form,
                  char **dealer_name,
                  GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  g_auto (Checked) checked = { 0 };
  MmDatabase *db;
  gboolean ok;

  if (!limit_tries (context, customer, now, error))
    return FALSE;
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return FALSE;
  ok = check_form (db, customer, form, now, &checked, error);
  mm_readers_give (context->readers, db);
  if (ok)
    *dealer_name = g_strdup (checked.dealer->dealer_name);
  return ok;
}

/* --- the log that the customer reads --- */

/* Notes what happened to a link; @detail: the names of the grants, where they matter. */
static gboolean
note (MmDatabase *db, const MmLinkRow *link, const char *kind, gint64 now, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  MmAccess access = { .gateway = link->gateway, .link = link->row };

  if (g_str_equal (kind, "linked") || g_str_equal (kind, "link-changed"))
    for (guint grant = MM_GRANT_SEE; grant <= MM_GRANT_HISTORY; grant <<= 1)
      if (mm_link_grants (link->grants) & grant)
        g_string_append_printf (detail, "%s%s", detail->len > 0 ? "," : "",
                                mm_link_grant_name ((MmGrants) grant));
  return mm_access_note (db, &access, link->dealer, kind, detail->str, now, error);
}

/* --- changes, on the writer's thread --- */

/* Why a link ends: the word in the store, the flag of the letter, the line of the log. A new owner
 * is not to read whom the earlier one had, who in turn reads the log no longer: no line. */
typedef struct
{
  const char *by;
  const char *flag;
  const char *kind;
} Reason;

static const Reason by_customer = { "customer", "by_customer", "link-ended" };
static const Reason by_dealer = { "dealer", "by_dealer", "declined" };
static const Reason by_time = { "time", "by_time", "link-expired" };
static const Reason by_owner_change = { "owner-change", "by_owner_change", NULL };

static gboolean
end_link (MmContext *context,
          MmDatabase *db,
          const MmLinkRow *link,
          const Reason *reason,
          gint64 now,
          GError **error)
{
  return mm_store_link_end (db, link->row, now, reason->by, error)
         && (reason->kind == NULL || note (db, link, reason->kind, now, error))
         && mm_link_letters_to_dealer (context, db, link, "link-ended", reason->flag, now, error)
         && mm_link_letters_to_owner (context, db, link, "link-ended", reason->flag, now, error);
}

static void
append_change (GArray *changes, const MmLinkRow *link)
{
  MmLinkChange change = { .dealer = link->dealer, .gateway = link->gateway };

  g_array_append_val (changes, change);
}

void
mm_linking_announce (MmContext *context, const GArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const MmLinkChange *change = &g_array_index (changes, MmLinkChange, i);

      mm_feed_link_changed (context->feed, change->dealer, change->gateway);
    }
}

gboolean
mm_linking_end_for_owner_change (
    MmContext *context, MmDatabase *db, gint64 gateway, gint64 now, GArray *changes, GError **error)
{
  g_autoptr (GPtrArray) links = mm_store_links_of_gateway (db, gateway, error);

  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len; i++)
    {
      if (!end_link (context, db, links->pdata[i], &by_owner_change, now, error))
        return FALSE;
      append_change (changes, links->pdata[i]);
    }
  return TRUE;
}

/* A job on the writer's thread; what each kind of job needs of it. */
typedef struct
{
  MmContext *context;
  const MmPrincipal *principal;
  const MmLinkForm *form;
  const char *link;
  guint grants;
  const char *until;
  const Reason *reason;
  gint64 now;
  char *made;
  GArray *changes;
} Job;

static gboolean
run_job (Job *job, MmWriterFunc func, GError **error)
{
  gboolean ok;

  job->changes = g_array_new (FALSE, FALSE, sizeof (MmLinkChange));
  ok = mm_writer_run (job->context->writer, func, job, error);
  if (ok)
    mm_linking_announce (job->context, job->changes);
  g_array_unref (job->changes);
  return ok;
}

static gboolean
link_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_auto (Checked) checked = { 0 };
  g_autoptr (MmLinkRow) link = NULL;
  g_autofree char *id = mm_secret_new_id ();
  gint64 row;

  if (!check_form (db, job->principal, job->form, job->now, &checked, error))
    return FALSE;
  if (checked.stale != 0)
    {
      g_autoptr (MmLinkRow) old = mm_store_link_get (db, checked.stale, error);

      if (old == NULL || !end_link (job->context, db, old, &by_time, job->now, error))
        return FALSE;
    }
  if (!mm_store_link_add (db, id, checked.gateway->row, checked.dealer->id,
                          mm_link_grants (job->form->grants), job->now, checked.until, &row, error))
    return FALSE;
  link = mm_store_link_get (db, row, error);
  if (link == NULL || !note (db, link, "linked", job->now, error)
      || !mm_link_letters_to_dealer (job->context, db, link, "linked-dealer", NULL, job->now, error)
      || !mm_link_letters_to_owner (job->context, db, link, "linked-customer", NULL, job->now,
                                    error))
    return FALSE;
  append_change (job->changes, link);
  job->made = g_steal_pointer (&id);
  return TRUE;
}

gboolean
mm_linking_link (MmContext *context,
                 const MmPrincipal *customer,
                 const MmLinkForm *form,
                 char **link,
                 GError **error)
{
  Job job = {
    .context = context, .principal = customer, .form = form, .now = mm_clock_now (context->clock)
  };
  gboolean ok;

  if (!limit_tries (context, customer, job.now, error))
    return FALSE;
  ok = run_job (&job, link_job, error);
  if (ok)
    *link = g_steal_pointer (&job.made);
  g_free (job.made);
  return ok;
}

/* The open link @id if it is the principal's own. */
static MmLinkRow *
find_own (MmDatabase *db, const MmPrincipal *principal, const char *id, gint64 now, GError **error)
{
  g_autoptr (MmLinkRow) link = mm_store_link_find (db, id, error);
  gint64 side;

  if (link == NULL)
    return NULL;
  side = principal->kind == MM_PRINCIPAL_CUSTOMER ? link->owner
         : principal->kind == MM_PRINCIPAL_DEALER ? link->dealer
                                                  : 0;
  /* Ended is ended, whatever the clock says now. */
  if (side != 0 && side == principal->account && link->ended == MM_TIME_NONE
      && mm_link_active (now, link->since, link->until, MM_TIME_NONE))
    return g_steal_pointer (&link);
  mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  return NULL;
}

static gboolean
change_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmLinkRow) link = find_own (db, job->principal, job->link, job->now, error);
  GError *problems = NULL;
  gint64 until;

  if (link == NULL)
    return FALSE;
  check_grants (job->grants, &problems);
  until = mm_link_until_parse (job->until, link->timezone, job->now, &problems);
  if (problems != NULL)
    {
      g_propagate_error (error, problems);
      return FALSE;
    }
  if (mm_link_grants (job->grants) == mm_link_grants (link->grants) && until == link->until)
    return TRUE;
  link->grants = mm_link_grants (job->grants);
  link->until = until;
  if (!mm_store_link_change (db, link->row, link->grants, until, error)
      || !note (db, link, "link-changed", job->now, error)
      || !mm_link_letters_to_dealer (job->context, db, link, "link-changed", NULL, job->now, error))
    return FALSE;
  append_change (job->changes, link);
  return TRUE;
}

gboolean
mm_linking_change (MmContext *context,
                   const MmPrincipal *customer,
                   const char *link,
                   guint grants,
                   const char *until,
                   GError **error)
{
  Job job = { .context = context,
              .principal = customer,
              .link = link,
              .grants = grants,
              .until = until,
              .now = mm_clock_now (context->clock) };

  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  return limit_changes (context, customer, job.now, error) && run_job (&job, change_job, error);
}

static gboolean
end_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (MmLinkRow) link = find_own (db, job->principal, job->link, job->now, error);

  if (link == NULL || !end_link (job->context, db, link, job->reason, job->now, error))
    return FALSE;
  append_change (job->changes, link);
  return TRUE;
}

static gboolean
end_own (MmContext *context,
         const MmPrincipal *principal,
         MmPrincipalKind kind,
         const char *link,
         const Reason *reason,
         GError **error)
{
  Job job = { .context = context,
              .principal = principal,
              .link = link,
              .reason = reason,
              .now = mm_clock_now (context->clock) };

  if (principal->kind != kind)
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  return run_job (&job, end_job, error);
}

gboolean
mm_linking_revoke (MmContext *context,
                   const MmPrincipal *customer,
                   const char *link,
                   GError **error)
{
  return end_own (context, customer, MM_PRINCIPAL_CUSTOMER, link, &by_customer, error);
}

gboolean
mm_linking_decline (MmContext *context, const MmPrincipal *dealer, const char *link, GError **error)
{
  return end_own (context, dealer, MM_PRINCIPAL_DEALER, link, &by_dealer, error);
}

static gboolean
expire_job (MmDatabase *db, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) links = mm_store_links_due (db, job->now, EXPIRE_AT_ONCE, error);

  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len; i++)
    {
      if (!end_link (job->context, db, links->pdata[i], &by_time, job->now, error))
        return FALSE;
      append_change (job->changes, links->pdata[i]);
    }
  return TRUE;
}

gboolean
mm_linking_expire (MmContext *context, gint64 now, GError **error)
{
  Job job = { .context = context, .now = now };
  g_autoptr (GPtrArray) due = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return FALSE;
  due = mm_store_links_due (db, now, 1, error);
  mm_readers_give (context->readers, db);
  if (due == NULL)
    return FALSE;
  return due->len == 0 || run_job (&job, expire_job, error);
}

/* --- looking --- */

GPtrArray *
mm_linking_list (MmContext *context, const MmPrincipal *principal, GError **error)
{
  gint64 now = mm_clock_now (context->clock);
  GPtrArray *links = NULL;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  if (principal->kind == MM_PRINCIPAL_CUSTOMER)
    links = mm_store_links_of_owner (db, principal->account, error);
  else if (principal->kind == MM_PRINCIPAL_DEALER)
    links = mm_store_links_of_dealer (db, principal->account, error);
  else
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  mm_readers_give (context->readers, db);

  for (guint i = links != NULL ? links->len : 0; i > 0; i--)
    {
      const MmLinkRow *link = links->pdata[i - 1];

      if (!mm_link_active (now, link->since, link->until, link->ended))
        g_ptr_array_remove_index (links, i - 1);
    }
  return links;
}

MmLinkRow *
mm_linking_find (MmContext *context, const MmPrincipal *principal, const char *link, GError **error)
{
  MmLinkRow *found;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  found = find_own (db, principal, link, mm_clock_now (context->clock), error);
  mm_readers_give (context->readers, db);
  return found;
}

GPtrArray *
mm_linking_log (MmContext *context,
                const MmPrincipal *customer,
                const char *gateway,
                gint64 before,
                gboolean *more,
                GError **error)
{
  GPtrArray *lines = NULL;
  MmAccess access;
  MmDatabase *db = mm_readers_take (context->readers, error);

  if (db == NULL)
    return NULL;
  if (customer->kind != MM_PRINCIPAL_CUSTOMER)
    mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  else if (mm_access_gateway (db, customer, gateway, 0, mm_clock_now (context->clock), &access,
                              error))
    lines = mm_store_access_page (db, access.gateway, access.history_from, before, PAGE_LINES + 1,
                                  error);
  mm_readers_give (context->readers, db);
  if (lines == NULL)
    return NULL;
  *more = lines->len > PAGE_LINES;
  if (*more)
    g_ptr_array_set_size (lines, PAGE_LINES);
  return lines;
}
