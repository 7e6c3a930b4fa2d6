"""Gateways that push over connections that are kept, without waiting for the answer."""

import json
import select
import socket
import time

from .wait import patient


class Key:
    """A gateway that was added: its ID and key."""

    def __init__(self, made):
        self.id, self.key = made['id'], made['key']


def add_gateways(server, number, prefix='GW'):
    """Adds so many in one go."""
    table = server.folder / f'{prefix}.csv'
    table.write_text('id\n' + ''.join(f'{prefix}-{n}\n' for n in range(number)))
    return [Key(made) for made in server.cli('gateway', 'import', str(table))['gateways']]


def metric(server, name):
    """One number of /metrics."""
    for line in server.operator('GET', '/metrics').expect(200).text.splitlines():
        if line.startswith(name + ' '):
            return int(line.split()[1])
    raise AssertionError(f'no {name}')


class Wire:
    """One kept connection of a gateway, with at most one push on its way."""

    def __init__(self, server, gateway, timeout=30):
        self.socket = socket.create_connection(('127.0.0.1', server.port), patient(timeout))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f'Host: a\r\nAuthorization: Token {gateway.key}\r\n'
        self.sent = self.took = 0

    def send(self, path, body):
        body = body.encode()
        self.sent = time.monotonic()
        self.socket.sendall(f'POST {path} HTTP/1.1\r\n{self.head}Content-Length: {len(body)}\r\n\r\n'.encode()
                            + body)

    def has_answer(self, seconds=0):
        """Whether there is an answer within so many seconds."""
        return bool(select.select([self.socket], [], [], seconds)[0])

    def answer(self):
        """(status, headers in lower case) of the push under way; took: its seconds, body: what it says."""
        found = b''
        while b'\r\n\r\n' not in found:
            found += self._more()
        self.took = time.monotonic() - self.sent
        head, body = found.split(b'\r\n\r\n', 1)
        first, *lines = head.decode('latin-1').split('\r\n')
        headers = {name.lower(): value.strip() for name, value in (line.split(':', 1) for line in lines)}
        while len(body) < int(headers.get('content-length', 0)):
            body += self._more()
        self.body = body
        return int(first.split()[1]), headers

    def json(self):
        """The body of the last answer."""
        return json.loads(self.body)

    def _more(self):
        part = self.socket.recv(65536)
        assert part, 'the server closed the connection'
        return part

    def close(self):
        self.socket.close()
