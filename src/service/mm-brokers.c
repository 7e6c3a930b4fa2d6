/* The list of brokers and their subscribers, under one lock. */
#define G_LOG_DOMAIN "mm-service"

#include "mm-brokers.h"

#include "mm-broker-file.h"
#include "mm-error.h"
#include "mm-operating.h"

#include <string.h>

#define FILE_NAME "mqtt.conf"
#define TRIAL_MAX (10 * MM_SECOND)

/* @subscriber: NULL while nobody listens */
typedef struct
{
  MmBroker *broker;
  MmSubscriber *subscriber;
} Entry;

struct _MmBrokers
{
  MmContext *context;
  char *path;
  GMutex lock;
  GPtrArray *entries; /* of Entry */
  gboolean is_started;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  mm_subscriber_free (entry->subscriber, FALSE);
  mm_broker_free (entry->broker);
  g_free (entry);
}

static Entry *
entry_new (MmBroker *broker)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->broker = broker;
  return entry;
}

/* ---- life ---- */

MmBrokers *
mm_brokers_new (MmContext *context)
{
  MmBrokers *brokers = g_new0 (MmBrokers, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) loaded = NULL;

  brokers->context = context;
  brokers->path = g_build_filename (mm_context_config (context)->data_dir, FILE_NAME, NULL);
  brokers->entries = g_ptr_array_new_with_free_func (entry_free);
  g_mutex_init (&brokers->lock);
  loaded = mm_broker_file_load (brokers->path, &error);
  if (loaded == NULL)
    g_warning ("the brokers cannot be read: %s", error->message);
  while (loaded != NULL && loaded->len > 0)
    g_ptr_array_add (brokers->entries, entry_new (g_ptr_array_steal_index (loaded, 0)));
  return brokers;
}

void
mm_brokers_free (MmBrokers *brokers)
{
  if (brokers == NULL)
    return;
  g_ptr_array_unref (brokers->entries);
  g_mutex_clear (&brokers->lock);
  g_free (brokers->path);
  g_free (brokers);
}

void
mm_brokers_start (MmBrokers *brokers)
{
  g_mutex_lock (&brokers->lock);
  brokers->is_started = TRUE;
  for (guint i = 0; i < brokers->entries->len; i++)
    {
      Entry *entry = brokers->entries->pdata[i];

      entry->subscriber = mm_subscriber_new (brokers->context, entry->broker);
    }
  g_mutex_unlock (&brokers->lock);
}

void
mm_brokers_stop (MmBrokers *brokers)
{
  g_mutex_lock (&brokers->lock);
  brokers->is_started = FALSE;
  for (guint i = 0; i < brokers->entries->len; i++)
    {
      Entry *entry = brokers->entries->pdata[i];

      mm_subscriber_free (g_steal_pointer (&entry->subscriber), FALSE);
    }
  g_mutex_unlock (&brokers->lock);
}

/* ---- changing ---- */

static Entry *
find (MmBrokers *brokers, const char *name)
{
  for (guint i = 0; i < brokers->entries->len; i++)
    {
      Entry *entry = brokers->entries->pdata[i];

      if (strcmp (entry->broker->name, name) == 0)
        return entry;
    }
  return NULL;
}

/* Writes all brokers but the one at @left_out, and @more if it is not NULL. */
static gboolean
save (MmBrokers *brokers, const Entry *left_out, const MmBroker *more, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (guint i = 0; i < brokers->entries->len; i++)
    {
      const Entry *entry = brokers->entries->pdata[i];

      if (entry != left_out)
        g_ptr_array_add (all, entry->broker);
    }
  if (more != NULL)
    g_ptr_array_add (all, (gpointer) more);
  return mm_broker_file_save (brokers->path, all, error);
}

