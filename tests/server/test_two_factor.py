"""The second factor: setting it up, signing in with it, guessing, losing the phone, switching it off."""

import base64
import hashlib
import hmac
import re
import sqlite3
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.client import Http
from harness.openapi import Description
from harness.shop import PASSWORD, Person, letters

STEP = 30


def totp(secret, step):
    """RFC 6238, here by hand."""
    key = base64.b32decode(secret.replace(' ', ''))
    digest = hmac.new(key, struct.pack('>Q', step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7fffffff) % 10**6:06}'


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


class Phone:
    """An authenticator app beside a server whose clock was moved on; each code is a new one."""

    def __init__(self, shop, secret):
        self.shop, self.secret, self.moved = shop, secret, 0

    def step(self):
        return int(time.time() + self.moved) // STEP

    def code(self, after=0):
        return totp(self.secret, self.step() + after)

    def next(self):
        self.shop.server.advance(2 * STEP)
        self.moved += 2 * STEP
        return self.code()


@pytest.fixture
def world(shop):
    shop.person = shop.dealer()
    shop.app = shop.api()
    return shop


def begin(world):
    setup = world.app.post('/api/v1/account/two-factor', {'password': PASSWORD}).expect(201).json()
    return Phone(world, setup['secret'])


@pytest.fixture
def phone(world):
    phone = begin(world)
    phone.recovery = world.app.post('/api/v1/account/two-factor/confirm', {
        'code': phone.code()}).expect(200).json()['recovery_codes']
    return phone


def sign_in(world, **more):
    return world.server.http.post('/api/v1/sessions', {'user_id': 'Omuro-Ten', 'password': PASSWORD, **more})


def refusal(answer, status=401):
    return answer.expect(status).json()['code']


def test_setting_up(world):
    assert world.app.get('/api/v1/account/two-factor').expect(200).json() == {'on': False, 'recovery_codes': 0}
    world.app.post('/api/v1/account/two-factor', {'password': 'Wrong123'}).expect(422)
    assert refusal(world.app.post('/api/v1/account/two-factor/confirm', {'code': '123456'}), 409) == 'no-setup'
    setup = world.app.post('/api/v1/account/two-factor', {'password': PASSWORD}).expect(201).json()
    assert re.fullmatch(r'([A-Z2-7]{4} ){7}[A-Z2-7]{4}', setup['secret'])
    assert setup['url'].startswith('otpauth://totp/Mimamori:Omuro-Ten?secret=' + setup['secret'].replace(' ', ''))
    # It does not count before its first code was right.
    sign_in(world).expect(201)
    phone = Phone(world, setup['secret'])
    wrong = f'{(int(phone.code()) + 1) % 10**6:06}'
    world.app.post('/api/v1/account/two-factor/confirm', {'code': wrong}).expect(422)
    sign_in(world).expect(201)
    codes = world.app.post('/api/v1/account/two-factor/confirm', {'code': phone.code()}).expect(200).json()
    assert len(set(codes['recovery_codes'])) == 10
    assert world.app.get('/api/v1/account/two-factor').json() == {'on': True, 'recovery_codes': 10}
    assert refusal(world.app.post('/api/v1/account/two-factor', {'password': PASSWORD}), 409) == 'two-factor-on'
    assert 'Two-factor' in letters(world.server, 'omuro-ten@dealer.example', 'account-changed')[-1]['text'] \
        or '二段階' in letters(world.server, 'omuro-ten@dealer.example', 'account-changed')[-1]['text']


def test_signing_in_needs_the_code(world, phone):
    assert refusal(sign_in(world)) == 'second-factor'
    # A wrong password tells nothing of it.
    assert refusal(sign_in(world, password='Wrong123')) == 'wrong-sign-in'
    assert refusal(sign_in(world, password='Wrong123', code=phone.code(1))) == 'wrong-sign-in'
    code = phone.next()
    sign_in(world, code=f'{code[:3]} {code[3:]}').expect(201)


