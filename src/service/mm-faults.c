#define G_LOG_DOMAIN "mm-service"

#include "mm-faults.h"

#include "mm-fault-resources.h"

#define PREFIX "/org/mimamori/faults"

MmFaultCatalogue *
mm_faults_load (void)
{
  MmFaultCatalogue *catalogue = mm_fault_catalogue_new ();
  GResource *resource = mm_faults_get_resource ();
  g_auto (GStrv) names
      = g_resource_enumerate_children (resource, PREFIX, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      g_autofree char *path = g_build_path ("/", PREFIX, *name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text
          = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
      gsize length = 0;
      const char *data = text != NULL ? g_bytes_get_data (text, &length) : NULL;

      if (data == NULL || !mm_fault_catalogue_add (catalogue, data, (gssize) length, &error))
        g_critical ("%s: %s", *name, error->message);
    }
  return catalogue;
}
