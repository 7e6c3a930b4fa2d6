/* What everything in the server hangs on: built once, passed to whoever works.
 *
 * No singletons: a handler, a timer, a sub-command gets the context and reaches from there the
 * clock, the writer, the readers, the live state and the outbox. All members are set before the
 * first request and freed after the last; each says in its own header which thread may use it.
 */
#pragma once

#include "mm-clock.h"
#include "mm-config.h"
#include "mm-readers.h"
#include "mm-writer.h"

G_BEGIN_DECLS

typedef struct _MmLive MmLive;
typedef struct _MmFeed MmFeed;
typedef struct _MmFolding MmFolding;
typedef struct _MmThrottle MmThrottle;
typedef struct _MmPace MmPace;
typedef struct _MmRoom MmRoom;
typedef struct _MmPosting MmPosting;
typedef struct _MmWatching MmWatching;
typedef struct _MmStreams MmStreams;
typedef struct _MmPasswords MmPasswords;
typedef struct _MmLanguages MmLanguages;
typedef struct _MmFaultCatalogue MmFaultCatalogue;
typedef struct _MmMappings MmMappings;
typedef struct _MmBrokers MmBrokers;
typedef struct _MmPages MmPages;
typedef struct _MmListener MmListener;

typedef struct
{
  MmConfig *config;     /* by mm_context_config() only, never changed */
  GPtrArray *configs;   /* those that took its place, owned: somebody may still be reading one */
  GMutex settings_lock; /* held by whoever changes it; mm-settings.c */
  MmClock *clock;
  gint64 started;     /* when this server began */
  char *server_id;    /* random, made with the database */
  char *public_url;   /* where people reach us; no slash at its end */
  gint64 clock_ahead; /* of the steady clock, at the last tick; the writer's thread */
  MmWriter *writer;
  MmReaders *readers;
  MmLive *live;           /* state of all gateways; mm-live.h */
  MmFeed *feed;           /* what changed, for open apps; mm-feed.h */
  MmThrottle *throttle;   /* how often strangers may try; mm-throttle.h */
  MmPace *pace;           /* how fast gateways may push; mm-pace.h */
  MmRoom *room;           /* on the disk; mm-room.h */
  MmPosting *posting;     /* outbox and mailer; mm-posting.h */
  MmFolding *folding;     /* of the reading log into blocks; mm-folding.h */
  MmPasswords *passwords; /* Argon2id, two at a time; mm-passwords.h */
  MmLanguages *languages;
  MmFaultCatalogue *faults;
  MmMappings *mappings; /* what others call things; mm-mappings.h */
  MmBrokers *brokers;   /* of MQTT; mm-brokers.h */
  MmWatching *watching; /* the timer; NULL in sub-commands; mm-watching.h */
  MmStreams *streams;   /* of the live feed; borrowed from whoever serves it; NULL in sub-commands;
                           http/mm-handle-live.h */
  char *listening;      /* URL of the address that is bound; NULL in sub-commands */
  MmListener *listener; /* of that address, borrowed likewise; http/mm-listener.h */
  int lock_fd;          /* holds the data directory */
  MmPages *pages;       /* templates; borrowed from whoever serves pages; http/mm-page.h */
} MmContext;

/* How the server is set up now: it may be another one at the next call, but this one stays as it is
 * as long as the context lives. Any thread. */
const MmConfig *mm_context_config (MmContext *context);

/* Puts @config, which is taken, in its place, with settings_lock held. */
void mm_context_set_config (MmContext *context, MmConfig *config);

/* Opens the data directory of @config (made 0700 if missing), takes its lock, migrates, loads the
 * live state and starts the writer. @error says what is in the way, e.g. that another server holds
 * the directory. Takes neither @config nor @clock. */
MmContext *mm_context_new (const MmConfig *config, MmClock *clock, GError **error);

/* Makes @directory if it is missing (mode 0700) and takes its lock, which is its own lock file:
 * released by the kernel however the process ends. Returns the descriptor to close, or -1;
 * %MM_ERROR_CONFLICT "locked" if another process has it. */
int mm_context_lock_directory (const char *directory, GError **error);

/* Saves the live state, so that the next start need not replay the log. Any thread but the
 * writer's.
 */
gboolean mm_context_save (MmContext *context, GError **error);

/* Stops the threads and closes everything in order. */
void mm_context_free (MmContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmContext, mm_context_free)

G_END_DECLS
