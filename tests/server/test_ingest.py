"""Pushes from outside: the native form and line protocol, with what real clients do right and wrong."""

import base64
import contextlib
import gzip
import json
import shutil
import socket
import sqlite3
import subprocess
import threading
import zlib

import pytest

from harness.gateway import Gateway
from harness.wait import wait_for

NOON = '2026-05-01T12:00:00Z'
NOON_S = 1777636800


def reading(value=3120, time=NOON, quantity='pv_power', device='pcs1'):
    return {'t': time, 'device': device, 'v': {quantity: value}}


def counts(answer):
    found = answer.expect(200).json()
    return tuple(found[name] for name in ('stored', 'duplicates', 'corrected', 'quarantined', 'late'))


@pytest.fixture
def gateway(server):
    return Gateway(server)


# ---- native

def test_push_with_everything(gateway):
    body = {
        'sent': '2026-05-01T12:00:30Z', 'batch': 'a1b2', 'firmware': '1.4.2', 'interval_s': 30,
        'readings': [{'t': NOON, 'device': 'pcs1', 'v': {'pv_power': 3120, 'soc': 74.5, 'islanded': False}}],
        'events': [{'t': NOON, 'device': 'pcs1', 'code': 'E1-0', 'state': 'raised'}],
        'devices': [{'device': 'pcs1', 'kind': 'pcs', 'maker': 'M', 'model': 'X', 'serial': '1'}],
        'settings': {'battery_mode': {'value': 'green', 'allowed': ['green', 'economy']}},
    }
    answer = gateway.push(body).expect(200)
    assert answer.type == 'application/json'
    found = answer.json()
    assert found['stored'] == 3 and found['refused'] == [] and found['commands'] == []
    assert counts(gateway.push(body)) == (0, 3, 0, 0, 0)
    body['readings'][0]['v']['soc'] = 75
    assert counts(gateway.push(body)) == (0, 2, 1, 0, 1)
    assert gateway.values() == 3
    listed = gateway.server.cli('gateway', 'list')['gateways'][0]
    assert listed['interval_s'] == 30


def test_reported_settings_are_kept(gateway):
    """The last ones that the gateway reported, for what will change them; only a change is written."""
    def kept():
        path = gateway.server.data_dir / 'mimamori.db'
        with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as db:
            return db.execute('SELECT settings, received FROM reported_settings').fetchall()

    settings = {'battery_mode': {'value': 'green', 'allowed': ['green', 'economy']}}
    gateway.push({'settings': settings}).expect(200)
    (text, since), = kept()
    assert json.loads(text) == settings
    gateway.push({'settings': settings}).expect(200)
    gateway.push({}).expect(200)
    assert kept() == [(text, since)]
    settings['battery_mode']['value'] = 'economy'
    gateway.push({'settings': settings}).expect(200)
    (text, later), = kept()
    assert json.loads(text) == settings and later > since
    refused = gateway.push({'settings': [1]}).expect(200).json()['refused']
    assert refused[0]['field'] == 'settings' and len(kept()) == 1


def test_what_is_refused_is_told_and_the_rest_kept(gateway):
    answer = gateway.push({'readings': [
        reading(1), reading('many'), reading(None), {'t': 'yesterday', 'device': 'a', 'v': {'x': 1}},
        {'t': NOON, 'v': {'x': 1}}, 7, reading(101, quantity='soc'), reading(2, device='a\u0001b'),
        reading(5, time='2046-05-01T12:00:00Z'), reading(True, quantity='islanded')]})
    found = answer.expect(200).json()
    assert (found['stored'], found['quarantined']) == (2, 2)
    assert found['n_refused'] == len(found['refused']) == 5
    assert {refused['index'] for refused in found['refused']} == {1, 3, 4, 5, 7}
    for refused in found['refused']:
        assert refused['code'] and refused['detail'] and refused['field'].startswith('readings[')


def test_faults_without_end_are_refused(gateway):
    events = [{'device': 'pcs1', 'code': f'X{i}', 'state': 'raised'} for i in range(150)]
    refused = gateway.push({'events': events}).expect(200).json()['refused']
    assert len(refused) == 50 and {found['code'] for found in refused} == {'too-many-faults'}
    cleared = [{'device': 'pcs1', 'code': 'X0', 'state': 'cleared'}]
    assert gateway.push({'events': cleared}).expect(200).json()['refused'] == []
    assert gateway.push({'events': events[149:]}).expect(200).json()['refused'] == []
    assert len(gateway.server.cli('alert', 'list')['alerts']) == 100


