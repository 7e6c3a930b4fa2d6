#include "mm-routes.h"

#include "mm-handle-health.h"
#include "mm-handle-ingest.h"
#include "mm-handle-operator.h"
#include "mm-handle-static.h"

/* Sizes of bodies as they come over the wire. */
#define NO_BODY 0
#define PUSH (8 * 1024 * 1024)
#define FORM (64 * 1024)
#define TABLE (16 * 1024 * 1024)

static const MmRoute routes[] = {
  /* Health, for machines */
  { "GET", "/healthz", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_healthz },
  { "GET", "/metrics", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY, mm_handle_metrics },

  /* Pushes of gateways */
  { "POST", "/ingest/v1", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_push },
  { "POST", "/write", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_write },
  { "POST", "/api/v2/write", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_write },
  { "GET", "/ping", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_ping },
  { "GET", "/query", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_query },
  { "POST", "/query", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 16 * 1024, mm_handle_query },

  /* The operator, on the control socket */
  { "GET", "/operator/v1/gateways", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_gateways },
  { "POST", "/operator/v1/gateways", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_gateway_add },
  { "POST", "/operator/v1/gateways/import", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, TABLE,
    mm_handle_operator_gateway_import },
  { "POST", "/operator/v1/gateways/{id}/key", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_key_rotate },
  { "DELETE", "/operator/v1/gateways/{id}/key", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_key_revoke },
  { "POST", "/operator/v1/gateways/{id}/activation-code", MM_RUN_WORKER, MM_WHO_OPERATOR, 0,
    NO_BODY, mm_handle_operator_code_renew },
  { "GET", "/operator/v1/mails", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mails },
  { "POST", "/operator/v1/mails/test", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_mail_test },
  { "GET", "/operator/v1/mails/{id}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mail },

  /* Pages' stylesheet and pictures */
  { "GET", "/static/{name}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_static },
};

const MmRoute *
mm_routes (gsize *n_routes)
{
  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}
