/* Linked into the app when it is built with AddressSanitizer.
 *
 * GLib's table of quarks begins with room for 2,048. When the app has more, GLib makes a larger one
 * and lets go of the first on purpose, as other threads may still be reading it: LeakSanitizer
 * takes that for a leak, and cannot tell from which function (GLib is built without frame
 * pointers), so it cannot be told to be silent about that one. The table is made while GLib is
 * loaded. Nothing that is allocated between the beginning of the program and its constructors
 * counts, therefore. */
#include <sanitizer/lsan_interface.h>

static void
begin (void)
{
  __lsan_disable ();
}

/* These run before any library's. */
__attribute__ ((section (".preinit_array"), used)) static void (*const first) (void) = begin;

__attribute__ ((constructor)) static void
end (void)
{
  __lsan_enable ();
}
