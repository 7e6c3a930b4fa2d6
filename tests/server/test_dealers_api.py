"""Dealers over the API: registration, the mailed link, sessions, the account; and what strangers try."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.client import Http
from harness.openapi import Description
from harness.wait import wait_for

FORM = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'mail': 'taro@example.jp', 'mail_again': 'taro@example.jp',
    'dealer_name': '御室電設', 'phone': '026-123-4567', 'postal_code': '3800838', 'prefecture': '長野県',
    'address': '長野市大字南長野 1-1', 'user_id': 'hanbai_ten',
}
PASSWORD = 'Abcdef12'
PHONE = '(026) 123 4567'


def token_in(mail, path='/confirm'):
    return re.search(re.escape(path) + r'\?token=([\w-]{43})', mail.text)[1]


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
def server(make_server, smtp):
    return make_server('--smtp', smtp.url, '--smtp-starttls', 'none')


def register(http, status=201, **changes):
    terms = http.get('/api/v1/terms?audience=dealer').expect(200).json()['version']
    return http.post('/api/v1/registrations', {**FORM, 'terms': terms, **changes}).expect(status).json()


def redeem(http, token, **changes):
    body = {'token': token, 'terms': 1, 'password': PASSWORD, 'password_again': PASSWORD, 'phone': PHONE}
    return http.post('/api/v1/confirmations', {**body, **changes})


def sign_in(http, user_id='hanbai_ten', password=PASSWORD, status=201):
    return http.post('/api/v1/sessions', {'user_id': user_id, 'password': password}).expect(status)


def signed_in(http, **more):
    return http.with_headers(Authorization='Bearer ' + sign_in(http, **more).json()['session'])


@pytest.fixture
def dealer(http, smtp):
    """A dealer's client."""
    register(http)
    redeem(http, token_in(smtp.wait('taro@example.jp'))).expect(204)
    return signed_in(http)


def codes(answer):
    answer.expect(422)
    assert answer.type == 'application/problem+json'
    return {(error['field'], error['code']) for error in answer.json()['errors']}


# The walk


def test_whole_walk(http, smtp):
    about = http.get('/api/v1/server').expect(200).json()
    assert about['version'] and about['server_id'] and 'dealers' in about['features']
    for language in 'ja', 'en':
        terms = http.get(f'/api/v1/terms?audience=dealer&language={language}').expect(200).json()
        assert terms['language'] == language and len(terms['body']) > 500
    http.get('/api/v1/terms?audience=nobody').expect(404)

    made = register(http, language='ja')
    assert made['mail'] == 'taro@example.jp' and len(made['walk']) == 43
    mail = smtp.wait('taro@example.jp')
    assert '御室 太郎 様' in mail.text and '(JST)' in mail.text and '大文字と小文字' in mail.text
    token = token_in(mail)
    for _ in range(3):
        peeked = http.post('/api/v1/confirmations/peek', {'token': token}).expect(200).json()
        assert peeked == {'audience': 'dealer', 'user_id': 'hanbai_ten', 'name': '御室 太郎',
                          'expires': made['expires']}
    sign_in(http, status=401)
    redeem(http, token).expect(204)
    account = signed_in(http).get('/api/v1/account').expect(200).json()
    assert account['user_id'] == 'hanbai_ten' and account['phone'] == '0261234567'
    assert account['language'] == 'ja' and account['contacts'] == []


@pytest.mark.parametrize('changes,wrong', [
    ({'name': ' '}, ('name', 'required')),
    ({'name': 'x' * 101}, ('name', 'too-long')),
    ({'kana': '御室'}, ('kana', 'characters')),
    ({'mail': 'taro', 'mail_again': 'taro'}, ('mail', 'syntax')),
    ({'mail_again': 'jiro@example.jp'}, ('mail_again', 'mismatch')),
    ({'mail_again': None}, ('mail_again', 'required')),
    ({'dealer_name': ''}, ('dealer_name', 'required')),
    ({'phone': '12345'}, ('phone', 'syntax')),
    ({'postal_code': '380-083'}, ('postal_code', 'syntax')),
    ({'prefecture': '信州'}, ('prefecture', 'unknown')),
    ({'address': ''}, ('address', 'required')),
    ({'user_id': 'ab'}, ('user_id', 'too-short')),
    ({'user_id': 'a' * 17}, ('user_id', 'too-long')),
    ({'user_id': 'a b c'}, ('user_id', 'characters')),
    ({'user_id': '販売店'}, ('user_id', 'characters')),
    ({'terms': None}, ('terms', 'required')),
    ({'terms': 99}, ('terms', 'outdated')),
])
def test_field_refused(http, changes, wrong):
    answer = http.post('/api/v1/registrations', {**FORM, 'terms': 1, **changes})
    assert codes(answer) == {wrong}
    if wrong[0] != 'terms':
        assert codes(http.post('/api/v1/registrations/check', {**FORM, **changes})) == {wrong}


