/* Warnings that a test provokes: counted instead of ending the program. g_test_expect_message()
 * does not see structured messages. Call warnings_watch() once, at the start of main. */
#pragma once

#include <glib.h>

static gint warnings_left; /* that are expected; atomic */

static inline GLogWriterOutput
warnings_take (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if ((level & G_LOG_LEVEL_WARNING) != 0 && g_atomic_int_get (&warnings_left) > 0)
    {
      g_atomic_int_dec_and_test (&warnings_left);
      return G_LOG_WRITER_HANDLED;
    }
  return g_log_writer_default (level, fields, n_fields, data);
}

static inline void
warnings_watch (void)
{
  g_log_set_writer_func (warnings_take, NULL, NULL);
}

/* The next @n warnings belong to the test. */
static inline void
warnings_expect (int n)
{
  g_atomic_int_add (&warnings_left, n);
}

/* All that were expected came. */
static inline void
warnings_came (void)
{
  g_assert_cmpint (g_atomic_int_get (&warnings_left), ==, 0);
}
