#define G_LOG_DOMAIN "mm-client"

#include "mm-kept-walk.h"

#include "mm-api.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEY "registration"
#define TEXT_MAX 1000  /* characters of one text: settings can be edited by anybody */
#define SECRET_MAX 256 /* bytes */

/* Of the pages that a later start can go on from. */
static const char *const page_names[] = {
  [MM_WALK_TERMS] = "terms",
  [MM_WALK_FORM] = "form",
  [MM_WALK_CONFIRM] = "confirm",
  [MM_WALK_MAIL] = "mail",
};

/* The secret */

static char *
secret_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "mimamori", "registration", NULL);
}

static void
write_secret (const char *secret)
{
  g_autofree char *path = secret_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *earlier = NULL;
  g_autoptr (GError) error = NULL;

  if (secret == NULL)
    {
      if (g_unlink (path) != 0 && errno != ENOENT)
        g_warning ("The secret of a registration cannot be removed: %s", g_strerror (errno));
      return;
    }
  if (g_file_get_contents (path, &earlier, NULL, NULL) && g_str_equal (earlier, secret))
    return;
  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (path, secret, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_warning ("The secret of a registration cannot be kept: %s", error->message);
}

/* NULL if there is none, or something that is none. */
static char *
read_secret (void)
{
  g_autofree char *path = secret_path ();
  g_autofree char *secret = NULL;
  gsize length;

  if (!g_file_get_contents (path, &secret, &length, NULL) || length == 0 || length > SECRET_MAX
      || strlen (secret) != length || !g_utf8_validate (secret, -1, NULL))
    return NULL;
  return g_steal_pointer (&secret);
}

/* The rest */

static gboolean
is_empty (MmRegistrationWalk *walk)
{
  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    if (*mm_registration_walk_get_field (walk, mm_dealer_form_fields[i]) != '\0')
      return FALSE;
  return *mm_registration_walk_facts (walk)->sent_to == '\0';
}

static void
add_number (GVariantBuilder *kept, const char *name, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  g_variant_builder_add (kept, "{ss}", name, text);
}

GVariant *
mm_kept_walk_pack (MmRegistrationWalk *walk)
{
  const MmWalkFacts *facts = mm_registration_walk_facts (walk);
  g_autoptr (GVariantBuilder) kept = g_variant_builder_new (G_VARIANT_TYPE ("a{ss}"));
  gboolean registered = *facts->sent_to != '\0';
  MmWalkPage page = registered                       ? MM_WALK_MAIL
                    : facts->page <= MM_WALK_CONFIRM ? MAX (facts->page, MM_WALK_TERMS)
                                                     : MM_WALK_FORM;

  /* Who only read the terms has nothing to lose. */
  if (is_empty (walk) || *facts->server == '\0')
    return g_variant_builder_end (kept);
  g_variant_builder_add (kept, "{ss}", "step", page_names[page]);
  g_variant_builder_add (kept, "{ss}", "server", facts->server);
  add_number (kept, "terms", facts->terms);
  if (registered)
    {
      g_variant_builder_add (kept, "{ss}", "sent-to", facts->sent_to);
      add_number (kept, "expires", facts->expires);
    }
  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    {
      const char *text = mm_registration_walk_get_field (walk, mm_dealer_form_fields[i]);

      if (*text != '\0')
        g_variant_builder_add (kept, "{ss}", mm_dealer_form_fields[i], text);
    }
  return g_variant_builder_end (kept);
}

/* The text @name of @kept; "" if there is none, or it is too long. */
static const char *
get_text (GVariant *kept, const char *name)
{
  const char *text;

  return g_variant_lookup (kept, name, "&s", &text) && g_utf8_strlen (text, -1) <= TEXT_MAX ? text
                                                                                            : "";
}

static gint64
get_number (GVariant *kept, const char *name)
{
  return MAX (g_ascii_strtoll (get_text (kept, name), NULL, 10), 0);
}

void
mm_kept_walk_unpack (MmRegistrationWalk *walk, GVariant *kept)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *server = mm_api_normalise_url (get_text (kept, "server"), &error);
  const char *sent_to = get_text (kept, "sent-to");
  gint64 terms = get_number (kept, "terms");
  MmWalkPage page = MM_WALK_TERMS;

  g_return_if_fail (g_variant_is_of_type (kept, G_VARIANT_TYPE ("a{ss}")));
  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    mm_registration_walk_set_field (walk, mm_dealer_form_fields[i],
                                    get_text (kept, mm_dealer_form_fields[i]));
  if (server == NULL)
    return;
  for (guint i = MM_WALK_TERMS; i < G_N_ELEMENTS (page_names); i++)
    if (g_str_equal (get_text (kept, "step"), page_names[i]))
      page = i;
  if (*sent_to != '\0')
    page = MM_WALK_MAIL;
  else if (page == MM_WALK_MAIL || terms == 0)
    page = MM_WALK_TERMS; /* nothing was sent; nobody fills in the form without having agreed */
  mm_registration_walk_resume (walk, page, server, terms, sent_to, get_number (kept, "expires"));
}

void
mm_kept_walk_save (MmRegistrationWalk *walk, GSettings *settings)
{
  g_autoptr (GVariant) kept = g_variant_ref_sink (mm_kept_walk_pack (walk));
  g_autoptr (GVariant) earlier = g_settings_get_value (settings, KEY);

  if (!g_variant_equal (kept, earlier))
    g_settings_set_value (settings, KEY, kept);
  write_secret (g_variant_n_children (kept) > 0 ? mm_registration_walk_facts (walk)->secret : NULL);
}

void
mm_kept_walk_load (MmRegistrationWalk *walk, GSettings *settings)
{
  g_autoptr (GVariant) kept = g_settings_get_value (settings, KEY);
  g_autofree char *secret = NULL;

  if (g_variant_n_children (kept) == 0)
    return;
  mm_kept_walk_unpack (walk, kept);
  secret = read_secret ();
  mm_registration_walk_set_secret (walk, secret);
}

gboolean
mm_kept_walk_exists (GSettings *settings)
{
  g_autoptr (GVariant) kept = g_settings_get_value (settings, KEY);

  return g_variant_n_children (kept) > 0;
}

void
mm_kept_walk_discard (GSettings *settings)
{
  g_settings_reset (settings, KEY);
  write_secret (NULL);
}

GVariant *
mm_kept_walk_take (GSettings *settings)
{
  g_autoptr (GVariant) kept = g_settings_get_value (settings, KEY);
  g_autofree char *secret = read_secret ();

  mm_kept_walk_discard (settings);
  return g_variant_ref_sink (g_variant_new ("(@a{ss}ms)", kept, secret));
}

void
mm_kept_walk_give_back (GSettings *settings, GVariant *taken)
{
  g_autoptr (GVariant) kept = NULL;
  const char *secret;

  g_variant_get (taken, "(@a{ss}m&s)", &kept, &secret);
  g_settings_set_value (settings, KEY, kept);
  write_secret (secret);
}
