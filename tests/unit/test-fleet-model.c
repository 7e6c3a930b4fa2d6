/* The list of gateways against a naive one: whatever happens to the fleet, the rows are those that
 * pass, in their order, and what was told of changes leads there too. */
#include "fleet-records.h"
#include "mm-fleet-model.h"
#include "mm-fleet-ranges.h"

#include <string.h>

/* What a list that listens only to "items-changed" would show. */
typedef struct
{
  GListModel *model;
  GPtrArray *ids;
  guint n_signals;
  guint n_rows; /* that were told to have gone or come */
} Mirror;

static void
mirror_check (Mirror *mirror)
{
  g_assert_cmpuint (mirror->ids->len, ==, g_list_model_get_n_items (mirror->model));
  for (guint i = 0; i < mirror->ids->len; i++)
    g_assert_cmpstr (mirror->ids->pdata[i], ==,
                     mm_fleet_record_id (mm_fleet_model_peek (MM_FLEET_MODEL (mirror->model), i)));
}

/* Whoever listens may ask for all of the list at any time: it is what was told so far. */
static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, Mirror *mirror)
{
  mirror->n_signals++;
  mirror->n_rows += removed + added;
  g_assert_cmpuint (position + removed, <=, mirror->ids->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror->ids, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (MmFleetItem) item = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (mirror->ids, (int) (position + i),
                          g_strdup (mm_fleet_item_get_id (item)));
    }
  mirror_check (mirror);
}

static void
mirror_init (Mirror *mirror, MmFleetModel *model)
{
  mirror->model = G_LIST_MODEL (model);
  mirror->ids = g_ptr_array_new_with_free_func (g_free);
  mirror->n_signals = mirror->n_rows = 0;
  on_items_changed (mirror->model, 0, 0, g_list_model_get_n_items (mirror->model), mirror);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), mirror);
}

static void
mirror_clear (Mirror *mirror)
{
  g_signal_handlers_disconnect_by_data (mirror->model, mirror);
  g_ptr_array_unref (mirror->ids);
}

/* The naive list: tests every gateway, and every pair of neighbours. */
static void
check_naive (MmFleetTable *table, MmFleetModel *model)
{
  g_autoptr (MmFleetTest) test
      = mm_fleet_test_new (mm_fleet_model_get_filter (model), g_get_real_time ());
  guint n, expected = 0, counts[MM_N_STATUSES] = { 0 };
  const MmFleetRecord *records = mm_fleet_table_peek (table, &n);

  for (guint i = 0; i < n; i++)
    {
      guint position;

      if (records[i].text == NULL || !mm_fleet_test_passes (test, &records[i]))
        continue;
      counts[records[i].status]++;
      if (!mm_fleet_test_passes_status (test, &records[i]))
        continue;
      expected++;
      g_assert_true (mm_fleet_model_find (model, mm_fleet_record_id (&records[i]), &position));
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, expected);
  for (guint i = 0; i < MM_N_STATUSES; i++)
    g_assert_cmpuint (mm_fleet_model_count (model, (MmStatus) i), ==, counts[i]);
  for (guint i = 1; i < expected; i++)
    g_assert_cmpint (
        mm_fleet_compare (mm_fleet_model_peek (model, i - 1), mm_fleet_model_peek (model, i),
                          mm_fleet_model_get_column (model), mm_fleet_model_get_descending (model)),
        <, 0);
}

static MmFleetFilter *
random_filter (GRand *rand)
{
  static const char *const words[]
      = { NULL, "", "nagano", "ﾅｶﾞﾉ", "花子", "gw-1", "やまた", "zzz" };
  MmFleetFilter *filter = mm_fleet_filter_new ();

  filter->text = g_strdup (words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  if (g_rand_boolean (rand))
    filter->statuses = 1u << g_rand_int_range (rand, 0, MM_N_STATUSES);
  if (g_rand_int_range (rand, 0, 4) == 0)
    filter->prefecture = g_strdup ("長野県");
  if (g_rand_int_range (rand, 0, 4) == 0)
    filter->model = g_strdup ("MM-2");
  if (g_rand_int_range (rand, 0, 4) == 0)
    filter->soc_below = 50;
  if (g_rand_int_range (rand, 0, 4) == 0)
    filter->silent = 60;
  return filter;
}

/* A batch of up to @most gateways, some of them new, some gone. */
static void
change_some (GRand *rand, MmFleetTable *table, guint most)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_free);

  for (int n = g_rand_int_range (rand, 0, (int) most); n > 0; n--)
    {
      g_autofree char *id = g_strdup_printf ("GW-%d", g_rand_int_range (rand, 0, 120));

      if (g_rand_int_range (rand, 0, 5) == 0)
        g_ptr_array_add (removed, g_steal_pointer (&id));
      else
        {
          MmFleetRecord record = random_record (rand, id);

          g_array_append_val (records, record);
        }
    }
  mm_fleet_table_apply (table, records, removed);
}

