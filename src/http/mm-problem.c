#include "mm-problem.h"

#include "mm-error.h"
#include "mm-language.h"

typedef struct
{
  guint status;
  const char *title;
} Kind;

static const Kind *
kind_of (const GError *error)
{
  static const Kind kinds[] = {
    [MM_ERROR_INVALID] = { 400, "Bad Request" },
    [MM_ERROR_FIELDS] = { 422, "Unprocessable Content" },
    [MM_ERROR_UNAUTHENTICATED] = { 401, "Unauthorized" },
    [MM_ERROR_FORBIDDEN] = { 403, "Forbidden" },
    [MM_ERROR_NOT_FOUND] = { 404, "Not Found" },
    [MM_ERROR_CONFLICT] = { 409, "Conflict" },
    [MM_ERROR_GONE] = { 410, "Gone" },
    [MM_ERROR_TOO_LARGE] = { 413, "Content Too Large" },
    [MM_ERROR_LIMITED] = { 429, "Too Many Requests" },
    [MM_ERROR_BUSY] = { 503, "Service Unavailable" },
    [MM_ERROR_INTERNAL] = { 500, "Internal Server Error" },
  };

  if (error->domain != MM_ERROR || error->code < 0 || error->code >= (int) G_N_ELEMENTS (kinds))
    return &kinds[MM_ERROR_INTERNAL];
  return &kinds[error->code];
}

/* Sentences come as message ids from below, where the language is not known. */
static const char *
translate (const MmLanguage *language, const char *msgid)
{
  return language != NULL ? mm_tr (language, msgid) : msgid;
}

guint
mm_problem_status (const GError *error)
{
  return kind_of (error)->status;
}

const char *
mm_problem_sentence (const GError *error, const MmLanguage *language)
{
  if (mm_problem_status (error) == 500)
    return translate (language, N_ ("Something went wrong on our side. Please try again later."));
  return translate (language, error->message);
}

json_t *
mm_problem_new_plain (guint status, const char *title, const char *code, const char *sentence)
{
  return json_pack ("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", title, "status",
                    (int) status, "code", code, "detail", sentence);
}

json_t *
mm_problem_new (const GError *error, const MmLanguage *language)
{
  const Kind *kind = kind_of (error);
  const GPtrArray *fields = mm_error_fields (error);
  /* The code of an internal error may say what broke. */
  const char *code = kind->status == 500 ? "internal" : mm_error_code (error);
  json_t *problem = mm_problem_new_plain (kind->status, kind->title, code,
                                          mm_problem_sentence (error, language));

  if (fields != NULL)
    {
      json_t *errors = json_array ();

      for (guint i = 0; i < fields->len; i++)
        {
          const MmFieldError *field = fields->pdata[i];
          json_array_append_new (errors, json_pack ("{s:s, s:s, s:s}", "field", field->field,
                                                    "code", field->code, "detail",
                                                    translate (language, field->message)));
        }
      json_object_set_new (problem, "errors", errors);
    }
  if (mm_error_retry_after (error) > 0)
    json_object_set_new (problem, "retry_after", json_integer (mm_error_retry_after (error)));
  return problem;
}
