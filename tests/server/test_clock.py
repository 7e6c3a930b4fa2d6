"""Gateways whose clocks are off: told from what they send, shown, and placed by receipt on demand."""

import datetime

import pytest

from harness.shop import link


class House:
    """A linked gateway with a clock of its own, of a server whose clock the test moves."""

    def __init__(self, shop):
        self.shop, self.server, self.ahead, self.moved = shop, shop.server, 0, 0
        shop.dealer()
        customer = shop.customer(gateway=shop.gateway('GW-1'))
        link(customer, history='1').expect(303)
        self.headers = {'Authorization': f'Token {customer.gateway["key"]}'}

    def now(self):
        """What its clock shows."""
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.ahead + self.moved)

    def push(self, **body):
        return self.server.http.post('/ingest/v1', {'sent': self.now().isoformat(), **body},
                                     headers=self.headers).expect(200).json()

    def write(self, value, age=0):
        time = int(self.now().timestamp()) - age
        self.server.http.post('/write?precision=s', body=f'house,device=a x={value} {time}',
                              headers=self.headers).expect(204)

    def pass_by(self, push, minutes):
        for _ in range(minutes):
            push()
            self.server.advance(60)
            self.moved += 60

    def listed(self):
        found, = self.server.cli('gateway', 'list')['gateways']
        return found['clock_offset_s'], found['clock_off'], found['time']

    def seen(self):
        """By the dealer."""
        return self.shop.api().get('/api/v1/gateways/GW-1').expect(200).json()


@pytest.fixture
def house(shop):
    return House(shop)


def near(seconds, expected):
    # The way here takes its time.
    return expected - 60 <= seconds <= expected + 1


def test_clock_that_says_when_it_sent(house):
    assert house.listed() == (None, False, 'device')
    house.pass_by(house.push, 5)
    offset, off, _ = house.listed()
    assert near(offset, 0) and not off
    house.ahead = 3600
    house.pass_by(house.push, 9)
    offset, off, time = house.listed()
    assert near(offset, 3600) and off and time == 'device'
    found = house.seen()
    assert near(found['clock_offset_s'], 3600) and found['clock_off'] and found['time'] == 'device'
    assert found['received_times'] == []
    # Set right, it is not off any more.
    house.ahead = 0
    house.pass_by(house.push, 9)
    assert not house.listed()[1] and not house.seen()['clock_off']


def test_readings_that_keep_coming_ahead(house):
    house.ahead = 9 * 3600
    house.pass_by(lambda: house.write(1), 6)
    offset, off, _ = house.listed()
    assert near(offset, 9 * 3600) and off
    # Nothing is placed otherwise by itself.
    assert house.server.cli('check')['quarantined'] == 6


def test_placed_by_receipt_on_demand(house):
    house.ahead = 7200
    assert house.push(readings=[{'t': house.now().isoformat(), 'device': 'a', 'v': {'soc': 1}}])['quarantined'] == 1
    assert house.server.cli('gateway', 'set', 'GW-1', '--time', 'received') == {'id': 'GW-1', 'time': 'received'}
    assert house.listed()[2] == 'received'
    times = [house.now() - datetime.timedelta(seconds=age) for age in (90, 30)]
    answer = house.push(readings=[{'t': time.isoformat(), 'device': 'a', 'v': {'soc': 50 + n}}
                                  for n, time in enumerate(times)])
    assert answer['stored'] == 2 and answer['quarantined'] == 0
    house.write(7)
    found = house.seen()
    assert found['time'] == 'received' and found['received_times'][0]['to'] is None
    latest = {value['quantity']: datetime.datetime.fromisoformat(value['time'].replace('Z', '+00:00'))
              for value in found['latest']}
    now = datetime.datetime.fromisoformat(found['now'].replace('Z', '+00:00'))
    # As old as the device says, by our clock.
    assert 29 <= (now - latest['soc']).total_seconds() <= 120
    assert all(time <= now for time in latest.values()) and len(latest) == 2
    # It outlives a restart, and ends.
    house.server.restart()
    assert house.listed()[2] == 'received'
    house.server.cli('gateway', 'set', 'GW-1', '--time', 'device')
    assert house.push(readings=[{'t': house.now().isoformat(), 'device': 'a', 'v': {'soc': 2}}])['quarantined'] == 1
    found = house.seen()
    assert found['time'] == 'device' and found['received_times'][0]['to'] is not None
    assert house.server.cli('check')['ok']


def test_wrong_words(shop):
    shop.gateway('GW-1')
    shop.server.run('gateway', 'set', 'GW-1', status=2)
    shop.server.run('gateway', 'set', 'GW-1', '--time', 'mine', status=1)
    shop.server.run('gateway', 'set', 'GW-9', '--time', 'device', status=1)
