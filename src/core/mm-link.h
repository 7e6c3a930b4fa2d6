/* A link (保守紐付け): what a customer lets a dealer do with a gateway, and from when to when.
 *
 * Pure functions, any thread. Times are UTC microseconds. Source: product.md §2.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

/* What a customer may tick. */
typedef enum
{
  MM_GRANT_SEE = 1 << 0,      /* see the gateway, with the customer's registered details */
  MM_GRANT_TOLD = 1 << 1,     /* be told of faults */
  MM_GRANT_SETTINGS = 1 << 2, /* change settings */
  MM_GRANT_HISTORY = 1 << 3,  /* see what was measured before the link */
} MmGrants;

#define MM_GRANTS_ALL (MM_GRANT_SEE | MM_GRANT_TOLD | MM_GRANT_SETTINGS | MM_GRANT_HISTORY)

/* What is ticked on a fresh page. */
#define MM_GRANTS_DEFAULT (MM_GRANT_SEE | MM_GRANT_TOLD | MM_GRANT_SETTINGS)

/* @grants as they count: whoever may do anything may see; unknown bits are nothing. 0 stays 0, a
 * link that allows nothing, which the customer cannot make. */
MmGrants mm_link_grants (guint grants);

/* The stable name of one grant in the API (see, told, settings, history) and its words (English
 * message id); NULL if @grant is not exactly one. */
const char *mm_link_grant_name (MmGrants grant);
const char *mm_link_grant_label (MmGrants grant);

/* The grant called @name, or 0. */
MmGrants mm_link_grant_from_name (const char *name);

/* Whether a link counts at @now: from @since on, before @until (the customer's choice) and before
 * @ended (revoked, declined, or the gateway has a new owner); the latter two may be MM_TIME_NONE.
 */
gboolean mm_link_active (gint64 now, gint64 since, gint64 until, gint64 ended);

/* The earliest time whose data the dealer may see: everything (G_MININT64) with HISTORY, else from
 * the link on. */
gint64 mm_link_history_start (MmGrants grants, gint64 since);

G_END_DECLS
