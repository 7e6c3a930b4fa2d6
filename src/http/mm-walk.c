#include "mm-walk.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-page-walk.h"
#include "mm-page.h"

/* One request on the way. */
typedef struct
{
  MmExchange *x;
  MmContext *context;
  const MmWalk *walk;
  gpointer form;
} Stop;

static const char *
form_value (gpointer data, const char *name)
{
  const Stop *stop = data;
  char **text = stop->walk->field (stop->form, name);

  return text != NULL ? *text : NULL;
}

/* What was entered goes along hidden, and the switch of language sends it. */
static json_t *
make_values (Stop *stop, MmRegistrationStep step, const GError *error)
{
  const MmWalk *walk = stop->walk;
  json_t *values = mm_page_values (stop->x, stop->context, walk->title);
  json_t *hidden = json_array ();

  mm_page_walk_add_steps (values, step);
  mm_page_form_add (values, walk->groups, walk->n_groups, form_value, stop, error,
                    mm_exchange_language (stop->x));
  for (guint i = 0; step != MM_REGISTRATION_FORM && walk->fields[i] != NULL; i++)
    {
      const char *text = form_value (stop, walk->fields[i]);

      json_array_append_new (hidden, json_pack ("{s:s, s:s}", "name", walk->fields[i], "value",
                                                text != NULL ? text : ""));
    }
  json_object_set_new (values, "hidden", hidden);
  json_object_set_new (values, "agreed", json_integer (mm_page_walk_terms (stop->x)));
  json_object_set_new (values, "keep_form", json_true ());
  return values;
}

static void
answer (Stop *stop, guint status, const char *page, json_t *values)
{
  g_autofree char *name = g_strconcat (stop->walk->audience, "/", page, NULL);

  mm_page_answer (stop->x, stop->context, status, name, values);
}

static void
show_terms (Stop *stop, const char *problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmTerms) terms
      = mm_terms_get (stop->context, stop->walk->audience,
                      mm_language_tag (mm_exchange_language (stop->x)), &error);
  json_t *values;

  if (terms == NULL)
    {
      mm_page_answer_error (stop->x, stop->context, error);
      return;
    }
  values = make_values (stop, MM_REGISTRATION_TERMS, NULL);
  mm_page_walk_add_terms (values, terms);
  if (problem != NULL)
    json_object_set_new (values, "problem", json_string (problem));
  answer (stop, problem != NULL ? 422 : 200, "terms", values);
}

static void
show_form (Stop *stop, const GError *error)
{
  answer (stop, error != NULL ? 422 : 200, "form", make_values (stop, MM_REGISTRATION_FORM, error));
}

/* Shows what is wrong at the step where it can be mended. */
static void
show_refusal (Stop *stop, const GError *error)
{
  const GPtrArray *fields = mm_error_fields (error);
  const MmFieldError *first = fields != NULL && fields->len > 0 ? fields->pdata[0] : NULL;

  if (first == NULL)
    mm_page_answer_error (stop->x, stop->context, error);
  else if (g_str_equal (first->field, "terms"))
    show_terms (stop, first->message);
  else
    show_form (stop, error);
}

static void
show_confirm (Stop *stop)
{
  g_autoptr (GError) error = NULL;

  if (stop->walk->check (stop->context, mm_exchange_peer (stop->x), stop->form, &error))
    answer (stop, 200, "confirm", make_values (stop, MM_REGISTRATION_CONFIRM, NULL));
  else
    show_refusal (stop, error);
}

static void
enrol (Stop *stop)
{
  MmExchange *x = stop->x;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional
      = stop->walk->enrol (stop->context, mm_exchange_peer (x), stop->form, mm_page_walk_terms (x),
                           mm_language_tag (mm_exchange_language (x)), &error);

  if (provisional == NULL)
    {
      show_refusal (stop, error);
      return;
    }
  mm_page_walk_keep (x, provisional->walk);
  mm_page_redirect (x, "/register/sent");
}

void
mm_walk_handle (MmExchange *x, MmContext *context, const MmWalk *walk, gpointer form)
{
  Stop stop = { x, context, walk, form };
  const char *at = mm_exchange_form (x, "at");
  const char *go = mm_exchange_form (x, "go");

  for (guint i = 0; walk->fields[i] != NULL; i++)
    *walk->field (form, walk->fields[i]) = g_strdup (mm_exchange_form (x, walk->fields[i]));
  /* The link on a gateway's label brings along what stands there. */
  for (guint i = 0; at == NULL && go == NULL && walk->fields[i] != NULL; i++)
    if (*walk->field (form, walk->fields[i]) == NULL)
      *walk->field (form, walk->fields[i]) = g_strdup (mm_exchange_query (x, walk->fields[i]));
  if (mm_exchange_form (x, "lang") != NULL) /* the same page in another language */
    go = g_strcmp0 (at, "confirm") == 0 ? "confirm" : g_strcmp0 (at, "form") == 0 ? "form" : NULL;
  if (g_strcmp0 (go, "form") == 0)
    {
      if (mm_page_walk_terms (x) > 0)
        show_form (&stop, NULL);
      else
        show_terms (&stop, N_ ("Please agree to the terms of use."));
    }
  else if (g_strcmp0 (go, "confirm") == 0)
    show_confirm (&stop);
  else if (g_strcmp0 (go, "register") == 0)
    enrol (&stop);
  else
    show_terms (&stop, NULL);
}
