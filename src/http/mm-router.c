/* Literal paths are found in a hash table, paths with {names} by walking a list in the table's
 * order. The pool's threads and the listener's thread only read the compiled table. */
#define G_LOG_DOMAIN "mm-http"

#include "mm-router.h"
#include "mm-exchange-private.h"

#include "mm-error.h"
#include "mm-language.h"

#include <string.h>

#define WORKERS 4
#define QUEUE_LENGTH 256
#define HEAVY_WORKERS 2
#define HEAVY_QUEUE_LENGTH 1024
#define HEAVY_BODY 8192 /* bytes that take longer to parse than the listener's thread has time */
#define UNPACKED 100    /* a byte may unpack to a thousand; texts of measurements to ten */
/* As many as Argon2 runs at once. */
#define PASSWORD_WORKERS 2
#define PASSWORD_QUEUE_LENGTH 32

typedef struct
{
  const MmRoute *route;
  GPtrArray *names; /* of the segments in braces, in order */
} Method;

/* All routes of one shape of path. */
typedef struct
{
  char **segments; /* "{name}" for any */
  GArray *methods; /* of Method */
  char *allow;     /* their methods, for Allow */
} Resource;

struct _MmRouter
{
  GHashTable *literal;  /* path → Resource */
  GPtrArray *patterned; /* of Resource */
  MmAdmit admit;
  MmRefuse refuse;
  gpointer data;
  GThreadPool *pool;
  GThreadPool *heavy; /* for INLINE routes, so that no page waits behind pushes */
  GThreadPool *passwords;
};

static void
method_clear (gpointer data)
{
  g_ptr_array_unref (((Method *) data)->names);
}

static void
resource_free (gpointer data)
{
  Resource *resource = data;

  g_strfreev (resource->segments);
  g_array_unref (resource->methods);
  g_free (resource->allow);
  g_free (resource);
}

static gboolean
is_name (const char *segment)
{
  return segment[0] == '{';
}

static gboolean
same_shape (char **a, char **b)
{
  if (g_strv_length (a) != g_strv_length (b))
    return FALSE;
  for (; *a != NULL; a++, b++)
    if (is_name (*a) != is_name (*b) || (!is_name (*a) && strcmp (*a, *b) != 0))
      return FALSE;
  return TRUE;
}

static Resource *
resource_for (MmRouter *router, const char *path)
{
  g_auto (GStrv) segments = g_strsplit (path + 1, "/", -1);
  gboolean patterned = strchr (path, '{') != NULL;
  Resource *resource = NULL;

  if (!patterned)
    resource = g_hash_table_lookup (router->literal, path);
  for (guint i = 0; patterned && i < router->patterned->len && resource == NULL; i++)
    if (same_shape (((Resource *) router->patterned->pdata[i])->segments, segments))
      resource = router->patterned->pdata[i];
  if (resource != NULL)
    return resource;

  resource = g_new0 (Resource, 1);
  resource->segments = g_steal_pointer (&segments);
  resource->methods = g_array_new (FALSE, FALSE, sizeof (Method));
  g_array_set_clear_func (resource->methods, method_clear);
  if (patterned)
    g_ptr_array_add (router->patterned, resource);
  else
    g_hash_table_insert (router->literal, g_strdup (path), resource);
  return resource;
}

static const Method *
find_method (const Resource *resource, const char *name)
{
  for (guint i = 0; i < resource->methods->len; i++)
    {
      const Method *method = &g_array_index (resource->methods, Method, i);

      if (strcmp (method->route->method, name) == 0)
        return method;
    }
  return NULL;
}

static void
add_route (MmRouter *router, const MmRoute *route)
{
  Resource *resource = resource_for (router, route->path);
  g_auto (GStrv) segments = g_strsplit (route->path + 1, "/", -1);
  g_autofree char *allow = g_steal_pointer (&resource->allow);
  Method method = { route, g_ptr_array_new_with_free_func (g_free) };

  if (find_method (resource, route->method) != NULL)
    g_error ("two routes for %s %s", route->method, route->path);
  for (guint i = 0; segments[i] != NULL; i++)
    if (is_name (segments[i]))
      g_ptr_array_add (method.names, g_strndup (segments[i] + 1, strlen (segments[i]) - 2));
  if (method.names->len > MM_EXCHANGE_PARAMS)
    g_error ("too many names in %s", route->path);
  g_array_append_val (resource->methods, method);
  resource->allow = g_strconcat (allow != NULL ? allow : "OPTIONS", ", ", route->method,
                                 strcmp (route->method, "GET") == 0 ? ", HEAD" : NULL, NULL);
}

/* TRUE if @path has the shape of @resource. */
static gboolean
resource_matches (const Resource *resource, const char *path)
{
  const char *segment = path + 1;

  for (guint i = 0;; i++)
    {
      const char *expected = resource->segments[i];
      gsize length = strcspn (segment, "/");

      if (is_name (expected)
              ? length == 0
              : strlen (expected) != length || strncmp (expected, segment, length) != 0)
        return FALSE;
      segment += length;
      if (*segment == '\0' || resource->segments[i + 1] == NULL)
        return *segment == '\0' && resource->segments[i + 1] == NULL;
      segment++;
    }
}

static const Resource *
find_resource (MmRouter *router, const char *path)
{
  const Resource *resource = g_hash_table_lookup (router->literal, path);

  for (guint i = 0; i < router->patterned->len && resource == NULL; i++)
    if (resource_matches (router->patterned->pdata[i], path))
      resource = router->patterned->pdata[i];
  return resource;
}

