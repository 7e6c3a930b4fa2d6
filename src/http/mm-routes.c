#include "mm-routes.h"

#include "mm-handle-account.h"
#include "mm-handle-closing.h"
#include "mm-handle-confirm.h"
#include "mm-handle-customer-account.h"
#include "mm-handle-customer-walk.h"
#include "mm-handle-customer.h"
#include "mm-handle-desk.h"
#include "mm-handle-entry.h"
#include "mm-handle-export.h"
#include "mm-handle-health.h"
#include "mm-handle-ingest.h"
#include "mm-handle-link.h"
#include "mm-handle-live.h"
#include "mm-handle-mail-change.h"
#include "mm-handle-operator.h"
#include "mm-handle-password.h"
#include "mm-handle-registration.h"
#include "mm-handle-session.h"
#include "mm-handle-static.h"
#include "mm-handle-test.h"
#include "mm-handle-two-factor.h"
#include "mm-handle-walk.h"
#include "mm-page.h"

/* Sizes of bodies as they come over the wire. */
#define NO_BODY 0
#define SMALL (32 * 1024)
#define PUSH (8 * 1024 * 1024)
#define FORM (64 * 1024)
#define MAPPING (1024 * 1024)
#define TABLE (16 * 1024 * 1024)
#define BROKER (2 * 1024 * 1024) /* with thousands of names of gateways */

static void list_routes (MmExchange *x, gpointer context);

