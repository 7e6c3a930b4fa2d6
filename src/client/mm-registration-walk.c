#include "mm-registration-walk.h"

#include "mm-account.h"
#include "mm-error.h"
#include "mm-gettext.h"

#include <string.h>

struct _MmRegistrationWalk
{
  GObject parent;

  MmWalkFacts facts;
  MmDealerForm *form;
  GHashTable *problems; /* field → translated sentence, of the present page */
};

G_DEFINE_FINAL_TYPE (MmRegistrationWalk, mm_registration_walk, G_TYPE_OBJECT)

enum
{
  PROP_PAGE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
replace (char **place, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*place);
  *place = copy;
}

static void
emit_changed (MmRegistrationWalk *walk, const char *field)
{
  g_signal_emit (walk, signals[CHANGED], g_quark_from_string (field), field);
}

/* Problems */

static void
set_problem (MmRegistrationWalk *walk, const char *field, const char *sentence)
{
  /* One that is said again is told again: its field may have been touched in between. */
  if (sentence == NULL && mm_registration_walk_get_problem (walk, field) == NULL)
    return;
  if (sentence != NULL)
    g_hash_table_insert (walk->problems, g_strdup (field), g_strdup (sentence));
  else
    g_hash_table_remove (walk->problems, field);
  emit_changed (walk, field);
}

static void
forget_problems (MmRegistrationWalk *walk)
{
  g_autoptr (GHashTable) earlier = g_steal_pointer (&walk->problems);
  GHashTableIter iter;
  gpointer field;

  walk->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, earlier);
  while (g_hash_table_iter_next (&iter, &field, NULL))
    emit_changed (walk, field);
}

/* The sentence of @error for @field; the first, if there are several. NULL if it is right. */
static const char *
sentence_for (const GError *error, const char *field)
{
  const GPtrArray *wrong = error != NULL ? mm_error_fields (error) : NULL;

  for (guint i = 0; wrong != NULL && i < wrong->len; i++)
    {
      const MmFieldError *one = wrong->pdata[i];

      if (g_str_equal (one->field, field))
        return _ (one->message);
    }
  return NULL;
}

static void
take_problems (MmRegistrationWalk *walk, const GError *error)
{
  const GPtrArray *wrong = mm_error_fields (error);

  for (guint i = wrong->len; i > 0; i--)
    {
      const MmFieldError *one = wrong->pdata[i - 1];

      set_problem (walk, one->field, sentence_for (error, one->field));
    }
}

/* Also told if the page is the present one: other things are to be seen on it. */
static void
go (MmRegistrationWalk *walk, MmWalkPage page)
{
  walk->facts.page = page;
  forget_problems (walk);
  g_object_notify_by_pspec (G_OBJECT (walk), props[PROP_PAGE]);
}

const MmWalkFacts *
mm_registration_walk_facts (MmRegistrationWalk *walk)
{
  return &walk->facts;
}

/* Where it stands */
MmRegistrationStep
mm_registration_walk_get_step (MmRegistrationWalk *walk)
{
  static const MmRegistrationStep steps[] = {
    [MM_WALK_SERVER] = MM_REGISTRATION_TERMS,      [MM_WALK_TERMS] = MM_REGISTRATION_TERMS,
    [MM_WALK_FORM] = MM_REGISTRATION_FORM,         [MM_WALK_CONFIRM] = MM_REGISTRATION_CONFIRM,
    [MM_WALK_MAIL] = MM_REGISTRATION_MAIL,         [MM_WALK_LINK] = MM_REGISTRATION_MAIL,
    [MM_WALK_AGREE] = MM_REGISTRATION_PASSWORD,    [MM_WALK_PASSWORD] = MM_REGISTRATION_PASSWORD,
    [MM_WALK_COMPLETE] = MM_REGISTRATION_COMPLETE,
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (steps) == MM_WALK_N_PAGES);
  return steps[walk->facts.page];
}

