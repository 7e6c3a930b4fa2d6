/* What writing and reading a block share; see mm-block.c for the format. */
#pragma once

#include <glib.h>
#include <string.h>
#include <zlib.h>

#define MM_BLOCK_VERSION 1
#define MM_BLOCK_HEAD_AT 5 /* behind the version and the CRC */

#define MM_BLOCK_KIND 3 /* the bits of one of these: */
#define MM_BLOCK_DECIMAL 0
#define MM_BLOCK_NEAR_DECIMAL 1
#define MM_BLOCK_RAW 2
#define MM_BLOCK_SOME_TIMES 4
#define MM_BLOCK_SOME_LATE 8

#define MM_BLOCK_MAX_EXPONENT 9
static const double mm_block_powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };

static inline guint32
mm_block_checksum (const guint8 *data, gsize length)
{
  return (guint32) crc32_z (0, data, length);
}

/* The place of a double in the order of all, and back. -0.0 stands right below 0.0. */
static inline gint64
mm_block_rank (double value)
{
  gint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits < 0 ? bits ^ G_MAXINT64 : bits;
}

static inline double
mm_block_at_rank (gint64 place)
{
  gint64 bits = place < 0 ? place ^ G_MAXINT64 : place;
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}
