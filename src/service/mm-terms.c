#include "mm-terms.h"

#include "mm-error.h"
#include "mm-resources-terms.h"
#include "mm-store-terms.h"
#include "mm-words.h"

#define FIRST_VERSION 1

static const struct
{
  const char *audience;
  const char *language;
  const char *path;
} first_texts[] = {
  { "dealer", "en", "/org/mimamori/terms/dealer.en.md" },
  { "dealer", "ja", "/org/mimamori/terms/dealer.ja.md" },
  { "customer", "en", "/org/mimamori/terms/customer.en.md" },
  { "customer", "ja", "/org/mimamori/terms/customer.ja.md" },
};

static gboolean
has_terms (MmDatabase *db, const char *audience, gboolean *has, GError **error)
{
  gint64 version;

  if (!mm_store_terms_version (db, audience, &version, error))
    return FALSE;
  *has = version > 0;
  return TRUE;
}

gboolean
mm_terms_ensure (MmDatabase *db, gint64 now, GError **error)
{
  g_autoptr (GResource) resource = g_resource_ref (mm_terms_get_resource ());
  gboolean dealer, customer;

  if (!has_terms (db, "dealer", &dealer, error) || !has_terms (db, "customer", &customer, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (first_texts); i++)
    {
      g_autoptr (GBytes) text = NULL;

      if (g_str_equal (first_texts[i].audience, "dealer") ? dealer : customer)
        continue;
      text = g_resource_lookup_data (resource, first_texts[i].path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                     error);
      if (text == NULL
          || !mm_store_terms_insert (db, first_texts[i].audience, FIRST_VERSION,
                                     first_texts[i].language, g_bytes_get_data (text, NULL), now,
                                     error))
        return FALSE;
    }
  return TRUE;
}

MmTerms *
mm_terms_get (MmContext *context, const char *audience, const char *language, GError **error)
{
  g_autoptr (MmTerms) terms = g_new0 (MmTerms, 1);
  MmDatabase *db = mm_readers_take (context->readers, error);
  gboolean ok;

  if (db == NULL)
    return NULL;
  ok = mm_store_terms_version (db, audience, &terms->version, error)
       && mm_store_terms_body (db, audience, terms->version, language, &terms->language,
                               &terms->body, error);
  mm_readers_give (context->readers, db);
  if (!ok)
    return NULL;
  if (terms->body == NULL)
    {
      mm_error_set (error, MM_ERROR_NOT_FOUND, "not-found", N_ ("There is nothing here."));
      return NULL;
    }
  terms->audience = g_strdup (audience);
  return g_steal_pointer (&terms);
}

void
mm_terms_free (MmTerms *terms)
{
  if (terms == NULL)
    return;
  g_free (terms->audience);
  g_free (terms->language);
  g_free (terms->body);
  g_free (terms);
}

gboolean
mm_terms_check (
    MmDatabase *db, const char *audience, gint64 agreed, GError **problems, GError **error)
{
  gint64 version;

  if (!mm_store_terms_version (db, audience, &version, error))
    return FALSE;
  if (agreed <= 0)
    mm_error_add_field (problems, "terms", "required", N_ ("Please agree to the terms of use."));
  else if (agreed != version)
    mm_error_add_field (problems, "terms", "outdated",
                        N_ ("The terms of use have changed. Please read and agree to them again."));
  return TRUE;
}
