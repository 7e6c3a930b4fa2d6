#include "mm-palette.h"

#include <math.h>

#define RGB(hex)                                                                                   \
  {                                                                                                \
    ((hex) >> 16 & 0xff) / 255.0f, ((hex) >> 8 & 0xff) / 255.0f, ((hex) &0xff) / 255.0f, 1         \
  }

static const GdkRGBA light_fill[MM_N_ROLES] = {
  [MM_ROLE_PV] = RGB (0xf2b73f),    [MM_ROLE_BATTERY] = RGB (0x33b18f),
  [MM_ROLE_GRID] = RGB (0x4097c9),  [MM_ROLE_HOUSE] = RGB (0xcc79a7),
  [MM_ROLE_OTHER] = RGB (0x9a9996),
};
static const GdkRGBA light_edge[MM_N_ROLES] = {
  [MM_ROLE_PV] = RGB (0xb37a00),    [MM_ROLE_BATTERY] = RGB (0x007d5b),
  [MM_ROLE_GRID] = RGB (0x0072b2),  [MM_ROLE_HOUSE] = RGB (0x9c3f74),
  [MM_ROLE_OTHER] = RGB (0x5e5c64),
};
static const GdkRGBA dark_fill[MM_N_ROLES] = {
  [MM_ROLE_PV] = RGB (0xc48a14),    [MM_ROLE_BATTERY] = RGB (0x0f8a68),
  [MM_ROLE_GRID] = RGB (0x2a7fb5),  [MM_ROLE_HOUSE] = RGB (0xcc79a7),
  [MM_ROLE_OTHER] = RGB (0x77767b),
};
static const GdkRGBA dark_edge[MM_N_ROLES] = {
  [MM_ROLE_PV] = RGB (0xffc24d),    [MM_ROLE_BATTERY] = RGB (0x3fd1a8),
  [MM_ROLE_GRID] = RGB (0x6bb8ea),  [MM_ROLE_HOUSE] = RGB (0xf0a9d0),
  [MM_ROLE_OTHER] = RGB (0xc0bfbc),
};

static const GdkRGBA black = { 0, 0, 0, 1 };
static const GdkRGBA white = { 1, 1, 1, 1 };

static GdkRGBA
with_alpha (GdkRGBA colour, float alpha)
{
  colour.alpha = alpha;
  return colour;
}

void
mm_palette_init (MmPalette *palette, gboolean dark, gboolean high_contrast)
{
  const GdkRGBA *ink = dark ? &white : &black;
  static const GdkRGBA dark_background = RGB (0x303030);
  static const GdkRGBA accents[2] = { RGB (0x1c71d8), RGB (0x78aeed) };
  static const GdkRGBA nights[2] = { RGB (0x2a3b66), RGB (0x0a1024) };

  palette->dark = dark;
  palette->high_contrast = high_contrast;
  palette->background = dark ? dark_background : white;
  palette->text = with_alpha (*ink, high_contrast ? 1 : 0.85f);
  palette->dim = with_alpha (*ink, high_contrast ? 1 : dark ? 0.7f : 0.62f);
  palette->grid = with_alpha (*ink, high_contrast ? 0.4f : 0.1f);
  palette->zero = with_alpha (*ink, high_contrast ? 1 : 0.45f);
  palette->night = with_alpha (nights[dark], high_contrast ? 0.2f : dark ? 0.3f : 0.07f);
  palette->accent = accents[dark];
  for (guint role = 0; role < MM_N_ROLES; role++)
    {
      palette->fill[role] = dark ? dark_fill[role] : light_fill[role];
      palette->edge[role] = dark ? dark_edge[role] : light_edge[role];
    }
}

GdkRGBA
mm_palette_status (const MmPalette *palette, MmStatus status)
{
  static const GdkRGBA red[2] = { RGB (0xc01c28), RGB (0xff7b63) };
  static const GdkRGBA grey[2] = { RGB (0x5e5c64), RGB (0xc0bfbc) };
  static const GdkRGBA purple[2] = { RGB (0x813d9c), RGB (0xdc8add) };
  static const GdkRGBA orange[2] = { RGB (0xc64600), RGB (0xffa348) };
  static const GdkRGBA brown[2] = { RGB (0x865e3c), RGB (0xcdab8f) };
  static const GdkRGBA blue[2] = { RGB (0x1a5fb4), RGB (0x78aeed) };
  static const GdkRGBA green[2] = { RGB (0x26803f), RGB (0x57e389) };
  static const GdkRGBA *const colours[MM_N_STATUSES] = {
    [MM_STATUS_NEVER_SEEN] = grey,       [MM_STATUS_OFFLINE] = grey,   [MM_STATUS_FAULT] = red,
    [MM_STATUS_ISLANDED] = purple,       [MM_STATUS_WARNING] = orange, [MM_STATUS_CURTAILED] = blue,
    [MM_STATUS_UNDERPERFORMING] = brown, [MM_STATUS_NORMAL] = green,
  };

  return colours[status][palette->dark];
}

