#define G_LOG_DOMAIN "mm-client"

#include "mm-registrar.h"

#include "mm-account.h"
#include "mm-api.h"
#include "mm-json.h"
#include "mm-trust.h"

/* What is done with an answer; @answer is NULL if it is no object. */
typedef void (*Answered) (MmRegistrar *registrar, JsonObject *answer);

struct _MmRegistrar
{
  GObject parent;

  MmRegistrationWalk *walk;
  GSettings *settings;
  char *language;
  MmApi *api; /* of the server that is asked; NULL before there is one */

  gboolean busy;
  Answered answered;
  GCancellable *cancellable;
  GError *problem;
  MmTermsText *terms;

  guint debounce;
  GCancellable *id_cancellable;
};

G_DEFINE_FINAL_TYPE (MmRegistrar, mm_registrar, G_TYPE_OBJECT)

enum
{
  PROP_BUSY = 1,
  PROP_PROBLEM,
  PROP_TERMS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void fetch_terms (MmRegistrar *registrar);

static void
terms_free (MmTermsText *terms)
{
  if (terms == NULL)
    return;
  g_free (terms->language);
  g_free (terms->body);
  g_free (terms);
}

/* Asking */

static void
set_busy (MmRegistrar *registrar, gboolean busy)
{
  registrar->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (registrar), props[PROP_BUSY]);
}

static void
set_problem (MmRegistrar *registrar, const GError *error)
{
  if (error == NULL && registrar->problem == NULL)
    return;
  g_clear_error (&registrar->problem);
  registrar->problem = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (registrar), props[PROP_PROBLEM]);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmRegistrar) registrar = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  /* Dropped: another question may be under way by now. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || MM_API (source) != registrar->api)
    return;
  set_busy (registrar, FALSE);
  if (answer != NULL)
    registrar->answered (registrar, mm_json_root (answer));
  else if (!mm_registration_walk_refused (registrar->walk, error))
    set_problem (registrar, error);
  else if (mm_registration_walk_get_problem (registrar->walk, "terms") != NULL && !registrar->busy)
    fetch_terms (registrar); /* they are other ones now */
}

static void
ask (
    MmRegistrar *registrar, const char *method, const char *path, JsonNode *body, Answered answered)
{
  set_problem (registrar, NULL);
  registrar->answered = answered;
  g_clear_object (&registrar->cancellable);
  registrar->cancellable = g_cancellable_new ();
  set_busy (registrar, TRUE);
  mm_api_send_async (registrar->api, method, path, body, registrar->cancellable, on_answer,
                     g_object_ref (registrar));
}

static JsonNode *
take_body (JsonObject *body)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, body);
  return node;
}

static JsonObject *
new_form (MmRegistrar *registrar)
{
  JsonObject *body = json_object_new ();

  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    json_object_set_string_member (body, mm_dealer_form_fields[i],
                                   mm_registration_walk_get_field (registrar->walk,
                                                                   mm_dealer_form_fields[i]));
  return body;
}

/* The server */

static void
use_server (MmRegistrar *registrar, const char *url)
{
  g_clear_object (&registrar->api);
  registrar->api = mm_trust_new_api (registrar->settings, url, registrar->language);
}

static void
note_server (MmRegistrar *registrar, JsonObject *answer)
{
  gint64 max = mm_json_integer (answer, "password_max");

  if (g_strcmp0 (mm_registration_walk_facts (registrar->walk)->server,
                 mm_api_get_url (registrar->api))
      != 0)
    g_clear_pointer (&registrar->terms, terms_free);
  mm_registration_walk_found (registrar->walk, mm_api_get_url (registrar->api),
                              mm_json_text (answer, "name"), (guint) CLAMP (max, 0, 10000));
}

/* Something that answers in JSON at this address need not be ours. */
static gboolean
is_ours (MmRegistrar *registrar, JsonObject *answer)
{
  g_autoptr (GError) strange = NULL;

  if (answer != NULL && *mm_json_text (answer, "server_id") != '\0')
    return TRUE;
  strange = mm_api_new_strange_error ();
  set_problem (registrar, strange);
  return FALSE;
}

