"""The live feed, read by a real client: what comes, how soon, for whom, and when it ends."""

import datetime
import time

import pytest
from harness.live import Live
from harness.shop import CUSTOMER, link
from harness.wait import patient, wait_for


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')


def push(shop, gateway, **body):
    shop.server.http.post('/ingest/v1', body, headers={
        'Authorization': f'Token {gateway["key"]}'}).expect(200)


def power(shop, gateway, value):
    push(shop, gateway, readings=[{'t': now(), 'device': 'pcs1', 'v': {'pv_power': value}}])


def fault(shop, gateway, state):
    push(shop, gateway, events=[{'t': now(), 'device': 'pcs1', 'code': '102', 'state': state}])


@pytest.fixture
def desk(shop):
    shop.dealer()
    shop.person = shop.customer(gateway=shop.gateway('GW-1'))
    link(shop.person).expect(303)
    shop.own = shop.person.gateway
    shop.foreign = shop.gateway('GW-9')
    shop.app = shop.api()
    return shop


@pytest.fixture
def follow(desk):
    feeds = []

    def make(http=None, **more):
        feeds.append(Live(http or desk.app, **more))
        feeds[-1].wait('hello')
        return feeds[-1]

    yield make
    for feed in feeds:
        feed.close()


def end_link(desk):
    row = desk.app.get('/api/v1/gateways').json()['gateways'][0]
    path = '/my/links/' + row['link']['id']
    desk.person.get(path).expect(200)
    desk.person.post(path + '/end').expect(303)


def test_reading_comes_at_once_and_only_to_those_who_may_see_it(desk, follow):
    desk.dealer('Other-Ten', phone='03-9999-8888')
    feed, stranger = follow(), follow(desk.api('Other-Ten'))
    power(desk, desk.foreign, 1)
    begin = time.monotonic()
    power(desk, desk.own, 3120)
    row = feed.wait('gateway')
    assert time.monotonic() - begin < patient(1)
    assert row['id'] == 'GW-1' and row['values']['pv_power']['value'] == 3120
    listed = desk.app.get('/api/v1/gateways').json()['gateways'][0]
    assert row == listed, 'as in the list'
    fault(desk, desk.foreign, 'raised')
    fault(desk, desk.own, 'raised')
    assert feed.wait('alert')['gateway'] == 'GW-1'
    assert {name for name, _ in stranger.events} == {'hello'}
    assert 'GW-9' not in repr(feed.events)


def test_fault_opens_and_recovers(desk, follow):
    feed = follow()
    begin = time.monotonic()
    fault(desk, desk.own, 'raised')
    alert = feed.wait('alert', lambda data: data['state'] == 'open')
    assert time.monotonic() - begin < patient(1) and alert['code'] == '102' and alert['meaning']
    feed.wait('gateway', lambda row: row['open_alerts'] == 1)
    desk.app.post(f'/api/v1/alerts/{alert["id"]}/acknowledge').expect(200)
    feed.wait('alert', lambda data: data['state'] == 'acknowledged')
    fault(desk, desk.own, 'cleared')
    feed.wait('alert', lambda data: data['state'] == 'recovered')


def test_names_of_site_and_customer_follow(desk, follow):
    feed = follow()
    changes = desk.app.get('/api/v1/gateways').json()['changes']
    desk.person.post('/my/gateways/GW-1/name', name='Hut').expect(303)
    feed.wait('gateway', lambda row: row['name'] == 'Hut')
    since = desk.app.get(f'/api/v1/gateways?since={changes}').json()
    assert [row['name'] for row in since['gateways']] == ['Hut']
    desk.person.post('/my/account/edit', **{**CUSTOMER, 'name': '見守 はな'}).expect(303)
    feed.wait('gateway', lambda row: row['customer']['name'] == '見守 はな')


def test_many_changes_are_told_together(desk, follow):
    feed = follow()
    begin = time.monotonic()
    for value in range(200):
        power(desk, desk.own, value)
    feed.wait('gateway', lambda row: row['values']['pv_power']['value'] == 199)
    batches = len(feed.all('cursor'))
    assert batches <= 5 * (time.monotonic() - begin) + 2


def test_resumes_where_it_left_off(desk, follow):
    feed = follow()
    power(desk, desk.own, 1)
    feed.wait('cursor')
    wait_for(lambda: feed.cursor == feed.all('cursor')[-1]['cursor'], what='the cursor as the id')
    feed.close()
    power(desk, desk.own, 2)
    assert follow(cursor=feed.cursor).wait('gateway')['values']['pv_power']['value'] == 2
    assert follow(query=feed.cursor).wait('gateway')['values']['pv_power']['value'] == 2
    listed = desk.app.get('/api/v1/gateways').json()
    power(desk, desk.own, 3)
    assert follow(query=listed['changes']).wait('gateway')['values']['pv_power']['value'] == 3
    end_link(desk)
    assert follow(cursor=feed.cursor).wait('removed') == {'id': 'GW-1'}


@pytest.mark.parametrize('cursor', ['nonsense', '5.another', '-1.x'])
def test_foreign_cursor_begins_anew(follow, cursor):
    feed = follow(cursor=cursor)
    assert feed.wait('reset')['cursor'] == feed.all('hello')[0]['cursor']
    assert not feed.all('gateway')


def test_cursor_of_an_earlier_start_begins_anew(desk, follow):
    feed = follow()
    cursor = feed.cursor
    desk.server.restart()
    wait_for(lambda: feed.ended, what='the end of the stream')
    assert follow(cursor=cursor).wait('reset')


def test_link_is_effective_at_once(desk, follow):
    feed = follow()
    end_link(desk)
    assert feed.wait('removed') == {'id': 'GW-1'}
    count = len(feed.events)
    power(desk, desk.own, 1)
    link(desk.person).expect(303)
    assert feed.wait('gateway')['id'] == 'GW-1'
    assert all(data.get('values', {}).get('pv_power') is None for _, data in feed.events[count:]), \
        'what was measured while there was no link stays hidden'


@pytest.mark.parametrize('how', ['one', 'all'])
def test_ends_with_the_session(desk, follow, how):
    feed, other = follow(), follow(desk.api())
    if how == 'one':
        desk.app.delete('/api/v1/sessions/current').expect(204)
    else:
        desk.app.delete('/api/v1/sessions').expect(204)
    wait_for(lambda: feed.ended, 2, 'the end of the stream')
    if how == 'one':
        power(desk, desk.own, 1)
        other.wait('gateway')


def test_needs_a_session(desk):
    for client in (desk.server.http, desk.server.http.with_headers(Authorization='Bearer x')):
        client.get('/api/v1/live').expect(401)
    desk.app.request('HEAD', '/api/v1/live').expect(200)


def test_streams_of_one_account_are_bounded(desk, follow):
    for _ in range(32):
        follow()
    assert desk.app.get('/api/v1/live').status == 429