static gboolean
add (MmBrokers *brokers, MmBroker *broker, GError **error)
{
  Entry *entry;

  if (find (brokers, broker->name) != NULL)
    return mm_error_set (error, MM_ERROR_CONFLICT, "taken", "There is a broker of this name.");
  if (brokers->entries->len == MM_BROKERS_MAX)
    return mm_error_set (error, MM_ERROR_CONFLICT, "too-many", "There may be at most 16 brokers.");
  if (!save (brokers, NULL, broker, error))
    return FALSE;
  entry = entry_new (mm_broker_copy (broker));
  if (brokers->is_started)
    entry->subscriber = mm_subscriber_new (brokers->context, entry->broker);
  g_ptr_array_add (brokers->entries, entry);
  return TRUE;
}

gboolean
mm_brokers_add (MmBrokers *brokers, MmBroker *broker, GError **error)
{
  g_autoptr (MmBroker) taken = broker;
  gboolean done;

  if (!mm_broker_check (taken, error)
      || !mm_operating_note (brokers->context, "mqtt-add", taken->name, error))
    return FALSE;
  g_mutex_lock (&brokers->lock);
  done = add (brokers, taken, error);
  g_mutex_unlock (&brokers->lock);
  return done;
}

static gboolean
not_found (GError **error)
{
  return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", "There is no such broker.");
}

gboolean
mm_brokers_remove (MmBrokers *brokers, const char *name, GError **error)
{
  Entry *entry;
  gboolean done;

  g_mutex_lock (&brokers->lock);
  entry = find (brokers, name);
  done = entry != NULL ? save (brokers, entry, NULL, error) : not_found (error);
  if (done)
    {
      mm_subscriber_free (g_steal_pointer (&entry->subscriber), TRUE);
      g_ptr_array_remove (brokers->entries, entry);
    }
  g_mutex_unlock (&brokers->lock);
  return done && mm_operating_note (brokers->context, "mqtt-remove", name, error);
}

gboolean
mm_brokers_try (MmBrokers *brokers, const char *name, GError **error)
{
  g_autoptr (MmBroker) broker = NULL;
  const Entry *entry;

  g_mutex_lock (&brokers->lock);
  entry = find (brokers, name);
  if (entry != NULL)
    broker = mm_broker_copy (entry->broker);
  g_mutex_unlock (&brokers->lock);
  if (broker == NULL)
    return not_found (error);
  return mm_mqtt_client_try (broker, TRIAL_MAX, error);
}

/* ---- showing ---- */

void
mm_broker_view_free (MmBrokerView *view)
{
  mm_broker_free (view->broker);
  if (view->is_listening)
    mm_subscriber_state_clear (&view->state);
  g_free (view);
}

static MmBrokerView *
view_of (const Entry *entry)
{
  MmBrokerView *view = g_new0 (MmBrokerView, 1);

  view->broker = mm_broker_copy (entry->broker);
  view->is_listening = entry->subscriber != NULL;
  if (view->is_listening)
    mm_subscriber_get_state (entry->subscriber, &view->state);
  return view;
}

static int
compare_views (gconstpointer a, gconstpointer b)
{
  const MmBrokerView *p = *(MmBrokerView *const *) a, *q = *(MmBrokerView *const *) b;

  return strcmp (p->broker->name, q->broker->name);
}

GPtrArray *
mm_brokers_list (MmBrokers *brokers)
{
  GPtrArray *views = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_broker_view_free);

  g_mutex_lock (&brokers->lock);
  for (guint i = 0; i < brokers->entries->len; i++)
    g_ptr_array_add (views, view_of (brokers->entries->pdata[i]));
  g_mutex_unlock (&brokers->lock);
  g_ptr_array_sort (views, compare_views);
  return views;
}

MmBrokerView *
mm_brokers_find (MmBrokers *brokers, const char *name, GError **error)
{
  MmBrokerView *view = NULL;
  const Entry *entry;

  g_mutex_lock (&brokers->lock);
  entry = find (brokers, name);
  if (entry != NULL)
    view = view_of (entry);
  g_mutex_unlock (&brokers->lock);
  if (view == NULL)
    not_found (error);
  return view;
}
