"""What the names of others mean here: the shipped rules on what devices really sent, the operator's
own rules, and what was set aside."""

import csv
from datetime import datetime

import pytest

from harness.gateway import Gateway, exported
from harness.places import TOP, shared_data

FIXTURES = TOP / 'tests' / 'fixtures'
NOON_S = 1777636800


@pytest.fixture
def gateway(server):
    return Gateway(server)


def stored(gateway):
    """{(device, quantity): value} of a gateway that has one time only."""
    return {name: next(iter(points.values())) for name, points in exported(gateway.server, gateway.id).items()}


# ---- what is shipped

def test_senec(gateway):
    gateway.write('SENEC inverter_power=2000i,house_power=700i,bat_power_plus=1000i,bat_power_minus=0i,'
                  'grid_power_plus=0i,grid_power_minus=300i,bat_fuel_charge=55.5,case_temp=31.2,'
                  f'current_state="CHARGE",wallbox_charge_power=4i {NOON_S}', '/api/v2/write?precision=s').expect(204)
    assert stored(gateway) == {
        ('senec', 'pv_power'): 2000, ('senec', 'load_power'): 700, ('senec', 'battery_power'): -1000,
        ('senec', 'grid_power'): -300, ('senec', 'soc'): 55.5, ('senec', 'temperature_case'): 31.2,
        ('senec', 'wallbox_charge_power'): 4}


def test_half_a_sum_is_kept_under_its_own_name(gateway):
    gateway.write(f'SENEC bat_power_plus=1000i {NOON_S}\nSENEC bat_power_minus=7i {NOON_S + 60}',
                  '/write?precision=s').expect(204)
    found = exported(gateway.server, gateway.id)
    assert found == {('senec', 'bat_power_plus'): {'2026-05-01T12:00:00Z': 1000},
                     ('senec', 'bat_power_minus'): {'2026-05-01T12:01:00Z': 7}}


def test_two_lines_of_one_moment_make_a_sum(gateway):
    gateway.write(f'SENEC bat_power_plus=0 {NOON_S}\nm x=1 {NOON_S}\nSENEC bat_power_minus=7 {NOON_S}',
                  '/write?precision=s').expect(204)
    assert stored(gateway) == {('senec', 'battery_power'): 7, ('m', 'x'): 1}


def test_openems(gateway):
    gateway.write('data,edge=0 _sum/GridActivePower=-1500i,_sum/ProductionActivePower=4000i,'
                  '_sum/EssActivePower=-2000i,_sum/EssSoc=64i,_sum/ConsumptionActivePower=500i,'
                  f'ess0/AllowedChargePower=5000i,_sum/GridBuyActiveEnergy=123456i {NOON_S}',
                  '/write?precision=s').expect(204)
    assert stored(gateway) == {
        ('edge0', 'grid_power'): -1500, ('edge0', 'pv_power'): 4000, ('edge0', 'battery_power'): -2000,
        ('edge0', 'soc'): 64, ('edge0', 'load_power'): 500, ('edge0', 'ess0/AllowedChargePower'): 5000,
        ('edge0', 'grid_import_energy_total'): 123456}


def test_openems_hybrid_prefers_the_discharge(gateway):
    gateway.write(f'data,edge=0 _sum/EssActivePower=900i,_sum/EssDischargePower=-100i {NOON_S}',
                  '/write?precision=s').expect(204)
    assert stored(gateway) == {('edge0', 'battery_power'): -100, ('edge0', '_sum/EssActivePower'): 900}


def home_assistant_files():
    """The recorded history, or what looks like it."""
    try:
        folder = shared_data('ha-history-pv-battery-2024')
        return [folder / 'battery_power.csv', folder / 'battery_soc.csv', folder / 'pv_power.csv']
    except pytest.skip.Exception:
        return [FIXTURES / 'ha-history.csv']


