#include "mm-control-socket.h"

#include "mm-error.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

char *
mm_control_socket_path (const char *data_dir)
{
  return g_build_filename (data_dir, "control.sock", NULL);
}

static gboolean
fail (GError **error, const char *path)
{
  g_autofree char *message
      = g_strdup_printf ("cannot make the control socket %s: %s", path, g_strerror (errno));

  return mm_error_set (error, MM_ERROR_INTERNAL, "control-socket", message);
}

int
mm_control_socket_bind (const char *data_dir, GError **error)
{
  g_autofree char *path = mm_control_socket_path (data_dir);

  return mm_control_socket_bind_path (path, error);
}

int
mm_control_socket_bind_path (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  mode_t mask;
  int fd, bound;

  if (strlen (path) >= sizeof address.sun_path)
    {
      errno = ENAMETOOLONG;
      fail (error, path);
      return -1;
    }
  strcpy (address.sun_path, path);
  unlink (path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  /* The directory is private already; the socket is so from its first moment, too. */
  mask = umask (0177);
  bound = fd >= 0 ? bind (fd, (struct sockaddr *) &address, sizeof address) : -1;
  umask (mask);
  if (bound < 0 || listen (fd, 16) < 0)
    {
      fail (error, path);
      if (fd >= 0)
        close (fd);
      return -1;
    }
  return fd;
}

void
mm_control_socket_remove (const char *data_dir)
{
  g_autofree char *path = mm_control_socket_path (data_dir);

  unlink (path);
}
