/* The list of gateways at 100,000: memory per gateway, the time of a key press in the search, of
 * sorting by each column, of one gateway's change and of a batch; beside it, in the same run, the
 * same search and order by GTK's own list models. quality.md §2. Usage: bench-fleet [GATEWAYS] */
#include "mm-fleet-cache.h"
#include "mm-fleet-model.h"
#include "mm-search.h"

#include <gtk/gtk.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const typed[]
    = { "nagano", "gw-0123", "ヤマダ", "山田 太郎", "松本市", "mm-2", "0", "花子 長野" };

static MmFleetRecord
make_record (GRand *rand, guint number)
{
  static const char *const names[]
      = { "山田 太郎", "見守 花子", "佐藤 次郎", "鈴木 一郎", "高橋 美咲" };
  static const char *const kana[]
      = { "ヤマダ タロウ", "ミモリ ハナコ", "サトウ ジロウ", "スズキ イチロウ", "タカハシ ミサキ" };
  static const char *const towns[] = { "長野市", "松本市", "上田市", "岡谷市", "飯田市" };
  static const char *const models[] = { "MM-1", "MM-2", "MM-3" };
  g_autofree char *id = g_strdup_printf ("GW-%06u", number);
  g_autofree char *serial = g_strdup_printf ("%08x", g_rand_int (rand));
  g_autofree char *name = g_strdup_printf ("Nagano %u", number % 5000);
  guint person = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (names));
  MmStatus status = g_rand_int_range (rand, 0, 20) > 0
                        ? MM_STATUS_NORMAL
                        : (MmStatus) g_rand_int_range (rand, 0, MM_N_STATUSES);
  MmFleetRecord record = {
    .status = (guint8) status,
    .urgency = (guint8) mm_status_urgency (status, FALSE),
    .status_since = g_rand_int (rand),
    .last_contact = g_rand_int (rand),
    .power_time = 1,
    .soc_time = 1,
    .power = (float) g_rand_double_range (rand, 0, 6000),
    .today = (float) g_rand_double_range (rand, 0, 30000),
    .soc = (float) g_rand_double_range (rand, 0, 100),
  };

  mm_fleet_record_set_texts (&record,
                             &(MmFleetTexts){ id, serial, name, names[person], kana[person],
                                              "長野県", towns[g_rand_int_range (rand, 0, 5)],
                                              models[g_rand_int_range (rand, 0, 3)] });
  return record;
}

/* Time of this thread's work: what else runs on the machine does not count. */
static double
now_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double p = *(const double *) a, q = *(const double *) b;

  return (p > q) - (p < q);
}

static void
report (const char *what, GArray *times)
{
  g_array_sort (times, compare_doubles);
  printf ("%-44s median %8.2f ms   p99 %8.2f ms   worst %8.2f ms\n", what,
          g_array_index (times, double, times->len / 2),
          g_array_index (times, double, times->len * 99 / 100),
          g_array_index (times, double, times->len - 1));
  g_array_set_size (times, 0);
}

/* Every prefix of what is typed, and back again. */
static void
press_keys (void (*press) (gpointer data, const char *text), gpointer data, GArray *times)
{
  for (guint round = 0; round < 5; round++)
    for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
      for (int length = 0, all = (int) g_utf8_strlen (typed[i], -1); length < 2 * all; length++)
        {
          g_autofree char *text
              = g_utf8_substring (typed[i], 0, length < all ? length + 1 : 2 * all - length - 1);
          double begin = now_ms (), took;

          press (data, text);
          took = now_ms () - begin;
          g_array_append_val (times, took);
        }
}

static void
press_ours (gpointer data, const char *text)
{
  MmFleetFilter *filter = mm_fleet_filter_new ();

  filter->text = g_strdup (text);
  mm_fleet_model_set_filter (data, filter);
  mm_fleet_filter_free (filter);
}

static void
measure_memory (guint n, MmFleetTable *table, MmFleetModel *model, gsize before)
{
  struct mallinfo2 info = mallinfo2 ();
  gsize used = info.uordblks + info.hblkhd - before, search = 0;
  guint slots;
  const MmFleetRecord *records = mm_fleet_table_peek (table, &slots);

  for (guint i = 0; i < slots; i++)
    search += strlen (mm_fleet_record_search (&records[i])) + 1;
  printf ("%-44s %.0f bytes, and %.0f of search text\n", "memory per gateway, list included",
          (double) (used - search) / n, (double) search / n);
}

/* GTK's own: an object each, a filter and a sorter. */

static char *wanted;
static gboolean descending;

static gboolean
stock_match (gpointer item, gpointer data)
{
  return mm_search_matches (mm_fleet_record_search (mm_fleet_item_peek (item)), wanted);
}

static int
stock_compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return mm_fleet_compare (mm_fleet_item_peek ((MmFleetItem *) a),
                           mm_fleet_item_peek ((MmFleetItem *) b), MM_FLEET_COLUMN_STATUS,
                           descending);
}

