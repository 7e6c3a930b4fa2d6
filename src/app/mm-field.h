/* One field of a form: its name above, what is entered, and below it help or, in words, what is
 * wrong. All parts belong together for a screen reader. Main thread.
 *
 * Properties, for templates: "label", "help" (translated), "kind", "optional" (says so beside the
 * name), "max-length" (characters; 0: any).
 * Signals: "changed"; "left" (the focus has gone elsewhere: the time to check it); "activated"
 * (Enter).
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  MM_FIELD_TEXT,
  MM_FIELD_MAIL,
  MM_FIELD_PHONE,
  MM_FIELD_DIGITS,
  MM_FIELD_PASSWORD,
  MM_FIELD_CHOICE,
} MmFieldKind;

/* The type of the property "kind". */
#define MM_TYPE_FIELD_KIND (mm_field_kind_get_type ())
/* The same. */
GType mm_field_kind_get_type (void) G_GNUC_CONST;

#define MM_TYPE_FIELD (mm_field_get_type ())
G_DECLARE_FINAL_TYPE (MmField, mm_field, MM, FIELD, AdwBin)

/* A new one, floating. @label: translated */
GtkWidget *mm_field_new (MmFieldKind kind, const char *label);

/* The choices of an %MM_FIELD_CHOICE: @labels are shown (translated), @values are its text; both
 * end with NULL and are copied. They can be searched by typing. The
 * first is chosen at first if its value is "", otherwise none. */
void mm_field_set_choices (MmField *field, const char *const *labels, const char *const *values);

/* What is entered, of a choice the value; "" if nothing is. */
const char *mm_field_get_text (MmField *field);
void mm_field_set_text (MmField *field, const char *text);

/* The name above it. */
const char *mm_field_get_label (MmField *field);
void mm_field_set_label (MmField *field, const char *label);

/* Help below it; NULL: none. */
void mm_field_set_help (MmField *field, const char *help);

/* What is wrong, in the place of the help; NULL: nothing. It stays until it is set anew. */
void mm_field_set_error (MmField *field, const char *error);
gboolean mm_field_has_error (MmField *field);

/* A remark below it that is no error; @good: with a check. NULL: none. */
void mm_field_set_remark (MmField *field, const char *remark, gboolean good);

G_END_DECLS
