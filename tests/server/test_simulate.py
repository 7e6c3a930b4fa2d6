"""mimamori-gateway simulate: a fleet of houses against the real server, and against a stand-in that
fails as networks and servers do."""

import csv
import datetime
import io
import json
import signal
import subprocess
import threading

import pytest
from harness.ingest import KEY, Ingest
from harness.places import BUILD
from harness.server import complaints, private_environment
from harness.shop import Shop, link
from harness.wait import patient, wait_for

STORIES = ['normal', 'fault', 'warning', 'silent', 'never', 'region-grid-loss', 'curtailed', 'old']


class Fleet:
    """The program, over a fleet file in folder."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / 'fleet.json'
        self.state = folder / 'fleet.json.state'
        self.log = folder / 'simulate.log'
        self.environment = private_environment(folder / 'home')
        self.process = None
        self.lines = []

    def write(self, houses, mode=0o600):
        self.file.write_text(json.dumps({'houses': houses}), encoding='utf-8')
        self.file.chmod(mode)

    def start(self, url, *more, stdin=subprocess.DEVNULL):
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                [str(BUILD / 'src' / 'mimamori-gateway'), 'simulate', '--fleet', str(self.file),
                 '--server', url, *more], env=self.environment, cwd=self.folder, text=True,
                stdin=stdin, stdout=subprocess.PIPE, stderr=log)
        self.lines = []
        self.reader = threading.Thread(target=self._collect, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        return self

    def _collect(self, stream):
        for line in stream:
            self.lines.append(line.rstrip('\n'))

    def living(self, n, timeout=60):
        wait_for(lambda: self.lines or self.process.poll() is not None, timeout, 'the houses to live')
        assert self.lines == [f'living {n} houses'], self.text()

    def end(self, how=signal.SIGTERM, status=0):
        if how is not None:
            self.process.send_signal(how)
        assert self.process.wait(patient(30)) == status, self.text()
        self.reader.join()
        self.process.stdout.close()
        self.process = None
        assert not complaints(self.text()), self.text()

    def text(self):
        return self.log.read_text() if self.log.exists() else ''


@pytest.fixture
def fleet(folder):
    one = Fleet(folder)
    yield one
    print(one.text()[-8000:])
    if one.process:
        one.process.kill()
        one.process.wait()
        one.reader.join()
        one.process.stdout.close()


@pytest.fixture
def ingest():
    one = Ingest()
    yield one
    one.close()


def houses_of(server, stories, **more):
    """Makes gateways on the server; their houses in turn with these stories."""
    made = [server.cli('gateway', 'add', f'H-{number}') for number in range(len(stories))]
    return [{'id': made_one['id'], 'key': made_one['key'], 'interval_s': 1, 'region': '長野県',
             'pv_peak_w': 5500, 'battery_wh': 9800, 'story': story, **more}
            for made_one, story in zip(made, stories)]


def exported(server, gateway):
    """(time, device, quantity): value"""
    text = server.run('export', '--gateway', gateway).stdout
    return {(row['time'], row['device'], row['quantity']): float(row['value'])
            for row in csv.DictReader(io.StringIO(text))}


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp())


def times(values, quantity='pv_power'):
    return sorted({seconds(time) for time, _, name in values if name == quantity})


def statuses(server):
    return {one['id']: one['status'] for one in server.cli('gateway', 'list')['gateways']}


def test_twenty_houses_and_their_stories(fleet, shop):
    server = shop.server
    houses = houses_of(server, ['normal'] * 12 + STORIES)
    story = {one['story']: one['id'] for one in houses}
    fleet.write(houses)
    # A minute of the stories is a second.
    fleet.start(server.url, '--speed', '60')
    fleet.living(20)
    seen = wait_for(lambda: (found := statuses(server)) and all(
        status != 'never_seen' for one, status in found.items() if one != story['never']) and found)
    assert seen[story['never']] == 'never_seen' and seen['H-0'] == 'normal'
    for name, status in (('fault', 'fault'), ('warning', 'warning'), ('curtailed', 'curtailed'),
                         ('region-grid-loss', 'islanded')):
        wait_for(lambda: statuses(server)[story[name]] == status, 20, name)
    alert = [one for one in server.cli('alert', 'list')['alerts'] if one['gateway'] == story['fault']]
    assert len(alert) == 1 and alert[0]['kind'] == 'fault'
    # The values close: what comes in is what goes out.
    values = exported(server, 'H-0')
    moment = max(time for time, _, name in values if name == 'load_power')
    power = {name: value for (time, _, name), value in values.items() if time == moment}
    assert power['pv_power'] + power['grid_power'] + power['battery_power'] == power['load_power'] > 0
    assert 0 <= power['soc'] <= 100 and 95 < power['ac_voltage_l1'] < 110
    fleet.end()


def test_the_desk_sees_devices_and_what_a_fault_means(fleet, shop):
    shop.dealer()
    gateway = shop.gateway('H-9')
    link(shop.customer(gateway=gateway)).expect(303)
    app = shop.api()
    fleet.write([{'id': 'H-9', 'key': gateway['key'], 'interval_s': 1, 'battery_wh': 7000,
                  'story': 'fault'}])
    fleet.start(shop.server.url, '--speed', '60')
    fleet.living(1)
    page = app.get('/api/v1/gateways/H-9').expect(200).json()
    devices = {one['device']: one for one in page['devices']}
    assert set(devices) == {'pcs1', 'battery1', 'meter1'}
    assert all(one['maker'] and one['model'] and one['serial'] for one in devices.values())
    found = wait_for(lambda: app.get('/api/v1/alerts').expect(200).json()['alerts'], 20)
    assert found[0]['gateway'] == 'H-9' and found[0]['first_step']
    assert found[0]['code'] not in found[0]['meaning'], 'the catalogue knows it'
    fleet.end()


def test_backfill_once(fleet, server):
    houses = houses_of(server, ['normal', 'fault', 'old'])
    fleet.write(houses)
    fleet.start(server.url, '--backfill', '2')
    fleet.living(3)
    fleet.end()
    values = {one['id']: exported(server, one['id']) for one in houses}
    for one in values.values():
        moments = times(one)
        first = datetime.datetime.fromtimestamp(moments[0], datetime.timezone(datetime.timedelta(hours=9)))
        assert (first.hour, first.minute) == (0, 5), 'it begins with a day in Japan'
        assert 2 <= (moments[-1] - moments[0]) / 86400 + 0.1 <= 3.1
        assert all(b - a in (1, 300) for a, b in zip(moments, moments[1:]))
        for counter in ('pv_energy_total', 'load_energy_total', 'grid_import_energy_total',
                        'battery_charge_energy_total'):
            series = [value for (_, _, name), value in sorted(one.items()) if name == counter]
            assert series == sorted(series) and len(series) == len(moments)
        assert max(value for (_, _, name), value in one.items() if name == 'pv_power') > 200
        assert min(value for (_, _, name), value in one.items() if name == 'pv_power') == 0
    # A restart brings what has come since, and nothing again.
    stored = server.cli('check')['values']
    fleet.start(server.url, '--backfill', '2')
    fleet.living(3)
    fleet.end()
    after = exported(server, 'H-0')
    assert values['H-0'].items() <= after.items()
    assert all(seconds(time) > times(values['H-0'])[-1] for time, _, _ in after.keys() - values['H-0'].keys())
    assert stored < server.cli('check')['values'] < stored + 3 * 25 * 120


def contiguous(ingest, step=1):
    moments = times(ingest.values)
    return len(moments) > 1 and all(b - a == step for a, b in zip(moments, moments[1:]))


def test_kill9_loses_and_changes_nothing(fleet, ingest):
    """The stand-in refuses a value that comes again with another number."""
    fleet.write([{'id': 'A', 'key': KEY, 'interval_s': 1, 'story': 'fault'}])
    for _ in range(4):
        fleet.start(ingest.url)
        fleet.living(1)
        seen = len(ingest.bodies)
        wait_for(lambda: len(ingest.bodies) > seen + 1)
        fleet.end(signal.SIGKILL, status=-signal.SIGKILL)
    assert contiguous(ingest)
    fleet.start(ingest.url)
    fleet.living(1)
    fleet.end()
    again = ingest.again
    fleet.start(ingest.url)
    fleet.living(1)
    fleet.end()
    assert ingest.again == again, 'after a clean end nothing is sent again'
    assert contiguous(ingest)


def test_silent_house_brings_what_it_kept(fleet, ingest):
    fleet.write([{'id': 'A', 'key': KEY, 'interval_s': 1, 'story': 'silent'}])
    # Silent for 4.5 s after a third of a second.
    fleet.start(ingest.url, '--speed', '200')
    fleet.living(1)
    wait_for(lambda: any(len({one['t'] for one in body['readings']}) > 1 for body in ingest.bodies), 20)
    before = len(ingest.bodies)
    wait_for(lambda: len(ingest.bodies) > before + 1)
    fleet.end()
    assert contiguous(ingest) and ingest.again == 0


def test_trouble_is_survived(fleet, ingest):
    """Answers that fail, connections that are cut, an answer that is lost."""
    troubles = {1: (503, {'Retry-After': '1'}), 2: 'cut', 4: 'cut-after', 6: (429, {})}
    ingest.script = lambda number, body: troubles.get(number)
    fleet.write([{'id': 'A', 'key': KEY, 'interval_s': 1}])
    fleet.start(ingest.url)
    fleet.living(1)
    wait_for(lambda: ingest.requests > 8, 40)
    fleet.end()
    assert contiguous(ingest)
    assert 'houses wait and try again: the server answered 503' in fleet.text()
    assert 'the server takes the pushes of all houses again' in fleet.text()


def test_a_push_that_is_refused_blocks_nothing(fleet, ingest):
    ingest.script = lambda number, body: (400, {}) if number == 1 else None
    fleet.write([{'id': 'A', 'key': KEY, 'interval_s': 1}])
    fleet.start(ingest.url)
    fleet.living(1)
    wait_for(lambda: ingest.requests > 3)
    fleet.end()
    assert 'A: left out, the server answered 400' in fleet.text()


def test_wrong_key_is_named_and_not_waited_for(fleet, ingest):
    fleet.write([{'id': 'A', 'key': KEY, 'interval_s': 1}, {'id': 'B', 'key': 'wrong'}])
    fleet.start(ingest.url)
    fleet.living(2)
    fleet.end()
    assert 'B: the server does not accept the key (401)' in fleet.text()
    assert 'wrong' not in fleet.text().replace('wrong usage', '') and KEY not in fleet.text()


def test_houses_share_few_connections(fleet, ingest):
    known = ('stored', 'duplicates', 'corrected', 'late', 'quarantined')
    # To the stand-in they are all one gateway; it only answers.
    ingest._take = lambda body: dict.fromkeys(known, 0) | {'refused': []}
    fleet.write([{'id': f'H-{n}', 'key': KEY, 'interval_s': 10} for n in range(300)])
    fleet.start(ingest.url)
    fleet.living(300)
    fleet.end()
    assert ingest.requests >= 300 and len(ingest.connections) <= 24


def test_ends_with_its_input(fleet, ingest):
    fleet.write([{'id': 'A', 'key': KEY}], mode=0o644)
    fleet.start(ingest.url, '--die-with-stdin', stdin=subprocess.PIPE)
    fleet.living(1)
    fleet.process.stdin.write('ignored\n')
    fleet.process.stdin.flush()
    # While it runs, nobody else may use its state.
    other = Fleet(fleet.folder)
    other.start(ingest.url).end(how=None, status=1)
    assert 'another process is using it' in fleet.text()
    assert fleet.process.poll() is None
    fleet.process.stdin.close()
    fleet.end(how=None)
    assert 'others than its owner may read it' in fleet.text()


@pytest.mark.parametrize('arguments, status, said', [
    (['--backfill', '401'], 2, '--backfill is not 0 to 400'),
    (['--interval', '0.5'], 2, '0.5'),
    (['--interval', '-1'], 2, '--interval is not 1 to 86400'),
    (['--speed', '0'], 2, '--speed is not'),
    (['more'], 2, 'only options'),
    (['--server', 'ftp://x'], 1, 'not http://'),
    (['--fleet', 'absent.json'], 1, 'absent.json'),
])
def test_refused(fleet, arguments, status, said):
    fleet.write([{'id': 'A', 'key': KEY}])
    fleet.start('http://127.0.0.1:1', *arguments).end(how=None, status=status)
    assert said in fleet.text() and not fleet.lines


def test_broken_file_is_explained(fleet):
    fleet.write([{'id': 'A', 'key': KEY}, {'id': 'B', 'key': KEY, 'latitude': 91}])
    fleet.start('http://127.0.0.1:1').end(how=None, status=1)
    assert 'houses[1].latitude: not a number from -90 to 90' in fleet.text()
    assert KEY not in fleet.text()