static void
on_server (MmRegistrar *registrar, JsonObject *answer)
{
  if (is_ours (registrar, answer))
    note_server (registrar, answer);
}

void
mm_registrar_find_server (MmRegistrar *registrar, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = mm_api_normalise_url (text, &error);

  if (registrar->busy)
    return;
  if (url == NULL)
    {
      mm_registration_walk_refused (registrar->walk, error);
      return;
    }
  use_server (registrar, url);
  ask (registrar, "GET", "/api/v1/server", NULL, on_server);
}

/* The terms */

static void
on_terms (MmRegistrar *registrar, JsonObject *answer)
{
  terms_free (registrar->terms);
  registrar->terms = g_new0 (MmTermsText, 1);
  registrar->terms->version = mm_json_integer (answer, "version");
  registrar->terms->language = g_strdup (mm_json_text (answer, "language"));
  registrar->terms->body = g_strdup (mm_json_text (answer, "body"));
  g_object_notify_by_pspec (G_OBJECT (registrar), props[PROP_TERMS]);
}

static void
fetch_terms (MmRegistrar *registrar)
{
  g_autofree char *path
      = g_strconcat ("/api/v1/terms?audience=dealer&language=", registrar->language, NULL);

  ask (registrar, "GET", path, NULL, on_terms);
}

void
mm_registrar_agree (MmRegistrar *registrar)
{
  if (!registrar->busy && registrar->terms != NULL)
    mm_registration_walk_agree (registrar->walk, registrar->terms->version);
}

/* The form */

static void
on_checked (MmRegistrar *registrar, JsonObject *answer)
{
  mm_registration_walk_checked (registrar->walk);
}

void
mm_registrar_check_form (MmRegistrar *registrar)
{
  if (registrar->busy || !mm_registration_walk_check_form (registrar->walk))
    return;
  ask (registrar, "POST", "/api/v1/registrations/check", take_body (new_form (registrar)),
       on_checked);
}

static void
on_registered (MmRegistrar *registrar, JsonObject *answer)
{
  mm_registration_walk_registered (registrar->walk, mm_json_text (answer, "mail"),
                                   mm_json_time (answer, "expires"), mm_json_text (answer, "walk"));
}

void
mm_registrar_register (MmRegistrar *registrar)
{
  JsonObject *body;

  if (registrar->busy)
    return;
  body = new_form (registrar);
  json_object_set_int_member (body, "terms", mm_registration_walk_facts (registrar->walk)->terms);
  json_object_set_string_member (body, "language", registrar->language);
  ask (registrar, "POST", "/api/v1/registrations", take_body (body), on_registered);
}

/* Whether the user ID is free */

typedef struct
{
  MmRegistrar *registrar;
  char *user_id; /* that was asked about */
} IdQuestion;

static void
on_user_id (GObject *source, GAsyncResult *result, gpointer user_data)
{
  IdQuestion *question = user_data;
  g_autoptr (MmRegistrar) registrar = question->registrar;
  g_autofree char *user_id = question->user_id;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  g_free (question);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_strcmp0 (user_id, mm_registration_walk_get_field (registrar->walk, "user_id")) != 0)
    return;
  mm_registration_walk_set_id_state (registrar->walk,
                                     answer == NULL ? MM_USER_ID_UNCERTAIN
                                     : mm_json_truth (mm_json_root (answer), "free")
                                         ? MM_USER_ID_FREE
                                         : MM_USER_ID_TAKEN);
}

static gboolean
on_debounced (gpointer user_data)
{
  MmRegistrar *registrar = user_data;
  IdQuestion *question = g_new0 (IdQuestion, 1);
  g_autofree char *path = NULL;

  registrar->debounce = 0;
  question->registrar = g_object_ref (registrar);
  question->user_id = g_strdup (mm_registration_walk_get_field (registrar->walk, "user_id"));
  path = g_strconcat ("/api/v1/user-ids/", question->user_id, NULL);
  registrar->id_cancellable = g_cancellable_new ();
  mm_registration_walk_set_id_state (registrar->walk, MM_USER_ID_ASKING);
  mm_api_send_async (registrar->api, "GET", path, NULL, registrar->id_cancellable, on_user_id,
                     question);
  return G_SOURCE_REMOVE;
}