static const MmRoute routes[] = {
  /* Health, for machines */
  { "GET", "/healthz", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_healthz },
  { "GET", "/metrics", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY, mm_handle_metrics },

  /* Pushes of gateways */
  { "POST", "/ingest/v1", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_push },
  { "POST", "/ingest/fronius", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_fronius },
  { "POST", "/ingest/prometheus", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_remote_write },
  { "POST", "/write", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_write },
  { "POST", "/api/v2/write", MM_RUN_INLINE, MM_WHO_GATEWAY, 0, PUSH, mm_handle_write },
  { "GET", "/ping", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_ping },
  { "GET", "/query", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_query },
  { "POST", "/query", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 16 * 1024, mm_handle_query },

  /* The operator, on the control socket */
  { "GET", "/operator/v1/server", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_server },
  { "GET", "/operator/v1/settings", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_settings },
  { "PUT", "/operator/v1/settings", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_settings_change },
  { "POST", "/operator/v1/demo", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM, mm_handle_operator_demo },
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
  { "PUT", "/operator/v1/gateways/{id}/time", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_time },
  { "GET", "/operator/v1/gateways/{id}/readings", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_readings },
  { "GET", "/operator/v1/gateways/{id}/half-hours", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_half_hours },
  { "POST", "/operator/v1/gateways/{id}/half-hours", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, TABLE,
    mm_handle_operator_half_hours_import },
  { "GET", "/operator/v1/mappings", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mappings },
  { "POST", "/operator/v1/mappings/reload", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mappings_reload },
  { "GET", "/operator/v1/mappings/{name}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mapping },
  { "PUT", "/operator/v1/mappings/{name}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, MAPPING,
    mm_handle_operator_mapping_set },
  { "DELETE", "/operator/v1/mappings/{name}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mapping_remove },
  { "POST", "/operator/v1/mappings/{name}/check", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, MAPPING,
    mm_handle_operator_mapping_check },
  { "GET", "/operator/v1/quarantine", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_quarantine },
  { "GET", "/operator/v1/dealers", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_dealers },
  { "DELETE", "/operator/v1/dealers/{id}/two-factor", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_two_factor_reset },
  { "GET", "/operator/v1/alerts", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_alerts },
  { "POST", "/operator/v1/check", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_check },
  { "POST", "/operator/v1/compact", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_compact },
  { "POST", "/operator/v1/backup", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_backup },
  { "GET", "/operator/v1/mqtt", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_brokers },
  { "POST", "/operator/v1/mqtt", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, BROKER,
    mm_handle_operator_broker_add },
  { "GET", "/operator/v1/mqtt/{name}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_broker },
  { "DELETE", "/operator/v1/mqtt/{name}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_broker_remove },
  { "POST", "/operator/v1/mqtt/{name}/test", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_broker_test },
  { "GET", "/operator/v1/mails", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mails },
  { "POST", "/operator/v1/mails/test", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_operator_mail_test },
  { "GET", "/operator/v1/mails/{id}", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY,
    mm_handle_operator_mail },

#ifdef MM_TEST_HOOKS
  { "POST", "/operator/v1/test/advance", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_test_advance },
  { "POST", "/operator/v1/test/stall", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, FORM,
    mm_handle_test_stall },
#endif
  { "GET", "/operator/v1/routes", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, NO_BODY, list_routes },

  /* What the app asks first */
  { "GET", "/api/v1/server", MM_RUN_WORKER, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_server },
  { "GET", "/api/v1/terms", MM_RUN_WORKER, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_terms },

  /* Registration of dealers */
  { "GET", "/api/v1/user-ids/{id}", MM_RUN_WORKER, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_user_id },
  { "POST", "/api/v1/registrations", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_registration },
  { "POST", "/api/v1/registrations/check", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_registration_check },
  { "POST", "/api/v1/registrations/resend", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_registration_resend },
  { "PUT", "/api/v1/registrations/mail", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_registration_mail },
  { "POST", "/api/v1/confirmations", MM_RUN_PASSWORD, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_confirmation },
  { "POST", "/api/v1/confirmations/peek", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_confirmation_peek },

  /* Sessions, passwords, one's own account */
  { "POST", "/api/v1/sessions", MM_RUN_PASSWORD, MM_WHO_ANYONE, 0, SMALL, mm_handle_session_open },
  { "GET", "/api/v1/sessions", MM_RUN_WORKER, MM_WHO_PERSON, 0, NO_BODY, mm_handle_session_list },
  { "DELETE", "/api/v1/sessions", MM_RUN_WORKER, MM_WHO_PERSON, 0, NO_BODY,
    mm_handle_session_end_all },
  { "DELETE", "/api/v1/sessions/{id}", MM_RUN_WORKER, MM_WHO_PERSON, 0, NO_BODY,
    mm_handle_session_end },
  { "POST", "/api/v1/password-resets", MM_RUN_WORKER, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_password_forgotten },
  { "POST", "/api/v1/password-resets/redeem", MM_RUN_PASSWORD, MM_WHO_ANYONE, 0, SMALL,
    mm_handle_password_redeem },
  { "GET", "/api/v1/account", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_account_get },
  { "PUT", "/api/v1/account", MM_RUN_WORKER, MM_WHO_DEALER, 0, SMALL, mm_handle_account_put },
  { "DELETE", "/api/v1/account", MM_RUN_WORKER, MM_WHO_PERSON, 0, SMALL, mm_handle_account_delete },
  { "GET", "/api/v1/account/export", MM_RUN_WORKER, MM_WHO_PERSON, 0, NO_BODY,
    mm_handle_account_export },
  { "GET", "/api/v1/account/two-factor", MM_RUN_WORKER, MM_WHO_PERSON, 0, NO_BODY,
    mm_handle_two_factor_get },
  { "POST", "/api/v1/account/two-factor", MM_RUN_WORKER, MM_WHO_PERSON, 0, SMALL,
    mm_handle_two_factor_begin },
  { "DELETE", "/api/v1/account/two-factor", MM_RUN_WORKER, MM_WHO_PERSON, 0, SMALL,
    mm_handle_two_factor_end },
  { "POST", "/api/v1/account/two-factor/confirm", MM_RUN_WORKER, MM_WHO_PERSON, 0, SMALL,
    mm_handle_two_factor_confirm },
  { "POST", "/api/v1/account/check", MM_RUN_WORKER, MM_WHO_DEALER, 0, SMALL,
    mm_handle_account_check },
  { "POST", "/api/v1/account/password", MM_RUN_PASSWORD, MM_WHO_PERSON, 0, SMALL,
    mm_handle_password_change },

  /* The desk: gateways and alerts of a dealer */
  { "GET", "/api/v1/gateways", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_fleet },
  { "GET", "/api/v1/gateways/{id}", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_gateway },
  { "GET", "/api/v1/gateways/{id}/history", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY,
    mm_handle_history },
  { "GET", "/api/v1/gateways/{id}/events", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY,
    mm_handle_events },
  { "GET", "/api/v1/gateways/{id}/customer", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY,
    mm_handle_customer },
  { "GET", "/api/v1/latest", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_latest },
  { "GET", "/api/v1/alerts", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_alerts },
  { "POST", "/api/v1/alerts/{id}/acknowledge", MM_RUN_WORKER, MM_WHO_DEALER, 0, SMALL,
    mm_handle_acknowledge },
  { "GET", "/api/v1/live", MM_RUN_STREAM, MM_WHO_DEALER, 0, NO_BODY, mm_handle_live },

  /* Pages: the walks of dealers and customers, the mailed links */
  { "GET", "/", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY, mm_handle_entry },
  { "GET", "/register/dealer", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_walk },
  { "POST", "/register/dealer", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_walk },
  { "GET", "/register/customer", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_walk },
  { "POST", "/register/customer", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_customer_walk },
  { "GET", "/register/sent", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY, mm_handle_sent },
  { "POST", "/register/sent", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_sent },
  { "GET", "/confirm", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY, mm_handle_confirm },
  { "POST", "/confirm", MM_RUN_PASSWORD, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_confirm },
  { "GET", "/confirm/done", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_confirm_done },
  { "POST", "/confirm/resend", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_confirm_resend },
  { "GET", "/contact", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY, mm_handle_contact },
  { "POST", "/contact", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_contact },
  { "GET", "/contact/remove", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_contact_remove },
  { "POST", "/contact/remove", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_contact_remove },

  /* Pages: signing in, the main menu, one's own account */
  { "GET", "/sign-in", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY, mm_handle_sign_in },
  { "POST", "/sign-in", MM_RUN_PASSWORD, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_sign_in },
  { "GET", "/sign-in/code", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_sign_in_code },
  { "POST", "/sign-in/code", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_sign_in_code },
  { "GET", "/forgotten", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_forgotten_page },
  { "POST", "/forgotten", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_forgotten_page },
  { "GET", "/new-password", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_new_password_page },
  { "POST", "/new-password", MM_RUN_PASSWORD, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_new_password_page },
  { "GET", "/password", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_password_page },
  { "POST", "/password", MM_RUN_PASSWORD, MM_WHO_PERSON, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_password_page },
  { "GET", "/two-factor", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_two_factor_page },
  { "GET", "/two-factor/qr.svg", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_two_factor_qr },
  { "POST", "/two-factor", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_two_factor_page },
  { "GET", "/sessions", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_sessions_page },
  { "POST", "/sessions", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_sessions_page },
  { "POST", "/sign-out", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_sign_out },
  { "GET", "/menu", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY, mm_handle_menu },
  { "GET", "/monitoring", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_monitoring },
  { "GET", "/account", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_page },
  { "GET", "/account/edit", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_edit },
  { "POST", "/account/edit", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_account_edit },
  { "GET", "/account/export", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_export_file },
  { "GET", "/account/close", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_close },
  { "POST", "/account/close", MM_RUN_WORKER, MM_WHO_PERSON, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_account_close },
  { "GET", "/account/closed", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_closed },
  { "GET", "/account/done", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_account_done },

  /* Customers' pages */
  { "GET", "/my", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY, mm_handle_customer_home },
  { "GET", "/my/add", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_add },
  { "POST", "/my/add", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_customer_add },
  { "GET", "/my/account", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_account },
  { "GET", "/my/account/edit", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_account_edit },
  { "POST", "/my/account/edit", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_customer_account_edit },
  { "GET", "/my/account/mail", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_mail_change },
  { "POST", "/my/account/mail", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_mail_change },
  { "GET", "/mail-change", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_mail_change_link },
  { "POST", "/mail-change", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_mail_change_link },
  { "GET", "/my/gateways/{id}", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_gateway },
  { "GET", "/my/gateways/{id}/log", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_customer_log },
  { "POST", "/my/gateways/{id}/name", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE,
    MM_PAGE_FORM_MAX, mm_handle_customer_rename },

  /* Links: the customer's pages, the dealer's, the dealer's API */
  { "GET", "/link", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY, mm_handle_link_start },
  { "GET", "/my/gateways/{id}/link", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_link_form },
  { "POST", "/my/gateways/{id}/link", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE,
    MM_PAGE_FORM_MAX, mm_handle_link_confirm },
  { "POST", "/my/gateways/{id}/link/execute", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE,
    MM_PAGE_FORM_MAX, mm_handle_link_execute },
  { "GET", "/my/links/{id}", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_link_show },
  { "POST", "/my/links/{id}", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_link_change },
  { "GET", "/my/links/{id}/done", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_link_done },
  { "POST", "/my/links/{id}/end", MM_RUN_WORKER, MM_WHO_CUSTOMER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_link_end },
  { "GET", "/links", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, NO_BODY, mm_handle_link_dealer },
  { "POST", "/links/{id}/decline", MM_RUN_WORKER, MM_WHO_DEALER, MM_ROUTE_PAGE, MM_PAGE_FORM_MAX,
    mm_handle_link_dealer_decline },
  { "GET", "/api/v1/links", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY, mm_handle_link_api_list },
  { "POST", "/api/v1/links/{id}/decline", MM_RUN_WORKER, MM_WHO_DEALER, 0, NO_BODY,
    mm_handle_link_api_decline },

  /* Mails lead here, and on to the app */
  { "GET", "/open/gateway/{id}", MM_RUN_WORKER, MM_WHO_ANYONE, MM_ROUTE_PAGE, NO_BODY,
    mm_handle_open_gateway },

  /* Pages' stylesheet and pictures */
  { "GET", "/static/{name}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, NO_BODY, mm_handle_static },
};

const MmRoute *
mm_routes (gsize *n_routes)
{
  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}

/* GET /operator/v1/routes: the table itself, for tests and for those who guard a server. */
static void
list_routes (MmExchange *x, gpointer context)
{
  static const char *const who[] = {
    [MM_WHO_ANYONE] = "anyone",     [MM_WHO_GATEWAY] = "gateway", [MM_WHO_DEALER] = "dealer",
    [MM_WHO_CUSTOMER] = "customer", [MM_WHO_PERSON] = "person",   [MM_WHO_OPERATOR] = "operator",
  };
  json_t *list = json_array ();

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:b}", "method", routes[i].method,
                                            "path", routes[i].path, "who", who[routes[i].who],
                                            "page", (routes[i].flags & MM_ROUTE_PAGE) != 0));
  mm_exchange_answer_json (x, 200, json_pack ("{s:o}", "routes", list));
}
