/* Terms of use and who agreed to them. Writes only on the writer's thread. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* The version in force for @audience ("dealer", "customer"): the highest; 0 if there is none. */
gboolean mm_store_terms_version (MmDatabase *db,
                                 const char *audience,
                                 gint64 *version,
                                 GError **error);

/* The text of a version in @language, else in English, else in whatever language it has. @found:
 * the language of @body. TRUE with NULL in both if there is none. Free both with g_free(). */
gboolean mm_store_terms_body (MmDatabase *db,
                              const char *audience,
                              gint64 version,
                              const char *language,
                              char **found,
                              char **body,
                              GError **error);

/* Adds a text. */
gboolean mm_store_terms_insert (MmDatabase *db,
                                const char *audience,
                                gint64 version,
                                const char *language,
                                const char *body,
                                gint64 now,
                                GError **error);

/* Records that @account agreed to a version, read in @language, at @step of its registration
 * ("form" or "password"). */
gboolean mm_store_terms_agree (MmDatabase *db,
                               gint64 account,
                               const char *audience,
                               gint64 version,
                               const char *language,
                               const char *step,
                               gint64 now,
                               GError **error);

G_END_DECLS
