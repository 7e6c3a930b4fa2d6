"""Nobody gets in: every route × every caller × every target.

The routes are the server's own list; one without a row here fails. Foreign, unlinked and missing
targets must give the same status and body, so that nothing is learned of what one may not see."""

import datetime
import re

import pytest
from harness.control import routes
from harness.shop import PASSWORD, Person, link

# What a route's {id} names, or that it has none. "open" routes ask nobody who they are.
OPEN, PLAIN, GATEWAY, ALERT, LINK, SESSION = 'open', 'plain', 'gateway', 'alert', 'link', 'session'

ROWS = {
    **dict.fromkeys([
        'GET /healthz', 'GET /ping', 'GET /query', 'POST /query', 'GET /api/v1/server', 'GET /api/v1/terms',
        'GET /api/v1/user-ids/{id}', 'POST /api/v1/registrations', 'POST /api/v1/registrations/check',
        'POST /api/v1/registrations/resend', 'PUT /api/v1/registrations/mail', 'POST /api/v1/confirmations',
        'POST /api/v1/confirmations/peek', 'POST /api/v1/sessions', 'POST /api/v1/password-resets',
        'POST /api/v1/password-resets/redeem', 'GET /', 'GET /register/dealer', 'POST /register/dealer',
        'GET /register/customer', 'POST /register/customer', 'GET /register/sent', 'POST /register/sent',
        'GET /confirm', 'POST /confirm', 'GET /confirm/done', 'POST /confirm/resend', 'GET /contact',
        'POST /contact', 'GET /contact/remove', 'POST /contact/remove', 'GET /sign-in', 'POST /sign-in',
        'GET /forgotten', 'POST /forgotten', 'GET /new-password', 'POST /new-password', 'POST /sign-out',
        'GET /static/{name}', 'GET /account/closed', 'GET /mail-change', 'POST /mail-change',
        'GET /sign-in/code', 'POST /sign-in/code', 'GET /open/gateway/{id}'], OPEN),
    **dict.fromkeys([
        'POST /ingest/v1', 'POST /ingest/fronius', 'POST /ingest/prometheus', 'POST /write', 'POST /api/v2/write', 'GET /metrics', 'GET /operator/v1/gateways',
        'POST /operator/v1/gateways', 'POST /operator/v1/gateways/import', 'GET /operator/v1/mails',
        'POST /operator/v1/mails/test', 'GET /operator/v1/dealers', 'DELETE /operator/v1/dealers/{id}/two-factor',
        'GET /operator/v1/alerts',
        'GET /operator/v1/server', 'POST /operator/v1/demo', 'GET /operator/v1/settings', 'PUT /operator/v1/settings',
        'GET /operator/v1/gateways/{id}/half-hours', 'POST /operator/v1/gateways/{id}/half-hours',
        'GET /operator/v1/mappings', 'POST /operator/v1/mappings/reload', 'GET /operator/v1/mappings/{name}',
        'PUT /operator/v1/mappings/{name}', 'DELETE /operator/v1/mappings/{name}',
        'POST /operator/v1/mappings/{name}/check', 'GET /operator/v1/quarantine',
        'GET /operator/v1/mqtt', 'POST /operator/v1/mqtt', 'GET /operator/v1/mqtt/{name}',
        'DELETE /operator/v1/mqtt/{name}', 'POST /operator/v1/mqtt/{name}/test',
        'POST /operator/v1/check', 'POST /operator/v1/compact', 'POST /operator/v1/backup',
        'GET /operator/v1/routes',
        'POST /operator/v1/test/advance', 'POST /operator/v1/test/stall',
        'PUT /operator/v1/gateways/{id}/time', 'POST /operator/v1/gateways/{id}/key', 'DELETE /operator/v1/gateways/{id}/key',
        'POST /operator/v1/gateways/{id}/activation-code', 'GET /operator/v1/gateways/{id}/readings',
        'GET /operator/v1/mails/{id}',
        'GET /api/v1/sessions', 'DELETE /api/v1/sessions', 'GET /api/v1/account', 'PUT /api/v1/account',
        'GET /api/v1/account/two-factor', 'POST /api/v1/account/two-factor',
        'DELETE /api/v1/account/two-factor', 'POST /api/v1/account/two-factor/confirm', 'GET /two-factor',
        'GET /two-factor/qr.svg', 'POST /two-factor',
        'DELETE /api/v1/account', 'GET /api/v1/account/export',
        'POST /api/v1/account/check', 'POST /api/v1/account/password', 'GET /api/v1/gateways',
        'GET /api/v1/alerts', 'GET /api/v1/latest', 'GET /api/v1/live', 'GET /api/v1/links',
        'GET /password', 'POST /password', 'GET /sessions', 'POST /sessions', 'GET /menu', 'GET /monitoring',
        'GET /account', 'GET /account/edit', 'GET /account/export',
        'GET /account/close', 'POST /account/close', 'POST /account/edit', 'GET /account/done', 'GET /links',
        'GET /my', 'GET /my/add', 'POST /my/add', 'GET /my/account', 'GET /my/account/edit',
        'POST /my/account/edit',
        'GET /my/account/mail', 'POST /my/account/mail', 'GET /link'], PLAIN),
    **dict.fromkeys([
        'GET /api/v1/gateways/{id}', 'GET /api/v1/gateways/{id}/history', 'GET /api/v1/gateways/{id}/events',
        'GET /api/v1/gateways/{id}/customer', 'GET /my/gateways/{id}', 'GET /my/gateways/{id}/log',
        'POST /my/gateways/{id}/name', 'GET /my/gateways/{id}/link', 'POST /my/gateways/{id}/link',
        'POST /my/gateways/{id}/link/execute'], GATEWAY),
    **dict.fromkeys(['POST /api/v1/alerts/{id}/acknowledge'], ALERT),
    **dict.fromkeys([
        'POST /api/v1/links/{id}/decline', 'POST /links/{id}/decline', 'GET /my/links/{id}', 'POST /my/links/{id}',
        'GET /my/links/{id}/done', 'POST /my/links/{id}/end'], LINK),
    **dict.fromkeys(['DELETE /api/v1/sessions/{id}'], SESSION),
}
QUESTIONS = {'GET /api/v1/gateways/{id}/history': '?from=2026-05-01&to=2026-05-01',
             'GET /api/v1/latest': '?quantity=pv_power'}
