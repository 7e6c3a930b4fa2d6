/* Looking up: plain names by hash, the few patterns behind the same first segment one by one, and
 * of all that fit the rule that stands first. Reads only; any thread. */
#include "mm-mapping-private.h"

#include <string.h>

guint
mm_text_key_hash (gconstpointer data)
{
  const MmTextKey *key = data;
  guint32 hash = 2166136261u;

  /* Only the operator puts keys into the tables, so nobody can make them fall together. */
  for (gsize i = 0; i < key->length; i++)
    hash = (hash ^ (guint8) key->text[i]) * 16777619u;
  return hash;
}

gboolean
mm_text_key_equal (gconstpointer a, gconstpointer b)
{
  const MmTextKey *p = a, *q = b;

  return p->length == q->length && memcmp (p->text, q->text, p->length) == 0;
}

/* ---- its life ---- */

static void
clear_rule (gpointer data)
{
  MmRule *rule = data;

  for (guint i = 0; i < rule->n_tags; i++)
    {
      g_free (rule->tags[i].key);
      g_clear_pointer (&rule->tags[i].value, mm_pattern_free);
    }
  g_clear_pointer (&rule->pattern, mm_pattern_free);
  g_clear_pointer (&rule->device, mm_template_text_free);
  g_clear_pointer (&rule->quantity, mm_template_text_free);
  g_free (rule->name);
  g_free (rule->text);
}

static void
clear_sum (gpointer data)
{
  g_free (((MmSum *) data)->key);
}

static void
table_free (gpointer data)
{
  MmMappingTable *table = data;

  g_hash_table_unref (table->plain);
  g_hash_table_unref (table->begun);
  g_hash_table_unref (table->segments);
  g_array_unref (table->wild);
  g_free (table);
}

MmMapping *
mm_mapping_new_empty (void)
{
  static gint last_stamp;
  MmMapping *mapping = g_new0 (MmMapping, 1);

  mapping->ref_count = 1;
  mapping->stamp = (guint) g_atomic_int_add (&last_stamp, 1) + 1;
  mapping->rules = g_array_new (FALSE, TRUE, sizeof (MmRule));
  g_array_set_clear_func (mapping->rules, clear_rule);
  mapping->sums = g_array_new (FALSE, TRUE, sizeof (MmSum));
  g_array_set_clear_func (mapping->sums, clear_sum);
  mapping->files = g_ptr_array_new_with_free_func (g_free);
  mapping->tables = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, table_free);
  return mapping;
}

MmMapping *
mm_mapping_ref (MmMapping *mapping)
{
  g_atomic_int_inc (&mapping->ref_count);
  return mapping;
}

void
mm_mapping_unref (MmMapping *mapping)
{
  if (!g_atomic_int_dec_and_test (&mapping->ref_count))
    return;
  g_hash_table_unref (mapping->tables);
  g_array_unref (mapping->rules);
  g_array_unref (mapping->sums);
  g_ptr_array_unref (mapping->files);
  g_free (mapping);
}

guint
mm_mapping_stamp (const MmMapping *mapping)
{
  return mapping->stamp;
}

guint
mm_mapping_n_rules (const MmMapping *mapping)
{
  return mapping->rules->len;
}

void
mm_mapping_rule_text (const MmMapping *mapping, guint number, MmMappingRuleText *text)
{
  const MmRule *rule = &g_array_index (mapping->rules, MmRule, number);

  text->file = rule->file;
  text->line = rule->line;
  text->protocol = rule->protocol;
  text->text = rule->text;
}

/* ---- its tables ---- */

static GHashTable *
new_index (GDestroyNotify free_value)
{
  return g_hash_table_new_full (mm_text_key_hash, mm_text_key_equal, g_free, free_value);
}

static MmMappingTable *
table_of (MmMapping *mapping, const char *protocol)
{
  MmMappingTable *table = g_hash_table_lookup (mapping->tables, protocol);

  if (table != NULL)
    return table;
  table = g_new0 (MmMappingTable, 1);
  table->mapping = mapping;
  table->plain = new_index ((GDestroyNotify) g_array_unref);
  table->begun = new_index ((GDestroyNotify) g_array_unref);
  table->segments = new_index (NULL);
  table->wild = g_array_new (FALSE, FALSE, sizeof (guint));
  g_hash_table_insert (mapping->tables, (gpointer) protocol, table);
  return table;
}

