"""Sparkplug B through a real Mosquitto: a real edge node (sparkplug-client of npm), and payloads that
are written here byte by byte."""

import json
import random
import struct
import subprocess
import threading
import time

import pytest

from harness.mosquitto import make_mosquitto, mosquitto  # noqa: F401 (fixtures)
from harness.node import SOURCE, node_folder
from harness.wait import patient, wait_for

from test_mqtt import add, gateways, readings, state, stored

RULES = '''
[sparkplug]
meter/Power   -> grid grid_power
meter/Trouble -> meter trouble fault
Total         -> pcs pv_energy_total scale=1000
'''


@pytest.fixture
def server(make_server):
    server = make_server(start=False)
    (server.data_dir / 'mappings').mkdir(parents=True, mode=0o700)
    (server.data_dir / 'mappings' / 'own.mapping').write_text(RULES)
    return server.start()


# A payload, byte by byte

def varint(number):
    out = b''
    while number >= 0x80:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack('<d', value)
    return varint(number << 3) + varint(value)


def metric(name=None, alias=None, time=None, kind=None, historical=False, null=False, **value):
    out = b''
    if name is not None:
        out += field(1, name.encode())
    for number, given in ((2, alias), (3, time), (4, kind)):
        out += field(number, given) if given is not None else b''
    out += field(5, 1) if historical else b''
    out += field(7, 1) if null else b''
    for key, given in value.items():
        out += field({'int': 10, 'long': 11, 'double': 13, 'bool': 14, 'text': 15, 'template': 18}[key], given)
    return out


def payload(*metrics, seq=None, time=None):
    out = field(1, time) if time is not None else b''
    for one in metrics:
        out += field(2, one)
    return out + (field(3, seq) if seq is not None else b'')


class Node:
    """A node of which each message is made here; it counts, unless it is told not to."""

    def __init__(self, broker, group, node):
        self.broker, self.place = broker, (group, node)
        self.seq = 0
        self.commands = broker.watch(f'spBv1.0/{group}/NCMD/{node}')

    def send(self, kind, *metrics, device=None, seq=None, **more):
        group, node = self.place
        if kind == 'NBIRTH':
            self.seq = 0
        used = self.seq if seq is None else seq
        self.seq = (used + 1) % 256
        topic = f'spBv1.0/{group}/{kind}/{node}' + (f'/{device}' if device else '')
        self.broker.publish(topic, payload(*metrics, seq=used, **more))

    def born(self, bdseq=0):
        self.send('NBIRTH', metric('bdSeq', kind=8, long=bdseq),
                  metric('Node Control/Rebirth', kind=11, bool=0),
                  metric('Total', alias=1, kind=10, double=1.5), metric('Temp', alias=2, kind=1, int=0xfb))
        self.send('DBIRTH', metric('Power', alias=3, kind=3, int=100), metric('Trouble', alias=4, kind=11, bool=0),
                  device='meter')

    def rebirths(self):
        return len(self.commands.messages)


def listen(server, broker, *more):
    add(server, broker, '--sparkplug', 'spBv1.0/+/+/{gateway}/#', '--client-id', 'host-1', *more)


# A real node

class Peer:
    def __init__(self, broker, group, node):
        folder = node_folder()
        (folder / 'sparkplug-peer.js').write_text((SOURCE / 'sparkplug-peer.js').read_text())
        self.process = subprocess.Popen(['node', 'sparkplug-peer.js', broker.url, group, node], cwd=folder,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        wait_for(lambda: 'connected' in self.said, 30, 'the node to connect')

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line.strip())

    def tell(self, what, **more):
        self.process.stdin.write(json.dumps({'do': what, **more}) + '\n')
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(patient(20))
        self.reader.join()
        self.process.stdout.close()


