/* The operator's API, on the control socket only: gateways, mails, dealers, alerts, the store. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* Gateways: mm-handle-operator-gateways.c. The data of all is the #MmContext. */
void mm_handle_operator_gateways (MmExchange *x, gpointer context);
void mm_handle_operator_gateway_add (MmExchange *x, gpointer context);
void mm_handle_operator_gateway_import (MmExchange *x, gpointer context);
void mm_handle_operator_key_rotate (MmExchange *x, gpointer context);
void mm_handle_operator_key_revoke (MmExchange *x, gpointer context);
void mm_handle_operator_code_renew (MmExchange *x, gpointer context);
void mm_handle_operator_time (MmExchange *x, gpointer context);

/* Owners' tables of half hours: mm-handle-operator-half-hours.c. */
void mm_handle_operator_half_hours (MmExchange *x, gpointer context);
void mm_handle_operator_half_hours_import (MmExchange *x, gpointer context);

/* The server itself: mm-handle-operator-server.c. */
void mm_handle_operator_server (MmExchange *x, gpointer context);

/* The demo: mm-handle-operator-demo.c. */
void mm_handle_operator_demo (MmExchange *x, gpointer context);

/* Mappings and quarantine: mm-handle-operator-mappings.c. */
void mm_handle_operator_mappings (MmExchange *x, gpointer context);
void mm_handle_operator_mapping (MmExchange *x, gpointer context);
void mm_handle_operator_mapping_check (MmExchange *x, gpointer context);
void mm_handle_operator_mapping_set (MmExchange *x, gpointer context);
void mm_handle_operator_mapping_remove (MmExchange *x, gpointer context);
void mm_handle_operator_mappings_reload (MmExchange *x, gpointer context);
void mm_handle_operator_quarantine (MmExchange *x, gpointer context);

/* Settings: mm-handle-operator-settings.c. */
void mm_handle_operator_settings (MmExchange *x, gpointer context);
void mm_handle_operator_settings_change (MmExchange *x, gpointer context);

/* Brokers of MQTT: mm-handle-operator-mqtt.c. */
void mm_handle_operator_brokers (MmExchange *x, gpointer context);
void mm_handle_operator_broker (MmExchange *x, gpointer context);
void mm_handle_operator_broker_add (MmExchange *x, gpointer context);
void mm_handle_operator_broker_remove (MmExchange *x, gpointer context);
void mm_handle_operator_broker_test (MmExchange *x, gpointer context);

/* All else: mm-handle-operator.c. */
void mm_handle_operator_mails (MmExchange *x, gpointer context);
void mm_handle_operator_mail (MmExchange *x, gpointer context);
void mm_handle_operator_mail_test (MmExchange *x, gpointer context);
void mm_handle_operator_dealers (MmExchange *x, gpointer context);
void mm_handle_operator_two_factor_reset (MmExchange *x, gpointer context);
void mm_handle_operator_alerts (MmExchange *x, gpointer context);
void mm_handle_operator_check (MmExchange *x, gpointer context);
void mm_handle_operator_compact (MmExchange *x, gpointer context);
void mm_handle_operator_backup (MmExchange *x, gpointer context);
void mm_handle_operator_readings (MmExchange *x, gpointer context);

G_END_DECLS
