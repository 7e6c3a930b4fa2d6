/* Links between a gateway and a dealer. See the header for which thread may do what. */
#include "mm-store-links.h"

#include "mm-clock.h"
#include "mm-error.h"
#include "mm-words.h"

#define SELECT                                                                                     \
  "SELECT l.id, l.public_id, l.grants, l.since, l.until, l.ended, COALESCE (l.ended_by, ''), "     \
  "g.id, g.public_id, g.name, g.municipality, g.timezone, "                                        \
  "d.id, d.sign_in, d.dealer_name, d.mail, d.phone, d.language, "                                  \
  "o.id, COALESCE (o.name, ''), COALESCE (o.mail, ''), COALESCE (o.language, '') "                 \
  "FROM link l JOIN gateway g ON g.id = l.gateway JOIN account d ON d.id = l.dealer "              \
  "LEFT JOIN account o ON o.id = g.owner "

void
mm_link_row_free (MmLinkRow *link)
{
  if (link == NULL)
    return;
  g_free (link->public_id);
  g_free (link->ended_by);
  g_free (link->gateway_id);
  g_free (link->gateway_name);
  g_free (link->gateway_municipality);
  g_free (link->timezone);
  g_free (link->dealer_id);
  g_free (link->dealer_name);
  g_free (link->dealer_mail);
  g_free (link->dealer_phone);
  g_free (link->dealer_language);
  g_free (link->owner_name);
  g_free (link->owner_mail);
  g_free (link->owner_language);
  g_free (link);
}

static MmLinkRow *
read_row (MmStatement *s)
{
  MmLinkRow *link = g_new0 (MmLinkRow, 1);

  link->row = mm_statement_int (s, 0);
  link->public_id = g_strdup (mm_statement_text (s, 1));
  link->grants = (guint) mm_statement_int (s, 2);
  link->since = mm_statement_int (s, 3);
  link->until = mm_statement_time (s, 4);
  link->ended = mm_statement_time (s, 5);
  link->ended_by = g_strdup (mm_statement_text (s, 6));
  link->gateway = mm_statement_int (s, 7);
  link->gateway_id = g_strdup (mm_statement_text (s, 8));
  link->gateway_name = g_strdup (mm_statement_text (s, 9));
  link->gateway_municipality = g_strdup (mm_statement_text (s, 10));
  link->timezone = g_strdup (mm_statement_text (s, 11));
  link->dealer = mm_statement_int (s, 12);
  link->dealer_id = g_strdup (mm_statement_text (s, 13));
  link->dealer_name = g_strdup (mm_statement_text (s, 14));
  link->dealer_mail = g_strdup (mm_statement_text (s, 15));
  link->dealer_phone = g_strdup (mm_statement_text (s, 16));
  link->dealer_language = g_strdup (mm_statement_text (s, 17));
  link->owner = mm_statement_int (s, 18);
  link->owner_name = g_strdup (mm_statement_text (s, 19));
  link->owner_mail = g_strdup (mm_statement_text (s, 20));
  link->owner_language = g_strdup (mm_statement_text (s, 21));
  return link;
}

static MmLinkRow *
read_one (MmStatement *s, GError **error)
{
  switch (mm_statement_step (s, error))
    {
    case MM_ROW:
      return read_row (s);
    case MM_DONE:
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
      return NULL;
    default:
      return NULL;
    }
}

static GPtrArray *
read_all (MmStatement *s, gint64 key, GError **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) mm_link_row_free);
  MmStep step;

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, key);
  while ((step = mm_statement_step (s, error)) == MM_ROW)
    g_ptr_array_add (links, read_row (s));
  return step == MM_DONE ? g_steal_pointer (&links) : NULL;
}

MmLinkRow *
mm_store_link_find (MmDatabase *db, const char *public_id, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, SELECT "WHERE l.public_id = $1", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_text (s, 1, public_id);
  return read_one (s, error);
}

MmLinkRow *
mm_store_link_get (MmDatabase *db, gint64 row, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (db, SELECT "WHERE l.id = $1", error);

  if (s == NULL)
    return NULL;
  mm_statement_bind_int (s, 1, row);
  return read_one (s, error);
}