def test_real_node(server, mosquitto):  # noqa: F811
    """Birth, data, a lost message, rebirth, what was kept while the line was down, death."""
    gateways(server, 'GW-1')
    listen(server, mosquitto)
    peer = Peer(mosquitto, 'Plant', 'GW-1')
    try:
        peer.tell('birth', births=[
            {'metrics': [{'name': 'Total', 'value': 1.5, 'type': 'Double'}, {'name': 'Name', 'value': 'x', 'type': 'String'}]},
            {'device': 'meter', 'metrics': [{'name': 'Power', 'value': -20, 'type': 'Int32'}]}])
        stored(server, 'GW-1', {('pcs', 'pv_energy_total'): [1500], ('grid', 'grid_power'): [-20]}, 30)
        peer.tell('data', device='meter', metrics=[{'name': 'Power', 'value': 70, 'type': 'Int32'}])
        stored(server, 'GW-1', {('pcs', 'pv_energy_total'): [1500], ('grid', 'grid_power'): [-20, 70]})
        assert 'rebirth' not in peer.said
        peer.tell('skip')
        peer.tell('data', metrics=[{'name': 'Total', 'value': 2.5, 'type': 'Double'}])
        wait_for(lambda: 'rebirth' in peer.said and peer.said.count('born') == 2, 30)
        an_hour_ago = int(time.time() * 1000) - 3600_000
        peer.tell('data', device='meter', metrics=[
            {'name': 'Power', 'value': 33, 'type': 'Int32', 'isHistorical': True, 'timestamp': an_hour_ago}])
        wait_for(lambda: 33 in readings(server, 'GW-1')['grid', 'grid_power'])
        assert readings(server, 'GW-1')['grid', 'grid_power'] == [33, -20, 70, -20]
        peer.tell('die')
        wait_for(lambda: [one['kind'] for one in server.cli('alert', 'list')['alerts']] == ['offline'], 30)
    finally:
        peer.stop()


# What the rules are

