/* Whether everything that is stored is sound and adds up. */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* @gateways: how many there are
 * @readings: stored (gateway, device, time), each once
 * @values: stored (gateway, device, quantity, time), each once, counted in the blocks and the
 * reading log themselves
 * @quarantined: values that were set aside
 * @problem: the first that was found, NULL if all is well */
typedef struct
{
  guint gateways;
  guint64 readings;
  guint64 values;
  guint64 quarantined;
  char *problem;
} MmCheck;

/* Reads all of the store: its pages, its references, every block and every row of the reading log,
 * and compares the count of each gateway with what is kept as its sum. FALSE only if it could not
 * be begun. Any thread but the writer's; takes its time. */
gboolean mm_checking_run (MmContext *context, MmCheck *check, GError **error);

/* Frees what @check holds. */
void mm_check_clear (MmCheck *check);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmCheck, mm_check_clear)

G_END_DECLS
