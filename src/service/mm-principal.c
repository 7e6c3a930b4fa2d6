#include "mm-principal.h"

MmPrincipal *
mm_principal_new_anyone (const char *address)
{
  MmPrincipal *principal = g_new0 (MmPrincipal, 1);

  principal->kind = MM_PRINCIPAL_ANYONE;
  principal->address = g_strdup (address);
  return principal;
}

MmPrincipal *
mm_principal_new_operator (void)
{
  MmPrincipal *principal = g_new0 (MmPrincipal, 1);

  principal->kind = MM_PRINCIPAL_OPERATOR;
  return principal;
}

void
mm_principal_free (MmPrincipal *principal)
{
  if (principal == NULL)
    return;
  g_free (principal->public_id);
  g_free (principal->session);
  g_free (principal->csrf);
  g_free (principal->language);
  g_free (principal->address);
  g_free (principal);
}
