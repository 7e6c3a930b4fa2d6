/* Topics, and numbers and JSON in payloads, with what must be remembered of them. */
#include "mm-topic-json.h"
#include "mm-topic.h"

#include <string.h>

/* ---- filters ---- */

static void
test_filters (void)
{
  static const struct
  {
    const char *filter;
    gboolean valid;
    gboolean has_gateway;
  } cases[] = {
    { "a", TRUE, FALSE },
    { "#", TRUE, FALSE },
    { "a/+/b/#", TRUE, FALSE },
    { "a/{gateway}/#", TRUE, TRUE },
    { "{gateway}", TRUE, TRUE },
    { "", FALSE, FALSE },
    { "a/#/b", FALSE, FALSE },
    { "a+", FALSE, FALSE },
    { "a/b#", FALSE, FALSE },
    { "x{gateway}", FALSE, FALSE },
    { "{gateway}/{gateway}", FALSE, TRUE },
    { "a\nb", FALSE, FALSE },
    { "\xff", FALSE, FALSE },
    { "/", TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean has_gateway;
      gboolean valid = mm_topic_filter_valid (cases[i].filter, &has_gateway);

      g_assert_cmpint (valid, ==, cases[i].valid);
      g_assert_cmpint (has_gateway, ==, cases[i].has_gateway);
    }
}

static void
test_match (void)
{
  static const struct
  {
    const char *filter;
    const char *topic;
    const char *level; /* NULL: it does not fit; "": there is no level */
    const char *without;
  } cases[] = {
    { "a/{gateway}/#", "a/G/b/c", "G", "a/b/c" },
    { "a/{gateway}/#", "a/G", "G", "a" },
    { "{gateway}/b", "G/b", "G", "b" },
    { "{gateway}", "G", "G", "" },
    { "a/{gateway}", "a/", "", NULL },
    { "a/#", "a", "", "a" },
    { "a/#", "ab", NULL, NULL },
    { "a/+", "a/b", "", "a/b" },
    { "a/+", "a/b/c", NULL, NULL },
    { "a/b", "a", NULL, NULL },
    { "a", "a/b", NULL, NULL },
    { "#", "$SYS/x", NULL, NULL },
    { "+/x", "$SYS/x", NULL, NULL },
    { "a/#", "a//b", "", "a//b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *level;
      gsize length;
      gboolean fits = mm_topic_match (cases[i].filter, cases[i].topic, &level, &length);

      g_assert_cmpint (fits, ==, cases[i].level != NULL);
      if (fits)
        g_assert_cmpmem (level, length, cases[i].level, strlen (cases[i].level));
      if (fits && cases[i].without != NULL)
        {
          g_autofree char *without = mm_topic_without (cases[i].topic, level, length);

          g_assert_cmpstr (without, ==, cases[i].without);
        }
    }
}

static void
test_for_broker (void)
{
  g_autofree char *plain = mm_topic_filter_for_broker ("a/+/#");
  g_autofree char *named = mm_topic_filter_for_broker ("a/{gateway}/#");

  g_assert_cmpstr (plain, ==, "a/+/#");
  g_assert_cmpstr (named, ==, "a/+/#");
}

/* ---- payloads ---- */

typedef struct
{
  MmMapping *mapping;
  MmTopicMemory *memory;
  MmBatch *batch;
  MmMapper mapper;
} Fixture;

static const char rules[] = "[mqtt]\n"
                            "m/plus -> b battery_power scale=-1 sum\n"
                            "m/minus -> b battery_power sum\n"
                            "m/main -> p pv_power\n"
                            "m/other -> q pv_power spare\n"
                            "m/bad -> d code fault\n";

static void
begin (Fixture *f)
{
  f->batch = mm_batch_new ();
  mm_mapper_init (&f->mapper, f->batch, mm_mapping_table (f->mapping, "mqtt"));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();

  g_assert_true (mm_mapping_builder_add (builder, "t", rules, strlen (rules), problems));
  f->mapping = mm_mapping_builder_end (builder);
  f->memory = mm_topic_memory_new ();
  begin (f);
}

static void
end (Fixture *f)
{
  mm_mapper_clear (&f->mapper);
  mm_batch_free (f->batch);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  end (f);
  mm_topic_memory_free (f->memory);
  mm_mapping_unref (f->mapping);
}

static guint
take (Fixture *f,
      const char *name,
      const char *payload,
      const char *time,
      gboolean retained,
      gint64 now)
{
  return mm_topic_json_take (f->memory, &f->mapper, name, payload, strlen (payload), time, retained,
                             now, FALSE);
}

/* What the batch holds, "DEVICE QUANTITY VALUE@TIME" in its order. */
static char *
told (Fixture *f)
{
  GString *text = g_string_new (NULL);

  mm_mapper_finish (&f->mapper);
  for (guint i = 0; i < f->batch->values->len; i++)
    {
      const MmValue *value = &g_array_index (f->batch->values, MmValue, i);

      g_string_append_printf (text, "%s%s %s %g@%" G_GINT64_FORMAT, i > 0 ? ", " : "",
                              mm_batch_name (f->batch, value->device),
                              mm_batch_name (f->batch, value->quantity), value->value, value->time);
    }
  for (guint i = 0; i < f->batch->events->len; i++)
    {
      const MmEvent *event = &g_array_index (f->batch->events, MmEvent, i);

      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", event->code,
                              event->state == MM_EVENT_RAISED ? "raised" : "cleared");
    }
  end (f);
  begin (f);
  return g_string_free (text, FALSE);
}

#define assert_told(f, expected)                                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *it_is = told (f);                                                             \
    g_assert_cmpstr (it_is, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_plain (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (take (f, "a/b", "21.5", NULL, FALSE, 7), ==, 1);
  g_assert_cmpuint (take (f, "a/c", " ON\n", NULL, FALSE, 8), ==, 1);
  g_assert_cmpuint (take (f, "a/d", "\"7\"", NULL, FALSE, 9), ==, 1);
  for (const char **none = (const char *[]){ "", "hello", "null", "nan", "1e999", "\"x\"", NULL };
       *none != NULL; none++)
    g_assert_cmpuint (take (f, "a/e", *none, NULL, FALSE, 10), ==, 0);
  g_assert_cmpuint (f->batch->n_refused, ==, 0);
  assert_told (f, "a b 21.5@7, a c 1@8, a d 7@9");
}

static void
test_tree (Fixture *f, gconstpointer data)
{
  take (f, "t", "{\"a\":{\"b\":[1,{\"c\":false}]},\"s\":\"x\",\"n\":null,\"f\":-0.5}", NULL, FALSE,
        1);
  assert_told (f, "t a/b/0 1@1, t a/b/1/c 0@1, t f -0.5@1");
  take (f, "t", "{\"a\":1", NULL, FALSE, 1);
  take (f, "t", "{\"a\":1,\"a\":2}", NULL, FALSE, 1);
  take (f, "t", "[[[[[[[[[1]]]]]]]]]", NULL, FALSE, 1);
  g_assert_cmpuint (f->batch->n_refused, ==, 3);
  assert_told (f, "");
}

static void
test_time (Fixture *f, gconstpointer data)
{
  take (f, "t", "{\"v\":1,\"x\":{\"ts\":\"1970-01-01T00:00:01Z\"}}", "x/ts", TRUE, 9);
  assert_told (f, "t v 1@1000000");
  take (f, "t", "{\"v\":1,\"ts\":1777604460}", "ts", TRUE, 9);
  take (f, "t", "{\"v\":1,\"ts\":1777604460123}", "ts", FALSE, 9);
  take (f, "t", "{\"v\":1,\"ts\":1777604460123456789}", "ts", FALSE, 9);
  assert_told (f, "t v 1@1777604460000000, t v 1@1777604460123000, t v 1@1777604460123456");
  /* Without a time of its own what was retained is of no known time. */
  take (f, "t", "{\"v\":1,\"ts\":\"soon\"}", "ts", TRUE, 9);
  take (f, "m/bad", "1", NULL, TRUE, 9);
  assert_told (f, "code raised");
}

static void
test_sums (Fixture *f, gconstpointer data)
{
  take (f, "m/plus", "10", NULL, FALSE, 1);
  assert_told (f, "m plus 10@1");
  take (f, "m/minus", "4", NULL, FALSE, 2);
  assert_told (f, "b battery_power -6@2");
  /* A part that is older than ten minutes holds no more. */
  take (f, "m/minus", "5", NULL, FALSE, 1 + 10 * MM_MINUTE);
  assert_told (f, "m minus 5@600000001");
  take (f, "m", "{\"plus\":1,\"minus\":3}", NULL, FALSE, 20 * MM_MINUTE);
  assert_told (f, "b battery_power 2@1200000000");
}

static void
test_spares (Fixture *f, gconstpointer data)
{
  take (f, "m/other", "1", NULL, FALSE, 1);
  assert_told (f, "q pv_power 1@1");
  take (f, "m/main", "2", NULL, FALSE, 2);
  take (f, "m/other", "3", NULL, FALSE, 3);
  assert_told (f, "p pv_power 2@2, m other 3@3");
  take (f, "m/other", "4", NULL, FALSE, 3 + 10 * MM_MINUTE);
  assert_told (f, "q pv_power 4@600000003");
}

static void
test_faults (Fixture *f, gconstpointer data)
{
  take (f, "m/bad", "0", NULL, FALSE, 1);
  assert_told (f, "");
  take (f, "m/bad", "2", NULL, FALSE, 2);
  take (f, "m/bad", "3", NULL, FALSE, 3);
  take (f, "m/bad", "0", NULL, FALSE, 4);
  assert_told (f, "code raised, code cleared");
  mm_topic_memory_clear (f->memory);
  g_assert_cmpuint (
      mm_topic_json_take (f->memory, &f->mapper, "m/bad", "0", 1, NULL, FALSE, 5, TRUE), ==, 1);
  assert_told (f, "code cleared");
}

static void
test_presence (void)
{
  static const struct
  {
    const char *payload;
    int presence;
  } cases[] = {
    { "Online", 1 },
    { "offline", 0 },
    { "{\"state\":\"offline\"}", 0 },
    { "{\"online\":true}", 1 },
    { "0", 0 },
    { "2", -1 },
    { "", -1 },
    { "{\"state\":1}", -1 },
    { "{", -1 },
    { "false", 0 },
    { "Connected", 1 },
    { "maybe", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (mm_topic_json_presence (cases[i].payload, strlen (cases[i].payload)), ==,
                     cases[i].presence);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topic/filters", test_filters);
  g_test_add_func ("/topic/match", test_match);
  g_test_add_func ("/topic/for-broker", test_for_broker);
  g_test_add ("/topic/plain", Fixture, NULL, set_up, test_plain, tear_down);
  g_test_add ("/topic/tree", Fixture, NULL, set_up, test_tree, tear_down);
  g_test_add ("/topic/time", Fixture, NULL, set_up, test_time, tear_down);
  g_test_add ("/topic/sums", Fixture, NULL, set_up, test_sums, tear_down);
  g_test_add ("/topic/spares", Fixture, NULL, set_up, test_spares, tear_down);
  g_test_add ("/topic/faults", Fixture, NULL, set_up, test_faults, tear_down);
  g_test_add_func ("/topic/presence", test_presence);
  return g_test_run ();
}