/* The page before the present one; MM_WALK_N_PAGES if there is none. */
static MmWalkPage
page_before (MmRegistrationWalk *walk)
{
  switch (walk->facts.page)
    {
    case MM_WALK_TERMS:
      return MM_WALK_SERVER;
    case MM_WALK_FORM:
      return MM_WALK_TERMS;
    case MM_WALK_CONFIRM:
      return MM_WALK_FORM;
    case MM_WALK_LINK:
    case MM_WALK_AGREE:
      return *walk->facts.sent_to != '\0' ? MM_WALK_MAIL : MM_WALK_N_PAGES;
    case MM_WALK_PASSWORD:
      return MM_WALK_AGREE;
    case MM_WALK_SERVER:
    case MM_WALK_MAIL: /* registered: there is no way back to the form */
    case MM_WALK_COMPLETE:
    case MM_WALK_N_PAGES:
    default:
      return MM_WALK_N_PAGES;
    }
}

gboolean
mm_registration_walk_has_back (MmRegistrationWalk *walk)
{
  return page_before (walk) != MM_WALK_N_PAGES;
}

gboolean
mm_registration_walk_back (MmRegistrationWalk *walk)
{
  MmWalkPage before = page_before (walk);

  if (before == MM_WALK_N_PAGES)
    return FALSE;
  go (walk, before);
  return TRUE;
}

/* Server and terms */

void
mm_registration_walk_found (MmRegistrationWalk *walk,
                            const char *url,
                            const char *name,
                            guint password_max)
{
  /* What was agreed to at another server does not count here. */
  if (g_strcmp0 (walk->facts.server, url) != 0)
    walk->facts.terms = walk->facts.terms_again = 0;
  replace (&walk->facts.server, url);
  replace (&walk->facts.server_name, name);
  walk->facts.password_max = MAX (password_max, MM_PASSWORD_MIN);
  if (walk->facts.page == MM_WALK_SERVER)
    go (walk, MM_WALK_TERMS);
}

void
mm_registration_walk_agree (MmRegistrationWalk *walk, gint64 version)
{
  if (walk->facts.page == MM_WALK_TERMS)
    {
      walk->facts.terms = version;
      go (walk, MM_WALK_FORM);
    }
  else if (walk->facts.page == MM_WALK_AGREE)
    {
      walk->facts.terms_again = version;
      go (walk, MM_WALK_PASSWORD);
    }
}

/* The form */

const char *
mm_registration_walk_get_field (MmRegistrationWalk *walk, const char *field)
{
  char **place = mm_dealer_form_field (walk->form, field);

  return place != NULL && *place != NULL ? *place : "";
}

void
mm_registration_walk_set_field (MmRegistrationWalk *walk, const char *field, const char *text)
{
  char **place = mm_dealer_form_field (walk->form, field);

  g_return_if_fail (place != NULL);
  if (g_strcmp0 (mm_registration_walk_get_field (walk, field), text) == 0)
    return;
  replace (place, text);
  if (g_str_equal (field, "user_id"))
    walk->facts.id_state = MM_USER_ID_UNKNOWN;
  g_hash_table_remove (walk->problems, field);
  emit_changed (walk, field);
}

/* A copy of the form with every right field in its normal form, and what is wrong with the others;
 * NULL in @error if nothing. */
static MmDealerForm *
check_copy (MmRegistrationWalk *walk, GError **error)
{
  MmDealerForm *copy = mm_dealer_form_new ();

  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    *mm_dealer_form_field (copy, mm_dealer_form_fields[i])
        = g_strdup (mm_registration_walk_get_field (walk, mm_dealer_form_fields[i]));
  mm_dealer_form_check (copy, error);
  return copy;
}

static void
judge_field (MmRegistrationWalk *walk, const char *field, MmDealerForm *checked, GError *error)
{
  const char *sentence = sentence_for (error, field);

  /* That an ID is taken is no rule of the form. */
  if (sentence == NULL && g_str_equal (field, "user_id")
      && walk->facts.id_state == MM_USER_ID_TAKEN)
    return;
  if (sentence == NULL && !g_str_equal (field, "phone"))
    {
      char **place = mm_dealer_form_field (walk->form, field);
      const char *normal = *mm_dealer_form_field (checked, field);

      if (g_strcmp0 (*place, normal) != 0)
        {
          replace (place, normal);
          emit_changed (walk, field);
        }
    }
  set_problem (walk, field, sentence);
}

