"""A stand-in for the ingest of a server, for tests of the gateway agent: it answers POST /ingest/v1
as the contract says, except where a script tells it to fail, and remembers what it received."""

import gzip
import http.server
import json
import socket
import threading

KEY = 'abcdefghijklmnopqrstuvwxyz012345'


class Ingest:
    """script: called with (number of the request from 0, body) before each answer. It returns None to
    take the push, 'cut' to close without reading it, 'cut-after' to take it and close without an
    answer, or (status, headers) to refuse it."""

    def __init__(self, script=None):
        self.script = script or (lambda number, body: None)
        self.key = KEY
        self.requests = 0
        self.bodies = []      # taken, in order
        self.values = {}      # (time, device, quantity): value, in the order of their first coming
        self.again = 0        # values that came again, unchanged
        self.connections = set()
        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _take(self, body):
        stored = duplicates = 0
        self.bodies.append(body)
        for reading in body.get('readings', []):
            for quantity, value in reading['v'].items():
                name = (reading['t'], reading['device'], quantity)
                if name in self.values:
                    assert self.values[name] == value, name
                    duplicates += 1
                else:
                    self.values[name] = value
                    stored += 1
        self.again += duplicates
        return {'stored': stored, 'duplicates': duplicates, 'corrected': 0, 'late': 0,
                'quarantined': 0, 'refused': [], 'commands': []}

    def answer(self, request):
        """(status, headers, body) for a request, or None to close the connection."""
        self.connections.add(request.client_address)
        packed = request.rfile.read(int(request.headers['Content-Length']))
        number, self.requests = self.requests, self.requests + 1
        if request.path != '/ingest/v1':
            return 404, {}, {}
        if request.headers['Authorization'] != f'Token {self.key}':
            return 401, {}, {}
        assert request.headers['Content-Encoding'] == 'gzip'
        body = json.loads(gzip.decompress(packed))
        what = self.script(number, body)
        if what == 'cut':
            return None
        if isinstance(what, tuple):
            return (*what, {})
        answer = self._take(body)
        return None if what == 'cut-after' else (200, {}, answer)

    def _handler(self):
        ingest = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                with ingest.lock:
                    answer = ingest.answer(self)
                if answer is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                status, headers, content = answer
                content = json.dumps(content).encode() if isinstance(content, dict) else content
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

        return Handler
