"""mimamori-gateway replay against a stand-in that fails as networks and servers do: the order is
kept, nothing is lost, and only what was not acknowledged is sent again."""

import csv
import json
import random
import signal
import subprocess
from datetime import datetime, timedelta, timezone

import pytest
from harness.ingest import KEY, Ingest
from harness.places import BUILD, TOP, shared_data
from harness.server import complaints, private_environment
from harness.wait import wait_for

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
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
scale=-1
[value battery soc]
column=soc
'''


def parse_time(text):
    """Microseconds since 1970 of an RFC 3339 time."""
    return (datetime.fromisoformat(text.replace('Z', '+00:00')) - EPOCH) // timedelta(microseconds=1)


class Agent:
    def __init__(self, folder):
        self.folder = folder
        self.file = folder / 'recording.csv'
        self.map = folder / 'recording.map'
        self.map.write_text(MAP)
        self.key = folder / 'key'
        self.key.write_text(KEY + '\n')
        self.spool = folder / 'spool'
        self.log = folder / 'agent.log'
        self.environment = private_environment(folder / 'home')

    def record(self, rows):
        """Writes rows of (seconds, power, soc) as the recording."""
        with open(self.file, 'w', newline='') as file:
            writer = csv.writer(file)
            writer.writerow(['when', 'P', 'note', 'soc'])
            writer.writerows([when, power, 'x', soc] for when, power, soc in rows)

    def start(self, ingest, *more, spool=True):
        arguments = [str(BUILD / 'src' / 'mimamori-gateway'), 'replay', str(self.file),
                     '--map', str(self.map), '--server', ingest.url, '--gateway', 'gw-1',
                     '--key-file', str(self.key), '--json', *more]
        if spool:
            arguments += ['--spool', str(self.spool)]
        with open(self.log, 'ab') as log:
            return subprocess.Popen(arguments, env=self.environment, cwd=self.folder, text=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)

    def finish(self, process, status=0):
        output = process.communicate(timeout=100)[0]
        assert process.returncode == status, self.text()
        assert not complaints(self.text()), self.text()
        return json.loads(output) if output else None

    def run(self, ingest, *more, status=0, spool=True):
        return self.finish(self.start(ingest, *more, spool=spool), status)

    def text(self):
        return self.log.read_text() if self.log.exists() else ''


@pytest.fixture
def agent(folder):
    return Agent(folder)


@pytest.fixture
def make_ingest():
    made = []

    def make(script=None):
        made.append(Ingest(script))
        return made[-1]

    yield make
    for ingest in made:
        ingest.close()


def some_rows(n, start=1475690699):
    """Rows with gaps and one out of order."""
    rows = [(f'{start + 60 * i}.{i % 1000000:06d}', '' if i % 7 == 3 else -i / 8,
             '' if i % 5 == 4 else i % 101) for i in range(n)]
    if n > 10:
        rows[7], rows[8] = rows[8], rows[7]
    return rows


def expected(rows):
    """What is to arrive of such rows, in order: ((microseconds, device, quantity), value)."""
    found = []
    for when, power, soc in rows:
        time = round(float(when) * 1000000)
        if soc != '':
            found.append(((time, 'battery', 'soc'), soc))
        if power != '':
            found.append(((time, 'pcs1', 'pv_power'), -power))
    return found


def received(ingest):
    return [((parse_time(time), device, quantity), value)
            for (time, device, quantity), value in ingest.values.items()]


def test_whole(agent, make_ingest):
    ingest = make_ingest()
    rows = some_rows(500)
    agent.record(rows)
    summary = agent.run(ingest, '--batch', '100')
    assert received(ingest) == expected(rows)
    n = len(expected(rows))
    # One reading is one device of one row, as the pushes have them.
    readings = sum(len(body['readings']) for body in ingest.bodies)
    assert summary == {'rows': 500, 'readings': readings, 'values': n, 'stored': n, 'duplicates': 0,
                       'corrected': 0, 'late': 0, 'quarantined': 0, 'refused': 0, 'finished': True}
    assert all(len(body['readings']) <= 100 for body in ingest.bodies)
    assert ingest.bodies[0]['devices'] == [{'device': 'pcs1', 'kind': 'pcs', 'maker': 'M'}]
    assert all('devices' not in body for body in ingest.bodies[1:])
    assert all(body['interval_s'] == 60 for body in ingest.bodies)
    assert len({body['batch'] for body in ingest.bodies}) == len(ingest.bodies)
    now = datetime.now(timezone.utc)
    assert all(abs(parse_time(body['sent']) - (now - EPOCH) / timedelta(microseconds=1)) < 60e6
               for body in ingest.bodies)
    assert len(ingest.connections) == 1, 'the connection is kept'
    assert agent.text().count('does not name, ignored: note\n') == 1
    assert KEY not in agent.text()


def test_again_sends_nothing(agent, make_ingest):
    ingest = make_ingest()
    agent.record(some_rows(50))
    first = agent.run(ingest, '--batch', '10')
    requests = ingest.requests
    assert agent.run(ingest, '--batch', '7') == first
    assert ingest.requests == requests
    assert 'this replay is finished' in agent.text()


def test_rows_added_later_are_sent(agent, make_ingest):
    ingest = make_ingest()
    rows = some_rows(60)
    agent.record(rows[:40])
    agent.run(ingest)
    agent.record(rows)
    assert agent.run(ingest)['rows'] == 60
    assert received(ingest) == expected(rows)
    assert ingest.again == 0


def test_default_spool(agent, make_ingest):
    ingest = make_ingest()
    agent.record(some_rows(20))
    agent.run(ingest, spool=False)
    requests = ingest.requests
    agent.run(ingest, spool=False)
    assert ingest.requests == requests
    state = agent.folder / 'home' / 'state' / 'mimamori-gateway'
    assert len(list(state.iterdir())) == 1
    # Another server has not seen it.
    other = make_ingest()
    agent.run(other, spool=False)
    assert other.values == ingest.values


def test_trouble(agent, make_ingest):
    """Every kind of trouble that passes, one after the other."""
    troubles = {1: (503, {'Retry-After': '1'}), 3: 'cut', 5: 'cut-after', 7: (502, {}),
                9: (429, {'Retry-After': '0'}), 11: (500, {})}
    ingest = make_ingest(lambda number, body: troubles.get(number))
    rows = some_rows(200)
    agent.record(rows)
    summary = agent.run(ingest, '--batch', '30')
    assert received(ingest) == expected(rows)
    assert ingest.requests > 12
    # Only the push whose answer was cut off came twice.
    assert [body['batch'] for body in ingest.bodies].count(ingest.bodies[4]['batch']) == 2
    assert ingest.again == summary['duplicates'] > 0
    assert summary['stored'] + summary['duplicates'] == summary['values'] == len(expected(rows))
    assert 'the server answered 503' in agent.text()


def test_halves(agent, make_ingest):
    """A server that takes less at once than we send, and one reading that it never takes."""
    def script(number, body):
        if len(body['readings']) > 12:
            return 413, {}
        if any(reading['v'].get('soc') == 77 for reading in body['readings']):
            return 400, {}
        return None

    ingest = make_ingest(script)
    rows = some_rows(100)
    agent.record(rows)
    summary = agent.run(ingest, '--batch', '64')
    kept = [one for one in expected(rows) if not (one[0][2] == 'soc' and one[1] == 77)]
    assert len(kept) == len(expected(rows)) - 1
    assert received(ingest) == kept
    assert summary['refused'] == 1
    assert summary['stored'] == len(kept)
    assert [line for line in agent.text().splitlines() if 'left out, the server answered 400' in line
            and '"soc":77' in line]


def test_refusals_are_reported(agent, make_ingest):
    class Refusing(Ingest):
        def _take(self, body):
            return super()._take(body) | {'quarantined': 1, 'refused': [
                {'index': 0, 'field': 'readings[0].v.soc', 'code': 'not-finite',
                 'detail': 'The value is\x1b[31m no number.'}]}

    ingest = Refusing()
    try:
        agent.record(some_rows(5))
        summary = agent.run(ingest)
    finally:
        ingest.close()
    assert summary['refused'] == summary['quarantined'] == 1
    assert 'refused: readings[0].v.soc: The value is [31m no number. (not-finite)' in agent.text()
    assert '\x1b' not in agent.text()


def test_wrong_key(agent, make_ingest):
    """It waits, says why, ends cleanly on SIGTERM, and goes on once the key is right."""
    ingest = make_ingest()
    ingest.key = 'another'
    rows = some_rows(10)
    agent.record(rows)
    process = agent.start(ingest)
    wait_for(lambda: 'does not accept the key (401)' in agent.text())
    process.send_signal(signal.SIGTERM)
    summary = agent.finish(process)
    assert summary['stored'] == 0 and not summary['finished']
    assert ingest.requests == 1
    ingest.key = KEY
    assert agent.run(ingest)['finished']
    assert received(ingest) == expected(rows)


def test_not_our_server(agent, make_ingest):
    """A captive portal says 200 as well; nothing counts as sent."""
    class Portal(Ingest):
        def answer(self, request):
            super().answer(request)
            return 200, {}, b'<html>Please sign in</html>'

    portal = Portal()
    try:
        agent.record(some_rows(10))
        process = agent.start(portal)
        wait_for(lambda: 'no Mimamori server answers at this address (200)' in agent.text())
        process.send_signal(signal.SIGINT)
        assert agent.finish(process)['values'] == 0
    finally:
        portal.close()


def kill_and_go_on(agent, ingest, rounds, *more):
    """Kills the agent with SIGKILL after a random number of pushes, rounds times, then lets it end."""
    chance = random.Random(20161005)
    killed = 0
    while killed < rounds:
        process = agent.start(ingest, *more)
        goal = ingest.requests + chance.randrange(4)
        wait_for(lambda: ingest.requests >= goal or process.poll() is not None, 30)
        for _ in range(chance.randrange(20000)):
            pass
        process.kill()
        process.communicate()
        killed += 1
    return agent.run(ingest, *more)


def test_kill_9(agent, make_ingest):
    chance = random.Random(7)

    def script(number, body):
        return 'cut-after' if chance.random() < 0.05 else None

    ingest = make_ingest(script)
    rows = some_rows(1500)
    agent.record(rows)
    summary = kill_and_go_on(agent, ingest, 10, '--batch', '20')
    assert received(ingest) == expected(rows)
    assert summary['finished'] and summary['rows'] == 1500
    assert summary['values'] == len(expected(rows)), 'the totals are those of all runs together'
    # A push comes again whole or not at all, and at once after the one before.
    batches = [body['batch'] for body in ingest.bodies]
    numbers = [int(batch.split('-')[1]) for batch in batches]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1))
    sent = {}
    for body in ingest.bodies:
        assert sent.setdefault(body['batch'], body['readings']) == body['readings']


def test_kill_9_while_halving(agent, make_ingest):
    ingest = make_ingest(lambda number, body: (413, {}) if len(body['readings']) > 3 else None)
    rows = some_rows(120)
    agent.record(rows)
    kill_and_go_on(agent, ingest, 5, '--batch', '20')
    assert received(ingest) == expected(rows)


def test_shift_to_now(agent, make_ingest):
    """One constant for all rows, kept over a kill, and no row in the future."""
    ingest = make_ingest()
    rows = some_rows(400)
    agent.record(rows)
    before = (datetime.now(timezone.utc) - EPOCH) // timedelta(microseconds=1)
    kill_and_go_on(agent, ingest, 3, '--batch', '20', '--shift-to-now')
    after = (datetime.now(timezone.utc) - EPOCH) // timedelta(microseconds=1)
    there, wanted = received(ingest), expected(rows)
    assert len(there) == len(wanted)
    shifts = {got[0][0] - want[0][0] for got, want in zip(there, wanted)}
    assert len(shifts) == 1
    assert [(name[1:], value) for name, value in there] == [(name[1:], value) for name, value in wanted]
    assert before <= max(name[0] for name, _ in there) <= after


def test_pace(agent, make_ingest):
    """At 100 times the pace, rows 60 s apart come 0.6 s apart, each by itself."""
    ingest = make_ingest()
    agent.record(some_rows(4))
    agent.run(ingest, '--speed', '100')
    sent = [parse_time(body['sent']) for body in ingest.bodies]
    assert len(sent) == 4
    for number, time in enumerate(sent):
        assert time - sent[0] > 0.6e6 * number - 0.3e6
    assert received(ingest) == expected(some_rows(4))


def test_pace_during_an_outage(agent, make_ingest):
    """Rows are spooled when they are due, though the server does not answer."""
    broken = True
    ingest = make_ingest(lambda number, body: (503, {}) if broken else None)
    rows = some_rows(30)
    agent.record(rows)
    process = agent.start(ingest, '--speed', '6000')
    spooled = agent.spool / '0000000000000001.segment'
    wait_for(lambda: spooled.exists() and spooled.read_bytes().count(b'"batch"') >= 2)
    assert not ingest.values
    broken = False
    assert agent.finish(process)['finished']
    assert received(ingest) == expected(rows)


def test_range(agent, make_ingest):
    ingest = make_ingest()
    rows = [(1475280000 + 43200 * i, -i, i) for i in range(8)]  # from 2016-10-01, noon and midnight
    agent.record(rows)
    summary = agent.run(ingest, '--from', '2016-10-02', '--to', '2016-10-03T12:00:00+00:00')
    assert summary['rows'] == 3
    assert received(ingest) == expected(rows[2:5])


def test_bad_cells(agent, make_ingest):
    ingest = make_ingest()
    agent.file.write_text('when,P,soc\n1475690699,x,5\n1475690700,-1,\nlater,1,1\n1475690701,1e999,7\n')
    summary = agent.run(ingest)
    assert [value for _, value in received(ingest)] == [5, 1, 7]
    assert summary['rows'] == 3
    for line in ('row 2, column P: not a number', 'row 4, column when: not a number of seconds',
                 'row 5, column P: not a number'):
        assert line in agent.text().splitlines()


def test_wrong_use(agent, make_ingest):
    ingest = make_ingest()
    agent.record(some_rows(3))
    for more in (['--batch', '0'], ['--speed', '0'], ['--speed', 'fast'], ['--from', 'yesterday'],
                 ['--from', '2020-01-02', '--to', '2020-01-01'], ['--gateway', 'a b'], ['--what'],
                 ['another.csv']):
        agent.run(ingest, *more, status=2)
    for more in (['--server', 'ftp://127.0.0.1/'], ['--server', 'nonsense'], ['--map', '/nowhere'],
                 ['--key-file', '/nowhere'], ['--from', '2030-01-01']):
        before = len(agent.text())
        agent.run(ingest, *more, status=1)
        assert 'mimamori-gateway replay: ' in agent.text()[before:]
    assert ingest.requests == 0
    program = str(BUILD / 'src' / 'mimamori-gateway')
    for arguments, status in ((['--help'], 0), (['replay', '--help'], 0), (['--version'], 0), ([], 2),
                              (['dance'], 2)):
        done = subprocess.run([program, *arguments], env=agent.environment, capture_output=True)
        assert done.returncode == status
        assert bool(done.stdout) == (status == 0)


def test_spool_of_another_replay(agent, make_ingest):
    ingest = make_ingest()
    agent.record(some_rows(3))
    agent.run(ingest)
    agent.record(some_rows(3, start=1500000000))
    agent.run(ingest, status=1)
    assert 'belongs to something else' in agent.text()
    assert ingest.requests == 1


def test_fronius(agent, make_ingest):
    """The real recording: every cell that the mapping names comes once, in order."""
    path = shared_data('fronius-symo-hybrid-1min', 'fronius.csv')
    agent.file, agent.map = path, TOP / 'data' / 'maps' / 'fronius-symo-hybrid.map'
    ingest = make_ingest()
    summary = agent.run(ingest, '--batch', '2000')
    with open(path, newline='') as file:
        rows = list(csv.DictReader(file))
    assert summary['rows'] == len(rows) == 5322
    columns = {('pcs1', 'pv_power'): 'powerflow_P_PV', ('battery', 'battery_power'): 'powerflow_P_Akku',
               ('meter', 'grid_power'): 'powerflow_P_Grid', ('meter', 'load_power'): 'powerflow_P_Load',
               ('pcs1', 'pv_energy_total'): 'powerflow_E_Total',
               ('meter', 'grid_import_energy_total'): 'meter_EnergyReal_WAC_Plus_Absolute',
               ('meter', 'grid_export_energy_total'): 'meter_EnergyReal_WAC_Minus_Absolute',
               ('battery', 'soc'): 'battery_controller_StateOfCharge_Relative'}
    there = {}
    for (time, device, quantity), value in ingest.values.items():
        there.setdefault((device, quantity), []).append((parse_time(time), value))
    for name, column in columns.items():
        sign = -1 if name[1] == 'load_power' else 1
        assert there[name] == [(round(float(row['timestamp']) * 1e6), sign * float(row[column]))
                               for row in rows if row[column] != '']
    assert len(there[('pcs1', 'pv_power')]) == 5322 - 2602
    assert summary['values'] == summary['stored'] == sum(map(len, there.values()))
    # Import rises only with power from the grid: the two counters are not mixed up.
    power = dict(there[('meter', 'grid_power')])
    for name, sign in (('grid_import_energy_total', 1), ('grid_export_energy_total', -1)):
        counter = there[('meter', name)]
        risen = {False: 0, True: 0}
        for (_, before), (time, after) in zip(counter, counter[1:]):
            risen[sign * power[time] > 0] += after - before
        assert risen[True] > risen[False]
