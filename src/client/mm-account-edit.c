#include "mm-account-edit.h"

#include "mm-error.h"
#include "mm-json.h"
#include "mm-words.h"

#include <string.h>

/* The fields, and what they are called on the web pages, too. */
static const char *const names[]
    = { "name",        "kana",        "mail",        "mail_again", "language",    "dealer_name",
        "phone",       "postal_code", "prefecture",  "address",    "contacts[0]", "contacts[1]",
        "contacts[2]", "contacts[3]", "contacts[4]", NULL };

static const char *const labels[]
    = { N_ ("Name"),       N_ ("Name in katakana"), N_ ("Mail address"), N_ ("Mail address again"),
        N_ ("Language"),   N_ ("Dealer name"),      N_ ("Phone number"), N_ ("Postal code"),
        N_ ("Prefecture"), N_ ("Address"),          N_ ("Address 1"),    N_ ("Address 2"),
        N_ ("Address 3"),  N_ ("Address 4"),        N_ ("Address 5") };

#define N_FIELDS (G_N_ELEMENTS (names) - 1)
#define FIRST_CONTACT (N_FIELDS - MM_MAINTENANCE_ADDRESSES_MAX)

G_STATIC_ASSERT (G_N_ELEMENTS (labels) == N_FIELDS);

struct _MmAccountEdit
{
  GObject parent;

  MmAccountEditState state;
  char *user_id;
  char *stored[N_FIELDS];
  char *entered[N_FIELDS];
  char *errors[N_FIELDS];
  gboolean stored_own_mail;
  gboolean own_mail;
  char *confirmed[MM_MAINTENANCE_ADDRESSES_MAX]; /* addresses that have confirmed */
  GArray *differences;
};

G_DEFINE_FINAL_TYPE (MmAccountEdit, mm_account_edit, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
index_of (const char *name)
{
  for (guint i = 0; i < N_FIELDS; i++)
    if (strcmp (names[i], name) == 0)
      return (int) i;
  return -1;
}

static void
changed (MmAccountEdit *edit)
{
  g_signal_emit (edit, signals[CHANGED], 0);
}

static void
go (MmAccountEdit *edit, MmAccountEditState state)
{
  edit->state = state;
  changed (edit);
}

static void
replace (char **place, const char *text)
{
  g_autofree char *copy = g_strdup (text);

  g_free (*place);
  *place = g_steal_pointer (&copy);
}

static const char *
plain (const char *text)
{
  return text != NULL ? text : "";
}

static void
clear_errors (MmAccountEdit *edit)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_clear_pointer (&edit->errors[i], g_free);
}

static void
drop_entered (MmAccountEdit *edit)
{
  for (guint i = 0; i < N_FIELDS; i++)
    replace (&edit->entered[i], plain (edit->stored[i]));
  edit->own_mail = edit->stored_own_mail;
  clear_errors (edit);
}

/* Loading */

static const char *
value_of (JsonObject *account, guint field)
{
  JsonArray *contacts = mm_json_array (account, "contacts");

  if (field >= FIRST_CONTACT)
    {
      JsonObject *contact = mm_json_element (contacts, field - FIRST_CONTACT);

      return contact != NULL ? mm_json_text (contact, "mail") : "";
    }
  return mm_json_text (account, names[field]);
}

static void
load_confirmed (MmAccountEdit *edit, JsonArray *contacts)
{
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      JsonObject *contact = mm_json_element (contacts, i);

      replace (&edit->confirmed[i], contact != NULL && mm_json_truth (contact, "confirmed")
                                        ? mm_json_text (contact, "mail")
                                        : NULL);
    }
}

/* The contacts are one field for this purpose: mixing two lists would repeat addresses. */
static gboolean
is_touched (MmAccountEdit *edit, guint field)
{
  guint first = field >= FIRST_CONTACT ? FIRST_CONTACT : field;
  guint end = field >= FIRST_CONTACT ? N_FIELDS : field + 1;

  for (guint i = first; i < end; i++)
    if (g_strcmp0 (plain (edit->entered[i]), plain (edit->stored[i])) != 0)
      return TRUE;
  return FALSE;
}

