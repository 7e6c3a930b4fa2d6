/* The conditions of the fleet list; they combine. Pure functions, any thread. product.md §5. */
#pragma once

#include "mm-fleet-record.h"

G_BEGIN_DECLS

/* @statuses: bits 1 << MmStatus; 0: every status
 * @text: words as typed; NULL or "": any
 * @prefecture, @model: exactly; NULL: any
 * @silent: seconds; last heard longer ago than this, or never; 0: any
 * @soc_below: %; NAN: any */
typedef struct
{
  guint statuses;
  char *text;
  char *prefecture;
  char *model;
  guint32 silent;
  double soc_below;
} MmFleetFilter;

/* One that lets everything through. */
MmFleetFilter *mm_fleet_filter_new (void);
MmFleetFilter *mm_fleet_filter_copy (const MmFleetFilter *filter);
void mm_fleet_filter_free (MmFleetFilter *filter);

/* Whether it lets everything through. */
gboolean mm_fleet_filter_is_empty (const MmFleetFilter *filter);

/* As a dictionary (a{sv}) for the settings, floating, and back: what is not understood is left out.
 */
GVariant *mm_fleet_filter_to_variant (const MmFleetFilter *filter);
MmFleetFilter *mm_fleet_filter_from_variant (GVariant *variant);

/* The filter made ready for many records. */
typedef struct _MmFleetTest MmFleetTest;

/* @now: UTC microseconds */
MmFleetTest *mm_fleet_test_new (const MmFleetFilter *filter, gint64 now);
void mm_fleet_test_free (MmFleetTest *test);

/* Whether @record passes everything but the status. */
gboolean mm_fleet_test_passes (const MmFleetTest *test, const MmFleetRecord *record);

/* Whether it has a status that passes. */
gboolean mm_fleet_test_passes_status (const MmFleetTest *test, const MmFleetRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetFilter, mm_fleet_filter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFleetTest, mm_fleet_test_free)

G_END_DECLS
