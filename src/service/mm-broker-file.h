/* Brokers as a key file: a group "broker NAME" for each. Any thread. */
#pragma once

#include "mm-broker.h"

G_BEGIN_DECLS

/* Reads the brokers of the file @path (of #MmBroker); none if it is not there. What is not sound is
 * left out and said in the log. NULL if the file cannot be read. */
GPtrArray *mm_broker_file_load (const char *path, GError **error);

/* Writes @brokers to the file @path, mode 0600; on disk when it returns TRUE. */
gboolean mm_broker_file_save (const char *path, const GPtrArray *brokers, GError **error);

G_END_DECLS
