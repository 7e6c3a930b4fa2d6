/* The gate: what may pass, and each way of hiding a second request. */
#include "mm-guard.h"

#include <string.h>

/* Cuts a request in place as libmicrohttpd does: NULs for the blanks of the first line, for each
 * byte of a line's end and for the colon. Folded lines and NULs are left to the tests. */
typedef struct
{
  char *wire;
  MmGuardHeader headers[MM_GUARD_HEADERS + 2];
  MmGuardHead head;
} Cut;

static void
cut (Cut *c, const char *text)
{
  char *line, *end;

  c->wire = g_strdup (text);
  memset (&c->head, 0, sizeof c->head);
  c->head.headers = c->headers;
  c->head.method = c->wire;
  line = strstr (c->wire, "\r\n");
  *strchr (c->wire, ' ') = '\0';
  c->head.target = c->wire + strlen (c->wire) + 1;
  *strchr (c->head.target, ' ') = '\0';
  c->head.target_length = strlen (c->head.target);
  c->head.version = c->head.target + c->head.target_length + 1;
  memset (line, 0, 2);
  for (line += 2; (end = strstr (line, "\r\n")) != line; line = end + 2)
    {
      MmGuardHeader *header = &c->headers[c->head.n_headers++];
      char *colon = strchr (line, ':');

      memset (end, 0, 2);
      *colon++ = '\0';
      colon += strspn (colon, " \t");
      *header = (MmGuardHeader){ line, strlen (line), colon, strlen (colon) };
    }
  memset (line, 0, 2);
  c->head.end = line + 2;
}

static const char *
check (const char *text, MmGuardFacts *facts)
{
  MmGuardFacts own;
  const char *code;
  Cut c;

  cut (&c, text);
  code = mm_guard_headers (&c.head, facts != NULL ? facts : &own);
  if (code == NULL)
    code = mm_guard_layout (&c.head);
  g_free (c.wire);
  return code;
}

