"""Closing an account, and exporting what is kept of one, over the API and the pages."""

import datetime
import json
import sqlite3

import pytest
from harness.client import Http
from harness.live import Live
from harness.openapi import Description
from harness.shop import DEALER, PASSWORD, Person, agree_form, complete, customer_form, letters, link, walk
from harness.wait import wait_for

PERSONAL = ('御室 太郎', 'オムロ タロウ', '0261234567', 'omuro-ten@dealer.example', '南長野 1-1',
            '見守 花子', 'ミマモリ ハナコ', '09011112222', 'hanako@house.example', '大字栗田 2-2')


@pytest.fixture(autouse=True)
def described(monkeypatch):
    """Every answer of the API in these tests is one that docs/openapi.yaml promises."""
    description, request = Description(), Http.request

    def checked(self, method, path, **more):
        answer = request(self, method, path, **more)
        if path.startswith('/api/v1/'):
            description.check(method, path, answer)
        return answer

    monkeypatch.setattr(Http, 'request', checked)


@pytest.fixture
def world(shop):
    shop.person = shop.dealer()
    shop.owner = shop.customer(gateway=shop.gateway('GW-1'))
    link(shop.owner).expect(303)
    shop.app = shop.api()
    return shop


def customer_app(shop, mail='hanako@house.example'):
    session = shop.server.http.post('/api/v1/sessions', {'user_id': mail, 'password': PASSWORD}).expect(201)
    return shop.server.http.with_headers(Authorization='Bearer ' + session.json()['session'])


def close(app, password=PASSWORD):
    return app.request('DELETE', '/api/v1/account', json_body={'password': password})


