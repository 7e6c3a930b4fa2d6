/* Chance that can be asked again: the same seed and place give the same number, on any computer.
 * Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A seed from @text. */
guint64 mm_noise_seed (const char *text);

/* Another seed for the purpose @purpose (any number) of the same thing. */
guint64 mm_noise_branch (guint64 seed, guint64 purpose);

/* The number of place @n, evenly spread over 0 <= x < 1. */
double mm_noise_pick (guint64 seed, gint64 n);

/* A smooth line over time that has a number of its own at each multiple of @period (µs); 0 to 1. */
double mm_noise_at (guint64 seed, gint64 time, gint64 period);

G_END_DECLS