/* Keeps the segments of @x's path that the route has names for. */
static void
set_params (MmExchange *x, const Resource *resource, const Method *method)
{
  const char *segment = x->path + 1;
  guint n = 0;

  for (guint i = 0; n < method->names->len; i++)
    {
      gsize length = strcspn (segment, "/");

      if (is_name (resource->segments[i]))
        {
          x->param_names[n] = method->names->pdata[n];
          x->param_values[n++] = g_strndup (segment, length);
        }
      segment += length + 1;
    }
}

static void
refuse (MmRouter *router, MmExchange *x, MmErrorKind kind, const char *code, const char *sentence)
{
  g_autoptr (GError) error = mm_error_new (kind, code, sentence);

  if (router->refuse != NULL)
    router->refuse (x, error, router->data);
  else
    mm_exchange_answer_error (x, error);
}

/* Judged when the headers are known, on the listener's thread: what needs no store. */
static gboolean
is_admitted_early (const MmRoute *route)
{
  return route->run == MM_RUN_INLINE || route->who == MM_WHO_OPERATOR;
}

static gboolean
is_admitted (MmExchange *x, MmRouter *router)
{
  return router->admit == NULL || router->admit (x, x->route, router->data);
}

/* An address of the operator's is not there for those who come over the network. */
static gboolean
is_hidden (const Resource *resource, MmExchange *x)
{
  return g_array_index (resource->methods, Method, 0).route->who == MM_WHO_OPERATOR
         && mm_exchange_peer_uid (x) < 0;
}

gsize
mm_router_begin (MmExchange *x, gpointer data)
{
  MmRouter *router = data;
  const Resource *resource = find_resource (router, x->path);
  const Method *method;

  if (resource == NULL || is_hidden (resource, x))
    {
      refuse (router, x, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing at this address."));
      return 0;
    }
  method = find_method (resource, strcmp (x->method, "HEAD") == 0 ? "GET" : x->method);
  if (method != NULL)
    {
      x->route = method->route;
      set_params (x, resource, method);
      if (is_admitted_early (x->route) && !is_admitted (x, router))
        return 0;
      return x->route->body_limit;
    }
  mm_exchange_set_header (x, "Allow", resource->allow);
  if (strcmp (x->method, "OPTIONS") == 0)
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_problem (x, 405, "Method Not Allowed", "method",
                                N_ ("This address cannot be used that way."));
  return 0;
}

static void
work (gpointer data, gpointer user_data)
{
  MmExchange *x = data;
  MmRouter *router = user_data;

  if (is_admitted_early (x->route) || is_admitted (x, router))
    x->route->handler (x, router->data);
  mm_exchange_finish (x);
}

static gboolean
is_heavy (MmExchange *x)
{
  return x->length > HEAVY_BODY
         || (x->length > HEAVY_BODY / UNPACKED
             && mm_exchange_header (x, "Content-Encoding") != NULL);
}

void
mm_router_run (MmExchange *x, gpointer data)
{
  MmRouter *router = data;
  MmRun run = x->route->run;
  GThreadPool *pool = router->pool;
  guint queue_length = QUEUE_LENGTH;

  if (run == MM_RUN_INLINE)
    {
      pool = router->heavy;
      queue_length = HEAVY_QUEUE_LENGTH;
    }
  else if (run == MM_RUN_PASSWORD)
    {
      pool = router->passwords;
      queue_length = PASSWORD_QUEUE_LENGTH;
    }
  if (run == MM_RUN_INLINE && !is_heavy (x))
    x->route->handler (x, router->data);
  else if (g_thread_pool_unprocessed (pool) >= queue_length)
    refuse (router, x, MM_ERROR_BUSY, "busy",
            N_ ("The server is busy. Please try again in a moment."));
  else
    {
      mm_exchange_defer (x);
      g_thread_pool_push (pool, x, NULL);
    }
}

const MmRoute *
mm_exchange_route (MmExchange *x)
{
  return x->route;
}

MmRouter *
mm_router_new (const MmRoute *routes, gsize n_routes, MmAdmit admit, gpointer data)
{
  MmRouter *router = g_new0 (MmRouter, 1);

  router->literal = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, resource_free);
  router->patterned = g_ptr_array_new_with_free_func (resource_free);
  for (gsize i = 0; i < n_routes; i++)
    add_route (router, &routes[i]);
  router->admit = admit;
  router->data = data;
  /* Threads of its own, which do not count against other pools. */
  router->pool = g_thread_pool_new (work, router, WORKERS, TRUE, NULL);
  router->heavy = g_thread_pool_new (work, router, HEAVY_WORKERS, TRUE, NULL);
  router->passwords = g_thread_pool_new (work, router, PASSWORD_WORKERS, TRUE, NULL);
  return router;
}

void
mm_router_set_refuse (MmRouter *router, MmRefuse refuse_func)
{
  router->refuse = refuse_func;
}

void
mm_router_free (MmRouter *router)
{
  if (router == NULL)
    return;
  g_thread_pool_free (router->pool, FALSE, TRUE);
  g_thread_pool_free (router->heavy, FALSE, TRUE);
  g_thread_pool_free (router->passwords, FALSE, TRUE);
  g_hash_table_unref (router->literal);
  g_ptr_array_unref (router->patterned);
  g_free (router);
}