def test_devices_without_end_are_refused(gateway):
    for start in range(0, 256, 64):
        devices = [{'device': f'd{i}', 'kind': 'meter'} for i in range(start, start + 64)]
        assert gateway.push({'devices': devices}).expect(200).json()['refused'] == []
    refused = gateway.push({'devices': [{'device': 'one-more'}, {'device': 'd7', 'maker': 'M'}]})
    assert [found['code'] for found in refused.expect(200).json()['refused']] == ['too-many-devices']


@pytest.mark.parametrize('body', [
    b'', b'{', b'[]', b'null', b'"x"', b'{"readings": 1e999}', b'{"readings": []} x', b'{"a": 1, "a": 2}',
    b'\xff\xfe{\x00}\x00', b'{"readings": [{"t": "\xc3("}]}', b'[' * 100000, b'{"a":' * 100000,
    b'{"readings": [{"device": "a\\u0000"}]}', b'{"readings": [99999999999999999999]}', b'\x00', b'nan',
    b'{"readings": [' + b'{"t": 1},' * 10000, b'{"x": "' + b'\\ud800' + b'"}',
])
def test_malformed_json_is_400(gateway, body):
    answer = gateway.server.http.post('/ingest/v1', body=body, headers=gateway.headers)
    assert answer.status == 400, answer
    assert answer.type == 'application/problem+json'
    assert answer.json()['code']


def test_odd_but_sound_json(gateway):
    for body in ({}, {'readings': []}, {'unknown': {'a': [1]}}, {'readings': [{'device': 'a', 'v': {}}]}):
        assert counts(gateway.push(body)) == (0, 0, 0, 0, 0), body
    # Without a time it is now, and now again is another value of another moment.
    assert counts(gateway.push({'readings': [{'device': 'a', 'v': {'x': 1}}]}))[0] == 1


# ---- who

def test_every_form_of_key(gateway):
    key, other = gateway.key, 'x' * 43
    basic = lambda user, word: 'Basic ' + base64.b64encode(f'{user}:{word}'.encode()).decode()
    good = [{'Authorization': f'Token {key}'}, {'Authorization': f'Bearer {key}'},
            {'Authorization': f'token  {key}'}, {'Authorization': f'Token {gateway.id}:{key}'},
            {'Authorization': basic(gateway.id, key)}, {'Authorization': basic('', key)}]
    bad = [{}, {'Authorization': ''}, {'Authorization': 'Token'}, {'Authorization': f'Token {other}'},
           {'Authorization': f'Bearer {other}'}, {'Authorization': key}, {'Authorization': f'Digest {key}'},
           {'Authorization': basic('GW-2', key)}, {'Authorization': basic(gateway.id, other)},
           {'Authorization': f'Token GW-2:{key}'}, {'Authorization': 'Basic %%%'},
           {'Authorization': 'Basic ' + base64.b64encode(b'nocolon').decode()}]
    http = gateway.server.http
    for path in ('/ingest/v1', '/write?db=a', '/api/v2/write?bucket=a'):
        body = json.dumps({'readings': []}) if path == '/ingest/v1' else 'm,device=a v=1 1'
        for headers in good:
            answer = http.post(path, body=body, headers=headers)
            assert answer.status in (200, 204), (path, headers, answer)
        for headers in bad:
            answer = http.post(path, body=body, headers=headers)
            assert answer.status == 401, (path, headers, answer)
            assert answer.headers['WWW-Authenticate']
    for query, status in ((f'u={gateway.id}&p={key}', 204), (f'u=&p={key}', 204), (f'p={key}', 204),
                          (f'u=GW-2&p={key}', 401), (f'u={gateway.id}&p={other}', 401), (f'u={key}', 401)):
        assert http.post(f'/write?{query}', body='m v=1 1').status == status, query


def test_key_of_another_gateway_stores_there(gateway):
    other = Gateway(gateway.server, 'GW-2')
    assert counts(gateway.push({'readings': [reading()]})) [0] == 1
    assert counts(other.push({'readings': [reading()]})) [0] == 1
    assert gateway.values() == 2


# ---- line protocol