def test_aliases_types_and_nulls(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    listen(server, mosquitto)
    node = Node(mosquitto, 'G', 'GW-1')
    node.born()
    node.send('NDATA', metric(alias=2, int=0xffffffe7), metric(alias=1, null=True))
    node.send('DDATA', metric(alias=3, int=0xffffffff), device='meter')
    stored(server, 'GW-1', {('pcs', 'pv_energy_total'): [1500], ('node', 'Temp'): [-5, -25],
                            ('grid', 'grid_power'): [100, -1]})
    assert node.rebirths() == 0


def test_what_is_missing_is_asked_for_but_not_without_end(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1', 'GW-2')
    listen(server, mosquitto)
    node = Node(mosquitto, 'G', 'GW-1')
    # Nobody has seen its birth.
    node.send('NDATA', metric(alias=1, double=2.5))
    wait_for(lambda: node.rebirths() == 1, 20, 'the question for a birth')
    assert mosquitto_rebirth(node.commands.messages[0][1])
    for _ in range(20):
        node.send('NDATA', metric(alias=1, double=2.5), seq=7)
    # Another node, so that all of this has been read when it is asked.
    other = Node(mosquitto, 'G', 'GW-2')
    other.born()
    other.send('NDATA', metric('Temp', kind=1, int=1), seq=99)
    wait_for(lambda: other.rebirths() == 1)
    assert node.rebirths() == 1
    node.born()
    node.send('NDATA', metric(alias=1, double=3.5))
    wait_for(lambda: readings(server, 'GW-1').get(('pcs', 'pv_energy_total')) == [1500, 3500])


def mosquitto_rebirth(text):
    return b'Node Control/Rebirth' in text and text.endswith(field(14, 1))


def test_death_is_exact(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    listen(server, mosquitto)
    node = Node(mosquitto, 'G', 'GW-1')
    node.born(bdseq=3)
    stored(server, 'GW-1', {('pcs', 'pv_energy_total'): [1500], ('node', 'Temp'): [-5], ('grid', 'grid_power'): [100]})

    def alerts():
        return sorted(one['kind'] for one in server.cli('alert', 'list')['alerts'])
    # The will of an earlier connection comes late.
    mosquitto.publish('spBv1.0/G/NDEATH/GW-1', payload(metric('bdSeq', kind=8, long=2)))
    node.send('DDATA', metric(alias=4, bool=1), device='meter')
    wait_for(lambda: alerts() == ['fault'])
    mosquitto.publish('spBv1.0/G/NDEATH/GW-1', payload(metric('bdSeq', kind=8, long=3)))
    wait_for(lambda: alerts() == ['fault', 'offline'])
    # A device that is gone is not the gateway.
    node.born(bdseq=4)
    wait_for(lambda: alerts() == [])
    node.send('DDEATH', device='meter')
    node.send('NDATA', metric(alias=2, int=1))
    wait_for(lambda: readings(server, 'GW-1')['node', 'Temp'][-1] == 1)
    assert alerts() == []


def test_names_of_nodes(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1', 'GW-2', 'GW-3')
    listen(server, mosquitto, '--gateway', 'A/n=GW-1', '--gateway', 'n=GW-2')
    for group, node in (('A', 'n'), ('B', 'n'), ('B', 'GW-3'), ('B', 'who')):
        mosquitto.publish(f'spBv1.0/{group}/NBIRTH/{node}', payload(metric('x', kind=10, double=1.0), seq=0))
    for one in ('GW-1', 'GW-2', 'GW-3'):
        stored(server, one, {('node', 'x'): [1]})
    wait_for(lambda: [one['name'] for one in state(server)['unknown']] == ['B/who'])


def test_the_host_tells_that_it_is_there(server, mosquitto):  # noqa: F811
    listen(server, mosquitto)
    watcher = mosquitto.watch('spBv1.0/STATE/host-1')

    def told():
        return [json.loads(text)['online'] for _topic, text in watcher.messages]
    wait_for(lambda: told() == [True])
    server.kill9()
    wait_for(lambda: told() == [True, False])
    server.start()
    wait_for(lambda: told() == [True, False, True], 30)
    server.stop()
    wait_for(lambda: told() == [True, False, True, False])


def test_compressed_payloads_are_said_not_to_be_read(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1')
    listen(server, mosquitto)
    mosquitto.publish('spBv1.0/G/NBIRTH/GW-1', field(4, b'SPBV1.0_COMPRESSED') + field(5, b'x') + field(3, 0))
    wait_for(lambda: 'Compressed' in (state(server)['last_refusal'] or ''))


def test_hostile_payloads(server, mosquitto):  # noqa: F811
    gateways(server, 'GW-1', 'GW-2')
    listen(server, mosquitto)
    rng = random.Random(11)
    good = payload(metric('Total', kind=10, double=1.0), metric('Temp', kind=3, int=5), seq=0, time=1777604400000)
    nested = b''
    while len(nested) < 200_000:
        nested = field(9, nested)
    bodies = [b'\xff' * 20, b'\x12' + varint(2 ** 40), b'\x00', b'\x0b\x0c', varint(2 ** 63) * 3,
              payload(metric('x', template=nested)), payload(*[metric(f'm{i}', kind=3, int=i) for i in range(6000)]),
              payload(metric(''), metric('a\0b', kind=3, int=1), metric('x' * 300, kind=3, int=1)),
              payload(field(1, b'\xff\xfe')), payload(metric('n', double=float('nan')), metric('i', double=float('inf')))]
    bodies += [bytes(byte ^ (1 << rng.randrange(8)) if rng.random() < 0.05 else byte for byte in good) for _ in range(200)]
    bodies += [good[:length] for length in range(len(good))]
    for body in bodies:
        mosquitto.publish(f'spBv1.0/G/{rng.choice(("NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "XX"))}/GW-1', body)
        mosquitto.publish('spBv1.0/G/DDATA/GW-1/meter', body)
    mosquitto.publish('spBv1.0/G/NBIRTH/GW-2', payload(metric('last', kind=10, double=1.0), seq=0))
    wait_for(lambda: ('node', 'last') in readings(server, 'GW-2'), 60)
    assert state(server)['phase'] == 'connected' and state(server)['refused'] > 10
