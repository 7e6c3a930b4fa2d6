/* Codes are of catalogues that are common to all makers (data/faults: SunSpec, ECHONET Lite), so
 * that the desk shows what they mean and what to do first. */
#include "mm-story.h"

#include "mm-clock.h"
#include "mm-noise.h"

#include <string.h>

/* When a story happens.
 * @first: the first time after the start, and up to @spread later, different for each house
 * @length: how long it lasts; @cycle: from one beginning to the next */
typedef struct
{
  const char *name;
  gint64 first;
  gint64 spread;
  gint64 length;
  gint64 cycle;
} Timeline;

/* They begin soon, so that somebody who looks at a demo sees more than a quiet day. */
static const Timeline timelines[MM_N_STORIES] = {
  [MM_STORY_NORMAL] = { .name = "normal" },
  [MM_STORY_FAULT] = { "fault", 20 * MM_SECOND, 20 * MM_SECOND, 25 * MM_MINUTE, 90 * MM_MINUTE },
  [MM_STORY_WARNING]
  = { "warning", 40 * MM_SECOND, 40 * MM_SECOND, 20 * MM_MINUTE, 60 * MM_MINUTE },
  /* Five minutes of silence are no contact, which then shows for ten. */
  [MM_STORY_SILENT] = { "silent", MM_MINUTE / 2, MM_MINUTE / 2, 15 * MM_MINUTE, 60 * MM_MINUTE },
  [MM_STORY_NEVER] = { .name = "never" },
  [MM_STORY_GRID_LOSS]
  = { "region-grid-loss", MM_MINUTE, MM_MINUTE / 2, 12 * MM_MINUTE, 75 * MM_MINUTE },
  [MM_STORY_CURTAILED]
  = { "curtailed", MM_MINUTE / 2, MM_MINUTE / 2, 30 * MM_MINUTE, 60 * MM_MINUTE },
  [MM_STORY_OLD] = { .name = "old" },
};

#define OLD_BY (20 * MM_MINUTE)

static const MmTrouble faults[] = {
  { "HW_TEST_FAILURE", 0, 1, 0, FALSE, FALSE }, { "BLOWN_STRING_FUSE", 0.5, 1, 0, FALSE, FALSE },
  { "GROUND_FAULT", 0, 1, 0, FALSE, FALSE },    { "DC_DISCONNECT", 0, 1, 0, FALSE, FALSE },
  { "89:001E", 1, 1, 0, FALSE, FALSE },         { "89:003C", 1, 1, 0, FALSE, FALSE },
};

static const MmTrouble warnings[] = {
  { "OVER_TEMP", 1, 0.45, 0, FALSE, FALSE },
  { "89:0005", 1, 1, 0, FALSE, FALSE },
  { "AC_OVER_VOLT", 1, 0.5, 7, FALSE, FALSE },
  { "CABINET_OPEN", 1, 1, 0, FALSE, FALSE },
};

static const MmTrouble grid_loss = { "GRID_DISCONNECT", 1, 1, 0, TRUE, FALSE };
static const MmTrouble curtailment = { NULL, 1, 0.3, 0, FALSE, TRUE };

const char *
mm_story_name (MmStory story)
{
  g_return_val_if_fail (story < MM_N_STORIES, NULL);
  return timelines[story].name;
}

gboolean
mm_story_from_name (const char *name, MmStory *story)
{
  for (guint i = 0; i < MM_N_STORIES; i++)
    if (strcmp (timelines[i].name, name) == 0)
      {
        *story = (MmStory) i;
        return TRUE;
      }
  return FALSE;
}

/* Whether it happens now; @round is then the number of the time. */
static gboolean
happens (const Timeline *timeline, guint64 seed, gint64 since, guint *round)
{
  gint64 within = since - timeline->first
                  - (gint64) (mm_noise_pick (seed, (gint64) 'T') * (double) timeline->spread);

  if (timeline->cycle == 0 || within < 0)
    return FALSE;
  *round = (guint) (within / timeline->cycle);
  return within % timeline->cycle < timeline->length;
}

MmScene
mm_story_scene (MmStory story, guint64 seed, guint64 region, gint64 since)
{
  MmScene scene = { NULL, story == MM_STORY_NEVER, story == MM_STORY_OLD ? OLD_BY : 0 };
  guint first = (guint) (seed >> 40), round = 0;

  g_return_val_if_fail (story < MM_N_STORIES, scene);
  if (!happens (&timelines[story], story == MM_STORY_GRID_LOSS ? region : seed, since, &round))
    return scene;
  switch (story)
    {
    case MM_STORY_FAULT:
      scene.trouble = &faults[(first + round) % G_N_ELEMENTS (faults)];
      break;
    case MM_STORY_WARNING:
      scene.trouble = &warnings[(first + round) % G_N_ELEMENTS (warnings)];
      break;
    case MM_STORY_GRID_LOSS:
      scene.trouble = &grid_loss;
      break;
    case MM_STORY_CURTAILED:
      scene.trouble = &curtailment;
      break;
    case MM_STORY_SILENT:
      scene.silent = TRUE;
      break;
    case MM_STORY_NORMAL:
    case MM_STORY_NEVER:
    case MM_STORY_OLD:
    case MM_N_STORIES:
      break;
    }
  return scene;
}

const MmTrouble *
mm_story_trouble (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    if (strcmp (faults[i].code, code) == 0)
      return &faults[i];
  for (guint i = 0; i < G_N_ELEMENTS (warnings); i++)
    if (strcmp (warnings[i].code, code) == 0)
      return &warnings[i];
  return strcmp (grid_loss.code, code) == 0 ? &grid_loss : NULL;
}
