"""My account: product.md §1, "My account"; view → edit → confirm → execute → done, and the rest."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time

import pytest
from harness.shop import PASSWORD, letters

USER = 'Omuro-Ten'
MAIL = 'omuro-ten@dealer.example'


def totp(secret, ahead=0):
    """The code of RFC 6238 now, or so many steps ahead."""
    key = base64.b32decode(secret.replace(' ', ''))
    digest = hmac.new(key, struct.pack('>Q', int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[place:place + 4])[0] & 0x7fffffff) % 10 ** 6:06}'


def sign_in(desk, url, password=PASSWORD):
    desk.click('button', 'Sign in')
    desk.fill('Server', url)
    desk.fill('User ID (dealer ID)', USER)
    desk.fill('Password', password)
    desk.click('button', 'Sign in')


def open_account(desk):
    desk.click(desk.find('row', 'My account'))
    return desk.find('button', 'Edit')


def open_part(desk, name):
    open_account(desk)
    desk.click(desk.find('row', name))
    assert desk.unnamed_controls() == []
    assert desk.too_wide() == []


@pytest.fixture
def account(desk, shop):
    """The app with the page of the dealer's account open."""
    shop.dealer(USER)
    sign_in(desk, shop.server.url)
    open_account(desk)
    return desk


def test_edit_walk(account, shop):
    desk = account
    shown = desk.texts()
    for text in (USER, '御室 太郎', 'オムロ タロウ', MAIL, '御室電設', '380-0838', 'Nagano'):
        assert text in shown, text
    desk.click('button', 'Edit')
    desk.click('button', 'Next')
    desk.wait_text('Nothing has been changed yet.')
    desk.fill('Name', '御室 次郎')
    desk.fill('Name in katakana', 'kana')
    desk.click('button', 'Add an address')
    desk.fill('Address 1', 'nonsense')
    desk.click('button', 'Add an address')
    desk.fill('Address 2', 'hoshu@dealer.example')
    assert desk.unnamed_controls() == []
    desk.click('button', 'Next')
    desk.wait_text('This is not a mail address.')
    desk.wait_text('Please write the reading in katakana.')
    desk.fill('Name in katakana', 'オムロ ジロウ')
    desk.click('button', 'Remove Address 1')
    desk.wait_gone('entry', 'Address 2')
    desk.click('button', 'Next')
    desk.find('button', 'Execute the edit')
    shown = desk.texts()
    assert '御室 太郎 → 御室 次郎' in shown and '(none) → hoshu@dealer.example' in shown
    assert '御室電設' not in shown, 'only what changes'
    assert [one for one in letters(shop.server, MAIL) if one['letter'] == 'account-changed'] == []

    desk.click('button', 'Execute the edit')
    desk.wait_text('Your account was changed')
    assert len(letters(shop.server, MAIL, 'account-changed')) == 1
    assert len(letters(shop.server, 'hoshu@dealer.example', 'contact-confirm')) == 1
    desk.click('button', 'My account')
    desk.wait_text('御室 次郎')
    desk.wait_text('Not confirmed yet')


def test_nothing_entered_is_lost(account, shop):
    desk = account
    desk.click('button', 'Edit')
    desk.fill('Name', '御室 次郎')
    desk.click(desk.find('row', 'Overview'))
    desk.click(desk.find('row', 'My account'))
    assert desk.find('entry', 'Name').text == '御室 次郎'
    desk.click('button', 'Back')
    desk.click('button', 'Go on editing')
    assert desk.find('entry', 'Name').text == '御室 次郎'

    # Nor by a session that ends meanwhile.
    shop.api(USER).delete('/api/v1/sessions').expect(204)
    desk.wait_text('Your session has ended. Please sign in again.')
    desk.fill('Password', PASSWORD)
    desk.click('button', 'Sign in')
    desk.click(desk.find('row', 'My account'))
    assert desk.find('entry', 'Name').text == '御室 次郎'

    desk.key('ctrl+w')
    desk.wait_text('Close without executing the edit?')
    desk.click('button', 'Cancel')
    desk.click('button', 'Discard')
    desk.wait_text('御室 太郎')
    desk.key('ctrl+w')
    desk.wait_ended()


def test_changed_elsewhere(account, shop):
    desk = account
    desk.click('button', 'Edit')
    desk.fill('Name', '御室 次郎')
    desk.click('button', 'Next')
    desk.find('button', 'Execute the edit')
    api = shop.api(USER)
    now = api.get('/api/v1/account').json()
    body = {key: now[key] for key in ('name', 'kana', 'mail', 'phone', 'postal_code', 'prefecture', 'address',
                                      'language')}
    api.put('/api/v1/account', {**body, 'dealer_name': '新電設', 'contacts': []}).expect(200)
    desk.click('button', 'Execute the edit')
    desk.wait_text('The account was changed elsewhere meanwhile.')
    desk.click('button', 'Execute the edit')
    desk.wait_text('Your account was changed')
    now = api.get('/api/v1/account').json()
    assert (now['name'], now['dealer_name']) == ('御室 次郎', '新電設')