@pytest.mark.parametrize('changes', [
    {'user_id': 'a-b'}, {'user_id': 'ABCDEFGHIJ012_-z'}, {'kana': 'おむろ'}, {'kana': 'ｵﾑﾛ ﾀﾛｳ'},
    {'phone': '０９０－１２３４－５６７８'}, {'phone': '+81 26 123 4567'}, {'postal_code': '〒380-0838'},
    {'prefecture': 'Nagano'}, {'mail': 'Taro@EXAMPLE.jp', 'mail_again': 'Taro@example.JP'},
])
def test_field_accepted(http, changes):
    http.post('/api/v1/registrations/check', {**FORM, **changes}).expect(204)
    register(http, **changes)


def test_bodies_that_are_no_forms(http):
    for body in ('', '[]', '{', '"x"', '{"name": 1}', '{"name": "a", "name": "b"}'):
        http.request('POST', '/api/v1/registrations/check', body=body,
                     headers={'Content-Type': 'application/json'}).expect(400)
    http.request('POST', '/api/v1/registrations', body='{"name":"' + 'x' * 40000 + '"}').expect(413)


def test_user_id_is_free_or_not(http):
    assert http.get('/api/v1/user-ids/hanbai_ten').expect(200).json() == {'free': True}
    register(http)
    for taken in 'hanbai_ten', 'HANBAI_TEN':
        assert http.get(f'/api/v1/user-ids/{taken}').expect(200).json() == {'free': False}
        assert codes(http.post('/api/v1/registrations', {**FORM, 'terms': 1, 'user_id': taken})) == {
            ('user_id', 'taken')}
    assert codes(http.get('/api/v1/user-ids/ab')) == {('user_id', 'too-short')}
    answers = [http.get('/api/v1/user-ids/hanbai_ten').status for _ in range(150)]
    assert 429 in answers


def test_same_user_id_in_a_race(http):
    def one(number):
        mail = f'a{number}@example.jp'
        return http.post('/api/v1/registrations', {**FORM, 'terms': 1, 'mail': mail, 'mail_again': mail})

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    assert sorted(answer.status for answer in answers) == [201] + [422] * 15


# Links


def test_resend_and_correct(http, smtp):
    walk = register(http)['walk']
    first = token_in(smtp.wait('taro@example.jp'))
    again = http.post('/api/v1/registrations/resend', {'walk': walk}).expect(200).json()
    assert 'walk' not in again
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)
    second = [token_in(mail) for mail in smtp.to('taro@example.jp') if token_in(mail) != first][0]
    assert redeem(http, first).expect(410).json()['code'] == 'link-used'

    body = {'walk': walk, 'mail': 'x', 'mail_again': 'y'}
    assert codes(http.put('/api/v1/registrations/mail', body)) == {('mail', 'syntax')}
    body = {'walk': walk, 'mail': 'jiro@example.jp', 'mail_again': 'jiro@example.jp'}
    assert http.put('/api/v1/registrations/mail', body).expect(200).json()['mail'] == 'jiro@example.jp'
    third = token_in(smtp.wait('jiro@example.jp'))
    redeem(http, second).expect(410)
    # Whoever reads the wrong address can do nothing with what was sent there.
    http.post('/api/v1/registrations/resend', {'token': second}).expect(410)
    http.put('/api/v1/registrations/mail', {**body, 'walk': third}).expect(404)
    redeem(http, third).expect(204)
    assert http.post('/api/v1/registrations/resend', {'walk': walk}).expect(410).json()['code'] == \
        'registration-complete'


