/* Pushes of gateways: native JSON, and InfluxDB line protocol as its clients expect it. */
#pragma once

#include "mm-context.h"
#include "mm-router.h"

G_BEGIN_DECLS

/* Finds the gateway whose key the request carries (Authorization Token, Bearer or Basic, or the
 * parameters u and p) and puts its row into the principal's slot as a GSIZE_TO_POINTER. Answers 401
 * in the path's own form and returns FALSE if there is none. Listener's thread. */
gboolean mm_ingest_admit (MmExchange *x, MmContext *context);

void mm_handle_push (MmExchange *x, gpointer context);         /* POST /ingest/v1 */
void mm_handle_fronius (MmExchange *x, gpointer context);      /* POST /ingest/fronius */
void mm_handle_remote_write (MmExchange *x, gpointer context); /* POST /ingest/prometheus */
void mm_handle_write (MmExchange *x, gpointer context);        /* POST /write and /api/v2/write */
void mm_handle_ping (MmExchange *x, gpointer context);         /* GET /ping */
void mm_handle_query (MmExchange *x, gpointer context);        /* GET and POST /query */

G_END_DECLS