gboolean
mm_account_edit_load (MmAccountEdit *edit, JsonObject *account)
{
  gboolean own_mail = mm_json_truth (account, "alert_own_mail");
  gboolean had_changes, moved = FALSE;
  gboolean touched[N_FIELDS];

  if (g_strcmp0 (edit->user_id, mm_json_text (account, "user_id")) != 0)
    mm_account_edit_clear (edit);
  had_changes = mm_account_edit_is_loaded (edit) && mm_account_edit_has_changes (edit);
  for (guint i = 0; i < N_FIELDS; i++)
    touched[i] = is_touched (edit, i);
  for (guint i = 0; i < N_FIELDS; i++)
    {
      const char *value = value_of (account, i);

      moved = moved || g_strcmp0 (plain (edit->stored[i]), value) != 0;
      replace (&edit->stored[i], value);
      if (!touched[i])
        replace (&edit->entered[i], value);
    }
  if (own_mail != edit->stored_own_mail)
    {
      moved = TRUE;
      if (edit->own_mail == edit->stored_own_mail)
        edit->own_mail = own_mail;
      edit->stored_own_mail = own_mail;
    }
  load_confirmed (edit, mm_json_array (account, "contacts"));
  replace (&edit->user_id, mm_json_text (account, "user_id"));
  changed (edit);
  return had_changes && moved;
}

void
mm_account_edit_clear (MmAccountEdit *edit)
{
  for (guint i = 0; i < N_FIELDS; i++)
    replace (&edit->stored[i], NULL);
  load_confirmed (edit, NULL);
  edit->stored_own_mail = FALSE;
  g_clear_pointer (&edit->user_id, g_free);
  drop_entered (edit);
  go (edit, MM_ACCOUNT_EDIT_VIEW);
}

/* The walk */

void
mm_account_edit_begin (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_VIEW && mm_account_edit_is_loaded (edit))
    go (edit, MM_ACCOUNT_EDIT_EDIT);
}

gboolean
mm_account_edit_submit (MmAccountEdit *edit)
{
  if (edit->state != MM_ACCOUNT_EDIT_EDIT || !mm_account_edit_has_changes (edit))
    return FALSE;
  clear_errors (edit);
  go (edit, MM_ACCOUNT_EDIT_CHECKING);
  return TRUE;
}

void
mm_account_edit_checked (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_CHECKING)
    go (edit, MM_ACCOUNT_EDIT_CONFIRM);
}

void
mm_account_edit_back (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_CONFIRM)
    go (edit, MM_ACCOUNT_EDIT_EDIT);
}

void
mm_account_edit_execute (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_CONFIRM)
    go (edit, MM_ACCOUNT_EDIT_EXECUTING);
}

void
mm_account_edit_executed (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_EXECUTING)
    go (edit, MM_ACCOUNT_EDIT_DONE);
}

void
mm_account_edit_moved (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_EXECUTING)
    go (edit, MM_ACCOUNT_EDIT_CONFIRM);
}

void
mm_account_edit_leave (MmAccountEdit *edit)
{
  if (edit->state == MM_ACCOUNT_EDIT_EDIT || edit->state == MM_ACCOUNT_EDIT_DONE)
    go (edit, MM_ACCOUNT_EDIT_VIEW);
}

void
mm_account_edit_failed (MmAccountEdit *edit, const GError *error)
{
  const GPtrArray *wrong = mm_error_fields (error);

  if (edit->state != MM_ACCOUNT_EDIT_CHECKING && edit->state != MM_ACCOUNT_EDIT_EXECUTING)
    return;
  for (guint i = 0; wrong != NULL && i < wrong->len; i++)
    {
      const MmFieldError *field = wrong->pdata[i];
      int index = index_of (field->field);

      if (index >= 0 && edit->errors[index] == NULL)
        edit->errors[index] = g_strdup (field->message);
    }
  go (edit, MM_ACCOUNT_EDIT_EDIT);
}

void
mm_account_edit_discard (MmAccountEdit *edit)
{
  drop_entered (edit);
  go (edit, MM_ACCOUNT_EDIT_VIEW);
}

void
mm_account_edit_accept (MmAccountEdit *edit)
{
  drop_entered (edit);
  changed (edit);
}

/* Values */

MmAccountEditState
mm_account_edit_get_state (MmAccountEdit *edit)
{
  return edit->state;
}

gboolean
mm_account_edit_is_loaded (MmAccountEdit *edit)
{
  return edit->user_id != NULL;
}

const char *const *
mm_account_edit_fields (void)
{
  return names;
}

const char *
mm_account_edit_label (const char *name)
{
  int index = index_of (name);

  return index >= 0 ? labels[index] : name;
}

const char *
mm_account_edit_get_stored (MmAccountEdit *edit, const char *name)
{
  int index = index_of (name);

  return index >= 0 ? plain (edit->stored[index]) : "";
}

