"""Line protocol as the clients in the field send it: the clients themselves (`influx -import` is in
test_ingest.py)."""

import json
import math
import struct
import threading
from datetime import datetime

import pytest

from harness import fronius
from harness.gateway import Gateway, exported
from harness.node import node_folder, run_node
from harness.vmagent import Vmagent
from harness.wait import wait_for

NOON_S = 1777636800


@pytest.fixture
def gateway(server):
    return Gateway(server)


# ---- python3-influxdb, as Home Assistant uses it

@pytest.fixture
def influxdb(monkeypatch):
    monkeypatch.setenv('NO_PROXY', '127.0.0.1')
    return pytest.importorskip('influxdb', reason='python3-influxdb is not installed')


def client_of(influxdb, gateway, **more):
    return influxdb.InfluxDBClient('127.0.0.1', gateway.server.port, gateway.id, gateway.key, 'house',
                                   timeout=60, retries=1, **more)


@pytest.mark.parametrize('packed', [False, True])
def test_python_influxdb(gateway, influxdb, packed):
    client = client_of(influxdb, gateway, gzip=packed)
    assert client.ping()
    client.create_database('house')
    points = [{'measurement': 'W', 'tags': {'domain': 'sensor', 'entity_id': 'pv_power'},
               'time': NOON_S + i, 'fields': {'value': float(i), 'state': 'text'}} for i in range(2500)]
    assert client.write_points(points, time_precision='s', batch_size=1000)
    assert client.write_points(points, time_precision='s')
    found = exported(gateway.server, gateway.id)
    assert list(found) == [('home', 'pv_power')]
    assert sorted(found['home', 'pv_power'].values()) == list(range(2500))
    client.close()


def test_python_influxdb_learns_of_a_bad_line(gateway, influxdb):
    client = client_of(influxdb, gateway)
    lines = [f'pcs,device=a x=1 {NOON_S}', 'no line', f'pcs,device=b x=1 {NOON_S}']
    with pytest.raises(influxdb.exceptions.InfluxDBClientError) as told:
        client.write_points(lines, time_precision='s', protocol='line')
    assert told.value.code == 400 and 'partial write: line 2: ' in str(told.value)
    assert gateway.values() == 2
    client.close()


def test_python_influxdb_with_a_wrong_key(gateway, influxdb):
    client = influxdb.InfluxDBClient('127.0.0.1', gateway.server.port, gateway.id, 'x' * 43, 'house', retries=1)
    with pytest.raises(influxdb.exceptions.InfluxDBClientError) as told:
        client.write_points([f'm x=1 {NOON_S}'], time_precision='s', protocol='line')
    assert told.value.code == 401
    client.close()


# ---- @influxdata/influxdb-client of npm

def write_by_node(gateway, count, retries=5):
    return json.loads(run_node('influx-write.js', gateway.server.url, gateway.key, NOON_S, count, retries,
                               environment=gateway.server.environment))


def check_written(gateway, told, count):
    assert len(told['failed']) == 1 and told['failed'][0]['status'] == 400, told
    assert 'partial write: line 2: ' in told['failed'][0]['message']
    found = exported(gateway.server, gateway.id)
    assert list(found['pcs1', 'pv_power'].values()) == list(range(count))
    assert sum(found['pcs1', 'islanded'].values()) == count / 2
    # The good lines around the bad one.
    assert list(found['pcs2', 'pv_power'].values()) == [1] and list(found['pcs2', 'soc'].values()) == [2]


def test_javascript_client(gateway):
    """Packed, in chunks, without a length; only 204 is success."""
    told = write_by_node(gateway, 6000)
    assert told['retried'] == 0
    check_written(gateway, told, 6000)


def test_javascript_client_while_the_server_is_busy(gateway):
    """It reads Retry-After as milliseconds, and gives up after as many tries as by default."""
    node_folder()
    gateway.server.expect_warning('stumbled')
    busy = threading.Thread(target=gateway.server.stall, args=(2,), kwargs={'fill': True})
    busy.start()
    told = write_by_node(gateway, 3000)
    busy.join()
    check_written(gateway, told, 3000)


def test_javascript_client_while_the_server_is_away(gateway):
    """Nobody answers at first; what waits is sent once somebody does."""
    node_folder()
    gateway.server.stop()
    found = []
    away = threading.Thread(target=lambda: found.append(write_by_node(gateway, 2000, retries=200)))
    away.start()
    gateway.server.start()
    away.join()
    check_written(gateway, found[0], 2000)


# ---- vmagent: stores and forwards, in blocks that overtake one another

