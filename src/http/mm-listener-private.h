/* What a listener is made of; for mm-listener.c and mm-request.c. */
#pragma once

#include "mm-connection.h"
#include "mm-listener.h"
#include "mm-tls.h"

G_BEGIN_DECLS

struct _MmListener
{
  MmListenerCallbacks callbacks;
  gpointer data;
  struct MHD_Daemon *daemon;
  guint16 port;
  MmTls *tls;
  GStrv hosts;
  gint64 header_timeout, body_timeout, answer_timeout, idle_timeout;
  atomic_bool stopping;
  MmConnections connections;
  atomic_ullong requests[6];
};

G_END_DECLS
