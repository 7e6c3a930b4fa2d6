#define G_LOG_DOMAIN "mm-keyring"

#include "mm-keyring.h"

#include "mm-api.h"
#include "mm-gettext.h"

#include <libsecret/secret.h>
#include <string.h>

G_DEFINE_QUARK (mm - keyring - error - quark, mm_keyring_error)

static const SecretSchema schema = {
  "org.mimamori.Mimamori",
  SECRET_SCHEMA_NONE,
  { { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 } },
};

/* One call. It answers once: with what the keyring says, or when the patience is at its end. */
typedef struct
{
  char *url;
  char *user_id;
  char *session;
  GCancellable *cancellable; /* of the calls to libsecret */
  gulong chained;
  guint timer;
  gboolean answered;
} Call;

static void
call_free (Call *call)
{
  g_free (call->url);
  g_free (call->user_id);
  g_free (call->session);
  g_object_unref (call->cancellable);
  g_free (call);
}

static GError *
locked (void)
{
  return g_error_new_literal (MM_KEYRING_ERROR, MM_KEYRING_ERROR_LOCKED,
                              _ ("The keyring of this computer is locked."));
}

static GError *
missing (void)
{
  return g_error_new_literal (MM_KEYRING_ERROR, MM_KEYRING_ERROR_MISSING,
                              _ ("This computer has no keyring that answers."));
}

/* What libsecret and the bus say, as one of ours. */
static GError *
error_of (const GError *error)
{
  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)
      || g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT)
      /* gnome-keyring, for a collection that waits for its first unlocking */
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return locked ();
  g_debug ("The keyring does not answer: %s", error->message);
  return missing ();
}

/* Whether this is the one time to answer. */
static gboolean
may_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->answered)
    return FALSE;
  call->answered = TRUE;
  g_clear_handle_id (&call->timer, g_source_remove);
  if (call->chained != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), call->chained);
  return TRUE;
}

/* Takes @error. */
static void
answer_error (GTask *task, GError *error)
{
  g_autoptr (GError) given = error;

  if (!may_answer (task))
    return;
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, given->domain == MM_KEYRING_ERROR ? g_steal_pointer (&given)
                                                                 : error_of (given));
}

static gboolean
on_late (gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  call->timer = 0;
  answer_error (task, missing ());
  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static GTask *
begin (gpointer tag,
       const char *url,
       const char *user_id,
       const char *session,
       gboolean ask,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->url = g_strdup (url);
  call->user_id = g_strdup (user_id);
  call->session = g_strdup (session);
  call->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    call->chained = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                           g_object_ref (call->cancellable), g_object_unref);
  if (!ask)
    call->timer = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, MM_KEYRING_PATIENCE, on_late,
                                              g_object_ref (task), g_object_unref);
  return task;
}

/* Looking up */

static void
on_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretValue) value
      = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  const char *session = value != NULL ? secret_value_get_text (value) : NULL;

  if (error != NULL)
    answer_error (task, g_steal_pointer (&error));
  else if (may_answer (task))
    g_task_return_pointer (task, mm_api_is_session (session) ? g_strdup (session) : NULL, g_free);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autolist (GObject) items = secret_password_search_finish (result, &error);

  if (error != NULL)
    answer_error (task, g_steal_pointer (&error));
  else if (items == NULL)
    {
      if (may_answer (task))
        g_task_return_pointer (task, NULL, NULL);
    }
  else if (SECRET_IS_ITEM (items->data) && secret_item_get_locked (items->data))
    answer_error (task, locked ());
  else
    secret_retrievable_retrieve_secret (items->data, call->cancellable, on_secret,
                                        g_object_ref (task));
}

void
mm_keyring_look_up_async (const char *url,
                          const char *user_id,
                          gboolean ask,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task
      = begin (mm_keyring_look_up_async, url, user_id, NULL, ask, cancellable, callback, user_data);
  Call *call = g_task_get_task_data (task);

  secret_password_search (&schema, ask ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE,
                          call->cancellable, on_found, task, "server", url, "user", user_id, NULL);
}

char *
mm_keyring_look_up_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Storing */

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!secret_password_store_finish (result, &error))
    answer_error (task, error != NULL ? g_steal_pointer (&error) : locked ());
  else if (may_answer (task))
    g_task_return_boolean (task, TRUE);
}

static void
store (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  /* Translators: the name of an entry in the keyring; %1$s is a user ID, %2$s a server's address */
  g_autofree char *label = g_strdup_printf (_ ("Mimamori: %1$s at %2$s"), call->user_id, call->url);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, call->session,
                         call->cancellable, on_stored, g_object_ref (task), "server", call->url,
                         "user", call->user_id, NULL);
}

/* Storing into a locked keyring would ask the person, in the midst of something else. */
static void
on_collection (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_finish (result, &error);

  /* In a Flatpak there may be no Secret Service to ask, but the portal: storing finds out. */
  if (error == NULL && (collection == NULL || secret_collection_get_locked (collection)))
    answer_error (task, locked ());
  else
    store (task);
}

void
mm_keyring_store_async (const char *url,
                        const char *user_id,
                        const char *session,
                        gboolean ask,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = begin (mm_keyring_store_async, url, user_id, session, ask, cancellable,
                                  callback, user_data);
  Call *call = g_task_get_task_data (task);

  if (ask)
    store (task);
  else
    secret_collection_for_alias (NULL, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 call->cancellable, on_collection, g_object_ref (task));
}

gboolean
mm_keyring_store_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Removing */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    answer_error (task, g_steal_pointer (&error));
  else if (may_answer (task))
    g_task_return_boolean (task, TRUE);
}

void
mm_keyring_remove_async (const char *url,
                         const char *user_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = begin (mm_keyring_remove_async, url, user_id, NULL, FALSE, cancellable, callback,
                       user_data);
  Call *call = g_task_get_task_data (task);

  secret_password_clear (&schema, call->cancellable, on_removed, task, "server", url, "user",
                         user_id, NULL);
}

gboolean
mm_keyring_remove_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
