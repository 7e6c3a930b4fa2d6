#include "mm-page-walk.h"

#include "mm-page.h"

#include <string.h>

#define WEEK_S (7 * 24 * 60 * 60)

void
mm_page_walk_add_steps (json_t *values, MmRegistrationStep now)
{
  g_autofree char *count = g_strdup_printf ("%d", MM_REGISTRATION_N_STEPS);
  json_t *list = json_array ();

  for (int step = 0; step < MM_REGISTRATION_N_STEPS; step++)
    {
      g_autofree char *number = g_strdup_printf ("%d", step + 1);
      const char *state = step < (int) now ? "done" : step == (int) now ? "now" : "later";

      json_array_append_new (list,
                             json_pack ("{s:s, s:s, s:s, s:s, s:b, s:b}", "name",
                                        mm_registration_step_title ((MmRegistrationStep) step),
                                        "state", state, "number", number, "count", count, "now",
                                        step == (int) now, "done", step < (int) now));
    }
  json_object_set_new (values, "steps", json_pack ("{s:o}", "list", list));
}

void
mm_page_walk_add_terms (json_t *values, const MmTerms *terms)
{
  g_auto (GStrv) blocks = g_strsplit (terms->body, "\n\n", -1);
  g_autofree char *version = g_strdup_printf ("%" G_GINT64_FORMAT, terms->version);
  json_t *list = json_array ();
  json_t *json
      = json_pack ("{s:s, s:s, s:s}", "version", version, "language", terms->language, "title", "");

  for (guint i = 0; blocks[i] != NULL; i++)
    {
      const char *text = g_strstrip (blocks[i]);

      if (g_str_has_prefix (text, "## "))
        json_array_append_new (list, json_pack ("{s:s, s:s}", "heading", text + 3, "text", ""));
      else if (g_str_has_prefix (text, "# "))
        json_object_set_new (json, "title", json_string (text + 2));
      else if (*text != '\0')
        json_array_append_new (list, json_pack ("{s:s, s:s}", "heading", "", "text", text));
    }
  json_object_set_new (json, "blocks", list);
  json_object_set_new (values, "terms", json);
}

void
mm_page_walk_keep (MmExchange *x, const char *walk)
{
  mm_page_set_cookie (x, "mm_walk", walk, "/register", WEEK_S);
}

gint64
mm_page_walk_terms (MmExchange *x)
{
  const char *text = mm_exchange_form (x, "terms");

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}
