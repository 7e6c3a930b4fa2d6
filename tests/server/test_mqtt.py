"""Readings that come by way of a broker of MQTT: a real Mosquitto, a real server."""

import json
import random
import re
import stat
import threading
from datetime import datetime

import pytest

from harness.mosquitto import make_mosquitto, mosquitto  # noqa: F401 (fixtures)
from harness.wait import wait_for

TARGETS = '''
[mqtt]
meter/power        -> grid grid_power scale=1000
meter/import       -> grid grid_power sum
meter/export       -> grid grid_power scale=-1 sum
tele/plug/SENSOR/ENERGY/Power -> plug plug_power
tele/plug/SENSOR/StatusSNS    -> plug status fault
pv/{n}/state       -> pv{n} trouble fault
'''


def show(server, name='house'):
    return server.operator('GET', f'/operator/v1/mqtt/{name}').expect(200).json()


def state(server, name='house'):
    return show(server, name)['state']


def readings(server, gateway):
    """(device, quantity): the values that are stored, by time."""
    text = server.operator('GET', f'/operator/v1/gateways/{gateway}/readings').expect(200).text
    found = {}
    for line in text.splitlines():
        time, device, quantity, value = line.split(',')
        found.setdefault((device, quantity), []).append((datetime.fromisoformat(time), float(value)))
    return {key: [value for _time, value in sorted(pairs)] for key, pairs in found.items()}


def add(server, broker, *arguments, name='house', wait=True):
    """Names the broker; it is listened to when this returns."""
    answer = server.cli('mqtt', 'add', name, '--url', broker.url, *arguments)
    if wait:
        listening(server, name)
    return answer


def listening(server, name='house'):
    wait_for(lambda: state(server, name)['phase'] == 'connected', 30, f'{name} to be connected')


def gateways(server, *ids):
    for one in ids:
        server.cli('gateway', 'add', one)


def stored(server, gateway, values, timeout=20):
    """Waits until exactly these values are stored."""
    def compare():
        assert readings(server, gateway) == values
        return True
    wait_for(compare, timeout, f'the values of {gateway}')


@pytest.fixture
def mapped(make_server):
    """A server with rules for MQTT."""
    server = make_server(start=False)
    (server.data_dir / 'mappings').mkdir(parents=True, mode=0o700)
    (server.data_dir / 'mappings' / 'own.mapping').write_text(TARGETS)
    return server.start()


# The shape of messages

