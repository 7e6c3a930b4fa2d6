#define G_LOG_DOMAIN "mm-child"

#include "mm-server-child.h"

#include "mm-json.h"

#define GREETING "listening on "
#define LOOK_EVERY 5 /* seconds between two looks at the server of somebody else */

struct _MmServerChild
{
  GObject parent;

  char *data_dir;
  MmApi *operator;
  MmChild *child;
  GCancellable *cancellable; /* of a look at the control socket */
  gboolean wanted;           /* to run */
  gboolean only_found;       /* nobody asked for it here: it is not taken over when it goes */
  gboolean again;            /* to be started once it has stopped */
  gboolean foreign;
  char *url;
  guint timer;
};

G_DEFINE_FINAL_TYPE (MmServerChild, mm_server_child, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void look (MmServerChild *server);

char *
mm_server_child_default_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "mimamori", NULL);
}

static void
changed (MmServerChild *server)
{
  g_signal_emit (server, signals[CHANGED], 0);
}

/* Who listens on all addresses is reached on this computer by its own. */
static void
take_url (MmServerChild *server, const char *listening)
{
  g_autoptr (GUri) uri = listening != NULL ? g_uri_parse (listening, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr (GUri) own = NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  g_clear_pointer (&server->url, g_free);
  if (host == NULL)
    return;
  if (g_str_equal (host, "0.0.0.0") || g_str_equal (host, "::"))
    host = "127.0.0.1";
  own = g_uri_build (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, host, g_uri_get_port (uri), "",
                     NULL, NULL);
  server->url = g_uri_to_string (own);
}

/* The server of somebody else */

static gboolean
on_look_again (gpointer user_data)
{
  MmServerChild *server = user_data;

  server->timer = 0;
  look (server);
  return G_SOURCE_REMOVE;
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmServerChild) server = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  MmChildState state = mm_child_get_state (server->child);
  gboolean was_foreign = server->foreign;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&server->cancellable);
  if (answer == NULL && (!server->wanted || server->only_found))
    {
      server->wanted = FALSE;
      server->foreign = FALSE;
      take_url (server, NULL);
      changed (server);
      return;
    }
  server->wanted = TRUE;
  /* While our own runs or begins to, it is our own that answered. */
  server->foreign = answer != NULL && (state == MM_CHILD_STOPPED || state == MM_CHILD_WAITING);
  if (server->foreign)
    {
      mm_child_stop (server->child);
      take_url (server, mm_json_text (mm_json_root (answer), "listening"));
      g_clear_handle_id (&server->timer, g_source_remove);
      server->timer = g_timeout_add_seconds (LOOK_EVERY, on_look_again, server);
    }
  else if (was_foreign || state == MM_CHILD_STOPPED)
    mm_child_start (server->child);
  changed (server);
}

/* Finds out whether somebody else serves the directory. */
static void
look (MmServerChild *server)
{
  if (server->cancellable != NULL)
    return;
  server->cancellable = g_cancellable_new ();
  mm_api_send_async (server->operator, "GET", "/operator/v1/server", NULL, server->cancellable,
                     on_looked, g_object_ref (server));
}

/* Our child */

static void
on_child (MmServerChild *server)
{
  MmChildState state = mm_child_get_state (server->child);

  if (server->foreign)
    return;
  take_url (server, mm_child_get_word (server->child));
  if (state == MM_CHILD_STOPPED && server->again)
    {
      server->again = FALSE;
      mm_server_child_start (server);
      return;
    }
  /* It may have ended because another process has the directory. */
  if (state == MM_CHILD_WAITING && server->wanted)
    look (server);
  changed (server);
}

void
mm_server_child_hush (MmServerChild *server)
{
  mm_child_hush (server->child);
}

void
mm_server_child_find (MmServerChild *server)
{
  if (server->wanted || mm_child_get_state (server->child) != MM_CHILD_STOPPED)
    return;
  server->only_found = TRUE;
  look (server);
}

void
mm_server_child_start (MmServerChild *server)
{
  if (mm_child_get_state (server->child) == MM_CHILD_STOPPING)
    {
      server->again = TRUE;
      return;
    }
  server->wanted = TRUE;
  server->only_found = FALSE;
  look (server);
  changed (server);
}

