/* A database in a private folder with dealers, customers and gateways to try rules on. */
#pragma once

#include "mm-database.h"
#include "mm-migrator.h"
#include "mm-store-gateways.h"

#include <glib/gstdio.h>
#include <string.h>

/* 2026-05-01T12:00:00Z */
#define NOON G_GINT64_CONSTANT (1777636800000000)

typedef struct
{
  char *folder;
  char *path;
  MmDatabase *db;
} Houses;

static inline void
houses_open (Houses *houses)
{
  g_autoptr (GError) error = NULL;

  houses->folder = g_dir_make_tmp ("mm-XXXXXX", &error);
  g_assert_no_error (error);
  houses->path = g_build_filename (houses->folder, "data.db", NULL);
  houses->db = mm_database_open (houses->path, MM_DATABASE_WRITER, &error);
  g_assert_no_error (error);
  g_assert_true (mm_migrator_run (houses->db, houses->path, &error));
  g_assert_no_error (error);
}

/* Closes the database unless somebody else took it (then @db is NULL). */
static inline void
houses_close (Houses *houses)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  g_clear_pointer (&houses->db, mm_database_close);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (houses->path, endings[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (houses->folder), ==, 0);
  g_free (houses->path);
  g_free (houses->folder);
}

/* An active account called @sign_in; @phone in digits. Returns its row. */
static inline gint64
houses_account (MmDatabase *db, const char *kind, const char *sign_in, const char *phone)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folded = g_ascii_strdown (sign_in, -1);
  g_autofree char *mail = strchr (sign_in, '@') != NULL
                              ? g_strdup (sign_in)
                              : g_strconcat (folded, "@dealer.example", NULL);
  gboolean is_dealer = g_str_equal (kind, "dealer");
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "INSERT INTO account (public_id, kind, state, sign_in, sign_in_folded, language, name, kana, "
      "mail, phone, postal_code, prefecture, municipality, address, dealer_name, created, changed) "
      "VALUES ($1, $2, 'active', $3, $1, 'ja', $4, 'オムロ タロウ', $5, $6, '380-8570', '長野県', "
      "$7, '南長野 1', $8, 0, 0)",
      &error);

  g_assert_no_error (error);
  mm_statement_bind_text (s, 1, folded);
  mm_statement_bind_text (s, 2, kind);
  mm_statement_bind_text (s, 3, sign_in);
  mm_statement_bind_text (s, 4, "御室 太郎");
  mm_statement_bind_text (s, 5, mail);
  mm_statement_bind_text (s, 6, phone);
  mm_statement_bind_text (s, 7, is_dealer ? "" : "長野市");
  mm_statement_bind_text (s, 8, is_dealer ? "御室電気" : "");
  g_assert_true (mm_statement_run (s, &error));
  g_assert_no_error (error);
  return mm_database_last_id (db);
}

/* A gateway of @owner (0: nobody's yet) whose activation code has the hash @activation (NULL:
 * zeros). Returns its row. */
static inline gint64
houses_gateway (MmDatabase *db, const char *public_id, gint64 owner, const guint8 *activation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmGatewayRow) gateway = mm_gateway_row_new ();
  guint8 key[MM_GATEWAY_HASH_BYTES] = { 0 };
  gint64 row = 0;

  memcpy (key, public_id, MIN (strlen (public_id), sizeof key));
  g_free (gateway->public_id);
  gateway->public_id = g_strdup (public_id);
  g_free (gateway->timezone);
  gateway->timezone = g_strdup ("Asia/Tokyo");
  gateway->interval_s = 60;
  if (activation != NULL)
    memcpy (gateway->activation, activation, MM_GATEWAY_HASH_BYTES);
  g_assert_true (mm_store_gateway_add (db, gateway, key, &row, &error));
  g_assert_no_error (error);
  if (owner != 0)
    g_assert_true (mm_store_gateway_own (db, row, owner, NOON - G_TIME_SPAN_DAY, G_MININT64, NULL));
  return row;
}
