/* A broker as the operator names it: where it is, who we are there, which topics are whose.
 *
 * Plain data, checked once when it is made, never changed; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MM_BROKER_MAX_TOPICS 64
#define MM_BROKER_MAX_NAMED 10000 /* names that stand for gateways */

/* What the messages of some topics are. */
typedef enum
{
  MM_TOPICS_JSON,      /* numbers and JSON */
  MM_TOPICS_VENUS,     /* Venus OS: "N/PORTAL/SERVICE/INSTANCE/PATH" */
  MM_TOPICS_SPARKPLUG, /* Sparkplug B: "spBv1.0/GROUP/TYPE/NODE[/DEVICE]" */
  MM_TOPICS_CONTACT,   /* last wills: whether the gateway is there */
  MM_N_TOPICS_KINDS,
} MmTopicsKind;

/* The stable name (json, venus, sparkplug, contact) and back. */
const char *mm_topics_kind_name (MmTopicsKind kind);
gboolean mm_topics_kind_from_name (const char *name, MmTopicsKind *kind);

/* Topics that belong together.
 * @filter: codec/mm-topic.h; @gateway: ID of the gateway whose they all are; NULL if {gateway} is
 * in the filter
 * @time: JSON only: the way to the time in the payload, or NULL */
typedef struct
{
  MmTopicsKind kind;
  char *filter;
  char *gateway;
  char *time;
} MmTopics;

/* Topics of @kind; texts are copied, @gateway and @time may be NULL. */
MmTopics *mm_topics_new (MmTopicsKind kind,
                         const char *filter,
                         const char *gateway,
                         const char *time);
void mm_topics_free (MmTopics *topics);

/* A broker.
 * @name: what the operator calls it: 1–32 of a-z 0-9 -
 * @url: mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; @host, @port, @tls: taken from it
 * @user, @password: or NULL
 * @ca: authorities to trust in place of the system's, PEM, or NULL
 * @fingerprint: the SHA-256 of the broker's certificate, 64 hex digits, or NULL: then that
 *   certificate is trusted and no other
 * @client_id: who we are there; the broker keeps what we have missed under it
 * @interval_s: how often values of Venus are stored
 * @topics: of #MmTopics
 * @gateways: (utf8: utf8) IDs of gateways by the names that stand in topics for them: a portal of
 *   Venus, "GROUP/NODE" or "NODE" of Sparkplug; a name that is not in it is an ID itself */
typedef struct
{
  char *name;
  char *url;
  char *host;
  guint16 port;
  gboolean tls;
  char *user;
  char *password;
  char *ca;
  char *fingerprint;
  char *client_id;
  guint interval_s;
  GPtrArray *topics;
  GHashTable *gateways;
} MmBroker;

/* An empty broker to be filled: @name and @url, and of the others what there is. */
MmBroker *mm_broker_new (const char *name, const char *url);
void mm_broker_free (MmBroker *broker);
MmBroker *mm_broker_copy (const MmBroker *broker);

/* Checks all of it and fills in what follows from the rest: host and port, the kinds' usual
 * filters ("" stands for them), the client's ID. %MM_ERROR_FIELDS. */
gboolean mm_broker_check (MmBroker *broker, GError **error);

/* The topics that @topic belongs to, the first that fit, and the text that stands for the gateway
 * in it (NULL: the topics' own gateway); NULL if there are none. */
const MmTopics *mm_broker_find_topics (const MmBroker *broker,
                                       const char *topic,
                                       const char **level,
                                       gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmBroker, mm_broker_free)

G_END_DECLS
