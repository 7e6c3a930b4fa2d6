#include "mm-form-problem.h"

#include "mm-error.h"
#include "mm-gettext.h"

#include <string.h>

struct _MmFormProblem
{
  AdwBin parent;

  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (MmFormProblem, mm_form_problem, ADW_TYPE_BIN)

void
mm_form_problem_set_text (MmFormProblem *problem, const char *text)
{
  gtk_label_set_text (problem->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (problem), text != NULL);
}

/* The sentence of the server, and when to try again if it says so. */
static char *
words_of (const GError *error)
{
  guint seconds = error->domain == MM_ERROR ? mm_error_retry_after (error) : 0;
  g_autofree char *wait = NULL;

  if (seconds == 0)
    return g_strdup (error->message);
  wait = g_strdup_printf (ngettext ("Please try again in %u second.",
                                    "Please try again in %u seconds.", seconds),
                          seconds);
  return g_strdup_printf ("%s %s", error->message, wait);
}

void
mm_form_problem_show (MmFormProblem *problem, const GError *error, ...)
{
  const GPtrArray *wrong = error != NULL ? mm_error_fields (error) : NULL;
  MmField *first = NULL;
  const char *name;
  va_list fields;

  va_start (fields, error);
  while ((name = va_arg (fields, const char *)) != NULL)
    {
      MmField *field = va_arg (fields, MmField *);
      const char *message = NULL;

      for (guint i = 0; wrong != NULL && message == NULL && i < wrong->len; i++)
        if (strcmp (((MmFieldError *) wrong->pdata[i])->field, name) == 0)
          message = ((MmFieldError *) wrong->pdata[i])->message;
      mm_field_set_error (field, message);
      if (message != NULL && first == NULL)
        first = field;
    }
  va_end (fields);
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
  if (first != NULL || error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mm_form_problem_set_text (problem, NULL);
  else
    {
      g_autofree char *words = words_of (error);

      mm_form_problem_set_text (problem, words);
    }
}

static void
mm_form_problem_class_init (MmFormProblemClass *klass)
{
}

static void
mm_form_problem_init (MmFormProblem *problem)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-error-symbolic");
  GtkWidget *text = gtk_label_new (NULL);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (box, "error");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  problem->text = GTK_LABEL (text);
  adw_bin_set_child (ADW_BIN (problem), box);
  gtk_widget_set_visible (GTK_WIDGET (problem), FALSE);
}
