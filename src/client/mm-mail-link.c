#include "mm-mail-link.h"

#include "mm-api.h"
#include "mm-gateway.h"
#include "mm-gettext.h"

#include <string.h>

#define SCHEME "mimamori:"
/* A secret is 43 characters of URL-safe base64; a later server may make longer ones. */
#define TOKEN_MIN 16
#define TOKEN_MAX 256

static MmMailLink *
refuse (GError **error)
{
  mm_error_set (error, MM_ERROR_INVALID, "link",
                _ ("This is not an address that the app knows. Please copy the whole address from "
                   "the mail."));
  return NULL;
}

/* @text as one line: mail programs break long addresses and put <> around them. NULL if it is too
 * long or holds what no address holds. */
static char *
take (const char *text)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (text == NULL || strlen (text) > MM_MAIL_LINK_MAX || !g_utf8_validate (text, -1, NULL))
    return NULL;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isspace (*p))
        continue;
      if (g_ascii_iscntrl (*p))
        return NULL;
      g_string_append_c (line, *p);
    }
  if (line->len >= 2 && line->str[0] == '<' && line->str[line->len - 1] == '>')
    {
      g_string_truncate (line, line->len - 1);
      g_string_erase (line, 0, 1);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static gboolean
is_token (const char *token)
{
  gsize length = token != NULL ? strlen (token) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (token[i]) && token[i] != '-' && token[i] != '_')
      return FALSE;
  return length >= TOKEN_MIN && length <= TOKEN_MAX;
}

/* The link to complete a registration; @server is not yet normalised. */
static MmMailLink *
new_confirm (const char *server, const char *token, GError **error)
{
  g_autoptr (GError) ignored = NULL;
  g_autofree char *url = NULL;
  MmMailLink *link;

  if (server == NULL || strstr (server, "://") == NULL || !is_token (token))
    return refuse (error);
  url = mm_api_normalise_url (server, &ignored);
  if (url == NULL)
    return refuse (error);
  link = g_new0 (MmMailLink, 1);
  link->kind = MM_MAIL_LINK_CONFIRM;
  link->server = g_steal_pointer (&url);
  link->token = g_strdup (token);
  return link;
}

/* The link to the gateway @escaped of @server, which may be NULL. */
static MmMailLink *
new_gateway (const char *server, const char *escaped, GError **error)
{
  g_autofree char *id = g_uri_unescape_string (escaped, NULL);
  g_autoptr (GError) ignored = NULL;
  g_autofree char *normal = id != NULL ? mm_gateway_id_normalise (id, "id", &ignored) : NULL;
  g_autofree char *url = server != NULL ? mm_api_normalise_url (server, &ignored) : NULL;
  MmMailLink *link;

  if (normal == NULL || (server != NULL && url == NULL))
    return refuse (error);
  link = g_new0 (MmMailLink, 1);
  link->kind = MM_MAIL_LINK_GATEWAY;
  link->server = g_steal_pointer (&url);
  link->gateway = g_steal_pointer (&normal);
  return link;
}

static GHashTable *
parse_query (const char *query)
{
  return query != NULL ? g_uri_parse_params (query, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
}

/* What follows "mimamori:". */
static MmMailLink *
parse_own (const char *rest, GError **error)
{
  while (*rest == '/')
    rest++; /* "mimamori://confirm?…", as some programs rewrite it */
  if (g_str_has_prefix (rest, "gateway/"))
    return new_gateway (NULL, rest + strlen ("gateway/"), error);
  if (g_str_has_prefix (rest, "confirm?"))
    {
      g_autoptr (GHashTable) query = parse_query (rest + strlen ("confirm?"));

      if (query != NULL)
        return new_confirm (g_hash_table_lookup (query, "server"),
                            g_hash_table_lookup (query, "token"), error);
    }
  return refuse (error);
}

/* An address of a server's page. */
static MmMailLink *
parse_web (const char *text, GError **error)
{
  g_autofree char *plain = g_strndup (text, strcspn (text, "?#"));
  const char *question = text[strlen (plain)] == '?' ? text + strlen (plain) + 1 : NULL;
  g_autofree char *queried
      = question != NULL ? g_strndup (question, strcspn (question, "#")) : NULL;
  g_autoptr (GHashTable) query = parse_query (queried);
  char *gateway = strstr (plain, "/open/gateway/");

  if (query != NULL && g_str_has_suffix (plain, "/confirm"))
    {
      plain[strlen (plain) - strlen ("/confirm")] = '\0';
      return new_confirm (plain, g_hash_table_lookup (query, "token"), error);
    }
  if (gateway != NULL)
    {
      *gateway = '\0';
      return new_gateway (plain, gateway + strlen ("/open/gateway/"), error);
    }
  return refuse (error);
}

MmMailLink *
mm_mail_link_parse (const char *text, GError **error)
{
  g_autofree char *line = take (text);

  if (line == NULL)
    return refuse (error);
  if (g_ascii_strncasecmp (line, SCHEME, strlen (SCHEME)) == 0)
    return parse_own (line + strlen (SCHEME), error);
  if (g_ascii_strncasecmp (line, "https://", 8) == 0
      || g_ascii_strncasecmp (line, "http://", 7) == 0)
    return parse_web (line, error);
  return refuse (error);
}

void
mm_mail_link_free (MmMailLink *link)
{
  if (link == NULL)
    return;
  g_free (link->server);
  g_free (link->token);
  g_free (link->gateway);
  g_free (link);
}

char *
mm_mail_link_show_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *ascii = NULL;
  gboolean bracketed;

  if (host == NULL)
    return g_strdup (url);
  ascii = g_hostname_to_ascii (host);
  bracketed = strchr (host, ':') != NULL;
  if (g_uri_get_port (uri) == -1)
    return g_strdup (ascii != NULL ? ascii : host);
  return g_strdup_printf (bracketed ? "[%s]:%d" : "%s:%d", ascii != NULL ? ascii : host,
                          g_uri_get_port (uri));
}
