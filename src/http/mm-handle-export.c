#include "mm-handle-export.h"

#include "mm-account-export.h"
#include "mm-page.h"

void
mm_handle_account_export (MmExchange *x, gpointer context)
{
  g_autoptr (GError) error = NULL;
  json_t *export = mm_account_export (context, mm_exchange_principal (x), &error);

  if (export == NULL)
    {
      mm_exchange_answer_error (x, error);
      return;
    }
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_answer_json (x, 200, export);
}

void
mm_handle_account_export_file (MmExchange *x, gpointer data)
{
  MmContext *context = data;
  g_autoptr (GError) error = NULL;
  json_t *export = mm_account_export (context, mm_exchange_principal (x), &error);
  char *text;

  if (export == NULL)
    {
      mm_page_answer_error (x, context, error);
      return;
    }
  text = json_dumps (export, JSON_INDENT (2));
  json_decref (export);
  mm_exchange_set_header (x, "Cache-Control", "no-store");
  mm_exchange_set_header (x, "Content-Disposition",
                          "attachment; filename=\"mimamori-account.json\"");
  mm_exchange_answer_text (x, 200, MM_TYPE_JSON, text);
  free (text);
}
