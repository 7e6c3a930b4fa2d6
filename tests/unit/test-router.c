/* The route table without a socket: exchanges are made here and handed to the router. */
#include "mm-error.h"
#include "mm-exchange-private.h"
#include "mm-problem.h"
#include "mm-router.h"

#include <string.h>

static GPrivate on_test_thread;
static int handled; /* atomic */

static void
answer_inline (MmExchange *x, gpointer data)
{
  g_assert_nonnull (g_private_get (&on_test_thread));
  mm_exchange_answer (x, 204, NULL, NULL);
}

static void
answer_worker (MmExchange *x, gpointer data)
{
  g_assert_null (g_private_get (&on_test_thread));
  mm_exchange_answer (x, 204, NULL, NULL);
  g_atomic_int_inc (&handled);
}

static GMutex slow_mutex;
static GCond slow_cond;
static gboolean slow_may_end;

static void
answer_slowly (MmExchange *x, gpointer data)
{
  g_mutex_lock (&slow_mutex);
  while (!slow_may_end)
    g_cond_wait (&slow_cond, &slow_mutex);
  g_mutex_unlock (&slow_mutex);
  mm_exchange_answer (x, 204, NULL, NULL);
}

static gboolean
admit (MmExchange *x, const MmRoute *route, gpointer data)
{
  if (route->who == MM_WHO_ANYONE)
    return TRUE;
  g_assert_true (route == mm_exchange_route (x));
  mm_exchange_answer (x, 403, NULL, NULL);
  return FALSE;
}

static const MmRoute routes[] = {
  { "GET", "/", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  { "GET", "/a", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  { "POST", "/a", MM_RUN_INLINE, MM_WHO_ANYONE, 7, 100, answer_inline },
  { "GET", "/a/{id}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  { "PUT", "/a/{key}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 10, answer_inline },
  { "GET", "/a/special", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  { "GET", "/a/{id}/b/{other}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  { "POST", "/secret", MM_RUN_INLINE, MM_WHO_DEALER, 0, 10, answer_inline },
  { "POST", "/secret/work", MM_RUN_WORKER, MM_WHO_DEALER, 0, 10, answer_worker },
  { "POST", "/work", MM_RUN_WORKER, MM_WHO_ANYONE, 0, 0, answer_worker },
  { "POST", "/password", MM_RUN_PASSWORD, MM_WHO_ANYONE, 0, 0, answer_slowly },
  { "POST", "/operator", MM_RUN_WORKER, MM_WHO_OPERATOR, 0, 10, answer_worker },
};

typedef struct
{
  MmRouter *router;
  MmExchange x;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_private_set (&on_test_thread, f);
  f->router = mm_router_new (routes, G_N_ELEMENTS (routes), admit, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mm_exchange_reset (&f->x);
  mm_router_free (f->router);
}

static gsize
begin (Fixture *f, const char *method, const char *path)
{
  mm_exchange_reset (&f->x);
  f->x.method = method;
  f->x.path = path;
  return mm_router_begin (&f->x, f->router);
}

static const char *
header (MmExchange *x, const char *name)
{
  for (guint i = 0; x->headers != NULL && i < x->headers->len; i++)
    {
      MmExchangeHeader *h = &g_array_index (x->headers, MmExchangeHeader, i);
      if (g_ascii_strcasecmp (h->name, name) == 0)
        return h->value;
    }
  return NULL;
}

static void
test_match (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (begin (f, "GET", "/"), ==, 0);
  g_assert_true (mm_exchange_route (&f->x) == &routes[0]);
  g_assert_cmpuint (begin (f, "POST", "/a"), ==, 100);
  g_assert_true (mm_exchange_route (&f->x) == &routes[2]);
  begin (f, "HEAD", "/a");
  g_assert_true (mm_exchange_route (&f->x) == &routes[1]);
  begin (f, "GET", "/a/special");
  g_assert_true (mm_exchange_route (&f->x) == &routes[5]);
  mm_router_run (&f->x, f->router);
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 204);
}

static void
test_params (Fixture *f, gconstpointer data)
{
  begin (f, "GET", "/a/x-1");
  g_assert_true (mm_exchange_route (&f->x) == &routes[3]);
  g_assert_cmpstr (mm_exchange_param (&f->x, "id"), ==, "x-1");
  g_assert_null (mm_exchange_param (&f->x, "other"));
  begin (f, "PUT", "/a/x-1");
  g_assert_cmpstr (mm_exchange_param (&f->x, "key"), ==, "x-1");
  g_assert_null (mm_exchange_param (&f->x, "id"));
  begin (f, "GET", "/a/1/b/2");
  g_assert_cmpstr (mm_exchange_param (&f->x, "id"), ==, "1");
  g_assert_cmpstr (mm_exchange_param (&f->x, "other"), ==, "2");
}

static void
test_not_found (Fixture *f, gconstpointer data)
{
  static const char *const paths[]
      = { "/b", "/A", "/a/", "/a/1/", "/a/1/b", "/a/1/b/2/c", "/a/1/c/2", "/a/1/b/" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_cmpuint (begin (f, "GET", paths[i]), ==, 0);
      g_assert_cmpuint (mm_exchange_status (&f->x), ==, 404);
    }
}

static void
test_methods (Fixture *f, gconstpointer data)
{
  begin (f, "DELETE", "/a");
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 405);
  g_assert_cmpstr (header (&f->x, "Allow"), ==, "OPTIONS, GET, HEAD, POST");
  begin (f, "POST", "/a/special");
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 405);
  g_assert_cmpstr (header (&f->x, "Allow"), ==, "OPTIONS, GET, HEAD");
  begin (f, "HEAD", "/work");
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 405);
  begin (f, "OPTIONS", "/a/x");
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 204);
  g_assert_cmpstr (header (&f->x, "Allow"), ==, "OPTIONS, GET, HEAD, PUT");
  begin (f, "get", "/a");
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 405);
}

