/* The route table: which handler answers which method and path, where it runs, who may call it.
 *
 * begin() and run() are the listener's callbacks. WORKER and STREAM handlers run on a small bounded
 * pool of threads, PASSWORD handlers on a smaller one, so that a flood of them stops nothing else;
 * when a pool is full the client gets 503 at once.
 */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

typedef struct _MmRouter MmRouter;

/* Where a handler runs. */
typedef enum
{
  MM_RUN_WORKER,   /* on the pool: may read the store, wait for the writer */
  MM_RUN_PASSWORD, /* on a pool of its own: hashes a password, which takes long on purpose */
  MM_RUN_INLINE,   /* on the listener's thread: must not block, microseconds only. With a body that
                      is large, or may unpack to a large one, on a pool of its own */
  MM_RUN_STREAM,   /* as WORKER; the answer is a stream */
} MmRun;

/* Who may call a route. The router does not judge; its admit hook does. Only that the operator's
 * addresses are there on the control socket alone is the router's matter: elsewhere nothing, not
 * even a method or a size, tells them from addresses that do not exist. */
typedef enum
{
  MM_WHO_ANYONE,   /* no credentials looked at */
  MM_WHO_GATEWAY,  /* a gateway's key */
  MM_WHO_DEALER,   /* a dealer's session */
  MM_WHO_CUSTOMER, /* a customer's session */
  MM_WHO_PERSON,   /* a dealer's or a customer's session */
  MM_WHO_OPERATOR, /* over the control socket */
} MmWho;

/* @data is what mm_router_new() was given. */
typedef void (*MmHandler) (MmExchange *x, gpointer data);

/* One line of the table.
 * @method: "GET" (serves HEAD too), "POST", "PUT", "PATCH", "DELETE"
 * @path: "/api/v1/gateways/{id}"; a {name} matches one segment, see mm_exchange_param(); a literal
 *   path goes before one with names
 * @flags: free for the admit hook and the handlers
 * @body_limit: bytes; 0 for no body */
typedef struct
{
  const char *method;
  const char *path;
  MmRun run;
  MmWho who;
  guint flags;
  gsize body_limit;
  MmHandler handler;
} MmRoute;

/* Called before the handler, on the same thread; for INLINE and OPERATOR routes as soon as the
 * headers are known, on the listener's thread, so that strangers' bodies are not even read. FALSE:
 * it has answered, the handler does not run. */
typedef gboolean (*MmAdmit) (MmExchange *x, const MmRoute *route, gpointer data);

/* Compiles @n_routes of @routes, which must outlive the router. @admit may be NULL.
 * Two lines of the same method and shape are a defect and abort. */
MmRouter *mm_router_new (const MmRoute *routes, gsize n_routes, MmAdmit admit, gpointer data);

/* How the router's own refusals (no such address, too busy) are answered; as problem+json until it
 * is set. Before the first request; @refuse gets the router's data. */
typedef void (*MmRefuse) (MmExchange *x, const GError *error, gpointer data);
void mm_router_set_refuse (MmRouter *router, MmRefuse refuse);

/* Stops the workers. The listener must be gone. */
void mm_router_free (MmRouter *router);

/* The listener's callbacks; their data is the router. */
gsize mm_router_begin (MmExchange *x, gpointer router);
void mm_router_run (MmExchange *x, gpointer router);

/* The route that serves @x; NULL before begin() found one. */
const MmRoute *mm_exchange_route (MmExchange *x);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmRouter, mm_router_free)

G_END_DECLS
