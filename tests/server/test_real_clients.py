"""Line protocol as the clients in the field send it: the clients themselves (`influx -import` is in
test_ingest.py)."""

import json
import threading

import pytest

from harness.gateway import Gateway, exported
from harness.node import node_folder, run_node

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
