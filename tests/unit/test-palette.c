/* chart/mm-palette: colours that can be told from the background and from each other. */
#include "mm-palette.h"

/* look.md: 3:1 against both backgrounds, for what carries the meaning: edges, lines, shapes. */
static void
test_contrast (void)
{
  for (guint look = 0; look < 4; look++)
    {
      MmPalette palette;

      mm_palette_init (&palette, look & 1, look & 2);
      for (guint role = 0; role < MM_N_ROLES; role++)
        g_assert_cmpfloat (mm_palette_contrast (&palette.edge[role], &palette.background), >=, 3);
      for (guint status = 0; status < MM_N_STATUSES; status++)
        {
          GdkRGBA colour = mm_palette_status (&palette, (MmStatus) status);

          g_assert_cmpfloat (mm_palette_contrast (&colour, &palette.background), >=, 3);
        }
    }
}

/* Words on areas are read with ease: 4.5:1. */
static void
test_words (void)
{
  for (guint look = 0; look < 2; look++)
    for (guint role = 0; role < MM_N_ROLES; role++)
      {
        MmPalette palette;
        GdkRGBA words;

        mm_palette_init (&palette, look, FALSE);
        words = mm_palette_on (&palette, (MmRole) role, FALSE);
        g_assert_cmpfloat (mm_palette_contrast (&words, &palette.fill[role]), >=, 4.5);
      }
}

static void
test_known_contrasts (void)
{
  const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  GdkRGBA grey;

  gdk_rgba_parse (&grey, "#767676");
  g_assert_cmpfloat (mm_palette_contrast (&black, &white), ==, 21);
  g_assert_cmpfloat (mm_palette_contrast (&white, &white), ==, 1);
  g_assert_cmpfloat_with_epsilon (mm_palette_contrast (&grey, &white), 4.54, 0.01);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/contrast", test_contrast);
  g_test_add_func ("/palette/words", test_words);
  g_test_add_func ("/palette/known-contrasts", test_known_contrasts);
  return g_test_run ();
}
