#define G_LOG_DOMAIN "mm-service"

#include "mm-account-editing.h"

#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-place.h"
#include "mm-posting.h"
#include "mm-registering.h"
#include "mm-secret.h"
#include "mm-throttle.h"

#include <jansson.h>
#include <string.h>

#define CONTACT_LINK_LIFE (30 * MM_DAY)

/* ---- the form ---- */

typedef char *(*Normalise) (const char *text, const char *field, GError **error);

/* @normalise: NULL for the fields with a rule of their own below. @label: what the notice calls it;
 * NULL if it is no field of the account. */
static const struct
{
  const char *name;
  gsize form;
  gsize row;
  Normalise normalise;
  const char *label;
} fields[] = {
#define FIELD(member, normalise, label)                                                            \
  {                                                                                                \
#member, offsetof(MmAccountForm, member), offsetof(MmAccountRow, member), normalise, label     \
  }
  FIELD (name, mm_name_normalise, N_ ("Name")),
  FIELD (kana, mm_kana_normalise, N_ ("Name in katakana")),
  FIELD (mail, NULL, N_ ("Mail address")),
  { "mail_again", offsetof (MmAccountForm, mail_again), 0, NULL, NULL },
  FIELD (dealer_name, mm_name_normalise, N_ ("Dealer name")),
  FIELD (phone, mm_phone_normalise, N_ ("Phone number")),
  FIELD (postal_code, mm_postal_code_normalise, N_ ("Postal code")),
  FIELD (prefecture, mm_prefecture_normalise, N_ ("Prefecture")),
  FIELD (address, mm_address_normalise, N_ ("Address")),
  FIELD (language, NULL, N_ ("Language")),
#undef FIELD
};

const char *const mm_account_form_fields[]
    = { "name",        "kana",       "mail",    "mail_again", "dealer_name", "phone",
        "postal_code", "prefecture", "address", "language",   NULL };

static const char *const contact_names[MM_MAINTENANCE_ADDRESSES_MAX]
    = { "contacts[0]", "contacts[1]", "contacts[2]", "contacts[3]", "contacts[4]" };

static char **
member (gpointer base, gsize offset)
{
  return (char **) ((char *) base + offset);
}

char **
mm_account_form_field (MmAccountForm *form, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].name, name))
      return member (form, fields[i].form);
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    if (g_str_equal (contact_names[i], name))
      return &form->contacts[i];
  return NULL;
}

MmAccountForm *
mm_account_form_new (void)
{
  return g_new0 (MmAccountForm, 1);
}

void
mm_account_form_free (MmAccountForm *form)
{
  if (form == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_free (*member (form, fields[i].form));
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    g_free (form->contacts[i]);
  g_free (form);
}

MmAccountForm *
mm_account_form_new_from_view (const MmAccountView *view)
{
  MmAccountForm *form = mm_account_form_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].label != NULL)
      *member (form, fields[i].form) = g_strdup (*member (view->account, fields[i].row));
  for (guint i = 0; i < MIN (view->contacts->len, MM_MAINTENANCE_ADDRESSES_MAX); i++)
    form->contacts[i] = g_strdup (((MmContactRow *) view->contacts->pdata[i])->mail);
  form->alert_own_mail = view->account->alert_own_mail;
  return form;
}

/* ---- seeing ---- */

void
mm_account_view_free (MmAccountView *view)
{
  if (view == NULL)
    return;
  mm_account_row_free (view->account);
  g_clear_pointer (&view->contacts, g_ptr_array_unref);
  g_free (view);
}

static MmAccountView *
read_view (MmDatabase *db, gint64 account, GError **error)
{
  g_autoptr (MmAccountView) view = g_new0 (MmAccountView, 1);

  if (!mm_store_accounts_get (db, account, &view->account, error)
      || !mm_store_contacts_list (db, account, &view->contacts, error))
    return NULL;
  if (view->account == NULL)
    {
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing here."));
      return NULL;
    }
  return g_steal_pointer (&view);
}

