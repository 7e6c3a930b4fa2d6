/* Reads the file forward, a record at a time. One thread. */
#include "mm-recording.h"

#include "mm-csv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BYTES 16384

struct _MmRecording
{
  const MmMap *map;
  char *path;
  FILE *file;
  MmCsvReader *csv;
  gboolean at_end;
  const GPtrArray *cells; /* of the record; owned by @csv */
  guint n_cells;          /* that count */
  GPtrArray *headings;
  GPtrArray *unmapped;
  GPtrArray *missing;
  char *digest;
  int time_column;
  GArray *columns; /* of int: the column of each value of the mapping, -1 if it is missing */
  gint64 from;
  gint64 to;
  gint64 row;
  MmRecordingReport report;
  gpointer user_data;
};

void
mm_recording_row_init (MmRecordingRow *row)
{
  memset (row, 0, sizeof *row);
  row->cells = g_array_new (FALSE, FALSE, sizeof (MmRecordingCell));
}

void
mm_recording_row_clear (MmRecordingRow *row)
{
  g_clear_pointer (&row->cells, g_array_unref);
}

void
mm_recording_set_report (MmRecording *recording, MmRecordingReport report, gpointer user_data)
{
  recording->report = report;
  recording->user_data = user_data;
}

static void
report (MmRecording *recording, const char *column, const char *reason)
{
  if (recording->report != NULL)
    recording->report (recording->row, column, reason, recording->user_data);
}

static gboolean
refuse (const MmRecording *recording, GError **error, const char *why, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: row %" G_GINT64_FORMAT ": %s%s",
               recording->path, recording->row, why, what);
  return FALSE;
}

/* Records. */

/* Reads one record into @cells. FALSE with no error set at the end. */
static gboolean
read_record (MmRecording *recording, GError **error)
{
  GPtrArray *fields = NULL;

  while (TRUE)
    {
      char piece[PIECE_BYTES];
      GError *local = NULL;
      gsize n;

      if (!mm_csv_reader_next (recording->csv, &fields, &local))
        {
          g_propagate_prefixed_error (error, local, "%s: ", recording->path);
          return FALSE;
        }
      if (fields != NULL || recording->at_end)
        break;
      n = fread (piece, 1, sizeof piece, recording->file);
      if (ferror (recording->file))
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", recording->path,
                       g_strerror (errno));
          return FALSE;
        }
      mm_csv_reader_feed (recording->csv, piece, n);
      recording->at_end = n == 0;
      if (recording->at_end)
        mm_csv_reader_end (recording->csv);
    }
  if (fields == NULL)
    return FALSE;
  recording->cells = fields;
  recording->row++;
  return TRUE;
}

static const char *
cell_at (const MmRecording *recording, int column)
{
  return (guint) column < recording->n_cells ? g_ptr_array_index (recording->cells, column) : "";
}

/* Headings. */

/* The column headed @heading, -1 if none; -2 with @error set if it is not clear which. */
static int
find_column (const MmRecording *recording, const char *heading, GError **error)
{
  int found = -1;

  for (guint i = 0; i < recording->headings->len; i++)
    {
      if (strcmp (g_ptr_array_index (recording->headings, i), heading) != 0)
        continue;
      if (found >= 0)
        {
          refuse (recording, error, "two columns are named ", heading);
          return -2;
        }
      found = (int) i;
    }
  return found;
}

static void
list_unmapped (MmRecording *recording)
{
  for (guint i = 0; i < recording->headings->len; i++)
    {
      const char *heading = g_ptr_array_index (recording->headings, i);
      gboolean mapped = (int) i == recording->time_column;

      for (guint value = 0; !mapped && value < recording->columns->len; value++)
        mapped = g_array_index (recording->columns, int, value) == (int) i;
      if (!mapped)
        g_ptr_array_add (recording->unmapped, g_strdup (heading));
    }
}

static gboolean
bind_columns (MmRecording *recording, GError **error)
{
  gboolean any = FALSE;

  recording->time_column = find_column (recording, recording->map->time_column, error);
  if (recording->time_column == -1)
    return refuse (recording, error, "no column for the time: ", recording->map->time_column);
  if (recording->time_column < 0)
    return FALSE;
  for (guint i = 0; i < recording->map->values->len; i++)
    {
      const MmMapValue *value = &g_array_index (recording->map->values, MmMapValue, i);
      int column = find_column (recording, value->column, error);

      if (column < -1)
        return FALSE;
      if (column < 0)
        g_ptr_array_add (recording->missing, g_strdup (value->column));
      g_array_append_val (recording->columns, column);
      any = any || column >= 0;
    }
  if (!any)
    return refuse (recording, error, "no column of the mapping is there", "");
  list_unmapped (recording);
  return TRUE;
}

static gboolean
rewind_file (MmRecording *recording, GError **error)
{
  g_clear_pointer (&recording->csv, mm_csv_reader_free);
  recording->csv = mm_csv_reader_new ();
  recording->at_end = FALSE;
  recording->row = 0;
  if (fseeko (recording->file, 0, SEEK_SET) != 0)
    return refuse (recording, error, "this is not a plain file", "");
  return TRUE;
}