static double
linear (double part)
{
  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *colour)
{
  return 0.2126 * linear (colour->red) + 0.7152 * linear (colour->green)
         + 0.0722 * linear (colour->blue);
}

double
mm_palette_contrast (const GdkRGBA *one, const GdkRGBA *other)
{
  double a = luminance (one), b = luminance (other);

  return (fmax (a, b) + 0.05) / (fmin (a, b) + 0.05);
}

/* What goes out is as pale as can still be told from the background, which its edge does. */
static GdkRGBA
area_colour (const MmPalette *palette, MmRole role, gboolean outgoing)
{
  const float part = outgoing ? 0.45f : 1;
  const GdkRGBA *fill = &palette->fill[role], *back = &palette->background;

  return (GdkRGBA){ back->red + (fill->red - back->red) * part,
                    back->green + (fill->green - back->green) * part,
                    back->blue + (fill->blue - back->blue) * part, 1 };
}

GdkRGBA
mm_palette_on (const MmPalette *palette, MmRole role, gboolean outgoing)
{
  GdkRGBA fill = area_colour (palette, role, outgoing);

  return mm_palette_contrast (&fill, &black) >= mm_palette_contrast (&fill, &white) ? black : white;
}

/* A small tile that repeats. PV is plain; the battery leans, the grid lies flat. */
static cairo_pattern_t *
hatch (MmRole role, const GdkRGBA *ink, float alpha)
{
  cairo_surface_t *tile = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 6, 6);
  cairo_t *cr = cairo_create (tile);
  cairo_pattern_t *pattern;

  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, alpha);
  cairo_set_line_width (cr, 1);
  if (role == MM_ROLE_BATTERY)
    for (int i = -1; i <= 1; i++)
      {
        cairo_move_to (cr, 6 * i - 1, 7);
        cairo_line_to (cr, 6 * i + 7, -1);
      }
  else
    {
      cairo_move_to (cr, 0, 2.5);
      cairo_line_to (cr, 6, 2.5);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
  pattern = cairo_pattern_create_for_surface (tile);
  cairo_surface_destroy (tile);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  return pattern;
}

void
mm_palette_fill (const MmPalette *palette, MmRole role, gboolean outgoing, cairo_t *cr)
{
  GdkRGBA colour = area_colour (palette, role, outgoing);

  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_fill_preserve (cr);
  if (role == MM_ROLE_BATTERY || role == MM_ROLE_GRID)
    {
      cairo_pattern_t *pattern
          = hatch (role, &palette->edge[role], palette->high_contrast ? 1.0f : 0.35f);

      cairo_set_source (cr, pattern);
      cairo_fill_preserve (cr);
      cairo_pattern_destroy (pattern);
    }
}

void
mm_palette_stroke (const MmPalette *palette, MmRole role, cairo_t *cr)
{
  gdk_cairo_set_source_rgba (cr, &palette->edge[role]);
  cairo_set_line_width (cr, palette->high_contrast ? 2.5 : MM_LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
}

void
mm_palette_draw_key (const MmPalette *palette,
                     MmRole role,
                     MmShape shape,
                     gboolean outgoing,
                     cairo_t *cr,
                     double x,
                     double y)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  if (shape == MM_SHAPE_AREA)
    {
      cairo_rectangle (cr, 1.5, 0.5, MM_KEY_WIDTH - 3, MM_KEY_HEIGHT - 1);
      mm_palette_fill (palette, role, outgoing, cr);
      gdk_cairo_set_source_rgba (cr, &palette->edge[role]);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
  else
    {
      double middle = MM_KEY_HEIGHT / 2.0;

      cairo_move_to (cr, 1, middle);
      cairo_line_to (cr, MM_KEY_WIDTH - 1, middle);
      mm_palette_stroke (palette, role, cr);
      if (shape == MM_SHAPE_LEVEL)
        {
          cairo_arc (cr, MM_KEY_WIDTH / 2.0, middle, 3, 0, 2 * G_PI);
          cairo_fill (cr);
        }
    }
  cairo_restore (cr);
}
