/* What the store has about an account that no other list shows: for the person's own export. Any
 * connection. At most as many rows as @limit, the newest first. */
#pragma once

#include "mm-database.h"

G_BEGIN_DECLS

/* Calls @each with every row of a list; the statement's columns are those of the list. */
typedef void (*MmOwnRow) (MmStatement *s, gpointer data);

/* audience, version, language, step, agreed */
gboolean mm_store_own_consents (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error);

/* Links of a dealer, or of the present gateways of a customer, ended ones too: public ID, gateway's
 * ID, dealer's company name, grants, since, until, ended, ended_by */
gboolean mm_store_own_links (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error);

/* What dealers did with a customer's gateways, nothing from before they were the customer's:
 * gateway's ID, dealer's company name, kind, at, detail */
gboolean mm_store_own_access (
    MmDatabase *db, gint64 customer, guint limit, MmOwnRow each, gpointer data, GError **error);

/* Of a dealer: alert's public ID, gateway's ID, at, note */
gboolean mm_store_own_acknowledgements (
    MmDatabase *db, gint64 dealer, guint limit, MmOwnRow each, gpointer data, GError **error);

/* Letters to the account, without what they say, which may be a secret: letter, recipient, subject,
 * state, created */
gboolean mm_store_own_mails (
    MmDatabase *db, gint64 account, guint limit, MmOwnRow each, gpointer data, GError **error);

G_END_DECLS
