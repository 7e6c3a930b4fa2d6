/* What a fleet file may say, and how far its houses were delivered, on disk. */
#include "mm-clock.h"
#include "mm-delivered.h"
#include "mm-fleet-file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static GPtrArray *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *houses = mm_fleet_file_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return houses;
}

static void
test_whole (void)
{
  g_autoptr (GPtrArray) houses
      = parse ("{\"houses\":[{\"id\":\"GW-1\",\"key\":\"k\",\"region\":\"長野県\","
               "\"latitude\":36.65,\"longitude\":138.18,\"timezone\":\"Asia/Tokyo\","
               "\"pv_peak_w\":5500,\"battery_wh\":9800,\"interval_s\":10,\"habit\":\"shop\","
               "\"story\":\"region-grid-loss\"}]}");
  const MmHouse *house = g_ptr_array_index (houses, 0);

  g_assert_cmpuint (houses->len, ==, 1);
  g_assert_cmpstr (house->id, ==, "GW-1");
  g_assert_cmpstr (house->key, ==, "k");
  g_assert_cmpstr (house->region, ==, "長野県");
  g_assert_cmpfloat (house->latitude, ==, 36.65);
  g_assert_cmpfloat (house->pv_peak_w, ==, 5500);
  g_assert_cmpfloat (house->inverter_w, ==, 4800);
  g_assert_cmpfloat (house->battery_wh, ==, 9800);
  g_assert_cmpuint (house->interval_s, ==, 10);
  g_assert_cmpint (house->habit, ==, MM_HABIT_SHOP);
  g_assert_cmpint (house->story, ==, MM_STORY_GRID_LOSS);
}

static void
test_least (void)
{
  g_autoptr (GPtrArray) houses = parse ("{\"houses\":[{\"id\":\"a\",\"key\":\"k\"},"
                                        "{\"id\":\"b\",\"key\":\"k\",\"region\":\"Okinawa\"},"
                                        "{\"id\":\"c\",\"key\":\"k\",\"region\":\"北の丘\"}]}");
  const MmHouse *first = g_ptr_array_index (houses, 0);
  const MmHouse *south = g_ptr_array_index (houses, 1);
  const MmHouse *unknown = g_ptr_array_index (houses, 2);

  g_assert_cmpint (first->story, ==, MM_STORY_NORMAL);
  g_assert_nonnull (first->region);
  g_assert_cmpuint (first->interval_s, ==, 60);
  g_assert_cmpstr (south->region, ==, "沖縄県");
  g_assert_cmpfloat_with_epsilon (south->latitude, 26.2, 0.2);
  g_assert_cmpstr (unknown->region, ==, "北の丘");
  g_assert_cmpfloat (unknown->latitude, >, 26);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "", "no valid JSON" },
    { "[1]", "houses: not a list" },
    { "{\"houses\":[]}", "houses: not a list" },
    { "{\"houses\":[7]}", "houses[0]: not an object" },
    { "{\"houses\":[{\"id\":\"a\"}]}", "houses[0].key: missing" },
    { "{\"houses\":[{\"key\":\"a\"}]}", "houses[0].id: missing" },
    { "{\"houses\":[{\"id\":\"a b\",\"key\":\"k\"}]}", "houses[0].id: not 1 to 64" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k k\"}]}", "houses[0].key: not of" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\\u0001\"}]}", "houses[0].key: has control" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\"},{\"id\":\"a\",\"key\":\"k\"}]}",
      "houses[1].id: there is another" },
    { "{\"houses\":[{\"id\":\"a\",\"id\":\"b\",\"key\":\"k\"}]}", "no valid JSON" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"colour\":1}]}", "\"colour\"" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"latitude\":91}]}", "houses[0].latitude: not a" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"longitude\":\"1\"}]}", "houses[0].longitude" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"timezone\":\"Mars\"}]}", "houses[0].timezone" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"pv_peak_w\":-1}]}", "houses[0].pv_peak_w" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"battery_wh\":1e9}]}", "houses[0].battery_wh" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"interval_s\":0}]}", "houses[0].interval_s" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"interval_s\":1.5}]}", "houses[0].interval_s" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"habit\":\"x\"}]}", "houses[0].habit: not one" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"story\":\"x\"}]}", "houses[0].story: not one" },
    { "{\"houses\":[{\"id\":\"a\",\"key\":\"k\",\"region\":null}]}", "houses[0].region: not a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_null (mm_fleet_file_parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

static void
test_delivered (void)
{
  g_autofree char *directory = g_dir_make_tmp ("mm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "delivered.json", NULL);
  g_autofree char *lock = g_build_filename (directory, "lock", NULL);
  g_autoptr (GPtrArray) houses
      = parse ("{\"houses\":[{\"id\":\"a\",\"key\":\"k\"},{\"id\":\"b\",\"key\":\"l\"}]}");
  g_autoptr (GPtrArray) renewed = parse ("{\"houses\":[{\"id\":\"a\",\"key\":\"new\"}]}");
  MmHouse *house = g_ptr_array_index (houses, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDelivered) delivered = mm_delivered_open (directory, &error);
  MmHouseState state, found;

  g_assert_no_error (error);
  g_assert_cmpint (mm_delivered_began (delivered), ==, MM_TIME_NONE);
  g_assert_null (mm_delivered_open (directory, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (mm_delivered_find (delivered, house, &found));

  mm_delivered_begin (delivered, 7 * MM_DAY);
  house->battery_wh = 9800;
  mm_house_begin (house, 8 * MM_DAY, &state);
  state.stored_wh = 1234.5678901234567;
  state.trouble = mm_story_trouble ("OVER_TEMP");
  mm_delivered_put (delivered, house, &state);
  g_assert_true (mm_delivered_is_changed (delivered));
  g_assert_true (mm_delivered_write (delivered, houses, 9 * MM_DAY, &error));
  g_assert_false (mm_delivered_is_changed (delivered));
  mm_delivered_close (g_steal_pointer (&delivered));

  delivered = mm_delivered_open (directory, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mm_delivered_began (delivered), ==, 7 * MM_DAY);
  g_assert_cmpint (mm_delivered_written (delivered), ==, 9 * MM_DAY);
  g_assert_true (mm_delivered_find (delivered, house, &found));
  g_assert_cmpint (found.time, ==, 8 * MM_DAY);
  g_assert_cmpfloat (found.stored_wh, ==, state.stored_wh);
  g_assert_cmpfloat (found.load_wh, ==, state.load_wh);
  g_assert_true (found.trouble == state.trouble);
  g_assert_false (mm_delivered_find (delivered, g_ptr_array_index (houses, 1), &found));
  /* With another key it is another house. */
  g_assert_false (mm_delivered_find (delivered, g_ptr_array_index (renewed, 0), &found));
  mm_delivered_close (g_steal_pointer (&delivered));

  g_assert_true (g_file_set_contents (path, "{\"began\":1", -1, NULL));
  g_assert_null (mm_delivered_open (directory, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_remove (path);
  g_remove (lock);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet-file/whole", test_whole);
  g_test_add_func ("/fleet-file/least", test_least);
  g_test_add_func ("/fleet-file/refused", test_refused);
  g_test_add_func ("/fleet-file/delivered", test_delivered);
  return g_test_run ();
}
