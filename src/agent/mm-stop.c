/* Signals through signalfd(). Main thread. */
#include "mm-stop.h"

#include "mm-clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* One wait of poll() counts milliseconds in an int. */
#define MAX_WAIT MM_DAY

struct _MmStop
{
  sigset_t before;
  int fd;
  int input; /* -1 if none is watched */
  gboolean wanted;
};

MmStop *
mm_stop_new (void)
{
  MmStop *stop = g_new0 (MmStop, 1);
  sigset_t mask;

  sigemptyset (&mask);
  sigaddset (&mask, SIGTERM);
  sigaddset (&mask, SIGINT);
  sigprocmask (SIG_BLOCK, &mask, &stop->before);
  signal (SIGPIPE, SIG_IGN);
  stop->fd = signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  stop->input = -1;
  if (stop->fd < 0)
    g_error ("signalfd: %s", g_strerror (errno));
  return stop;
}

void
mm_stop_free (MmStop *stop)
{
  struct signalfd_siginfo info;

  /* A signal still waiting has done its work; unblocked it would kill. */
  while (read (stop->fd, &info, sizeof info) > 0)
    continue;
  close (stop->fd);
  sigprocmask (SIG_SETMASK, &stop->before, NULL);
  g_free (stop);
}

void
mm_stop_watch_input (MmStop *stop, int fd)
{
  stop->input = fd;
}

guint
mm_stop_fds (const MmStop *stop, int fds[MM_STOP_MAX_FDS])
{
  fds[0] = stop->fd;
  fds[1] = stop->input;
  return stop->input >= 0 ? 2 : 1;
}

/* Whether the input, which is readable, has ended. */
static gboolean
has_ended (int fd)
{
  char forgotten[4096];
  gssize n = read (fd, forgotten, sizeof forgotten);

  return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

gboolean
mm_stop_wanted (MmStop *stop)
{
  return mm_stop_wait (stop, 0);
}

gboolean
mm_stop_wait (MmStop *stop, gint64 microseconds)
{
  /* poll() passes over -1. */
  struct pollfd fds[] = { { stop->fd, POLLIN, 0 }, { stop->input, POLLIN, 0 } };
  gint64 end = g_get_monotonic_time () + CLAMP (microseconds, 0, MAX_WAIT);

  while (!stop->wanted)
    {
      gint64 left = MAX (end - g_get_monotonic_time (), 0);
      int n = poll (fds, G_N_ELEMENTS (fds), (int) ((left + 999) / 1000));

      if (n > 0)
        stop->wanted = fds[0].revents != 0 || has_ended (stop->input);
      else if (n == 0 && left == 0)
        break;
    }
  return stop->wanted;
}
