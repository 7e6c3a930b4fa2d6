"""A plain HTTP client: one request per connection, no redirect followed, cookies kept."""

import http.client
import json
import socket
import ssl
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode('utf-8')

    @property
    def type(self):
        return (self.headers.get('Content-Type') or '').split(';')[0].strip()

    def json(self):
        return json.loads(self.body)

    def expect(self, status):
        """Returns itself if the status is the expected one."""
        assert self.status == status, f'{self.status} instead of {status}: {self.body[:2000]!r}'
        return self

    def __repr__(self):
        return f'<{self.status} {self.type} {self.body[:200]!r}>'


class Http:
    def __init__(self, url, headers=None, timeout=30):
        """headers go with every request, for example {'Authorization': 'Token KEY'}."""
        parts = urlsplit(url)
        self.url = url
        self.host, self.port, self.tls = parts.hostname, parts.port, parts.scheme == 'https'
        self.headers = dict(headers or {})
        self.cookies = {}
        self.timeout = timeout

    def with_headers(self, **headers):
        """Another client of the same server, without these cookies; a_b is sent as a-b."""
        more = {name.replace('_', '-'): value for name, value in headers.items()}
        return Http(self.url, {**self.headers, **more}, self.timeout)

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout,
                                               context=ssl._create_unverified_context())
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def request(self, method, path, *, query=None, body=None, json_body=None, form=None, headers=None):
        sent = dict(self.headers)
        if json_body is not None:
            body = json.dumps(json_body, ensure_ascii=False).encode()
            sent['Content-Type'] = 'application/json'
        elif form is not None:
            body = urlencode(form).encode()
            sent['Content-Type'] = 'application/x-www-form-urlencoded'
            sent.setdefault('Origin', self.url)
        elif isinstance(body, str):
            body = body.encode()
        if self.cookies:
            sent['Cookie'] = '; '.join(f'{name}={value}' for name, value in self.cookies.items())
        sent.update(headers or {})
        if query:
            path += ('&' if '?' in path else '?') + urlencode(query)
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for header in answer.headers.get_all('Set-Cookie') or []:
            for name, morsel in SimpleCookie(header).items():
                if morsel.value and morsel['max-age'] != '0':
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    def get(self, path, **more):
        return self.request('GET', path, **more)

    def post(self, path, json_body=None, **more):
        return self.request('POST', path, json_body=json_body, **more)

    def put(self, path, json_body=None, **more):
        return self.request('PUT', path, json_body=json_body, **more)

    def patch(self, path, json_body=None, **more):
        return self.request('PATCH', path, json_body=json_body, **more)

    def delete(self, path, **more):
        return self.request('DELETE', path, **more)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__('localhost', timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class ControlHttp(Http):
    """The same over a server's control socket."""

    def __init__(self, path):
        super().__init__('http://localhost')
        self.path = path

    def connection(self):
        return _UnixConnection(self.path, self.timeout)