CALLERS = ('anonymous', 'gateway', 'dealer', 'other dealer', 'former dealer', 'owner', 'other customer')
DEALERS = ('dealer', 'other dealer', 'former dealer')


class World:
    """A dealer with an own gateway of a customer; a foreign one of others, one that is not linked
    (any more), and one that does not exist."""

    def __init__(self, shop):
        self.shop = shop
        self.routes = routes(shop.server)
        names = {'dealer': 'Omuro-Ten', 'other dealer': 'Other-Ten', 'former dealer': 'Former-Ten'}
        for name in names.values():
            shop.dealer(name)
        owner = shop.customer(gateway=shop.gateway('GW-OWN'))
        other = shop.customer('jiro@house.example', gateway=shop.gateway('GW-FOREIGN'))
        unlinked = shop.gateway('GW-UNLINKED')
        owner.post('/my/add', gateway_id='GW-UNLINKED', activation_code=unlinked['activation_code']).expect(303)
        nobodys = shop.gateway('GW-NOBODY')
        for person, dealer in ((owner, 'Omuro-Ten'), (owner, 'Former-Ten'), (other, 'Other-Ten')):
            link(person, dealer).expect(303)
        links = {name: shop.api(name).get('/api/v1/links').json()['links'][0]['id'] for name in names.values()}
        owner.get(f'/my/links/{links["Former-Ten"]}').expect(200)
        owner.post(f'/my/links/{links["Former-Ten"]}/end').expect(303)
        alerts = {name: self.fault(gateway) for name, gateway in (
            ('own', owner.gateway), ('foreign', other.gateway), ('unlinked', unlinked))}
        self.targets = {
            GATEWAY: {'own': 'GW-OWN', 'foreign': 'GW-FOREIGN', 'unlinked': 'GW-UNLINKED', 'missing': 'GW-MISSING'},
            'customer': {'own': 'GW-OWN', 'foreign': 'GW-FOREIGN', 'unlinked': nobodys['id'],
                         'missing': 'GW-MISSING'},
            ALERT: {**alerts, 'missing': 'x' * 22},
            LINK: {'own': links['Omuro-Ten'], 'foreign': links['Other-Ten'], 'unlinked': links['Former-Ten'],
                   'missing': 'x' * 22},
            SESSION: {'foreign': shop.api('Other-Ten').get('/api/v1/sessions').json()['sessions'][0]['id'],
                      'missing': 'x' * 22},
        }
        self.apps = {caller: shop.api(name) for caller, name in names.items()}
        self.people = {caller: Person(shop.server).sign_in(name) for caller, name in names.items()}
        for caller, mail, person in (('owner', 'hanako@house.example', owner),
                                     ('other customer', 'jiro@house.example', other)):
            session = shop.server.http.post('/api/v1/sessions', {
                'user_id': mail, 'password': PASSWORD, 'agent': 'test'}).expect(201).json()['session']
            self.apps[caller] = shop.server.http.with_headers(Authorization='Bearer ' + session)
            self.people[caller] = person
        key = {'Authorization': f'Token {owner.gateway["key"]}'}
        self.apps['anonymous'], self.people['anonymous'] = shop.server.http, Person(shop.server)
        self.apps['gateway'], self.people['gateway'] = shop.server.http.with_headers(**key), Person(shop.server)
        self.people['gateway'].http = self.people['gateway'].http.with_headers(**key)

    def fault(self, gateway):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')
        self.shop.server.http.post('/ingest/v1', {'events': [
            {'t': now, 'device': 'pcs1', 'code': '102', 'state': 'raised'}]}, headers={
                'Authorization': f'Token {gateway["key"]}'}).expect(200)
        return next(alert['id'] for alert in self.shop.server.cli('alert', 'list')['alerts']
                    if alert['gateway'] == gateway['id'])

    def call(self, caller, route, target=''):
        path = re.sub(r'\{\w+\}', target, route['path']) + QUESTIONS.get(name_of(route), '')
        if not route['page']:
            return self.apps[caller].request(route['method'], path)
        person = self.people[caller]
        return person.get(path) if route['method'] == 'GET' else person.post(path)


