"""Pushes of a gateway that somebody has taken over: nothing that one sends may stop the others."""

import gzip
import json
import random
import threading

import pytest

PUSHES = ('/ingest/v1', '/write', '/api/v2/write')
SOUND = json.dumps({'readings': [{'t': '2026-05-01T12:00:00Z', 'device': 'pcs1', 'v': {'pv_power': 1}}]}).encode()


@pytest.fixture
def push(server):
    key = server.cli('gateway', 'add', 'A-1')['key']

    def send(path, body, **headers):
        return server.http.post(path, body=body, headers={'Authorization': f'Token {key}', **headers})

    return send


def memory(server, field):
    """Megabytes of the process: VmRSS now, VmHWM the most so far."""
    with open(f'/proc/{server.process.pid}/status', encoding='ascii') as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


@pytest.mark.parametrize('line', [b'\x01\x02 bad', b'\xff\xfe bad', b'bad \x7f', 'ü'.encode(), b'\x00'])
def test_any_line_may_be_shown(push, line):
    """What was wrong is told in a header, too, where not every byte may stand."""
    for path in PUSHES[1:]:
        answer = push(path, line)
        assert answer.status == 400
        if path == '/write':
            assert answer.headers['X-Influxdb-Error'].isprintable()


def test_mutated_pushes(push):
    chance = random.Random(7)
    for _ in range(300):
        body = bytearray(SOUND)
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.choice((0, 1, 34, 92, 127, 0xc3, 0xff, 91, 123))
        assert push(chance.choice(PUSHES), bytes(body)).status in (200, 204, 400)


@pytest.mark.parametrize('path, plain, status', [
    ('/ingest/v1', b'a' * 100_000_000, 413),
    ('/ingest/v1', b'{"readings":[' + b'{},' * 10_000_000 + b'{}]}', 413),
    ('/ingest/v1', b'[' * 30_000_000, 413),
    ('/write', b'm\n' * 15_000_000, 400),
], ids=['large', 'objects', 'lists', 'lines'])
def test_bombs(server, push, path, plain, status):
    """A few kilobytes that unpack to much take little memory, and others are served meanwhile."""
    bomb, answers = gzip.compress(plain), []
    before = memory(server, 'VmRSS')
    thread = threading.Thread(target=lambda: answers.append(push(path, bomb, **{'Content-Encoding': 'gzip'})))
    thread.start()
    served = 0
    while thread.is_alive():
        server.http.get('/healthz').expect(200)
        served += 1
    thread.join()
    assert answers[0].status == status
    assert memory(server, 'VmHWM') - before < 400
    assert served > 1


def test_large_pushes_are_taken(push):
    """What is allowed at most goes through, compressed or not."""
    readings = [{'t': f'2026-05-01T{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}Z', 'device': 'pcs1',
                 'v': {'pv_power': i}} for i in range(20_000)]
    body = json.dumps({'readings': readings}).encode()
    assert push('/ingest/v1', body).json()['stored'] == 20_000
    answer = push('/ingest/v1', gzip.compress(body), **{'Content-Encoding': 'gzip'})
    assert answer.json()['duplicates'] == 20_000
