#include "mm-link.h"

#include <string.h>

#include "mm-words.h"

static const struct
{
  MmGrants grant;
  const char *name;
  const char *label;
} words[] = {
  { MM_GRANT_SEE, "see", N_ ("See the system and my registered details") },
  { MM_GRANT_TOLD, "told", N_ ("Be told of faults") },
  { MM_GRANT_SETTINGS, "settings", N_ ("Change settings") },
  { MM_GRANT_HISTORY, "history", N_ ("See the history from before the link") },
};

MmGrants
mm_link_grants (guint grants)
{
  MmGrants known = (MmGrants) (grants & MM_GRANTS_ALL);

  return known != 0 ? known | MM_GRANT_SEE : 0;
}

const char *
mm_link_grant_name (MmGrants grant)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].grant == grant)
      return words[i].name;
  return NULL;
}

const char *
mm_link_grant_label (MmGrants grant)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].grant == grant)
      return words[i].label;
  return NULL;
}

MmGrants
mm_link_grant_from_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].name, name) == 0)
      return words[i].grant;
  return 0;
}

gboolean
mm_link_active (gint64 now, gint64 since, gint64 until, gint64 ended)
{
  return now >= since && (until == MM_TIME_NONE || now < until)
         && (ended == MM_TIME_NONE || now < ended);
}

gint64
mm_link_history_start (MmGrants grants, gint64 since)
{
  return (grants & MM_GRANT_HISTORY) ? G_MININT64 : since;
}