def test_each_code_counts_once(world, phone):
    assert refusal(sign_in(world, code=phone.code())) == 'wrong-code'  # it confirmed the setup
    code = phone.next()
    sign_in(world, code=code).expect(201)
    assert refusal(sign_in(world, code=code)) == 'wrong-code'
    # Nor one from before the last that was accepted.
    assert refusal(sign_in(world, code=phone.code(-1))) == 'wrong-code'


def test_one_code_in_a_race(world, phone):
    code = phone.next()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sign_in(world, code=code).status, range(4)))
    assert sorted(answers) == [201, 401, 401, 401]


@pytest.mark.parametrize('after,status', [(-2, 401), (-1, 201), (1, 201), (2, 401)])
def test_one_step_of_clocks_that_differ(world, phone, after, status):
    phone.next()
    phone.next()
    while time.time() % STEP > STEP - 3:  # not at the edge between two steps
        phone.shop.server.advance(5)
        phone.moved += 5
        if (time.time() + phone.moved) % STEP < STEP - 3:
            break
    sign_in(world, code=phone.code(after)).expect(status)


def test_guessing_is_slowed(world, phone):
    wrong = f'{(int(phone.next()) + 500) % 10**6:06}'
    answers = [sign_in(world, code=wrong) for _ in range(7)]
    assert [answer.status for answer in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers['Retry-After']) > 1
    # The right one must wait as well; the one who is signed in works on.
    sign_in(world, code=phone.code()).expect(429)
    world.app.get('/api/v1/account').expect(200)


def test_recovery_codes(world, phone):
    for recovery in (phone.recovery[0], phone.recovery[1].lower().replace('-', ' ')):
        sign_in(world, code=recovery).expect(201)
        assert refusal(sign_in(world, code=recovery)) == 'wrong-code'
    assert world.app.get('/api/v1/account/two-factor').json()['recovery_codes'] == 8
    connection = sqlite3.connect(f'file:{world.server.data_dir}/mimamori.db?mode=ro', uri=True)
    assert phone.recovery[2] not in ''.join(connection.iterdump())
    connection.close()


def test_switching_off(world, phone):
    path = '/api/v1/account/two-factor'
    code = phone.next()
    for body, wrong in (({'password': 'Wrong123', 'code': code}, 'password'), ({'password': PASSWORD}, 'code'),
                        ({'password': PASSWORD, 'code': '000000' if code != '000000' else '1'}, 'code')):
        answer = world.app.request('DELETE', path, json_body=body).expect(422)
        assert [error['field'] for error in answer.json()['errors']] == [wrong]
    world.app.request('DELETE', path, json_body={'password': PASSWORD, 'code': code}).expect(204)
    sign_in(world).expect(201)
    assert refusal(world.app.request('DELETE', path, json_body={
        'password': PASSWORD, 'code': phone.recovery[0]}), 409) == 'two-factor-off'
    # Another setup has another secret, and the old codes are void.
    again = begin(world)
    assert again.secret != phone.secret
    world.app.post(path + '/confirm', {'code': phone.recovery[0]}).expect(422)


def test_survives_a_restart_and_a_new_password(world, phone):
    world.server.restart()
    assert refusal(sign_in(world)) == 'second-factor'
    new = 'Neu45678'
    world.app.post('/api/v1/account/password', {
        'old_password': PASSWORD, 'password': new, 'password_again': new}).expect(204)
    assert refusal(sign_in(world, password=new)) == 'second-factor'


def test_a_restore_does_not_switch_it_off(world):
    backup = world.server.folder / 'backup'
    world.server.cli('backup', str(backup))
    phone = begin(world)
    world.app.post('/api/v1/account/two-factor/confirm', {'code': phone.code()}).expect(200)
    world.server.stop()
    world.server.cli('restore', str(backup))
    world.server.start()
    assert refusal(sign_in(world)) == 'second-factor'


def test_secrets_stay_in(world, phone):
    text = world.app.get('/api/v1/account/export').expect(200).text
    assert phone.secret not in text and phone.recovery[0] not in text
    assert (world.server.data_dir / 'mimamori.db').stat().st_mode & 0o077 == 0


