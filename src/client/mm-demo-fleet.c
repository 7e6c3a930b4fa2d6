#define G_LOG_DOMAIN "mm-demo"

#include "mm-demo-fleet.h"

#include "mm-gettext.h"
#include "mm-json.h"

#define PAST_DAYS "14"

struct _MmDemoFleet
{
  GObject parent;

  char *data_dir;
  char *gateway;
  MmServerChild *server;
  MmChild *houses; /* NULL before they are made, and when somebody else lives them */
  GCancellable *cancellable;
  MmDemoStep step;
  char *why;
  char *user_id;
  char *password;
  gboolean hushed;
};

G_DEFINE_FINAL_TYPE (MmDemoFleet, mm_demo_fleet, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

char *
mm_demo_fleet_default_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "mimamori-demo", NULL);
}

static void
set_step (MmDemoFleet *demo, MmDemoStep step)
{
  demo->step = step;
  g_signal_emit (demo, signals[CHANGED], 0);
}

/* The houses */

static void
on_houses (MmDemoFleet *demo)
{
  if (demo->step == MM_DEMO_PAST && mm_child_get_state (demo->houses) == MM_CHILD_RUNNING)
    set_step (demo, MM_DEMO_LIVING);
  else
    g_signal_emit (demo, signals[CHANGED], 0);
}

static void
live_houses (MmDemoFleet *demo, const char *fleet_file)
{
  const char *argv[] = { demo->gateway,
                         "simulate",
                         "--die-with-stdin",
                         "--fleet",
                         fleet_file,
                         "--server",
                         mm_server_child_get_url (demo->server),
                         "--backfill",
                         PAST_DAYS,
                         NULL };

  demo->houses = mm_child_new (argv, "living ");
  g_signal_connect_swapped (demo->houses, "changed", G_CALLBACK (on_houses), demo);
  if (demo->hushed)
    mm_child_hush (demo->houses);
  mm_child_start (demo->houses);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MmDemoFleet) demo = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);
  JsonObject *made = mm_json_root (answer);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&demo->cancellable);
  if (mm_server_child_get_state (demo->server) != MM_CHILD_RUNNING)
    {
      /* It ended over it; it is started again and asked again. */
      set_step (demo, MM_DEMO_SERVER);
      return;
    }
  if (made == NULL)
    {
      g_free (demo->why);
      demo->why = g_strdup (error != NULL ? error->message : "");
      set_step (demo, MM_DEMO_FAILED);
      return;
    }
  demo->user_id = g_strdup (mm_json_text (made, "user_id"));
  demo->password = g_strdup (mm_json_text (made, "password"));
  if (mm_server_child_is_foreign (demo->server))
    {
      set_step (demo, MM_DEMO_LIVING);
      return;
    }
  set_step (demo, MM_DEMO_PAST);
  live_houses (demo, mm_json_text (made, "fleet_file"));
}

/* The server */

static void
on_server (MmDemoFleet *demo)
{
  if (demo->step == MM_DEMO_SERVER && demo->cancellable == NULL
      && mm_server_child_get_state (demo->server) == MM_CHILD_RUNNING)
    {
      demo->cancellable = g_cancellable_new ();
      set_step (demo, MM_DEMO_HOUSES);
      mm_api_send_async (mm_server_child_get_operator (demo->server), "POST", "/operator/v1/demo",
                         NULL, demo->cancellable, on_made, g_object_ref (demo));
    }
  else
    g_signal_emit (demo, signals[CHANGED], 0);
}

void
mm_demo_fleet_hush (MmDemoFleet *demo)
{
  demo->hushed = TRUE;
  mm_server_child_hush (demo->server);
}

void
mm_demo_fleet_start (MmDemoFleet *demo)
{
  if (demo->step != MM_DEMO_STOPPED && demo->step != MM_DEMO_FAILED)
    return;
  g_clear_pointer (&demo->why, g_free);
  set_step (demo, MM_DEMO_SERVER);
  mm_server_child_start (demo->server);
}

void
mm_demo_fleet_stop_and_wait (MmDemoFleet *demo)
{
  g_autoptr (MmDemoFleet) held = g_object_ref (demo);

  demo->step = MM_DEMO_STOPPED;
  g_cancellable_cancel (demo->cancellable);
  g_clear_object (&demo->cancellable);
  if (demo->houses != NULL)
    {
      g_signal_handlers_disconnect_by_data (demo->houses, demo);
      mm_child_stop_and_wait (demo->houses);
    }
  g_clear_object (&demo->houses);
  mm_server_child_stop_and_wait (demo->server);
  g_clear_pointer (&demo->user_id, g_free);
  g_clear_pointer (&demo->password, g_free);
  g_signal_emit (demo, signals[CHANGED], 0);
}

MmDemoStep
mm_demo_fleet_get_step (MmDemoFleet *demo)
{
  return demo->step;
}

