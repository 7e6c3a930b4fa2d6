/* Forms on pages: a table of fields becomes the values that the templates "fields" and "summary"
 * show: label, help, what was entered, what is wrong. Any thread. */
#pragma once

#include "mm-language.h"

#include <jansson.h>

G_BEGIN_DECLS

/* One field. @label, @help: message ids (@help may be NULL). @type: an input's type, "select" for
 * the prefecture and the language, "checkbox". What was entered into a "password" is never shown
 * again. */
typedef struct
{
  const char *name;
  const char *label;
  const char *help;
  const char *type;
  const char *autocomplete;
  const char *inputmode;
  guint max_length;
  gboolean optional;
} MmPageField;

/* Fields under one heading; @title: message id, or NULL for none. */
typedef struct
{
  const char *title;
  const MmPageField *fields;
  guint n_fields;
} MmPageGroup;

/* What was entered into the field @name; NULL for nothing. */
typedef const char *(*MmPageValue) (gpointer form, const char *name);

/* Adds "groups" (of fields, with their values and errors) and, if @error has fields, "errors" for
 * the summary at the top, to @values. @error may be NULL. */
void mm_page_form_add (json_t *values,
                       const MmPageGroup *groups,
                       guint n_groups,
                       MmPageValue value,
                       gpointer form,
                       const GError *error,
                       const MmLanguage *language);

/* The rule of a new password, for the field "password". @max: the longest one allowed. */
void mm_page_form_explain_password (json_t *values, guint max, const MmLanguage *language);

G_END_DECLS