def rows(shop, sql, *values):
    """Of the store as it is on disk."""
    connection = sqlite3.connect(f'file:{shop.server.data_dir}/mimamori.db?mode=ro', uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def push(shop, gateway, time, value):
    shop.server.http.post('/ingest/v1', {'readings': [
        {'t': time, 'device': 'pcs1', 'v': {'pv_power': value}}]}, headers={
            'Authorization': f'Token {gateway["key"]}'}).expect(200)


def test_needs_the_password(world):
    for wrong, code in ((None, 'required'), ('', 'required'), ('Wrong123', 'mismatch')):
        error = close(world.app, wrong).expect(422).json()['errors'][0]
        assert (error['field'], error['code']) == ('password', code)
    world.app.request('DELETE', '/api/v1/account').expect(400)
    world.app.get('/api/v1/account').expect(200)
    statuses = [close(world.app, 'Wrong123').status for _ in range(12)]
    assert statuses[0] == 422 and statuses[-1] == 429
    assert close(world.app).status == 429


def test_dealer_closes(world):
    feed = Live(world.app)
    feed.wait('hello')
    other = world.api()
    close(world.app).expect(204)
    wait_for(lambda: feed.ended, 10, 'the end of the live feed')
    for app in (world.app, other):
        app.get('/api/v1/account').expect(401)
    assert world.person.get('/menu').status == 303
    # As if there had never been one.
    wrong = world.server.http.post('/api/v1/sessions', {'user_id': 'Omuro-Ten', 'password': PASSWORD})
    assert wrong.expect(401).json()['code'] == 'wrong-sign-in'

    ended = letters(world.server, 'hanako@house.example', 'link-ended')
    assert len(ended) == 1 and '御室電設' in ended[0]['text']
    last = letters(world.server, 'omuro-ten@dealer.example', 'account-closed')
    assert len(last) == 1
    assert not letters(world.server, 'omuro-ten@dealer.example', 'link-ended')
    page = world.owner.get('/my').expect(200)
    assert 'GW-1' in page.text
    log = world.owner.get('/my/gateways/GW-1/log').expect(200).text
    assert '御室電設' in log and 'the dealer closed its account' in log
    assert rows(world, 'SELECT ended_by FROM link') == [('closed',)]


def test_what_is_left_of_a_dealer(world):
    before = rows(world, "SELECT id FROM account WHERE kind = 'dealer'")[0][0]
    account = world.app.get('/api/v1/account').expect(200).json()
    world.app.put('/api/v1/account', {**account, 'contacts': ['hoshu@dealer.example']}).expect(200)
    close(world.app).expect(204)
    left = rows(world, 'SELECT * FROM account WHERE id = ?', before)[0]
    assert not [value for value in left if value in PERSONAL]
    assert rows(world, 'SELECT state, password FROM account WHERE id = ?', before) == [('closed', None)]
    assert rows(world, 'SELECT count(*) FROM consent WHERE account = ?', before) == [(2,)]
    for table in 'session', 'token', 'contact':
        assert rows(world, f'SELECT count(*) FROM {table} WHERE account = ?', before) == [(0,)]


def test_user_id_is_free_again(world):
    close(world.app).expect(204)
    assert world.server.http.get('/api/v1/user-ids/Omuro-Ten').expect(200).json() == {'free': True}
    person = Person(world.server)
    mail = 'omuro-ten@dealer.example'
    person.post('/register/dealer', go='register', at='confirm', terms=agree_form(person, 'dealer'),
                **{**DEALER, 'user_id': 'omuro-ten', 'mail': mail, 'mail_again': mail}).expect(303)
    complete(person, letters(world.server, mail, 'provisional-dealer')[-1], DEALER['phone']).expect(303)
    # The links of the one before are not the new one's.
    assert world.api('omuro-ten').get('/api/v1/links').expect(200).json()['links'] == []
    assert world.api('omuro-ten').get('/api/v1/gateways').expect(200).json()['gateways'] == []


def test_customer_closes(world):
    push(world, world.owner.gateway, '2026-05-01T00:00:00Z', 1234)
    app = customer_app(world)
    close(app).expect(204)
    app.get('/api/v1/sessions').expect(401)
    assert world.owner.get('/my').status == 303
    assert world.app.get('/api/v1/gateways').expect(200).json()['gateways'] == []
    world.app.get('/api/v1/gateways/GW-1').expect(404)
    ended = letters(world.server, 'omuro-ten@dealer.example', 'link-ended')
    assert len(ended) == 1 and 'GW-1' in ended[0]['text']
    assert len(letters(world.server, 'hanako@house.example', 'account-closed')) == 1
    assert not letters(world.server, 'hanako@house.example', 'link-ended')
    left = rows(world, "SELECT * FROM account WHERE kind = 'customer'")[0]
    assert not [value for value in left if value in PERSONAL]
    listed = world.server.cli('gateway', 'list')['gateways'][0]
    assert (listed['has_owner'], listed['prefecture'], listed['municipality']) == (False, '', '')


def test_history_is_hidden_from_the_next_owner(world):
    push(world, world.owner.gateway, '2026-05-01T00:00:00Z', 1234)
    close(customer_app(world)).expect(204)
    # The used code opens nothing; a new one does, and the address may register again.
    old = world.owner.gateway
    answer = walk(Person(world.server), customer_form(old, 'hanako@house.example'))
    assert answer.status == 422
    code = world.server.cli('gateway', 'new-code', 'GW-1')['activation_code']
    person = Person(world.server)
    person.gateway = {**old, 'activation_code': code}
    walk(person, customer_form(person.gateway, 'hanako@house.example')).expect(303)
    complete(person, letters(world.server, 'hanako@house.example', 'provisional-customer')[-1],
             '090-1111-2222').expect(303)
    person.sign_in('hanako@house.example')
    link(person, history='1').expect(303)
    history = world.app.get('/api/v1/gateways/GW-1/history?from=2026-05-01&to=2026-05-01').expect(200)
    assert '1234' not in history.text
    # What dealers did for the one before is not the next one's business.
    log = person.get('/my/gateways/GW-1/log').expect(200).text
    assert log.count('You gave access') == 1


def test_page_of_closing(world):
    page = world.person.get('/account/close').expect(200).text
    assert 'All maintenance links with your customers end at once.' in page
    page = world.owner.get('/account/close').expect(200).text
    assert 'a new activation code is needed' in page
    assert world.owner.post('/account/close', password='Wrong123').status == 422
    answer = world.owner.post('/account/close', password=PASSWORD).expect(303)
    assert answer.headers['Location'] == '/account/closed'
    assert 'Your account was closed' in world.owner.get('/account/closed').expect(200).text
    assert world.owner.get('/my/account').status == 303


def test_closes_once(world):
    """Two sessions at the same moment: one closes, the other is not signed in any more."""
    second = world.api()
    assert close(world.app).status == 204 and close(second).status == 401
    assert len(letters(world.server, 'omuro-ten@dealer.example', 'account-closed')) == 1


def test_stays_closed_after_a_restart(world):
    close(world.app).expect(204)
    world.server.restart()
    world.server.http.post('/api/v1/sessions', {'user_id': 'Omuro-Ten', 'password': PASSWORD}).expect(401)


def test_stays_erased_after_a_restore(world):
    """A backup from before brings neither the accounts back nor what was personal, nor the owner."""
    backup = world.server.folder / 'backup'
    world.server.cli('backup', str(backup))
    close(world.app).expect(204)
    close(customer_app(world)).expect(204)
    world.server.stop()
    world.server.cli('restore', str(backup))
    world.server.start()
    left = [value for row in rows(world, 'SELECT * FROM account') for value in row]
    assert not [value for value in left if value in PERSONAL]
    assert rows(world, 'SELECT DISTINCT state, password FROM account') == [('closed', None)]
    assert rows(world, 'SELECT owner, name, municipality FROM gateway') == [(None, '', '')]
    assert rows(world, 'SELECT hidden_before IS NULL FROM gateway') == [(0,)]


# Export


def secrets_in(world):
    """All hashes and secrets of the store that could be in an export."""
    found = [value for row in rows(world, 'SELECT password FROM account') for value in row if value]
    found += [hash.hex() for table in ('session', 'token') for hash, in rows(world, f'SELECT hash FROM {table}')]
    return found


def test_export_of_a_dealer(world):
    world.dealer('Other-Ten')
    account = world.app.get('/api/v1/account').json()
    world.app.put('/api/v1/account', {**account, 'contacts': ['hoshu@dealer.example']}).expect(200)
    now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')
    world.server.http.post('/ingest/v1', {'events': [
        {'t': now, 'device': 'pcs1', 'code': '102', 'state': 'raised'}]}, headers={
            'Authorization': f'Token {world.owner.gateway["key"]}'}).expect(200)
    alert = world.app.get('/api/v1/alerts?state=all').json()['alerts'][0]['id']
    world.app.post(f'/api/v1/alerts/{alert}/acknowledge', {'note': '確認済み'}).expect(200)

    answer = world.app.get('/api/v1/account/export').expect(200)
    assert answer.headers['Cache-Control'] == 'no-store'
    export = answer.json()
    assert export['complete'] is True and export['account']['user_id'] == 'Omuro-Ten'
    assert export['account']['phone'] == '0261234567' and export['account']['kind'] == 'dealer'
    assert [one['mail'] for one in export['contacts']] == ['hoshu@dealer.example']
    assert [one['step'] for one in export['consents']] == ['password', 'form']
    assert [(one['gateway'], one['ended']) for one in export['links']] == [('GW-1', None)]
    assert [(one['alert'], one['note']) for one in export['acknowledgements']] == [(alert, '確認済み')]
    assert len(export['sessions']) >= 2 and 'provisional-dealer' in [one['letter'] for one in export['mails']]
    assert 'access' not in export and 'gateways' not in export
    assert 'Other-Ten' not in answer.text and '見守 花子' not in answer.text
    assert not [secret for secret in secrets_in(world) if secret in answer.text]


def test_export_of_a_customer(world):
    world.app.get('/api/v1/gateways/GW-1').expect(200)
    other = world.customer('jiro@house.example', gateway=world.gateway('GW-2'))
    link(other).expect(303)
    answer = customer_app(world).get('/api/v1/account/export').expect(200)
    export = answer.json()
    assert export['account']['mail'] == 'hanako@house.example'
    assert [one['id'] for one in export['gateways']] == ['GW-1']
    assert {(one['kind'], one['dealer_name']) for one in export['access']} >= {
        ('looked', '御室電設'), ('linked', '御室電設')}
    assert [one['may'] for one in export['links']]
    assert 'GW-2' not in answer.text and 'jiro' not in answer.text
    assert not [secret for secret in secrets_in(world) if secret in answer.text]


def test_export_as_a_file(world):
    for person in (world.person, world.owner):
        answer = person.get('/account/export').expect(200)
        assert 'attachment' in answer.headers['Content-Disposition']
        assert json.loads(answer.text)['account']['name'] in ('御室 太郎', '見守 花子')