void
mm_server_child_stop (MmServerChild *server)
{
  server->wanted = FALSE;
  server->again = FALSE;
  server->foreign = FALSE;
  g_clear_handle_id (&server->timer, g_source_remove);
  g_cancellable_cancel (server->cancellable);
  g_clear_object (&server->cancellable);
  mm_child_stop (server->child);
  take_url (server, mm_child_get_word (server->child));
  changed (server);
}

void
mm_server_child_restart (MmServerChild *server)
{
  mm_server_child_stop (server);
  mm_server_child_start (server);
}

void
mm_server_child_stop_and_wait (MmServerChild *server)
{
  mm_server_child_stop (server);
  mm_child_stop_and_wait (server->child);
}

MmChildState
mm_server_child_get_state (MmServerChild *server)
{
  MmChildState state = mm_child_get_state (server->child);

  if (server->foreign)
    return MM_CHILD_RUNNING;
  /* The look that comes first belongs to the start. */
  return server->wanted && state == MM_CHILD_STOPPED ? MM_CHILD_STARTING : state;
}

gboolean
mm_server_child_is_foreign (MmServerChild *server)
{
  return server->foreign;
}

gboolean
mm_server_child_is_ours (MmServerChild *server)
{
  return server->wanted && !server->foreign;
}

const char *
mm_server_child_get_url (MmServerChild *server)
{
  return server->url;
}

const char *
mm_server_child_get_why (MmServerChild *server)
{
  return server->foreign ? NULL : mm_child_get_why (server->child);
}

char *
mm_server_child_dup_log (MmServerChild *server)
{
  return server->foreign ? g_strdup ("") : mm_child_dup_log (server->child);
}

guint
mm_server_child_get_restarts (MmServerChild *server)
{
  return mm_child_get_restarts (server->child);
}

MmApi *
mm_server_child_get_operator (MmServerChild *server)
{
  return server->operator;
}

const char *
mm_server_child_get_data_dir (MmServerChild *server)
{
  return server->data_dir;
}

static void
mm_server_child_dispose (GObject *object)
{
  MmServerChild *server = MM_SERVER_CHILD (object);

  g_clear_handle_id (&server->timer, g_source_remove);
  g_cancellable_cancel (server->cancellable);
  g_clear_object (&server->cancellable);
  if (server->child != NULL)
    {
      g_signal_handlers_disconnect_by_data (server->child, server);
      mm_child_stop (server->child);
    }
  g_clear_object (&server->child);
  g_clear_object (&server->operator);
  G_OBJECT_CLASS (mm_server_child_parent_class)->dispose (object);
}

static void
mm_server_child_finalize (GObject *object)
{
  MmServerChild *server = MM_SERVER_CHILD (object);

  g_free (server->data_dir);
  g_free (server->url);
  G_OBJECT_CLASS (mm_server_child_parent_class)->finalize (object);
}

static void
mm_server_child_class_init (MmServerChildClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mm_server_child_dispose;
  object_class->finalize = mm_server_child_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_SERVER_CHILD, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
mm_server_child_init (MmServerChild *server)
{
}

MmServerChild *
mm_server_child_new (const char *program,
                     const char *data_dir,
                     const char *listen,
                     const char *language)
{
  MmServerChild *server = g_object_new (MM_TYPE_SERVER_CHILD, NULL);
  g_autofree char *socket = g_build_filename (data_dir, "control.sock", NULL);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;

  g_strv_builder_add_many (words, program, "serve", "--die-with-stdin", "--data-dir", data_dir,
                           NULL);
  if (listen != NULL)
    g_strv_builder_add_many (words, "--listen", listen, NULL);
  argv = g_strv_builder_end (words);
  server->data_dir = g_strdup (data_dir);
  server->operator= mm_api_new_on_socket (socket, language);
  server->child = mm_child_new ((const char *const *) argv, GREETING);
  g_signal_connect_swapped (server->child, "changed", G_CALLBACK (on_child), server);
  return server;
}
