/* The halves of a push, for mm-push-pool.c, which drives the transfer between them. */
#pragma once

#include "mm-push.h"

#include <curl/curl.h>

G_BEGIN_DECLS

/* The handle that transfers; owned by @push. */
CURL *mm_push_handle (MmPush *push);

/* Pushes as another gateway from now on. */
void mm_push_set_key (MmPush *push, const char *key);

/* Makes the handle ready to transfer @body; as mm_push_send(). */
void mm_push_begin (MmPush *push, const char *body, gsize length, gint64 now);

/* Takes the answer of a transfer that ended with @code; as mm_push_send(). */
void mm_push_end (MmPush *push, CURLcode code, MmPushAnswer *answer);

G_END_DECLS
