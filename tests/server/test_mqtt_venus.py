"""Venus OS through a real Mosquitto: recorded devices of Victron, told as a GX device tells them."""

import json
import re

import pytest

from harness.mosquitto import make_mosquitto, mosquitto  # noqa: F401 (fixtures)
from harness.places import shared_data
from harness.wait import wait_for

from test_mqtt import add, gateways, readings, state

PORTAL = 'c0619ab1d2e3'


class Venus:
    """A portal: it tells all values when it is asked to, and goes on telling what changes."""

    def __init__(self, broker, portal=PORTAL):
        self.broker, self.portal = broker, portal
        self.values = {}
        self.asked = broker.watch(f'R/{portal}/#')

    def tell(self, path, value):
        self.values[path] = value
        self.broker.publish(f'N/{self.portal}/{path}', json.dumps({'value': value}), qos=0)

    def tell_all(self):
        for path, value in list(self.values.items()):
            self.tell(path, value)
        self.broker.publish(f'N/{self.portal}/full_publish_completed', '{"value": 1}', qos=0)

    def gone(self, device):
        for path in [path for path in self.values if path.startswith(device + '/')]:
            del self.values[path]
            self.broker.publish(f'N/{self.portal}/{path}', '', qos=0)

    def questions(self):
        return [text for topic, text in self.asked.messages if topic == f'R/{self.portal}/keepalive']


def recording(name):
    """(the initial values by topic, the changes): of one recorded device."""
    lines = shared_data('victron-dbus-recordings', f'{name}.csv').read_text().split('\n')
    service = re.match(r'com\.victronenergy\.(\w+)', lines[0]).group(1)
    middle = lines.index('', 1)

    def value(kind, text):
        if kind == 'ARRAY' or kind == 'STRING' and text == '':
            return None
        if text.startswith('['):
            return json.loads(text)
        return text if kind == 'STRING' else float(text) if kind == 'DOUBLE' else int(float(text))
    initial = {}
    for line in lines[1:middle]:
        path, kind, text = line.split('\t')[:3]
        initial[path] = value(kind, text)
    instance = initial.get('/DeviceInstance') or 0
    changes = []
    for line in lines[middle + 1:]:
        if line:
            _second, path, kind, text = line.split('\t')[:4]
            changes.append((f'{service}/{instance}{path}', value(kind, text)))
    return {f'{service}/{instance}{path}': one for path, one in initial.items()}, changes


def listen(server, broker, interval=1):
    gateways(server, 'GW-1')
    add(server, broker, '--venus', 'N/{gateway}/#', '--gateway', f'{PORTAL}=GW-1', '--interval', str(interval))


def alerts(server):
    return sorted((one['kind'], one['device'], one['code']) for one in server.cli('alert', 'list')['alerts'])


def test_values_are_asked_for_and_kept_until_they_are_gone(server, mosquitto):  # noqa: F811
    venus = Venus(mosquitto)
    listen(server, mosquitto)
    wait_for(lambda: len(venus.questions()) >= 1, 20, 'the first question')
    assert venus.questions()[0] == b''
    venus.tell('battery/256/Dc/0/Power', 120.5)
    venus.tell('battery/256/Soc', 55)
    venus.tell('battery/256/ProductName', 'BMV-702')
    venus.tell('grid/30/Ac/Power', None)
    venus.tell_all()
    # Told once, stored each second: the values hold. Charging is below zero here.
    wait_for(lambda: len(readings(server, 'GW-1').get(('battery256', 'soc'), [])) >= 3, 30)
    assert set(readings(server, 'GW-1')) == {('battery256', 'battery_power'), ('battery256', 'soc')}
    assert set(readings(server, 'GW-1')['battery256', 'battery_power']) == {-120.5}
    # null is no value, and none is not zero.
    venus.tell('battery/256/Soc', None)
    venus.tell('battery/256/Dc/0/Power', -10)
    wait_for(lambda: readings(server, 'GW-1')['battery256', 'battery_power'][-1] == 10)
    count = len(readings(server, 'GW-1')['battery256', 'soc'])
    power = len(readings(server, 'GW-1')['battery256', 'battery_power'])
    wait_for(lambda: len(readings(server, 'GW-1')['battery256', 'battery_power']) >= power + 2)
    assert len(readings(server, 'GW-1')['battery256', 'soc']) == count
    venus.tell('tank/20/Level', 7)
    wait_for(lambda: ('tank20', 'Level') in readings(server, 'GW-1'))
    venus.gone('battery/256')
    level = len(readings(server, 'GW-1')['tank20', 'Level'])
    wait_for(lambda: len(readings(server, 'GW-1')['tank20', 'Level']) >= level + 2)
    power = len(readings(server, 'GW-1')['battery256', 'battery_power'])
    wait_for(lambda: len(readings(server, 'GW-1')['tank20', 'Level']) >= level + 5)
    assert len(readings(server, 'GW-1')['battery256', 'battery_power']) == power


