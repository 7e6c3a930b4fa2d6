/* What a mapping is made of: shared by its builder (mm-mapping-file.c) and its look-up
 * (mm-mapping.c) alone. */
#pragma once

#include "mm-mapping.h"
#include "mm-pattern.h"

G_BEGIN_DECLS

/* @value: NULL: the tag may be there or not */
typedef struct
{
  char *key;
  MmPattern *value;
} MmTagPattern;

typedef enum
{
  MM_RULE_VALUE = MM_MAPPING_VALUE,
  MM_RULE_SUM = MM_MAPPING_SUM,
  MM_RULE_SPARE = MM_MAPPING_SPARE,
  MM_RULE_FAULT = MM_MAPPING_FAULT,
  MM_RULE_KEEP,
} MmRuleKind;

/* @needed, of a sum: it is incomplete without this part */
typedef struct
{
  char *name; /* the pattern as it was written */
  char *text; /* the whole line */
  const char *file;
  const char *protocol;
  guint line;
  MmPattern *pattern;
  MmTagPattern tags[MM_MAPPING_MAX_TAGS];
  guint n_tags;
  gboolean any_tags;
  MmRuleKind kind;
  gboolean needed;
  double scale;
  MmTemplateText *device;
  MmTemplateText *quantity;
  guint group;
  guint64 part;
} MmRule;

/* A sum: what its rules have in common. */
typedef struct
{
  char *key;
  guint64 parts;
  guint64 needed;
} MmSum;

/* A piece of text as a key of a hash table. */
typedef struct
{
  const char *text;
  gsize length;
} MmTextKey;

/* @plain: MmTextKey of a whole name to its rules, @begun: of a first segment to the rules with
 * wildcards behind it; lists (GArray of guint) of numbers of rules, rising
 * @wild: those that begin with a wildcard
 * @segments: MmTextKey of all plain first segments */
struct _MmMappingTable
{
  const MmMapping *mapping;
  GHashTable *plain;
  GHashTable *begun;
  GArray *wild;
  GHashTable *segments;
};

struct _MmMapping
{
  gint ref_count;
  guint stamp;
  GArray *rules;      /* of MmRule */
  GArray *sums;       /* of MmSum */
  GPtrArray *files;   /* of char * */
  GHashTable *tables; /* protocol (static text) to MmMappingTable */
};

/* For hash tables of #MmTextKey. */
guint mm_text_key_hash (gconstpointer key);
gboolean mm_text_key_equal (gconstpointer a, gconstpointer b);

/* A mapping without rules, with one reference. */
MmMapping *mm_mapping_new_empty (void);

/* Makes the tables of @mapping from its rules. */
void mm_mapping_index (MmMapping *mapping);

G_END_DECLS
