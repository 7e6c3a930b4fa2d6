#define G_LOG_DOMAIN "mm-demo"

#include "mm-demo-terminal.h"

#include "mm-demo-fleet.h"
#include "mm-desk.h"
#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"
#include "mm-status.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define DRAW_EVERY 3 /* seconds, on a terminal */
#define LINE_EVERY 5 /* seconds, elsewhere */

typedef struct
{
  GMainLoop *loop;
  MmDemoFleet *demo;
  MmApi *api;
  gboolean asking;
  gboolean signed_in;
  gboolean is_terminal;
  MmDemoStep told; /* the last step that was told */
  guint timer;
  int status;
} Terminal;

/* Writing */

/* Appends @text in @width columns: cut, or filled up at its end, or in front if @to_right. */
static void
append_cell (GString *line, const char *text, guint width, gboolean to_right)
{
  g_autoptr (GString) cut = g_string_new (NULL);
  guint used = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (used + (g_unichar_iswide (letter) ? 2 : 1) > width)
        break;
      used += g_unichar_iswide (letter) ? 2 : 1;
      g_string_append_unichar (cut, letter);
    }
  g_string_append_printf (line, "%*s%s%*s  ", to_right ? (int) (width - used) : 0, "", cut->str,
                          to_right ? 0 : (int) (width - used), "");
}

static double
value_of (JsonObject *gateway, const char *quantity)
{
  JsonObject *value = mm_json_object (mm_json_object (gateway, "values"), quantity);

  return value != NULL ? mm_json_number (value, "value") : NAN;
}

static void
append_figure (GString *line, MmFigure figure, guint width)
{
  g_autofree char *text = mm_figure_text (&figure);

  append_cell (line, text, width, TRUE);
}

static MmStatus
status_of (JsonObject *gateway)
{
  MmStatus status = MM_STATUS_NORMAL;

  mm_status_from_name (mm_json_text (gateway, "status"), &status);
  return status;
}

static char *
gateway_line (JsonObject *gateway, gint64 now, GTimeZone *zone)
{
  const MmLanguage *language = mm_own_language ();
  GString *line = g_string_new (NULL);
  gint64 contact = mm_json_time (gateway, "last_contact");
  g_autofree char *age
      = contact != 0 ? mm_figure_age_short (language, now, contact, zone) : g_strdup ("–");

  append_cell (line, _ (mm_status_label (status_of (gateway))), 18, FALSE);
  append_cell (line, mm_json_text (gateway, "id"), 10, FALSE);
  append_cell (line, mm_json_text (mm_json_object (gateway, "customer"), "name"), 14, FALSE);
  append_cell (line, mm_json_text (gateway, "municipality"), 10, FALSE);
  append_figure (line, mm_figure_power (language, value_of (gateway, "pv_power")), 8);
  append_figure (line, mm_figure_power (language, value_of (gateway, "load_power")), 8);
  append_figure (line, mm_figure_percent (language, value_of (gateway, "soc")), 6);
  append_figure (line, mm_figure_energy (language, mm_json_number (gateway, "today_energy")), 9);
  append_cell (line, age, 8, TRUE);
  return g_string_free (line, FALSE);
}

/* "20 gateways: Fault 2, Normal 18; producing 31.2 kW" */
static char *
summary_of (JsonObject *fleet)
{
  JsonArray *gateways = mm_json_array (fleet, "gateways");
  guint counts[MM_N_STATUSES] = { 0 };
  g_autoptr (GString) statuses = g_string_new (NULL);
  g_autofree char *power = NULL;
  double watts = 0;
  MmFigure figure;

  for (guint i = 0; i < mm_json_length (gateways); i++)
    {
      JsonObject *gateway = mm_json_element (gateways, i);
      double pv = value_of (gateway, "pv_power");

      counts[status_of (gateway)]++;
      watts += isnan (pv) ? 0 : pv;
    }
  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (counts[i] > 0)
      g_string_append_printf (statuses, "%s%s %u", statuses->len > 0 ? ", " : "",
                              _ (mm_status_label (i)), counts[i]);
  figure = mm_figure_power (mm_own_language (), watts);
  power = mm_figure_text (&figure);
  return g_strdup_printf (ngettext ("%1$u gateway: %2$s; producing %3$s",
                                    "%1$u gateways: %2$s; producing %3$s",
                                    mm_json_length (gateways)),
                          mm_json_length (gateways), statuses->str, power);
}

