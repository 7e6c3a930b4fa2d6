#include "mm-registration.h"

#include <string.h>

#include "mm-account.h"
#include "mm-error.h"
#include "mm-gateway.h"
#include "mm-place.h"
#include "mm-words.h"

typedef char *(*Normalise) (const char *text, const char *field, GError **error);

/* The rule of each field that either form has. mail_again has none of its own: it repeats mail. */
static const struct
{
  const char *name;
  Normalise normalise;
} rules[] = {
  { "activation_code", mm_activation_code_normalise },
  { "address", mm_address_normalise },
  { "dealer_name", mm_name_normalise },
  { "gateway_id", mm_gateway_id_normalise },
  { "kana", mm_kana_normalise },
  { "mail", mm_mail_normalise },
  { "municipality", mm_municipality_normalise },
  { "name", mm_name_normalise },
  { "phone", mm_phone_normalise },
  { "postal_code", mm_postal_code_normalise },
  { "prefecture", mm_prefecture_normalise },
  { "user_id", mm_user_id_normalise },
};

/* A form is a struct of nothing but texts in the order of its names. */
const char *const mm_dealer_form_fields[] = {
  "name",        "kana",       "mail",    "mail_again", "dealer_name", "phone",
  "postal_code", "prefecture", "address", "user_id",    NULL,
};
const char *const mm_customer_form_fields[] = {
  "gateway_id", "activation_code", "name",       "kana",         "mail",    "mail_again",
  "phone",      "postal_code",     "prefecture", "municipality", "address", NULL,
};
G_STATIC_ASSERT (sizeof (MmDealerForm) / sizeof (char *)
                 == G_N_ELEMENTS (mm_dealer_form_fields) - 1);
G_STATIC_ASSERT (sizeof (MmCustomerForm) / sizeof (char *)
                 == G_N_ELEMENTS (mm_customer_form_fields) - 1);

const char *
mm_registration_step_title (MmRegistrationStep step)
{
  static const char *const titles[] = {
    [MM_REGISTRATION_TERMS] = N_ ("Terms"),
    [MM_REGISTRATION_FORM] = N_ ("Your details"),
    [MM_REGISTRATION_CONFIRM] = N_ ("Confirm"),
    [MM_REGISTRATION_MAIL] = N_ ("Mail"),
    [MM_REGISTRATION_PASSWORD] = N_ ("Terms and password"),
    [MM_REGISTRATION_COMPLETE] = N_ ("Complete"),
  };

  g_return_val_if_fail (step < MM_REGISTRATION_N_STEPS, NULL);
  return titles[step];
}

MmProvisionalState
mm_provisional_state (gint64 now, gint64 expires, guint wrong_phones, gboolean used)
{
  if (used)
    return MM_PROVISIONAL_USED;
  if (wrong_phones >= MM_PROVISIONAL_TRIES)
    return MM_PROVISIONAL_LOCKED;
  if (now >= expires)
    return MM_PROVISIONAL_EXPIRED;
  return MM_PROVISIONAL_OPEN;
}

static Normalise
find_rule (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i].name, name) == 0)
      return rules[i].normalise;
  return NULL;
}

static char **
find_field (const char *const *names, char **texts, const char *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return &texts[i];
  return NULL;
}

/* Compares what was written, not how: case of the domain and full-width letters do not count. */
static void
check_mail_again (const char *mail, char **again, GError **error)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *repeated = NULL;

  if (*again == NULL || **again == '\0')
    {
      mm_error_add_field (error, "mail_again", "required", N_ ("Please fill in this field."));
      return;
    }
  if (mail == NULL)
    return; /* what is wrong with the address itself is said beside the first field */
  repeated = mm_mail_normalise (*again, "mail_again", &ignored);
  if (g_strcmp0 (repeated, mail) != 0)
    {
      mm_error_add_field (error, "mail_again", "mismatch",
                          N_ ("The two mail addresses are not the same."));
      return;
    }
  g_free (*again);
  *again = g_steal_pointer (&repeated);
}

static gboolean
check_form (const char *const *names, char **texts, GError **error)
{
  GError *problems = NULL;
  const char *mail = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      Normalise normalise = find_rule (names[i]);
      char *normal;

      if (normalise == NULL)
        {
          check_mail_again (mail, &texts[i], &problems);
          continue;
        }
      normal = normalise (texts[i], names[i], &problems);
      if (normal == NULL)
        continue;
      g_free (texts[i]);
      texts[i] = normal;
      if (strcmp (names[i], "mail") == 0)
        mail = normal;
    }
  if (problems == NULL)
    return TRUE;
  g_propagate_error (error, problems);
  return FALSE;
}

static void
clear_form (const char *const *names, char **texts)
{
  for (guint i = 0; names[i] != NULL; i++)
    g_clear_pointer (&texts[i], g_free);
}

MmDealerForm *
mm_dealer_form_new (void)
{
  return g_new0 (MmDealerForm, 1);
}

void
mm_dealer_form_free (MmDealerForm *form)
{
  clear_form (mm_dealer_form_fields, (char **) form);
  g_free (form);
}

MmCustomerForm *
mm_customer_form_new (void)
{
  return g_new0 (MmCustomerForm, 1);
}

void
mm_customer_form_free (MmCustomerForm *form)
{
  clear_form (mm_customer_form_fields, (char **) form);
  g_free (form);
}

char **
mm_dealer_form_field (MmDealerForm *form, const char *name)
{
  return find_field (mm_dealer_form_fields, (char **) form, name);
}

char **
mm_customer_form_field (MmCustomerForm *form, const char *name)
{
  return find_field (mm_customer_form_fields, (char **) form, name);
}

gboolean
mm_dealer_form_check (MmDealerForm *form, GError **error)
{
  return check_form (mm_dealer_form_fields, (char **) form, error);
}

gboolean
mm_customer_form_check (MmCustomerForm *form, GError **error)
{
  return check_form (mm_customer_form_fields, (char **) form, error);
}
