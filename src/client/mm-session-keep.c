#define G_LOG_DOMAIN "mm-session-keep"

#include "mm-session-keep.h"

#include "mm-gettext.h"
#include "mm-keyring.h"
#include "mm-trust.h"

#define SERVER_URL "server-url"
#define USER_ID "user-id"

/* Whose session it is; all NULL: none. */
typedef struct
{
  char *url;
  char *user_id;
  char *session;
} Entry;

struct _MmSessionKeep
{
  GObject parent;

  MmDesk *desk;
  GSettings *settings;
  GCancellable *cancellable;
  gboolean resuming;
  gboolean busy;   /* one call to the keyring at a time, or a removal could overtake its storing */
  gboolean locked; /* the trouble is a lock */
  char *trouble;
  Entry asked;  /* whose session is looked up */
  Entry wanted; /* what should be in the keyring */
  Entry kept;   /* what is, or could not be brought there */
};

G_DEFINE_FINAL_TYPE (MmSessionKeep, mm_session_keep, G_TYPE_OBJECT)

enum
{
  PROP_RESUMING = 1,
  PROP_BUSY,
  PROP_TROUBLE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void settle (MmSessionKeep *keep, gboolean ask);

static void
entry_set (Entry *entry, const char *url, const char *user_id, const char *session)
{
  g_autofree char *new_url = g_strdup (url);
  g_autofree char *new_user_id = g_strdup (user_id);
  g_autofree char *new_session = g_strdup (session);

  g_free (entry->url);
  g_free (entry->user_id);
  g_free (entry->session);
  entry->url = g_steal_pointer (&new_url);
  entry->user_id = g_steal_pointer (&new_user_id);
  entry->session = g_steal_pointer (&new_session);
}

static void
set_busy (MmSessionKeep *keep, gboolean busy)
{
  if (keep->busy == busy)
    return;
  keep->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (keep), props[PROP_BUSY]);
}

/* @text: NULL: none any more */
static void
set_trouble (MmSessionKeep *keep, const char *text, gboolean locked)
{
  keep->locked = text != NULL && locked;
  if (g_strcmp0 (keep->trouble, text) == 0)
    return;
  g_free (keep->trouble);
  keep->trouble = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (keep), props[PROP_TROUBLE]);
}

/* Bringing the keyring into line */

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionKeep) keep = user_data;
  g_autoptr (GError) error = NULL;

  if (mm_keyring_store_finish (result, &error))
    set_trouble (keep, NULL, FALSE);
  else if (g_error_matches (error, MM_KEYRING_ERROR, MM_KEYRING_ERROR_LOCKED))
    set_trouble (keep,
                 _ ("Your keyring is locked. You stay signed in until you close Mimamori, then you "
                    "have to sign in again."),
                 TRUE);
  else if (g_error_matches (error, MM_KEYRING_ERROR, MM_KEYRING_ERROR_MISSING))
    set_trouble (keep,
                 _ ("This computer has no keyring. You stay signed in until you close Mimamori, "
                    "then you have to sign in again."),
                 FALSE);
  set_busy (keep, FALSE);
  settle (keep, FALSE);
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionKeep) keep = user_data;
  g_autoptr (GError) error = NULL;

  if (!mm_keyring_remove_finish (result, &error))
    g_debug ("The session could not be removed: %s", error->message);
  set_busy (keep, FALSE);
  settle (keep, FALSE);
}

static void
settle (MmSessionKeep *keep, gboolean ask)
{
  Entry *wanted = &keep->wanted;
  Entry *kept = &keep->kept;

  if (keep->busy)
    return;
  if (kept->session != NULL
      && (g_strcmp0 (kept->url, wanted->url) != 0
          || g_strcmp0 (kept->user_id, wanted->user_id) != 0))
    {
      g_autofree char *url = g_strdup (kept->url);
      g_autofree char *user_id = g_strdup (kept->user_id);

      entry_set (kept, NULL, NULL, NULL);
      set_busy (keep, TRUE);
      mm_keyring_remove_async (url, user_id, NULL, on_removed, g_object_ref (keep));
    }
  else if (wanted->session != NULL && g_strcmp0 (kept->session, wanted->session) != 0)
    {
      entry_set (kept, wanted->url, wanted->user_id, wanted->session);
      set_busy (keep, TRUE);
      mm_keyring_store_async (wanted->url, wanted->user_id, wanted->session, ask,
                              ask ? keep->cancellable : NULL, on_stored, g_object_ref (keep));
    }
}

static void
on_desk_state (MmSessionKeep *keep)
{
  if (mm_desk_get_state (keep->desk) == MM_DESK_SIGNED_IN)
    {
      const char *url = mm_api_get_url (mm_desk_get_api (keep->desk));
      const char *user_id = mm_desk_get_user_id (keep->desk);

      g_settings_set_string (keep->settings, SERVER_URL, url);
      g_settings_set_string (keep->settings, USER_ID, user_id);
      entry_set (&keep->wanted, url, user_id, mm_desk_get_session (keep->desk));
    }
  else if (mm_desk_get_state (keep->desk) == MM_DESK_SIGNED_OUT)
    {
      entry_set (&keep->wanted, NULL, NULL, NULL);
      if (!keep->resuming)
        set_trouble (keep, NULL, FALSE);
    }
  settle (keep, FALSE);
}

