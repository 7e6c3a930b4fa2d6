"""Fronius Push: recorded pushes and answers of the Solar API, as a Datamanager posts them."""

import base64
import json
from datetime import datetime, timedelta, timezone

import pytest

from harness.gateway import Gateway, exported
from harness.places import TOP, shared_data

FIXTURES = TOP / 'tests' / 'fixtures'
COUNTS = ('stored', 'duplicates', 'corrected', 'quarantined', 'refused')


@pytest.fixture
def gateway(server):
    return Gateway(server)


def post(gateway, body, user=None, password=None):
    """With user and password, as the device is set up."""
    login = base64.b64encode(f'{user or gateway.id}:{password or gateway.key}'.encode()).decode()
    return gateway.server.http.post('/ingest/fronius', body=body if isinstance(body, (bytes, str)) else json.dumps(body),
                                    headers={'Authorization': f'Basic {login}'})


def log_files():
    """The two recorded days, or what looks like them: (push, hours that the offsets must move)."""
    try:
        folder = shared_data('fronius-symo-hybrid-1min', 'push')
        names = [folder / 'logdata-data20160913235000.json', folder / 'logdata-data20170304235000.json']
    except pytest.skip.Exception:
        names = [FIXTURES / 'fronius-log-summer.json', FIXTURES / 'fronius-log-unsorted.json']
    return [json.loads(name.read_text(encoding='utf-8')) for name in names]


NAMES = {'EnergyReal_WAC_Plus_Absolute': 'grid_import_energy_total',
         'EnergyReal_WAC_Minus_Absolute': 'grid_export_energy_total',
         'Voltage_DC_String_1': 'dc_voltage_1', 'Current_DC_String_1': 'dc_current_1',
         'Voltage_DC_String_2': 'dc_voltage_2', 'Current_DC_String_2': 'dc_current_2'}


def expected_points(push, hours):
    """What must be stored: {(device, quantity): {time: value}}."""
    found = {}
    for node, data in push['Body'].items():
        device = node.replace('/', '').replace(':', '')
        start = datetime.fromisoformat(data['Start']).astimezone(timezone.utc) + timedelta(hours=hours)
        for channel, values in data['Data'].items():
            found[device, NAMES.get(channel, channel)] = {
                (start + timedelta(seconds=int(key))).strftime('%Y-%m-%dT%H:%M:%SZ'): value
                for key, value in values['Values'].items()}
    return found


