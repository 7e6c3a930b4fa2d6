/* Assertions for field rules. */
#pragma once

#include <string.h>

#include "mm-error.h"

typedef char *(*TestNormalise) (const char *text, const char *field, GError **error);

/* The wrong fields of @error are exactly @expected, "field:code field:code …". */
static inline void
assert_fields (const GError *error, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  const GPtrArray *fields;

  g_assert_error (error, MM_ERROR, MM_ERROR_FIELDS);
  fields = mm_error_fields (error);
  for (guint i = 0; i < fields->len; i++)
    {
      const MmFieldError *field = fields->pdata[i];

      g_string_append_printf (found, "%s%s:%s", i > 0 ? " " : "", field->field, field->code);
      /* A whole sentence. */
      g_assert_true (g_str_has_suffix (field->message, "."));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

/* @text is accepted as @expected, and that again as itself. */
static inline void
assert_normal (TestNormalise normalise, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *normal = normalise (text, "field", &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (normal, ==, expected);
  again = normalise (normal, "field", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, expected);
}

/* @text is refused with the one code @code. */
static inline void
assert_refused (TestNormalise normalise, const char *text, const char *code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *normal = normalise (text, "field", &error);
  g_autofree char *expected = g_strconcat ("field:", code, NULL);

  g_assert_null (normal);
  assert_fields (error, expected);
}
