/* Topics and filters, level by level. Any thread. */
#include "mm-topic.h"

#include <string.h>

static const char gateway[] = "{gateway}";

static gsize
level_length (const char *level)
{
  return strcspn (level, "/");
}

static gboolean
is_level (const char *level, gsize length, const char *text)
{
  return length == strlen (text) && memcmp (level, text, length) == 0;
}

gboolean
mm_topic_filter_valid (const char *filter, gboolean *has_gateway)
{
  const char *level = filter;

  *has_gateway = FALSE;
  if (*filter == '\0' || strlen (filter) > MM_TOPIC_MAX_BYTES
      || !g_utf8_validate (filter, -1, NULL))
    return FALSE;
  for (const char *c = filter; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  while (TRUE)
    {
      gsize length = level_length (level);
      gboolean last = level[length] == '\0';

      if (is_level (level, length, gateway))
        {
          if (*has_gateway)
            return FALSE;
          *has_gateway = TRUE;
        }
      else if (memchr (level, '{', length) != NULL || memchr (level, '}', length) != NULL
               || (memchr (level, '+', length) != NULL && length != 1)
               || (memchr (level, '#', length) != NULL && (length != 1 || !last)))
        return FALSE;
      if (last)
        return TRUE;
      level += length + 1;
    }
}

char *
mm_topic_filter_for_broker (const char *filter)
{
  const char *found = strstr (filter, gateway);

  if (found == NULL)
    return g_strdup (filter);
  return g_strdup_printf ("%.*s+%s", (int) (found - filter), filter, found + strlen (gateway));
}

gboolean
mm_topic_match (const char *filter, const char *topic, const char **level, gsize *length)
{
  *level = NULL;
  *length = 0;
  /* What a broker says of itself is in no wildcard. */
  if (*topic == '$' && *filter != '$')
    return FALSE;
  while (TRUE)
    {
      gsize wanted = level_length (filter);
      gsize there = level_length (topic);

      if (is_level (filter, wanted, "#"))
        return TRUE;
      if (is_level (filter, wanted, gateway))
        {
          *level = topic;
          *length = there;
        }
      else if (!is_level (filter, wanted, "+")
               && (wanted != there || memcmp (filter, topic, there) != 0))
        return FALSE;
      filter += wanted;
      topic += there;
      if (*topic == '\0')
        return *filter == '\0' || strcmp (filter, "/#") == 0;
      if (*filter == '\0')
        return FALSE;
      filter++;
      topic++;
    }
}

char *
mm_topic_without (const char *topic, const char *level, gsize length)
{
  gsize before;

  if (level == NULL)
    return g_strdup (topic);
  before = (gsize) (level - topic);
  if (level[length] == '/')
    return g_strdup_printf ("%.*s%s", (int) before, topic, level + length + 1);
  return g_strndup (topic, before > 0 ? before - 1 : 0);
}

gboolean
mm_topic_level (const char *topic, guint n, const char **level, gsize *length)
{
  while (n-- > 0)
    {
      topic = strchr (topic, '/');
      if (topic == NULL)
        return FALSE;
      topic++;
    }
  *level = topic;
  *length = level_length (topic);
  return TRUE;
}