const char *
mm_account_edit_get (MmAccountEdit *edit, const char *name)
{
  int index = index_of (name);

  return index >= 0 ? plain (edit->entered[index]) : "";
}

void
mm_account_edit_set (MmAccountEdit *edit, const char *name, const char *text)
{
  int index = index_of (name);

  if (index < 0 || g_strcmp0 (edit->entered[index], text) == 0)
    return;
  replace (&edit->entered[index], text);
  g_clear_pointer (&edit->errors[index], g_free);
  changed (edit);
}

gboolean
mm_account_edit_get_own_mail (MmAccountEdit *edit)
{
  return edit->own_mail;
}

void
mm_account_edit_set_own_mail (MmAccountEdit *edit, gboolean own_mail)
{
  if (!edit->own_mail == !own_mail)
    return;
  edit->own_mail = own_mail;
  changed (edit);
}

gboolean
mm_account_edit_get_stored_own_mail (MmAccountEdit *edit)
{
  return edit->stored_own_mail;
}

const char *
mm_account_edit_get_user_id (MmAccountEdit *edit)
{
  return plain (edit->user_id);
}

gboolean
mm_account_edit_is_confirmed (MmAccountEdit *edit, const char *mail)
{
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    if (edit->confirmed[i] != NULL && g_ascii_strcasecmp (edit->confirmed[i], mail) == 0)
      return TRUE;
  return FALSE;
}

const char *
mm_account_edit_get_error (MmAccountEdit *edit, const char *name)
{
  int index = index_of (name);

  return index >= 0 ? edit->errors[index] : NULL;
}

gboolean
mm_account_edit_has_changes (MmAccountEdit *edit)
{
  for (guint i = 0; i < N_FIELDS; i++)
    if (strcmp (names[i], "mail_again") != 0
        && g_strcmp0 (plain (edit->entered[i]), plain (edit->stored[i])) != 0)
      return TRUE;
  return !edit->own_mail != !edit->stored_own_mail;
}

GArray *
mm_account_edit_differences (MmAccountEdit *edit)
{
  g_array_set_size (edit->differences, 0);
  for (guint i = 0; i < N_FIELDS; i++)
    {
      MmAccountDifference difference
          = { names[i], labels[i], plain (edit->stored[i]), plain (edit->entered[i]) };

      if (strcmp (names[i], "mail_again") != 0
          && strcmp (difference.old_value, difference.new_value) != 0)
        g_array_append_val (edit->differences, difference);
    }
  if (!edit->own_mail != !edit->stored_own_mail)
    {
      MmAccountDifference difference
          = { "alert_own_mail", N_ ("Fault mails to the account's address"),
              edit->stored_own_mail ? "on" : "", edit->own_mail ? "on" : "" };

      g_array_append_val (edit->differences, difference);
    }
  return edit->differences;
}

JsonNode *
mm_account_edit_to_json (MmAccountEdit *edit)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  JsonArray *contacts = json_array_new ();

  for (guint i = 0; i < FIRST_CONTACT; i++)
    json_object_set_string_member (body, names[i], plain (edit->entered[i]));
  /* A gap stays, as a wrong address is named by its place; the server closes it. */
  for (guint i = FIRST_CONTACT; i < N_FIELDS; i++)
    json_array_add_string_element (contacts, plain (edit->entered[i]));
  json_object_set_array_member (body, "contacts", contacts);
  json_object_set_boolean_member (body, "alert_own_mail", edit->own_mail);
  json_node_take_object (node, body);
  return node;
}

/* The object */

static void
mm_account_edit_finalize (GObject *object)
{
  MmAccountEdit *edit = MM_ACCOUNT_EDIT (object);

  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_free (edit->stored[i]);
      g_free (edit->entered[i]);
      g_free (edit->errors[i]);
    }
  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    g_free (edit->confirmed[i]);
  g_array_unref (edit->differences);
  g_free (edit->user_id);
  G_OBJECT_CLASS (mm_account_edit_parent_class)->finalize (object);
}

static void
mm_account_edit_class_init (MmAccountEditClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_account_edit_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_ACCOUNT_EDIT, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
mm_account_edit_init (MmAccountEdit *edit)
{
  edit->differences = g_array_new (FALSE, FALSE, sizeof (MmAccountDifference));
}

MmAccountEdit *
mm_account_edit_new (void)
{
  return g_object_new (MM_TYPE_ACCOUNT_EDIT, NULL);
}