static gboolean
read_heading (MmRecording *recording, GError **error)
{
  GError *local = NULL;

  if (!rewind_file (recording, error))
    return FALSE;
  if (read_record (recording, &local))
    return TRUE;
  if (local == NULL)
    return refuse (recording, error, "the file is empty", "");
  g_propagate_error (error, local);
  return FALSE;
}

static void
digest_cells (const MmRecording *recording, GChecksum *checksum)
{
  for (guint i = 0; i < recording->cells->len; i++)
    {
      const char *cell = g_ptr_array_index (recording->cells, i);

      /* With its end, so that "ab","c" differs from "a","bc". */
      g_checksum_update (checksum, (const guchar *) cell, (gssize) strlen (cell) + 1);
    }
}

/* Takes the digest of the heading and the first row; then stands behind the heading. */
static gboolean
begin (MmRecording *recording, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!read_heading (recording, error))
    return FALSE;
  digest_cells (recording, checksum);
  for (guint i = 0; i < recording->cells->len; i++)
    g_ptr_array_add (recording->headings, g_strdup (g_ptr_array_index (recording->cells, i)));
  if (read_record (recording, NULL))
    digest_cells (recording, checksum);
  recording->digest = g_strdup (g_checksum_get_string (checksum));
  return read_heading (recording, error);
}

MmRecording *
mm_recording_open (const char *path, const MmMap *map, gint64 from, gint64 to, GError **error)
{
  g_autoptr (MmRecording) recording = g_new0 (MmRecording, 1);

  recording->map = map;
  recording->path = g_strdup (path);
  recording->headings = g_ptr_array_new_with_free_func (g_free);
  recording->unmapped = g_ptr_array_new_with_free_func (g_free);
  recording->missing = g_ptr_array_new_with_free_func (g_free);
  recording->columns = g_array_new (FALSE, FALSE, sizeof (int));
  recording->from = from;
  recording->to = to;
  recording->file = fopen (path, "re");
  if (recording->file == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  if (!begin (recording, error) || !bind_columns (recording, error))
    return NULL;
  return g_steal_pointer (&recording);
}

void
mm_recording_free (MmRecording *recording)
{
  if (recording->file != NULL)
    fclose (recording->file);
  g_clear_pointer (&recording->csv, mm_csv_reader_free);
  g_ptr_array_unref (recording->headings);
  g_ptr_array_unref (recording->unmapped);
  g_ptr_array_unref (recording->missing);
  g_array_unref (recording->columns);
  g_free (recording->digest);
  g_free (recording->path);
  g_free (recording);
}

/* Rows. */

/* A row must have as many cells as the heading. The last cell of a shorter one counts as empty: it
 * may have been cut in the middle of a number. */
static void
check_length (MmRecording *recording)
{
  g_autofree char *why = NULL;

  recording->n_cells = recording->cells->len;
  if (recording->n_cells == recording->headings->len)
    return;
  why = g_strdup_printf ("%u cells instead of %u", recording->n_cells, recording->headings->len);
  report (recording, NULL, why);
  if (recording->n_cells < recording->headings->len)
    recording->n_cells--;
}

static void
take_cells (MmRecording *recording, MmRecordingRow *row)
{
  const char *device = NULL;

  g_array_set_size (row->cells, 0);
  row->readings = 0;
  for (guint i = 0; i < recording->columns->len; i++)
    {
      const MmMapValue *value = &g_array_index (recording->map->values, MmMapValue, i);
      int column = g_array_index (recording->columns, int, i);
      const char *text = column >= 0 ? cell_at (recording, column) : "";
      MmRecordingCell cell = { .value = i };
      const char *why;

      /* An empty cell is a gap, not a mistake. */
      if (text[strspn (text, " ")] == '\0')
        continue;
      why = mm_map_read_value (value, text, &cell.number);
      if (why != NULL)
        {
          report (recording, value->column, why);
          continue;
        }
      if (device == NULL || strcmp (device, value->device) != 0)
        row->readings++;
      device = value->device;
      g_array_append_val (row->cells, cell);
    }
}

gboolean
mm_recording_next (MmRecording *recording, MmRecordingRow *row, GError **error)
{
  while (TRUE)
    {
      const char *why;

      if (!read_record (recording, error))
        return FALSE;
      check_length (recording);
      why = mm_map_read_time (recording->map, cell_at (recording, recording->time_column),
                              &row->time);
      if (why != NULL)
        {
          report (recording, recording->map->time_column, why);
          continue;
        }
      if (row->time < recording->from || row->time >= recording->to)
        continue;
      row->row = recording->row;
      take_cells (recording, row);
      return TRUE;
    }
}

const GPtrArray *
mm_recording_unmapped (const MmRecording *recording)
{
  return recording->unmapped;
}

const GPtrArray *
mm_recording_missing (const MmRecording *recording)
{
  return recording->missing;
}

const char *
mm_recording_digest (const MmRecording *recording)
{
  return recording->digest;
}
