/* What a simulated house says in a push: readings, events, devices, settings. Any thread.
 *
 * Makers and models are invented; no company is meant.
 */
#pragma once

#include "mm-batch.h"
#include "mm-house.h"

G_BEGIN_DECLS

/* Adds the devices of @house, their settings, firmware and interval. */
void mm_house_report_inventory (const MmHouse *house, MmBatch *batch);

/* Adds the readings of a step that ended in @state.
 * @whole: FALSE leaves voltages, currents and temperatures out, as is enough for days long past
 * Returns how many readings they are. */
guint mm_house_report_reading (const MmHouse *house,
                               const MmHouseState *state,
                               const MmHouseSample *sample,
                               gboolean whole,
                               MmBatch *batch);

/* Adds what was cleared and raised in the step, if anything. */
void mm_house_report_events (const MmHouseState *state,
                             const MmHouseSample *sample,
                             MmBatch *batch);

G_END_DECLS