# Pages


def half_of(page):
    return re.search(r'name="half" value="([\w-]+)"', page.text)[1]


def test_pages_of_signing_in(world, phone):
    person = Person(world.server)
    person.get('/sign-in').expect(200)
    page = person.post('/sign-in', user_id='Omuro-Ten', password=PASSWORD, next='/account').expect(200)
    assert person.get('/account').status == 303
    half = half_of(page)
    wrong = person.post('/sign-in/code', half=half, next='/account', code='1')
    assert wrong.status == 422 and 'This code is not right' in wrong.text and half_of(wrong) == half
    answer = person.post('/sign-in/code', half=half, next='/account', code=phone.next()).expect(303)
    assert answer.headers['Location'] == '/account'
    person.get('/account').expect(200)
    # Once.
    again = Person(world.server).post('/sign-in/code', half=half, code=phone.next())
    assert 'Please sign in again.' in again.text


def test_half_a_sign_in_ends(world, phone):
    def half(person):
        return half_of(person.post('/sign-in', user_id='Omuro-Ten', password=PASSWORD).expect(200))

    person = Person(world.server)
    person.get('/sign-in')
    first = half(person)
    world.server.advance(601)
    phone.moved += 601
    assert 'Please sign in again.' in person.post('/sign-in/code', half=first, code=phone.next()).text
    second, new = half(person), 'Neu45678'
    world.app.post('/api/v1/account/password', {
        'old_password': PASSWORD, 'password': new, 'password_again': new}).expect(204)
    assert 'Please sign in again.' in person.post('/sign-in/code', half=second, code=phone.next()).text
    assert 'Please sign in again.' in person.post('/sign-in/code', half='x' * 43, code='1').text


def test_pages_of_setting_up(world):
    person = world.person
    assert 'It is off.' in person.get('/two-factor').expect(200).text
    assert person.post('/two-factor', go='begin', password='Wrong123').status == 422
    page = person.post('/two-factor', go='begin', password=PASSWORD).expect(200)
    secret = re.search(r'class="code">([A-Z2-7 ]+)<', page.text)[1]
    assert 'http://' not in page.text.split('<main')[1]
    picture = person.get('/two-factor/qr.svg').expect(200)
    assert picture.type == 'image/svg+xml' and picture.headers['Cache-Control'] == 'no-store'
    assert secret.replace(' ', '') not in picture.text and picture.text.count('h') > 100
    phone = Phone(world, secret)
    assert secret in person.post('/two-factor', go='confirm', code='1').text
    page = person.post('/two-factor', go='confirm', code=phone.code()).expect(200)
    codes = re.findall(r'<li class="code">([\w-]+)</li>', page.text)
    assert len(codes) == 10 and codes[0] not in person.get('/two-factor').expect(200).text
    assert person.get('/two-factor/qr.svg').status == 409
    person.post('/two-factor', go='end', password=PASSWORD, code=codes[0]).expect(303)
    assert 'It is off.' in person.get('/two-factor').expect(200).text


@pytest.mark.parametrize('running', [True, False])
def test_the_operator_resets_it(world, phone, running):
    """For a dealer who has lost phone and recovery codes; the dealer is told."""
    server = world.server
    server.run('dealer', 'reset-two-factor', 'Nobody', status=1)
    server.run('dealer', 'reset-two-factor', 'omuro-ten', status=1)
    server.run('dealer', 'reset-two-factor', status=2)
    if not running:
        server.stop()
    assert server.cli('dealer', 'reset-two-factor', 'Omuro-Ten') == {'user_id': 'Omuro-Ten'}
    assert 'is off' in server.run('dealer', 'reset-two-factor', 'Omuro-Ten', status=1).stderr
    if not running:
        server.start()
    sign_in(world).expect(201)
    told = letters(server, 'omuro-ten@dealer.example', 'account-changed')
    assert len(told) == 2
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        log = [action for action, in db.execute('SELECT action FROM operator_log')]
    db.close()
    assert log.count('two-factor-reset') == 1
