/* A row of integers in few bytes.
 *
 * The first number stands in full (a folded varint: 0, -1, 1, -2 … become 0, 1, 2, 3 …), then the
 * unit as a varint: the largest number of which all differences from the first are multiples; 0
 * says that there are none. What follows is about u, those differences in units.
 *
 * Order (a byte) 0 means that the values of u themselves are near a middle, 1 that the steps
 * between them are, 2 that the steps change little. The middle stands next, as a folded varint, and
 * then a stream of bits with what each is away from it, folded. All arithmetic wraps at 64 bits.
 *
 * The stream, lowest bit of each byte first, is made of Rice codes whose parameter follows the
 * numbers that came before: a number x is x >> k zeros, a one, and the k low bits of x; 24 zeros
 * say that x follows in 64 bits. Where zeros are frequent, whole runs of them are coded: a zero bit
 * for 2^r zeros, or a one, the length of the run in r bits, and the Rice code of the number behind
 * it less one. r too follows what came before. The last run may reach beyond the end.
 */
#include "mm-integers.h"

#include <string.h>

#define ESCAPE 24  /* zeros that stand before a number in full */
#define RUN_STEP 4 /* fineness in which the length of runs is learnt */
#define RUN_MAX (14 * RUN_STEP)
#define VARINT_MAX 10

/* So many numbers, from so many places, say how to write all of them. */
#define SAMPLE 512
#define SAMPLE_PARTS 4

/* No number takes more: run, escape, 64 bits. */
#define MAX_BYTES_EACH 14

static inline guint64
fold (gint64 number)
{
  return (guint64) number << 1 ^ (guint64) (number >> 63);
}

static inline gint64
unfold (guint64 number)
{
  return (gint64) (number >> 1 ^ (0 - (number & 1)));
}

void
mm_varint_append (GByteArray *bytes, guint64 number)
{
  guint8 buffer[VARINT_MAX];
  guint n = 0;

  while (number >= 0x80)
    {
      buffer[n++] = (guint8) (number | 0x80);
      number >>= 7;
    }
  buffer[n++] = (guint8) number;
  g_byte_array_append (bytes, buffer, n);
}

gboolean
mm_varint_read (const guint8 **at, const guint8 *end, guint64 *number)
{
  *number = 0;
  for (guint shift = 0; shift < 64 && *at < end; shift += 7)
    {
      guint8 byte = *(*at)++;

      if (shift == 63 && byte > 1)
        return FALSE;
      *number |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return TRUE;
    }
  return FALSE;
}

/* ---- what the coder has learnt, on both sides alike ---- */

/* @sum: about 16 times the mean of the last numbers; @run: the logarithm of the usual length of
 * runs of zeros, times RUN_STEP */
typedef struct
{
  guint64 sum;
  guint run;
} Learnt;

static inline guint
rice_parameter (const Learnt *learnt)
{
  /* 3/64 of it is the mean times ln 2, about. */
  guint64 middle = (learnt->sum >> 5) + (learnt->sum >> 6);

  return middle > 0 ? 63 - (guint) __builtin_clzll (middle) : 0;
}

static inline void
learn_number (Learnt *learnt, guint64 number)
{
  learnt->sum += MIN (number, G_GUINT64_CONSTANT (1) << 57) - (learnt->sum >> 4);
}

static inline void
learn_zeros (Learnt *learnt)
{
  learnt->run = MIN (learnt->run + 3, RUN_MAX);
}

static inline void
learn_no_zeros (Learnt *learnt, guint by)
{
  learnt->run = learnt->run > by ? learnt->run - by : 0;
}

/* ---- writing ---- */

typedef struct
{
  guint8 *at;
  guint64 word; /* bits that are not written yet, the first lowest */
  guint n;      /* how many; less than 8 between calls */
} Writer;

