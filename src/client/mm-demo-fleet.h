/* The living demo: a server of its own data directory, filled once with a dealer, customers and
 * their houses, and a program that lives those houses.
 *
 * Both are our children (mm-child.h). If another process serves the directory already, it lives its
 * houses, too, and we only look. Main thread. Source: product.md §9, issue "demo fleet".
 *
 *     STOPPED --start--> SERVER --runs--> HOUSES --made--> PAST --living--> LIVING
 *                          FAILED <---- refused ---'
 *
 * From PAST on the dealer can sign in; the houses fill in the past days meanwhile.
 */
#pragma once

#include "mm-server-child.h"

G_BEGIN_DECLS

typedef enum
{
  MM_DEMO_STOPPED,
  MM_DEMO_SERVER,
  MM_DEMO_HOUSES,
  MM_DEMO_PAST,
  MM_DEMO_LIVING,
  MM_DEMO_FAILED,
} MmDemoStep;

#define MM_TYPE_DEMO_FLEET (mm_demo_fleet_get_type ())
G_DECLARE_FINAL_TYPE (MmDemoFleet, mm_demo_fleet, MM, DEMO_FLEET, GObject)

/* The data directory of the demo, apart from the real one. Free with g_free(). */
char *mm_demo_fleet_default_dir (void);

/* @server, @gateway: the programs. Emits "changed" whenever anything told below is another. */
MmDemoFleet *mm_demo_fleet_new (const char *server,
                                const char *gateway,
                                const char *data_dir,
                                const char *language);

/* As mm_child_hush(), for both children. */
void mm_demo_fleet_hush (MmDemoFleet *demo);

/* Starts it; again after it failed. */
void mm_demo_fleet_start (MmDemoFleet *demo);

/* Ends the children and returns when they have ended. Nothing else runs meanwhile. */
void mm_demo_fleet_stop_and_wait (MmDemoFleet *demo);

/* As drawn above. */
MmDemoStep mm_demo_fleet_get_step (MmDemoFleet *demo);

/* What is being done, as a translated sentence. */
const char *mm_demo_fleet_get_words (MmDemoFleet *demo);

/* Why it does not get on; NULL if nothing is wrong. */
const char *mm_demo_fleet_get_why (MmDemoFleet *demo);

/* Where and as whom to sign in; NULL before PAST. */
const char *mm_demo_fleet_get_url (MmDemoFleet *demo);
const char *mm_demo_fleet_get_user_id (MmDemoFleet *demo);
const char *mm_demo_fleet_get_password (MmDemoFleet *demo);

/* Its server. */
MmServerChild *mm_demo_fleet_get_server (MmDemoFleet *demo);

/* Deletes the data directory @data_dir of a demo that was stopped, in a thread: everything below it
 * that can be deleted. No symbolic link is followed. */
void mm_demo_fleet_delete_async (const char *data_dir,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean mm_demo_fleet_delete_finish (GAsyncResult *result, GError **error);

G_END_DECLS
