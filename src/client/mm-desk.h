/* The desk of one dealer: which server, who is signed in, and the API to it.
 *
 * Everything of the app that needs the server takes the API from here and follows the property
 * "state". Main thread.
 *
 *                 sign_in / resume               answered
 *     SIGNED_OUT ------------------> SIGNING_IN ----------> SIGNED_IN
 *         ^  ^                           |                      |
 *         |  +------- refused -----------+                      |
 *         +------ sign_out; "expired": the server refused ------+
 */
#pragma once

#include "mm-alert-list.h"
#include "mm-fleet-sync.h"

G_BEGIN_DECLS

typedef enum
{
  MM_DESK_SIGNED_OUT,
  MM_DESK_SIGNING_IN,
  MM_DESK_SIGNED_IN,
} MmDeskState;

/* The type of the property "state". */
#define MM_TYPE_DESK_STATE (mm_desk_state_get_type ())
/* The same. */
GType mm_desk_state_get_type (void) G_GNUC_CONST;

#define MM_TYPE_DESK (mm_desk_get_type ())
G_DECLARE_FINAL_TYPE (MmDesk, mm_desk, MM, DESK, GObject)

/* @language: tag in which servers are to answer */
MmDesk *mm_desk_new (const char *language);

/* As drawn above. */
MmDeskState mm_desk_get_state (MmDesk *desk);

/* In which servers are to answer. */
const char *mm_desk_get_language (MmDesk *desk);

/* The API of the server that is or was signed in to last; NULL before the first time. */
MmApi *mm_desk_get_api (MmDesk *desk);

/* The live feed of who is signed in, shared by all pages; NULL when signed out, and another one
 * after each signing in. It runs already. */
MmLiveFeed *mm_desk_get_feed (MmDesk *desk);

/* The open alerts of who is signed in, shared like the feed. */
MmAlertList *mm_desk_get_alerts (MmDesk *desk);

/* The gateways of who is signed in, likewise. */
MmFleetTable *mm_desk_get_fleet (MmDesk *desk);

/* Tries at once what the feed would try later, or loads the gateways anew. */
void mm_desk_retry (MmDesk *desk);

/* The user ID that is or was signed in last; "" before the first time. */
const char *mm_desk_get_user_id (MmDesk *desk);

/* Signs in over @api. @code: of the second factor, NULL if none was asked for; without one that is
 * needed, %MM_ERROR_UNAUTHENTICATED "second-factor" asks for it. A customer's account is
 * %MM_ERROR_FORBIDDEN "customer": customers use the web pages. */
void mm_desk_sign_in_async (MmDesk *desk,
                            MmApi *api,
                            const char *user_id,
                            const char *password,
                            const char *code,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean mm_desk_sign_in_finish (MmDesk *desk, GAsyncResult *result, GError **error);

/* Goes on with a @session that was kept, without asking the server: if it does not accept it, the
 * first call finds out ("expired"). So the last known list can be read while it is away. */
void mm_desk_resume (MmDesk *desk, MmApi *api, const char *user_id, const char *session);

/* The session as it is to be kept; NULL when signed out. */
const char *mm_desk_get_session (MmDesk *desk);

/* Ends the session, on the server too if it can be told; signed out at once in any case. */
void mm_desk_sign_out (MmDesk *desk);

G_END_DECLS
