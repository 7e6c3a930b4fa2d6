/* Gateways for the tests of the fleet: made, not read. */
#pragma once

#include "mm-fleet-table.h"

#include <math.h>

/* A record with texts out of a few of each kind, and figures that are sometimes missing. */
static inline MmFleetRecord
random_record (GRand *rand, const char *id)
{
  static const char *const names[]
      = { "", "見守 花子", "山田 太郎", "ﾔﾏﾀﾞ", "Solar House Nagano", "solar hut" };
  static const char *const kana[] = { "", "ミモリ ハナコ", "ヤマダ タロウ", "ヤマタ" };
  static const char *const prefectures[] = { "", "長野県", "東京都" };
  static const char *const towns[] = { "", "長野市", "松本市", "千代田区" };
  static const char *const models[] = { "MM-1", "MM-2", "" };
  MmStatus status = (MmStatus) g_rand_int_range (rand, 0, MM_N_STATUSES);
  MmFleetRecord record = {
    .status = (guint8) status,
    .urgency = (guint8) mm_status_urgency (status, FALSE),
    .severity = (guint8) g_rand_int_range (rand, 0, MM_N_SEVERITIES),
    .n_open = (guint16) g_rand_int_range (rand, 0, 3),
    .status_since = (guint32) g_rand_int_range (rand, 0, 5),
    .last_contact = (guint32) g_rand_int_range (rand, 0, 5),
    .power_time = 1,
    .soc_time = 1,
    .power = g_rand_boolean (rand) ? NAN : (float) g_rand_int_range (rand, -5, 5),
    .today = g_rand_boolean (rand) ? NAN : (float) g_rand_int_range (rand, 0, 5),
    .soc = g_rand_boolean (rand) ? NAN : (float) g_rand_int_range (rand, 0, 100),
  };
#define ONE_OF(list) list[g_rand_int_range (rand, 0, G_N_ELEMENTS (list))]
  const MmFleetTexts texts = {
    .id = id,
    .serial = "S-1",
    .name = ONE_OF (names),
    .customer = ONE_OF (names),
    .kana = ONE_OF (kana),
    .prefecture = ONE_OF (prefectures),
    .municipality = ONE_OF (towns),
    .model = ONE_OF (models),
  };
#undef ONE_OF

  mm_fleet_record_set_texts (&record, &texts);
  return record;
}

/* Puts one gateway into @table, as a batch of its own. */
static inline void
put_one (MmFleetTable *table, MmFleetRecord record)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof record);

  g_array_append_val (records, record);
  mm_fleet_table_apply (table, records, NULL);
}

static inline void
remove_one (MmFleetTable *table, const char *id)
{
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();

  g_ptr_array_add (removed, (gpointer) id);
  mm_fleet_table_apply (table, NULL, removed);
}
