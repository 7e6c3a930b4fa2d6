/* The brokers that the operator has named, in the file "mqtt.conf" (mode 0600) of the data
 * directory, and the subscribers that listen to them while the server runs.
 *
 * Passwords go in and never come out. Any thread but the writer's.
 */
#pragma once

#include "mm-subscribing.h"

G_BEGIN_DECLS

#define MM_BROKERS_MAX 16

/* Reads the file; nobody is listened to yet. A broker that is not sound is left out, with a
 * warning in the log. */
MmBrokers *mm_brokers_new (MmContext *context);
void mm_brokers_free (MmBrokers *brokers);

/* Starts to listen, to those that are there and those that will be added. */
void mm_brokers_start (MmBrokers *brokers);

/* Stops to listen; needs the writer. */
void mm_brokers_stop (MmBrokers *brokers);

/* Adds @broker, which is taken. %MM_ERROR_FIELDS; %MM_ERROR_CONFLICT if there is one of that name
 * or there are %MM_BROKERS_MAX. */
gboolean mm_brokers_add (MmBrokers *brokers, MmBroker *broker, GError **error);

/* Removes the broker @name, which forgets our session. %MM_ERROR_NOT_FOUND. */
gboolean mm_brokers_remove (MmBrokers *brokers, const char *name, GError **error);

/* Tries whether the broker @name lets us in and subscribe, beside the connection that there may be.
 * Takes up to 10 seconds. FALSE with %MM_ERROR_NOT_FOUND, or with what is in the way. */
gboolean mm_brokers_try (MmBrokers *brokers, const char *name, GError **error);

/* A broker to be shown. @is_listening: there is a subscriber, and @state is filled in. */
typedef struct
{
  MmBroker *broker;
  gboolean is_listening;
  MmSubscriberState state;
} MmBrokerView;

void mm_broker_view_free (MmBrokerView *view);

/* All brokers by their names, of #MmBrokerView. */
GPtrArray *mm_brokers_list (MmBrokers *brokers);

/* The broker @name; NULL with %MM_ERROR_NOT_FOUND. */
MmBrokerView *mm_brokers_find (MmBrokers *brokers, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmBrokerView, mm_broker_view_free)

G_END_DECLS
