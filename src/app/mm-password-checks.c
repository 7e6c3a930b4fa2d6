#include "mm-password-checks.h"

#include "mm-account.h"
#include "mm-gettext.h"

#define N_CHECKS 4

struct _MmPasswordChecks
{
  AdwBin parent;

  GtkImage *icons[N_CHECKS];
  GtkLabel *labels[N_CHECKS];
  guint max;
};

G_DEFINE_FINAL_TYPE (MmPasswordChecks, mm_password_checks, ADW_TYPE_BIN)

/* The first has its numbers put in. */
static const struct
{
  const char *label;
  MmPasswordRules rules;
} checks_of[N_CHECKS] = {
  { NULL, MM_PASSWORD_LONG_ENOUGH | MM_PASSWORD_SHORT_ENOUGH },
  { N_ ("A lower-case letter"), MM_PASSWORD_LOWER },
  { N_ ("An upper-case letter"), MM_PASSWORD_UPPER },
  { N_ ("A digit"), MM_PASSWORD_DIGIT },
};

void
mm_password_checks_set_max (MmPasswordChecks *checks, guint max)
{
  g_autofree char *length
      = g_strdup_printf (_ ("%d to %u characters"), MM_PASSWORD_MIN, MAX (max, MM_PASSWORD_MIN));

  checks->max = MAX (max, MM_PASSWORD_MIN);
  gtk_label_set_text (checks->labels[0], length);
}

void
mm_password_checks_update (MmPasswordChecks *checks, const char *password)
{
  MmPasswordRules kept = mm_password_rules (password, checks->max);

  for (guint i = 0; i < N_CHECKS; i++)
    {
      gboolean good = *password != '\0' && (kept & checks_of[i].rules) == checks_of[i].rules;

      gtk_image_set_from_icon_name (checks->icons[i],
                                    good ? "object-select-symbolic" : "radio-symbolic");
      gtk_accessible_update_property (GTK_ACCESSIBLE (checks->icons[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      good ? _ ("Kept") : _ ("Not kept yet"), -1);
      if (good)
        gtk_widget_add_css_class (GTK_WIDGET (checks->icons[i]), "success");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (checks->icons[i]), "success");
    }
}

static void
mm_password_checks_class_init (MmPasswordChecksClass *klass)
{
}

static void
mm_password_checks_init (MmPasswordChecks *checks)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; i < N_CHECKS; i++)
    {
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

      checks->icons[i] = GTK_IMAGE (gtk_image_new ());
      checks->labels[i]
          = GTK_LABEL (gtk_label_new (checks_of[i].label != NULL ? _ (checks_of[i].label) : NULL));
      gtk_widget_add_css_class (GTK_WIDGET (checks->labels[i]), "caption");
      gtk_box_append (GTK_BOX (line), GTK_WIDGET (checks->icons[i]));
      gtk_box_append (GTK_BOX (line), GTK_WIDGET (checks->labels[i]));
      gtk_box_append (GTK_BOX (box), line);
    }
  adw_bin_set_child (ADW_BIN (checks), box);
  mm_password_checks_set_max (checks, MM_PASSWORD_MAX);
  mm_password_checks_update (checks, "");
}
