/* The smallest libmicrohttpd server: one epoll thread that answers 204 to everything. What the
 * real one is slower than this is ours. Prints "port N"; ends on end of file from stdin. */
#include <microhttpd.h>
#include <stdio.h>

static enum MHD_Result
serve (void *response,
       struct MHD_Connection *connection,
       const char *url,
       const char *method,
       const char *version,
       const char *part,
       size_t *length,
       void **context)
{
  static int seen;

  if (*context == NULL)
    {
      *context = &seen;
      return MHD_YES;
    }
  if (*length > 0)
    {
      *length = 0;
      return MHD_YES;
    }
  return MHD_queue_response (connection, MHD_HTTP_NO_CONTENT, response);
}

int
main (void)
{
  struct MHD_Response *response = MHD_create_response_from_buffer (0, NULL, MHD_RESPMEM_PERSISTENT);
  struct MHD_Daemon *daemon
      = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, serve, response,
                          MHD_OPTION_CONNECTION_LIMIT, 900u, MHD_OPTION_END);

  if (daemon == NULL)
    return 1;
  printf ("port %u\n", MHD_get_daemon_info (daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  fflush (stdout);
  while (getchar () != EOF)
    ;
  MHD_stop_daemon (daemon);
  MHD_destroy_response (response);
  return 0;
}
