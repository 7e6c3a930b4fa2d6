#include "mm-registration-fields.h"

#include "mm-gettext.h"
#include "mm-place.h"

static const MmRegistrationField person_fields[] = {
  { "name", N_ ("Name"), N_ ("Of the person who manages this account.") },
  { "kana", N_ ("Name in katakana"), N_ ("For example オムロ タロウ.") },
  { "mail", N_ ("Mail address"), N_ ("The mail to complete the registration goes here.") },
  { "mail_again", N_ ("Mail address again"), NULL },
  { NULL },
};
static const MmRegistrationField company_fields[] = {
  { "dealer_name", N_ ("Dealer name"),
    N_ ("Name of the company or body. A department registers its department's name.") },
  { "phone", N_ ("Phone number"),
    N_ ("You need it again to set the password, and your customers need it to link their "
        "gateways.") },
  { "postal_code", N_ ("Postal code"), N_ ("Seven digits, for example 380-0838.") },
  { "prefecture", N_ ("Prefecture"), NULL },
  { "address", N_ ("Address"), N_ ("Municipality, street, building.") },
  { NULL },
};
static const MmRegistrationField id_fields[] = {
  { "user_id", N_ ("User ID (dealer ID)"),
    N_ ("3 to 16 letters, digits, “_” or “-”. Capital and small letters differ. Your customers "
        "enter it to link their gateways.") },
  { NULL },
};

const MmRegistrationGroup mm_registration_groups[MM_REGISTRATION_N_GROUPS] = {
  { N_ ("Person who registers and manages the account"), person_fields },
  { N_ ("Company or body"), company_fields },
  { N_ ("For signing in"), id_fields },
};

const char *
mm_registration_show_prefecture (const char *prefecture)
{
  guint number = mm_prefecture_find (prefecture);

  if (number == 0 || g_str_equal (mm_language_tag (mm_own_language ()), "ja"))
    return prefecture;
  return mm_prefecture_name_en (number);
}