@pytest.mark.parametrize('path, error', [('/write', 'error'), ('/api/v2/write', 'message')])
def test_write(gateway, path, error):
    assert gateway.write('pcs,device=a pv_power=1,soc=50i,on=t 1777636800000000000\n', path).status == 204
    assert gateway.write('', path).status == 204
    assert gateway.write('\n\n# comment\n', path).status == 204
    assert gateway.values() == 3
    mixed = gateway.write('m,device=a x=1 1777636800000000000\nbad line here\nm,device=b x=2 1777636800000000000\n',
                          path).expect(400)
    assert 'partial write' in mixed.json()[error] and 'dropped=1' in mixed.json()[error]
    assert gateway.values() == 5
    bad = gateway.write('what is this\n', path).expect(400)
    assert 'partial' not in bad.json()[error]
    for junk in (b'\xff\xfe', b'm x=1 \xff', b'\xe9,a=b x=1\xe9', b'm x=NaN', b'm x=1 99999999999999999999',
                 b'm x="' + b'a' * 100000, b'\x00\x01\x02', b'0 \\="="', b'm \\0=",=3,"="', b'm x=1e999',
                 b'm,\xc3(=1 x=1'):
        answer = gateway.write(junk, path)
        assert answer.status == 400, (junk[:40], answer)
        assert answer.json()[error]
    assert gateway.values() == 5


def test_precisions_say_the_same(gateway):
    for precision, factor in (('ns', 10**9), ('n', 10**9), ('u', 10**6), ('us', 10**6), ('ms', 1000), ('s', 1)):
        line = f'm,device=a x=1 {NOON_S * factor}\n'
        assert gateway.write(line, f'/write?precision={precision}').status == 204, precision
    assert gateway.write(f'm,device=a x=1 {NOON_S // 60}\n', '/write?precision=m').status == 204
    assert gateway.write(f'm,device=a x=1 {NOON_S // 3600}\n', '/write?precision=h').status == 204
    assert gateway.write(f'm,device=a x=1 {NOON_S * 10**9}\n').status == 204
    assert gateway.values() == 1
    assert gateway.write('m x=1 1', '/write?precision=d').status == 400


def test_packed_bodies(gateway):
    lines = ''.join(f'm,device=a x={i} {NOON_S - i}\n' for i in range(500)).encode()
    path = '/api/v2/write?precision=s'
    assert gateway.write(gzip.compress(lines), path, {'Content-Encoding': 'gzip'}).status == 204
    assert gateway.values() == 500
    assert gateway.write(zlib.compress(lines), path, {'Content-Encoding': 'deflate'}).status == 204
    assert gateway.write(lines, path, {'Content-Encoding': 'identity'}).status == 204
    assert gateway.values() == 500
    for broken, encoding in ((gzip.compress(lines)[:-9], 'gzip'), (lines, 'gzip'), (b'', 'gzip'), (lines, 'br')):
        answer = gateway.write(broken, path, {'Content-Encoding': encoding})
        assert answer.status == 400, (encoding, answer)
    body = json.dumps({'readings': [reading()]}).encode()
    packed = gateway.server.http.post('/ingest/v1', body=gzip.compress(body),
                                      headers={**gateway.headers, 'Content-Encoding': 'gzip'})
    assert counts(packed)[0] == 1


def test_chunked_body(gateway):
    """As the JavaScript client sends: packed, in chunks, without a length."""
    lines = gzip.compress(''.join(f'm,device=a x={i} {NOON_S - i}\n' for i in range(300)).encode())
    answer = gateway.server.http.post('/api/v2/write?precision=s', body=iter([lines[:10], lines[10:700], lines[700:]]),
                                      headers={**gateway.headers, 'Content-Encoding': 'gzip'})
    assert answer.status == 204, answer
    assert gateway.values() == 300


def test_too_large(gateway):
    big = b'm x=1 1\n' * (1024 * 1024 + 1)
    answer = raw(gateway.server, b'POST /write HTTP/1.1\r\nHost: a\r\nAuthorization: Token ' + gateway.key.encode()
                 + b'\r\nContent-Length: %d\r\n\r\n' % len(big))
    assert b' 413 ' in answer.split(b'\r\n')[0]
    bomb = gzip.compress(b'\n' * (32 * 1024 * 1024 + 1))
    for path in ('/write', '/api/v2/write', '/ingest/v1'):
        answer = gateway.write(bomb, path, {'Content-Encoding': 'gzip'})
        assert answer.status == 413, answer
    assert gateway.write(gzip.compress(b'\n' * (32 * 1024 * 1024)), '/write',
                         {'Content-Encoding': 'gzip'}).status == 204


def raw(server, data):
    with socket.create_connection(('127.0.0.1', server.port), timeout=20) as peer:
        peer.sendall(data)
        peer.settimeout(20)
        found = b''
        while b'\r\n\r\n' not in found:
            part = peer.recv(65536)
            if not part:
                break
            found += part
        return found