def test_mails_to_one_address_are_limited(http):
    walk = register(http)['walk']
    answers = [http.post('/api/v1/registrations/resend', {'walk': walk}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 4 + [429] * 2
    assert int(answers[-1].headers['Retry-After']) > 0


def test_forged_and_foreign_tokens(http, smtp):
    walk = register(http)['walk']
    token = token_in(smtp.wait('taro@example.jp'))
    for forged in ('', 'x', 'A' * 43, token[:-1], token + 'A', token.swapcase(), walk):
        assert redeem(http, forged).expect(404).json()['code'] == 'link-unknown'
        http.post('/api/v1/confirmations/peek', {'token': forged}).expect(404)
    http.post('/api/v1/password-resets/redeem', {
        'token': token, 'password': PASSWORD, 'password_again': PASSWORD}).expect(404)
    redeem(http, token).expect(204)


@pytest.mark.parametrize('changes,wrong', [
    ({'password': 'Abcde12', 'password_again': 'Abcde12'}, ('password', 'too-short')),
    ({'password': 'Abcdefgh123456789', 'password_again': 'Abcdefgh123456789'}, ('password', 'too-long')),
    ({'password': 'ABCDEF12', 'password_again': 'ABCDEF12'}, ('password', 'no-lower')),
    ({'password': 'abcdef12', 'password_again': 'abcdef12'}, ('password', 'no-upper')),
    ({'password': 'Abcdefgh', 'password_again': 'Abcdefgh'}, ('password', 'no-digit')),
    ({'password_again': 'Abcdef13'}, ('password_again', 'mismatch')),
    ({'phone': ''}, ('phone', 'required')),
    ({'phone': '0261234568'}, ('phone', 'mismatch')),
    ({'terms': None}, ('terms', 'required')),
])
def test_password_step_refused(http, smtp, changes, wrong):
    register(http)
    token = token_in(smtp.wait('taro@example.jp'))
    assert codes(redeem(http, token, **changes)) == {wrong}
    redeem(http, token).expect(204)


def test_five_wrong_phones(http, smtp):
    register(http)
    token = token_in(smtp.wait('taro@example.jp'))
    # What can be seen to be wrong without the phone costs no try.
    for _ in range(6):
        codes(redeem(http, token, password='x'))
    for _ in range(4):
        assert codes(redeem(http, token, phone='0312345678')) == {('phone', 'mismatch')}
    assert redeem(http, token, phone='0312345678').expect(410).json()['code'] == 'link-locked'
    assert redeem(http, token).expect(410).json()['code'] == 'link-locked'
    # The way on: a new mail to the same address.
    http.post('/api/v1/registrations/resend', {'token': token}).expect(200)
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)
    fresh = [token_in(mail) for mail in smtp.to('taro@example.jp') if token_in(mail) != token][0]
    redeem(http, fresh).expect(204)


def test_hundred_redemptions_one_success(http, smtp):
    register(http)
    token = token_in(smtp.wait('taro@example.jp'))
    with ThreadPoolExecutor(100) as pool:
        statuses = [answer.status for answer in pool.map(lambda _: redeem(http, token), range(100))]
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 410, 503}
    assert redeem(http, token).expect(410).json()['code'] == 'link-used'


# What looks without asking


def test_looking_consumes_nothing(http, smtp, dealer):
    """Mail scanners follow links with GET and HEAD."""
    dealer.put('/api/v1/account', edit(dealer, contacts=['h1@example.jp'])).expect(200)
    token = token_in(smtp.wait('h1@example.jp'), '/contact')
    for path in '/contact', '/contact/remove':
        for method in 'HEAD', 'GET':
            http.request(method, path, query={'token': token}).expect(200)
    assert [contact['confirmed'] for contact in dealer.get('/api/v1/account').json()['contacts']] == [False]


# Sessions and passwords


def test_sign_in_tells_nothing(http, dealer):
    wrong = [sign_in(http, status=401, **guess).json() for guess in (
        {'password': 'Wrong123'}, {'user_id': 'nobody'}, {'user_id': 'HANBAI_TEN'},
        {'user_id': 'taro@example.jp'}, {'user_id': '', 'password': ''})]
    assert all(answer == wrong[0] for answer in wrong)