/* Resuming */

static void
end_resuming (MmSessionKeep *keep)
{
  keep->resuming = FALSE;
  g_object_notify_by_pspec (G_OBJECT (keep), props[PROP_RESUMING]);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmSessionKeep) keep = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *session = mm_keyring_look_up_finish (result, &error);
  const Entry *asked = &keep->asked;

  if (g_error_matches (error, MM_KEYRING_ERROR, MM_KEYRING_ERROR_LOCKED))
    set_trouble (keep,
                 _ ("Your keyring is locked, so Mimamori cannot go on where you left off. Unlock "
                    "it, or sign in."),
                 TRUE);
  else if (error == NULL)
    set_trouble (keep, NULL, FALSE);
  if (session != NULL && mm_desk_get_state (keep->desk) == MM_DESK_SIGNED_OUT)
    {
      g_autoptr (MmApi) api
          = mm_trust_new_api (keep->settings, asked->url, mm_desk_get_language (keep->desk));

      entry_set (&keep->kept, asked->url, asked->user_id, session);
      mm_desk_resume (keep->desk, api, asked->user_id, session);
    }
  end_resuming (keep);
}

static void
resume (MmSessionKeep *keep, gboolean ask)
{
  g_autofree char *url = g_settings_get_string (keep->settings, SERVER_URL);
  g_autofree char *user_id = g_settings_get_string (keep->settings, USER_ID);
  g_autofree char *normal = *url != '\0' ? mm_api_normalise_url (url, NULL) : NULL;

  if (g_strcmp0 (normal, url) != 0 || *url == '\0' || *user_id == '\0' || keep->resuming)
    return;
  keep->resuming = TRUE;
  /* The settings may have gone on to another server by the time the keyring answers. */
  entry_set (&keep->asked, url, user_id, NULL);
  g_object_notify_by_pspec (G_OBJECT (keep), props[PROP_RESUMING]);
  mm_keyring_look_up_async (url, user_id, ask, keep->cancellable, on_looked_up,
                            g_object_ref (keep));
}

void
mm_session_keep_unlock (MmSessionKeep *keep)
{
  if (mm_desk_get_state (keep->desk) == MM_DESK_SIGNED_IN)
    {
      entry_set (&keep->kept, NULL, NULL, NULL);
      settle (keep, TRUE);
    }
  else
    resume (keep, TRUE);
}

void
mm_session_keep_give_up (MmSessionKeep *keep)
{
  g_cancellable_cancel (keep->cancellable);
  g_object_unref (keep->cancellable);
  keep->cancellable = g_cancellable_new ();
}

/* The object */

gboolean
mm_session_keep_is_resuming (MmSessionKeep *keep)
{
  return keep->resuming;
}

gboolean
mm_session_keep_is_busy (MmSessionKeep *keep)
{
  return keep->busy;
}

const char *
mm_session_keep_get_trouble (MmSessionKeep *keep)
{
  return keep->trouble;
}

gboolean
mm_session_keep_is_locked (MmSessionKeep *keep)
{
  return keep->locked;
}

static void
mm_session_keep_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MmSessionKeep *keep = MM_SESSION_KEEP (object);

  switch (id)
    {
    case PROP_RESUMING:
      g_value_set_boolean (value, keep->resuming);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, keep->busy);
      break;
    case PROP_TROUBLE:
      g_value_set_string (value, keep->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mm_session_keep_finalize (GObject *object)
{
  MmSessionKeep *keep = MM_SESSION_KEEP (object);

  g_object_unref (keep->cancellable);
  g_object_unref (keep->desk);
  g_object_unref (keep->settings);
  g_free (keep->trouble);
  entry_set (&keep->asked, NULL, NULL, NULL);
  entry_set (&keep->wanted, NULL, NULL, NULL);
  entry_set (&keep->kept, NULL, NULL, NULL);
  G_OBJECT_CLASS (mm_session_keep_parent_class)->finalize (object);
}

static void
mm_session_keep_class_init (MmSessionKeepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mm_session_keep_get_property;
  object_class->finalize = mm_session_keep_finalize;
  props[PROP_RESUMING] = g_param_spec_boolean ("resuming", NULL, NULL, FALSE, flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  props[PROP_TROUBLE] = g_param_spec_string ("trouble", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mm_session_keep_init (MmSessionKeep *keep)
{
  keep->cancellable = g_cancellable_new ();
}

MmSessionKeep *
mm_session_keep_new (MmDesk *desk, GSettings *settings)
{
  MmSessionKeep *keep = g_object_new (MM_TYPE_SESSION_KEEP, NULL);

  keep->desk = g_object_ref (desk);
  keep->settings = g_object_ref (settings);
  g_signal_connect_object (desk, "notify::state", G_CALLBACK (on_desk_state), keep,
                           G_CONNECT_SWAPPED);
  resume (keep, FALSE);
  return keep;
}