static void
on_user_id_changed (MmRegistrar *registrar)
{
  g_autoptr (GError) wrong = NULL;
  g_autofree char *user_id = NULL;

  if (mm_registration_walk_facts (registrar->walk)->id_state != MM_USER_ID_UNKNOWN)
    return; /* told by us */
  g_clear_handle_id (&registrar->debounce, g_source_remove);
  g_cancellable_cancel (registrar->id_cancellable);
  g_clear_object (&registrar->id_cancellable);
  /* In its normal form it also needs no escaping in the path. */
  user_id = mm_user_id_normalise (mm_registration_walk_get_field (registrar->walk, "user_id"),
                                  "user_id", &wrong);
  if (registrar->api != NULL
      && g_strcmp0 (user_id, mm_registration_walk_get_field (registrar->walk, "user_id")) == 0)
    registrar->debounce = g_timeout_add (MM_REGISTRAR_DEBOUNCE, on_debounced, registrar);
}

/* The mail */

static void
on_resent (MmRegistrar *registrar, JsonObject *answer)
{
  mm_registration_walk_resent (registrar->walk, mm_json_text (answer, "mail"),
                               mm_json_time (answer, "expires"));
}

void
mm_registrar_resend (MmRegistrar *registrar)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (registrar->walk);

  if (registrar->busy || registrar->api == NULL)
    return;
  /* A link that is over speaks for its own registration, which need not be the walk's. */
  ask (registrar, "POST", "/api/v1/registrations/resend",
       facts->dead_link != NULL ? mm_json_new_texts ("token", facts->token, NULL)
                                : mm_json_new_texts ("walk", facts->secret, NULL),
       on_resent);
}

void
mm_registrar_correct (MmRegistrar *registrar, const char *mail, const char *again)
{
  if (registrar->busy || registrar->api == NULL)
    return;
  ask (registrar, "PUT", "/api/v1/registrations/mail",
       mm_json_new_texts ("walk", mm_registration_walk_facts (registrar->walk)->secret, "mail",
                          mail, "mail_again", again, NULL),
       on_resent);
}

/* The link */

static void
on_peeked (MmRegistrar *registrar, JsonObject *answer)
{
  if (g_strcmp0 (mm_json_text (answer, "audience"), "dealer") == 0)
    mm_registration_walk_opened (registrar->walk, mm_json_text (answer, "user_id"),
                                 mm_json_text (answer, "name"));
  else
    mm_registration_walk_set_customers (registrar->walk);
}

static void
on_link_server (MmRegistrar *registrar, JsonObject *answer)
{
  if (!is_ours (registrar, answer))
    return;
  note_server (registrar, answer);
  ask (registrar, "POST", "/api/v1/confirmations/peek",
       mm_json_new_texts ("token", mm_registration_walk_facts (registrar->walk)->token, NULL),
       on_peeked);
}

void
mm_registrar_open_link (MmRegistrar *registrar, const MmMailLink *link)
{
  g_return_if_fail (link->kind == MM_MAIL_LINK_CONFIRM);
  mm_registrar_cancel (registrar);
  mm_registration_walk_try_link (registrar->walk, link->token);
  use_server (registrar, link->server);
  ask (registrar, "GET", "/api/v1/server", NULL, on_link_server);
}

static void
on_completed (MmRegistrar *registrar, JsonObject *answer)
{
  mm_registration_walk_completed (registrar->walk);
}

void
mm_registrar_complete (MmRegistrar *registrar,
                       const char *password,
                       const char *again,
                       const char *phone)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (registrar->walk);
  JsonNode *body;

  if (registrar->busy
      || !mm_registration_walk_check_password (registrar->walk, NULL, password, again, phone))
    return;
  body = mm_json_new_texts ("token", facts->token, "password", password, "password_again", again,
                            "phone", phone, NULL);
  json_object_set_int_member (mm_json_root (body), "terms", facts->terms_again);
  ask (registrar, "POST", "/api/v1/confirmations", body, on_completed);
}

