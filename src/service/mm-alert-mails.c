/* On the writer's thread. */
#include "mm-alert-mails.h"

#include "mm-access.h"
#include "mm-language.h"
#include "mm-link.h"
#include "mm-posting.h"

/* What all mails of one alert say alike. */
typedef struct
{
  MmContext *context;
  MmDatabase *db;
  const MmCause *cause;
  gint64 alert;
  const MmFault *fault;
  gint64 received;
  gint64 raised;
  gint64 recovered; /* MM_TIME_NONE while it is open */
  const MmAlertSite *site;
  GTimeZone *zone;
} Alert;

static void
set_text (json_t *values, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_new (values, name, json_string (text));
}

static void
take_text (json_t *values, const char *name, char *text)
{
  set_text (values, name, text);
  g_free (text);
}

/* Where the site is, in one word: the municipality says it best. */
static char *
place_of (const MmAlertSite *site)
{
  if (*site->municipality != '\0')
    return g_strdup (site->municipality);
  return g_strdup (site->prefecture);
}

static json_t *
values_for (const Alert *alert, const MmRecipient *recipient, gint64 raised)
{
  const MmLanguage *language = mm_languages_get (alert->context->languages, recipient->language);
  const char *tag = mm_language_tag (language);
  const char *code = alert->cause->code;
  gboolean is_open = alert->recovered == MM_TIME_NONE;
  gint64 latest = is_open ? raised : alert->recovered;
  json_t *values = json_object ();

  set_text (values, "gateway", alert->site->public_id);
  take_text (values, "place", place_of (alert->site));
  set_text (values, "device", alert->cause->device);
  set_text (values, "code", code);
  take_text (values, "fault", mm_fault_meaning (alert->fault, tag, code));
  take_text (values, "since", mm_language_format_time (language, raised, alert->zone));
  take_text (values, "clock", mm_language_format_clock (language, latest, alert->zone));
  take_text (values, "url",
             g_strdup_printf ("%s/open/gateway/%s", alert->context->public_url,
                              alert->site->public_id));
  if (alert->fault->severity < MM_SEVERITY_MAJOR)
    json_object_set_new (values, "warning", json_true ());
  if (recipient->confirmed)
    set_text (values, "customer", alert->site->customer);
  if (is_open)
    {
      take_text (values, "meaning", mm_fault_meaning (alert->fault, tag, code));
      take_text (values, "first_step", mm_fault_first_step (alert->fault, tag, code));
    }
  else
    take_text (values, "recovered",
               mm_language_format_time (language, alert->recovered, alert->zone));
  return values;
}

static gboolean
queue_all (Alert *alert, const char *letter, GError **error)
{
  g_auto (MmAlertSite) site = { NULL };
  g_autoptr (GPtrArray) recipients = NULL;
  g_autoptr (GTimeZone) zone = NULL;

  if (alert->fault->severity <= MM_SEVERITY_INFO)
    return TRUE;
  if (!mm_store_alerts_recipients (alert->db, alert->cause->gateway, alert->received, MM_GRANT_TOLD,
                                   &recipients, error)
      || !mm_store_alerts_site (alert->db, alert->cause->gateway, &site, error))
    return FALSE;
  zone = g_time_zone_new_identifier (site.timezone);
  if (zone == NULL)
    zone = g_time_zone_new_utc ();
  alert->site = &site;
  alert->zone = zone;
  for (guint i = 0; i < recipients->len; i++)
    {
      const MmRecipient *recipient = recipients->pdata[i];
      json_t *values;
      const MmPost post = {
        .letter = letter,
        .recipient = recipient->mail,
        .language = recipient->language,
        .account = recipient->account,
        .contact = recipient->contact,
        .alert = alert->alert,
      };
      MmAccess access;
      gboolean queued;

      /* No further back than the recipient may see, and nothing that was over before. */
      if (!mm_access_by_link (&recipient->link, alert->received, &access)
          || (alert->recovered != MM_TIME_NONE && alert->recovered < access.history_from))
        continue;
      values = values_for (alert, recipient, MAX (alert->raised, access.history_from));
      queued = mm_posting_enqueue (alert->context, alert->db, &post, values, error);
      json_decref (values);
      if (!queued)
        return FALSE;
    }
  return TRUE;
}

gboolean
mm_alert_mails_raised (MmContext *context,
                       MmDatabase *db,
                       const MmCause *cause,
                       gint64 alert_row,
                       const MmFault *fault,
                       gint64 raised,
                       gint64 received,
                       GError **error)
{
  Alert alert = {
    .context = context,
    .db = db,
    .cause = cause,
    .alert = alert_row,
    .fault = fault,
    .received = received,
    .raised = raised,
    .recovered = MM_TIME_NONE,
  };

  return queue_all (&alert, "fault-raised", error);
}

gboolean
mm_alert_mails_recovered (MmContext *context,
                          MmDatabase *db,
                          const MmCause *cause,
                          gint64 alert_row,
                          const MmFault *fault,
                          gint64 raised,
                          gint64 recovered,
                          gint64 received,
                          GError **error)
{
  Alert alert = {
    .context = context,
    .db = db,
    .cause = cause,
    .alert = alert_row,
    .fault = fault,
    .received = received,
    .raised = raised,
    .recovered = recovered,
  };

  return queue_all (&alert, "fault-recovered", error);
}