/* The @n (up to 56) low bits of @bits, which has no others. */
static inline void
put (Writer *writer, guint64 bits, guint n)
{
  writer->word |= bits << writer->n;
  writer->n += n;
  while (writer->n >= 8)
    {
      *writer->at++ = (guint8) writer->word;
      writer->word >>= 8;
      writer->n -= 8;
    }
}

static inline guint64
low_bits (guint64 number, guint n)
{
  return n < 64 ? number & ((G_GUINT64_CONSTANT (1) << n) - 1) : number;
}

static inline void
put_wide (Writer *writer, guint64 bits, guint n)
{
  if (n > 32)
    {
      put (writer, low_bits (bits, 32), 32);
      bits >>= 32;
      n -= 32;
    }
  put (writer, bits, n);
}

static inline void
put_number (Writer *writer, Learnt *learnt, guint64 number)
{
  guint k = rice_parameter (learnt);
  guint64 zeros = number >> k;

  if (zeros < ESCAPE)
    {
      put (writer, G_GUINT64_CONSTANT (1) << zeros, (guint) zeros + 1);
      put_wide (writer, low_bits (number, k), k);
    }
  else
    {
      put (writer, 0, ESCAPE);
      put_wide (writer, number, 64);
    }
  learn_number (learnt, number);
}

static void
write_stream (Writer *writer, const guint64 *numbers, guint n)
{
  Learnt learnt = { 0 };
  guint i = 0;

  while (i < n)
    {
      guint r = learnt.run / RUN_STEP;
      guint length = 1u << r, run = 0;

      if (r == 0)
        {
          put_number (writer, &learnt, numbers[i]);
          if (numbers[i++] == 0)
            learn_zeros (&learnt);
          else
            learn_no_zeros (&learnt, 3);
          continue;
        }
      while (run < length && i + run < n && numbers[i + run] == 0)
        run++;
      i += run;
      if (run == length || i == n)
        {
          put (writer, 0, 1);
          learn_zeros (&learnt);
          continue;
        }
      put (writer, 1 | (guint64) run << 1, 1 + r);
      put_number (writer, &learnt, numbers[i++] - 1);
      learn_no_zeros (&learnt, 6);
    }
  if (writer->n > 0)
    *writer->at++ = (guint8) writer->word;
}

/* ---- reading ---- */

/* Bits behind the end are zeros; that they were read shows at the end, where @position says so. */
typedef struct
{
  const guint8 *data;
  gsize length;
  guint64 position; /* in bits */
} Reader;

/* At least 56 bits from the present position on. */
static inline guint64
peek (const Reader *reader)
{
  gsize byte = reader->position / 8;
  guint64 word = 0;

  if (byte + sizeof word <= reader->length)
    {
      memcpy (&word, reader->data + byte, sizeof word);
      word = GUINT64_FROM_LE (word);
    }
  else
    for (guint i = 0; i < sizeof word && byte + i < reader->length; i++)
      word |= (guint64) reader->data[byte + i] << 8 * i;
  return word >> reader->position % 8;
}

static inline guint64
take (Reader *reader, guint n)
{
  guint64 bits = low_bits (peek (reader), n);

  reader->position += n;
  return bits;
}

static inline guint64
take_wide (Reader *reader, guint n)
{
  guint64 low = take (reader, MIN (n, 32));

  return n > 32 ? low | take (reader, n - 32) << 32 : low;
}

static inline guint64
take_number (Reader *reader, Learnt *learnt)
{
  guint k = rice_parameter (learnt);
  guint64 word = peek (reader);
  guint64 number;
  guint zeros;

  if (low_bits (word, ESCAPE) == 0)
    {
      reader->position += ESCAPE;
      number = take_wide (reader, 64);
    }
  else
    {
      zeros = (guint) __builtin_ctzll (word);
      reader->position += zeros + 1;
      /* Of the 56, at least 32 are left. */
      if (k <= 32)
        {
          number = low_bits (word >> (zeros + 1), k);
          reader->position += k;
        }
      else
        number = take_wide (reader, k);
      number |= (guint64) zeros << k;
    }
  learn_number (learnt, number);
  return number;
}