UNITS = {'battery_power': 'W', 'pv_power': 'W', 'battery_state_of_charge': '%'}
QUANTITIES = {'battery_power': 'battery_power', 'pv_power': 'pv_power', 'battery_state_of_charge': 'soc'}


def test_home_assistant(gateway):
    """As its integration sends: the unit is the measurement; what is no number comes as a text."""
    expected = {}
    for path in home_assistant_files():
        lines = []
        with open(path, newline='', encoding='utf-8') as file:
            rows = list(csv.DictReader(file))[-3000:]
        for row in rows:
            name = row['entity_id'].removeprefix('sensor.')
            time = row['last_changed']
            head = f'{UNITS[name]},domain=sensor,entity_id={name},source=HA'
            ns = gateway_time(time)
            try:
                value = float(row['state'])
            except ValueError:
                lines.append(f'{head} state="{row["state"]}" {ns}')
                continue
            lines.append(f'{head} value={row["state"]},friendly_name_str="A sensor" {ns}')
            expected.setdefault(QUANTITIES[name], {})[ns] = value
        gateway.write('\n'.join(lines)).expect(204)
    found = exported(gateway.server, gateway.id)
    assert set(found) == {('home', quantity) for quantity in expected}
    for quantity, points in expected.items():
        got = {gateway_time(time): value for time, value in found[('home', quantity)].items()}
        assert got == points, quantity
    # Discharge is above zero there as here.
    assert min(expected['battery_power'].values()) < 0 < max(expected['battery_power'].values())


def gateway_time(text):
    """RFC 3339, UTC, as nanoseconds."""
    at = datetime.fromisoformat(text.replace('Z', '+00:00'))
    return int(at.timestamp()) * 10**9 + at.microsecond * 1000


def test_native_names_are_left_alone(gateway):
    gateway.write('pcs,device=pcs1 pv_power=5,odd=1\nplain x=2\nmeter,room=1 v=3', '/write').expect(204)
    assert set(exported(gateway.server, gateway.id)) == {
        ('pcs1', 'pv_power'), ('pcs1', 'pcs.odd'), ('plain', 'x'), ('meter;room=1', 'v')}


# ---- the operator's own

def write_mapping(folder, text, name='own.mapping'):
    path = folder / name
    path.write_text(text)
    return path


def test_own_rules_at_once_and_after_a_restart(gateway, folder):
    server = gateway.server
    rules = write_mapping(folder, '[line]\nboiler/p -> roof pv_power scale=-1000\nSENEC/inverter_power -> keep\n')
    gateway.write(f'boiler p=1 {NOON_S}', '/write?precision=s').expect(204)
    listed = server.cli('mapping', 'set', rules)
    assert [file['name'] for file in listed['files']][0] == 'own.mapping' and listed['files'][0]['n_rules'] == 2
    line = f'boiler p=-2 {NOON_S + 1}\nSENEC inverter_power=5 {NOON_S + 1}'
    gateway.write(line, '/write?precision=s').expect(204)
    found = exported(server, gateway.id)
    assert found[('boiler', 'p')] == {'2026-05-01T12:00:00Z': 1}
    assert found[('roof', 'pv_power')] == {'2026-05-01T12:00:01Z': 2000}
    assert found[('SENEC', 'inverter_power')] == {'2026-05-01T12:00:01Z': 5}
    server.restart()
    gateway.write(f'boiler p=-3 {NOON_S + 2}', '/write?precision=s').expect(204)
    assert len(exported(server, gateway.id)[('roof', 'pv_power')]) == 2
    server.cli('mapping', 'remove', 'own.mapping')
    gateway.write(f'boiler p=-3 {NOON_S + 3}', '/write?precision=s').expect(204)
    assert len(exported(server, gateway.id)[('boiler', 'p')]) == 2


