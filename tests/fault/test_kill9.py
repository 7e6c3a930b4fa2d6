"""What was acknowledged is there, exactly once, whoever is killed when; also when the disk is full.

A replay runs through the real agent into the real server, and beside it a client pushes numbered
values and remembers each that was answered with success. At the end all that was acknowledged is
pushed again: if it is there, every value is a duplicate; the number of values says that nothing is
there twice. `pytest --long tests/fault` plays 100 rounds instead of 5."""

import csv
import json
import random
import resource
import sqlite3
import subprocess
import threading
import time
from http.client import HTTPException

import pytest
from harness import fronius
from harness.places import BUILD
from harness.server import complaints, private_environment
from harness.wait import wait_for

BASE = 1777636800

MAP = '''[time]
column=when
format=epoch
[gateway]
interval=60
[device pcs1]
kind=pcs
maker=M
[value pcs1 pv_power]
column=P
[value battery soc]
column=soc
'''


def metric(server, name):
    for line in server.operator('GET', '/metrics').expect(200).text.splitlines():
        if line.startswith(name + ' '):
            return int(line.split()[1])
    raise AssertionError(f'no {name}')


def add_gateway(server, name):
    return server.cli('gateway', 'add', name)['key']


class Replay:
    """A recording that the agent replays, as often as it is started again."""

    def __init__(self, folder, server, name, file, map_file):
        folder.mkdir()
        self.folder, self.server, self.name, self.file, self.map = folder, server, name, file, map_file
        self.key = folder / 'key'
        self.key.write_text(add_gateway(server, name) + '\n')
        self.log = folder / 'agent.log'
        self.environment = private_environment(folder / 'home')
        self.process = None

    def start(self, spool='spool', batch=20):
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                [str(BUILD / 'src' / 'mimamori-gateway'), 'replay', str(self.file), '--map', str(self.map),
                 '--server', self.server.url, '--gateway', self.name, '--key-file', str(self.key), '--json',
                 '--batch', str(batch), '--spool', str(self.folder / spool)],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def finish(self):
        """Its summary, once it has come to its end by itself."""
        output = self.process.communicate(timeout=150)[0]
        text = self.log.read_text()
        assert self.process.returncode == 0, text[-3000:]
        assert not complaints(text), text[-3000:]
        self.process = None
        return json.loads(output)


class Pusher(threading.Thread):
    """Pushes numbered values, each of them once, and remembers which were acknowledged."""

    def __init__(self, server, key):
        super().__init__(daemon=True)
        self.server, self.headers = server, {'Authorization': f'Token {key}'}
        self.acknowledged, self.unknown = [], []
        self.stopping = threading.Event()
        self.problem = None

    def body(self, numbers):
        return {'readings': [{'t': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(BASE + n)), 'device': 'd',
                              'v': {'n': n}} for n in numbers]}

    def run(self):
        next_number = 0
        while not self.stopping.is_set():
            numbers = list(range(next_number, next_number + 3))
            next_number += 3
            try:
                answer = self.server.http.post('/ingest/v1', self.body(numbers), headers=self.headers)
            except (OSError, HTTPException, AttributeError):
                self.unknown += numbers
                self.stopping.wait(0.01)
                continue
            if answer.status == 200:
                if answer.json()['stored'] != 3:
                    self.problem = answer
                self.acknowledged += numbers
            elif answer.status == 503:
                # Refused is not stored, but for the commit whose fate nobody knows.
                self.unknown += numbers
            else:
                self.problem = answer

    def finish(self):
        self.stopping.set()
        self.join(60)
        assert not self.is_alive() and self.problem is None, self.problem

    def check(self):
        """All that was acknowledged is there; returns how many values there are of this gateway."""
        for i in range(0, len(self.acknowledged), 1000):
            numbers = self.acknowledged[i:i + 1000]
            found = self.server.http.post('/ingest/v1', self.body(numbers), headers=self.headers).expect(200).json()
            assert (found['stored'], found['corrected'], found['duplicates']) == (0, 0, len(numbers)), found
        there = len(self.acknowledged)
        for i in range(0, len(self.unknown), 3):
            numbers = self.unknown[i:i + 3]
            found = self.server.http.post('/ingest/v1', self.body(numbers), headers=self.headers).expect(200).json()
            # A push is there as a whole or not at all.
            assert (found['stored'], found['duplicates']) in ((3, 0), (0, 3)), found
            there += 3
        return there


def look_alike(folder, rows):
    """A recording with what recordings have: gaps, empty cells, rows that repeat."""
    file, map_file = folder / 'recording.csv', folder / 'recording.map'
    map_file.write_text(MAP)
    values = set()
    with open(file, 'w', newline='') as out:
        writer = csv.writer(out)
        writer.writerow(['when', 'P', 'soc'])
        for i in range(rows):
            if i % 97 < 5:
                continue
            row = [BASE + i * 60, (i * 37) % 4000, '' if i % 13 == 0 else i % 101]
            writer.writerow(row)
            if i % 50 == 0:
                writer.writerow(row)
            values.add((row[0], 'P'))
            if row[2] != '':
                values.add((row[0], 'soc'))
    return file, map_file, len(values)


def real_one(folder):
    file = fronius.recording()
    return file, fronius.MAP, len({(p.time, p.device, p.quantity) for p in fronius.points()})


