/* From how far a server can be reached, as far as its addresses tell. Pure functions, any thread.
 * Source: architecture.md "Trust and reach". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MM_REACH_THIS_COMPUTER,
  MM_REACH_NETWORK, /* of the shop */
  MM_REACH_INTERNET,
} MmReach;

/* "this-computer", "network", "internet" */
const char *mm_reach_name (MmReach reach);

/* By the host of @public_url, which people are given; if there is none (NULL), by @listen_host, a
 * name or address to listen on, where all addresses of the computer count as the network. */
MmReach mm_reach_of (const char *public_url, const char *listen_host);

G_END_DECLS
