"""docs/openapi.yaml and the running server say the same, in both directions."""

import datetime
import re

import pytest
from harness.control import ask, routes
from harness.openapi import Description
from harness.shop import link

METHODS = ('get', 'post', 'put', 'patch', 'delete')


@pytest.fixture(scope='module')
def description():
    return Description()


def references(thing):
    if isinstance(thing, dict):
        if isinstance(thing.get('$ref'), str):
            yield thing['$ref']
        for value in thing.values():
            yield from references(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from references(value)


def test_served_is_described_and_described_is_served(server, description):
    """Pages and what they are made of are for people, and not described, nor is what only tests have."""
    served = {(route['method'], route['path']) for route in routes(server)
              if not route['page'] and not route['path'].startswith(('/static/', '/operator/v1/test/'))}
    described = {(method.upper(), path) for path, item in description.document['paths'].items()
                 for method in METHODS if method in item}
    assert served - described == set(), 'not described'
    assert described - served == set(), 'not served'


def test_document_is_whole(description):
    """Every reference leads somewhere, every operation has a name of its own and its parameters."""
    for reference in references(description.document):
        description.resolve({'$ref': reference})
    names = [item[method]['operationId'] for item in description.document['paths'].values()
             for method in METHODS if method in item]
    assert len(names) == len(set(names))
    for path, item in description.document['paths'].items():
        for method in METHODS:
            for parameter in re.findall(r'\{(\w+)\}', path) if method in item else ():
                given = [description.resolve(p) for p in
                         [*item.get('parameters', []), *item[method].get('parameters', [])]]
                assert any(p['name'] == parameter and p['in'] == 'path' for p in given), (method, path)
    used = set(references(description.document))
    for kind in ('schemas', 'responses'):
        for name in description.document['components'][kind]:
            assert f'#/components/{kind}/{name}' in used, f'{name} is used nowhere'


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')


@pytest.fixture
def desk(shop):
    shop.dealer()
    person = shop.customer(gateway=shop.gateway('GW-1'))
    link(person, history='1').expect(303)
    shop.key = {'Authorization': f'Token {person.gateway["key"]}'}
    shop.app = shop.api()
    return shop


def test_desk_answers_as_described(desk, description):
    http, app = desk.server.http, desk.app

    def call(client, method, path, status, **more):
        answer = client.request(method, path, **more).expect(status)
        description.check(method, path, answer)
        return answer

    call(http, 'POST', '/ingest/v1', 200, headers=desk.key, json_body={
        'readings': [{'t': now(), 'device': 'pcs1', 'v': {'pv_power': 5, 'soc': 50, 'x': 1, 'pv_energy_total': 9}},
                     {'t': 'never', 'device': 'pcs1', 'v': {}}],
        'events': [{'t': now(), 'device': 'pcs1', 'code': '102', 'state': 'raised'}],
        'devices': [{'device': 'pcs1', 'kind': 'pcs'}]})
    call(http, 'POST', '/ingest/v1', 401, json_body={})
    call(http, 'POST', '/ingest/v1', 400, headers=desk.key, body='{')
    for path in ('/write?db=x', '/api/v2/write?bucket=x'):
        call(http, 'POST', path, 204, headers=desk.key, body='pcs1 pv_power=1')
        call(http, 'POST', path, 400, headers=desk.key, body='=')
        call(http, 'POST', path, 401, body='pcs1 pv_power=1')
    call(http, 'GET', '/ping', 204)
    call(http, 'GET', '/query?q=SHOW', 200)
    call(http, 'POST', '/query', 200)
    call(http, 'GET', '/healthz', 200)
    call(http, 'GET', '/metrics', 404)
    description.check('GET', '/metrics', ask(desk.server, 'GET', '/metrics').expect(200))

    listed = call(app, 'GET', '/api/v1/gateways', 200).json()
    call(app, 'GET', f'/api/v1/gateways?since={listed["changes"]}', 200)
    call(app, 'GET', '/api/v1/gateways?since=x', 200)
    call(app, 'GET', '/api/v1/gateways?sort=x', 422)
    call(app, 'GET', '/api/v1/gateways/GW-1', 200)
    today = str(datetime.date.today() - datetime.timedelta(days=2))
    for resolution in ('raw', '15min', 'day'):
        path = f'/api/v1/gateways/GW-1/history?from={today}&to={now()}&resolution={resolution}'
        call(app, 'GET', path, 200)
    for points in (1, 1000):
        call(app, 'GET', f'/api/v1/gateways/GW-1/history?from={today}&to={now()}&points={points}', 200)
    call(app, 'GET', '/api/v1/gateways/GW-1/history', 422)
    call(app, 'GET', '/api/v1/latest?quantity=pv_power,soc', 200)
    call(app, 'GET', '/api/v1/latest', 422)
    call(app, 'GET', '/api/v1/gateways/GW-1/events', 200)
    call(app, 'GET', '/api/v1/gateways/GW-1/events?limit=0', 422)
    call(app, 'GET', '/api/v1/gateways/GW-1/customer', 200)
    alert = call(app, 'GET', '/api/v1/alerts', 200).json()['alerts'][0]['id']
    call(app, 'GET', '/api/v1/alerts?state=x', 422)
    call(app, 'POST', f'/api/v1/alerts/{alert}/acknowledge', 200)
    call(app, 'POST', f'/api/v1/alerts/{alert}/acknowledge', 200, json_body={'note': 'x'})
    call(app, 'POST', f'/api/v1/alerts/{alert}/acknowledge', 400, json_body=[])
    call(app, 'POST', f'/api/v1/alerts/{alert}/acknowledge', 422, json_body={'note': 'x' * 501})
    links = call(app, 'GET', '/api/v1/links', 200).json()['links']
    for what in ('', '/history?from=2026-05-01&to=2026-05-01', '/events', '/customer'):
        call(app, 'GET', f'/api/v1/gateways/GW-0{what}', 404)
        call(http, 'GET', f'/api/v1/gateways/GW-1{what}', 401)
    call(http, 'GET', '/api/v1/live', 401)
    call(app, 'POST', f'/api/v1/links/{links[0]["id"]}/decline', 204)
    call(app, 'POST', f'/api/v1/links/{links[0]["id"]}/decline', 404)