static MmTextKey *
copy_key (const char *text, gsize length)
{
  MmTextKey *key = g_new (MmTextKey, 1);

  key->text = text;
  key->length = length;
  return key;
}

static void
add_to_index (GHashTable *index, const char *text, gsize length, guint number)
{
  const MmTextKey key = { text, length };
  GArray *list = g_hash_table_lookup (index, &key);

  if (list == NULL)
    {
      list = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (index, copy_key (text, length), list);
    }
  g_array_append_val (list, number);
}

void
mm_mapping_index (MmMapping *mapping)
{
  for (guint i = 0; i < mapping->rules->len; i++)
    {
      const MmRule *rule = &g_array_index (mapping->rules, MmRule, i);
      MmMappingTable *table = table_of (mapping, rule->protocol);
      gsize segment = strcspn (rule->name, "/");

      if (!mm_pattern_begins_plain (rule->pattern))
        {
          g_array_append_val (table->wild, i);
          continue;
        }
      g_hash_table_add (table->segments, copy_key (rule->name, segment));
      if (mm_pattern_is_plain (rule->pattern))
        add_to_index (table->plain, rule->name, strlen (rule->name), i);
      else
        add_to_index (table->begun, rule->name, segment, i);
    }
}

const MmMappingTable *
mm_mapping_table (const MmMapping *mapping, const char *protocol)
{
  return g_hash_table_lookup (mapping->tables, protocol);
}

gboolean
mm_mapping_may_know (const MmMappingTable *table, const char *segment, gsize length)
{
  const char *slash = memchr (segment, '/', length);
  const MmTextKey key = { segment, slash != NULL ? (gsize) (slash - segment) : length };

  return table != NULL && (table->wild->len > 0 || g_hash_table_contains (table->segments, &key));
}

/* ---- finding ---- */

static gboolean
tag_fits (const MmRule *rule, const MmMappingTag *tag, guint *which, MmCatches *catches)
{
  for (guint i = 0; i < rule->n_tags; i++)
    if (strlen (rule->tags[i].key) == tag->key_length
        && memcmp (rule->tags[i].key, tag->key, tag->key_length) == 0)
      {
        *which = i;
        return rule->tags[i].value == NULL
               || mm_pattern_match (rule->tags[i].value, tag->value, tag->value_length, catches);
      }
  *which = rule->n_tags;
  return TRUE;
}

/* @left: gets a bit for each tag that the rule does not mention; of 64 tags and more none fits. */
static gboolean
tags_fit (
    const MmRule *rule, const MmMappingTag *tags, guint n_tags, MmCatches *catches, guint64 *left)
{
  guint seen = 0;
  guint which;

  *left = 0;
  if (n_tags > 64)
    return FALSE;
  for (guint i = 0; i < n_tags; i++)
    {
      if (!tag_fits (rule, &tags[i], &which, catches))
        return FALSE;
      if (which < rule->n_tags)
        seen |= 1u << which;
      else if (!rule->any_tags)
        *left |= G_GUINT64_CONSTANT (1) << i;
    }
  for (guint i = 0; i < rule->n_tags; i++)
    if (rule->tags[i].value != NULL && (seen & 1u << i) == 0)
      return FALSE;
  return TRUE;
}

static gboolean
append (MmMappingTarget *target, const char *text, gsize length)
{
  if (length > sizeof target->device - target->device_length)
    return FALSE;
  memcpy (target->device + target->device_length, text, length);
  target->device_length += length;
  return TRUE;
}

static gboolean
write_target (const MmMappingTable *table,
              guint number,
              const MmCatches *catches,
              const MmMappingTag *tags,
              guint n_tags,
              guint64 left,
              MmMappingTarget *target)
{
  const MmRule *rule = &g_array_index (table->mapping->rules, MmRule, number);
  gssize device
      = mm_template_text_write (rule->device, catches, target->device, sizeof target->device);
  gssize quantity
      = mm_template_text_write (rule->quantity, catches, target->quantity, sizeof target->quantity);

  if (device <= 0 || quantity <= 0)
    return FALSE;
  target->device_length = (gsize) device;
  target->quantity_length = (gsize) quantity;
  for (guint i = 0; i < n_tags && left != 0; i++)
    if ((left & G_GUINT64_CONSTANT (1) << i) != 0
        && (!append (target, ";", 1) || !append (target, tags[i].key, tags[i].key_length)
            || !append (target, "=", 1) || !append (target, tags[i].value, tags[i].value_length)))
      return FALSE;
  target->rule = number;
  target->kind = (MmMappingKind) rule->kind;
  target->scale = rule->scale;
  if (rule->kind == MM_RULE_SUM)
    {
      target->group = rule->group;
      target->part = rule->part;
      target->needed = g_array_index (table->mapping->sums, MmSum, rule->group).needed;
    }
  return TRUE;
}