static void
test_against_naive (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint game = 0; game < 60; game++)
    {
      g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
      g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
      Mirror mirror;

      mirror_init (&mirror, model);
      for (guint step = 0; step < 60; step++)
        {
          guint before = mirror.n_signals;

          switch (g_rand_int_range (rand, 0, 6))
            {
            case 0:
              {
                g_autoptr (MmFleetFilter) filter = random_filter (rand);

                mm_fleet_model_set_filter (model, filter);
                break;
              }
            case 1:
              mm_fleet_model_set_order (
                  model, (MmFleetColumn) g_rand_int_range (rand, 0, MM_N_FLEET_COLUMNS),
                  g_rand_boolean (rand));
              break;
            default:
              change_some (rand, table, g_rand_boolean (rand) ? 4 : 60);
            }
          /* Once for what is gone, then the rest. */
          g_assert_cmpuint (mirror.n_signals - before, <=, 1 + MM_FLEET_RANGES_MOST);
          check_naive (table, model);
          mirror_check (&mirror);
        }
      mirror_clear (&mirror);
    }
}

static gpointer
copy_id (gconstpointer id, gpointer data)
{
  return g_strdup (id);
}

/* The least that leads from @before to @after: what is in one only, and what has to move past
 * others, which is all but the longest part that is in the same order. */
static guint
count_least (GPtrArray *before, GPtrArray *after)
{
  g_autofree guint *best = g_new0 (guint, (before->len + 1) * (after->len + 1));
  guint width = after->len + 1;

  for (guint i = 1; i <= before->len; i++)
    for (guint j = 1; j <= after->len; j++)
      best[i * width + j] = strcmp (before->pdata[i - 1], after->pdata[j - 1]) == 0
                                ? best[(i - 1) * width + j - 1] + 1
                                : MAX (best[(i - 1) * width + j], best[i * width + j - 1]);
  return before->len + after->len - 2 * best[before->len * width + after->len];
}

/* Few changes tell of few rows: at most those that changed, once gone and once come, and never more
 * than twice what one must tell. */
static void
test_tells_little (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  guint told = 0, least = 0;

  for (guint game = 0; game < 40; game++)
    {
      g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
      g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
      Mirror mirror;

      change_some (rand, table, 200);
      change_some (rand, table, 200);
      mirror_init (&mirror, model);
      for (guint step = 0; step < 20; step++)
        {
          g_autoptr (GPtrArray) before = g_ptr_array_copy (mirror.ids, copy_id, NULL);
          guint n = mirror.n_rows;

          g_ptr_array_set_free_func (before, g_free);
          for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--)
            {
              g_autofree char *id = g_strdup_printf ("GW-%d", g_rand_int_range (rand, 0, 120));

              put_one (table, random_record (rand, id));
            }
          g_assert_cmpuint (mirror.n_rows - n, <=, 2 * 3);
          told += mirror.n_rows - n;
          least += count_least (before, mirror.ids);
        }
      mirror_clear (&mirror);
    }
  g_assert_cmpuint (least, >, 100);
  g_assert_cmpuint (told, <=, 2 * least);
}

static void
test_tells_nothing (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (18);
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
  Mirror mirror;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);

      put_one (table, random_record (rand, id));
    }
  mm_fleet_model_set_order (model, MM_FLEET_COLUMN_ID, FALSE);
  mirror_init (&mirror, model);
  mirror.n_signals = 0;
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);

      put_one (table, random_record (rand, id));
    }
  g_assert_cmpuint (mirror.n_signals, ==, 0);
  mirror_clear (&mirror);
}

static void
test_held (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);

  for (guint game = 0; game < 60; game++)
    {
      g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
      g_autoptr (MmFleetModel) model = NULL;
      Mirror mirror;

      change_some (rand, table, 200);
      model = mm_fleet_model_new (table);
      mirror_init (&mirror, model);
      mm_fleet_model_hold (model, TRUE);
      for (guint step = 0; step < 20; step++)
        {
          g_autoptr (GPtrArray) before = g_ptr_array_copy (mirror.ids, copy_id, NULL);
          guint32 slot;
          guint at = 0;

          g_ptr_array_set_free_func (before, g_free);
          change_some (rand, table, 6);
          mirror_check (&mirror);
          /* The same rows in the same order, without those that are gone. */
          for (guint i = 0; i < before->len; i++)
            if (at < mirror.ids->len && strcmp (before->pdata[i], mirror.ids->pdata[at]) == 0)
              at++;
            else
              g_assert_true (!mm_fleet_table_find (table, before->pdata[i], &slot)
                             || mm_fleet_model_get_waiting (model) > 0);
          g_assert_cmpuint (at, ==, mirror.ids->len);
        }
      if (g_rand_boolean (rand))
        mm_fleet_model_settle (model);
      else
        mm_fleet_model_hold (model, FALSE);
      g_assert_cmpuint (mm_fleet_model_get_waiting (model), ==, 0);
      check_naive (table, model);
      mirror_check (&mirror);
      mirror_clear (&mirror);
    }
}

