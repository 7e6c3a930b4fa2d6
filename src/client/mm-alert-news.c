#include "mm-alert-news.h"

#include "mm-gettext.h"
#include "mm-json.h"

#include <string.h>

#define NAMED 3 /* gateways named in the notice about several */

typedef enum
{
  FAULT,
  OFFLINE,
  N_KINDS,
} Kind;

static const char *const group_ids[N_KINDS] = { "alerts-fault", "alerts-offline" };

/* What is known of an alert. */
typedef enum
{
  SILENT, /* no notice is about it */
  ALONE,  /* a notice of its own */
  GROUPED,
} Shown;

typedef struct
{
  Kind kind;
  Shown shown;
  gint64 at; /* when it came */
  char *gateway;
} Known;

typedef struct
{
  guint size;  /* alerts that the notice is about and that are still open */
  gint64 last; /* when the last of them came */
} Group;

struct _MmAlertNews
{
  GObject parent;

  GHashTable *known;          /* ID → Known */
  GHashTable *queue;          /* ID → JsonObject, the last that came */
  GPtrArray *recent[N_KINDS]; /* IDs of the notices of their own, oldest first */
  Group groups[N_KINDS];
};

G_DEFINE_FINAL_TYPE (MmAlertNews, mm_alert_news, G_TYPE_OBJECT)