static void
test_good (void)
{
  MmGuardFacts facts;

  g_assert_null (check ("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", &facts));
  g_assert_cmpuint (facts.length, ==, 0);
  g_assert_false (facts.chunked);
  g_assert_null (check ("GET / HTTP/1.0\r\n\r\n", NULL));
  g_assert_null (check ("POST /write?db=x HTTP/1.1\r\nHost:[::1]:8470\r\nContent-Length:\t 12\r\n"
                        "Expect: 100-continue\r\nX-Empty:\r\nX-Wide: \xe5\xae\xb6\ta \r\n\r\n",
                        &facts));
  g_assert_cmpuint (facts.length, ==, 12);
  g_assert_true (facts.expects_continue);
  g_assert_null (
      check ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", &facts));
  g_assert_true (facts.chunked);
  g_assert_null (check ("M-SEARCH / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n", NULL));
}

typedef struct
{
  const char *code;
  const char *text;
} Bad;

static void
test_bad (void)
{
  static const Bad bad[] = {
    { "method", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n" },
    { "version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost:\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost: a:port\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n" },
    { "host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n" },
    { "host", "GET / HTTP/1.0\r\nHost: <script>\r\n\r\n" },
    { "header-twice", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n" },
    { "header-twice", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n" },
    { "header-twice", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n" },
    { "header-twice", "GET / HTTP/1.1\r\nHost: a\r\nCookie: a\r\nCOOKIE: b\r\n\r\n" },
    { "header-twice",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n" },
    { "header-twice",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n" },
    { "header-name", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n" },
    { "header-name", "POST / HTTP/1.1\r\n Content-Length: 5\r\nHost: a\r\n\r\n" },
    { "header-name", "POST / HTTP/1.1\r\nHost: a\r\n: 5\r\n\r\n" },
    { "header-name", "POST / HTTP/1.1\r\nHost: a\r\nCont\xc3\xa9nt: 5\r\n\r\n" },
    { "header-value", "POST / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n" },
    { "header-value", "POST / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n" },
    { "header-value", "POST / HTTP/1.1\r\nHost: a\r\nX: a\x7f\r\n\r\n" },
    { "header-value", "POST / HTTP/1.1\r\nHost: a\r\nX: \x0b\r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 \r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n" },
    { "content-length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n" },
    { "content-length",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\n" },
    { "transfer-encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n" },
    { "transfer-encoding",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n" },
    { "transfer-encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n" },
    { "transfer-encoding", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "transfer-encoding",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" },
    { "transfer-encoding",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i].text);
      g_assert_cmpstr (check (bad[i].text, NULL), ==, bad[i].code);
    }
}

static void
test_count (void)
{
  g_autoptr (GString) text = g_string_new ("GET / HTTP/1.1\r\nHost: a\r\n");

  for (guint i = 1; i < MM_GUARD_HEADERS; i++)
    g_string_append (text, "X: y\r\n");
  g_string_append (text, "\r\n");
  g_assert_null (check (text->str, NULL));
  g_string_insert (text, (gssize) text->len - 2, "X: y\r\n");
  g_assert_cmpstr (check (text->str, NULL), ==, "header-count");
}

/* As libmicrohttpd 1.0 leaves it: blanks after a value are no part of it. */
static void
test_layout_without_blanks (void)
{
  char wire[] = "GET\0/\0HTTP/1.1\0\nHost\0 a\0\t \r\nX\0 1\0\n\r\n";
  char *host = wire + sizeof "GET\0/\0HTTP/1.1\0";
  char *last = host + sizeof "Host\0 a\0\t \r\n" - 1;
  MmGuardHeader headers[] = { { host, 4, host + 6, 1 }, { last, 1, last + 3, 1 } };
  MmGuardHead head = { .method = wire,
                       .target = wire + 4,
                       .target_length = 1,
                       .version = wire + 6,
                       .headers = headers,
                       .n_headers = 2,
                       .end = wire + sizeof wire - 1 };

  g_assert_null (mm_guard_layout (&head));

  /* Something else than blanks is hidden there. */
  host[8] = 'b';
  g_assert_cmpstr (mm_guard_layout (&head), ==, "layout-header");
  host[8] = '\t';
  head.n_headers = 1;
  g_assert_cmpstr (mm_guard_layout (&head), ==, "layout-end");
}

/* A request whose parts are not where they were on the wire hides something. */
static void
test_layout (void)
{
  MmGuardHeader *header;
  Cut c;

  cut (&c, "POST /a HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n");
  g_assert_null (mm_guard_layout (&c.head));

  /* A NUL has cut the last value: "1" was "1\0hidden". */
  c.head.end += 7;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-end");
  c.head.end -= 7;

  /* One line more than the headers say: a line that began with NUL ended them early. */
  c.head.n_headers--;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-end");
  c.head.n_headers++;

  /* A folded line: the library made a new copy of the name elsewhere. */
  header = &c.headers[1];
  header->name = "X";
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-header");
  header->name = c.headers[0].value + c.headers[0].value_length + 2;
  g_assert_null (mm_guard_layout (&c.head));

  /* A NUL in the first value moves what follows. */
  header->name += 3;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-header");
  header->name -= 3;

  /* Something else than blanks before the value. */
  header->value -= 1;
  header->value_length += 1;
  g_assert_null (mm_guard_layout (&c.head));
  ((char *) c.wire)[header->value - c.wire] = 'h';
  header->value += 1;
  header->value_length -= 1;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-header");
  g_free (c.wire);

  /* Lines that end in LF alone. */
  cut (&c, "POST /a HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n");
  c.head.end -= 1;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-end");
  g_free (c.wire);

  /* Two blanks after the method, a NUL in the target. */
  cut (&c, "POST /a HTTP/1.1\r\nHost: a\r\n\r\n");
  c.head.target++;
  c.head.target_length--;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-line");
  c.head.target--;
  g_assert_cmpstr (mm_guard_layout (&c.head), ==, "layout-line");
  g_free (c.wire);
}

static void
test_target (void)
{
  g_autofree char *longest = g_strnfill (MM_GUARD_TARGET_LENGTH, 'a');
  g_autofree char *longer = g_strnfill (MM_GUARD_TARGET_LENGTH + 1, 'a');

  longest[0] = longer[0] = '/';
  g_assert_null (mm_guard_target ("/"));
  g_assert_null (mm_guard_target ("/a/b%20c?d=%E5%AE%B6&e"));
  g_assert_null (mm_guard_target (longest));
  g_assert_cmpstr (mm_guard_target (longer), ==, "target-length");
  g_assert_cmpstr (mm_guard_target (""), ==, "target-form");
  g_assert_cmpstr (mm_guard_target ("*"), ==, "target-form");
  g_assert_cmpstr (mm_guard_target ("http://a/"), ==, "target-form");
  g_assert_cmpstr (mm_guard_target ("/a%00"), ==, "target-nul");
  g_assert_cmpstr (mm_guard_target ("/a?b=%00"), ==, "target-nul");
  g_assert_cmpstr (mm_guard_target ("/a%"), ==, "target-encoding");
  g_assert_cmpstr (mm_guard_target ("/a%4"), ==, "target-encoding");
  g_assert_cmpstr (mm_guard_target ("/a%zz"), ==, "target-encoding");
  g_assert_cmpstr (mm_guard_target ("/a b"), ==, "target-character");
  g_assert_cmpstr (mm_guard_target ("/\xe5\xae\xb6"), ==, "target-character");
  g_assert_cmpstr (mm_guard_target ("/\x01"), ==, "target-character");
}

static void
test_path (void)
{
  static const char *const good[]
      = { "/", "/a", "/a/", "/a/b.c", "/..a", "/a/.b", "/\xe5\xae\xb6" };
  static const char *const bad[]
      = { "//", "//a", "/a//b", "/.", "/..", "/a/../b", "/a/./b", "/a/..", "/./" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_null (mm_guard_path (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpstr (mm_guard_path (bad[i]), ==, "path-segment");
  g_assert_cmpstr (mm_guard_path ("a"), ==, "path-form");
  g_assert_cmpstr (mm_guard_path ("/\xff"), ==, "path-text");
  g_assert_cmpstr (mm_guard_path ("/a\nb"), ==, "path-text");
  g_assert_cmpstr (mm_guard_path ("/\x7f"), ==, "path-text");
  g_assert_cmpstr (mm_guard_path ("/\xc2\x85"), ==, "path-text");
}

static void
test_hosts (void)
{
  static const char *const allowed[] = { "example.com", "[::1]", NULL };
  static const char *const none[] = { NULL };

  g_assert_true (mm_guard_host_allowed ("Example.com", allowed));
  g_assert_true (mm_guard_host_allowed ("example.com:8470", allowed));
  g_assert_true (mm_guard_host_allowed ("[::1]", allowed));
  g_assert_true (mm_guard_host_allowed ("[::1]:443", allowed));
  g_assert_false (mm_guard_host_allowed ("example.com.evil", allowed));
  g_assert_false (mm_guard_host_allowed ("example.co", allowed));
  g_assert_false (mm_guard_host_allowed ("evil:example.com", allowed));
  g_assert_false (mm_guard_host_allowed ("[::2]", allowed));
  g_assert_true (mm_guard_host_allowed ("anything", none));
  g_assert_true (mm_guard_host_allowed ("anything", NULL));
  g_assert_true (mm_guard_host_allowed (NULL, allowed));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/good", test_good);
  g_test_add_func ("/guard/bad", test_bad);
  g_test_add_func ("/guard/count", test_count);
  g_test_add_func ("/guard/layout", test_layout);
  g_test_add_func ("/guard/layout-without-blanks", test_layout_without_blanks);
  g_test_add_func ("/guard/target", test_target);
  g_test_add_func ("/guard/path", test_path);
  g_test_add_func ("/guard/hosts", test_hosts);
  return g_test_run ();
}
