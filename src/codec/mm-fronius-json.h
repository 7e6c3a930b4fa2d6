/* Fronius Push: what a Datamanager posts, in the forms of the Solar API v1, into a batch. Any
 * thread.
 *
 * Log data holds the day so far, records of five minutes by seconds from the day's start; it is
 * sent again and again, so that a receiver stores by time. Current data is one moment. Sources: the
 * manual of the Push Service (42,0410,2152), recorded pushes and recorded answers of seven
 * firmwares. */
#pragma once

#include "mm-mapping.h"

G_BEGIN_DECLS

/* Reads @data into a new batch; NULL with %MM_ERROR_INVALID if it is no JSON object of these forms,
 * or %MM_ERROR_TOO_LARGE. What single parts of it have against them is among the batch's refusals.
 *
 * Names for the rules (protocol "fronius"): log data "inverter/1/CHANNEL", "meter/SERIAL/CHANNEL";
 * current data "Site/P_PV", "Inverters/1/P", "inverter/1/PAC", "meter/0/CHANNEL",
 * "storage/0/Controller/CHANNEL". Texts, null and the devices' own clocks are passed over.
 *
 * Times of log data: Start and the offset. Some firmware counts the offsets of a summer's day from
 * midnight in UTC, so that the day seems to begin before its start: if an offset is negative, and
 * all fit once Start's distance from UTC is added, it is added.
 *
 * @mapping: may be NULL */
MmBatch *mm_fronius_json_parse (const char *data,
                                gsize length,
                                const MmMapping *mapping,
                                GError **error);

G_END_DECLS
