/* What else the operator does: send a test mail, note what was done. Noted in the operator's log.
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* Queues the letter "test" to @address in @language (a tag, or NULL). Returns the mail's id, or
 * NULL with %MM_ERROR_FIELDS if the address is none. Any thread but the writer's. */
char *mm_operating_test_mail (MmContext *context,
                              const char *address,
                              const char *language,
                              GError **error);

/* Notes that the operator did @action to @subject; for what changes nothing else in the store. Any
 * thread but the writer's. */
gboolean mm_operating_note (MmContext *context,
                            const char *action,
                            const char *subject,
                            GError **error);

G_END_DECLS
