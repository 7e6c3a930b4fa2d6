#include "mm-handle-static.h"

#include "mm-error.h"
#include "mm-language.h"
#include "mm-page.h"
#include "mm-resources-http.h"

#include <string.h>

static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".css", "text/css; charset=utf-8" },
  { ".svg", "image/svg+xml" },
};

static const char *
type_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return NULL;
}

void
mm_handle_static (MmExchange *x, gpointer context)
{
  const char *name = mm_exchange_param (x, "name");
  const char *type = type_of (name);
  g_autofree char *path = g_strconcat ("/org/mimamori/static/", name, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (type != NULL && strchr (name, '/') == NULL)
    bytes = g_resource_lookup_data (mm_http_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                    NULL);
  if (bytes == NULL)
    {
      g_autoptr (GError) error = mm_error_new (MM_ERROR_NOT_FOUND, "not-found",
                                               N_ ("There is nothing at this address."));

      mm_page_refuse (x, error, context);
      return;
    }
  /* The stylesheet's address changes with its content; pictures may be a day old. */
  mm_exchange_set_header (x, "Cache-Control",
                          mm_exchange_query (x, "v") != NULL ? "public, max-age=31536000, immutable"
                                                             : "public, max-age=86400");
  mm_exchange_answer (x, 200, type, bytes);
}