/* A list of candidates and how far it has been looked at. */
typedef struct
{
  const GArray *list;
  guint at;
} Candidates;

static void
begin (Candidates *candidates, const GArray *list, guint from)
{
  candidates->list = list;
  candidates->at = 0;
  while (list != NULL && candidates->at < list->len
         && g_array_index (list, guint, candidates->at) < from)
    candidates->at++;
}

/* The lowest number that the lists still hold; G_MAXUINT: none. */
static guint
next_candidate (Candidates *lists, gsize n)
{
  guint lowest = G_MAXUINT;
  gsize of = 0;

  for (gsize i = 0; i < n; i++)
    if (lists[i].list != NULL && lists[i].at < lists[i].list->len
        && g_array_index (lists[i].list, guint, lists[i].at) < lowest)
      {
        lowest = g_array_index (lists[i].list, guint, lists[i].at);
        of = i;
      }
  if (lowest != G_MAXUINT)
    lists[of].at++;
  return lowest;
}

gboolean
mm_mapping_find (const MmMappingTable *table,
                 guint from,
                 const char *name,
                 gsize length,
                 const MmMappingTag *tags,
                 guint n_tags,
                 MmMappingTarget *target)
{
  const char *slash = memchr (name, '/', length);
  const MmTextKey whole = { name, length };
  const MmTextKey segment = { name, slash != NULL ? (gsize) (slash - name) : length };
  Candidates lists[3];
  MmCatches catches;
  guint64 left;
  guint number;

  if (table == NULL)
    return FALSE;
  begin (&lists[0], g_hash_table_lookup (table->plain, &whole), from);
  begin (&lists[1], g_hash_table_lookup (table->begun, &segment), from);
  begin (&lists[2], table->wild, from);
  while ((number = next_candidate (lists, G_N_ELEMENTS (lists))) != G_MAXUINT)
    {
      const MmRule *rule = &g_array_index (table->mapping->rules, MmRule, number);

      if (!mm_pattern_match (rule->pattern, name, length, &catches)
          || !tags_fit (rule, tags, n_tags, &catches, &left))
        continue;
      return rule->kind != MM_RULE_KEEP
             && write_target (table, number, &catches, tags, n_tags, left, target);
    }
  return FALSE;
}

gboolean
mm_mapping_own_name (const char *name, gsize length, const char *fallback, MmMappingTarget *target)
{
  const char *slash = memchr (name, '/', length);
  const char *device = slash != NULL ? name : fallback;
  gsize device_length = slash != NULL ? (gsize) (slash - name) : strlen (fallback);
  const char *quantity = slash != NULL ? slash + 1 : name;
  gsize quantity_length = (gsize) (name + length - quantity);

  if (device_length == 0 || device_length > sizeof target->device || quantity_length == 0
      || quantity_length > sizeof target->quantity)
    return FALSE;
  memset (target, 0, offsetof (MmMappingTarget, device));
  target->kind = MM_MAPPING_VALUE;
  target->scale = 1;
  target->device_length = device_length;
  target->quantity_length = quantity_length;
  memcpy (target->device, device, device_length);
  memcpy (target->quantity, quantity, quantity_length);
  return TRUE;
}

gboolean
mm_mapping_find_value (const MmMappingTable *table,
                       guint from,
                       gboolean any,
                       const char *name,
                       gsize length,
                       const MmMappingTag *tags,
                       guint n_tags,
                       const char *fallback,
                       MmMappingTarget *target)
{
  while (mm_mapping_find (table, from, name, length, tags, n_tags, target))
    {
      if (target->kind == MM_MAPPING_VALUE || (any && target->kind != MM_MAPPING_FAULT))
        return TRUE;
      from = target->rule + 1;
    }
  return mm_mapping_own_name (name, length, fallback, target);
}
