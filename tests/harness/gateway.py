"""A gateway of a real server, as its key sees it: ways to push, and what became of it."""

import csv
import io


class Gateway:
    """A gateway of a server, and its ways to push."""

    def __init__(self, server, name='GW-1'):
        self.server = server
        made = server.cli('gateway', 'add', name)
        self.id, self.key = made['id'], made['key']

    @property
    def headers(self):
        return {'Authorization': f'Token {self.key}'}

    def push(self, body, headers=None):
        return self.server.http.post('/ingest/v1', body, headers={**self.headers, **(headers or {})})

    def write(self, lines, path='/write?db=x', headers=None):
        return self.server.http.post(path, body=lines, headers={**self.headers, **(headers or {})})

    def values(self):
        return metric(self.server, 'mimamori_values')


def metric(server, name):
    for line in server.operator('GET', '/metrics').expect(200).text.splitlines():
        if line.startswith(name + ' '):
            return int(line.split()[1])
    raise AssertionError(f'no {name}')


def exported(server, gateway):
    """All that is stored of a gateway: {(device, quantity): {time as text: value}}."""
    found = {}
    for row in csv.DictReader(io.StringIO(server.run('export', '--gateway', gateway).stdout)):
        found.setdefault((row['device'], row['quantity']), {})[row['time']] = float(row['value'])
    return found