/* The walk turned to another page. */
static void
on_page (MmRegistrar *registrar)
{
  MmWalkPage page = mm_registration_walk_facts (registrar->walk)->page;

  set_problem (registrar, NULL);
  if ((page == MM_WALK_TERMS || page == MM_WALK_AGREE) && registrar->terms == NULL
      && registrar->api != NULL && !registrar->busy)
    fetch_terms (registrar);
}

void
mm_registrar_retry (MmRegistrar *registrar)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (registrar->walk);

  if (registrar->busy || registrar->api == NULL)
    return;
  if (facts->page == MM_WALK_SERVER)
    ask (registrar, "GET", "/api/v1/server", NULL, on_server);
  else if (facts->page == MM_WALK_LINK && facts->token != NULL)
    ask (registrar, "GET", "/api/v1/server", NULL, on_link_server);
  else if (facts->page == MM_WALK_TERMS || facts->page == MM_WALK_AGREE)
    fetch_terms (registrar);
  else
    set_problem (registrar, NULL);
}

void
mm_registrar_cancel (MmRegistrar *registrar)
{
  g_cancellable_cancel (registrar->cancellable);
  g_clear_object (&registrar->cancellable);
  set_problem (registrar, NULL);
  if (registrar->busy)
    set_busy (registrar, FALSE);
}

/* The object */

MmRegistrationWalk *
mm_registrar_get_walk (MmRegistrar *registrar)
{
  return registrar->walk;
}

gboolean
mm_registrar_is_busy (MmRegistrar *registrar)
{
  return registrar->busy;
}

const GError *
mm_registrar_get_problem (MmRegistrar *registrar)
{
  return registrar->problem;
}

const MmTermsText *
mm_registrar_get_terms (MmRegistrar *registrar)
{
  return registrar->terms;
}

MmApi *
mm_registrar_get_api (MmRegistrar *registrar)
{
  return registrar->api;
}

static void
mm_registrar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmRegistrar *registrar = MM_REGISTRAR (object);

  switch (id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, registrar->busy);
      break;
    case PROP_PROBLEM:
      g_value_set_boxed (value, registrar->problem);
      break;
    case PROP_TERMS:
      g_value_set_pointer (value, registrar->terms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_registrar_dispose (GObject *object)
{
  MmRegistrar *registrar = MM_REGISTRAR (object);

  g_clear_handle_id (&registrar->debounce, g_source_remove);
  g_cancellable_cancel (registrar->id_cancellable);
  g_cancellable_cancel (registrar->cancellable);
  G_OBJECT_CLASS (mm_registrar_parent_class)->dispose (object);
}

static void
mm_registrar_finalize (GObject *object)
{
  MmRegistrar *registrar = MM_REGISTRAR (object);

  g_clear_object (&registrar->id_cancellable);
  g_clear_object (&registrar->cancellable);
  g_clear_object (&registrar->api);
  g_clear_object (&registrar->walk);
  g_clear_object (&registrar->settings);
  g_clear_error (&registrar->problem);
  terms_free (registrar->terms);
  g_free (registrar->language);
  G_OBJECT_CLASS (mm_registrar_parent_class)->finalize (object);
}

static void
mm_registrar_class_init (MmRegistrarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mm_registrar_get_property;
  object_class->dispose = mm_registrar_dispose;
  object_class->finalize = mm_registrar_finalize;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  props[PROP_PROBLEM] = g_param_spec_boxed ("problem", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_TERMS] = g_param_spec_pointer ("terms", NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mm_registrar_init (MmRegistrar *registrar)
{
}

MmRegistrar *
mm_registrar_new (MmRegistrationWalk *walk, const char *language, GSettings *settings)
{
  MmRegistrar *registrar = g_object_new (MM_TYPE_REGISTRAR, NULL);
  const MmWalkFacts *facts = mm_registration_walk_facts (walk);

  registrar->walk = g_object_ref (walk);
  registrar->settings = g_object_ref (settings);
  registrar->language = g_strdup (language);
  g_signal_connect_object (walk, "notify::page", G_CALLBACK (on_page), registrar,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (walk, "changed::user_id", G_CALLBACK (on_user_id_changed), registrar,
                           G_CONNECT_SWAPPED);
  if (*facts->server != '\0')
    {
      use_server (registrar, facts->server);
      on_page (registrar);
    }
  return registrar;
}
