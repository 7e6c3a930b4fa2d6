/* A demo fleet in an empty data directory: a dealer, customers with their gateways, and links,
 * made by the very services that real ones come about by; the mails that they send are read in the
 * outbox.
 *
 * Two files in the data directory tell of it, for the server's user only: demo.json (who signs in,
 * how far it got) and demo-fleet.json (what `mimamori-gateway simulate` plays).
 */
#pragma once

#include "mm-context.h"

G_BEGIN_DECLS

/* How to look at the demo.
 * @user_id, @password: of the dealer; @dealer: its name; @phone: what customers link with
 * @fleet_file: path of demo-fleet.json
 * @customer, @customer_password: of the first house, to see the customers' pages */
typedef struct
{
  char *user_id;
  char *password;
  char *dealer;
  char *phone;
  char *fleet_file;
  char *customer;
  char *customer_password;
} MmDemo;

void mm_demo_free (MmDemo *demo);

/* Makes the demo of @houses houses (1 … MM_DEMO_HOUSES_MAX), or completes one that was interrupted;
 * where there is one already it is answered again, whatever its size.
 *
 * NULL with %MM_ERROR_CONFLICT "not-empty" in a directory with accounts or gateways of others,
 * "has-mail-server" if mails would be sent to people whom there are not, and with %MM_ERROR_FIELDS
 * "houses". Takes seconds; any thread but the writer's. */
MmDemo *mm_demo_make (MmContext *context, guint houses, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmDemo, mm_demo_free)

G_END_DECLS
