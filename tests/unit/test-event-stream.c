/* Server-sent events, in pieces of every size, and what is no event. */
#include "mm-event-stream.h"

#include <string.h>

/* What came, as "name=data|", of @text fed @size bytes at a time. */
static char *
read_all (MmEventStream *stream, const char *text, gsize length, gsize size)
{
  GString *out = g_string_new (NULL);
  MmEvent event;

  for (gsize at = 0; at < length; at += size)
    {
      mm_event_stream_feed (stream, text + at, MIN (size, length - at));
      while (mm_event_stream_next (stream, &event))
        {
          g_assert_cmpuint (event.length, ==, strlen (event.data));
          g_string_append_printf (out, "%s=%s|", event.name, event.data);
        }
    }
  return g_string_free (out, FALSE);
}

static void
check (const char *text, const char *expected, const char *id)
{
  for (gsize size = 1; size <= strlen (text) + 1; size++)
    {
      g_autoptr (MmEventStream) stream = mm_event_stream_new ();
      g_autofree char *got = read_all (stream, text, strlen (text), size);

      g_assert_cmpstr (got, ==, expected);
      g_assert_cmpstr (mm_event_stream_id (stream), ==, id);
    }
}

static void
test_events (void)
{
  check ("", "", NULL);
  check ("event: gateway\ndata: {}\n\n", "gateway={}|", NULL);
  check ("data: {}\n\n", "message={}|", NULL);
  check ("data:{}\n\n", "message={}|", NULL);
  check ("data:  two\n\n", "message= two|", NULL);
  check ("id: e-7\nevent: cursor\ndata: {}\n\ndata: x\n\n", "cursor={}|message=x|", "e-7");
  check ("data: a\ndata: b\n\n", "message=a\nb|", NULL);
  check ("data\n\n", "message=|", NULL);
}

static void
test_lines_end_in_three_ways (void)
{
  check ("event: a\rdata: 1\r\rdata: 2\r\n\r\ndata: 3\n\n", "a=1|message=2|message=3|", NULL);
}

static void
test_byte_order_mark (void)
{
  check ("\xEF\xBB\xBF"
         "data: 1\n\n",
         "message=1|", NULL);
  check ("\xEF\xBB: no field\ndata: 1\n\n", "message=1|", NULL);
}

static void
test_what_is_no_event (void)
{
  check (": heartbeat\n\n: heartbeat\n\n", "", NULL);
  check ("event: nothing\n\ndata: 1\n\n", "message=1|", NULL);
  check ("retry: 9\nsomething: else\nnothing\ndata: 1\n\n", "message=1|", NULL);
  check ("data: never finished\n", "", NULL);
  check ("id: 1\n\n", "", "1");
}

static void
test_too_long_is_passed_over (void)
{
  const gsize sizes[] = { 999, 4096, 1 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (MmEventStream) stream = mm_event_stream_new ();
      g_autoptr (GString) text = g_string_new ("data: ok\n\nid: lost\ndata: ");
      g_autofree char *got = NULL;

      for (gsize n = 0; n <= MM_EVENT_LINE_MAX; n++)
        g_string_append_c (text, 'x');
      g_string_append (text, "\ndata: more of it\n\n");
      /* An event of many lines, each of them short enough */
      for (gsize n = 0; n <= MM_EVENT_DATA_MAX; n += 1000)
        {
          g_string_append (text, "data: ");
          for (guint k = 0; k < 1000; k++)
            g_string_append_c (text, 'y');
          g_string_append_c (text, '\n');
        }
      g_string_append (text, "\nid: 3\ndata: after\n\n");
      got = read_all (stream, text->str, text->len, sizes[i]);
      g_assert_cmpstr (got, ==, "message=ok|message=after|");
      g_assert_cmpstr (mm_event_stream_id (stream), ==, "3");
    }
}

static void
test_nul_in_id (void)
{
  g_autoptr (MmEventStream) stream = mm_event_stream_new ();
  const char text[] = "id: a\0b\ndata: 1\n\n";
  g_autofree char *got = read_all (stream, text, sizeof text - 1, 5);

  g_assert_cmpstr (got, ==, "message=1|");
  g_assert_null (mm_event_stream_id (stream));
}

static void
test_noise (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  const char letters[] = "\r\n\n: deivntaspx\xEF\0";

  for (guint game = 0; game < 2000; game++)
    {
      g_autoptr (MmEventStream) stream = mm_event_stream_new ();
      char text[300];

      for (guint i = 0; i < sizeof text; i++)
        text[i] = letters[g_rand_int_range (rand, 0, sizeof letters)];
      for (guint at = 0; at < sizeof text;)
        {
          guint n = (guint) g_rand_int_range (rand, 1, 60);
          MmEvent event;

          n = MIN (n, (guint) sizeof text - at);
          mm_event_stream_feed (stream, text + at, n);
          while (mm_event_stream_next (stream, &event))
            g_assert_cmpuint (event.length, <, sizeof text);
          at += n;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-stream/events", test_events);
  g_test_add_func ("/event-stream/line-ends", test_lines_end_in_three_ways);
  g_test_add_func ("/event-stream/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/event-stream/no-event", test_what_is_no_event);
  g_test_add_func ("/event-stream/too-long", test_too_long_is_passed_over);
  g_test_add_func ("/event-stream/nul-in-id", test_nul_in_id);
  g_test_add_func ("/event-stream/noise", test_noise);
  return g_test_run ();
}
