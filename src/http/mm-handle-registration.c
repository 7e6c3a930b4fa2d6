#include "mm-handle-registration.h"

#include "mm-body.h"
#include "mm-confirming.h"
#include "mm-error.h"
#include "mm-language.h"
#include "mm-registering.h"
#include "mm-time.h"

void
mm_handle_user_id (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  gboolean is_free;

  if (mm_registering_is_free (context, mm_exchange_peer (x), mm_exchange_param (x, "id"), &is_free,
                              &error))
    mm_exchange_answer_json (x, 200, json_pack ("{s:b}", "free", is_free));
  else
    mm_exchange_answer_error (x, error);
}

/* The form from the body's members. */
static MmDealerForm *
read_form (const json_t *body, GError **error)
{
  g_autoptr (MmDealerForm) form = mm_dealer_form_new ();

  for (guint i = 0; mm_dealer_form_fields[i] != NULL; i++)
    {
      const char *text;

      if (!mm_body_text (body, mm_dealer_form_fields[i], &text, error))
        return NULL;
      *mm_dealer_form_field (form, mm_dealer_form_fields[i]) = g_strdup (text);
    }
  return g_steal_pointer (&form);
}

void
mm_handle_registration_check (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDealerForm) form = NULL;
  json_t *body = mm_body_object (x, &error);

  form = body != NULL ? read_form (body, &error) : NULL;
  json_decref (body);
  if (form != NULL && mm_registering_check_dealer (context, mm_exchange_peer (x), form, &error))
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}

static void
answer_provisional (MmExchange *x, guint status, const MmProvisional *provisional)
{
  g_autofree char *expires = mm_time_format (provisional->expires);
  json_t *json = json_pack ("{s:s, s:s}", "mail", provisional->mail, "expires", expires);

  if (provisional->walk != NULL)
    json_object_set_new (json, "walk", json_string (provisional->walk));
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, status, json);
}

void
mm_handle_registration (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MmDealerForm) form = NULL;
  g_autoptr (MmProvisional) provisional = NULL;
  const char *language;
  gint64 terms;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_integer (body, "terms", &terms, &error)
      && mm_body_text (body, "language", &language, &error))
    form = read_form (body, &error);
  if (form != NULL)
    {
      const MmLanguage *chosen = language != NULL ? mm_languages_get (context->languages, language)
                                                  : mm_exchange_language (x);

      provisional = mm_registering_register_dealer (context, mm_exchange_peer (x), form, terms,
                                                    mm_language_tag (chosen), &error);
    }
  json_decref (body);
  if (provisional != NULL)
    answer_provisional (x, 201, provisional);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_registration_resend (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = NULL;
  const char *walk, *token;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "walk", &walk, &error)
      && mm_body_text (body, "token", &token, &error))
    provisional = mm_registering_resend (context, mm_exchange_peer (x),
                                         walk != NULL    ? walk
                                         : token != NULL ? token
                                                         : "",
                                         &error);
  json_decref (body);
  if (provisional != NULL)
    answer_provisional (x, 200, provisional);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_registration_mail (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmProvisional) provisional = NULL;
  const char *walk, *mail, *mail_again;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "walk", &walk, &error)
      && mm_body_text (body, "mail", &mail, &error)
      && mm_body_text (body, "mail_again", &mail_again, &error))
    provisional = mm_registering_correct_mail (context, mm_exchange_peer (x),
                                               walk != NULL ? walk : "", mail, mail_again, &error);
  json_decref (body);
  if (provisional != NULL)
    answer_provisional (x, 200, provisional);
  else
    mm_exchange_answer_error (x, error);
}

void
mm_handle_confirmation_peek (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MmConfirmation) confirmation = NULL;
  g_autofree char *expires = NULL;
  const char *token;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "token", &token, &error))
    confirmation = mm_confirming_peek (context, token != NULL ? token : "", &error);
  json_decref (body);
  if (confirmation == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  expires = mm_time_format (confirmation->expires);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, 200,
                           json_pack ("{s:s, s:s, s:s, s:s}", "audience", confirmation->audience,
                                      "user_id", confirmation->sign_in, "name", confirmation->name,
                                      "expires", expires));
}

void
mm_handle_confirmation (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  const char *token, *password, *password_again, *phone;
  gint64 terms;
  gboolean done = FALSE;
  json_t *body = mm_body_object (x, &error);

  if (body != NULL && mm_body_text (body, "token", &token, &error)
      && mm_body_integer (body, "terms", &terms, &error)
      && mm_body_text (body, "password", &password, &error)
      && mm_body_text (body, "password_again", &password_again, &error)
      && mm_body_text (body, "phone", &phone, &error))
    done = mm_confirming_redeem (context, token != NULL ? token : "", terms,
                                 mm_language_tag (mm_exchange_language (x)), password,
                                 password_again, phone, &error);
  json_decref (body);
  if (done)
    mm_exchange_answer (x, 204, NULL, NULL);
  else
    mm_exchange_answer_error (x, error);
}
