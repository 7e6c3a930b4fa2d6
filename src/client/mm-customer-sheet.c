#include "mm-customer-sheet.h"

#include "mm-json.h"

#include <gio/gio.h>

gboolean
mm_customer_sheet_is_private (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL || *host == '\0' || g_ascii_strcasecmp (host, "localhost") == 0
      || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL
         && (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_any (address));
}

MmCustomerSheet *
mm_customer_sheet_new (JsonObject *account, const char *public_url)
{
  MmCustomerSheet *sheet = g_new0 (MmCustomerSheet, 1);

  sheet->dealer_name = g_strdup (mm_json_text (account, "dealer_name"));
  sheet->user_id = g_strdup (mm_json_text (account, "user_id"));
  sheet->phone = g_strdup (mm_json_text (account, "phone"));
  if (!mm_customer_sheet_is_private (public_url))
    {
      g_autofree char *id = g_uri_escape_string (sheet->user_id, NULL, FALSE);

      sheet->address = g_strdup_printf ("%s%slink?dealer=%s", public_url,
                                        g_str_has_suffix (public_url, "/") ? "" : "/", id);
    }
  return sheet;
}

MmCustomerSheet *
mm_customer_sheet_copy (const MmCustomerSheet *sheet)
{
  MmCustomerSheet *copy = g_new0 (MmCustomerSheet, 1);

  copy->dealer_name = g_strdup (sheet->dealer_name);
  copy->user_id = g_strdup (sheet->user_id);
  copy->phone = g_strdup (sheet->phone);
  copy->address = g_strdup (sheet->address);
  return copy;
}

void
mm_customer_sheet_free (MmCustomerSheet *sheet)
{
  g_free (sheet->dealer_name);
  g_free (sheet->user_id);
  g_free (sheet->phone);
  g_free (sheet->address);
  g_free (sheet);
}

char *
mm_customer_sheet_title (const MmCustomerSheet *sheet, const MmLanguage *language)
{
  return mm_tr_f (language, N_ ("How %s can look after your system"), sheet->dealer_name);
}

char *
mm_customer_sheet_step (const MmCustomerSheet *sheet, const MmLanguage *language, guint index)
{
  switch (index)
    {
    case 0:
      return g_strdup (mm_tr (language, N_ ("Open the page below with your phone or computer. The "
                                            "camera of a phone reads the code.")));
    case 1:
      return g_strdup (mm_tr (language, N_ ("Sign in. If you have no account yet, register first: "
                                            "have the gateway ID and the activation code on the "
                                            "label of your gateway at hand.")));
    case 2:
      return g_strdup (mm_tr (language, N_ ("Choose the system, and enter the dealer ID and the "
                                            "phone number of this sheet.")));
    default:
      return mm_tr_f (language,
                      N_ ("Choose what we may do. Check that the page names “%s” as the "
                          "dealer, and confirm."),
                      sheet->dealer_name);
    }
}

char *
mm_customer_sheet_closing (const MmCustomerSheet *sheet, const MmLanguage *language)
{
  return g_strdup (mm_tr (language, N_ ("You see on your page what we looked at and changed, and "
                                        "can end our access at any time.")));
}

char *
mm_customer_sheet_letter (const MmCustomerSheet *sheet, const MmLanguage *language)
{
  GString *text;
  g_autofree char *title = mm_customer_sheet_title (sheet, language);
  g_autofree char *closing = mm_customer_sheet_closing (sheet, language);

  if (sheet->address == NULL)
    return NULL;
  text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n\n", title);
  for (guint i = 0; i < MM_CUSTOMER_SHEET_STEPS; i++)
    {
      g_autofree char *step = mm_customer_sheet_step (sheet, language, i);

      g_string_append_printf (text, "%u. %s\n", i + 1, step);
    }
  g_string_append_printf (text, "\n%s\n\n", sheet->address);
  g_string_append_printf (text, "%s: %s\n", mm_tr (language, N_ ("Dealer ID")), sheet->user_id);
  g_string_append_printf (text, "%s: %s\n\n", mm_tr (language, N_ ("Phone number of the dealer")),
                          sheet->phone);
  g_string_append_printf (text, "%s\n", closing);
  return g_string_free (text, FALSE);
}
