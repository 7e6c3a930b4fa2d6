#include "mm-operating.h"

#include "mm-account.h"
#include "mm-language.h"
#include "mm-posting.h"
#include "mm-store-operator.h"
#include "mm-store-outbox.h"

typedef struct
{
  MmContext *context;
  const char *address;
  const char *language;
  char *id;
} Test;

/* The letter's id is that of the newest row: this thread is the only one that adds any. */
static gboolean
queue_test (MmDatabase *db, gpointer data, GError **error)
{
  Test *test = data;
  MmContext *context = test->context;
  gint64 now = mm_clock_now (context->clock);
  const MmLanguage *language = mm_languages_get (context->languages, test->language);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (mm_context_config (context)->timezone);
  g_autofree char *when = mm_language_format_time (language, now, zone);
  const MmPost post = {
    .letter = "test",
    .recipient = test->address,
    .language = mm_language_tag (language),
  };
  g_autoptr (GPtrArray) rows = NULL;
  json_t *values = json_pack ("{s:s}", "when", when);
  gboolean queued = mm_posting_enqueue (context, db, &post, values, error);

  json_decref (values);
  if (!queued || !mm_store_outbox_list (db, 1, &rows, error)
      || !mm_store_operator_note (db, now, "mail-tested",
                                  ((const MmOutboxRow *) rows->pdata[0])->public_id, error))
    return FALSE;
  test->id = g_strdup (((const MmOutboxRow *) rows->pdata[0])->public_id);
  return TRUE;
}

char *
mm_operating_test_mail (MmContext *context,
                        const char *address,
                        const char *language,
                        GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autofree char *normal = mm_mail_normalise (address, "address", &wrong);
  Test test = { .context = context, .address = normal, .language = language };

  if (normal == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (mm_writer_run (context->writer, queue_test, &test, error))
    return test.id;
  g_free (test.id);
  return NULL;
}

typedef struct
{
  MmContext *context;
  const char *action;
  const char *subject;
} Note;

static gboolean
write_note (MmDatabase *db, gpointer data, GError **error)
{
  const Note *note = data;

  return mm_store_operator_note (db, mm_clock_now (note->context->clock), note->action,
                                 note->subject, error);
}

gboolean
mm_operating_note (MmContext *context, const char *action, const char *subject, GError **error)
{
  Note note = { context, action, subject };

  return mm_writer_run (context->writer, write_note, &note, error);
}