void
mm_registration_walk_leave_field (MmRegistrationWalk *walk, const char *field)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDealerForm) checked = check_copy (walk, &error);

  judge_field (walk, field, checked, error);
  /* Whether the repetition agrees may have changed with the address. */
  if (g_str_equal (field, "mail") && *mm_registration_walk_get_field (walk, "mail_again") != '\0')
    judge_field (walk, "mail_again", checked, error);
}

gboolean
mm_registration_walk_check_form (MmRegistrationWalk *walk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDealerForm) checked = check_copy (walk, &error);

  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    judge_field (walk, mm_dealer_form_fields[i], checked, error);
  return error == NULL && walk->facts.id_state != MM_USER_ID_TAKEN;
}

const char *
mm_registration_walk_get_problem (MmRegistrationWalk *walk, const char *field)
{
  return g_hash_table_lookup (walk->problems, field);
}

void
mm_registration_walk_set_id_state (MmRegistrationWalk *walk, MmUserIdState state)
{
  walk->facts.id_state = state;
  if (state == MM_USER_ID_TAKEN)
    g_hash_table_insert (walk->problems, g_strdup ("user_id"),
                         g_strdup (_ ("This user ID is already in use. Please choose another.")));
  emit_changed (walk, "user_id");
}

void
mm_registration_walk_checked (MmRegistrationWalk *walk)
{
  if (walk->facts.page == MM_WALK_FORM)
    go (walk, MM_WALK_CONFIRM);
}

/* The mail */

void
mm_registration_walk_registered (MmRegistrationWalk *walk,
                                 const char *mail,
                                 gint64 expires,
                                 const char *secret)
{
  replace (&walk->facts.sent_to, mail);
  replace (&walk->facts.secret, secret);
  walk->facts.expires = expires;
  walk->facts.resent = FALSE;
  go (walk, MM_WALK_MAIL);
}

void
mm_registration_walk_resent (MmRegistrationWalk *walk, const char *mail, gint64 expires)
{
  replace (&walk->facts.sent_to, mail);
  replace (&walk->form->mail, mail);
  replace (&walk->form->mail_again, mail);
  walk->facts.expires = expires;
  walk->facts.resent = TRUE;
  g_clear_pointer (&walk->facts.token, g_free); /* the earlier link is dead */
  g_clear_error (&walk->facts.dead_link);
  go (walk, MM_WALK_MAIL);
}

void
mm_registration_walk_set_secret (MmRegistrationWalk *walk, const char *secret)
{
  replace (&walk->facts.secret, secret);
}

/* The link */

static void
forget_link (MmRegistrationWalk *walk)
{
  g_clear_pointer (&walk->facts.token, g_free);
  g_clear_error (&walk->facts.dead_link);
  walk->facts.customers = FALSE;
}

void
mm_registration_walk_ask_link (MmRegistrationWalk *walk)
{
  forget_link (walk);
  go (walk, MM_WALK_LINK);
}

void
mm_registration_walk_try_link (MmRegistrationWalk *walk, const char *token)
{
  forget_link (walk);
  walk->facts.token = g_strdup (token);
  go (walk, MM_WALK_LINK);
}

void
mm_registration_walk_opened (MmRegistrationWalk *walk, const char *user_id, const char *name)
{
  replace (&walk->facts.link_user_id, user_id);
  replace (&walk->facts.link_name, name);
  if (walk->facts.page == MM_WALK_LINK)
    go (walk, MM_WALK_AGREE);
}

void
mm_registration_walk_set_customers (MmRegistrationWalk *walk)
{
  walk->facts.customers = TRUE;
  g_object_notify_by_pspec (G_OBJECT (walk), props[PROP_PAGE]);
}

/* The password */

