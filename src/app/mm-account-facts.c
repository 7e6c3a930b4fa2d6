#include "mm-account-facts.h"

#include "mm-gettext.h"
#include "mm-place.h"

#include <string.h>

/* The value of the field @name as people read it; NULL for none. */
static const char *
words_of (const char *name, const char *value)
{
  gboolean japanese = strcmp (mm_language_tag (mm_own_language ()), "ja") == 0;
  guint prefecture;

  if (strcmp (name, "alert_own_mail") == 0)
    return *value != '\0' ? _ ("On") : _ ("Off");
  if (*value == '\0')
    return NULL;
  if (strcmp (name, "language") == 0)
    return strcmp (value, "ja") == 0 ? "日本語" : "English";
  if (strcmp (name, "prefecture") == 0)
    {
      prefecture = mm_prefecture_find (value);
      return prefecture == 0 || japanese ? value : mm_prefecture_name_en (prefecture);
    }
  return value;
}

static GtkWidget *
make_row (const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_strdup_printf ("%s: %s", title, text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  gtk_widget_add_css_class (row, "mm-fact");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static AdwPreferencesGroup *
add_group (GtkBox *box, const char *title, const char *words)
{
  GtkWidget *group = adw_preferences_group_new ();

  if (title != NULL)
    adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (words != NULL)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), words);
  gtk_box_append (box, group);
  return ADW_PREFERENCES_GROUP (group);
}

/* The fields from @first to @last. */
static void
add_facts (AdwPreferencesGroup *group, MmAccountEdit *edit, const char *first, const char *last)
{
  const char *const *names = mm_account_edit_fields ();
  gboolean inside = FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *words = words_of (names[i], mm_account_edit_get_stored (edit, names[i]));

      inside = inside || strcmp (names[i], first) == 0;
      if (inside && words != NULL)
        adw_preferences_group_add (group, make_row (_ (mm_account_edit_label (names[i])), words));
      if (strcmp (names[i], last) == 0)
        return;
    }
}

static void
add_contacts (AdwPreferencesGroup *group, MmAccountEdit *edit, gboolean own_mail)
{
  gboolean any = FALSE;

  for (guint i = 0; i < MM_MAINTENANCE_ADDRESSES_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("contacts[%u]", i);
      const char *mail = mm_account_edit_get_stored (edit, name);
      gboolean confirmed = mm_account_edit_is_confirmed (edit, mail);
      GtkWidget *row, *icon;

      if (*mail == '\0')
        continue;
      any = TRUE;
      row = make_row (mail, confirmed ? _ ("Confirmed") : _ ("Not confirmed yet"));
      gtk_widget_remove_css_class (row, "mm-fact");
      icon = gtk_image_new_from_icon_name (confirmed ? "object-select-symbolic"
                                                     : "content-loading-symbolic");
      gtk_widget_add_css_class (icon, confirmed ? "success" : "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      adw_preferences_group_add (group, row);
    }
  if (!any)
    adw_preferences_group_add (
        group, make_row (_ ("None"), _ ("None. Fault mails go to the address of the account.")));
  else if (own_mail)
    adw_preferences_group_add (group,
                               make_row (_ ("Fault mails"),
                                         _ ("Fault mails go to the account's own address, too.")));
}

static void
add_way (AdwPreferencesGroup *group,
         const char *icon_name,
         const char *title,
         const char *words,
         const char *action,
         const char *target)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon_name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  adw_preferences_group_add (group, row);
}

void
mm_account_facts_fill (GtkBox *box, MmAccountEdit *edit)
{
  AdwPreferencesGroup *group;
  GtkWidget *child, *button;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);

  group = add_group (box, _ ("For signing in"), NULL);
  adw_preferences_group_add (group, make_row (_ ("User ID (dealer ID)"),
                                              mm_account_edit_get_user_id (edit)));
  add_facts (add_group (box, _ ("Person in charge"), NULL), edit, "name", "language");
  add_facts (add_group (box, _ ("Company or body"), NULL), edit, "dealer_name", "address");
  group = add_group (box, _ ("Maintenance contacts"),
                     _ ("They get a mail when something is wrong with a linked system."));
  add_contacts (group, edit, mm_account_edit_get_stored_own_mail (edit));

  button = gtk_button_new_with_label (_ ("Edit"));
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "account.edit");
  gtk_box_append (box, button);

  group = add_group (box, NULL, NULL);
  add_way (group, "dialog-password-symbolic", _ ("Change the password"),
           _ ("Needs the present one."), "account.show", "password");
  add_way (group, "computer-symbolic", _ ("Where you are signed in"),
           _ ("See and end your sessions."), "account.show", "sessions");
  add_way (group, "security-high-symbolic", _ ("Two-factor sign-in"),
           _ ("A code of your phone as well as the password."), "account.show", "two-factor");
  add_way (group, "document-save-symbolic", _ ("Export my data"),
           _ ("All that we keep about you, as a file (JSON)."), "account.export", NULL);
  add_way (group, "user-trash-symbolic", _ ("Close my account"),
           _ ("For good. You are told first what happens."), "account.show", "close");
}

void
mm_account_facts_fill_differences (AdwPreferencesGroup *group, GPtrArray *rows, MmAccountEdit *edit)
{
  GArray *differences = mm_account_edit_differences (edit);

  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
  for (guint i = 0; i < differences->len; i++)
    {
      const MmAccountDifference *difference = &g_array_index (differences, MmAccountDifference, i);
      const char *old = words_of (difference->name, difference->old_value);
      const char *new = words_of (difference->name, difference->new_value);
      g_autofree char *change = g_strdup_printf ("%s → %s", old != NULL ? old : _ ("(none)"),
                                                 new != NULL ? new : _ ("(none)"));
      GtkWidget *row = make_row (_ (difference->label), change);

      adw_preferences_group_add (group, row);
      g_ptr_array_add (rows, row);
    }
}
