/* How fast line protocol is parsed on one core: bench-line-protocol [SECONDS]. Three texts of 5,000
 * lines: one series per line as collectors send it, a gateway's line with 20 fields, and one whose
 * fields all have rules (run it at the top of the tree, or say where that is in MIMAMORI_TOP).
 * Prints the median of five runs in MB/s and values/s. */
#include "mm-line-protocol.h"

#include <stdlib.h>

#define LINES 5000
#define RUNS 5

static GString *
make_narrow (void)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < LINES; i++)
    g_string_append_printf (text, "pv,device=pcs%d,site=shop power=%d.%d,soc=%d 1777636800%09d\n",
                            i / 10 % 5, 1000 + i % 2000, i % 10, i % 100, i);
  return text;
}

static GString *
make_wide (void)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < LINES; i++)
    {
      g_string_append_printf (text, "pcs%d ", i % 3);
      for (int j = 0; j < 20; j++)
        g_string_append_printf (text, "%squantity_%d=%d.%02d", j == 0 ? "" : ",", j, 200 + i % 50,
                                (i + j) % 100);
      g_string_append_printf (text, " 1777636800%09d\n", i);
    }
  return text;
}

/* SENEC's collector: every field has a rule, four of them are parts of sums. */
static GString *
make_mapped (void)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < LINES; i++)
    g_string_append_printf (text,
                            "SENEC inverter_power=%d,house_power=812,bat_power_plus=%d,"
                            "bat_power_minus=0,grid_power_plus=0,grid_power_minus=%d,"
                            "bat_fuel_charge=%d,case_temp=31 1777636%09d000\n",
                            1000 + i % 2000, i % 700, i % 900, i % 100, i);
  return text;
}

static MmMapping *
load_mapping (void)
{
  g_autoptr (MmMappingBuilder) builder = mm_mapping_builder_new ();
  g_autoptr (GPtrArray) problems = mm_mapping_problems_new ();
  g_autofree char *path
      = g_build_filename (g_getenv ("MIMAMORI_TOP") != NULL ? g_getenv ("MIMAMORI_TOP") : ".",
                          "data", "mappings", "senec.mapping", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (path, &text, &length, NULL))
    mm_mapping_builder_add (builder, "senec", text, length, problems);
  else
    g_printerr ("%s is not there: nothing is mapped\n", path);
  return mm_mapping_builder_end (builder);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static void
measure (const char *name, const GString *text, const MmMapping *mapping, double seconds)
{
  double rates[RUNS];
  guint n_values = 0;

  for (int run = 0; run < RUNS; run++)
    {
      gint64 start = g_get_monotonic_time ();
      gint64 spent = 0;
      guint rounds = 0;

      for (; spent < seconds * G_USEC_PER_SEC; rounds++)
        {
          g_autoptr (MmBatch) batch = mm_batch_new ();

          mm_line_protocol_parse (batch, text->str, text->len, 1, NULL, mapping);
          g_assert_cmpuint (batch->n_refused, ==, 0);
          n_values = batch->values->len;
          spent = g_get_monotonic_time () - start;
        }
      rates[run] = (double) rounds * (double) text->len / (double) spent;
    }
  qsort (rates, RUNS, sizeof *rates, compare);
  g_print ("%-8s %6.0f MB/s  %6.1f million values/s  (%" G_GSIZE_FORMAT " bytes, %u values)\n",
           name, rates[RUNS / 2], rates[RUNS / 2] * n_values / (double) text->len, text->len,
           n_values);
}

int
main (int argc, char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 1;
  g_autoptr (GString) narrow = make_narrow ();
  g_autoptr (GString) wide = make_wide ();
  g_autoptr (GString) mapped = make_mapped ();
  g_autoptr (MmMapping) mapping = load_mapping ();

  measure ("narrow", narrow, mapping, seconds);
  measure ("wide", wide, mapping, seconds);
  measure ("mapped", mapped, mapping, seconds);
  return EXIT_SUCCESS;
}