def test_guessing_is_slowed(http, dealer):
    answers = [http.post('/api/v1/sessions', {'user_id': 'hanbai_ten', 'password': f'Wrong{n:03}'})
               for n in range(12)]
    assert [answer.status for answer in answers[:10]] == [401] * 10
    assert answers[-1].status == 429 and int(answers[-1].headers['Retry-After']) > 1
    # Blanks around the ID, which are not looked at, make no other account of it.
    assert http.post('/api/v1/sessions', {'user_id': ' hanbai_ten\t', 'password': PASSWORD}).status == 429
    # The one who is guessed at stays signed in.
    dealer.get('/api/v1/account').expect(200)


def test_sessions(http, dealer):
    other = signed_in(http)
    listed = dealer.get('/api/v1/sessions').expect(200).json()['sessions']
    assert len(listed) == 2 and [one['kind'] for one in listed] == ['app', 'app']
    assert [one['current'] for one in listed].count(True) == 1
    theirs = next(one['id'] for one in listed if not one['current'])
    dealer.delete(f'/api/v1/sessions/{theirs}').expect(204)
    other.get('/api/v1/account').expect(401)
    dealer.delete(f'/api/v1/sessions/{theirs}').expect(404)
    dealer.delete('/api/v1/sessions/current').expect(204)
    dealer.get('/api/v1/account').expect(401)

    third, fourth = signed_in(http), signed_in(http)
    third.delete('/api/v1/sessions').expect(204)
    third.get('/api/v1/sessions').expect(401)
    fourth.get('/api/v1/sessions').expect(401)


def test_sessions_survive_a_restart(server, http, dealer):
    server.restart()
    dealer.get('/api/v1/account').expect(200)


def test_no_session(http):
    for header in ({}, {'Authorization': 'Bearer ' + 'A' * 43}, {'Authorization': 'Basic eDp5'},
                   {'Cookie': 'mm_session=' + 'A' * 43}):
        for method, path in (('GET', '/api/v1/account'), ('PUT', '/api/v1/account'),
                             ('GET', '/api/v1/sessions'), ('DELETE', '/api/v1/sessions'),
                             ('POST', '/api/v1/account/password'), ('POST', '/api/v1/account/check')):
            answer = http.request(method, path, json_body={} if method in ('PUT', 'POST') else None,
                                  headers=header)
            assert answer.expect(401).type == 'application/problem+json'


def test_cookie_is_no_way_into_the_api(http, dealer):
    session = dealer.headers['Authorization'].removeprefix('Bearer ')
    http.get('/api/v1/account', headers={'Cookie': f'mm_session={session}'}).expect(401)


def test_change_password(http, smtp, dealer):
    other = signed_in(http)
    new = {'password': 'Neu45678', 'password_again': 'Neu45678'}
    assert codes(dealer.post('/api/v1/account/password', {**new, 'old_password': 'Wrong123'})) == {
        ('old_password', 'mismatch')}
    assert codes(dealer.post('/api/v1/account/password', {
        'old_password': PASSWORD, 'password': 'x', 'password_again': 'y'})) >= {
            ('password_again', 'mismatch'), ('password', 'too-short')}
    dealer.post('/api/v1/account/password', {**new, 'old_password': PASSWORD}).expect(204)
    dealer.get('/api/v1/account').expect(200)
    other.get('/api/v1/account').expect(401)
    sign_in(http, status=401)
    sign_in(http, password='Neu45678')
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)


def test_forgotten_password(http, smtp, dealer):
    answers = [http.post('/api/v1/password-resets', {'user_id': user_id})
               for user_id in ('nobody', 'hanbai_ten', 'HANBAI_TEN', '')]
    assert {(answer.status, answer.body) for answer in answers} == {(202, b'')}
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)
    mail = next(mail for mail in smtp.to('taro@example.jp') if '/new-password' in mail.text)
    body = {'token': token_in(mail, '/new-password'), 'password': 'Neu45678', 'password_again': 'Neu45678'}
    assert codes(http.post('/api/v1/password-resets/redeem', {**body, 'password': 'x'})) >= {
        ('password', 'too-short')}
    http.post('/api/v1/password-resets/redeem', body).expect(204)
    http.post('/api/v1/password-resets/redeem', body).expect(410)
    dealer.get('/api/v1/account').expect(401)
    sign_in(http, status=401)
    sign_in(http, password='Neu45678')


