#include "mm-line-route.h"

#include <string.h>

void
mm_line_router_init (MmLineRouter *router,
                     MmBatch *batch,
                     const MmMappingTable *table,
                     MmLineOwnName own_name,
                     gpointer data)
{
  router->batch = batch;
  router->table = table;
  router->own_name = own_name;
  router->data = data;
  router->may_map = FALSE;
  router->routes = NULL;
}

void
mm_line_router_clear (MmLineRouter *router)
{
  g_clear_pointer (&router->routes, g_free);
}

/* A few bytes of the ends tell names apart well enough for 64 places. */
static guint32
hash_ends (const char *text, gsize length)
{
  guint32 hash = (guint32) length;
  gsize n = MIN (length, 16);

  for (gsize i = 0; i < n; i++)
    hash = (hash ^ (guint8) text[length - 1 - i]) * 16777619u;
  return hash;
}

/* Writes @span into what is left of router->text from *@used on. */
static gboolean
copy_span (
    MmLineRouter *router, const MmLineSpan *span, gsize *used, const char **at, gsize *length)
{
  gssize n;

  if (span->escapes == NULL)
    {
      *at = span->text;
      *length = span->length;
      return TRUE;
    }
  n = mm_line_span_copy (span, router->text + *used, sizeof router->text - *used);
  if (n < 0)
    return FALSE;
  *at = router->text + *used;
  *length = (gsize) n;
  *used += (gsize) n;
  return TRUE;
}

static gboolean
take_tags (MmLineRouter *router, const MmLinePoint *point)
{
  gsize used = 0;

  if (point->n_tags > G_N_ELEMENTS (router->tags))
    return FALSE;
  for (guint i = 0; i < point->n_tags; i++)
    {
      MmMappingTag *tag = &router->tags[i];

      if (!copy_span (router, &point->tags[i].key, &used, &tag->key, &tag->key_length)
          || !copy_span (router, &point->tags[i].value, &used, &tag->value, &tag->value_length))
        return FALSE;
    }
  router->n_tags = point->n_tags;
  return TRUE;
}

gboolean
mm_line_router_head (MmLineRouter *router, const char *head, gsize length, const MmLinePoint *point)
{
  gssize n;

  router->may_map = FALSE;
  if (router->table == NULL)
    return FALSE;
  n = mm_line_span_copy (&point->measurement, router->name, MM_NAME_MAX_BYTES);
  if (n < 0 || !mm_mapping_may_know (router->table, router->name, (gsize) n)
      || !take_tags (router, point))
    return FALSE;
  router->name[n] = '/';
  router->name_length = (gsize) n + 1;
  router->head = head;
  router->head_length = length;
  router->head_hash = hash_ends (head, length);
  router->may_map = TRUE;
  return TRUE;
}

static gboolean
intern (MmBatch *batch, const MmMappingTarget *target, guint32 *device, guint32 *quantity)
{
  return mm_batch_intern (batch, target->device, target->device_length, device)
         && mm_batch_intern (batch, target->quantity, target->quantity_length, quantity);
}

/* As mm_mapping_find_value(), but without a name of its own at the end. */
static gboolean
find_rule (MmLineRouter *router, guint from, gboolean any, gsize length, MmMappingTarget *target)
{
  while (mm_mapping_find (router->table, from, router->name, length, router->tags, router->n_tags,
                          target))
    {
      if (target->kind == MM_MAPPING_VALUE || (any && target->kind != MM_MAPPING_FAULT))
        return TRUE;
      from = target->rule + 1;
    }
  return FALSE;
}

static gboolean
fill (MmLineRouter *router, const MmLineSpan *key, MmLineRoute *route)
{
  gssize n = mm_line_span_copy (key, router->name + router->name_length,
                                sizeof router->name - router->name_length);
  gsize length = router->name_length + (gsize) MAX (n, 0);
  MmMappingTarget next;

  if (n < 0 || !find_rule (router, 0, TRUE, length, &route->target)
      || !intern (router->batch, &route->target, &route->device, &route->quantity))
    return FALSE;
  if (route->target.kind == MM_MAPPING_VALUE)
    return TRUE;
  if (find_rule (router, route->target.rule + 1, FALSE, length, &next))
    {
      route->own_scale = next.scale;
      return intern (router->batch, &next, &route->own_device, &route->own_quantity);
    }
  route->own_scale = 1;
  return router->own_name (router->data, key, &route->own_device, &route->own_quantity);
}

const MmLineRoute *
mm_line_router_find (MmLineRouter *router, const MmLineSpan *key)
{
  MmLineRoute *route;

  if (!router->may_map)
    return NULL;
  if (router->routes == NULL)
    router->routes = g_new0 (MmLineRoute, MM_LINE_ROUTES);
  route = &router->routes[(router->head_hash ^ hash_ends (key->text, key->length))
                          & (MM_LINE_ROUTES - 1)];
  if (route->head == NULL || route->head_length != router->head_length
      || route->key_length != key->length || memcmp (route->key, key->text, key->length) != 0
      || memcmp (route->head, router->head, router->head_length) != 0)
    {
      route->head = router->head;
      route->head_length = router->head_length;
      route->key = key->text;
      route->key_length = key->length;
      route->mapped = fill (router, key, route);
    }
  return route->mapped ? route : NULL;
}
