"""A few lines that keep the outer contract of mimamori-server, to see that the harness notices what
it must notice: stand_in.py FLAW serve … | stand_in.py FLAW COMMAND … --json"""

import http.server
import json
import signal
import sys
import threading

REPORT = '==1==ERROR: LeakSanitizer: detected memory leaks'
CRITICAL = '(process:1): mm-http-CRITICAL **: 00:00:00.000: assertion failed'
WARNING = '(process:1): mm-mail-WARNING **: 00:00:00.000: mail server did not answer'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        cookie = self.headers.get('Cookie', '')
        language = self.headers.get('Accept-Language', '')
        self.answer(200, f'<!doctype html><title>One</title><meta name="viewport" '
                    f'content="width=device-width"><style>@media (prefers-color-scheme: dark) '
                    f'{{ html {{ background: black }} }}</style><script>document.title = "ran"</script>'
                    f'<p>{language}</p><p>{cookie}</p><form method="post"><input name="who">'
                    f'<input type="checkbox" name="tick"><button>Go on</button></form>')

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        self.answer(200, f'<!doctype html><title>Two</title><p>{body}</p>')

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Set-Cookie', 'seen=yes; HttpOnly')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def serve(flaw, arguments):
    if flaw == 'silent':
        sys.exit('cannot bind')
    host, port = arguments[arguments.index('--listen') + 1].rsplit(':', 1)
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f'listening on http://{host}:{server.server_address[1]}', flush=True)
    server.serve_forever()
    server.server_close()
    for name, line in (('leak', REPORT), ('critical', CRITICAL), ('warning', WARNING)):
        if flaw == name:
            print(line, file=sys.stderr)
    sys.exit(3 if flaw == 'status' else 0)


if __name__ == '__main__':
    what, command, *rest = sys.argv[1:]
    if command == 'serve':
        serve(what, rest)
    if '--data-dir' not in rest:
        sys.exit(2)
    print(json.dumps({'command': command}))