static void
test_admit (Fixture *f, gconstpointer data)
{
  /* Inline routes are refused before their body is read, the others on the worker. */
  g_assert_cmpuint (begin (f, "POST", "/secret"), ==, 0);
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 403);
  g_assert_cmpuint (begin (f, "POST", "/secret/work"), ==, 10);
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 0);
  mm_router_run (&f->x, f->router);
  g_clear_pointer (&f->router, mm_router_free);
  g_assert_cmpuint (mm_exchange_status (&f->x), ==, 403);
}

static void
test_worker (Fixture *f, gconstpointer data)
{
  MmExchange many[50];

  g_atomic_int_set (&handled, 0);
  memset (many, 0, sizeof many);
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    {
      many[i].method = "POST";
      many[i].path = "/work";
      mm_router_begin (&many[i], f->router);
      mm_router_run (&many[i], f->router);
    }
  /* Freeing the router waits for its workers. */
  g_clear_pointer (&f->router, mm_router_free);
  g_assert_cmpint (g_atomic_int_get (&handled), ==, 50);
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    {
      g_assert_cmpuint (mm_exchange_status (&many[i]), ==, 204);
      mm_exchange_reset (&many[i]);
    }
}

static void
run_one (Fixture *f, MmExchange *x, const char *path)
{
  x->method = "POST";
  x->path = path;
  mm_router_begin (x, f->router);
  mm_router_run (x, f->router);
}

/* However many want a password hashed: some are refused at once, and all else goes on. */
static void
test_passwords (Fixture *f, gconstpointer data)
{
  MmExchange many[50], other;
  guint n_refused = 0;

  g_atomic_int_set (&handled, 0);
  slow_may_end = FALSE;
  memset (many, 0, sizeof many);
  memset (&other, 0, sizeof other);
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    {
      run_one (f, &many[i], "/password");
      n_refused += mm_exchange_status (&many[i]) == 503;
    }
  g_assert_cmpuint (n_refused, >=, 16);
  run_one (f, &other, "/work");
  while (g_atomic_int_get (&handled) == 0)
    g_thread_yield ();

  g_mutex_lock (&slow_mutex);
  slow_may_end = TRUE;
  g_cond_broadcast (&slow_cond);
  g_mutex_unlock (&slow_mutex);
  g_clear_pointer (&f->router, mm_router_free);
  g_assert_cmpuint (mm_exchange_status (&other), ==, 204);
  mm_exchange_reset (&other);
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    mm_exchange_reset (&many[i]);
}

/* From the network, what is the operator's is not there: not its methods, not its size. */
static void
test_operator (Fixture *f, gconstpointer data)
{
  static const char *const methods[] = { "POST", "GET", "OPTIONS", "HEAD" };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_assert_cmpuint (begin (f, methods[i], "/operator"), ==, 0);
      g_assert_cmpuint (mm_exchange_status (&f->x), ==, 404);
      g_assert_null (header (&f->x, "Allow"));
    }
}

static void
test_defects (void)
{
  static const MmRoute twice[] = {
    { "GET", "/a/{id}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
    { "GET", "/a/{other}", MM_RUN_INLINE, MM_WHO_ANYONE, 0, 0, answer_inline },
  };

  if (g_test_subprocess ())
    {
      mm_router_new (twice, G_N_ELEMENTS (twice), NULL, NULL);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*two routes for GET*");
}

static void
assert_problem (MmErrorKind kind, guint status)
{
  g_autoptr (GError) error = mm_error_new (kind, "some-code", "A sentence.");
  json_t *problem = mm_problem_new (error, NULL);

  g_assert_cmpuint (mm_problem_status (error), ==, status);
  g_assert_cmpint (json_integer_value (json_object_get (problem, "status")), ==, status);
  g_assert_cmpstr (json_string_value (json_object_get (problem, "code")), ==,
                   status == 500 ? "internal" : "some-code");
  if (status == 500)
    g_assert_cmpstr (json_string_value (json_object_get (problem, "detail")), !=, "A sentence.");
  else
    g_assert_cmpstr (json_string_value (json_object_get (problem, "detail")), ==, "A sentence.");
  json_decref (problem);
}

static void
test_problems (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (G_FILE_ERROR, 0, "/secret/path");

  assert_problem (MM_ERROR_INVALID, 400);
  assert_problem (MM_ERROR_FIELDS, 422);
  assert_problem (MM_ERROR_UNAUTHENTICATED, 401);
  assert_problem (MM_ERROR_FORBIDDEN, 403);
  assert_problem (MM_ERROR_NOT_FOUND, 404);
  assert_problem (MM_ERROR_CONFLICT, 409);
  assert_problem (MM_ERROR_GONE, 410);
  assert_problem (MM_ERROR_TOO_LARGE, 413);
  assert_problem (MM_ERROR_LIMITED, 429);
  assert_problem (MM_ERROR_BUSY, 503);
  assert_problem (MM_ERROR_INTERNAL, 500);
  g_assert_cmpuint (mm_problem_status (foreign), ==, 500);
  g_assert_null (strstr (mm_problem_sentence (foreign, NULL), "secret"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/router/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("match", test_match);
  ADD ("params", test_params);
  ADD ("not-found", test_not_found);
  ADD ("methods", test_methods);
  ADD ("admit", test_admit);
  ADD ("worker", test_worker);
  ADD ("passwords", test_passwords);
  ADD ("operator", test_operator);
#undef ADD
  g_test_add_func ("/router/defects", test_defects);
  g_test_add_func ("/router/problems", test_problems);
  return g_test_run ();
}