def test_questions_go_on(server, mosquitto):  # noqa: F811
    venus = Venus(mosquitto)
    listen(server, mosquitto, 60)
    wait_for(lambda: len(venus.questions()) == 1)
    server.restart()
    # A new connection asks for all of it, then for what changes.
    wait_for(lambda: venus.questions()[:2] == [b'', b''], 20)
    server.advance(31)
    wait_for(lambda: len(venus.questions()) >= 3, 30)
    assert json.loads(venus.questions()[2]) == {'keepalive-options': ['suppress-republish']}


def test_alarms_and_states_are_told_at_once(server, mosquitto):  # noqa: F811
    venus = Venus(mosquitto)
    listen(server, mosquitto, 3600)
    venus.tell('battery/256/Alarms/LowVoltage', 0)
    venus.tell('vebus/257/State', 3)
    venus.tell('vebus/257/ErrorCode', 0)
    venus.tell('vebus/257/Ac/Out/L1/V', 230)
    wait_for(lambda: readings(server, 'GW-1').get(('vebus257', 'State')) == [3])
    assert alerts(server) == []
    venus.tell('battery/256/Alarms/LowVoltage', 2)
    venus.tell('vebus/257/ErrorCode', 11)
    wait_for(lambda: alerts(server) == [('fault', 'battery256', 'LowVoltage'), ('fault', 'vebus257', 'ErrorCode')])
    # null says nothing of it; after a restart of ours, 0 still ends it.
    venus.tell('vebus/257/ErrorCode', None)
    server.restart()
    venus.tell('battery/256/Alarms/LowVoltage', 0)
    venus.tell('vebus/257/ErrorCode', 0)
    wait_for(lambda: alerts(server) == [], 30)
    venus.tell('vebus/257/State', 9)
    wait_for(lambda: readings(server, 'GW-1')['vebus257', 'State'] == [3, 9])


def test_garbage_is_refused(server, mosquitto):  # noqa: F811
    venus = Venus(mosquitto)
    listen(server, mosquitto)
    for path, text in (('battery/1/Soc', '12'), ('battery/1/Soc', '{"value"'), ('battery/1/Soc', '{"v":1}'),
                       ('battery/1/Soc', '{"value":{"value":1}}'), ('battery/1/Soc', '{"value":[1]}'),
                       ('battery//Soc', '{"value":1}'), ('battery', '{"value":1}'), ('battery/1/', '{"value":1}'),
                       ('x' * 200 + '/1/y', '{"value":1}'), ('battery/1/' + 'a/' * 100, '{"value":1}'),
                       ('battery/1/Big', '{"value":1e400}')):
        mosquitto.publish(f'N/{PORTAL}/{path}', text)
    for number in range(5000):
        mosquitto.publish(f'N/{PORTAL}/battery/{number}/X', '{"value":1}', qos=0)
    mosquitto.publish('N/nobody/battery/1/Soc', '{"value":1}')
    venus.tell('battery/7/Soc', 1)
    venus.tell_all()
    wait_for(lambda: ('battery7', 'soc') in readings(server, 'GW-1') or state(server)['refused'] > 900, 60)
    wait_for(lambda: [one['name'] for one in state(server)['unknown']] == ['nobody'])
    assert state(server)['phase'] == 'connected'


@pytest.mark.parametrize('names', [('battery', 'grid', 'pvinverter', 'vebus'), ('solarcharger', 'tank_fuel')])
def test_recorded_devices(server, mosquitto, names):  # noqa: F811
    """All that was recorded is told: what counts is stored under our names and with our signs."""
    venus = Venus(mosquitto)
    listen(server, mosquitto, 2)
    changes = []
    for name in names:
        initial, more = recording(name)
        venus.values.update(initial)
        changes += more
    venus.tell_all()
    wait_for(lambda: readings(server, 'GW-1'), 30)
    for path, value in changes:
        venus.tell(path, value)

    def newest():
        return {key: values[-1] for key, values in readings(server, 'GW-1').items()}

    def expect(path, key, scale=1):
        found = newest().get(key)
        assert found is not None and found == pytest.approx(venus.values[path] * scale, rel=1e-12), (path, key)

    def all_as_expected():
        if 'battery' in names:
            expect('battery/256/Dc/0/Power', ('battery256', 'battery_power'), -1)
            expect('battery/256/Soc', ('battery256', 'soc'))
            [grid] = [path for path in venus.values if re.fullmatch(r'grid/\d+/Ac/Power', path)]
            expect(grid, (f'grid{grid.split("/")[1]}', 'grid_power'))
            [sun] = [path for path in venus.values if re.fullmatch(r'pvinverter/\d+/Ac/Power', path)]
            expect(sun, (f'pvinverter{sun.split("/")[1]}', 'pv_power'))
        else:
            [sun] = [path for path in venus.values if re.fullmatch(r'solarcharger/\d+/Yield/Power', path)]
            expect(sun, (f'solarcharger{sun.split("/")[1]}', 'pv_power'))
            [total] = [path for path in venus.values if re.fullmatch(r'solarcharger/\d+/Yield/System', path)]
            expect(total, (f'solarcharger{total.split("/")[1]}', 'pv_energy_total'), 1000)
        return True
    wait_for(all_as_expected, 30, 'the values of the recording')
    assert len(readings(server, 'GW-1')) <= 512
    assert state(server)['refused'] == 0
