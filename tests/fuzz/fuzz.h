/* A parser under fire. Each fuzz-NOUN.c defines these two; with libFuzzer (-Dfuzz=true) the first
 * is all that is used, otherwise fuzz-driver.c makes a test of it. */
#pragma once

#include <glib.h>

/* Seeds: @length 0 means up to the NUL. Ends with an entry whose @data is NULL. */
typedef struct
{
  const char *data;
  gsize length;
} FuzzSeed;

extern const FuzzSeed fuzz_seeds[];

/* Tries one input; whatever it is, nothing may break. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);