MmAccountView *
mm_account_editing_view (MmContext *context, const MmPrincipal *principal, GError **error)
{
  MmAccountView *view;
  MmDatabase *db;

  if (principal->kind != MM_PRINCIPAL_DEALER)
    {
      mm_error_set (error, MM_ERROR_FORBIDDEN, "dealers-only",
                    N_ ("This is for dealers. Please sign in with a dealer's account."));
      return NULL;
    }
  db = mm_readers_take (context->readers, error);
  if (db == NULL)
    return NULL;
  view = read_view (db, principal->account, error);
  mm_readers_give (context->readers, db);
  return view;
}

/* ---- checking ---- */

static void
check_mail (const MmAccountView *now, MmAccountForm *form, GError **problems)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *same = mm_mail_normalise (form->mail, "mail", &ignored);
  char *normal;

  if (g_strcmp0 (same, now->account->mail) == 0
      && (form->mail_again == NULL || *form->mail_again == '\0'))
    normal = g_steal_pointer (&same);
  else
    normal = mm_registering_mail_pair (form->mail, form->mail_again, problems);
  if (normal == NULL)
    return;
  g_free (form->mail);
  form->mail = normal;
}

static void
check_language (MmContext *context, MmAccountForm *form, GError **problems)
{
  const char *tag = mm_language_tag (mm_languages_get (context->languages, form->language));

  if (form->language == NULL || g_ascii_strcasecmp (tag, form->language) != 0)
    {
      mm_error_add_field (problems, "language", "unknown", N_ ("Please choose a language."));
      return;
    }
  g_free (form->language);
  form->language = g_strdup (tag);
}

static gboolean
has_contact (MmAccountForm *form, guint n, const char *mail)
{
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (form->contacts[i], mail) == 0)
      return TRUE;
  return FALSE;
}

/* Normal addresses move up into gaps, but only if all are right: a message must stay beside its
 * field. */
static void
check_contacts (MmAccountForm *form, GError **problems)
{
  char *kept[MM_MAINTENANCE_ADDRESSES_MAX] = { NULL };
  gboolean wrong = FALSE;
  guint n = 0;

  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      g_autofree char *text = g_strstrip (g_strdup (form->contacts[i] ? form->contacts[i] : ""));
      g_autofree char *mail = NULL;

      if (*text == '\0')
        continue;
      mail = mm_mail_normalise (text, contact_names[i], problems);
      for (guint k = 0; mail != NULL && k < n; k++)
        if (g_ascii_strcasecmp (kept[k], mail) == 0)
          {
            mm_error_add_field (problems, contact_names[i], "duplicate",
                                N_ ("This address is already in the list."));
            g_clear_pointer (&mail, g_free);
          }
      if (mail == NULL)
        wrong = TRUE;
      else
        kept[n++] = g_steal_pointer (&mail);
    }
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      if (wrong)
        {
          g_free (kept[i]);
          continue;
        }
      g_free (form->contacts[i]);
      form->contacts[i] = kept[i];
    }
}

static gboolean
check_form (MmContext *context, const MmAccountView *now, MmAccountForm *form, GError **error)
{
  g_autoptr (GError) problems = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char **text = member (form, fields[i].form);
      char *normal;

      if (g_str_equal (fields[i].name, "mail"))
        check_mail (now, form, &problems);
      if (fields[i].normalise == NULL)
        continue;
      normal = fields[i].normalise (*text, fields[i].name, &problems);
      if (normal == NULL)
        continue;
      g_free (*text);
      *text = normal;
    }
  check_language (context, form, &problems);
  check_contacts (form, &problems);
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problems));
  return FALSE;
}

gboolean
mm_account_editing_check (MmContext *context,
                          const MmPrincipal *principal,
                          MmAccountForm *form,
                          GError **error)
{
  g_autoptr (MmAccountView) now = mm_account_editing_view (context, principal, error);

  return now != NULL && check_form (context, now, form, error);
}

