/* The fields of a dealer's registration as people see them: groups, names, help. The same words as
 * on the pages of the server. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @name: as in mm_dealer_form_fields; @label and @help: English message ids, @help may be NULL. */
typedef struct
{
  const char *name;
  const char *label;
  const char *help;
} MmRegistrationField;

/* @title: English message id; the last of @fields has no name. */
typedef struct
{
  const char *title;
  const MmRegistrationField *fields;
} MmRegistrationGroup;

#define MM_REGISTRATION_N_GROUPS 3

extern const MmRegistrationGroup mm_registration_groups[MM_REGISTRATION_N_GROUPS];

/* The name of a prefecture (in Japanese, as the server keeps it) in the language of the app; what
 * is none stays as it is. Owned by nobody. */
const char *mm_registration_show_prefecture (const char *prefecture);

G_END_DECLS
