"""A reader of the live feed, as the desktop app is one."""

import json
import threading

from .wait import wait_for


class Live:
    def __init__(self, http, cursor=None, query=None):
        """http: a dealer's client, see Shop.api()."""
        self.events = []
        self.cursor = None
        self.ended = False
        headers = {**http.headers, 'Accept': 'text/event-stream'}
        if cursor:
            headers['Last-Event-ID'] = cursor
        self.connection = http.connection()
        self.connection.request('GET', '/api/v1/live' + (f'?cursor={query}' if query else ''),
                                headers=headers)
        # The connection forgets its socket once the answer is to be read to its end.
        self.socket = self.connection.sock
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        assert self.response.headers['Content-Type'].startswith('text/event-stream')
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        name, data = 'message', []
        try:
            for line in self.response:
                line = line.decode('utf-8').rstrip('\n')
                field, _, value = line.partition(': ')
                if field == 'event':
                    name = value
                elif field == 'id':
                    self.cursor = value
                elif field == 'data':
                    data.append(value)
                elif not line and data:
                    self.events.append((name, json.loads('\n'.join(data))))
                    name, data = 'message', []
        except (OSError, ValueError, AttributeError):
            pass
        self.ended = True

    def all(self, name):
        return [data for kind, data in list(self.events) if kind == name]

    def wait(self, name, condition=lambda data: True, timeout=10):
        """The first event of this name that fits."""
        return wait_for(lambda: next((data for data in self.all(name) if condition(data)), None),
                        timeout, f'{name} on the live feed, of {[kind for kind, _ in self.events]}')

    def close(self):
        try:
            self.socket.shutdown(2)
        except OSError:
            pass
        self.thread.join(10)
        self.connection.close()
