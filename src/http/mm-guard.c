#include "mm-guard.h"

#include <string.h>

/* RFC 9110 §5.6.2 tchar. */
static gboolean
is_token_char (guchar c)
{
  static const char others[] = "!#$%&'*+-.^_`|~";

  return g_ascii_isalnum (c) || (c != '\0' && strchr (others, c) != NULL);
}

static gboolean
is_token (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_token_char ((guchar) text[i]))
      return FALSE;
  return length > 0;
}

static gboolean
is_value (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if ((c < 0x20 && c != '\t') || c == 0x7f)
        return FALSE;
    }
  return TRUE;
}

const char *
mm_guard_target (const char *target)
{
  gsize length = strlen (target);

  if (length > MM_GUARD_TARGET_LENGTH)
    return "target-length";
  if (target[0] != '/')
    return "target-form";
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) target[i];

      if (c <= 0x20 || c >= 0x7f)
        return "target-character";
      if (c != '%')
        continue;
      if (!g_ascii_isxdigit (target[i + 1]) || !g_ascii_isxdigit (target[i + 2]))
        return "target-encoding";
      /* A NUL would end the text for everything behind the library. */
      if (target[i + 1] == '0' && target[i + 2] == '0')
        return "target-nul";
    }
  return NULL;
}

const char *
mm_guard_path (const char *path)
{
  if (path[0] != '/')
    return "path-form";
  if (!g_utf8_validate (path, -1, NULL))
    return "path-text";
  for (const char *c = path; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return "path-text";
  for (const char *segment = path + 1;;)
    {
      gsize length = strcspn (segment, "/");
      gboolean last = segment[length] == '\0';

      if ((length == 0 && !last) || (length == 1 && segment[0] == '.')
          || (length == 2 && segment[0] == '.' && segment[1] == '.'))
        return "path-segment";
      if (last)
        return NULL;
      segment += length + 1;
    }
}

/* uri-host [ ":" port ], loosely: nothing in it may mean something in a log or a link. */
static gboolean
is_host (const char *text, gsize length)
{
  gsize i = 0;

  if (length == 0 || length > 262)
    return FALSE;
  if (text[0] == '[')
    {
      for (i = 1; i < length && text[i] != ']'; i++)
        if (!g_ascii_isxdigit (text[i]) && text[i] != ':' && text[i] != '.')
          return FALSE;
      if (i == length || i < 3)
        return FALSE;
      i++;
    }
  else
    while (i < length && (g_ascii_isalnum (text[i]) || strchr ("-._", text[i]) != NULL))
      i++;
  if (i == 0)
    return FALSE;
  if (i == length)
    return TRUE;
  if (text[i++] != ':' || length - i > 5)
    return FALSE;
  for (; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

/* The fields that may come only once, because what they say decides something. */
typedef enum
{
  FIELD_HOST,
  FIELD_CONTENT_LENGTH,
  FIELD_TRANSFER_ENCODING,
  FIELD_EXPECT,
  FIELD_AUTHORIZATION,
  FIELD_CONTENT_TYPE,
  FIELD_CONTENT_ENCODING,
  FIELD_COOKIE,
  FIELD_ORIGIN,
  FIELD_FORWARDED_PROTO,
  N_FIELDS,
} Field;

static Field
field_of (const MmGuardHeader *header)
{
  static const struct
  {
    const char *name;
    gsize length;
  } fields[N_FIELDS] = {
    [FIELD_HOST] = { "Host", 4 },
    [FIELD_CONTENT_LENGTH] = { "Content-Length", 14 },
    [FIELD_TRANSFER_ENCODING] = { "Transfer-Encoding", 17 },
    [FIELD_EXPECT] = { "Expect", 6 },
    [FIELD_AUTHORIZATION] = { "Authorization", 13 },
    [FIELD_CONTENT_TYPE] = { "Content-Type", 12 },
    [FIELD_CONTENT_ENCODING] = { "Content-Encoding", 16 },
    [FIELD_COOKIE] = { "Cookie", 6 },
    [FIELD_ORIGIN] = { "Origin", 6 },
    [FIELD_FORWARDED_PROTO] = { "X-Forwarded-Proto", 17 },
  };

  for (Field field = 0; field < N_FIELDS; field++)
    if (fields[field].length == header->name_length
        && g_ascii_strncasecmp (fields[field].name, header->name, header->name_length) == 0)
      return field;
  return N_FIELDS;
}

static gboolean
parse_length (const MmGuardHeader *header, guint64 *length)
{
  *length = 0;
  /* 18 digits are an exabyte and cannot overflow. */
  if (header->value_length == 0 || header->value_length > 18)
    return FALSE;
  for (gsize i = 0; i < header->value_length; i++)
    {
      if (!g_ascii_isdigit (header->value[i]))
        return FALSE;
      *length = *length * 10 + (guint64) (header->value[i] - '0');
    }
  return TRUE;
}

const char *
mm_guard_headers (const MmGuardHead *head, MmGuardFacts *facts)
{
  const MmGuardHeader *seen[N_FIELDS] = { NULL };
  gboolean new = strcmp (head->version, "HTTP/1.1") == 0;
  const MmGuardHeader *header;

  memset (facts, 0, sizeof *facts);
  if (!is_token (head->method, strlen (head->method)))
    return "method";
  if (!new &&strcmp (head->version, "HTTP/1.0") != 0)
    return "version";
  if (head->n_headers > MM_GUARD_HEADERS)
    return "header-count";
  for (guint i = 0; i < head->n_headers; i++)
    {
      Field field;

      header = &head->headers[i];
      if (!is_token (header->name, header->name_length))
        return "header-name";
      if (!is_value (header->value, header->value_length))
        return "header-value";
      field = field_of (header);
      if (field == N_FIELDS)
        continue;
      if (seen[field] != NULL)
        return "header-twice";
      seen[field] = header;
    }

  if (seen[FIELD_CONTENT_LENGTH] != NULL
      && !parse_length (seen[FIELD_CONTENT_LENGTH], &facts->length))
    return "content-length";
  if ((header = seen[FIELD_TRANSFER_ENCODING]) != NULL)
    {
      if (!new || seen[FIELD_CONTENT_LENGTH] != NULL || header->value_length != 7
          || g_ascii_strncasecmp (header->value, "chunked", 7) != 0)
        return "transfer-encoding";
      facts->chunked = TRUE;
    }
  header = seen[FIELD_HOST];
  if (header != NULL ? !is_host (header->value, header->value_length) : new)
    return "host";
  facts->host = header != NULL ? header->value : NULL;
  facts->expects_continue = seen[FIELD_EXPECT] != NULL;
  return NULL;
}

const char *
mm_guard_layout (const MmGuardHead *head)
{
  const char *next;

  /* The library puts NULs where a part ends: for SP, for ":" and for each byte of CRLF. */
  if (head->target != head->method + strlen (head->method) + 1
      || head->version != head->target + head->target_length + 1)
    return "layout-line";
  next = head->version + strlen (head->version) + 2;
  for (guint i = 0; i < head->n_headers; i++)
    {
      const MmGuardHeader *header = &head->headers[i];
      const char *c = next + header->name_length + 1;

      if (header->name != next || header->value < c || header->value >= head->end)
        return "layout-header";
      while (c < header->value && (*c == ' ' || *c == '\t'))
        c++;
      if (c != header->value)
        return "layout-header";
      next = header->value + header->value_length + 2;
      /* Since 1.0 blanks after a value are cut off: the first one is the NUL, and CRLF stays as it
       * was. */
      for (c = next - 1; c < head->end && (*c == ' ' || *c == '\t'); c++)
        ;
      if (head->end - c >= 2 && memcmp (c, "\r\n", 2) == 0)
        next = c + 2;
    }
  return next + 2 == head->end ? NULL : "layout-end";
}

gboolean
mm_guard_host_allowed (const char *host, const char *const *allowed)
{
  const char *colon;
  gsize length;

  if (allowed == NULL || allowed[0] == NULL || host == NULL)
    return TRUE;
  colon = strrchr (host, ':');
  length = colon != NULL && strchr (colon, ']') == NULL ? (gsize) (colon - host) : strlen (host);
  for (; *allowed != NULL; allowed++)
    if (strlen (*allowed) == length && g_ascii_strncasecmp (*allowed, host, length) == 0)
      return TRUE;
  return FALSE;
}
