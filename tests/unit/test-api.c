/* The API as a server may abuse it: nothing of what it answers brings the desk down, is believed
 * without end, or carries the session elsewhere. The server is a real one, in this process. */
#include "mm-api.h"
#include "mm-desk.h"
#include "mm-fleet-sync.h"
#include "mm-json.h"

#include <string.h>

#define SESSION "abcDEF-123_456"

/* libsoup's server keeps every socket that it accepts (3.2.3): the leak checker would find only
 * those. What the client side loses, the app's tests find. */
int __lsan_is_turned_off (void) __attribute__ ((visibility ("default")));

int
__lsan_is_turned_off (void)
{
  return 1;
}

typedef struct
{
  SoupServer *server;
  MmApi *api;
  const char *type; /* of the answer to come */
  guint status;
  char *body;
  guint n_asked;
  char *bearer; /* of the last question */
} Rig;

static void
on_asked (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  Rig *rig = user_data;
  SoupMessageHeaders *head = soup_server_message_get_response_headers (message);

  rig->n_asked++;
  g_free (rig->bearer);
  rig->bearer
      = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                "Authorization"));
  soup_server_message_set_status (message, rig->status, NULL);
  if (rig->status == 302)
    soup_message_headers_replace (head, "Location", "/elsewhere");
  soup_server_message_set_response (message, rig->type, SOUP_MEMORY_COPY, rig->body,
                                    strlen (rig->body));
}

static void
rig_begin (Rig *rig, guint status, char *body)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;
  g_autofree char *url = NULL;

  *rig = (Rig){ .status = status, .body = body, .type = "application/json" };
  rig->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (rig->server, NULL, on_asked, rig, NULL);
  soup_server_listen_local (rig->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (rig->server);
  url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  rig->api = mm_api_new (url, "en");
}

