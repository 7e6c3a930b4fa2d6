#include "mm-alert-item.h"

#include "mm-json.h"
#include "mm-search.h"

#include <string.h>

struct _MmAlertItem
{
  GObject parent;

  JsonObject *alert;
  char *folded; /* all its words, as they are compared; NULL until a search needs them */
};

G_DEFINE_FINAL_TYPE (MmAlertItem, mm_alert_item, G_TYPE_OBJECT)

enum
{
  PROP_ALERT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

JsonObject *
mm_alert_item_get_alert (MmAlertItem *item)
{
  return item->alert;
}

void
mm_alert_item_set_alert (MmAlertItem *item, JsonObject *alert)
{
  json_object_ref (alert);
  json_object_unref (item->alert);
  item->alert = alert;
  g_clear_pointer (&item->folded, g_free);
  g_object_notify_by_pspec (G_OBJECT (item), props[PROP_ALERT]);
}

const char *
mm_alert_item_get_id (MmAlertItem *item)
{
  return mm_json_text (item->alert, "id");
}

gboolean
mm_alert_item_is_acknowledged (MmAlertItem *item)
{
  return mm_json_object (item->alert, "acknowledged") != NULL;
}

int
mm_alert_item_compare_past (MmAlertItem *a, MmAlertItem *b)
{
  gint64 first = mm_json_time (a->alert, "opened");
  gint64 second = mm_json_time (b->alert, "opened");

  if (first != second)
    return first > second ? -1 : 1;
  return strcmp (mm_alert_item_get_id (b), mm_alert_item_get_id (a));
}

int
mm_alert_item_compare_open (MmAlertItem *a, MmAlertItem *b)
{
  guint first = mm_status_urgency (mm_alert_words_status (a->alert), FALSE);
  guint second = mm_status_urgency (mm_alert_words_status (b->alert), FALSE);

  if (first != second)
    return first < second ? -1 : 1;
  return mm_alert_item_compare_past (a, b);
}

static const char *
folded (MmAlertItem *item)
{
  static const char *const names[]
      = { "gateway", "site_name", "customer", "municipality", "device", "code", "meaning" };
  GString *words;

  if (item->folded != NULL)
    return item->folded;
  words = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (words, "%s\n", mm_json_text (item->alert, names[i]));
  item->folded = mm_search_fold (words->str);
  g_string_free (words, TRUE);
  return item->folded;
}

gboolean
mm_alert_item_matches (MmAlertItem *item, MmAlertKinds kinds, const char *search)
{
  gboolean offline = strcmp (mm_json_text (item->alert, "kind"), "offline") == 0;
  g_autofree char *query = NULL;

  if (kinds != MM_ALERT_KINDS_ALL && offline != (kinds == MM_ALERT_KINDS_OFFLINE))
    return FALSE;
  if (search == NULL || *search == '\0')
    return TRUE;
  query = mm_search_fold (search);
  return mm_search_matches (folded (item), query);
}

static void
mm_alert_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ALERT)
    g_value_set_boxed (value, MM_ALERT_ITEM (object)->alert);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mm_alert_item_finalize (GObject *object)
{
  MmAlertItem *item = MM_ALERT_ITEM (object);

  json_object_unref (item->alert);
  g_free (item->folded);
  G_OBJECT_CLASS (mm_alert_item_parent_class)->finalize (object);
}

static void
mm_alert_item_class_init (MmAlertItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mm_alert_item_get_property;
  object_class->finalize = mm_alert_item_finalize;
  props[PROP_ALERT] = g_param_spec_boxed ("alert", NULL, NULL, JSON_TYPE_OBJECT,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mm_alert_item_init (MmAlertItem *item)
{
}

MmAlertItem *
mm_alert_item_new (JsonObject *alert)
{
  MmAlertItem *item = g_object_new (MM_TYPE_ALERT_ITEM, NULL);

  item->alert = json_object_ref (alert);
  return item;
}
