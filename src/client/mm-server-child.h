/* The server of one data directory on this computer, kept running as our child; or, if another
 * process serves the directory already (systemd, a terminal), that one, as it is.
 *
 * Either way the operator's API is asked on DIR/control.sock. Main thread. Source: architecture.md
 * "Child server", product.md §9.
 */
#pragma once

#include "mm-api.h"
#include "mm-child.h"

G_BEGIN_DECLS

#define MM_TYPE_SERVER_CHILD (mm_server_child_get_type ())
G_DECLARE_FINAL_TYPE (MmServerChild, mm_server_child, MM, SERVER_CHILD, GObject)

/* The data directory that `mimamori-server` uses unless it is told another. Free with g_free(). */
char *mm_server_child_default_dir (void);

/* @program: of mimamori-server. @listen: HOST:PORT; NULL: as the directory's settings say.
 * @language: of the operator's API. Emits "changed" whenever anything told below is another. */
MmServerChild *mm_server_child_new (const char *program,
                                    const char *data_dir,
                                    const char *listen,
                                    const char *language);

/* As mm_child_hush(). */
void mm_server_child_hush (MmServerChild *server);

/* Finds the one that somebody else runs, and starts none. */
void mm_server_child_find (MmServerChild *server);

/* Starts it, or finds the one that runs. */
void mm_server_child_start (MmServerChild *server);

/* Ends it, if it is our child; the server of somebody else is only left alone. */
void mm_server_child_stop (MmServerChild *server);

/* Ends it and starts it again, so that settings count that are read at the start. */
void mm_server_child_restart (MmServerChild *server);

/* Ends it and returns when it has ended: for the end of our own process. */
void mm_server_child_stop_and_wait (MmServerChild *server);

/* RUNNING also for the server of somebody else. */
MmChildState mm_server_child_get_state (MmServerChild *server);

/* Whether it is served by a process that is not our child. */
gboolean mm_server_child_is_foreign (MmServerChild *server);

/* Whether it is our child that runs, or is to run. */
gboolean mm_server_child_is_ours (MmServerChild *server);

/* Under which address this computer reaches it, as mm_api_normalise_url() gives it; NULL unless it
 * runs. */
const char *mm_server_child_get_url (MmServerChild *server);

/* As of #MmChild; NULL and "" for the server of somebody else. */
const char *mm_server_child_get_why (MmServerChild *server);
char *mm_server_child_dup_log (MmServerChild *server);
guint mm_server_child_get_restarts (MmServerChild *server);

/* The operator's API, whether it answers now or not. */
MmApi *mm_server_child_get_operator (MmServerChild *server);

/* Its data directory. */
const char *mm_server_child_get_data_dir (MmServerChild *server);

G_END_DECLS