static gboolean
read_stream (Reader *reader, guint64 *numbers, guint n)
{
  Learnt learnt = { 0 };
  guint i = 0;

  while (i < n && reader->position <= reader->length * 8)
    {
      guint r = learnt.run / RUN_STEP;
      guint64 word, run;

      if (r == 0)
        {
          numbers[i] = take_number (reader, &learnt);
          if (numbers[i++] == 0)
            learn_zeros (&learnt);
          else
            learn_no_zeros (&learnt, 3);
          continue;
        }
      word = peek (reader);
      if ((word & 1) == 0)
        {
          run = MIN (1u << r, n - i);
          memset (numbers + i, 0, run * sizeof *numbers);
          i += (guint) run;
          reader->position++;
          learn_zeros (&learnt);
          continue;
        }
      run = low_bits (word >> 1, r);
      reader->position += 1 + r;
      if (run >= n - i)
        return FALSE;
      memset (numbers + i, 0, run * sizeof *numbers);
      i += (guint) run;
      numbers[i++] = take_number (reader, &learnt) + 1;
      learn_no_zeros (&learnt, 6);
    }
  return i == n && reader->position <= reader->length * 8;
}

/* ---- unit, order, middle ---- */

static guint64
distance (gint64 a, gint64 b)
{
  return a > b ? (guint64) a - (guint64) b : (guint64) b - (guint64) a;
}

/* The largest divisor of all differences from the first; 0 if all numbers are the same. 1 if a
 * difference does not fit into 64 bits with its sign. */
static guint64
common_unit (const gint64 *numbers, guint n)
{
  guint64 unit = 0;

  for (guint i = 1; i < n && unit != 1; i++)
    {
      guint64 rest = distance (numbers[i], numbers[0]);

      if (rest > G_MAXINT64)
        return 1;
      if (unit != 0 && rest % unit == 0)
        continue;
      while (rest != 0)
        {
          guint64 swap = unit % rest;

          unit = rest;
          rest = swap;
        }
    }
  return unit;
}

static inline gint64
difference (const gint64 *u, guint i, guint order)
{
  guint64 before = i > 0 ? (guint64) u[i - 1] : 0, before2 = i > 1 ? (guint64) u[i - 2] : 0;

  return order == 0   ? u[i]
         : order == 1 ? (gint64) ((guint64) u[i] - before)
                      : (gint64) ((guint64) u[i] - 2 * before + before2);
}

/* The middle of @numbers, which is put in another order for it. */
static gint64
median (gint64 *numbers, guint n)
{
  guint low = 0, high = n - 1, middle = n / 2;

  while (low < high)
    {
      gint64 pivot = numbers[low + (high - low) / 2];
      guint i = low, j = high;

      for (;; i++, j--)
        {
          gint64 swap;

          while (numbers[i] < pivot)
            i++;
          while (numbers[j] > pivot)
            j--;
          if (i >= j)
            break;
          swap = numbers[i];
          numbers[i] = numbers[j];
          numbers[j] = swap;
        }
      /* None up to j is above the pivot, none behind it below. */
      if (middle <= j)
        high = j;
      else
        low = j + 1;
    }
  return numbers[middle];
}

/* About how many bits they take. */
static guint64
cost (const gint64 *numbers, guint n, gint64 middle)
{
  guint64 bits = 0;

  for (guint i = 0; i < n; i++)
    bits += 64
            - (guint) __builtin_clzll (fold ((gint64) ((guint64) numbers[i] - (guint64) middle))
                                       | 1);
  return bits;
}

/* Fills @sample with differences from all over @u, or with all if they are few; returns how many.
 */
