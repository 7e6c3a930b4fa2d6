/* What happens to a house of the simulated fleet, and when. Pure; any thread.
 *
 * A story begins a minute or two after the start, so that one who looks sees it happen, and comes
 * again after a long while. Before the start every house is well.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_STORY_NORMAL,
  MM_STORY_FAULT,     /* a device raises a serious fault and clears it later */
  MM_STORY_WARNING,   /* a device asks for care */
  MM_STORY_SILENT,    /* says nothing for a while, then brings what it has kept */
  MM_STORY_NEVER,     /* never says anything */
  MM_STORY_GRID_LOSS, /* all such houses of a region lose the grid together */
  MM_STORY_CURTAILED, /* the output is held down */
  MM_STORY_OLD,       /* reports punctually what was measured long ago */
  MM_N_STORIES,
} MmStory;

/* What may be wrong at a house.
 * @code: by which the inverter reports it; NULL if it is no event
 * @pv_share: what is left of the solar power, 0 to 1
 * @pv_limit: the most that is allowed, as a share of what the panels are rated for
 * @volts: by which the grid's voltage is too high
 * @islanded, @curtailed: what the devices say of themselves */
typedef struct
{
  const char *code;
  double pv_share;
  double pv_limit;
  double volts;
  gboolean islanded;
  gboolean curtailed;
} MmTrouble;

/* How it is at one moment.
 * @trouble: what is wrong, or NULL; one of a fixed set, so pointers may be compared
 * @silent: nothing is sent
 * @delay: how old (µs) the newest reading is that is sent */
typedef struct
{
  const MmTrouble *trouble;
  gboolean silent;
  gint64 delay;
} MmScene;

/* The name in a fleet file, and back; FALSE for a name that is none. */
const char *mm_story_name (MmStory story);
gboolean mm_story_from_name (const char *name, MmStory *story);

/* The scene of @story at @since (µs) after the start; negative before it.
 * @seed, @region: seeds of the house and of its region */
MmScene mm_story_scene (MmStory story, guint64 seed, guint64 region, gint64 since);

/* The trouble with @code, or NULL. */
const MmTrouble *mm_story_trouble (const char *code);

G_END_DECLS
