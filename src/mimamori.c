/* The desk: the app with which a dealer looks after its customers' systems. */
#include "mm-application.h"
#include "mm-install.h"

int
main (int argc, char **argv)
{
  g_autoptr (MmApplication) app = NULL;

  mm_install_init ();
  g_set_prgname (MM_APP_ID);
  app = mm_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
