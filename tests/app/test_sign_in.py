"""Signing in and out, and what is kept of it: product.md §1.7."""

import re

import pytest
from harness.shop import PASSWORD, letters

USER = 'Omuro-Ten'
WORDS = {
    'en': {'way': 'Sign in', 'server': 'Server', 'user': 'User ID (dealer ID)', 'password': 'Password',
           'inside': 'My account'},
    'ja': {'way': 'ログイン', 'server': 'サーバー', 'user': 'ユーザID(販売店ID)', 'password': 'パスワード',
           'inside': 'マイアカウント情報'},
}


@pytest.fixture
def dealer(shop):
    return shop.dealer(USER)


def way_in(desk, language='en'):
    """The first window's button; a catalogue may put the mnemonic behind the word."""
    return desk.find('button', re.compile('^' + WORDS[language]['way']))


def open_sign_in(desk, language='en'):
    desk.click(way_in(desk, language))
    return desk.find('entry', WORDS[language]['user'])


def sign_in(desk, url, user=USER, password=PASSWORD):
    open_sign_in(desk)
    desk.fill('Server', url)
    desk.fill('User ID (dealer ID)', user)
    desk.fill('Password', password)
    desk.click('button', 'Sign in')


def inside(desk, language='en'):
    return desk.find('row', WORDS[language]['inside'])


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_by_keyboard(make_desk, shop, dealer, language):
    desk = make_desk(language=language)
    desk.focus(way_in(desk, language))
    desk.key('Return')
    desk.find('entry', WORDS[language]['user'])
    assert desk.unnamed_controls() == []
    for name, text in (('server', shop.server.url), ('user', USER), ('password', PASSWORD)):
        desk.focus(desk.find('entry', WORDS[language][name]))
        desk.type(text)
    desk.key('Return')
    inside(desk, language)


def test_resumed_at_the_next_start(make_desk, display, shop, dealer):
    first = make_desk(display=display)
    sign_in(first, shop.server.url)
    inside(first)
    kept = [one for one in display.secrets() if one.get('xdg:schema') == 'org.mimamori.Mimamori']
    assert [(one['server'], one['user']) for one in kept] == [(shop.server.url, USER)]
    first.stop()

    # With the server away, too: what is known can be read.
    shop.server.stop()
    second = make_desk(display=display)
    inside(second)
    second.stop()


def test_signed_out_is_forgotten(make_desk, display, shop, dealer):
    desk = make_desk(display=display)
    sign_in(desk, shop.server.url)
    inside(desk)
    desk.click('button', 'Main menu')
    desk.click('menu item', 'Sign out')
    desk.find('entry', 'User ID (dealer ID)')
    desk._wait(lambda: display.secrets() == [], 10, 'the keyring to forget')
    desk.stop()

    again = make_desk(display=display)
    assert again.find('entry', 'User ID (dealer ID)').text == USER
    assert again.focused().label == 'Password' or again.focused().parent.label == 'Password'


@pytest.mark.parametrize('keyring,said', [('absent', 'This computer has no keyring.'),
                                          ('locked', 'Your keyring is locked.')])
def test_without_keyring_it_works_until_closed(make_desk, make_display, shop, dealer, keyring, said):
    display = make_display(keyring=keyring)
    desk = make_desk(display=display)
    sign_in(desk, shop.server.url)
    inside(desk)
    desk.wait_text(said)
    assert desk.has('button', 'Unlock') == (keyring == 'locked')
    desk.stop()
    again = make_desk(display=display)
    assert again.find('entry', 'User ID (dealer ID)').text == USER
    again.find('button', 'Change the server')


def test_locked_at_the_next_start(make_desk, display, shop, dealer):
    first = make_desk(display=display)
    sign_in(first, shop.server.url)
    inside(first)
    first.stop()
    display.lock_keyring()
    second = make_desk(display=display)
    second.wait_text('Your keyring is locked, so Mimamori cannot go on')
    second.fill('Password', PASSWORD)
    second.click('button', 'Sign in')
    inside(second)


def test_wrong_password(desk, shop, dealer):
    sign_in(desk, shop.server.url, password='Wrong123')
    desk.wait_text('The user ID or mail address, or the password, is wrong. Capital and small letters differ.')
    assert desk.find('entry', 'Password').text == ''
    assert desk.find('entry', 'User ID (dealer ID)').text == USER
    desk.fill('Password', PASSWORD)
    desk.click('button', 'Sign in')
    inside(desk)


def test_empty_fields(desk, shop):
    sign_in(desk, shop.server.url, user='', password='')
    desk._wait(lambda: len(desk.find_all('label', 'Please fill in this field.')) == 2, 10, 'both errors')
    desk.fill('Server', 'ftp://nowhere')
    desk.click('button', 'Sign in')
    desk.wait_text('Please enter the address of the server')


def test_too_many_tries(desk, shop, dealer):
    http = shop.server.http
    for _ in range(30):
        answer = http.post('/api/v1/sessions', {'user_id': USER, 'password': 'Wrong123'})
        if answer.status == 429:
            break
    assert answer.status == 429
    sign_in(desk, shop.server.url)
    desk.wait_text(re.compile(r'Please try again in \d+ seconds?\.'))
    assert 'sensitive' not in desk.find('button', 'Sign in').states


def test_customers_are_sent_to_the_pages(desk, shop):
    customer = shop.customer()
    assert customer
    sign_in(desk, shop.server.url, user='hanako@house.example')
    desk.wait_text("This is a customer's account.")


def test_server_away(desk, shop, dealer):
    url = shop.server.url
    shop.server.stop()
    sign_in(desk, url)
    desk.wait_text('The server cannot be reached. Please check')
    shop.server.start()
    desk.click('button', 'Sign in')
    inside(desk)


def test_no_mimamori_server(desk, make_smtp):
    sign_in(desk, make_smtp().url.replace('smtp://', 'http://'))
    desk._wait(lambda: desk.has('label', re.compile('not a Mimamori server|cannot be reached')), 40, 'an error')


def test_session_ended_by_the_server(make_desk, display, shop, dealer):
    first = make_desk(display=display)
    sign_in(first, shop.server.url)
    inside(first)
    first.stop()
    shop.api(USER).delete('/api/v1/sessions').expect(204)
    second = make_desk(display=display)
    second.wait_text('Your session has ended. Please sign in again.', timeout=20)
    assert second.find('entry', 'User ID (dealer ID)').text == USER
    second._wait(lambda: display.secrets() == [], 10, 'the keyring to forget')
    second.fill('Password', PASSWORD)
    second.click('button', 'Sign in')
    inside(second)


def test_forgotten_password(desk, shop, dealer):
    open_sign_in(desk)
    desk.fill('Server', shop.server.url)
    desk.fill('User ID (dealer ID)', USER)
    desk.click('button', 'Forgotten password')
    desk.click('button', 'Send the mail')
    desk.wait_text('Please look at your mail')
    mail = shop.api(USER).get('/api/v1/account').json()['mail']
    desk._wait(lambda: [one for one in letters(shop.server, mail) if 'password' in one['letter']], 10, 'the mail')