static guint
take_sample (const gint64 *u, guint n, guint order, gint64 *sample)
{
  guint taken = 0;

  if (n <= SAMPLE)
    {
      for (guint i = 0; i < n; i++)
        sample[i] = difference (u, i, order);
      return n;
    }
  for (guint part = 0; part < SAMPLE_PARTS; part++)
    {
      guint begin = (guint) ((guint64) part * (n - SAMPLE / SAMPLE_PARTS) / (SAMPLE_PARTS - 1));

      for (guint i = begin; i < begin + SAMPLE / SAMPLE_PARTS; i++)
        sample[taken++] = difference (u, i, order);
    }
  return taken;
}

/* What seems the best way to write @u. */
static guint
choose_order (const gint64 *u, guint n, gint64 *middle)
{
  gint64 sample[SAMPLE];
  guint64 least = G_MAXUINT64;
  guint chosen = 0;

  for (guint order = 0; order <= 2; order++)
    {
      guint taken = take_sample (u, n, order, sample);
      /* Steps that change do so around none. */
      gint64 candidate = order < 2 ? median (sample, taken) : 0;
      guint64 bits = cost (sample, taken, candidate);

      if (bits < least)
        {
          least = bits;
          chosen = order;
          *middle = candidate;
        }
    }
  return chosen;
}

/* ---- the whole ---- */

void
mm_integers_pack (GByteArray *bytes, const gint64 *numbers, guint n)
{
  guint64 unit;
  g_autofree gint64 *u = NULL;
  gint64 *steps, middle = 0;
  guint m = n - 1, length = 0;
  guint8 order;
  Writer writer;

  if (n == 0)
    return;
  unit = common_unit (numbers, n);
  mm_varint_append (bytes, fold (numbers[0]));
  mm_varint_append (bytes, unit);
  if (unit == 0)
    return;
  u = g_new (gint64, 2 * (gsize) m);
  steps = u + m;
  for (guint i = 0; i < m; i++)
    {
      gint64 from_first = (gint64) ((guint64) numbers[i + 1] - (guint64) numbers[0]);

      u[i] = unit == 1 ? from_first : from_first / (gint64) unit;
    }
  order = (guint8) choose_order (u, m, &middle);
  g_byte_array_append (bytes, &order, 1);
  mm_varint_append (bytes, fold (middle));
  for (guint i = 0; i < m; i++)
    steps[i] = (gint64) fold ((gint64) ((guint64) difference (u, i, order) - (guint64) middle));
  length = bytes->len;
  g_byte_array_set_size (bytes, length + m * MAX_BYTES_EACH + sizeof (guint64));
  writer = (Writer){ .at = bytes->data + length };
  write_stream (&writer, (const guint64 *) steps, m);
  g_byte_array_set_size (bytes, (guint) (writer.at - bytes->data));
}

gboolean
mm_integers_unpack (const guint8 **at, const guint8 *end, gint64 *numbers, guint n)
{
  guint64 first, unit, middle, value = 0, step = 0;
  guint64 *rest = (guint64 *) numbers + 1;
  Reader reader;
  guint8 order;

  if (n == 0)
    return TRUE;
  if (!mm_varint_read (at, end, &first) || !mm_varint_read (at, end, &unit))
    return FALSE;
  first = (guint64) unfold (first);
  numbers[0] = (gint64) first;
  if (unit == 0)
    {
      for (guint i = 1; i < n; i++)
        numbers[i] = numbers[0];
      return TRUE;
    }
  if (*at == end)
    return FALSE;
  order = *(*at)++;
  if (order > 2 || !mm_varint_read (at, end, &middle))
    return FALSE;
  middle = (guint64) unfold (middle);
  reader = (Reader){ .data = *at, .length = (gsize) (end - *at) };
  if (!read_stream (&reader, rest, n - 1))
    return FALSE;
  *at += (reader.position + 7) / 8;
  for (guint i = 0; i < n - 1; i++)
    {
      guint64 next = (guint64) unfold (rest[i]) + middle;

      step = order == 2 ? step + next : next;
      value = order == 0 ? next : value + step;
      rest[i] = first + value * unit;
    }
  return TRUE;
}