static void
press_stock (gpointer data, const char *text)
{
  g_free (wanted);
  wanted = mm_search_fold (text);
  gtk_filter_changed (data, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
measure_stock (MmFleetModel *model, GArray *times)
{
  GListStore *store = g_list_store_new (MM_TYPE_FLEET_ITEM);
  GtkCustomFilter *filter = gtk_custom_filter_new (stock_match, NULL, NULL);
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (model));
  g_autofree gpointer *items = g_new (gpointer, n);

  for (guint i = 0; i < n; i++)
    items[i] = g_list_model_get_item (G_LIST_MODEL (model), i);
  g_list_store_splice (store, 0, 0, items, n);
  wanted = g_strdup ("");
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (store), GTK_FILTER (g_object_ref (filter)));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                    GTK_SORTER (gtk_custom_sorter_new (stock_compare, NULL, NULL)));
  press_keys (press_stock, filter, times);
  report ("a key in the search, GTK's list models", times);
  for (guint i = 0; i < 5; i++)
    {
      double begin = now_ms (), took;

      descending = !descending;
      gtk_sorter_changed (gtk_sort_list_model_get_sorter (sorted), GTK_SORTER_CHANGE_DIFFERENT);
      took = now_ms () - begin;
      g_array_append_val (times, took);
    }
  report ("sorting, GTK's list models", times);
  g_object_unref (sorted);
  g_object_unref (filter);
  for (guint i = 0; i < n; i++)
    g_object_unref (items[i]);
  g_free (wanted);
}

static void
measure_sorting (MmFleetModel *model, GArray *times)
{
  for (guint column = 0; column < MM_N_FLEET_COLUMNS; column++)
    {
      g_autofree char *what
          = g_strconcat ("sorting by ", mm_fleet_column_name ((MmFleetColumn) column), NULL);

      for (guint i = 0; i < 10; i++)
        {
          double begin = now_ms (), took;

          mm_fleet_model_set_order (model, (MmFleetColumn) column, i % 2 == 0);
          took = now_ms () - begin;
          g_array_append_val (times, took);
        }
      report (what, times);
    }
  mm_fleet_model_set_order (model, MM_FLEET_COLUMN_STATUS, FALSE);
}

static void
measure_changes (GRand *rand, MmFleetTable *table, guint n, guint size, GArray *times)
{
  g_autofree char *what = g_strdup_printf ("a batch of %u changes", size);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
      double begin, took;

      for (guint k = 0; k < size; k++)
        {
          MmFleetRecord record = make_record (rand, (guint) g_rand_int_range (rand, 0, (int) n));

          g_array_append_val (records, record);
        }
      begin = now_ms ();
      mm_fleet_table_apply (table, records, NULL);
      took = now_ms () - begin;
      g_array_append_val (times, took);
    }
  report (what, times);
}

/* What the main thread does of keeping the list, and what another does. */
static void
measure_keeping (MmFleetTable *table, GArray *times)
{
  g_autoptr (MmFleetDraft) draft = mm_fleet_draft_new (table, "owner");
  g_autoptr (GBytes) bytes = NULL;
  gboolean more = TRUE;
  double begin, took;

  while (more)
    {
      begin = now_ms ();
      more = mm_fleet_draft_add (draft, 2000);
      took = now_ms () - begin;
      g_array_append_val (times, took);
    }
  report ("keeping: a part of 2000", times);
  mm_fleet_draft_close (draft);
  begin = now_ms ();
  bytes = mm_fleet_draft_sign (draft);
  took = now_ms () - begin;
  g_array_append_val (times, took);
  report ("keeping: signing, on another thread", times);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 100000;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (MmFleetTable) table = mm_fleet_table_new ();
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (MmFleetModel) model = mm_fleet_model_new (table);
  struct mallinfo2 info = mallinfo2 ();
  gsize before = info.uordblks + info.hblkhd;

  for (guint i = 0; i < n; i += 1000)
    {
      g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MmFleetRecord));
      double begin, took;

      for (guint k = i; k < MIN (i + 1000, n); k++)
        {
          MmFleetRecord record = make_record (rand, k);

          g_array_append_val (records, record);
        }
      begin = now_ms ();
      mm_fleet_table_apply (table, records, NULL);
      took = now_ms () - begin;
      g_array_append_val (times, took);
    }
  printf ("%u gateways\n", n);
  report ("a page of 1000 while loading", times);
  malloc_trim (0);
  measure_memory (n, table, model, before);
  press_keys (press_ours, model, times);
  report ("a key in the search", times);
  press_ours (model, "");
  measure_sorting (model, times);
  measure_changes (rand, table, n, 1, times);
  measure_changes (rand, table, n, 100, times);
  measure_keeping (table, times);
  measure_stock (model, times);
  return 0;
}
