"""More than there is room for: who waits, who is sent away and with what words, and that all is well
at once when there is room again."""

import json
import os
import subprocess

import pytest

from harness.pushing import Wire, add_gateways, metric
from harness.server import Server
from harness.wait import PATIENCE, wait_for

NOON = '2026-05-01T12:00:00Z'
EVENT = {'device': 'pcs1', 'code': 'E1-0', 'state': 'raised'}  # now


# Longer than any of these tests takes; they end it.
HELD = 600


def release(server):
    server.stall(0)


def waiting(server, lane):
    return metric(server, f'mimamori_writer_lane{{lane="{lane}"}}')


def all_answers(wires):
    """(status, headers) of each, in order; waits for them."""
    return [wire.answer() for wire in wires]


@pytest.fixture
def gateways(server):
    return add_gateways(server, 8)


def test_full_queue_is_said_at_once_on_64_connections(server, gateways):
    server.expect_warning('stumbled')
    wires = [Wire(server, gateways[n % 8]) for n in range(64)]
    server.stall(HELD, fill=True)
    slowest, after = 0, []
    for round_ in range(3):
        for n, wire in enumerate(wires):
            wire.send('/api/v2/write' if n % 2 else '/write', f'm,device=a x={n} {round_ + 1}')
        for wire in wires:
            status, headers = wire.answer()
            slowest = max(slowest, wire.took)
            assert status == 503, headers
            after.append(int(headers['retry-after']))
    # The writer had no part in it: it still holds what filled it.
    assert waiting(server, 'live') > 16000
    print(f'slowest answer {slowest * 1000:.1f} ms')
    assert slowest < 0.1 * PATIENCE
    # Sensible, and not the same for all.
    assert set(after) == {1, 2, 3}
    release(server)
    wait_for(lambda: waiting(server, 'live') == 0)
    for n, wire in enumerate(wires):
        wire.send('/write', f'm,device=a x={n} {n}000000000')
    assert {status for status, _ in all_answers(wires)} == {204}


def test_flood_of_one_gateway_is_its_own_trouble(server, gateways):
    flood, other = gateways[:2]
    wires = [Wire(server, flood) for _ in range(80)]
    quiet = Wire(server, other)
    server.stall(HELD)
    for n, wire in enumerate(wires):
        wire.send('/write', f'm,device=a x={n} {n}000000000')
    wait_for(lambda: waiting(server, 'late') == 64)
    quiet.send('/write', 'm,device=a x=1 1')
    wait_for(lambda: waiting(server, 'late') == 65)
    release(server)
    answers = all_answers(wires)
    assert sorted(status for status, _ in answers) == [204] * 64 + [503] * 16
    assert all('retry-after' in headers for status, headers in answers if status == 503)
    assert 'Too many pushes of this gateway' in ''.join(
        headers.get('x-influxdb-error', '') for _, headers in answers)
    assert quiet.answer()[0] == 204
    assert metric(server, 'mimamori_values') == 65


def test_faults_find_room_when_measurements_do_not(server, gateways):
    gateway = gateways[0]
    wire, plain = Wire(server, gateway), Wire(server, gateway)
    server.stall(HELD, fill_live=True)
    plain.send('/ingest/v1', json.dumps({'readings': [{'t': NOON, 'device': 'a', 'v': {'soc': 1}}]}))
    status, headers = plain.answer()
    assert status == 503 and int(headers['retry-after']) >= 1
    wire.send('/ingest/v1', json.dumps({'events': [EVENT]}))
    wait_for(lambda: waiting(server, 'fault') == 1)
    release(server)
    assert wire.answer()[0] == 200
    alerts = server.operator('GET', '/operator/v1/alerts').expect(200).json()['alerts']
    assert [alert['code'] for alert in alerts] == ['E1-0']


def test_hanging_disk_sends_gateways_away(server, gateways):
    """Those that wait have their answer when it is back; who comes meanwhile is not kept waiting."""
    server.expect_warning('stumbled')
    first, *more = [Wire(server, gateway) for gateway in gateways]
    server.stall(HELD)
    first.send('/write', 'm,device=a x=1 1')
    wait_for(lambda: waiting(server, 'late') == 1)

    # One at a time, each on a connection of its own, until one is not kept.
    tries = []

    def is_sent_away():
        if not tries or not tries[-1].has_answer():
            tries.append(Wire(server, gateways[0]))
            tries[-1].send('/write', 'm,device=a x=1 1')
        return tries[-1].has_answer(1)
    wait_for(is_sent_away, 60)
    assert tries[-1].answer()[0] == 503
    for wire in more:
        wire.send('/write', 'm,device=a x=1 1')
    for status, headers in all_answers(more):
        assert status == 503 and 5 <= int(headers['retry-after']) <= 11
    release(server)
    assert first.answer()[0] == 204
    more[0].send('/write', 'm,device=a x=2 2')
    assert more[0].answer()[0] == 204


