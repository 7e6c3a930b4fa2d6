/* The mapping in use (codec/mm-mapping.h): the rules that are shipped, and before them those of the
 * operator, files called *.mapping in the folder "mappings" of the data directory. A file of the
 * operator's with the name of a shipped one takes its place.
 *
 * Whoever maps takes the mapping for one push, or keeps it until its stamp is not the current one
 * any more. Any thread.
 */
#pragma once

#include "mm-mapping.h"

G_BEGIN_DECLS

typedef struct _MmMappings MmMappings;

/* Loads all files below @data_dir. A file of the operator's that is not sound is left out, with a
 * warning in the log: a server that does not start is worse. */
MmMappings *mm_mappings_new (const char *data_dir);
void mm_mappings_free (MmMappings *mappings);

/* The mapping as it is now; release with mm_mapping_unref(). */
MmMapping *mm_mappings_get (MmMappings *mappings);

/* Reads all files again. With anything wrong in one, nothing changes, FALSE is returned, and
 * @error is %MM_ERROR_FIELDS with a field "FILE:LINE" for each problem. */
gboolean mm_mappings_reload (MmMappings *mappings, GError **error);

/* Looks whether @text is a sound file called @name, as the operator's would be; errors as above. */
gboolean mm_mappings_check (const char *name, const char *text, gsize length, GError **error);

/* Writes @text as the operator's file @name ("NAME.mapping") and reloads; or, if it is not sound,
 * leaves everything as it is. */
gboolean mm_mappings_set (
    MmMappings *mappings, const char *name, const char *text, gsize length, GError **error);

/* Removes the operator's file @name and reloads. %MM_ERROR_NOT_FOUND if there is none. */
gboolean mm_mappings_remove (MmMappings *mappings, const char *name, GError **error);

/* A file. @shipped: it comes with the program
 * @used: its rules count; a shipped one is not if the operator has one of that name */
typedef struct
{
  char *name;
  char *text;
  gsize length;
  gboolean shipped;
  gboolean used;
} MmMappingFile;

/* All files in the order in which they are asked: of #MmMappingFile; NULL if the folder cannot be
 * read. */
GPtrArray *mm_mappings_files (MmMappings *mappings, GError **error);

G_END_DECLS
