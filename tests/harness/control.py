"""The control socket, as the operator's programs use it."""

import http.client
import socket

from .client import Answer


class Control(http.client.HTTPConnection):
    def __init__(self, server):
        super().__init__('localhost', timeout=30)
        self.path = str(server.data_dir / 'control.sock')

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def ask(server, method, path, body=None, headers=None):
    """One request and its answer."""
    control = Control(server)
    try:
        control.request(method, path, body, headers or {})
        return Answer(control.getresponse())
    finally:
        control.close()


def routes(server):
    """The table of routes: dicts of method, path, who, page."""
    return ask(server, 'GET', '/operator/v1/routes').expect(200).json()['routes']