static void
draw (Terminal *terminal, JsonObject *fleet)
{
  JsonArray *gateways = mm_json_array (fleet, "gateways");
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GString) heading = g_string_new (NULL);
  g_autofree char *summary = summary_of (fleet);
  gint64 now = mm_json_time (fleet, "now");

  append_cell (heading, _ ("Status"), 18, FALSE);
  append_cell (heading, _ ("ID"), 10, FALSE);
  append_cell (heading, _ ("Customer"), 14, FALSE);
  append_cell (heading, _ ("Place"), 10, FALSE);
  append_cell (heading, C_ ("power", "PV"), 8, TRUE);
  append_cell (heading, _ ("House"), 8, TRUE);
  append_cell (heading, _ ("Battery"), 6, TRUE);
  append_cell (heading, _ ("Today"), 9, TRUE);
  append_cell (heading, _ ("Last contact"), 8, TRUE);
  /* Clear, then from the upper left corner. */
  g_print ("\033[H\033[2J%s\n\n%s\n", _ ("Demo fleet – simulated houses"), heading->str);
  for (guint i = 0; i < mm_json_length (gateways); i++)
    {
      g_autofree char *line = gateway_line (mm_json_element (gateways, i), now, zone);

      g_print ("%s\n", line);
    }
  g_print ("\n%s\n%s\n%s\n", summary,
           terminal->told == MM_DEMO_LIVING ? "" : mm_demo_fleet_get_words (terminal->demo),
           _ ("Ctrl-C ends it."));
}

/* Asking */

static void
on_fleet (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Terminal *terminal = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  terminal->asking = FALSE;
  if (answer == NULL)
    g_printerr ("mimamori: %s\n", error->message);
  else if (terminal->is_terminal)
    draw (terminal, mm_json_root (answer));
  else
    {
      g_autofree char *summary = summary_of (mm_json_root (answer));

      g_print ("%s\n", summary);
    }
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Terminal *terminal = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = mm_api_send_finish (MM_API (source), result, &error);

  terminal->asking = FALSE;
  terminal->signed_in = answer != NULL;
  if (answer != NULL)
    mm_api_set_session (terminal->api, mm_json_text (mm_json_root (answer), "session"));
  else
    g_printerr ("mimamori: %s\n", error->message);
}

static void
sign_in (Terminal *terminal)
{
  JsonObject *body = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (body, "user_id", mm_demo_fleet_get_user_id (terminal->demo));
  json_object_set_string_member (body, "password", mm_demo_fleet_get_password (terminal->demo));
  json_node_take_object (node, body);
  if (terminal->api == NULL)
    terminal->api
        = mm_api_new (mm_demo_fleet_get_url (terminal->demo), mm_language_tag (mm_own_language ()));
  mm_api_send_async (terminal->api, "POST", "/api/v1/sessions", node, NULL, on_signed_in, terminal);
}

static gboolean
on_tick (gpointer user_data)
{
  Terminal *terminal = user_data;

  if (terminal->asking || mm_demo_fleet_get_url (terminal->demo) == NULL)
    return G_SOURCE_CONTINUE;
  terminal->asking = TRUE;
  if (terminal->signed_in)
    mm_api_send_async (terminal->api, "GET", "/api/v1/gateways?limit=200", NULL, NULL, on_fleet,
                       terminal);
  else
    sign_in (terminal);
  return G_SOURCE_CONTINUE;
}

static void
on_demo (Terminal *terminal)
{
  MmDemoStep step = mm_demo_fleet_get_step (terminal->demo);
  const char *why = mm_demo_fleet_get_why (terminal->demo);

  if (step != terminal->told && step != MM_DEMO_STOPPED)
    g_print ("%s\n", mm_demo_fleet_get_words (terminal->demo));
  if (step != terminal->told && step == MM_DEMO_PAST)
    on_tick (terminal);
  terminal->told = step;
  if (step == MM_DEMO_FAILED)
    {
      g_printerr ("mimamori: %s\n", why);
      terminal->status = 1;
      g_main_loop_quit (terminal->loop);
    }
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (((Terminal *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

int
mm_demo_terminal_run (const char *server, const char *gateway)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *data_dir = mm_demo_fleet_default_dir ();
  g_autoptr (MmDemoFleet) demo
      = mm_demo_fleet_new (server, gateway, data_dir, mm_language_tag (mm_own_language ()));
  Terminal terminal = {
    .loop = loop,
    .demo = demo,
    .is_terminal = isatty (STDOUT_FILENO),
  };
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_signal, &terminal),
    g_unix_signal_add (SIGTERM, on_signal, &terminal),
    g_timeout_add_seconds (terminal.is_terminal ? DRAW_EVERY : LINE_EVERY, on_tick, &terminal),
  };

  g_signal_connect_swapped (demo, "changed", G_CALLBACK (on_demo), &terminal);
  mm_demo_fleet_hush (demo);
  mm_demo_fleet_start (demo);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_signal_handlers_disconnect_by_data (demo, &terminal);
  mm_demo_fleet_stop_and_wait (demo);
  /* What was asked last is answered, if only with "unreachable", before its place is gone. */
  while (terminal.asking)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&terminal.api);
  return terminal.status;
}