# The account


def edit(dealer, **changes):
    account = dealer.get('/api/v1/account').expect(200).json()
    body = {name: account[name] for name in (
        'name', 'kana', 'mail', 'dealer_name', 'phone', 'postal_code', 'prefecture', 'address', 'language',
        'alert_own_mail')}
    body['contacts'] = [contact['mail'] for contact in account['contacts']]
    return {**body, **changes}


def test_edit_account(http, smtp, dealer):
    # Nothing changed, nothing mailed.
    dealer.put('/api/v1/account', edit(dealer)).expect(200)
    changed = edit(dealer, name='御室 花子', mail='hanako@example.jp', mail_again='hanako@example.jp',
                   contacts=['h1@example.jp', '', 'h2@example.jp'], alert_own_mail=True)
    dealer.post('/api/v1/account/check', changed).expect(204)
    assert dealer.get('/api/v1/account').json()['name'] == '御室 太郎'
    account = dealer.put('/api/v1/account', changed).expect(200).json()
    assert account['name'] == '御室 花子' and account['alert_own_mail'] is True
    assert [(one['mail'], one['confirmed']) for one in account['contacts']] == [
        ('h1@example.jp', False), ('h2@example.jp', False)]
    for address in 'hanako@example.jp', 'h1@example.jp', 'h2@example.jp':
        smtp.wait(address)
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)  # the link, and the notice
    notice = smtp.wait('hanako@example.jp').text
    assert 'h1@example.jp' not in notice

    # Contacts that stay keep what they answered, wherever they move.
    page = http.get('/contact', query={'token': token_in(smtp.wait('h2@example.jp'), '/contact')}).expect(200)
    form = {'token': token_in(smtp.wait('h2@example.jp'), '/contact'),
            'form_token': re.search(r'name="form_token" value="([^"]+)"', page.text)[1]}
    http.post('/contact', form=form).expect(200)
    account = dealer.put('/api/v1/account', edit(dealer, contacts=['h2@example.jp', 'h3@example.jp'])).json()
    assert [(one['mail'], one['confirmed']) for one in account['contacts']] == [
        ('h2@example.jp', True), ('h3@example.jp', False)]
    http.post('/contact/remove', form=form).expect(200)
    http.post('/contact/remove', form=form).expect(404)
    assert [one['mail'] for one in dealer.get('/api/v1/account').json()['contacts']] == ['h3@example.jp']


@pytest.mark.parametrize('changes,wrong', [
    ({'name': ''}, ('name', 'required')),
    ({'kana': '漢字'}, ('kana', 'characters')),
    ({'mail': 'new@example.jp'}, ('mail_again', 'required')),
    ({'mail': 'new@example.jp', 'mail_again': 'old@example.jp'}, ('mail_again', 'mismatch')),
    ({'phone': '1'}, ('phone', 'syntax')),
    ({'prefecture': ''}, ('prefecture', 'required')),
    ({'language': 'xx'}, ('language', 'unknown')),
    ({'contacts': ['a@example.jp', 'A@example.jp']}, ('contacts[1]', 'duplicate')),
    ({'contacts': ['', '', 'no']}, ('contacts[2]', 'syntax')),
])
def test_edit_refused(dealer, changes, wrong):
    assert codes(dealer.put('/api/v1/account', edit(dealer, **changes))) == {wrong}
    assert codes(dealer.post('/api/v1/account/check', edit(dealer, **changes))) == {wrong}


def test_more_than_five_contacts(dealer):
    dealer.put('/api/v1/account', edit(dealer, contacts=[f'h{n}@example.jp' for n in range(5)])).expect(200)
    dealer.put('/api/v1/account', edit(dealer, contacts=[f'h{n}@example.jp' for n in range(6)])).expect(400)


# Pages defend themselves


