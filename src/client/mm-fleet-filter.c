#include "mm-fleet-filter.h"

#include "mm-search.h"

#include <math.h>
#include <string.h>

struct _MmFleetTest
{
  guint statuses;
  char **words;     /* folded */
  char *prefecture; /* interned as in records, or NULL */
  char *model;
  guint32 heard_before; /* UTC seconds; 0: any */
  float soc_below;
};

MmFleetFilter *
mm_fleet_filter_new (void)
{
  MmFleetFilter *filter = g_new0 (MmFleetFilter, 1);

  filter->soc_below = NAN;
  return filter;
}

MmFleetFilter *
mm_fleet_filter_copy (const MmFleetFilter *filter)
{
  MmFleetFilter *copy = g_memdup2 (filter, sizeof *filter);

  copy->text = g_strdup (filter->text);
  copy->prefecture = g_strdup (filter->prefecture);
  copy->model = g_strdup (filter->model);
  return copy;
}

void
mm_fleet_filter_free (MmFleetFilter *filter)
{
  if (filter == NULL)
    return;
  g_free (filter->text);
  g_free (filter->prefecture);
  g_free (filter->model);
  g_free (filter);
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || *text == '\0';
}

gboolean
mm_fleet_filter_is_empty (const MmFleetFilter *filter)
{
  return filter->statuses == 0 && is_blank (filter->text) && filter->prefecture == NULL
         && filter->model == NULL && filter->silent == 0 && isnan (filter->soc_below);
}

/* In the settings */

static void
add_text (GVariantDict *dict, const char *key, const char *text)
{
  if (!is_blank (text))
    g_variant_dict_insert (dict, key, "s", text);
}

GVariant *
mm_fleet_filter_to_variant (const MmFleetFilter *filter)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GStrvBuilder) statuses = g_strv_builder_new ();

  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (filter->statuses & 1u << i)
      g_strv_builder_add (statuses, mm_status_name ((MmStatus) i));
  if (filter->statuses != 0)
    {
      g_auto (GStrv) names = g_strv_builder_end (statuses);

      g_variant_dict_insert_value (&dict, "status",
                                   g_variant_new_strv ((const char *const *) names, -1));
    }
  add_text (&dict, "text", filter->text);
  add_text (&dict, "prefecture", filter->prefecture);
  add_text (&dict, "model", filter->model);
  if (filter->silent != 0)
    g_variant_dict_insert (&dict, "silent", "u", filter->silent);
  if (!isnan (filter->soc_below))
    g_variant_dict_insert (&dict, "soc-below", "d", filter->soc_below);
  return g_variant_dict_end (&dict);
}

MmFleetFilter *
mm_fleet_filter_from_variant (GVariant *variant)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);
  MmFleetFilter *filter = mm_fleet_filter_new ();
  g_autofree const char **names = NULL;

  g_variant_dict_lookup (&dict, "status", "^a&s", &names);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      MmStatus status;

      if (mm_status_from_name (names[i], &status))
        filter->statuses |= 1u << status;
    }
  g_variant_dict_lookup (&dict, "text", "s", &filter->text);
  g_variant_dict_lookup (&dict, "prefecture", "s", &filter->prefecture);
  g_variant_dict_lookup (&dict, "model", "s", &filter->model);
  g_variant_dict_lookup (&dict, "silent", "u", &filter->silent);
  g_variant_dict_lookup (&dict, "soc-below", "d", &filter->soc_below);
  return filter;
}

/* The test */

MmFleetTest *
mm_fleet_test_new (const MmFleetFilter *filter, gint64 now)
{
  MmFleetTest *test = g_new0 (MmFleetTest, 1);
  g_autofree char *folded = mm_search_fold (filter->text);
  gint64 before = now / MM_SECOND - filter->silent;

  test->statuses = filter->statuses != 0 ? filter->statuses : G_MAXUINT;
  test->words = g_strsplit (folded, " ", -1);
  if (filter->prefecture != NULL)
    test->prefecture = g_ref_string_new_intern (filter->prefecture);
  if (filter->model != NULL)
    test->model = g_ref_string_new_intern (filter->model);
  if (filter->silent != 0)
    test->heard_before = (guint32) CLAMP (before, 1, G_MAXUINT32);
  test->soc_below = (float) filter->soc_below;
  return test;
}

void
mm_fleet_test_free (MmFleetTest *test)
{
  if (test == NULL)
    return;
  g_strfreev (test->words);
  g_clear_pointer (&test->prefecture, g_ref_string_release);
  g_clear_pointer (&test->model, g_ref_string_release);
  g_free (test);
}

gboolean
mm_fleet_test_passes (const MmFleetTest *test, const MmFleetRecord *record)
{
  if ((test->prefecture != NULL && record->prefecture != test->prefecture)
      || (test->model != NULL && record->model != test->model)
      || (test->heard_before != 0 && record->last_contact >= test->heard_before)
      || (!isnan (test->soc_below) && !(record->soc < test->soc_below)))
    return FALSE;
  /* A folded word has no line end in it, so it is never found across two parts. */
  for (char **word = test->words; *word != NULL; word++)
    if (**word != '\0' && strstr (mm_fleet_record_search (record), *word) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
mm_fleet_test_passes_status (const MmFleetTest *test, const MmFleetRecord *record)
{
  return (test->statuses >> record->status & 1) != 0;
}
