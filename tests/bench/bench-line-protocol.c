/* How fast line protocol is parsed on one core: bench-line-protocol [SECONDS]. Two texts of 5,000
 * lines: one series per line as collectors send it, and a gateway's line with 20 fields. Prints the
 * median of five runs in MB/s and values/s. */
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

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static void
measure (const char *name, const GString *text, double seconds)
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

          mm_line_protocol_parse (batch, text->str, text->len, 1, NULL);
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

  measure ("narrow", narrow, seconds);
  measure ("wide", wide, seconds);
  return EXIT_SUCCESS;
}
