#include "mm-admit.h"

#include "mm-error.h"
#include "mm-handle-ingest.h"
#include "mm-principal.h"

#include <unistd.h>

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
  mm_error_set (&error, MM_ERROR_NOT_FOUND, "not-found", "There is nothing here.");
  mm_exchange_answer_error (x, error);
  return FALSE;
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
    default:
      return TRUE;
    }
}
