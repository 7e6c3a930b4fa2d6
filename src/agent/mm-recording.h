/* A recorded CSV file, read row by row through a mapping. One thread.
 *
 * Rows are numbered from the heading, which is row 1; empty lines are none. What is wrong with a
 * row is reported and the rest of the row is kept.
 */
#pragma once

#include "mm-map.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmRecording MmRecording;

/* One cell that is a value.
 * @value: number of the value in the mapping
 * @number: scaled */
typedef struct
{
  guint value;
  double number;
} MmRecordingCell;

/* @row: its number, 2 for the first after the heading
 * @time: UTC microseconds as recorded
 * @cells: of #MmRecordingCell, in the order of the mapping; empty cells are left out
 * @readings: devices with at least one cell */
typedef struct
{
  gint64 row;
  gint64 time;
  GArray *cells;
  guint readings;
} MmRecordingRow;

/* Told of what is wrong with row @row; @column is the heading, or NULL for the row as a whole. */
typedef void (*MmRecordingReport) (gint64 row,
                                   const char *column,
                                   const char *reason,
                                   gpointer user_data);

/* Opens the CSV file @path. Of a column named twice that the mapping needs, of a missing time
 * column, or if no column of the mapping is there: fails. @map is borrowed.
 * @from, @to: only rows with from <= time < to; G_MININT64 and G_MAXINT64 for all */
MmRecording *mm_recording_open (
    const char *path, const MmMap *map, gint64 from, gint64 to, GError **error);

void mm_recording_free (MmRecording *recording);

/* Where problems go; NULL for nowhere, as at first. */
void mm_recording_set_report (MmRecording *recording, MmRecordingReport report, gpointer user_data);

/* Reads the next row that has a time in the range, into a row from mm_recording_row_init().
 * FALSE with no error set at the end of the file. */
gboolean mm_recording_next (MmRecording *recording, MmRecordingRow *row, GError **error);

/* Headings that the mapping does not name. */
const GPtrArray *mm_recording_unmapped (const MmRecording *recording);

/* Headings that the mapping names and the file has not. */
const GPtrArray *mm_recording_missing (const MmRecording *recording);

/* SHA-256, hexadecimal, of the heading and the first row: which recording this is, also when rows
 * have been added to it since. */
const char *mm_recording_digest (const MmRecording *recording);

/* Makes a row ready for mm_recording_next(); clear it with mm_recording_row_clear(). */
void mm_recording_row_init (MmRecordingRow *row);
void mm_recording_row_clear (MmRecordingRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmRecording, mm_recording_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmRecordingRow, mm_recording_row_clear)

G_END_DECLS
