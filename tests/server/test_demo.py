"""The demo: real accounts and links in an empty data directory, the same at the second call."""

import json
import stat
from collections import Counter

import pytest
from harness.shop import letters

STORIES = {'normal', 'fault', 'warning', 'silent', 'never', 'region-grid-loss', 'curtailed'}
MEMBERS = {'id', 'key', 'region', 'latitude', 'longitude', 'timezone', 'pv_peak_w', 'battery_wh', 'interval_s',
           'habit', 'story'}


def sign_in(server, user_id, password):
    session = server.http.post('/api/v1/sessions', {'user_id': user_id, 'password': password, 'agent': 'test'})
    return server.http.with_headers(Authorization='Bearer ' + session.expect(201).json()['session'])


def houses_of(demo):
    with open(demo['fleet_file'], encoding='utf-8') as file:
        return json.load(file)['houses']


@pytest.fixture(params=['running', 'stopped'])
def demo(request, server):
    if request.param == 'stopped':
        server.stop()
    made = server.cli('demo', timeout=120)
    if request.param == 'stopped':
        server.start()
    return made


def test_a_dealer_sees_twenty_houses(server, demo):
    app = sign_in(server, demo['user_id'], demo['password'])
    fleet = app.get('/api/v1/gateways').expect(200).json()
    houses = houses_of(demo)
    assert fleet['total'] == len(houses) == 20 and {row['id'] for row in fleet['gateways']} == {
        house['id'] for house in houses}
    assert all(row['link']['grants'] == ['see', 'told', 'settings', 'history'] for row in fleet['gateways'])
    assert all(set(house) == MEMBERS for house in houses) and {house['story'] for house in houses} == STORIES
    stories = Counter(house['story'] for house in houses)
    assert stories['region-grid-loss'] == 3 and stories['normal'] > 10
    assert all(stories[one] == 1 for one in ('fault', 'warning', 'silent', 'never'))
    assert len({house['region'] for house in houses if house['story'] == 'region-grid-loss'}) == 1
    page = app.get(f'/api/v1/gateways/{houses[0]["id"]}').expect(200).json()
    assert page['pv_peak_w'] == houses[0]['pv_peak_w'] and page['latitude'] == houses[0]['latitude']
    assert page['timezone'] == 'Asia/Tokyo' and page['interval_s'] == 10
    # A key of the file is the key of its gateway.
    server.http.post('/ingest/v1', {'readings': []}, headers={
        'Authorization': f'Token {houses[5]["key"]}'}).expect(200)
    customer = app.get(f'/api/v1/gateways/{houses[0]["id"]}/customer').expect(200).json()
    assert customer['mail'] == demo['customer']['user_id']
    sign_in(server, **demo['customer'])
    # By the real walk: with its mail, which nobody sent.
    assert letters(server, customer['mail'], 'provisional-customer')[0]['state'] == 'waiting'


def test_the_second_time_says_the_same(server):
    first = server.cli('demo', '--houses', '2')
    houses = houses_of(first)
    assert server.cli('demo', '--houses', '9') == first and houses_of(first) == houses
    server.restart()
    assert server.operator('POST', '/operator/v1/demo').expect(200).json() == first
    for name in ('demo.json', 'demo-fleet.json'):
        assert stat.S_IMODE((server.data_dir / name).stat().st_mode) == 0o600
    assert first['password'] not in server.log() and first['password'] in server.run('demo').stdout


@pytest.mark.parametrize('made', [0, 1, 2])
def test_an_interrupted_demo_is_completed(server, made):
    """As if it had been killed after the dealer's registration, the gateways, or some customers."""
    first = server.cli('demo', '--houses', '3')
    state = server.data_dir / 'demo.json'
    server.stop()
    state.write_text(json.dumps({**json.loads(state.read_text()), 'complete': False}))
    (server.data_dir / 'demo-fleet.json').unlink()
    unmake(server, made)
    second = server.cli('demo')
    assert second == first
    server.start()
    app = sign_in(server, second['user_id'], second['password'])
    assert app.get('/api/v1/gateways').expect(200).json()['total'] == 3
    for house in houses_of(second):
        server.http.post('/ingest/v1', {'readings': []}, headers={
            'Authorization': f'Token {house["key"]}'}).expect(200)


def unmake(server, made):
    """Takes away what comes after the step, in the store."""
    import sqlite3
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        db.execute('DELETE FROM link')
        if made < 2:
            db.execute('UPDATE gateway SET owner = NULL, activation_used = NULL')
            db.execute("DELETE FROM account WHERE kind = 'customer'")
        if made < 1:
            db.execute('DELETE FROM gateway')
            db.execute("UPDATE account SET state = 'provisional', password = NULL, activated = NULL")
            db.execute("UPDATE token SET used = NULL WHERE purpose = 'registration'")
    db.close()


def test_not_among_others(server, make_server):
    server.cli('gateway', 'add', 'A-1')
    answer = server.operator('POST', '/operator/v1/demo', json_body={'houses': 1}).expect(409)
    assert answer.json()['code'] == 'not-empty' and not (server.data_dir / 'demo.json').exists()
    mailing = make_server('--smtp', 'smtp://127.0.0.1:9')
    assert mailing.operator('POST', '/operator/v1/demo').expect(409).json()['code'] == 'has-mail-server'


@pytest.mark.parametrize('body, status', [({'houses': 0}, 422), ({'houses': 201}, 422), ({'houses': 'x'}, 400)])
def test_wrong_sizes(server, body, status):
    server.operator('POST', '/operator/v1/demo', json_body=body).expect(status)
    server.run('demo', '--houses', '0', status=2)


def test_many_houses_are_different(server):
    """More than the file has, and past what limits one address."""
    houses = houses_of(server.cli('demo', '--houses', '70', timeout=120))
    assert len({(house['latitude'], house['longitude']) for house in houses}) == 70
    app = sign_in(server, *(json.loads((server.data_dir / 'demo.json').read_text())[name]
                            for name in ('user_id', 'password')))
    fleet = app.get('/api/v1/gateways').expect(200).json()
    assert fleet['total'] == 70
    assert len({row['customer']['name'] for row in fleet['gateways']}) == 70