def test_password(account, shop):
    desk = account
    open_part(desk, 'Change the password')
    desk.fill('Present password', 'Wrong123')
    desk.fill('New password', 'abcdefgh')
    assert len(desk.find_all(None, 'Kept')) == 2 and len(desk.find_all(None, 'Not kept yet')) == 2
    desk.fill('New password again', 'abcdefgh')
    desk.click('button', 'Change')
    desk.wait_text('This is not your present password.')
    desk.wait_text('The password must contain at least one upper-case letter.')
    desk.fill('Present password', PASSWORD)
    desk.fill('New password', 'Neues123')
    desk.fill('New password again', 'Neues123')
    desk.click('button', 'Change')
    desk.wait_text('Your password was changed.')
    answer = shop.server.http.post('/api/v1/sessions', {'user_id': USER, 'password': 'Neues123'})
    assert answer.status == 201


def test_sessions(account, shop):
    desk = account
    other = shop.api(USER)
    open_part(desk, 'Where you are signed in')
    desk.wait_text('This one')
    # That of the test, and the browser's with which the dealer registered.
    before = len(desk._wait(lambda: desk.find_all('button', re.compile('^Sign out: ')), 10, 'the other sessions'))
    desk.click(desk.find_all('button', re.compile('^Sign out: App'))[0])
    desk._wait(lambda: len(desk.find_all('button', re.compile('^Sign out: '))) == before - 1, 10, 'one less')
    assert other.get('/api/v1/account').status == 401
    desk.click('button', 'Sign out everywhere')
    desk.wait_text('Sign out everywhere?')
    desk.click(desk.find_all('button', 'Sign out everywhere')[-1])
    desk.find('entry', 'User ID (dealer ID)')
    answer = shop.server.http.post('/api/v1/sessions', {'user_id': USER, 'password': PASSWORD}).json()
    api = shop.server.http.with_headers(Authorization=f'Bearer {answer["session"]}')
    assert len(api.get('/api/v1/sessions').json()['sessions']) == 1


def test_second_factor(account, shop):
    desk = account
    open_part(desk, 'Two-factor sign-in')
    desk.fill('Present password', PASSWORD)
    desk.click('button', 'Set it up')
    secret = desk.wait_text(re.compile('^[A-Z2-7]{4}( [A-Z2-7]{4})+$')).name
    desk.find(None, 'QR code for the authenticator app')
    desk.fill('Code', '000000')
    desk.click('button', 'Switch on')
    desk.wait_text('This code is not right, or it has been used already.')
    desk.fill('Code', totp(secret))
    desk.click('button', 'Switch on')
    codes = desk.wait_text(re.compile(r'^\S+\n\S+')).name.split('\n')
    assert len(codes) == 10
    desk.click('button', 'Copy')
    desk.wait_text('Copied')
    assert desk.unnamed_controls() == []
    desk.click('button', 'I have kept them')
    desk.wait_text('Recovery codes left: 10')

    desk.click('button', 'Main menu')
    desk.click('menu item', 'Sign out')
    desk.fill('Password', PASSWORD)
    desk.click('button', 'Sign in')
    desk.find('entry', 'Code')
    desk.type('123456')
    desk.key('Return')
    desk.wait_text('This code is not right, or it has been used already.')
    desk.fill('Code', codes[0])
    desk.click('button', 'Sign in')
    open_part(desk, 'Two-factor sign-in')
    desk.wait_text('Recovery codes left: 9')
    desk.fill('Present password', PASSWORD)
    desk.fill('Code', codes[1])
    desk.click('button', 'Switch off')
    desk.wait_text('Two-factor sign-in is off.')


@pytest.mark.gtk_keeps_memory
def test_export(account, shop):
    desk = account
    desk.click(desk.find('row', 'Export my data'))
    desk.find(None, 'Save as')
    target = desk.folder / 'export.json'
    desk.key('ctrl+a')
    desk.type(str(target))
    desk.key('Return')
    desk.wait_text('Saved')
    assert json.loads(target.read_text())['account']['user_id'] == USER


def test_close(account, shop):
    desk = account
    open_part(desk, 'Close my account')
    desk.wait_text('This cannot be undone.')
    desk.fill('Present password', 'Wrong123')
    desk.fill('User ID (dealer ID)', 'somebody')
    desk.click('button', 'Close the account for good')
    desk.wait_text('This is not your user ID.')
    desk.fill('User ID (dealer ID)', USER)
    desk.click('button', 'Close the account for good')
    desk.wait_text('This is not your present password.')
    desk.fill('Present password', PASSWORD)
    desk.click('button', 'Close the account for good')
    desk.find('entry', 'Password')
    answer = shop.server.http.post('/api/v1/sessions', {'user_id': USER, 'password': PASSWORD})
    assert answer.status == 401
