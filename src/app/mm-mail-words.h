/* What became of a mail, in words. Main thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Its state and, unless it was accepted, why: for a mail as docs/openapi.yaml "OperatorMail"
 * describes it. Free with g_free(). */
char *mm_mail_words (JsonObject *mail);

G_END_DECLS