const char *
mm_demo_fleet_get_words (MmDemoFleet *demo)
{
  switch (demo->step)
    {
    case MM_DEMO_SERVER:
      return _ ("Starting a server for the demo…");
    case MM_DEMO_HOUSES:
      return _ ("Registering a dealer, customers and twenty houses…");
    case MM_DEMO_PAST:
      return _ ("Filling in the past days…");
    case MM_DEMO_LIVING:
      return _ ("The houses are living.");
    case MM_DEMO_FAILED:
      return _ ("The demo cannot be shown.");
    case MM_DEMO_STOPPED:
    default:
      return _ ("The demo has ended.");
    }
}

const char *
mm_demo_fleet_get_why (MmDemoFleet *demo)
{
  if (demo->step == MM_DEMO_FAILED)
    return demo->why;
  if (demo->step == MM_DEMO_SERVER && mm_server_child_get_state (demo->server) == MM_CHILD_WAITING)
    return mm_server_child_get_why (demo->server);
  if (demo->houses != NULL && mm_child_get_state (demo->houses) == MM_CHILD_WAITING)
    return mm_child_get_why (demo->houses);
  return NULL;
}

const char *
mm_demo_fleet_get_url (MmDemoFleet *demo)
{
  return demo->user_id != NULL ? mm_server_child_get_url (demo->server) : NULL;
}

const char *
mm_demo_fleet_get_user_id (MmDemoFleet *demo)
{
  return demo->user_id;
}

const char *
mm_demo_fleet_get_password (MmDemoFleet *demo)
{
  return demo->password;
}

MmServerChild *
mm_demo_fleet_get_server (MmDemoFleet *demo)
{
  return demo->server;
}

/* Deleting */

/* A link is deleted itself, not what it leads to. */
static gboolean
delete_tree (GFile *file, GError **error)
{
  g_autoptr (GFileEnumerator) names = NULL;
  gboolean is_folder = g_file_query_file_type (file, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL)
                       == G_FILE_TYPE_DIRECTORY;
  gboolean is_read = TRUE;
  GFile *child = NULL;

  if (is_folder)
    names = g_file_enumerate_children (file, G_FILE_ATTRIBUTE_STANDARD_NAME,
                                       G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);
  if (is_folder && names == NULL)
    return FALSE;
  while (names != NULL && (is_read = g_file_enumerator_iterate (names, NULL, &child, NULL, error))
         && child != NULL)
    if (!delete_tree (child, error))
      return FALSE;
  return is_read && g_file_delete (file, NULL, error);
}

static void
delete_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GFile) dir = g_file_new_for_path (data);
  g_autoptr (GError) error = NULL;

  if (delete_tree (dir, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
mm_demo_fleet_delete_async (const char *data_dir, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, mm_demo_fleet_delete_async);
  g_task_set_task_data (task, g_strdup (data_dir), g_free);
  g_task_run_in_thread (task, delete_in_thread);
}

gboolean
mm_demo_fleet_delete_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The object */

static void
mm_demo_fleet_dispose (GObject *object)
{
  MmDemoFleet *demo = MM_DEMO_FLEET (object);

  g_cancellable_cancel (demo->cancellable);
  g_clear_object (&demo->cancellable);
  if (demo->houses != NULL)
    {
      g_signal_handlers_disconnect_by_data (demo->houses, demo);
      mm_child_stop (demo->houses);
    }
  g_clear_object (&demo->houses);
  if (demo->server != NULL)
    g_signal_handlers_disconnect_by_data (demo->server, demo);
  g_clear_object (&demo->server);
  G_OBJECT_CLASS (mm_demo_fleet_parent_class)->dispose (object);
}

static void
mm_demo_fleet_finalize (GObject *object)
{
  MmDemoFleet *demo = MM_DEMO_FLEET (object);

  g_free (demo->data_dir);
  g_free (demo->gateway);
  g_free (demo->why);
  g_free (demo->user_id);
  g_free (demo->password);
  G_OBJECT_CLASS (mm_demo_fleet_parent_class)->finalize (object);
}

static void
mm_demo_fleet_class_init (MmDemoFleetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mm_demo_fleet_dispose;
  object_class->finalize = mm_demo_fleet_finalize;
  signals[CHANGED] = g_signal_new ("changed", MM_TYPE_DEMO_FLEET, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mm_demo_fleet_init (MmDemoFleet *demo)
{
}

/* A port that is free now. The server keeps it over its restarts, so that the houses and who has
 * signed in find it again. */
static char *
free_address (void)
{
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (socket != NULL && g_socket_bind (socket, any, FALSE, NULL))
    bound = g_socket_get_local_address (socket, NULL);
  return g_strdup_printf ("127.0.0.1:%u", bound != NULL ? g_inet_socket_address_get_port (
                                              G_INET_SOCKET_ADDRESS (bound))
                                                        : 0);
}

MmDemoFleet *
mm_demo_fleet_new (const char *server,
                   const char *gateway,
                   const char *data_dir,
                   const char *language)
{
  MmDemoFleet *demo = g_object_new (MM_TYPE_DEMO_FLEET, NULL);
  g_autofree char *listen = free_address ();

  demo->data_dir = g_strdup (data_dir);
  demo->gateway = g_strdup (gateway);
  demo->server = mm_server_child_new (server, data_dir, listen, language);
  g_signal_connect_swapped (demo->server, "changed", G_CALLBACK (on_server), demo);
  return demo;
}
