#include "mm-status-look.h"

#include "mm-gettext.h"

static const struct
{
  const char *icon;
  const char *css_class;
} looks[MM_N_STATUSES] = {
  [MM_STATUS_NEVER_SEEN] = { "mm-never-seen-symbolic", "mm-status-never-seen" },
  [MM_STATUS_OFFLINE] = { "mm-offline-symbolic", "mm-status-offline" },
  [MM_STATUS_FAULT] = { "mm-fault-symbolic", "mm-status-fault" },
  [MM_STATUS_ISLANDED] = { "mm-islanded-symbolic", "mm-status-islanded" },
  [MM_STATUS_WARNING] = { "mm-warning-symbolic", "mm-status-warning" },
  [MM_STATUS_CURTAILED] = { "mm-curtailed-symbolic", "mm-status-curtailed" },
  [MM_STATUS_UNDERPERFORMING] = { "mm-underperforming-symbolic", "mm-status-underperforming" },
  [MM_STATUS_NORMAL] = { "mm-normal-symbolic", "mm-status-normal" },
};

const char *
mm_status_look_icon (MmStatus status)
{
  return looks[status].icon;
}

const char *
mm_status_look_class (MmStatus status)
{
  return looks[status].css_class;
}

const char *
mm_status_look_word (MmStatus status)
{
  return _ (mm_status_label (status));
}

void
mm_status_look_dress (GtkWidget *widget, MmStatus status)
{
  for (guint i = 0; i < MM_N_STATUSES; i++)
    if (i != (guint) status)
      gtk_widget_remove_css_class (widget, looks[i].css_class);
  gtk_widget_add_css_class (widget, looks[status].css_class);
}

void
mm_status_look_apply (MmStatus status, GtkImage *image, GtkLabel *label)
{
  const char *word = mm_status_look_word (status);

  if (image != NULL)
    {
      gtk_image_set_from_icon_name (image, looks[status].icon);
      /* Newer versions of GTK read tooltips, too: beside the word it would be heard twice. */
      gtk_widget_set_tooltip_text (GTK_WIDGET (image), label == NULL ? word : NULL);
      if (label == NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, word,
                                        -1);
      mm_status_look_dress (GTK_WIDGET (image), status);
    }
  if (label != NULL)
    {
      gtk_label_set_label (label, word);
      mm_status_look_dress (GTK_WIDGET (label), status);
    }
}

MmStatus
mm_status_look_parse (const char *name)
{
  MmStatus status;

  return mm_status_from_name (name, &status) ? status : MM_STATUS_NORMAL;
}