def test_own_file_in_place_of_a_shipped_one(gateway, folder):
    shown = gateway.server.run('mapping', 'show', 'senec.mapping').stdout
    assert 'SENEC/inverter_power' in shown
    rules = write_mapping(folder, shown.replace('senec pv_power', 'storage pv_power'), 'senec.mapping')
    listed = gateway.server.cli('mapping', 'set', rules)
    same = [(file['shipped'], file['used']) for file in listed['files'] if file['name'] == 'senec.mapping']
    assert same == [(False, True), (True, False)]
    gateway.write(f'SENEC inverter_power=5 {NOON_S}', '/write?precision=s').expect(204)
    assert stored(gateway) == {('storage', 'pv_power'): 5}


def test_what_is_wrong_is_told_by_line(gateway, folder):
    server = gateway.server
    wrong = write_mapping(folder, '[line]\na/b -> c d\na/c -> \na/d -> e f scale=none\n')
    for command in ('check', 'set'):
        said = server.run('mapping', command, wrong, status=1).stderr
        assert 'own.mapping:3: ' in said and 'own.mapping:4: ' in said and 'scale' in said, said
        assert said.count('\n') == 1
    assert not (server.data_dir / 'mappings' / 'own.mapping').exists()
    bad_name = write_mapping(folder, '[line]\n', 'own.txt')
    assert '.mapping' in server.run('mapping', 'set', bad_name, status=1).stderr
    assert 'sound' in server.run('mapping', 'check', write_mapping(folder, '[line]\na/b -> c d\n')).stdout
    assert 'no mapping' in server.run('mapping', 'show', 'none.mapping', status=1).stderr
    for name in ('.x.mapping', 'x', 'a%20b.mapping', '.mapping'):
        answer = server.operator('PUT', f'/operator/v1/mappings/{name}', json_body={'text': '[line]\n'})
        assert answer.status in (400, 404, 422), (name, answer)


def test_reload(gateway):
    server = gateway.server
    own = server.data_dir / 'mappings'
    own.mkdir()
    (own / 'hand.mapping').write_text('[line]\nx/y -> hand made\n')
    gateway.write(f'x y=1 {NOON_S}', '/write?precision=s').expect(204)
    server.cli('mapping', 'reload')
    gateway.write(f'x y=2 {NOON_S + 1}', '/write?precision=s').expect(204)
    (own / 'hand.mapping').write_text('[line]\nx/y -> hand\n')
    assert 'hand.mapping:2: ' in server.run('mapping', 'reload', status=1).stderr
    # What was there goes on.
    gateway.write(f'x y=3 {NOON_S + 2}', '/write?precision=s').expect(204)
    assert {name: len(points) for name, points in exported(server, gateway.id).items()} == {
        ('x', 'y'): 1, ('hand', 'made'): 2}
    # A server that starts leaves it out rather than staying away.
    server.expect_warning('hand.mapping:2')
    server.restart()
    gateway.write(f'x y=4 {NOON_S + 3}', '/write?precision=s').expect(204)
    assert len(exported(server, gateway.id)[('x', 'y')]) == 2


def test_list(server):
    listed = server.cli('mapping', 'list')
    assert {file['name'] for file in listed['files']} >= {
        'fronius.mapping', 'home-assistant.mapping', 'openems.mapping', 'senec.mapping', 'sunspec.mapping',
        'venus.mapping'}
    assert listed['n_rules'] == sum(file['n_rules'] for file in listed['files'])
    assert 'SENEC/bat_power_plus' in server.run('mapping', 'list', '--rules').stdout
    assert 'senec.mapping' in server.run('mapping', 'list').stdout


def test_without_a_server(make_server, folder):
    server = make_server(start=False)
    server.cli('mapping', 'set', write_mapping(folder, '[line]\nx/y -> hand made\n'))
    server.start()
    gateway = Gateway(server)
    gateway.write(f'x y=1 {NOON_S}', '/write?precision=s').expect(204)
    assert stored(gateway) == {('hand', 'made'): 1}


# ---- what was set aside