enum
{
  SHOW,
  WITHDRAW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
known_free (Known *known)
{
  g_free (known->gateway);
  g_free (known);
}

static gboolean
is_open (JsonObject *alert)
{
  return strcmp (mm_json_text (alert, "state"), "open") == 0;
}

static Kind
kind_of (JsonObject *alert)
{
  return strcmp (mm_json_text (alert, "kind"), "offline") == 0 ? OFFLINE : FAULT;
}

static gboolean
is_worth_it (JsonObject *alert)
{
  MmSeverity severity;

  return kind_of (alert) == OFFLINE
         || !mm_severity_from_name (mm_json_text (alert, "severity"), &severity)
         || severity >= MM_SEVERITY_WARNING;
}

static Known *
remember (MmAlertNews *news, JsonObject *alert, gint64 now)
{
  Known *known = g_new0 (Known, 1);

  known->kind = kind_of (alert);
  known->at = now;
  known->gateway = g_strdup (mm_json_text (alert, "gateway"));
  g_hash_table_insert (news->known, g_strdup (mm_json_text (alert, "id")), known);
  return known;
}

static void
withdraw (MmAlertNews *news, const char *id)
{
  g_signal_emit (news, signals[WITHDRAW], 0, id);
}

/* Nothing is to be said about it any more. */
static void
settle_down (MmAlertNews *news, const char *id, Known *known)
{
  Group *group = &news->groups[known->kind];

  if (known->shown == ALONE)
    {
      withdraw (news, id);
      g_ptr_array_remove (news->recent[known->kind], (gpointer) id);
    }
  else if (known->shown == GROUPED && --group->size == 0)
    withdraw (news, group_ids[known->kind]);
  known->shown = SILENT;
}

/* "GW-1 · name · place", and what to do first. */
static char *
body_of (JsonObject *alert)
{
  const char *names[] = { "gateway", "customer", "municipality" };
  const char *step = mm_json_text (alert, "first_step");
  const char *parts[G_N_ELEMENTS (names) + 1] = { NULL };
  g_autofree char *where = NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (*mm_json_text (alert, names[i]) != '\0')
      parts[n++] = mm_json_text (alert, names[i]);
  where = g_strjoinv (" · ", (char **) parts);
  return *step != '\0' ? g_strdup_printf ("%s\n%s", where, step) : g_steal_pointer (&where);
}

static void
show_alone (MmAlertNews *news, JsonObject *alert)
{
  const char *id = mm_json_text (alert, "id");
  gpointer key, known;
  MmStatus status = mm_alert_words_status (alert);
  const char *word = _ (mm_status_label (status));
  g_autofree char *headline = mm_alert_words_headline (alert);
  g_autofree char *title = status == MM_STATUS_OFFLINE
                               ? g_strdup (headline)
                               : g_strdup_printf (C_ ("status: what", "%s: %s"), word, headline);
  g_autofree char *body = body_of (alert);
  MmAlertNotice notice = { .id = id,
                           .title = title,
                           .body = body,
                           .gateway = mm_json_text (alert, "gateway"),
                           .alert = id,
                           .is_urgent = status == MM_STATUS_FAULT };

  g_hash_table_lookup_extended (news->known, id, &key, &known);
  ((Known *) known)->shown = ALONE;
  g_ptr_array_add (news->recent[((Known *) known)->kind], key);
  g_signal_emit (news, signals[SHOW], 0, &notice);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Some gateways of the group, by name. */
static char *
names_of (MmAlertNews *news, Kind kind)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer known;
  GString *text = g_string_new (NULL);

  g_hash_table_iter_init (&iter, news->known);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    if (((Known *) known)->kind == kind && ((Known *) known)->shown == GROUPED)
      g_ptr_array_add (names, ((Known *) known)->gateway);
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < MIN (names->len, NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (char *) names->pdata[i]);
  if (names->len > NAMED)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

static void
show_group (MmAlertNews *news, Kind kind)
{
  guint n = news->groups[kind].size;
  g_autofree char *title
      = kind == OFFLINE
            ? g_strdup_printf (ngettext ("%u gateway lost contact", "%u gateways lost contact", n),
                               n)
            : g_strdup_printf (ngettext ("%u new alert", "%u new alerts", n), n);
  g_autofree char *body = names_of (news, kind);
  MmAlertNotice notice
      = { .id = group_ids[kind], .title = title, .body = body, .is_urgent = kind == FAULT };

  g_signal_emit (news, signals[SHOW], 0, &notice);
}

/* Those of @fresh (JsonObject), which came at @now. */
static void
tell (MmAlertNews *news, Kind kind, GPtrArray *fresh, gint64 now)
{
  Group *group = &news->groups[kind];
  GPtrArray *recent = news->recent[kind];

  while (recent->len > 0)
    {
      Known *known = g_hash_table_lookup (news->known, recent->pdata[0]);

      if (now - known->at <= MM_ALERT_NEWS_SPAN)
        break;
      g_ptr_array_remove_index (recent, 0);
    }
  if (recent->len + fresh->len <= MM_ALERT_NEWS_FEW
      && (group->size == 0 || now - group->last > MM_ALERT_NEWS_SPAN))
    {
      for (guint i = 0; i < fresh->len; i++)
        show_alone (news, fresh->pdata[i]);
      return;
    }
  for (guint i = 0; i < recent->len; i++)
    {
      withdraw (news, recent->pdata[i]);
      ((Known *) g_hash_table_lookup (news->known, recent->pdata[i]))->shown = GROUPED;
    }
  for (guint i = 0; i < fresh->len; i++)
    ((Known *) g_hash_table_lookup (news->known, mm_json_text (fresh->pdata[i], "id")))->shown
        = GROUPED;
  group->size += recent->len + fresh->len;
  group->last = now;
  g_ptr_array_set_size (recent, 0);
  show_group (news, kind);
}

void
mm_alert_news_settle (MmAlertNews *news, gint64 now)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new ();
  g_autoptr (GPtrArray) offline = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer alert_id, alert, id, known;

  g_hash_table_iter_init (&iter, news->queue);
  while (g_hash_table_iter_next (&iter, &alert_id, &alert))
    if (g_hash_table_lookup_extended (news->known, alert_id, &id, &known))
      {
        if (!is_open (alert))
          settle_down (news, id, known);
      }
    else
      {
        remember (news, alert, now);
        if (is_open (alert) && is_worth_it (alert))
          g_ptr_array_add (kind_of (alert) == OFFLINE ? offline : faults, alert);
      }
  if (faults->len > 0)
    tell (news, FAULT, faults, now);
  if (offline->len > 0)
    tell (news, OFFLINE, offline, now);
  g_hash_table_remove_all (news->queue);
}

void
mm_alert_news_know (MmAlertNews *news, JsonObject *alert)
{
  if (!g_hash_table_contains (news->known, mm_json_text (alert, "id")))
    remember (news, alert, 0);
}

void
mm_alert_news_take (MmAlertNews *news, JsonObject *alert)
{
  g_hash_table_insert (news->queue, g_strdup (mm_json_text (alert, "id")), json_object_ref (alert));
}

void
mm_alert_news_clear (MmAlertNews *news)
{
  GHashTableIter iter;
  gpointer id, known;

  g_hash_table_remove_all (news->queue);
  g_hash_table_iter_init (&iter, news->known);
  while (g_hash_table_iter_next (&iter, &id, &known))
    settle_down (news, id, known);
  g_hash_table_remove_all (news->known);
}

static void
mm_alert_news_finalize (GObject *object)
{
  MmAlertNews *news = MM_ALERT_NEWS (object);

  g_hash_table_unref (news->known);
  g_hash_table_unref (news->queue);
  for (Kind kind = 0; kind < N_KINDS; kind++)
    g_ptr_array_unref (news->recent[kind]);
  G_OBJECT_CLASS (mm_alert_news_parent_class)->finalize (object);
}

static void
mm_alert_news_class_init (MmAlertNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mm_alert_news_finalize;
  signals[SHOW] = g_signal_new ("show", MM_TYPE_ALERT_NEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[WITHDRAW] = g_signal_new ("withdraw", MM_TYPE_ALERT_NEWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mm_alert_news_init (MmAlertNews *news)
{
  news->known
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) known_free);
  news->queue
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  for (Kind kind = 0; kind < N_KINDS; kind++)
    news->recent[kind] = g_ptr_array_new ();
}

MmAlertNews *
mm_alert_news_new (void)
{
  return g_object_new (MM_TYPE_ALERT_NEWS, NULL);
}
