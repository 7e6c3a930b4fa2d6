/* The letters that the service writes: subject, plain text and HTML in the reader's language, from
 * one source each (letters/NAME.subject, NAME.letter), so that text and HTML always say the same.
 * What differs between the two is in letters/text/ and letters/html/.
 *
 * Times and durations come ready to read (mm_language_format_time()), words such as the names of
 * scopes and fields as English message ids marked with N_(). A value that is absent or empty takes
 * its line with it.
 *
 *   provisional-dealer,
 *   provisional-customer  name, url, expires
 *   already-registered    name, url (sign in); reset_url
 *   account-changed       name, when, url, fields [msgid: names of the fields, never what is in
 * them] password-reset        name, url, expires linked-dealer         name, gateways [id], scope
 * [msgid], url; customer, place, until linked-customer       name, dealer, gateways, scope, url;
 * until link-changed          name, for_dealer (bool), gateways, scope, url; until; to the dealer:
 *                         customer, place; to the customer: dealer
 *   mail-change           name, url, expires
 *   account-closed        name, when, dealer (bool)
 *   link-ended            name, for_dealer, one of by_customer, by_dealer, by_time,
 * by_owner_change, by_closing (bool), gateways, when; to the dealer: customer, place; to the
 * customer: dealer, url contact-confirm dealer (company), url, expires, remove_url fault-raised
 * gateway, fault (its short name), since, clock, url; warning (bool: it is less than a fault),
 * customer, place, device, code, meaning, first_step, confirm_url (only for an address that is not
 * confirmed: then no customer) fault-recovered       the same without meaning and first_step;
 * recovered; clock is of the recovery test                  when all of them           operator,
 * site_url, remove_url (for maintenance contacts)
 *
 * Those after the semicolon are optional. A set never changes: any thread.
 */
#pragma once

#include "mm-language.h"

#include <jansson.h>

G_BEGIN_DECLS

/* @subject: one line; @text: plain text; @html: a whole HTML document. */
typedef struct
{
  char *subject;
  char *text;
  char *html;
} MmLetter;

typedef struct _MmLetters MmLetters;

/* The letters that are linked in. Never NULL. */
MmLetters *mm_letters_new (void);

void mm_letters_free (MmLetters *letters);

/* Writes the letter @name, which must be in the list above, with @values, an object. Never NULL;
 * free with mm_letter_free(). */
MmLetter *mm_letter_render (const MmLetters *letters,
                            const char *name,
                            const MmLanguage *language,
                            const json_t *values);

void mm_letter_free (MmLetter *letter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLetters, mm_letters_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmLetter, mm_letter_free)

G_END_DECLS
