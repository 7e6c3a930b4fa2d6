#include "mm-alert-item.h"

static MmAlertItem *
item (const char *id, const char *kind, const char *severity, const char *opened)
{
  g_autoptr (JsonObject) alert = json_object_new ();

  json_object_set_string_member (alert, "id", id);
  json_object_set_string_member (alert, "kind", kind);
  json_object_set_string_member (alert, "severity", severity);
  json_object_set_string_member (alert, "state", "open");
  json_object_set_string_member (alert, "opened", opened);
  json_object_set_string_member (alert, "gateway", "GW-0A31");
  json_object_set_string_member (alert, "customer", "御室 太郎");
  json_object_set_string_member (alert, "municipality", "長野市");
  json_object_set_string_member (alert, "meaning", "地絡（カナ）");
  return mm_alert_item_new (alert);
}

static void
test_order (void)
{
  /* In the order in which they are to be. */
  g_autoptr (MmAlertItem) a = item ("a", "fault", "major", "2026-05-01T00:00:00Z");
  g_autoptr (MmAlertItem) b = item ("b", "offline", "none", "2026-05-03T00:00:00Z");
  g_autoptr (MmAlertItem) c = item ("c", "fault", "warning", "2026-05-04T00:00:00Z");
  g_autoptr (MmAlertItem) d = item ("d", "fault", "warning", "2026-05-02T00:00:00Z");
  MmAlertItem *all[] = { a, b, c, d };

  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      g_assert_cmpint (CLAMP (mm_alert_item_compare_open (all[i], all[j]), -1, 1), ==,
                       i < j ? -1 : i > j);
  g_assert_cmpint (mm_alert_item_compare_past (c, b), <, 0);
  g_assert_cmpint (mm_alert_item_compare_past (a, d), >, 0);
}

static void
test_matches (void)
{
  g_autoptr (MmAlertItem) fault = item ("a", "fault", "major", "");
  g_autoptr (MmAlertItem) offline = item ("b", "offline", "none", "");

  g_assert_true (mm_alert_item_matches (fault, MM_ALERT_KINDS_ALL, ""));
  g_assert_true (mm_alert_item_matches (fault, MM_ALERT_KINDS_FAULT, NULL));
  g_assert_false (mm_alert_item_matches (fault, MM_ALERT_KINDS_OFFLINE, NULL));
  g_assert_true (mm_alert_item_matches (offline, MM_ALERT_KINDS_OFFLINE, ""));
  g_assert_false (mm_alert_item_matches (offline, MM_ALERT_KINDS_FAULT, ""));
  g_assert_true (mm_alert_item_matches (fault, MM_ALERT_KINDS_ALL, "gw-0a"));
  g_assert_true (mm_alert_item_matches (fault, MM_ALERT_KINDS_ALL, "長野　ＧＷ"));
  g_assert_true (mm_alert_item_matches (fault, MM_ALERT_KINDS_ALL, "かな"));
  g_assert_false (mm_alert_item_matches (fault, MM_ALERT_KINDS_ALL, "長野 名古屋"));
}

static void
test_changes (void)
{
  g_autoptr (MmAlertItem) one = item ("a", "fault", "major", "");
  g_autoptr (JsonObject) alert = json_object_new ();
  JsonObject *known = json_object_new ();

  g_assert_true (mm_alert_item_matches (one, MM_ALERT_KINDS_ALL, "御室"));
  g_assert_false (mm_alert_item_is_acknowledged (one));
  json_object_set_string_member (alert, "id", "a");
  json_object_set_string_member (alert, "customer", "見守");
  json_object_set_object_member (alert, "acknowledged", known);
  mm_alert_item_set_alert (one, alert);
  g_assert_cmpstr (mm_alert_item_get_id (one), ==, "a");
  g_assert_true (mm_alert_item_is_acknowledged (one));
  g_assert_true (mm_alert_item_matches (one, MM_ALERT_KINDS_ALL, "見守"));
  g_assert_false (mm_alert_item_matches (one, MM_ALERT_KINDS_ALL, "御室"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert-item/order", test_order);
  g_test_add_func ("/alert-item/matches", test_matches);
  g_test_add_func ("/alert-item/changes", test_changes);
  return g_test_run ();
}