GPtrArray *
mm_store_links_of_gateway (MmDatabase *db, gint64 gateway, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, SELECT "WHERE l.gateway = $1 AND l.ended IS NULL ORDER BY l.since, l.id", error);

  return read_all (s, gateway, error);
}

GPtrArray *
mm_store_links_of_owner (MmDatabase *db, gint64 owner, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, SELECT "WHERE g.owner = $1 AND l.ended IS NULL ORDER BY g.id, l.since, l.id", error);

  return read_all (s, owner, error);
}

GPtrArray *
mm_store_links_of_dealer (MmDatabase *db, gint64 dealer, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, SELECT "WHERE l.dealer = $1 AND l.ended IS NULL ORDER BY g.public_id", error);

  return read_all (s, dealer, error);
}

GPtrArray *
mm_store_links_due (MmDatabase *db, gint64 now, guint limit, GError **error)
{
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             SELECT
                             "WHERE l.until <= $1 AND l.ended IS NULL AND l.until IS NOT NULL "
                             "ORDER BY l.until LIMIT $2",
                             error);

  if (s != NULL)
    mm_statement_bind_int (s, 2, limit);
  return read_all (s, now, error);
}

static void
bind_time (MmStatement *s, int n, gint64 time)
{
  if (time == MM_TIME_NONE)
    mm_statement_bind_null (s, n);
  else
    mm_statement_bind_int (s, n, time);
}

gboolean
mm_store_link_add (MmDatabase *db,
                   const char *public_id,
                   gint64 gateway,
                   gint64 dealer,
                   guint grants,
                   gint64 since,
                   gint64 until,
                   gint64 *row,
                   GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (MmStatement) s
      = mm_database_prepare (db,
                             "INSERT INTO link (public_id, gateway, dealer, grants, since, until) "
                             "VALUES ($1, $2, $3, $4, $5, $6)",
                             error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_text (s, 1, public_id);
  mm_statement_bind_int (s, 2, gateway);
  mm_statement_bind_int (s, 3, dealer);
  mm_statement_bind_int (s, 4, grants);
  mm_statement_bind_int (s, 5, since);
  bind_time (s, 6, until);
  if (mm_statement_run (s, &problem))
    {
      *row = mm_database_last_id (db);
      return TRUE;
    }
  if (g_error_matches (problem, MM_DATABASE_ERROR, MM_DATABASE_ERROR_CONSTRAINT))
    return mm_error_set (error, MM_ERROR_CONFLICT, "already-linked",
                         N_ ("This dealer already has access to this system."));
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Runs @s, which must change the one open link it names. */
static gboolean
run_on_one (MmDatabase *db, MmStatement *s, GError **error)
{
  if (!mm_statement_run (s, error))
    return FALSE;
  if (mm_database_changes (db) == 1)
    return TRUE;
  return mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is no such thing."));
}

gboolean
mm_store_link_change (MmDatabase *db, gint64 row, guint grants, gint64 until, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE link SET grants = $2, until = $3 WHERE id = $1 AND ended IS NULL", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_int (s, 2, grants);
  bind_time (s, 3, until);
  return run_on_one (db, s, error);
}

/* Mails of faults that still wait tell a customer's name: after the end they are nobody's business.
 */
static gboolean
drop_waiting_mails (MmDatabase *db, gint64 row, gint64 now, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db,
      "UPDATE outbox SET state = 'dropped', finished = $2 WHERE state = 'waiting'"
      " AND account = (SELECT dealer FROM link WHERE id = $1)"
      " AND alert IN (SELECT a.id FROM alert a JOIN link l ON l.gateway = a.gateway"
      " WHERE l.id = $1)",
      error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_int (s, 2, now);
  return mm_statement_run (s, error);
}

gboolean
mm_store_link_end (MmDatabase *db, gint64 row, gint64 now, const char *by, GError **error)
{
  g_autoptr (MmStatement) s = mm_database_prepare (
      db, "UPDATE link SET ended = $2, ended_by = $3 WHERE id = $1 AND ended IS NULL", error);

  if (s == NULL)
    return FALSE;
  mm_statement_bind_int (s, 1, row);
  mm_statement_bind_int (s, 2, now);
  mm_statement_bind_text (s, 3, by);
  return run_on_one (db, s, error) && drop_waiting_mails (db, row, now, error);
}
