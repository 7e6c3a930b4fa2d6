/* What changed, in order: for open apps and for `changes since`.
 *
 * The last changes are kept in a ring, each with the next number (revision). A reader keeps the
 * revision it has seen and asks for what came after; when it is too far behind it is told to start
 * anew. The feed says only which gateway changed and how, never what it is now, so nothing has to
 * be kept per reader and nobody learns what they may not see: the reader looks it up with its own
 * rights. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _MmFeed MmFeed;

typedef enum
{
  MM_CHANGE_GATEWAY,  /* its status, newest values, name or its owner's details; @gateway */
  MM_CHANGE_ALERT,    /* an alert of it opened, recovered (@account 0) or was acknowledged by the
                         dealer @account, which is no other dealer's business; @gateway */
  MM_CHANGE_LINK,     /* what a dealer may see of it; @account and @gateway */
  MM_CHANGE_SESSIONS, /* sessions of @account ended */
} MmChangeKind;

typedef struct
{
  guint64 revision;
  MmChangeKind kind;
  gint64 gateway;
  gint64 account;
} MmChange;

MmFeed *mm_feed_new (void);
void mm_feed_free (MmFeed *feed);

/* To be called once the change is on disk. */
void mm_feed_gateway_changed (MmFeed *feed, gint64 gateway);
void mm_feed_alerts_changed (MmFeed *feed, gint64 gateway);
void mm_feed_acknowledged (MmFeed *feed, gint64 dealer, gint64 gateway);
void mm_feed_link_changed (MmFeed *feed, gint64 dealer, gint64 gateway);
void mm_feed_sessions_ended (MmFeed *feed, gint64 account);

/* The newest revision. */
guint64 mm_feed_revision (MmFeed *feed);

/* Names this feed's numbering: a revision of another start of the server means nothing here. */
const char *mm_feed_epoch (MmFeed *feed);

/* Appends to @changes (of MmChange) what came after @revision; of several changes of one gateway of
 * one kind only the last. Returns FALSE if the ring no longer reaches that far back (or @revision
 * is not of this feed): the reader has to start anew. */
gboolean mm_feed_since (MmFeed *feed, guint64 revision, GArray *changes);

/* @wake is called (on whatever thread makes the change; it must be quick and must not call the
 * feed) when there is something new, once until the subscriber calls mm_feed_rearm(). */
typedef struct _MmSubscriber MmSubscriber;
MmSubscriber *mm_feed_subscribe (MmFeed *feed, void (*wake) (gpointer data), gpointer data);
void mm_feed_rearm (MmFeed *feed, MmSubscriber *subscriber);

/* After it returns, @wake is not running and will not be called. */
void mm_feed_unsubscribe (MmFeed *feed, MmSubscriber *subscriber);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmFeed, mm_feed_free)

G_END_DECLS