def source_of_truth():
    """Lines of a day or more, and what must be stored: {(device, quantity): {milliseconds: value}}."""
    try:
        points = fronius.points()[:24000]
    except pytest.skip.Exception:
        points = [fronius.Point(NOON_S * 10**6 + i * 60_000_000, device, quantity, float(i % 977))
                  for i in range(1500) for device, quantity in (('pcs1', 'pv_power'), ('battery', 'soc'))]
    points = [point for point in points if math.isfinite(point.value)]
    expected, lines = {}, {}
    for point in points:
        ms = point.time // 1000
        expected.setdefault((point.device, point.quantity), {})[ms] = point.value
        lines.setdefault((ms, point.device), []).append(f'{point.quantity}={point.value!r}')
    return [f'{device},device={device} {",".join(fields)} {ms}' for (ms, device), fields in lines.items()], expected


def milliseconds(text):
    return round(datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp() * 1000)


def test_vmagent_keeps_what_nobody_takes(gateway, folder):
    """The server is away for a while; then everything arrives once, and the sums are the source's."""
    lines, expected = source_of_truth()
    total = sum(len(points) for points in expected.values())
    third = len(lines) // 3
    with Vmagent(folder, gateway) as agent:
        agent.write(lines[:third], 'ms')
        wait_for(lambda: gateway.values() > 0, 60)
        gateway.server.stop()
        for start in range(third, 2 * third, 500):
            agent.write(lines[start:min(start + 500, 2 * third)], 'ms')
        gateway.server.start()
        agent.write(lines[2 * third:], 'ms')
        wait_for(lambda: gateway.values() == total, 120, 'everything to arrive')
    found = {name: {milliseconds(time): value for time, value in points.items()}
             for name, points in exported(gateway.server, gateway.id).items()}
    assert found == expected
    for name, points in expected.items():
        assert sum(found[name].values()) == sum(points.values())
    assert gateway.server.cli('check')['values'] == total


def test_vmagent_is_mapped_as_the_lines_are(gateway, folder):
    with Vmagent(folder, gateway) as agent:
        agent.write([f'SENEC inverter_power=5,bat_power_plus=7,bat_power_minus=0,odd=1 {NOON_S}',
                     f'pcs,device=pcs1 pv_power=4,odd=2 {NOON_S}', f'meter,room=1 v=3 {NOON_S}',
                     f'W,domain=sensor,entity_id=pv_power value=6 {NOON_S}'], 's')
        wait_for(lambda: gateway.values() == 7, 60)
    assert {name: list(points.values()) for name, points in exported(gateway.server, gateway.id).items()} == {
        ('senec', 'pv_power'): [5], ('senec', 'battery_power'): [-7], ('senec', 'odd'): [1],
        ('pcs1', 'pv_power'): [4], ('pcs1', 'pcs.odd'): [2], ('meter;room=1', 'v'): [3], ('home', 'pv_power'): [6]}


# Remote write by hand: a message, packed as one literal.

def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def part(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def message(name, labels, samples):
    series = b''.join(part(1, part(1, key.encode()) + part(2, value.encode()))
                      for key, value in [('__name__', name), *labels])
    for value, ms in samples:
        series += part(2, b'\x09' + struct.pack('<d', value) + b'\x10' + varint(ms & (1 << 64) - 1))
    return part(1, series)


def packed(data):
    return varint(len(data)) + b'\xf4' + struct.pack('<H', len(data) - 1) + data


def remote_write(gateway, body, encoding='snappy'):
    return gateway.server.http.post('/ingest/prometheus', body=body,
                                    headers={**gateway.headers, 'Content-Encoding': encoding})


def test_remote_write_by_hand(gateway):
    ms = NOON_S * 1000
    body = message('pcs_pv_power', [('db', 'x'), ('device', 'a')], [(1.5, ms), (float('nan'), ms + 1)]) \
        + message('plain', [], [(2, ms)]) + message('', [], [(3, ms)]) + b'\x1a\x03abc'
    remote_write(gateway, packed(body)).expect(204)
    remote_write(gateway, packed(body)).expect(204)
    assert exported(gateway.server, gateway.id) == {('a', 'pv_power'): {'2026-05-01T12:00:00Z': 1.5},
                                                    ('plain', 'value'): {'2026-05-01T12:00:00Z': 2}}
    assert gateway.server.cli('quarantine', 'list')['entries'][0]['code'] == 'bad-name'
    good = packed(body)
    for bad in [good[:cut] for cut in range(1, len(good), 7)] + [b'', b'\xff' * 9, packed(b'\xff' * 40), body,
                                                                b'\x05\x01\x00', varint(1 << 31) + b'\x00']:
        assert remote_write(gateway, bad).status in (400, 413), bad
    assert remote_write(gateway, good, 'gzip').status == 400
    run = b'\x80\x80\x40\x00a' + b'\xfe\x01\x00' * 10
    assert remote_write(gateway, run).status == 400
    assert gateway.values() == 2
