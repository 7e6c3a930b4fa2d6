/* Where the fields of line protocol go by the mapping. Heads and fields repeat from line to line,
 * so what was found for one is kept for the next. One router for one text; belongs to one thread.
 */
#pragma once

#include "mm-line-point.h"
#include "mm-mapper.h"

G_BEGIN_DECLS

#define MM_LINE_ROUTES 64 /* kept at a time; a power of two */

/* @mapped: a rule fits; the rest is only then of use
 * @value, @own: names to put in; @own: without the rule of a sum or a spare, see mm_mapper_put() */
typedef struct
{
  const char *head;
  gsize head_length;
  const char *key;
  gsize key_length;
  gboolean mapped;
  MmMappingTarget target;
  double own_scale;
  guint32 device;
  guint32 quantity;
  guint32 own_device;
  guint32 own_quantity;
} MmLineRoute;

/* The number of the name that the field @key would have without a mapping; FALSE if it is unfit. */
typedef gboolean (*MmLineOwnName) (gpointer data,
                                   const MmLineSpan *key,
                                   guint32 *device,
                                   guint32 *quantity);

typedef struct
{
  MmBatch *batch;
  const MmMappingTable *table;
  MmLineOwnName own_name;
  gpointer data;
  /* Of the last head: "measurement/" and the tags, unescaped. */
  const char *head;
  gsize head_length;
  guint32 head_hash;
  gboolean may_map;
  gsize name_length;
  guint n_tags;
  char name[2 * MM_NAME_MAX_BYTES + 1];
  MmMappingTag tags[64];
  char text[4096]; /* of the tags */
  MmLineRoute *routes;
} MmLineRouter;

/* Begins for @batch; @table may be NULL: nothing is mapped then. */
void mm_line_router_init (MmLineRouter *router,
                          MmBatch *batch,
                          const MmMappingTable *table,
                          MmLineOwnName own_name,
                          gpointer data);

/* Frees what it holds. */
void mm_line_router_clear (MmLineRouter *router);

/* Takes the head @point of @length bytes at @head, its tags sorted by key. FALSE if no rule can fit
 * any of its fields. */
gboolean mm_line_router_head (MmLineRouter *router,
                              const char *head,
                              gsize length,
                              const MmLinePoint *point);

/* Where the field @key of the last head goes; NULL if nothing is mapped. */
const MmLineRoute *mm_line_router_find (MmLineRouter *router, const MmLineSpan *key);

G_END_DECLS