def test_plain_numbers_and_json(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1', 'GW-2')
    add(server, mosquitto, '--topic', 'site/{gateway}/#')
    mosquitto.publish('site/GW-1/pv/power', '3120.5')
    mosquitto.publish('site/GW-1/pv/json', '{"a": 1, "b": {"c": [2, true]}, "text": "no", "n": null, "s": "7"}')
    mosquitto.publish('site/GW-1/switch/state', 'ON')
    mosquitto.publish('site/GW-2/pv/power', ' -1e3\n')
    mosquitto.publish('site/GW-2/pv/name', 'garage')
    stored(server, 'GW-1', {
        ('site', 'pv/power'): [3120.5], ('site', 'pv/json/a'): [1], ('site', 'pv/json/b/c/0'): [2],
        ('site', 'pv/json/b/c/1'): [1], ('site', 'pv/json/s'): [7], ('site', 'switch/state'): [1]})
    stored(server, 'GW-2', {('site', 'pv/power'): [-1000]})
    assert state(server)['messages'] == 5
    assert state(server)['values'] == 7


def test_known_shapes_of_others(mapped, mosquitto):  # noqa: F811
    """Tasmota, Home Assistant and zigbee2mqtt, each with a gateway of its own."""
    gateways(mapped, 'GW-T', 'GW-H', 'GW-Z')
    add(mapped, mosquitto, '--topic', 'tele/plug/#=GW-T', '--topic', 'homeassistant/sensor/+/state=GW-H',
        '--topic', 'zigbee2mqtt/+=GW-Z')
    mosquitto.publish('tele/plug/SENSOR', json.dumps({
        'Time': '2026-05-01T12:00:00', 'ENERGY': {'Total': 3.185, 'Power': 42, 'Voltage': '231'}}))
    mosquitto.publish('homeassistant/sensor/pv_power/state', '812')
    mosquitto.publish('homeassistant/sensor/pv_name/state', 'unavailable')
    mosquitto.publish('zigbee2mqtt/meter', '{"power": 12.5, "linkquality": 90, "state": "OFF"}')
    stored(mapped, 'GW-T', {('plug', 'plug_power'): [42], ('tele', 'plug/SENSOR/ENERGY/Total'): [3.185],
                            ('tele', 'plug/SENSOR/ENERGY/Voltage'): [231]})
    stored(mapped, 'GW-H', {('homeassistant', 'sensor/pv_power/state'): [812]})
    stored(mapped, 'GW-Z', {('zigbee2mqtt', 'meter/power'): [12.5], ('zigbee2mqtt', 'meter/linkquality'): [90],
                            ('zigbee2mqtt', 'meter/state'): [0]})


def test_mapping_names_scales_and_adds_up(mapped, mosquitto):  # noqa: F811
    gateways(mapped, 'GW-1', 'GW-2')
    add(mapped, mosquitto, '--topic', '{gateway}/meter/#')
    mosquitto.publish('GW-1/meter/power', '1.5')
    # The parts of a sum come one by one; each counts until the next of it.
    for topic, value in (('import', 100), ('export', 30), ('import', 50)):
        mosquitto.publish(f'GW-2/meter/{topic}', str(value))
    stored(mapped, 'GW-1', {('grid', 'grid_power'): [1500]})
    stored(mapped, 'GW-2', {('meter', 'import'): [100], ('grid', 'grid_power'): [70, 20]})


def test_time_of_the_payload(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'm/#=GW-1', '--time', 'meta/ts')
    for time in ('"2026-05-01T12:00:00+09:00"', '1777604460', '1777604520000'):
        mosquitto.publish('m/a', f'{{"v": 1, "meta": {{"ts": {time}}}}}', retain=True)

    def times():
        text = server.operator('GET', '/operator/v1/gateways/GW-1/readings').expect(200).text
        return [line.split(',')[0] for line in text.splitlines()]
    wait_for(lambda: times() == ['2026-05-01T03:00:00Z', '2026-05-01T03:01:00Z', '2026-05-01T03:02:00Z'])


def test_what_the_broker_kept_is_not_of_now(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    mosquitto.publish('m/old', '1', retain=True)
    add(server, mosquitto, '--topic', 'm/#=GW-1')
    mosquitto.publish('m/new', '2')
    stored(server, 'GW-1', {('m', 'new'): [2]})
    assert state(server)['messages'] == 2


def test_faults_and_contact(mapped, mosquitto):  # noqa: F811
    gateways(mapped, 'GW-1')
    add(mapped, mosquitto, '--topic', '{gateway}/pv/#', '--contact', '{gateway}/LWT')

    def alerts():
        return sorted((alert['kind'], alert['device'], alert['code']) for alert in mapped.cli('alert', 'list')['alerts'])
    mosquitto.publish('GW-1/pv/1/state', '0')
    mosquitto.publish('GW-1/pv/1/state', '3')
    mosquitto.publish('GW-1/pv/power', '1')
    wait_for(lambda: alerts() == [('fault', 'pv1', 'trouble')])
    mosquitto.publish('GW-1/LWT', 'Offline', retain=True)
    wait_for(lambda: len(alerts()) == 2)
    assert alerts()[1][0] == 'offline'
    mosquitto.publish('GW-1/pv/1/state', 'OFF')
    wait_for(lambda: alerts() == [])
    assert state(mapped)['events'] == 2


# Who is who

def test_unknown_gateways_are_counted_not_made(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'site/{gateway}/power', '--gateway', 'roof 7=GW-1')
    for name in ('GW-9', 'GW-9', 'roof 7', '..', 'GW-1'):
        mosquitto.publish(f'site/{name}/power', '1')
    mosquitto.publish('site/x/y/power', '1')
    wait_for(lambda: len(readings(server, 'GW-1').get(('site', 'power'), [])) == 2)
    wait_for(lambda: state(server)['unknown_messages'] == 3)
    assert [(one['name'], one['messages']) for one in state(server)['unknown']] == [('GW-9', 2), ('..', 1)]
    assert [one['id'] for one in server.cli('gateway', 'list')['gateways']] == ['GW-1']
    gateways(server, 'GW-9')

    def arrives():
        mosquitto.publish('site/GW-9/power', '5')
        return readings(server, 'GW-9')
    wait_for(arrives, 30, 'the gateway that is known now')


# The broker

@pytest.mark.parametrize('trust', ['ca', 'fingerprint'])
def test_tls_and_password(server, make_mosquitto, folder, trust):  # noqa: F811
    broker = make_mosquitto(tls=True, user='mimamori', password='s3cret-canary')
    (folder / 'password').write_text('s3cret-canary\n')
    gateways(server, 'GW-1')
    trusts = ['--ca', broker.certificate] if trust == 'ca' else ['--fingerprint', broker.fingerprint]
    add(server, broker, '--user', 'mimamori', '--password-file', folder / 'password', '--topic', 'a/#=GW-1', *trusts)
    assert server.cli('mqtt', 'test', 'house') == {'ok': True, 'error': None}
    broker.publish('a/b', '1')
    stored(server, 'GW-1', {('a', 'b'): [1]})
    # The password goes in and never comes out.
    assert show(server)['has_password'] is True
    assert 's3cret-canary' not in json.dumps(show(server)) + server.run('mqtt', 'show', 'house').stdout + server.log()
    assert stat.S_IMODE((server.data_dir / 'mqtt.conf').stat().st_mode) == 0o600
    # Another certificate is not the broker's.
    broker.stop()
    broker.new_certificate('elsewhere.example')
    broker.start()
    wait_for(lambda: 'certificate' in (state(server)['last_error'] or ''), 60)
    assert state(server)['phase'] == 'connecting'
    failed = server.run('mqtt', 'test', 'house', status=1).stderr
    assert 'certificate' in failed


def test_errors_are_said_in_words(server, make_mosquitto, folder):  # noqa: F811
    broker = make_mosquitto(user='u', password='right')
    (folder / 'password').write_text('wrong')
    gateways(server, 'GW-1')
    add(server, broker, '--user', 'u', '--password-file', folder / 'password', '--topic', 'a/#=GW-1', wait=False)
    wait_for(lambda: 'lets us not in' in (state(server)['last_error'] or ''), 30)
    assert 'lets us not in' in server.run('mqtt', 'test', 'house', status=1).stderr
    server.cli('mqtt', 'remove', 'house')
    assert server.cli('mqtt', 'list') == {'brokers': []}
    for url, words in (('mqtt://127.0.0.1:1', 'refused'), ('mqtt://nobody.invalid', '')):
        server.cli('mqtt', 'add', 'house', '--url', url, '--topic', 'a/#=GW-1')
        wait_for(lambda: state(server)['last_error'] is not None
                 and words in state(server)['last_error'], 60)  # pylint: disable=cell-var-from-loop
        server.cli('mqtt', 'remove', 'house')


def test_wrong_settings_are_refused_by_field(server):
    def fields(**changes):
        body = {'name': 'b', 'url': 'mqtt://h', 'topics': [{'kind': 'json', 'filter': 'a/{gateway}'}], **changes}
        answer = server.operator('POST', '/operator/v1/mqtt', json_body=body).expect(422).json()
        return {one['field'] for one in answer['errors']}
    assert fields(name='B c') == {'name'}
    assert fields(url='http://h') == fields(url='mqtt://h/path') == fields(url='mqtt://u:p@h') == {'url'}
    assert fields(ca='nonsense', url='mqtts://h') == {'ca'}
    assert fields(fingerprint='ab', url='mqtts://h') == {'fingerprint'}
    assert fields(fingerprint='ab' * 32) == {'url'}
    assert fields(password='x') == {'user'}
    assert fields(topics=[]) == {'topics'}
    assert fields(interval_s=0) == {'interval_s'}
    assert fields(client_id='a/b') == {'client_id'}
    for topics, field in (
            ({'kind': 'smoke', 'filter': 'a'}, 'kind'), ({'kind': 'json', 'filter': 'a/#/b'}, 'filter'),
            ({'kind': 'json', 'filter': 'a'}, 'gateway'), ({'kind': 'json', 'filter': '{gateway}', 'gateway': 'G'}, 'gateway'),
            ({'kind': 'json', 'filter': 'a', 'gateway': 'no good'}, 'gateway'),
            ({'kind': 'venus', 'filter': 'a/{gateway}'}, 'filter'),
            ({'kind': 'sparkplug', 'filter': 'spBv1.0/{gateway}/#'}, 'filter'),
            ({'kind': 'venus', 'filter': 'N/{gateway}/#', 'time': 't'}, 'time')):
        assert fields(topics=[topics]) == {f'topics[0].{field}'}, topics
    assert server.cli('mqtt', 'list') == {'brokers': []}
    server.operator('GET', '/operator/v1/mqtt/none').expect(404)
    server.operator('DELETE', '/operator/v1/mqtt/none').expect(404)
    server.operator('POST', '/operator/v1/mqtt/none/test').expect(404)


def test_settings_survive_and_are_shown(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    made = add(server, mosquitto, '--topic', 'a;b/\\/é/#=GW-1', '--venus', '', '--sparkplug', '', '--gateway',
               'group/node=GW-1', '--gateway', 'a;b=GW-1', '--interval', '30', '--client-id', 'me')
    assert made['topics'][1]['filter'] == 'N/{gateway}/#'
    server.restart()
    listening(server)
    again = show(server)
    assert {**again, 'state': 0} == {**made, 'state': 0}
    assert again['gateways'] == {'group/node': 'GW-1', 'a;b': 'GW-1'} and again['interval_s'] == 30
    assert server.operator('POST', '/operator/v1/mqtt', json_body={
        'name': 'house', 'url': 'mqtt://h', 'topics': [{'kind': 'venus'}]}).status == 409
    listed = server.run('mqtt', 'list').stdout
    assert 'house' in listed and 'connected' in listed
    assert 'mimamori_mqtt_connected{broker="house"} 1\n' in server.operator('GET', '/metrics').expect(200).text
    # Without a server the sub-commands work on the file.
    server.stop()
    assert server.cli('mqtt', 'show', 'house')['state'] == {'phase': 'stopped'}
    server.cli('mqtt', 'remove', 'house')
    assert server.cli('mqtt', 'list') == {'brokers': []}


# What is not lost

def test_a_restart_of_the_broker_loses_nothing(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'a/#=GW-1')
    mosquitto.publish('a/n', '1')
    stored(server, 'GW-1', {('a', 'n'): [1]})
    mosquitto.stop()
    wait_for(lambda: state(server)['phase'] == 'connecting', 30)
    mosquitto.start()
    # It knows us, and keeps what comes before we are back.
    mosquitto.publish('a/n', '2')
    wait_for(lambda: readings(server, 'GW-1') == {('a', 'n'): [1, 2]}, 60)
    wait_for(lambda: state(server)['connects'] == 2)


def test_our_absence_loses_nothing(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'a/#=GW-1')
    server.stop()
    for number in range(300):
        mosquitto.publish('a/n', str(number))
    server.start()
    stored(server, 'GW-1', {('a', 'n'): list(range(300))}, 60)


def test_nothing_acknowledged_is_lost_by_kill_9(server, mosquitto):  # noqa: F811
    """Numbers are published without a pause while the server is killed again and again: in the end
    each of them is stored. Twice is no fault: the broker repeats what was not acknowledged."""
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'a/#=GW-1')
    last = {'number': 0}
    enough = threading.Event()

    def publish():
        while not enough.is_set():
            mosquitto.publish('a/n', str(last['number'] + 1))
            last['number'] += 1
    thread = threading.Thread(target=publish)
    thread.start()
    try:
        for _ in range(5):
            before = len(readings(server, 'GW-1').get(('a', 'n'), []))
            wait_for(lambda: len(readings(server, 'GW-1').get(('a', 'n'), []))
                     > before + random.randrange(5, 50), 60)  # pylint: disable=cell-var-from-loop
            server.kill9()
            server.start()
            listening(server)
    finally:
        enough.set()
        thread.join()

    def missing():
        return set(range(1, last['number'] + 1)) - {int(one) for one in readings(server, 'GW-1')[('a', 'n')]}
    wait_for(lambda: not missing(), 60, 'all numbers')


def test_nothing_is_acknowledged_before_it_is_on_disk(server, mosquitto):  # noqa: F811
    """While the disk takes nothing, the broker gets no acknowledgement; a kill then leaves all with it."""
    gateways(server, 'GW-1')
    add(server, mosquitto, '--topic', 'a/#=GW-1')
    server.stall(600)

    def waiting():
        text = server.operator('GET', '/metrics').expect(200).text
        return int(re.search(r'^mimamori_writer_waiting (\d+)$', text, re.MULTILINE).group(1))
    wait_for(lambda: all(waiting() for _ in range(5)), 30, 'the writer to stand still')
    for number in range(20):
        mosquitto.publish('a/n', str(number))
    wait_for(lambda: state(server)['messages'] >= 1)
    assert state(server)['values'] == 0
    server.kill9()
    server.start()
    wait_for(lambda: set(readings(server, 'GW-1').get(('a', 'n'), [])) == set(range(20)), 60)


# What others may send

def test_hostile_payloads(mapped, mosquitto):  # noqa: F811
    gateways(mapped, 'GW-1', 'GW-2')
    add(mapped, mosquitto, '--topic', 'a/#=GW-1', '--topic', 'b/#=GW-2')
    rng = random.Random(4)
    mosquitto.publish('a/huge', b'1' * (300 * 1024))
    mosquitto.publish('a/enormous', b'[' + b'1,' * (1024 * 1024) + b'1]')
    mosquitto.publish('a/deep', b'[' * 50000 + b']' * 50000)
    mosquitto.publish('a/deeper', b'{"a":' * 20 + b'1' + b'}' * 20)
    mosquitto.publish('b/many', b'[' + b'1,' * 5000 + b'1]')
    mosquitto.publish('a/twice', b'{"a":1,"a":2}')
    mosquitto.publish('a/inf', b'{"a":1e999,"b":NaN}')
    mosquitto.publish('a/bytes', rng.randbytes(5000))
    mosquitto.publish('a/nul', b'12\x003')
    mosquitto.publish('a/empty', b'')
    mosquitto.publish('a/' + 'x' * 500, b'1')
    mosquitto.publish('a/' + 'y/' * 150, b'1')
    mosquitto.publish('a//b', b'1')
    mosquitto.publish('a/{gateway}/\u202e', b'1')
    mosquitto.publish('a/last', b'1')
    wait_for(lambda: ('a', 'last') in readings(mapped, 'GW-1'), 30)
    assert state(mapped)['phase'] == 'connected' and state(mapped)['refused'] > 5
    assert state(mapped)['last_refusal']


def test_ten_thousand_topics(server, mosquitto):  # noqa: F811
    """A gateway has as many series as any; the rest is refused, and costs nobody else anything."""
    gateways(server, 'GW-1', 'GW-2')
    add(server, mosquitto, '--topic', 't/{gateway}/#')
    for number in range(10000):
        mosquitto.publish(f't/GW-1/{number}', '1', qos=0)
    for number in range(2000):
        mosquitto.publish(f't/nobody-{number}/a', '1', qos=0)
    mosquitto.publish('t/GW-2/a', '1')
    stored(server, 'GW-2', {('t', 'a'): [1]}, 60)
    wait_for(lambda: state(server)['refused'] >= 9000, 60)
    assert len(readings(server, 'GW-1')) == 512
    assert len(state(server)['unknown']) == 100
