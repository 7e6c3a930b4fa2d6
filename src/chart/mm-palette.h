/* The colours of charts, and the keys that stand for a series in legend and read-out.
 *
 * Never colour alone: areas carry a pattern of their own, lines have their own dash, the charts
 * write words beside both. Source: look.md (energy colours; 3:1 against light and dark).
 * Drawing is for the main thread; the rest is pure.
 */
#pragma once

#include "mm-series.h"
#include "mm-status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @fill: of areas. @edge: of their edges and of lines; at least 3:1 against @background
 * @text, @dim: of words; @grid: of thin lines; @zero: of the line at zero; @night: of shading
 * @accent: of selections and the crosshair */
typedef struct
{
  gboolean dark;
  gboolean high_contrast;
  GdkRGBA background;
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA grid;
  GdkRGBA zero;
  GdkRGBA night;
  GdkRGBA accent;
  GdkRGBA fill[MM_N_ROLES];
  GdkRGBA edge[MM_N_ROLES];
} MmPalette;

/* The colours for a light or dark desktop. */
void mm_palette_init (MmPalette *palette, gboolean dark, gboolean high_contrast);

/* The colour of a status (look.md "Status"). */
GdkRGBA mm_palette_status (const MmPalette *palette, MmStatus status);

/* Contrast of two opaque colours, 1–21 (WCAG 2.1 "contrast ratio"). */
double mm_palette_contrast (const GdkRGBA *one, const GdkRGBA *other);

/* The colour for words on the area of @role: black or white, whichever is read better. */
GdkRGBA mm_palette_on (const MmPalette *palette, MmRole role, gboolean outgoing);

/* Fills the path of @cr with the area of @role, paler if the energy is @outgoing; keeps the path.
 */
void mm_palette_fill (const MmPalette *palette, MmRole role, gboolean outgoing, cairo_t *cr);

/* Strokes the path of @cr as a line of @role. */
#define MM_LINE_WIDTH 1.75f
void mm_palette_stroke (const MmPalette *palette, MmRole role, cairo_t *cr);

/* Draws the key of a series into a field of MM_KEY_WIDTH × MM_KEY_HEIGHT pixels at @x, @y.
 * @outgoing as for mm_palette_fill(). */
#define MM_KEY_WIDTH 16
#define MM_KEY_HEIGHT 12
void mm_palette_draw_key (const MmPalette *palette,
                          MmRole role,
                          MmShape shape,
                          gboolean outgoing,
                          cairo_t *cr,
                          double x,
                          double y);

G_END_DECLS
