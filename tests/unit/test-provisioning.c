/* What the operator says of new gateways, one by one and as a table. */
#include "mm-error.h"
#include "mm-provisioning.h"
#include "mm-secret.h"

#include <math.h>
#include <string.h>

typedef struct
{
  MmConfig config;
  MmContext context;
} Shop;

static void
setup (Shop *shop, gconstpointer data)
{
  shop->config.timezone = g_strdup ("Asia/Tokyo");
  shop->context.config = &shop->config;
  shop->context.clock = mm_clock_new ();
}

static void
teardown (Shop *shop, gconstpointer data)
{
  g_free (shop->config.timezone);
  mm_clock_free (shop->context.clock);
}

static MmGatewayRow *
draft (Shop *shop, const char *name, const char *value, GError **error)
{
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (fields, (gpointer) name, (gpointer) value);
  return mm_provisioning_draft (&shop->context, fields, error);
}

static void
test_nothing_said (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) one = draft (shop, "id", "", &error);
  g_autoptr (MmGatewayRow) two = draft (shop, "id", "", &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (one->public_id, "GW-"));
  g_assert_cmpuint (strlen (one->public_id), ==, strlen ("GW-7K2M-9QRT"));
  g_assert_cmpstr (one->public_id, !=, two->public_id);
  g_assert_cmpstr (one->timezone, ==, "Asia/Tokyo");
  g_assert_cmpint (one->interval_s, ==, 60);
  g_assert_true (isnan (one->pv_peak_w) && isnan (one->latitude));
}

static void
test_units (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) pv = draft (shop, "pv_peak_kw", "5.25", &error);
  g_autoptr (MmGatewayRow) battery = draft (shop, "battery_kwh", "9.8", &error);
  g_autoptr (MmGatewayRow) none = draft (shop, "pv_peak_kw", "0", &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (pv->pv_peak_w, ==, 5250);
  g_assert_cmpfloat_with_epsilon (battery->battery_wh, 9800, 1e-9);
  g_assert_cmpfloat (none->pv_peak_w, ==, 0);
}

static void
test_refused (Shop *shop, gconstpointer data)
{
  static const struct
  {
    const char *field;
    const char *value;
    const char *code;
  } wrong[] = {
    { "id", "a b", "characters" },        { "pv_peak_kw", "5 kW", "syntax" },
    { "pv_peak_kw", "1e7", "range" },     { "battery_kwh", "-1", "range" },
    { "interval_s", "0", "range" },       { "interval_s", "86401", "range" },
    { "timezone", "JST-9", "unknown" },   { "prefecture", "Atlantis", "unknown" },
    { "postal_code", "12345", "syntax" }, { "colour", "red", "unknown" },
    { "name", "a\nb", "characters" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      const MmFieldError *field;

      g_assert_null (draft (shop, wrong[i].field, wrong[i].value, &error));
      g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
      field = mm_error_fields (error)->pdata[0];
      g_assert_cmpstr (field->field, ==, wrong[i].field);
      g_assert_cmpstr (field->code, ==, wrong[i].code);
    }
}

static void
test_half_a_place (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (draft (shop, "latitude", "35", &error));
  g_assert_cmpstr (((MmFieldError *) mm_error_fields (error)->pdata[0])->field, ==, "longitude");
}

static GPtrArray *
read_table (Shop *shop, const char *text, GError **error)
{
  return mm_provisioning_read_csv (&shop->context, text, strlen (text), error);
}

static void
test_table (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts
      = read_table (shop, "\xef\xbb\xbfid, interval_s\r\nA,30\r\n\"B\",\r\n", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, 2);
  g_assert_cmpint (((MmGatewayRow *) drafts->pdata[0])->interval_s, ==, 30);
  g_assert_cmpstr (((MmGatewayRow *) drafts->pdata[1])->public_id, ==, "B");
  g_assert_cmpint (((MmGatewayRow *) drafts->pdata[1])->interval_s, ==, 60);
}

static void
test_wrong_rows_are_all_named (Shop *shop, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const GPtrArray *fields;

  g_assert_null (read_table (shop, "id,interval_s\nA,x\nB,60\nC,60,1\nD E,60\n", &error));
  g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
  fields = mm_error_fields (error);
  g_assert_cmpuint (fields->len, ==, 3);
  g_assert_cmpstr (((MmFieldError *) fields->pdata[0])->field, ==, "row 2, interval_s");
  g_assert_cmpstr (((MmFieldError *) fields->pdata[1])->field, ==, "row 4");
  g_assert_cmpstr (((MmFieldError *) fields->pdata[2])->field, ==, "row 5, id");
}

static void
test_no_table (Shop *shop, gconstpointer data)
{
  static const char *const texts[] = { "", "id,name\n", "id\n\"A" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_table (shop, texts[i], &error));
      g_assert_error (error, MM_ERROR, MM_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Shop *shop, gconstpointer data);
  } tests[] = {
    { "/provisioning/nothing-said", test_nothing_said },
    { "/provisioning/units", test_units },
    { "/provisioning/refused", test_refused },
    { "/provisioning/half-a-place", test_half_a_place },
    { "/provisioning/table", test_table },
    { "/provisioning/wrong-rows-are-all-named", test_wrong_rows_are_all_named },
    { "/provisioning/no-table", test_no_table },
  };

  g_test_init (&argc, &argv, NULL);
  mm_secret_init ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Shop, NULL, setup, tests[i].run, teardown);
  return g_test_run ();
}