gboolean
mm_registration_walk_check_password (MmRegistrationWalk *walk,
                                     const char *field,
                                     const char *password,
                                     const char *again,
                                     const char *phone)
{
  static const char *const fields[] = { "password", "password_again", "phone" };
  g_autoptr (GError) error = NULL;
  g_autofree char *digits = NULL;

  mm_password_check (password, walk->facts.password_max, "password", &error);
  if (again == NULL || *again == '\0')
    mm_error_add_field (&error, "password_again", "required", N_ ("Please fill in this field."));
  else if (g_strcmp0 (password, again) != 0)
    mm_error_add_field (&error, "password_again", "mismatch",
                        N_ ("The two passwords are not the same."));
  digits = mm_phone_normalise (phone, "phone", &error);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (field == NULL
        || g_str_equal (field, fields[i])
        /* The repetition is wrong or right only together with the first. */
        || (g_str_equal (field, "password") && g_str_equal (fields[i], "password_again")
            && again != NULL && *again != '\0'))
      set_problem (walk, fields[i], sentence_for (error, fields[i]));
  return field != NULL ? mm_registration_walk_get_problem (walk, field) == NULL : error == NULL;
}

/* Answers of the server */

gboolean
mm_registration_walk_refused (MmRegistrationWalk *walk, const GError *error)
{
  const char *code = mm_error_code (error);

  if (mm_error_fields (error) != NULL)
    {
      gboolean password = walk->facts.page == MM_WALK_PASSWORD;

      if (sentence_for (error, "terms") != NULL)
        go (walk, password ? MM_WALK_AGREE : MM_WALK_TERMS);
      else if (walk->facts.page == MM_WALK_CONFIRM)
        go (walk, MM_WALK_FORM);
      take_problems (walk, error);
      return TRUE;
    }
  if (walk->facts.token != NULL && walk->facts.page >= MM_WALK_LINK
      && (g_error_matches (error, MM_ERROR, MM_ERROR_GONE) || g_str_equal (code, "link-unknown")))
    {
      g_clear_error (&walk->facts.dead_link);
      walk->facts.dead_link = g_error_copy (error);
      go (walk, MM_WALK_LINK);
      return TRUE;
    }
  return FALSE;
}

void
mm_registration_walk_completed (MmRegistrationWalk *walk)
{
  mm_dealer_form_free (walk->form);
  walk->form = mm_dealer_form_new ();
  forget_link (walk);
  g_clear_pointer (&walk->facts.secret, g_free);
  replace (&walk->facts.sent_to, "");
  go (walk, MM_WALK_COMPLETE);
}

void
mm_registration_walk_resume (MmRegistrationWalk *walk,
                             MmWalkPage page,
                             const char *server,
                             gint64 terms,
                             const char *sent_to,
                             gint64 expires)
{
  replace (&walk->facts.server, server);
  replace (&walk->facts.sent_to, sent_to);
  walk->facts.terms = terms;
  walk->facts.expires = expires;
  go (walk, page);
}

/* The object */

static void
mm_registration_walk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PAGE)
    g_value_set_uint (value, MM_REGISTRATION_WALK (object)->facts.page);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_registration_walk_finalize (GObject *object)
{
  MmRegistrationWalk *walk = MM_REGISTRATION_WALK (object);

  g_free (walk->facts.server);
  g_free (walk->facts.server_name);
  mm_dealer_form_free (walk->form);
  g_hash_table_unref (walk->problems);
  g_free (walk->facts.sent_to);
  g_free (walk->facts.secret);
  forget_link (walk);
  g_free (walk->facts.link_user_id);
  g_free (walk->facts.link_name);
  G_OBJECT_CLASS (mm_registration_walk_parent_class)->finalize (object);
}

static void
mm_registration_walk_class_init (MmRegistrationWalkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mm_registration_walk_get_property;
  object_class->finalize = mm_registration_walk_finalize;
  props[PROP_PAGE] = g_param_spec_uint ("page", NULL, NULL, 0, MM_WALK_N_PAGES - 1, MM_WALK_SERVER,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED]
      = g_signal_new ("changed", MM_TYPE_REGISTRATION_WALK, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                      0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mm_registration_walk_init (MmRegistrationWalk *walk)
{
  walk->facts.server = g_strdup ("");
  walk->facts.server_name = g_strdup ("");
  walk->facts.password_max = MM_PASSWORD_MAX;
  walk->form = mm_dealer_form_new ();
  walk->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  walk->facts.sent_to = g_strdup ("");
  walk->facts.link_user_id = g_strdup ("");
  walk->facts.link_name = g_strdup ("");
}

MmRegistrationWalk *
mm_registration_walk_new (void)
{
  return g_object_new (MM_TYPE_REGISTRATION_WALK, NULL);
}