def test_body_cut_short_is_nothing(gateway):
    head = (b'POST /write HTTP/1.1\r\nHost: a\r\nAuthorization: Token ' + gateway.key.encode()
            + b'\r\nContent-Length: 100\r\n\r\nm,device=a x=1 1\n')
    with socket.create_connection(('127.0.0.1', gateway.server.port)) as peer:
        peer.sendall(head)
    gateway.write('m,device=b x=1 1').expect(204)
    assert gateway.values() == 1


def test_ping_and_query(http):
    for method in ('GET', 'HEAD'):
        answer = http.request(method, '/ping').expect(204)
        assert answer.headers['X-Influxdb-Version']
    assert http.get('/query?q=SHOW+DATABASES').expect(200).json()['results']
    assert http.post('/query', body='q=CREATE DATABASE x').expect(200).json()['results']


def test_influx_import(gateway, folder):
    """A real client, as people move their old data."""
    if not shutil.which('influx'):
        pytest.skip('influx is not installed')
    file = folder / 'export.txt'
    lines = '\n'.join(f'pcs,device=pcs1 pv_power={i % 4000},soc={i % 101} {NOON_S - i * 60}' for i in range(12000))
    file.write_text('# DDL\nCREATE DATABASE house\n# DML\n# CONTEXT-DATABASE: house\n' + lines + '\n')
    done = subprocess.run(['influx', '-import', '-path', str(file), '-precision', 's', '-host', '127.0.0.1',
                           '-port', str(gateway.server.port), '-username', gateway.id, '-password', gateway.key],
                          capture_output=True, text=True, timeout=100, env=gateway.server.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'Failed 0 inserts' in done.stdout + done.stderr
    assert gateway.values() == 24000


# ---- many at once

def test_64_clients_push_the_same(gateway):
    bodies = [[reading(i, time=f'2026-05-01T{h:02}:00:00Z', quantity=f'x{i}') for i in range(20)] for h in range(10)]
    totals, failures = [], []
    lock = threading.Lock()

    def client():
        try:
            stored = 0
            for readings in bodies:
                found = counts(gateway.push({'readings': readings}))
                assert found[0] + found[1] == 20 and found[2] == 0, found
                stored += found[0]
            with lock:
                totals.append(stored)
        except Exception as problem:
            failures.append(problem)

    threads = [threading.Thread(target=client) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[:3]
    assert sum(totals) == 200
    assert gateway.values() == 200
    gateway.server.kill9()
    gateway.server.start()
    assert gateway.values() == 200


def test_pipelined_pushes_are_answered_in_order(gateway):
    request = (b'POST /write HTTP/1.1\r\nHost: a\r\nAuthorization: Token ' + gateway.key.encode()
               + b'\r\nContent-Length: 16\r\n\r\nm,device=a x=%d 1')
    with socket.create_connection(('127.0.0.1', gateway.server.port), timeout=20) as peer:
        peer.sendall(b''.join(request % (i % 10) for i in range(50)))
        found = b''
        while found.count(b'HTTP/1.1 204') < 50:
            part = peer.recv(65536)
            assert part, found
            found += part
    assert gateway.values() == 1


# ---- when it is too much

def test_full_queue_is_503_on_every_path(gateway):
    server = gateway.server
    server.expect_warning('stumbled')
    server.stall(1.5, fill=True)
    for path, body in (('/ingest/v1', json.dumps({'readings': [reading()]})), ('/write', 'm x=1 1'),
                       ('/api/v2/write', 'm x=1 1')):
        answer = server.http.post(path, body=body, headers=gateway.headers)
        assert answer.status == 503, (path, answer)
        assert int(answer.headers['Retry-After']) >= 1
    server.http.get('/healthz').expect(200)
    # And it is itself again.
    wait_for(lambda: gateway.write('m,device=a x=1 1').status == 204)
    assert gateway.values() == 1


def test_stalled_disk_delays_the_answer_only(gateway):
    gateway.server.stall(0.5)
    assert gateway.write('m,device=a x=1 1').status == 204
    assert gateway.values() == 1


def test_silence_and_contact(gateway):
    server = gateway.server
    statuses = lambda: {line.split('"')[1]: int(line.split()[-1])
                        for line in server.operator('GET', '/metrics').text.splitlines()
                        if line.startswith('mimamori_gateways{')}
    assert statuses()['never_seen'] == 1
    gateway.push({}).expect(200)
    assert statuses()['normal'] == 1
    server.advance(86400)
    assert statuses()['offline'] == 1
    gateway.push({}).expect(200)
    assert statuses()['normal'] == 1