/* ---- executing ---- */

typedef struct
{
  MmContext *context;
  gint64 account;
  MmAccountForm *form;
  gint64 now;
  gboolean changed;
} Edit;

static gboolean
ask_contact (
    Edit *job, MmDatabase *db, const MmAccountRow *account, MmContactRow *contact, GError **error)
{
  MmContext *context = job->context;
  g_autofree char *secret = mm_secret_new ();
  g_autofree char *url = g_strconcat (context->public_url, "/contact?token=", secret, NULL);
  g_autofree char *remove
      = g_strconcat (context->public_url, "/contact/remove?token=", secret, NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *expires
      = mm_language_format_time (mm_languages_get (context->languages, contact->language),
                                 job->now + CONTACT_LINK_LIFE, zone);
  MmTokenRow token = { .purpose = (char *) "contact",
                       .contact = contact->id,
                       .created = job->now,
                       .expires = job->now + CONTACT_LINK_LIFE,
                       .tries_left = MM_PROVISIONAL_TRIES };
  MmPost post = { .letter = "contact-confirm",
                  .recipient = contact->mail,
                  .language = contact->language,
                  .account = account->id,
                  .contact = contact->id };
  json_t *values = json_pack ("{s:s, s:s, s:s, s:s}", "dealer", account->dealer_name, "url", url,
                              "remove_url", remove, "expires", expires);
  gboolean sent;

  mm_secret_hash (secret, token.hash);
  sent = mm_store_tokens_insert (db, &token, error)
         && mm_posting_enqueue (context, db, &post, values, error);
  json_decref (values);
  return sent;
}

/* Contacts that stay keep their row, and with it that they agreed. */
static gboolean
edit_contacts (Edit *job, MmDatabase *db, MmAccountView *old, gboolean *changed, GError **error)
{
  MmAccountForm *form = job->form;
  guint n = 0;

  while (n < MM_MAINTENANCE_ADDRESSES_MAX && form->contacts[n] != NULL)
    n++;
  for (guint i = 0; i < old->contacts->len; i++)
    {
      MmContactRow *contact = old->contacts->pdata[i];

      if (has_contact (form, n, contact->mail))
        continue;
      *changed = TRUE;
      if (!mm_store_contacts_delete (db, contact->id, error))
        return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MmContactRow) added = NULL;
      MmContactRow *known = NULL;

      for (guint k = 0; k < old->contacts->len && known == NULL; k++)
        if (g_ascii_strcasecmp (((MmContactRow *) old->contacts->pdata[k])->mail, form->contacts[i])
            == 0)
          known = old->contacts->pdata[k];
      if (known != NULL && known->position == (int) i + 1)
        continue;
      *changed = TRUE;
      if (known != NULL)
        {
          if (!mm_store_contacts_move (db, known->id, (int) i + 1, error))
            return FALSE;
          continue;
        }
      added = g_new0 (MmContactRow, 1);
      added->public_id = mm_secret_new_id ();
      added->account = job->account;
      added->position = (int) i + 1;
      added->mail = g_strdup (form->contacts[i]);
      added->language = g_strdup (form->language);
      added->created = job->now;
      if (!mm_store_contacts_insert (db, added, error)
          || !ask_contact (job, db, old->account, added, error))
        return FALSE;
    }
  return TRUE;
}