def test_page_headers(http):
    for path in '/', '/register/dealer', '/sign-in', '/confirm?token=x':
        answer = http.get(path)
        policy = answer.headers['Content-Security-Policy']
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert 'script' not in policy and '<script' not in answer.text
        assert answer.headers['Cache-Control'] == 'no-store'
        assert answer.headers['Referrer-Policy'] == 'same-origin'
        cookie = answer.headers['Set-Cookie'] or ''
        assert not cookie or ('HttpOnly' in cookie and 'SameSite=Lax' in cookie)


def test_forms_of_others_are_refused(server, http, dealer):
    page = http.get('/sign-in')
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)[1]
    form = {'user_id': 'hanbai_ten', 'password': PASSWORD}
    http.post('/sign-in', form=form).expect(403)
    http.post('/sign-in', form={**form, 'form_token': 'A' * 43}).expect(403)
    for origin in ('http://evil.example', 'null', 'http://127.0.0.1', server.url + '.evil.example'):
        http.post('/sign-in', form={**form, 'form_token': token}, headers={'Origin': origin}).expect(403)
    for away in ('//evil.example', '/\\evil.example', 'http://evil.example', 'javascript:x'):
        answer = http.post('/sign-in', form={**form, 'form_token': token, 'next': away}).expect(303)
        assert answer.headers['Location'] == '/menu'
    http.post('/sign-out', form={}).expect(403)
    http.get('/menu').expect(200)
    http.post('/sign-out', form={'form_token': token}).expect(303)
    assert http.get('/menu').expect(303).headers['Location'] == '/sign-in?next=/menu'


def test_what_was_entered_is_escaped(http):
    page = http.get('/register/dealer')
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)[1]
    evil = '"><script>alert(1)</script>'
    answer = http.post('/register/dealer', form={
        'form_token': token, 'terms': '1', 'go': 'confirm', 'at': 'form', 'name': evil}).expect(422)
    assert '<script' not in answer.text and '&lt;script&gt;' in answer.text


def test_no_personal_data_in_the_log(server, http, dealer):
    dealer.put('/api/v1/account', edit(dealer, contacts=['canary@example.jp'])).expect(200)
    sign_in(http, status=401, password='Canary123')
    log = server.log()
    for secret in ('taro@', 'canary', '御室', '0261234567', 'hanbai_ten', PASSWORD, 'Canary123',
                   dealer.headers['Authorization'][7:]):
        assert secret not in log


# Time

HOUR, DAY = 3600, 24 * 3600


def test_link_expires_after_72_hours(server, http, smtp):
    walk = register(http)['walk']
    token = token_in(smtp.wait('taro@example.jp'))
    server.advance(72 * HOUR - 60)
    http.post('/api/v1/confirmations/peek', {'token': token}).expect(200)
    assert http.get('/api/v1/user-ids/hanbai_ten').json() == {'free': False}
    server.advance(60)
    assert http.post('/api/v1/confirmations/peek', {'token': token}).expect(410).json()['code'] == 'link-expired'
    assert redeem(http, token).expect(410).json()['code'] == 'link-expired'

    # The bearer of the expired link gets a new one; so would the walk.
    http.post('/api/v1/registrations/resend', {'token': token}).expect(200)
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)
    fresh = [token_in(mail) for mail in smtp.to('taro@example.jp') if token_in(mail) != token][0]
    http.post('/api/v1/confirmations/peek', {'token': fresh}).expect(200)
    assert redeem(http, token).expect(410).json()['code'] == 'link-used'

    # Once no link lives, the ID is free, and another takes it with all that belonged to it.
    server.advance(73 * HOUR)
    assert http.get('/api/v1/user-ids/hanbai_ten').json() == {'free': True}
    register(http, user_id='Hanbai_Ten', mail='jiro@example.jp', mail_again='jiro@example.jp')
    http.post('/api/v1/registrations/resend', {'walk': walk}).expect(404)
    redeem(http, fresh).expect(404)
    redeem(http, token_in(smtp.wait('jiro@example.jp'))).expect(204)
    sign_in(http, user_id='hanbai_ten', status=401)
    sign_in(http, user_id='Hanbai_Ten')


