#include "mm-alert-words.h"

#include "mm-figure.h"
#include "mm-gettext.h"
#include "mm-json.h"

#include <string.h>

static gboolean
is_offline (JsonObject *alert)
{
  return strcmp (mm_json_text (alert, "kind"), "offline") == 0;
}

MmStatus
mm_alert_words_status (JsonObject *alert)
{
  return strcmp (mm_json_text (alert, "state"), "recovered") == 0
             ? MM_STATUS_NORMAL
             : mm_alert_words_status_when_open (alert);
}

MmStatus
mm_alert_words_status_when_open (JsonObject *alert)
{
  MmSeverity severity;

  if (is_offline (alert))
    return MM_STATUS_OFFLINE;
  return mm_severity_from_name (mm_json_text (alert, "severity"), &severity)
             ? mm_severity_status (severity)
             : MM_STATUS_WARNING;
}

char *
mm_alert_words_headline (JsonObject *alert)
{
  const char *meaning = mm_json_text (alert, "meaning");

  if (is_offline (alert))
    return g_strdup (_ (mm_status_label (MM_STATUS_OFFLINE)));
  return g_strdup (*meaning != '\0' ? meaning : mm_json_text (alert, "code"));
}

char *
mm_alert_words_source (JsonObject *alert)
{
  gint64 count = mm_json_integer (alert, "count");
  g_autofree char *times
      = count > 1
            ? g_strdup_printf (ngettext ("%ld time", "%ld times", (gulong) count), (long) count)
            : NULL;
  const char *parts[4] = { NULL };
  guint n = 0;

  if (*mm_json_text (alert, "device") != '\0')
    parts[n++] = mm_json_text (alert, "device");
  if (*mm_json_text (alert, "code") != '\0')
    parts[n++] = mm_json_text (alert, "code");
  if (times != NULL)
    parts[n++] = times;
  return g_strjoinv (" · ", (char **) parts);
}

/* The clock if it is today, else date and clock. */
static char *
moment (gint64 now, gint64 then, GTimeZone *zone)
{
  const MmLanguage *language = mm_own_language ();
  g_autofree char *today = mm_language_format_date (language, now, zone);
  g_autofree char *day = mm_language_format_date (language, then, zone);

  return strcmp (today, day) == 0 ? mm_language_format_clock (language, then, zone)
                                  : mm_language_format_time (language, then, zone);
}

char *
mm_alert_words_duration (JsonObject *alert, gint64 now, GTimeZone *zone)
{
  gint64 opened = mm_json_time (alert, "opened");
  gint64 recovered = mm_json_time (alert, "recovered");
  gint64 end = recovered != 0 ? recovered : now;
  g_autofree char *from = moment (now, opened, zone);
  g_autofree char *span = mm_figure_span (mm_own_language (), MAX (0, end - opened));
  g_autofree char *to = NULL;

  if (recovered == 0)
    return g_strdup_printf (_ ("since %s (%s)"), from, span);
  to = moment (now, recovered, zone);
  return g_strdup_printf (_ ("%s to %s (%s)"), from, to, span);
}
