/* What one push carries, parsed: values, events, devices, and what was refused.
 *
 * Every ingest format (native JSON, line protocol; later MQTT, Sparkplug) is parsed into this and
 * nothing else. Names live once in the batch and are referred to by number, so that a value costs
 * no heap object. A batch belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* Bounds of one push; a codec refuses what goes beyond them. */
#define MM_BATCH_MAX_VALUES 200000
#define MM_BATCH_MAX_EVENTS 1000
#define MM_BATCH_MAX_DEVICES 64
#define MM_BATCH_MAX_NAMES 4096
#define MM_BATCH_MAX_REFUSALS 100 /* described; more are only counted */
#define MM_BATCH_MAX_REFUSED                                                                       \
  200000                      /* lines; what sends so much nonsense is not heard to the end        \
                               */
#define MM_BATCH_MAX_TEXT 200 /* bytes of what was refused, as it was sent */
#define MM_NAME_MAX_BYTES 128 /* of a device or quantity */

/* One measured value.
 * @time: UTC microseconds by the device's clock, or %MM_TIME_NONE: the receiver's time is taken
 * @device, @quantity: names, see mm_batch_name()
 * @value: finite, in the canonical unit of the quantity
 * @index: the reading or line it came from, for reports, from 0 */
typedef struct
{
  gint64 time;
  guint32 device;
  guint32 quantity;
  double value;
  guint32 index;
} MmValue;

typedef enum
{
  MM_EVENT_RAISED,
  MM_EVENT_CLEARED,
} MmEventState;

/* A fault or notice that a device raised or cleared.
 * @code: the maker's code, 1..64 bytes
 * @detail: the maker's words, or NULL */
typedef struct
{
  gint64 time;
  guint32 device;
  char *code;
  MmEventState state;
  char *detail;
  guint32 index;
} MmEvent;

/* What a device says of itself; any text may be NULL. */
typedef struct
{
  char *device;
  char *kind;
  char *maker;
  char *model;
  char *serial;
} MmDevice;

/* One thing that was not taken, and why.
 * @index: reading, event or line (from 0); @field: e.g. "readings[3].v.soc", or the line's text cut
 * @code: stable; @detail: English sentence for the sender's log
 * @text: what was sent, as UTF-8 of at most %MM_BATCH_MAX_TEXT bytes; NULL if @field says it all */
typedef struct
{
  guint32 index;
  char *field;
  char *code;
  char *detail;
  char *text;
} MmRefusal;

typedef struct _MmBatch MmBatch;

struct _MmBatch
{
  GArray *values;      /* of MmValue */
  GArray *events;      /* of MmEvent */
  GArray *devices;     /* of MmDevice */
  GArray *refusals;    /* of MmRefusal, at most MM_BATCH_MAX_REFUSALS */
  guint n_refused;     /* all of them */
  guint n_ignored;     /* fields that are no numbers (texts of line protocol): kept nowhere */
  gboolean is_lines;   /* an index is the number of a line, else of an element of a list */
  gboolean is_import;  /* somebody brought it: the gateway has not been in contact */
  gint64 sent;         /* the sender's clock when it sent, or MM_TIME_NONE */
  char *batch_id;      /* the sender's name of the batch, or NULL */
  char *firmware;      /* or NULL */
  guint interval_s;    /* expected seconds between reports, 0 if not said */
  char *settings_json; /* the "settings" object as compact JSON, or NULL */
  char *results_json;  /* the "results" array as compact JSON, or NULL */
  /*< private >*/
  GPtrArray *names;
  GStringChunk *name_store;
  struct _MmNameSlot *name_slots; /* open-addressed hash; see mm-batch.c */
  guint n_name_slots;             /* a power of two */
  guint64 name_seed;
};

MmBatch *mm_batch_new (void);
void mm_batch_free (MmBatch *batch);

/* The number of the name @text of @length bytes, which is added if it is new. Returns FALSE if the
 * batch has too many names or the name is empty, longer than MM_NAME_MAX_BYTES, not UTF-8 or holds
 * control characters. */
gboolean mm_batch_intern (MmBatch *batch, const char *text, gsize length, guint32 *number);

/* The text of name @number; owned by the batch. */
const char *mm_batch_name (const MmBatch *batch, guint32 number);
guint mm_batch_n_names (const MmBatch *batch);

/* Appends a value; the caller has checked that it is finite and the batch not full. */
void mm_batch_add_value (MmBatch *batch, const MmValue *value);

/* Counts a refusal and describes it while there is room. */
void mm_batch_refuse (
    MmBatch *batch, guint index, const char *field, const char *code, const char *detail);

/* The same for what was sent as @text of @length bytes, which may be anything. */
void mm_batch_refuse_text (MmBatch *batch,
                           guint index,
                           const char *field,
                           const char *code,
                           const char *detail,
                           const char *text,
                           gsize length);

/* The beginning of @text as valid UTF-8 of at most @most bytes; free with g_free(). */
char *mm_batch_shorten (const char *text, gsize length, gsize most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmBatch, mm_batch_free)

G_END_DECLS