def play(server, replay, rounds, chance):
    """Kills the server, the agent or both, rounds times, at moments that chance picks; whoever is
    killed goes on. Then lets the replay come to its end."""
    for number in range(rounds):
        if not replay.running():
            if replay.process is not None:
                replay.finish()
            replay.start(spool=f'spool-{number}')
        # The moment is measured in what was written, which no clock has to wait for.
        target = metric(server, 'mimamori_writer_jobs_total') + chance.randrange(1, 60)
        wait_for(lambda: metric(server, 'mimamori_writer_jobs_total') >= target or not replay.running(), 60)
        what = chance.randrange(3)
        if what != 0:
            server.kill9()
        if what != 1:
            replay.kill()
        if what != 0:
            server.start()
        if what != 1:
            replay.start()
    if not replay.running():
        if replay.process is not None:
            replay.finish()
        replay.start()
    replay.finish()


def check_all(server, replay, pusher, expected):
    replay.start(spool='again', batch=1000)
    summary = replay.finish()
    assert summary['stored'] == summary['corrected'] == 0, summary
    assert summary['duplicates'] == summary['values'] >= expected
    pushed = pusher.check()
    assert metric(server, 'mimamori_values') == expected + pushed


def kill_at_random(make_server, folder, rounds, make_recording):
    server = make_server('--name', 'kill')
    # An answer that never came is the agent's and the pusher's affair; the server says nothing.
    file, map_file, expected = make_recording(folder)
    replay = Replay(folder / 'agent', server, 'GW-1', file, map_file)
    pusher = Pusher(server, add_gateway(server, 'GW-2'))
    pusher.start()
    play(server, replay, rounds, random.Random(rounds))
    pusher.finish()
    assert pusher.acknowledged
    check_all(server, replay, pusher, expected)
    server.kill9()
    server.start()
    check_all(server, replay, pusher, expected)
    server.stop()
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]


def test_kill9(make_server, folder):
    kill_at_random(make_server, folder, 5, lambda place: look_alike(place, 4000))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kill9_long(make_server, folder):
    kill_at_random(make_server, folder, 100, lambda place: look_alike(place, 60000))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kill9_of_a_real_house(make_server, folder):
    kill_at_random(make_server, folder, 20, real_one)


class Folder(threading.Thread):
    """Has the server fold all that there is, again and again."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.folded = 0
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            try:
                self.folded += self.server.operator('POST', '/operator/v1/compact').json()['blocks']
            except (OSError, HTTPException, AttributeError, KeyError, ValueError):
                self.stopping.wait(0.01)

    def finish(self):
        self.stopping.set()
        self.join(60)
        assert not self.is_alive()


def kill_while_folding(make_server, rounds):
    server = make_server()
    pushers = [Pusher(server, add_gateway(server, f'GW-{i}')) for i in range(3)]
    folder = Folder(server)
    chance = random.Random(rounds)
    for thread in [*pushers, folder]:
        thread.start()
    for _ in range(rounds):
        folded, pushed = folder.folded, sum(len(pusher.acknowledged) for pusher in pushers)
        more = chance.randrange(1, 20)
        wait_for(lambda: folder.folded >= folded + more
                 and sum(len(pusher.acknowledged) for pusher in pushers) > pushed, 60)
        server.kill9()
        server.start()
    folder.finish()
    for pusher in pushers:
        pusher.finish()
    there = sum(pusher.check() for pusher in pushers)
    assert metric(server, 'mimamori_values') == there
    server.cli('compact')
    found = server.cli('check')
    assert found['ok'] and found['values'] == there, found
    assert sum(pusher.check() for pusher in pushers) == there


def test_kill9_while_folding(make_server):
    kill_while_folding(make_server, 5)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kill9_while_folding_long(make_server):
    kill_while_folding(make_server, 200)


def test_sigterm_under_load(make_server):
    server = make_server()
    pushers = [Pusher(server, add_gateway(server, f'GW-{i}')) for i in range(4)]
    for pusher in pushers:
        pusher.start()
    for _ in range(3):
        before = sum(len(pusher.acknowledged) for pusher in pushers)
        wait_for(lambda: sum(len(pusher.acknowledged) for pusher in pushers) > before + 60)
        server.restart()
    for pusher in pushers:
        pusher.finish()
    assert metric(server, 'mimamori_values') >= sum(len(pusher.acknowledged) for pusher in pushers)
    there = sum(pusher.check() for pusher in pushers)
    assert metric(server, 'mimamori_values') == there


def test_sigterm_at_once(make_server):
    """As soon as it says that it listens, it can be ended in order."""
    for _ in range(5):
        make_server().stop()


def set_file_limit(server, size):
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def test_disk_that_takes_no_more(make_server):
    """No file may grow: pushes are refused for now, nothing of them is there, and when there is room
    again it goes on by itself."""
    # Without the signal a file that may not grow looks like a full disk: the write fails.
    server = make_server(binary=['/bin/sh', '-c', 'trap "" XFSZ; exec "$@"', 'sh',
                                 BUILD / 'src' / 'mimamori-server'])
    server.expect_warning('transaction failed|stumbled|not saved|Disk|disk')
    pusher = Pusher(server, add_gateway(server, 'GW-1'))
    pusher.start()
    wait_for(lambda: len(pusher.acknowledged) > 30)
    unknown = len(pusher.unknown)
    set_file_limit(server, 64 * 1024)
    wait_for(lambda: len(pusher.unknown) > unknown + 15)
    answer = server.http.post('/write', body='m x=1 1', headers=pusher.headers)
    assert answer.status == 503 and int(answer.headers['Retry-After']) >= 1
    server.http.get('/healthz').expect(200)
    before = len(pusher.acknowledged)
    set_file_limit(server, resource.RLIM_INFINITY)
    wait_for(lambda: len(pusher.acknowledged) > before + 30)
    pusher.finish()
    there = pusher.check()
    assert metric(server, 'mimamori_values') == there
    server.kill9()
    server.start()
    assert metric(server, 'mimamori_values') == there
    server.stop()
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