static void
rig_end (Rig *rig)
{
  g_clear_object (&rig->api);
  soup_server_disconnect (rig->server);
  g_clear_object (&rig->server);
  g_free (rig->body);
  g_free (rig->bearer);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static JsonNode *
ask (Rig *rig, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mm_api_send_async (rig->api, "GET", "/api/v1/server", NULL, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return mm_api_send_finish (rig->api, result, error);
}

static char *
brackets (guint n)
{
  char *text = g_malloc (n + 1);

  memset (text, '[', n);
  text[n] = '\0';
  return text;
}

static void
test_strange (void)
{
  static const guint statuses[] = { 200, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      Rig rig;
      g_autoptr (GError) error = NULL;

      rig_begin (&rig, statuses[i], brackets (300000));
      g_assert_null (ask (&rig, &error));
      g_assert_error (error, MM_REACH_ERROR, MM_REACH_ERROR_STRANGE);
      rig_end (&rig);
    }
}

/* The answer that says where else to ask is not followed, and the session stays here. */
static void
test_redirect (void)
{
  Rig rig;
  g_autoptr (GError) error = NULL;

  rig_begin (&rig, 302, g_strdup (""));
  mm_api_set_session (rig.api, SESSION);
  g_assert_null (ask (&rig, &error));
  g_assert_error (error, MM_REACH_ERROR, MM_REACH_ERROR_STRANGE);
  g_assert_cmpuint (rig.n_asked, ==, 1);
  g_assert_cmpstr (rig.bearer, ==, "Bearer " SESSION);
  rig_end (&rig);
}

/* A sentence may be missing; a field without one is not shown as wrong. */
static void
test_fields (void)
{
  Rig rig;
  g_autoptr (GError) error = NULL;
  const GPtrArray *fields;

  rig_begin (&rig, 422,
             g_strdup ("{\"code\": \"fields\", \"detail\": \"Wrong.\", \"errors\": [{\"field\": "
                       "\"mail\"}, 7, {\"field\": \"name\", \"code\": \"x\", \"detail\": \"So.\"}, "
                       "{\"detail\": \"Of nothing.\"}]}"));
  g_assert_null (ask (&rig, &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
  fields = mm_error_fields (error);
  g_assert_cmpuint (fields->len, ==, 1);
  g_assert_cmpstr (((const MmFieldError *) fields->pdata[0])->field, ==, "name");
  rig_end (&rig);
}

static void
test_session (void)
{
  g_autofree char *most = g_strnfill (256, 'a');
  g_autofree char *more = g_strnfill (257, 'a');

  g_assert_true (mm_api_is_session (SESSION));
  g_assert_true (mm_api_is_session (most));
  g_assert_false (mm_api_is_session (more));
  g_assert_false (mm_api_is_session (NULL));
  g_assert_false (mm_api_is_session (""));
  g_assert_false (mm_api_is_session ("a b"));
  g_assert_false (mm_api_is_session ("a\r\nCookie: b"));
  g_assert_false (mm_api_is_session ("\xC3\xA9"));
}

/* A session that would be a head of its own. */
static void
test_sign_in (void)
{
  Rig rig;
  g_autoptr (MmDesk) desk = mm_desk_new ("en");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  rig_begin (&rig, 201, g_strdup ("{\"kind\": \"dealer\", \"session\": \"a\\r\\nX: y\"}"));
  mm_desk_sign_in_async (desk, rig.api, "Somebody", "password", NULL, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (mm_desk_sign_in_finish (desk, result, &error));
  g_assert_error (error, MM_REACH_ERROR, MM_REACH_ERROR_STRANGE);
  g_assert_cmpint (mm_desk_get_state (desk), ==, MM_DESK_SIGNED_OUT);
  rig_end (&rig);
}

/* A list whose every page promises another one comes to an end. */
static void
test_endless_list (void)
{
  Rig rig;
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (MmLiveFeed) feed = NULL;
  g_autoptr (MmFleetSync) sync = NULL;

  rig_begin (&rig, 200,
             g_strdup ("{\"gateways\": [{\"id\": \"GW\", \"status\": \"normal\"}], "
                       "\"next\": \"again\"}"));
  feed = mm_live_feed_new (rig.api);
  sync = mm_fleet_sync_new (table, rig.api, feed);
  mm_fleet_sync_reload (sync);
  while (mm_fleet_table_get_error (table) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (mm_fleet_table_get_error (table), MM_REACH_ERROR, MM_REACH_ERROR_STRANGE);
  g_assert_cmpuint (rig.n_asked, <=, MM_FLEET_MOST / 1000);
  g_assert_cmpuint (mm_fleet_table_get_size (table), ==, 1);
  mm_fleet_sync_stop (sync);
  g_clear_object (&sync);
  g_clear_object (&feed);
  rig_end (&rig);
}

/* The feed may tell for ever, and never end a batch. */
static void
test_endless_feed (void)
{
  Rig rig;
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (JsonNode) gateway = mm_json_new_texts ("id", "GW", "status", "normal", NULL);
  g_autoptr (MmLiveFeed) feed = NULL;
  g_autoptr (MmFleetSync) sync = NULL;

  rig_begin (&rig, 200, g_strdup (""));
  feed = mm_live_feed_new (rig.api);
  sync = mm_fleet_sync_new (table, rig.api, feed);
  g_signal_emit_by_name (feed, "gateway", mm_json_root (gateway));
  g_assert_cmpuint (mm_fleet_table_get_size (table), ==, 0);
  for (guint i = 0; i < 100000; i++)
    g_signal_emit_by_name (feed, "gateway", mm_json_root (gateway));
  g_assert_cmpuint (mm_fleet_table_get_size (table), ==, 1);
  mm_fleet_sync_stop (sync);
  g_clear_object (&sync);
  g_clear_object (&feed);
  rig_end (&rig);
}

static void
test_too_many (void)
{
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (GArray) records = g_array_new (FALSE, TRUE, sizeof (MmFleetRecord));

  g_array_set_size (records, MM_FLEET_MOST + 10);
  for (guint i = 0; i < records->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);

      mm_fleet_record_set_texts (&g_array_index (records, MmFleetRecord, i),
                                 &(MmFleetTexts){ id, "", "", "", "", "", "", "" });
    }
  mm_fleet_table_apply (table, records, NULL);
  g_assert_cmpuint (mm_fleet_table_get_size (table), ==, MM_FLEET_MOST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api/strange", test_strange);
  g_test_add_func ("/api/redirect", test_redirect);
  g_test_add_func ("/api/fields", test_fields);
  g_test_add_func ("/api/session", test_session);
  g_test_add_func ("/api/sign-in", test_sign_in);
  g_test_add_func ("/api/endless-list", test_endless_list);
  g_test_add_func ("/api/endless-feed", test_endless_feed);
  g_test_add_func ("/api/too-many", test_too_many);
  return g_test_run ();
}
