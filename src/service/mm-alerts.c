#include "mm-alerts.h"

#include "mm-error.h"
#include "mm-fault.h"
#include "mm-feed.h"
#include "mm-language.h"
#include "mm-link.h"

#define OF_ONE_GATEWAY 200

/* ---- what may be seen ---- */

/* Cuts off what the dealer may not see; FALSE if that is all of it. */
static gboolean
make_visible (MmAlertRow *alert, gint64 now)
{
  MmAccess access;

  if (!mm_access_by_link (&alert->link, now, &access)
      || (alert->recovered != MM_TIME_NONE && alert->recovered < access.history_from))
    return FALSE;
  alert->opened = MAX (alert->opened, access.history_from);
  alert->opened_received = MAX (alert->opened_received, access.history_from);
  alert->last_seen = MAX (alert->last_seen, access.history_from);
  return TRUE;
}

typedef struct
{
  GPtrArray *rows;
  guint limit;
  gint64 now;
  gint64 recovered_since; /* MM_TIME_NONE: all */
} Collecting;

static gboolean
collect (MmAlertRow *row, gpointer data)
{
  Collecting *collecting = data;

  if (!make_visible (row, collecting->now)
      || (row->recovered != MM_TIME_NONE && row->recovered_received < collecting->recovered_since))
    {
      mm_alert_row_free (row);
      return TRUE;
    }
  g_ptr_array_add (collecting->rows, row);
  return collecting->rows->len < collecting->limit;
}

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mm_alert_row_free);
}

GPtrArray *
mm_alerts_of (MmDatabase *db,
              gint64 dealer,
              gint64 gateway,
              gint64 recovered_since,
              gint64 now,
              GError **error)
{
  g_autoptr (GPtrArray) rows = new_rows ();
  Collecting collecting = { rows, OF_ONE_GATEWAY, now, recovered_since };
  MmAlertsState state = recovered_since == MM_TIME_NONE ? MM_ALERTS_OPEN : MM_ALERTS_ALL;

  if (!mm_store_alert_rows (db, dealer, gateway, state, NULL, collect, &collecting, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/* ---- the list ---- */

static gboolean
read_page (MmDatabase *db,
           const MmPrincipal *principal,
           const MmAlertsQuery *query,
           Collecting *collecting,
           GError **error)
{
  MmAccess access = { 0 };

  if (query->gateway != NULL
      && !mm_access_gateway (db, principal, query->gateway, MM_GRANT_SEE, collecting->now, &access,
                             error))
    return FALSE;
  return mm_store_alert_rows (db, principal->account, access.gateway, query->state, query->cursor,
                              collect, collecting, error);
}

GPtrArray *
mm_alerts_page (MmContext *context,
                const MmPrincipal *principal,
                const MmAlertsQuery *query,
                char **next,
                GError **error)
{
  g_autoptr (GPtrArray) rows = new_rows ();
  /* One more than asked for says whether there is a next page. */
  Collecting collecting = { rows, query->limit + 1, mm_clock_now (context->clock), MM_TIME_NONE };
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean read;

  *next = NULL;
  if (db == NULL)
    return NULL;
  read = read_page (db, principal, query, &collecting, error);
  mm_readers_give (context->readers, db);
  if (!read)
    return NULL;
  if (rows->len > query->limit)
    {
      g_ptr_array_set_size (rows, (int) query->limit);
      *next = g_strdup (((MmAlertRow *) rows->pdata[query->limit - 1])->public_id);
    }
  return g_steal_pointer (&rows);
}

/* ---- acknowledging ---- */

typedef struct
{
  const MmPrincipal *principal;
  const char *public_id;
  const char *note;
  gint64 now;
  MmAlertRow *alert; /* as it is afterwards */
} Acknowledging;

/* For the customer: which device and fault it was. */
static char *
describe (const MmAlertRow *alert)
{
  return alert->kind == MM_ALERT_FAULT ? g_strdup_printf ("%s %s", alert->device, alert->code)
                                       : g_strdup ("");
}

static gboolean
acknowledge (MmDatabase *db, gpointer data, GError **error)
{
  Acknowledging *work = data;
  gint64 dealer = work->principal->account;
  g_autoptr (MmAlertRow) alert = NULL;
  g_autofree char *detail = NULL;
  MmAccess access;
  gboolean is_new;

  if (!mm_store_alert_find (db, dealer, work->public_id, &alert, error))
    return FALSE;
  if (alert == NULL || !make_visible (alert, work->now))
    return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
  detail = describe (alert);
  if (!mm_access_by_link (&alert->link, work->now, &access)
      || !mm_store_alert_acknowledge (db, alert->row, dealer, work->now, work->note, &is_new, error)
      || (is_new
          && !mm_access_note (db, &access, dealer, "acknowledged", detail, work->now, error)))
    return FALSE;
  if (!mm_store_alert_find (db, dealer, work->public_id, &work->alert, error))
    return FALSE;
  make_visible (work->alert, work->now);
  return TRUE;
}

/* The note as it is kept, or NULL with @error. */
static char *
take_note (const char *note, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (note != NULL ? note : ""));

  if (!g_utf8_validate (trimmed, -1, NULL))
    {
      mm_error_add_field (error, "note", "characters", N_ ("This is not text."));
      return NULL;
    }
  if (g_utf8_strlen (trimmed, -1) > MM_ALERT_NOTE_MAX)
    {
      mm_error_add_field (error, "note", "too-long", N_ ("A note has at most 500 characters."));
      return NULL;
    }
  return g_steal_pointer (&trimmed);
}

MmAlertRow *
mm_alerts_acknowledge (MmContext *context,
                       const MmPrincipal *principal,
                       const char *public_id,
                       const char *note,
                       GError **error)
{
  g_autofree char *kept = take_note (note, error);
  Acknowledging work = { .principal = principal,
                         .public_id = public_id,
                         .note = kept,
                         .now = mm_clock_now (context->clock) };

  if (kept == NULL)
    return NULL;
  if (!mm_writer_run (context->writer, acknowledge, &work, error))
    {
      mm_alert_row_free (work.alert);
      return NULL;
    }
  mm_feed_acknowledged (context->feed, principal->account, work.alert->link.gateway);
  return work.alert;
}

/* ---- words ---- */

char *
mm_alerts_meaning (MmContext *context, const MmAlertRow *alert, const char *language)
{
  if (alert->kind == MM_ALERT_OFFLINE)
    return g_strdup (mm_tr (mm_languages_get (context->languages, language),
                            N_ ("Nothing comes from the gateway any more")));
  return mm_fault_meaning (mm_fault_catalogue_find (context->faults, alert->maker, alert->code),
                           language, alert->code);
}

char *
mm_alerts_first_step (MmContext *context, const MmAlertRow *alert, const char *language)
{
  if (alert->kind == MM_ALERT_OFFLINE)
    return g_strdup (mm_tr (mm_languages_get (context->languages, language),
                            N_ ("Ask whether the gateway has power and the house has Internet.")));
  return mm_fault_first_step (mm_fault_catalogue_find (context->faults, alert->maker, alert->code),
                              language, alert->code);
}
