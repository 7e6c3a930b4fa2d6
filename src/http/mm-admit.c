#define G_LOG_DOMAIN "mm-http"

#include "mm-admit.h"

#include "mm-error.h"
#include "mm-handle-ingest.h"
#include "mm-language.h"
#include "mm-page.h"
#include "mm-principal.h"
#include "mm-sessions.h"

#include <string.h>
#include <unistd.h>

/* The session that the request shows; NULL if none. */
static const char *
shown_session (MmExchange *x, const MmRoute *route)
{
  const char *authorization;

  if (route->flags & MM_ROUTE_PAGE)
    return mm_exchange_cookie (x, "mm_session");
  authorization = mm_exchange_header (x, "Authorization");
  if (authorization == NULL || g_ascii_strncasecmp (authorization, "Bearer ", 7) != 0)
    return NULL;
  return authorization + 7;
}

/* A person by its session, else somebody at an address. NULL and @error only for our own trouble.
 */
static MmPrincipal *
find_person (MmExchange *x, const MmRoute *route, MmContext *context, GError **error)
{
  const char *address = mm_exchange_peer (x);
  const char *session = shown_session (x, route);
  g_autoptr (GError) problem = NULL;
  MmPrincipal *principal;

  if (session == NULL)
    return mm_principal_new_anyone (address);
  principal = mm_sessions_principal (context, session, address, &problem);
  if (principal != NULL)
    return principal;
  if (g_error_matches (problem, MM_ERROR, MM_ERROR_UNAUTHENTICATED))
    return mm_principal_new_anyone (address);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static gboolean
may_call (const MmPrincipal *principal, MmWho who, GError **error)
{
  if (who == MM_WHO_ANYONE || (who == MM_WHO_PERSON && principal->account != 0)
      || (who == MM_WHO_DEALER && principal->kind == MM_PRINCIPAL_DEALER)
      || (who == MM_WHO_CUSTOMER && principal->kind == MM_PRINCIPAL_CUSTOMER))
    return TRUE;
  if (principal->account == 0)
    return mm_error_set (error, MM_ERROR_UNAUTHENTICATED, "no-session", N_ ("Please sign in."));
  return mm_error_set (error, MM_ERROR_FORBIDDEN, "not-for-you",
                       N_ ("This is not for the account with which you are signed in."));
}

static gboolean
check_form (MmExchange *x, MmContext *context, GError **error)
{
  return mm_exchange_form_check (x, error)
         && (mm_page_form_is_ours (x, context)
             || mm_error_set (error, MM_ERROR_FORBIDDEN, "foreign-form",
                              N_ ("This form is too old or did not come from our pages. Please go "
                                  "back, reload the page and try again.")));
}

/* The control socket is for the user who runs the server, and for root. To everybody else its
 * routes are not there. */
static gboolean
admit_operator (MmExchange *x)
{
  gint64 uid = mm_exchange_peer_uid (x);
  g_autoptr (GError) error = NULL;

  if (uid == (gint64) geteuid () || uid == 0)
    {
      mm_exchange_set_principal (x, mm_principal_new_operator (),
                                 (GDestroyNotify) mm_principal_free);
      return TRUE;
    }
  mm_error_set (&error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing here."));
  mm_exchange_answer_error (x, error);
  return FALSE;
}

static gboolean
admit_person (MmExchange *x, const MmRoute *route, MmContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmPrincipal) principal = NULL;
  gboolean page = (route->flags & MM_ROUTE_PAGE) != 0;
  gboolean admitted;

  /* On the listener's thread the store may not be read. */
  if (route->run == MM_RUN_INLINE)
    principal = mm_principal_new_anyone (mm_exchange_peer (x));
  else
    principal = find_person (x, route, context, &error);
  if (page)
    mm_page_choose_language (x, context, principal != NULL ? principal->language : NULL);
  else
    mm_exchange_set_language (x, mm_languages_negotiate (context->languages,
                                                         mm_exchange_header (x, "Accept-Language"),
                                                         NULL));
  admitted = principal != NULL && may_call (principal, route->who, &error)
             && (!page || strcmp (mm_exchange_method (x), "POST") != 0
                 || check_form (x, context, &error));
  if (principal != NULL)
    mm_exchange_set_principal (x, g_steal_pointer (&principal), (GDestroyNotify) mm_principal_free);
  if (!admitted)
    mm_page_refuse (x, error, context);
  return admitted;
}

gboolean
mm_admit (MmExchange *x, const MmRoute *route, gpointer context)
{
  switch (route->who)
    {
    case MM_WHO_GATEWAY:
      return mm_ingest_admit (x, context);
    case MM_WHO_OPERATOR:
      return admit_operator (x);
    case MM_WHO_ANYONE:
    case MM_WHO_DEALER:
    case MM_WHO_CUSTOMER:
    case MM_WHO_PERSON:
    default:
      return admit_person (x, route, context);
    }
}