static void
on_item_changed (MmFleetItem *item, guint *n)
{
  (*n)++;
}

static void
test_items (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (13);
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
  g_autoptr (MmFleetItem) item = NULL;
  g_autoptr (MmFleetItem) same = NULL;
  guint n = 0;

  put_one (table, random_record (rand, "GW-1"));
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  same = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_true (item == same);
  g_assert_cmpstr (mm_fleet_item_get_id (item), ==, "GW-1");
  g_signal_connect (item, "changed", G_CALLBACK (on_item_changed), &n);
  put_one (table, random_record (rand, "GW-1"));
  g_assert_cmpuint (n, ==, 1);
  put_one (table, random_record (rand, "GW-2"));
  g_assert_cmpuint (n, ==, 1);
  remove_one (table, "GW-1");
  g_assert_null (mm_fleet_item_peek (item));
  /* Its slot is used again, by another. */
  put_one (table, random_record (rand, "GW-3"));
  g_assert_null (mm_fleet_item_peek (item));
  g_assert_cmpstr (mm_fleet_item_get_id (item), ==, "GW-1");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 2));
}

static void
test_worst_first (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (14);
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
  const MmStatus order[] = { MM_STATUS_FAULT,   MM_STATUS_OFFLINE,         MM_STATUS_ISLANDED,
                             MM_STATUS_WARNING, MM_STATUS_UNDERPERFORMING, MM_STATUS_CURTAILED,
                             MM_STATUS_NORMAL,  MM_STATUS_NEVER_SEEN };

  for (guint i = 0; i < MM_N_STATUSES; i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);
      MmFleetRecord record = random_record (rand, id);

      record.status = (guint8) i;
      record.urgency = (guint8) mm_status_urgency ((MmStatus) i, FALSE);
      put_one (table, record);
    }
  for (guint i = 0; i < MM_N_STATUSES; i++)
    g_assert_cmpuint (mm_fleet_model_peek (model, i)->status, ==, order[i]);
}

static void
test_missing_figures_are_last (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (15);
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
  const float levels[] = { NAN, -3, 80, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autofree char *id = g_strdup_printf ("GW-%u", i);
      MmFleetRecord record = random_record (rand, id);

      record.soc = levels[i];
      put_one (table, record);
    }
  mm_fleet_model_set_order (model, MM_FLEET_COLUMN_SOC, FALSE);
  g_assert_cmpfloat (mm_fleet_model_peek (model, 0)->soc, ==, -3);
  g_assert_true (isnan (mm_fleet_model_peek (model, 3)->soc));
  mm_fleet_model_set_order (model, MM_FLEET_COLUMN_SOC, TRUE);
  g_assert_cmpfloat (mm_fleet_model_peek (model, 0)->soc, ==, 80);
  g_assert_true (isnan (mm_fleet_model_peek (model, 3)->soc));
}

static void
test_filter_in_settings (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (16);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (MmFleetFilter) filter = random_filter (rand);
      g_autoptr (GVariant) variant = g_variant_ref_sink (mm_fleet_filter_to_variant (filter));
      g_autoptr (MmFleetFilter) again = mm_fleet_filter_from_variant (variant);

      g_assert_cmpuint (again->statuses, ==, filter->statuses);
      g_assert_cmpstr (again->text != NULL ? again->text : "", ==,
                       filter->text != NULL ? filter->text : "");
      g_assert_cmpstr (again->prefecture, ==, filter->prefecture);
      g_assert_cmpstr (again->model, ==, filter->model);
      g_assert_cmpuint (again->silent, ==, filter->silent);
      g_assert_true (again->soc_below == filter->soc_below
                     || (isnan (again->soc_below) && isnan (filter->soc_below)));
      g_assert_true (mm_fleet_filter_is_empty (again) == mm_fleet_filter_is_empty (filter));
    }
}

static void
test_filter_of_later_versions (void)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (
      "{'status': <['fault', 'dreaming']>, 'tag': <'x'>, 'silent': <'much'>}"));
  g_autoptr (MmFleetFilter) filter = mm_fleet_filter_from_variant (variant);

  g_assert_cmpuint (filter->statuses, ==, 1u << MM_STATUS_FAULT);
  g_assert_cmpuint (filter->silent, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet-model/against-naive", test_against_naive);
  g_test_add_func ("/fleet-model/tells-little", test_tells_little);
  g_test_add_func ("/fleet-model/tells-nothing", test_tells_nothing);
  g_test_add_func ("/fleet-model/held", test_held);
  g_test_add_func ("/fleet-model/items", test_items);
  g_test_add_func ("/fleet-model/worst-first", test_worst_first);
  g_test_add_func ("/fleet-model/missing-figures-are-last", test_missing_figures_are_last);
  g_test_add_func ("/fleet-model/filter-in-settings", test_filter_in_settings);
  g_test_add_func ("/fleet-model/filter-of-later-versions", test_filter_of_later_versions);
  return g_test_run ();
}
