/* What an exchange is made of; for the files below the handlers only (exchange, stream, listener,
 * router). Each connection has one, used again for every request on it. */
#pragma once

#include "mm-exchange.h"
#include "mm-router.h"

#include <microhttpd.h>
#include <stdatomic.h>

G_BEGIN_DECLS

#define MM_EXCHANGE_PARAMS 4

typedef struct _MmConnection MmConnection;

/* The answer's headers, in order. */
typedef struct
{
  char *name;
  char *value;
} MmExchangeHeader;

struct _MmExchange
{
  MmConnection *peer; /* NULL in tests of the layers above */
  struct MHD_Connection *connection;

  /* The request. Text belongs to the library and lives as long as the request. */
  const char *method;
  const char *path;
  char *body; /* length + 1 bytes used; kept between requests while small */
  gsize length;
  gsize capacity;
  const MmRoute *route;
  const char *param_names[MM_EXCHANGE_PARAMS];
  char *param_values[MM_EXCHANGE_PARAMS];
  GPtrArray *form;       /* name, value, name, value …; NULL until asked for */
  const char *form_code; /* what is wrong with the form */
  GPtrArray *kept;       /* strings made for the handler */
  char *address;
  gpointer principal;
  GDestroyNotify principal_destroy;
  const MmLanguage *language;

  /* The answer. */
  guint status;
  const char *content_type;
  GBytes *content;
  GArray *headers; /* of MmExchangeHeader */
  MmStream *stream;
  struct MHD_Response *response; /* built from the above */

  atomic_int owed;    /* calls of mm_exchange_finish() to come */
  gboolean suspended; /* listener's thread only: was deferred during this call */
};

/* Where mm-listener.c and mm-exchange.c meet. */

/* Builds the response from what was answered; a 500 if nothing was. Any thread. */
void mm_exchange_build (MmExchange *x);

/* Frees what belongs to one request; the body's buffer stays if it is small. */
void mm_exchange_reset (MmExchange *x);

/* Makes room for @length more bytes of body (and the NUL). @most: bytes that the body can have at
 * all. NULL if all bodies together take too much memory already; small ones are always kept.
 * Listener's thread. */
char *mm_exchange_reserve (MmExchange *x, gsize length, gsize most);

/* Frees the body. Listener's thread. */
void mm_exchange_drop_body (MmExchange *x);

G_END_DECLS
