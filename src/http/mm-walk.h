/* The pages of a registration up to the mail: terms → form → confirm → register. Dealers and
 * customers walk the same way with other forms. On workers.
 */
#pragma once

#include "mm-exchange.h"
#include "mm-page-form.h"
#include "mm-registering.h"

G_BEGIN_DECLS

/* @audience: "dealer" or "customer": whose terms; also the folder of the pages
 * @title: of all pages, to be translated
 * @fields: names of all fields, ended by NULL
 * @field: where a form keeps a field
 * @check: brings the form into its normal form; %MM_ERROR_FIELDS names what is wrong
 * @enrol: checks and registers provisionally */
typedef struct
{
  const char *audience;
  const char *title;
  const MmPageGroup *groups;
  guint n_groups;
  const char *const *fields;
  char **(*field) (gpointer form, const char *name);
  gboolean (*check) (MmContext *context, const char *address, gpointer form, GError **error);
  MmProvisional *(*enrol) (MmContext *context,
                           const char *address,
                           gpointer form,
                           gint64 terms,
                           const char *language,
                           GError **error);
} MmWalk;

/* Reads @form, which is empty, from the request and answers with the page that is asked for. */
void mm_walk_handle (MmExchange *x, MmContext *context, const MmWalk *walk, gpointer form);

G_END_DECLS
