/* What a Venus OS device of Victron (a portal) tells by MQTT: "SERVICE/INSTANCE/PATH", with the
 * payload
 * {"value": X}. It tells what changes, without a time; null says that there is no such value now,
 * an empty payload that the device is gone. So the values that hold are kept here, and stored now
 * and then as a whole; faults, and what is a state rather than a measurement, at once.
 *
 * Whoever listens must ask for values at least each minute (mm_venus_keepalive()), or they cease;
 * then what is kept holds no more. One for one portal; belongs to one thread.
 */
#pragma once

#include "mm-topic-memory.h"

G_BEGIN_DECLS

#define MM_VENUS_MAX_VALUES 4096 /* kept of one portal */

typedef struct _MmVenus MmVenus;

MmVenus *mm_venus_new (void);
void mm_venus_free (MmVenus *venus);

/* Takes the message @name ("battery/256/Soc") that came at @now. What must be stored at once enters
 * the batch of @mapper. *@whole: it says that all values have been told. Returns FALSE if the
 * message is none of Venus; the batch says why.
 * @tell_cleared: as for mm_topic_memory_take(). */
gboolean mm_venus_take (MmVenus *venus,
                        MmTopicMemory *memory,
                        MmMapper *mapper,
                        const char *name,
                        const char *payload,
                        gsize length,
                        gint64 now,
                        gboolean tell_cleared,
                        gboolean *whole);

/* Puts all values that hold into the batch of @mapper, as of @now, and the devices if there are new
 * ones. Those that have a canonical name come first: a gateway may have only so many series. */
void mm_venus_store (MmVenus *venus, MmMapper *mapper, gint64 now);

/* Forgets all values: the portal is silent. */
void mm_venus_forget (MmVenus *venus);

/* The payload that asks for values: of all (@whole), or of those that change. Static. */
const char *mm_venus_keepalive (gboolean whole);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmVenus, mm_venus_free)

G_END_DECLS