def test_app_rests_90_days(server, http, dealer):
    server.advance(89 * DAY)
    dealer.get('/api/v1/account').expect(200)  # using it keeps it alive
    server.advance(89 * DAY)
    dealer.get('/api/v1/account').expect(200)
    server.advance(91 * DAY)
    dealer.get('/api/v1/account').expect(401)


def test_browser_rests_12_hours(server, http, dealer):
    token = re.search(r'name="form_token" value="([^"]+)"', http.get('/sign-in').text)[1]
    answer = http.post('/sign-in', form={
        'form_token': token, 'user_id': 'hanbai_ten', 'password': PASSWORD}).expect(303)
    assert 'HttpOnly' in answer.headers['Set-Cookie'] and 'SameSite=Lax' in answer.headers['Set-Cookie']
    server.advance(11 * HOUR)
    http.get('/menu').expect(200)
    server.advance(11 * HOUR)
    http.get('/menu').expect(200)
    server.advance(13 * HOUR)
    assert http.get('/menu').expect(303).headers['Location'] == '/sign-in?next=/menu'


def test_new_password_link_lasts_an_hour(server, http, smtp, dealer):
    http.post('/api/v1/password-resets', {'user_id': 'hanbai_ten'}).expect(202)
    wait_for(lambda: len(smtp.to('taro@example.jp')) == 2)
    mail = next(mail for mail in smtp.to('taro@example.jp') if '/new-password' in mail.text)
    server.advance(HOUR)
    body = {'token': token_in(mail, '/new-password'), 'password': 'Neu45678', 'password_again': 'Neu45678'}
    assert http.post('/api/v1/password-resets/redeem', body).expect(410).json()['code'] == 'link-expired'
    sign_in(http)


def test_dead_link_for_a_password_has_a_way_on(http):
    page = http.get('/new-password?token=' + 'x' * 43).expect(404)
    assert 'href="/forgotten"' in page.text and 'name="password"' not in page.text


def test_old_address_sets_no_password(http, smtp, dealer):
    """A link for a new password dies with the address it went to, and with the password."""
    for change in (lambda: dealer.put('/api/v1/account', edit(
            dealer, mail='new@example.jp', mail_again='new@example.jp')).expect(200),
            lambda: dealer.post('/api/v1/account/password', {
                'old_password': PASSWORD, 'password': 'Other123', 'password_again': 'Other123'}).expect(204)):
        address = dealer.get('/api/v1/account').json()['mail']
        links = lambda: [mail for mail in smtp.to(address) if '/new-password' in mail.text]
        before = len(links())
        http.post('/api/v1/password-resets', {'user_id': 'hanbai_ten'}).expect(202)
        token = token_in(wait_for(lambda: links()[before:])[-1], '/new-password')
        change()
        http.post('/api/v1/password-resets/redeem', {
            'token': token, 'password': 'Abcdef99', 'password_again': 'Abcdef99'}).expect(410)


def test_changing_the_address_floods_nobody(dealer):
    answers = [dealer.put('/api/v1/account', edit(dealer, mail=mail, mail_again=mail)).status
               for mail in ['victim@example.jp', 'own@example.jp'] * 6]
    assert answers[:10] == [200] * 10 and answers[10] == 429


def test_old_contact_can_still_leave(server, http, smtp, dealer):
    dealer.put('/api/v1/account', edit(dealer, contacts=['h1@example.jp'])).expect(200)
    token = token_in(smtp.wait('h1@example.jp'), '/contact')
    server.advance(31 * DAY)
    page = http.get('/contact', query={'token': token}).expect(200)
    form = {'token': token, 'form_token': re.search(r'name="form_token" value="([^"]+)"', page.text)[1]}
    http.post('/contact', form=form).expect(410)
    http.post('/contact/remove', form=form).expect(200)
    assert dealer.get('/api/v1/account').expect(200).json()['contacts'] == []


def test_guessing_is_forgiven_with_time(server, http, dealer):
    for n in range(11):
        http.post('/api/v1/sessions', {'user_id': 'hanbai_ten', 'password': f'Wrong{n:03}'})
    http.post('/api/v1/sessions', {'user_id': 'hanbai_ten', 'password': PASSWORD}).expect(429)
    server.advance(700)
    sign_in(http)
