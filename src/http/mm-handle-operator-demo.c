/* The demo in the operator's API. On a worker; takes seconds. */
#include "mm-handle-operator.h"

#include "mm-body.h"
#include "mm-demo-houses.h"
#include "mm-demo.h"
#include "mm-error.h"

/* A body may be absent. */
static gboolean
take_houses (MmExchange *x, guint *houses, GError **error)
{
  gint64 number = MM_DEMO_HOUSES_DEFAULT;
  json_t *body;
  gsize length;
  gboolean read;

  mm_exchange_body (x, &length);
  if (length > 0)
    {
      body = mm_body_object (x, error);
      read = body != NULL && mm_body_integer (body, "houses", &number, error);
      if (read && json_object_get (body, "houses") == NULL)
        number = MM_DEMO_HOUSES_DEFAULT;
      json_decref (body);
      if (!read)
        return FALSE;
    }
  *houses = (guint) CLAMP (number, 0, MM_DEMO_HOUSES_MAX + 1);
  return TRUE;
}

void
mm_handle_operator_demo (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDemo) demo = NULL;
  guint houses;

  if (take_houses (x, &houses, &error))
    demo = mm_demo_make (context, houses, &error);
  if (demo == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "user_id",
                                      demo->user_id, "password", demo->password, "dealer",
                                      demo->dealer, "phone", demo->phone, "fleet_file",
                                      demo->fleet_file, "customer", "user_id", demo->customer,
                                      "password", demo->customer_password));
}
