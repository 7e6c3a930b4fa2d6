/* The registration of dealers and customers: its forms, its steps, its limits.
 *
 * Pure functions, any thread. Source: product.md §1 and §2, look.md "Registration walk".
 *
 * The walk, the same for both:
 *
 *   TERMS ──agree──▶ FORM ──all fields right──▶ CONFIRM ──register──▶ MAIL
 *     ▲              │  ▲                        │                     │ ▲
 *     └────back──────┘  └──────────back──────────┘    resend, correct ─┘ │ (expired, locked:
 *                                                     the address        │  resend)
 *   MAIL ──open the link──▶ PASSWORD ──agree again, password, phone──▶ COMPLETE ──▶ sign in
 *
 * - Going back loses no input. The terms are agreed to twice, each with version and time recorded:
 *   at TERMS and again at PASSWORD.
 * - Registering stores a provisional registration and mails its link. Resending, or correcting the
 *   address, makes a new link; the earlier one dies.
 * - Opening the link consumes nothing; only PASSWORD → COMPLETE does, once.
 */
#pragma once

#include <glib.h>

#include "mm-clock.h"

G_BEGIN_DECLS

#define MM_PROVISIONAL_LIFE (72 * MM_HOUR) /* of the mailed link, unless configured */
#define MM_PROVISIONAL_TRIES 5             /* wrong phones that a link forgives */

typedef enum
{
  MM_REGISTRATION_TERMS,
  MM_REGISTRATION_FORM,
  MM_REGISTRATION_CONFIRM,
  MM_REGISTRATION_MAIL,
  MM_REGISTRATION_PASSWORD,
  MM_REGISTRATION_COMPLETE,
  MM_REGISTRATION_N_STEPS,
} MmRegistrationStep;

/* What a step is called at the top of the page; English message id. */
const char *mm_registration_step_title (MmRegistrationStep step);

/* What has become of a mailed link. */
typedef enum
{
  MM_PROVISIONAL_OPEN,
  MM_PROVISIONAL_USED,    /* completed, or replaced by a newer link */
  MM_PROVISIONAL_LOCKED,  /* too many wrong phones */
  MM_PROVISIONAL_EXPIRED, /* from the very moment @expires on */
} MmProvisionalState;

/* The first that applies of used, locked, expired; times in UTC microseconds. */
MmProvisionalState mm_provisional_state (gint64 now,
                                         gint64 expires,
                                         guint wrong_phones,
                                         gboolean used);

/* What a dealer's administrator fills in. The members are named as in the API; each is NULL or
 * owned by the form. */
typedef struct
{
  char *name;
  char *kana;
  char *mail;
  char *mail_again;
  char *dealer_name;
  char *phone;
  char *postal_code;
  char *prefecture;
  char *address;
  char *user_id;
} MmDealerForm;

/* What a customer fills in. */
typedef struct
{
  char *gateway_id;
  char *activation_code;
  char *name;
  char *kana;
  char *mail;
  char *mail_again;
  char *phone;
  char *postal_code;
  char *prefecture;
  char *municipality;
  char *address;
} MmCustomerForm;

/* The names of the fields in the order of the page, ended by NULL. */
extern const char *const mm_dealer_form_fields[];
extern const char *const mm_customer_form_fields[];

MmDealerForm *mm_dealer_form_new (void);
void mm_dealer_form_free (MmDealerForm *form);
MmCustomerForm *mm_customer_form_new (void);
void mm_customer_form_free (MmCustomerForm *form);

/* Where the form keeps the field @name, for reading and setting by name; NULL if it has none. */
char **mm_dealer_form_field (MmDealerForm *form, const char *name);
char **mm_customer_form_field (MmCustomerForm *form, const char *name);

/* Puts every right field into its normal form, in place, and collects all wrong ones in @error
 * (MM_ERROR_FIELDS, in the order of the page). Returns whether all are right. Whether a user ID is
 * free and a code belongs to a gateway is not known here. Code of its own: mail_again "mismatch".
 */
gboolean mm_dealer_form_check (MmDealerForm *form, GError **error);
gboolean mm_customer_form_check (MmCustomerForm *form, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmDealerForm, mm_dealer_form_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmCustomerForm, mm_customer_form_free)

G_END_DECLS