def test_too_fast_is_told_to_wait(make_server):
    server = make_server('--gateway-rate', '5')
    fast, other = add_gateways(server, 2)
    wire, native = Wire(server, fast), Wire(server, fast)
    for n in range(1000):
        wire.send('/write?precision=s', f'm,device=a x={n} {n}')
        status, headers = wire.answer()
        if status != 204:
            break
    # Never 429 on the paths whose clients drop the batch for it.
    assert status == 503 and 1 <= int(headers['retry-after']) <= 10 and n >= 50
    assert 'faster than it may' in headers['x-influxdb-error']
    native.send('/ingest/v1', '{}')
    status, headers = native.answer()
    while status == 200:
        native.send('/ingest/v1', '{}')
        status, headers = native.answer()
    assert status == 429 and int(headers['retry-after']) >= 1
    assert native.json()['code'] == 'too-fast'
    beside = Wire(server, other)
    beside.send('/write', 'm,device=a x=1 1')
    assert beside.answer()[0] == 204

    def may_again():
        native.send('/ingest/v1', '{}')
        return native.answer()[0] == 200
    wait_for(may_again)


# ---- the disk

@pytest.fixture
def small_disk(folder):
    """A folder with a file system of 96 MB of its own."""
    place = folder / 'disk'
    place.mkdir()
    done = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=96m', 'mimamori', place], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f'nothing can be mounted here: {done.stderr.strip()}')
    yield place
    subprocess.run(['umount', '-l', place], check=True)


def test_full_disk_and_back(small_disk):
    server = Server(small_disk, ['--disk-low-water', '32'])
    for warning in ('nearly full', 'transaction failed', 'stumbled', 'was not saved'):
        server.expect_warning(warning)
    try:
        server.start()
        full_disk_and_back(server, small_disk)
    finally:
        server.stop()


def full_disk_and_back(server, disk):
    filler, ballast = disk / 'filler', server.data_dir / 'ballast'

    def fill(leave):
        """Something else takes all but so many MB."""
        room = os.statvfs(disk)
        free = room.f_bavail * room.f_frsize + (filler.stat().st_size if filler.exists() else 0)
        with open(filler, 'wb') as file:
            if free > leave * 2**20:
                os.posix_fallocate(file.fileno(), 0, free - leave * 2**20)

    def health():
        return server.http.get('/healthz')

    def operator():
        return server.operator('GET', '/operator/v1/server').expect(200).json()

    gateway, = add_gateways(server, 1)
    wire = Wire(server, gateway)
    wire.send('/write', 'm,device=a x=1 1000')
    assert wire.answer()[0] == 204
    assert health().expect(200).json() == {'status': 'ready'} and not operator()['disk_full']
    assert ballast.stat().st_size == 16 * 2**20

    fill(24)
    wait_for(lambda: health().status == 503)
    assert health().json() == {'status': 'disk-full'}
    found = operator()
    assert found['disk_full'] and found['disk_low_water_bytes'] == 32 * 2**20
    for path, body in (('/write', 'm,device=a x=2 2000'), ('/api/v2/write', 'm,device=a x=2 2000'),
                       ('/ingest/v1', '{"events": [%s]}' % json.dumps(EVENT))):
        wire.send(path, body)
        status, headers = wire.answer()
        assert status == 503 and 30 <= int(headers['retry-after']) <= 60, path
        assert 'disk is nearly full' in wire.body.decode()
    # People go on, the ballast stays.
    server.cli('gateway', 'add', 'BESIDE')
    assert ballast.exists()

    # Not a byte is left: the ballast makes room for what people do.
    fill(0)

    wait_for(lambda: server.run('gateway', 'add'))
    assert not ballast.exists()
    assert health().status == 503

    filler.unlink()
    wait_for(lambda: health().status == 200)
    assert ballast.stat().st_size == 16 * 2**20 and not operator()['disk_full']
    wire.send('/write', 'm,device=a x=2 2000')
    assert wire.answer()[0] == 204
    assert metric(server, 'mimamori_values') == 2
    assert server.cli('check')['ok']