/* 【アカウント情報変更のお知らせ】, to @recipient. */
static gboolean
notify (Edit *job,
        MmDatabase *db,
        const MmAccountRow *account,
        const char *recipient,
        json_t *labels,
        GError **error)
{
  MmContext *context = job->context;
  g_autofree char *url = g_strconcat (context->public_url, "/account", NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *when
      = mm_language_format_time (mm_languages_get (context->languages, account->language), job->now,
                                 zone);
  MmPost post = { .letter = "account-changed",
                  .recipient = recipient,
                  .language = account->language,
                  .account = account->id };
  json_t *values = json_pack ("{s:s, s:s, s:s, s:O}", "name", account->name, "url", url, "when",
                              when, "fields", labels);
  gboolean sent = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  return sent;
}

static gboolean
apply (Edit *job, MmDatabase *db, MmAccountView *view, json_t *labels, GError **error)
{
  MmAccountRow *account = view->account;
  g_autofree char *old_mail = g_strdup (account->mail);
  gboolean contacts_changed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *wanted = *member (job->form, fields[i].form);
      char **present = member (account, fields[i].row);

      if (fields[i].label == NULL || g_strcmp0 (wanted, *present) == 0)
        continue;
      g_free (*present);
      *present = g_strdup (wanted);
      json_array_append_new (labels, json_string (fields[i].label));
    }
  if (!account->alert_own_mail != !job->form->alert_own_mail)
    {
      account->alert_own_mail = job->form->alert_own_mail;
      json_array_append_new (labels, json_string (N_ ("Fault mails to the account's address")));
    }
  if (!edit_contacts (job, db, view, &contacts_changed, error))
    return FALSE;
  if (contacts_changed)
    json_array_append_new (labels, json_string (N_ ("Maintenance contacts")));
  if (json_array_size (labels) == 0)
    return TRUE;
  job->changed = TRUE;
  account->changed = job->now;
  if (!mm_store_accounts_update (db, account, error)
      || !notify (job, db, account, account->mail, labels, error))
    return FALSE;
  /* Whoever reads the old address may no longer set a password by it. */
  return g_str_equal (old_mail, account->mail)
         || (mm_store_tokens_kill (db, account->id, "password", error)
             && notify (job, db, account, old_mail, labels, error));
}

static gboolean
edit (MmDatabase *db, gpointer data, GError **error)
{
  Edit *job = data;
  g_autoptr (MmAccountView) view = read_view (db, job->account, error);
  json_t *labels;
  gboolean done;

  if (view == NULL)
    return FALSE;
  labels = json_array ();
  done = apply (job, db, view, labels, error);
  json_decref (labels);
  return done;
}

static gboolean
limit_mail (MmContext *context, const MmAccountView *now, const char *mail, GError **error)
{
  g_autofree char *folded = g_ascii_strdown (mail, -1);
  gint64 time = mm_clock_now (context->clock);

  return mm_throttle_try (context->throttle, "contact-mail", folded, 5, 3600, time, error)
         && mm_throttle_try (context->throttle, "contact-mails-of", now->account->public_id, 30,
                             86400, time, error);
}

/* Strangers must not be flooded by entering and removing their addresses. */
static gboolean
limit_mails (MmContext *context,
             const MmAccountView *now,
             const MmAccountForm *form,
             GError **error)
{
  if (!g_str_equal (form->mail, now->account->mail)
      && !limit_mail (context, now, form->mail, error))
    return FALSE;
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX && form->contacts[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint k = 0; k < now->contacts->len && !known; k++)
        known = g_ascii_strcasecmp (((MmContactRow *) now->contacts->pdata[k])->mail,
                                    form->contacts[i])
                == 0;
      if (!known && !limit_mail (context, now, form->contacts[i], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
mm_account_editing_execute (MmContext *context,
                            const MmPrincipal *principal,
                            MmAccountForm *form,
                            gboolean *changed,
                            GError **error)
{
  g_autoptr (MmAccountView) now = mm_account_editing_view (context, principal, error);
  Edit job = { .context = context, .account = principal->account, .form = form };

  if (now == NULL || !check_form (context, now, form, error)
      || !limit_mails (context, now, form, error))
    return FALSE;
  job.now = mm_clock_now (context->clock);
  if (!mm_writer_run (context->writer, edit, &job, error))
    return FALSE;
  if (changed != NULL)
    *changed = job.changed;
  return TRUE;
}
