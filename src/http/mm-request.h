/* Drives an exchange through the library's calls: request line, headers, body, end, answered.
 *
 * These are the library's callbacks, all on its one thread; their data is the #MmListener.
 */
#pragma once

#include "mm-listener-private.h"

G_BEGIN_DECLS

/* The request line is there; @target is as sent. What is returned becomes the request's context. */
void *mm_request_begin (void *data, const char *target, struct MHD_Connection *request);

/* Once after the headers, for each part of the body, once at its end, and once after a resume. */
enum MHD_Result mm_request_serve (void *data,
                                  struct MHD_Connection *request,
                                  const char *target,
                                  const char *method,
                                  const char *version,
                                  const char *part,
                                  size_t *length,
                                  void **context);

/* Answered, or cut off; called for every begun request. */
void mm_request_end (void *data,
                     struct MHD_Connection *request,
                     void **context,
                     enum MHD_RequestTerminationCode why);

G_END_DECLS