def entries(server, *options):
    return server.cli('quarantine', 'list', *options)['entries']


@pytest.mark.parametrize('path, error', [('/write', 'error'), ('/api/v2/write', 'message')])
def test_bad_lines_are_told_and_kept_aside(gateway, path, error):
    lines = f'm,device=a x=1 {NOON_S}\nbad line here\n\nm,device=b x=2 {NOON_S}\nm x= {NOON_S}\n'
    body = gateway.write(lines, f'{path}?precision=s').expect(400).json()
    assert body[error].startswith("partial write: line 2: unable to parse 'bad line here': ")
    assert [(line['line'], line['code']) for line in body['lines']] == [(2, 'bad-line'), (5, 'bad-line')]
    kept = entries(gateway.server)
    assert [(entry['place'], entry['text']) for entry in kept] == [('line 5', f'm x= {NOON_S}'),
                                                                  ('line 2', 'bad line here')]
    assert all(entry['gateway'] == gateway.id and entry['kind'] == 'refused' for entry in kept)
    assert 'line 2' in gateway.server.run('quarantine', 'list').stdout
    assert gateway.values() == 2


def test_values_and_refusals_side_by_side(gateway):
    other = Gateway(gateway.server, 'GW-2')
    gateway.push({'readings': [{'t': '2026-05-01T12:00:00Z', 'device': 'a', 'v': {'soc': 120, 'x': 'much'}}]})
    other.write(b'\xff\xfe \x1b[31m' + b'x' * 1000)
    of_one = entries(gateway.server, '--gateway', gateway.id)
    assert sorted((entry['kind'], entry['code']) for entry in of_one) == [('refused', 'not-a-number'), ('value', 'range')]
    value = next(entry for entry in of_one if entry['kind'] == 'value')
    assert (value['device'], value['quantity'], value['value']) == ('a', 'soc', 120)
    assert next(entry for entry in of_one if entry['kind'] == 'refused')['place'] == 'readings[0].v.x'
    of_other = entries(gateway.server, '--gateway', other.id)
    assert len(of_other) == 1 and len(of_other[0]['text'].encode()) <= 200
    assert '\x1b' not in gateway.server.run('quarantine', 'list').stdout
    assert len(entries(gateway.server)) == 3 and len(entries(gateway.server, '--limit', '1')) == 1
    assert 'no gateway' in gateway.server.run('quarantine', 'list', '--gateway', 'none', status=1).stderr


def test_a_broken_gateway_fills_nothing(gateway):
    for _ in range(5):
        gateway.write('\n'.join(f'bad {i}' for i in range(500))).expect(400)
    kept = entries(gateway.server, '--limit', '1000')
    assert len(kept) == 200
    assert kept[0]['text'] == 'bad 99'


# ---- and back

def test_export_as_lines(gateway):
    """What is exported as lines is the same when another gateway sends it."""
    gateway.push({'readings': [{'t': '2026-05-01T12:00:00.5Z', 'device': 'a, b=c', 'v': {'pv_power': 3120.25, 'soc': 5}},
                               {'t': '2026-05-01T12:01:00Z', 'device': 'odd\\', 'v': {'x': 1}},
                               {'t': '2026-05-01T12:01:00Z', 'device': 'pcs1', 'v': {'my own': -1e-7}}]}).expect(200)
    text = gateway.server.run('export', '--gateway', gateway.id, '--layout', 'line').stdout
    assert text.splitlines()[0] == r'a\,\ b=c,device=a\,\ b\=c pv_power=3120.25 1777636800500000000'
    other = Gateway(gateway.server, 'GW-2')
    other.write(text).expect(204)
    there = exported(gateway.server, other.id)
    assert there[('a, b=c', 'pv_power')] == exported(gateway.server, gateway.id)[('a, b=c', 'pv_power')]
    assert list(there[('pcs1', 'pcs1.my own')].values()) == [-1e-7]
    assert ('odd\\', 'x') not in there