def name_of(route):
    return f'{route["method"]} {route["path"]}'


def seen(answer, target):
    """What the caller learns: status and body, without what it sent itself and what chance put there."""
    text = re.sub(r'name="form_token" value="[^"]*"', '', answer.text).replace(target, 'ID')
    return answer.status, text, answer.headers.get('Location')


def is_turned_away(answer):
    """As somebody who is not signed in."""
    return answer.status == 401 or (answer.status == 303 and answer.headers['Location'].startswith('/sign-in'))


@pytest.fixture
def world(shop):
    return World(shop)


def check_wrong_callers(world, route, target):
    """Those who are not for this route; returns those who are."""
    who = route['who']
    right = {'dealer': DEALERS, 'customer': ('owner', 'other customer'),
             'person': (*DEALERS, 'owner', 'other customer')}[who]
    for caller in CALLERS:
        if caller in right:
            continue
        answer = world.call(caller, route, target)
        if caller in ('anonymous', 'gateway'):
            assert is_turned_away(answer), (caller, name_of(route), answer)
        else:
            assert answer.status == 403, (caller, name_of(route), answer)
    return right


def check_targets(world, route, kind, right):
    """All that is not the caller's own looks as if it were not there."""
    targets = world.targets['customer' if kind == GATEWAY and route['who'] == 'customer' else kind]
    mine = {'own': ('dealer', 'owner'), 'foreign': ('other dealer', 'other customer'), 'unlinked': (), 'missing': ()}
    if kind == LINK and route['who'] == 'customer':
        mine['unlinked'] = ('owner',)
    for caller in right:
        missing = world.call(caller, route, targets['missing'])
        assert missing.status == 404, (caller, name_of(route), missing)
        for name, target in targets.items():
            if caller in mine[name]:
                continue
            answer = world.call(caller, route, target)
            assert seen(answer, target) == seen(missing, targets['missing']), (caller, name, name_of(route))


def test_every_route_has_a_row(server):
    served = {name_of(route) for route in routes(server)}
    assert served - ROWS.keys() == set(), 'routes without a row in the matrix'
    left = {row for row in ROWS.keys() - served if not row.startswith('POST /operator/v1/test/')}
    assert left == set(), 'rows without a route'


def test_nobody_learns_of_what_is_not_theirs(world):
    for route in world.routes:
        kind = ROWS[name_of(route)]
        target = world.targets.get(kind, {}).get('own', 'GW-OWN')
        if kind == OPEN:
            assert route['who'] == 'anyone', name_of(route)
            # One of them signs people out, who are still needed.
            for caller in CALLERS if route['path'] != '/sign-out' else ('anonymous', 'gateway'):
                assert world.call(caller, route, target).status < 500, (caller, name_of(route))
        elif route['who'] == 'operator':
            for caller in CALLERS:
                answer = world.call(caller, route, target)
                assert answer.status == 404 and 'GW-' not in answer.text, (caller, name_of(route), answer)
        elif route['who'] == 'gateway':
            for caller in (*DEALERS, 'owner', 'anonymous'):
                assert world.call(caller, route).status == 401, (caller, name_of(route))
        else:
            assert route['who'] in ('dealer', 'customer', 'person'), name_of(route)
            right = check_wrong_callers(world, route, target)
            if kind != PLAIN:
                check_targets(world, route, kind, right)


def test_lists_hold_ones_own_alone(world):
    for caller, mine in (('dealer', {'GW-OWN'}), ('other dealer', {'GW-FOREIGN'}), ('former dealer', set())):
        for path in ('/api/v1/gateways', '/api/v1/alerts?state=all', '/api/v1/links',
                     '/api/v1/gateways?since=x'):
            answer = world.apps[caller].get(path).expect(200)
            assert set(re.findall(r'GW-[A-Z]+', answer.text)) <= mine, (caller, path)
        assert {row['id'] for row in world.apps[caller].get('/api/v1/gateways').json()['gateways']} == mine


def test_own_things_are_there(world):
    """That the matrix is not green because nothing works."""
    for route in world.routes:
        kind = ROWS[name_of(route)]
        if route['method'] == 'GET' and kind == GATEWAY or kind == ALERT:
            caller = 'dealer' if route['who'] == 'dealer' else 'owner'
            world.call(caller, route, world.targets[kind]['own']).expect(200)