@pytest.mark.parametrize('number, hours', [(0, 2), (1, 0)])
def test_log_data(gateway, number, hours):
    """Summer 2016 counts from midnight in UTC, winter 2017 (with keys in any order) from the start.

    That the summer's day is meant so is seen from its end: by the offsets alone the last record would be
    two hours older than the push, and noon two hours too early."""
    push = log_files()[number]
    expected = expected_points(push, hours)
    total = sum(len(points) for points in expected.values())
    answer = post(gateway, push).expect(200).json()
    assert {name: answer[name] for name in COUNTS} == {
        'stored': total, 'duplicates': 0, 'corrected': 0, 'quarantined': 0, 'refused': []}
    assert exported(gateway.server, gateway.id) == expected
    # Every time lies in the day and before the push.
    times = [time for points in expected.values() for time in points]
    node = next(iter(push['Body'].values()))
    utc = lambda text: datetime.fromisoformat(text).astimezone(timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    assert utc(node['Start']) <= min(times) and max(times) <= utc(push['Head']['Timestamp'])


def test_the_day_so_far_again_and_again(gateway):
    push = log_files()[1]
    whole = sum(len(channel['Values']) for node in push['Body'].values() for channel in node['Data'].values())

    def until(seconds):
        part = json.loads(json.dumps(push))
        for node in part['Body'].values():
            for channel in node['Data'].values():
                channel['Values'] = {key: value for key, value in channel['Values'].items() if int(key) <= seconds}
        return part

    stored = 0
    for seconds in (600, 1800, 3600, 86400):
        answer = post(gateway, until(seconds)).expect(200).json()
        assert answer['corrected'] == 0 and answer['duplicates'] == stored
        stored += answer['stored']
    assert stored == whole == gateway.values()
    changed = until(600)
    node = next(iter(changed['Body'].values()))
    next(iter(node['Data'].values()))['Values']['300'] = 99
    assert post(gateway, changed).expect(200).json()['corrected'] == 1
    assert gateway.values() == whole


def test_power_flow(gateway):
    push = json.loads((FIXTURES / 'fronius-power-flow.json').read_text())
    post(gateway, push).expect(200)
    time = '2018-03-17T08:37:14Z'
    found = exported(gateway.server, gateway.id)
    assert {quantity: points[time] for (device, quantity), points in found.items() if device == 'site'} == {
        'pv_power': 692.9, 'grid_power': 45.94, 'battery_power': -295.47, 'load_power': 390.94,
        'pv_energy_total': 5305087.2, 'E_Day': 414.8, 'BatteryStandby': 0}
    assert found['inverter1', 'soc'] == {time: 8}


FIRMWARES = ('1.2.3-1', '1.3.2-3', '1.4.1-11', '1.6.1-6', '1.7.2-5', '1.8.1-9', '1.23.2-1')


@pytest.mark.parametrize('firmware', FIRMWARES)
def test_current_data_of_every_firmware(gateway, firmware):
    folder = shared_data('fronius-symo-hybrid-1min', 'json', firmware)
    read = lambda name: (folder / f'Get{name}RealtimeData.json').read_bytes()
    load = lambda name: json.loads(read(name).rstrip(b'\0'))
    for name in ('PowerFlow', 'Inverter', 'Meter', 'Storage'):
        answer = post(gateway, read(name)).expect(200).json()
        assert answer['stored'] > 0 and not answer['refused'] and not answer['quarantined'], (name, answer)
    found = {name: next(iter(points.values())) for name, points in exported(gateway.server, gateway.id).items()}
    site = load('PowerFlow')['Body']['Data']['Site']
    for quantity, source, sign in (('pv_power', 'P_PV', 1), ('grid_power', 'P_Grid', 1),
                                   ('battery_power', 'P_Akku', 1), ('load_power', 'P_Load', -1)):
        if site[source] is None:
            assert ('site', quantity) not in found
        else:
            assert found['site', quantity] == pytest.approx(sign * site[source])
    assert found['meter0', 'grid_power'] == load('Meter')['Body']['Data']['0']['PowerReal_P_Sum']
    storage = load('Storage')['Body']['Data']['0']['Controller']
    assert found['battery0', 'soc'] == storage['StateOfCharge_Relative']
    assert found['battery0', 'battery_current'] == -storage['Current_DC']
    assert found['inverter1', 'ac_energy_total'] == load('Inverter')['Body']['Data']['TOTAL_ENERGY']['Values']['1']


def test_one_inverter_and_no_data_member(gateway):
    head = {'RequestArguments': {'DeviceClass': 'Inverter', 'DeviceId': '3', 'Scope': 'Device'},
            'Timestamp': '2018-03-17T09:37:05+01:00'}
    post(gateway, {'Head': head, 'Body': {'PAC': {'Unit': 'W', 'Value': 308}, 'UDC': {'Unit': 'V', 'Value': None},
                                          'DeviceStatus': {'StatusCode': 7}}}).expect(200)
    found = exported(gateway.server, gateway.id)
    assert found['inverter3', 'ac_power'] == {'2018-03-17T08:37:05Z': 308}


def test_who_and_what_is_wrong(gateway):
    push = log_files()[1]
    for user, password in ((gateway.id, 'wrong'), ('GW-2', gateway.key)):
        answer = post(gateway, push, user, password).expect(401)
        assert answer.headers['WWW-Authenticate'].startswith('Basic ')
    for body in (b'', b'{', b'[]', b'{}', b'{"Head": {}, "Body": {}}', b'{"Head": {"Timestamp": "now"}, "Body": {}}',
                 b'{"Head": 1, "Body": 2}', b'{"Head": {}, "Head": {}, "Body": {}}', b'<xml/>', b'[' * 5000):
        assert post(gateway, body).status == 400, body[:40]
    odd = {'Head': {'Timestamp': '2017-03-04T23:50:23+01:00'}, 'Body': {'inverter/1': {
        'Start': '2017-03-04T00:00:00+01:00',
        'Data': {'A': {'Values': {'x': 1, '1e3': 1, '999999999': 1, '-9223372036854775808': 1,
                               '300': 2, '': 1}}, 'B': 7, 'C': {'Values': [1]},
                 'D': {'Values': {'0': 'text', '300': None, '600': {}}}}},
        'inverter/2': {'Start': 'today', 'Data': {'A': {'Values': {'0': 1}}}}}}
    answer = post(gateway, odd).expect(200).json()
    assert answer['stored'] == 1 and answer['n_refused'] == 6
    assert {refused['code'] for refused in answer['refused']} == {'bad-time'}
