/* A connection to the database and its statements.
 *
 * SQL lives only in store/, in the subset that SQLite and PostgreSQL share, with `$1` placeholders.
 * This interface is all that the rest of store/ sees of the driver. A connection belongs to one
 * thread at a time; see mm-writer.h for the only one that writes.
 *
 * Use:
 *   g_autoptr (MmStatement) s = mm_database_prepare (db, "SELECT name FROM gateway WHERE id = $1",
 *                                                    error);
 *   if (s == NULL) return FALSE;
 *   mm_statement_bind_int (s, 1, id);
 *   while (mm_statement_step (s, error) == MM_ROW) …
 *
 * A bind cannot fail in a way the caller could mend: its failure is kept and reported by the next
 * step.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_DATABASE_ERROR (mm_database_error_quark ())

/* Marks our files for `file` and for ourselves: "MmM1". */
#define MM_DATABASE_APPLICATION_ID 0x4d6d4d31

typedef enum
{
  MM_DATABASE_ERROR_FAILED,     /* a defect, or the disk is broken */
  MM_DATABASE_ERROR_CONSTRAINT, /* a UNIQUE, CHECK or REFERENCES was hit */
  MM_DATABASE_ERROR_FULL,       /* no space left */
  MM_DATABASE_ERROR_NEWER,      /* the file was written by a newer version */
  MM_DATABASE_ERROR_FOREIGN,    /* the file is no database of ours */
} MmDatabaseError;

typedef struct _MmDatabase MmDatabase;
typedef struct _MmStatement MmStatement;

typedef enum
{
  MM_DATABASE_WRITER, /* the one connection that writes and checkpoints */
  MM_DATABASE_READER, /* query_only; never checkpoints */
} MmDatabaseRole;

typedef enum
{
  MM_STEP_FAILED = -1,
  MM_DONE = 0,
  MM_ROW = 1,
} MmStep;

GQuark mm_database_error_quark (void);

/* TRUE for an error after which nothing of the transaction can be trusted: the disk or a defect,
 * not a constraint. */
gboolean mm_database_error_is_fatal (const GError *error);

/* Opens (a writer also creates, mode 0600) the database file @path. WAL, synchronous=FULL,
 * foreign keys on, untrusted schema. NULL and @error on failure; a file that is not ours is left
 * untouched (%MM_DATABASE_ERROR_FOREIGN). */
MmDatabase *mm_database_open (const char *path, MmDatabaseRole role, GError **error);
void mm_database_close (MmDatabase *db);

/* Runs statements without parameters or results, e.g. a migration. */
gboolean mm_database_exec (MmDatabase *db, const char *sql, GError **error);

/* Transactions. mm_database_begin() is BEGIN IMMEDIATE on a writer, BEGIN on a reader: what a
 * reader reads until mm_database_rollback() is one moment. Keep those short. */
gboolean mm_database_begin (MmDatabase *db, GError **error);
gboolean mm_database_commit (MmDatabase *db, GError **error);
void mm_database_rollback (MmDatabase *db);

/* A named point inside a transaction to come back to. */
gboolean mm_database_savepoint (MmDatabase *db, GError **error);
gboolean mm_database_release (MmDatabase *db, GError **error);
gboolean mm_database_rollback_to_savepoint (MmDatabase *db, GError **error);

/* The row that the last INSERT made, and how many rows the last change touched. */
gint64 mm_database_last_id (MmDatabase *db);
guint mm_database_changes (MmDatabase *db);

/* A copy of the whole database, made while it is in use, as the new file @path. */
gboolean mm_database_copy_to (MmDatabase *db, const char *path, GError **error);

/* Looks for damage. @problem says the first one found (free with g_free()), or is NULL. */
gboolean mm_database_integrity (MmDatabase *db, char **problem, GError **error);

/* Takes a statement from the connection's cache, or compiles it. Give it back by
 * mm_statement_free() (g_autoptr): it is reset and kept for the next user. Statements of the same
 * text may be in use at the same time. @sql must be a literal: the cache is keyed by its text. */
MmStatement *mm_database_prepare (MmDatabase *db, const char *sql, GError **error);
void mm_statement_free (MmStatement *statement);

/* Parameters, numbered from 1 as in `$1`. Texts and blobs are copied; NULL binds NULL. */
void mm_statement_bind_int (MmStatement *s, int n, gint64 value);
void mm_statement_bind_double (MmStatement *s, int n, double value);
void mm_statement_bind_text (MmStatement *s, int n, const char *value);
void mm_statement_bind_blob (MmStatement *s, int n, const void *data, gsize length);
void mm_statement_bind_null (MmStatement *s, int n);

/* MM_ROW while there are rows, then MM_DONE; MM_STEP_FAILED and @error otherwise. */
MmStep mm_statement_step (MmStatement *s, GError **error);

/* Runs a statement that returns no rows to its end. */
gboolean mm_statement_run (MmStatement *s, GError **error);

/* Makes the statement ready for new parameters. */
void mm_statement_reset (MmStatement *s);

/* Columns of the present row, numbered from 0. Texts and blobs live until the next step. */
gint64 mm_statement_int (MmStatement *s, int column);
double mm_statement_double (MmStatement *s, int column);
const char *mm_statement_text (MmStatement *s, int column); /* NULL for NULL */
const void *mm_statement_blob (MmStatement *s, int column, gsize *length);
gboolean mm_statement_is_null (MmStatement *s, int column);
gint64 mm_statement_time (MmStatement *s, int column); /* MM_TIME_NONE for NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmDatabase, mm_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmStatement, mm_statement_free)

G_END_DECLS
