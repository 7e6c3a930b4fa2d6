"""Two-factor sign-in, the export and closing the account in Chromium: both languages, wide and narrow,
light and dark, for dealers and customers. Pictures are kept to be looked at."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from harness.looks import LOOKS
from harness.shop import PASSWORD, Shop, letters, link

WORDS = {
    'ja': {'off': '現在は無効です', 'begin': '設定する', 'on': '有効にする', 'kept': '保管しました',
           'wrong': 'コードが正しくないか', 'closed': 'アカウントを解約しました', 'close': 'アカウントを解約する',
           'end': '無効にする', 'mismatch': '現在のパスワードが'},
    'en': {'off': 'It is off.', 'begin': 'Set it up', 'on': 'Switch on', 'kept': 'I have kept them',
           'wrong': 'This code is not right', 'closed': 'Your account was closed',
           'close': 'Close the account for good', 'end': 'Switch off', 'mismatch': 'not your present'},
}


def totp(secret):
    key = base64.b32decode(secret.replace(' ', ''))
    digest = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7fffffff) % 10**6:06}'


@pytest.mark.parametrize('who', ['dealer', 'customer'])
@pytest.mark.parametrize('language,width,dark', LOOKS)
def test_my_account(make_server, make_browser, who, language, width, dark):
    shop = Shop(make_server())
    shop.dealer()
    link(shop.customer()).expect(303)
    browser = make_browser(language=language, width=width, dark=dark)
    word = WORDS[language]
    url = shop.server.url
    name, home = {'dealer': ('Omuro-Ten', '/account'), 'customer': ('hanako@house.example', '/my/account')}[who]

    def look(page):
        assert browser.content_width() <= browser.width, page
        held = [words for words in browser.complaints() if 'responded with a status' not in words]
        assert not held, page
        browser.picture(f'account-{who}-{language}-{width}-{"dark" if dark else "light"}-{page}')

    def submit():
        browser.click(browser.find('main form .buttons button'))

    browser.open(url + f'/sign-in?lang={language}').fill(user_id=name, password=PASSWORD)
    submit()
    browser.open(url + home)
    assert browser.find('a[href="/account/export"]') and browser.find('a[href="/account/close"]')
    look('account')

    browser.click(browser.find('a[href="/two-factor"]'))
    assert word['off'] in browser.text
    look('two-factor-off')
    browser.fill(password=PASSWORD).press(word['begin'])
    secret = browser.find('dd.code').text
    assert browser.find('img.qr').get_property('naturalWidth') > 0
    browser.fill(code='000').press(word['on'])
    assert word['wrong'] in browser.text
    look('two-factor-setup')
    browser.fill(code=totp(secret)).press(word['on'])
    codes = [item.text for item in browser.all('li.code')]
    assert len(codes) == 10
    look('two-factor-codes')
    browser.press(word['kept'])
    look('two-factor-on')

    browser.click(browser.find('header nav form button'))
    browser.open(url + '/sign-in').fill(user_id=name, password=PASSWORD)
    submit()
    look('sign-in-code')
    browser.fill(code='1')
    submit()
    assert word['wrong'] in browser.text
    browser.fill(code=codes[0])
    submit()

    browser.open(url + '/account/close')
    look('close')
    browser.fill(password='Wrong123').press(word['close'])
    assert word['mismatch'] in browser.text
    look('close-wrong')
    browser.fill(password=PASSWORD).press(word['close'])
    assert word['closed'] in browser.text
    look('closed')
    browser.open(url + home)
    assert '/sign-in' in browser.url


@pytest.mark.parametrize('language,width,dark', LOOKS)
def test_mail_and_lost_password(make_server, make_browser, language, width, dark):
    """The pages beside the great walks: where to link, another mail address, a lost password."""
    shop = Shop(make_server())
    shop.customer(gateway=shop.gateway('GW-1'))
    browser = make_browser(language=language, width=width, dark=dark)
    url, new = shop.server.url, 'hana@house.example'

    def look(page):
        assert browser.content_width() <= browser.width, page
        held = [words for words in browser.complaints() if 'responded with a status' not in words]
        assert not held, page
        browser.picture(f'other-{language}-{width}-{"dark" if dark else "light"}-{page}')

    def submit():
        browser.click(browser.find('main form button:not(.plain)'))

    def follow(address, letter, place):
        text = letters(shop.server, address, letter)[-1]['text']
        browser.open(url + re.search(rf'http://[^\s/]+(/{place}\?token=[\w-]+)', text)[1])

    browser.open(url + '/open/gateway/GW-1')
    assert browser.find('a[href="mimamori:gateway/GW-1"]')
    look('open-gateway')
    browser.open(url + f'/sign-in?lang={language}').fill(user_id='hanako@house.example', password=PASSWORD)
    submit()
    browser.open(url + '/link')
    look('link-start')
    browser.open(url + '/my/account/mail')
    look('mail')
    browser.fill(mail=new, mail_again='other@house.example', password=PASSWORD)
    submit()
    look('mail-wrong')
    browser.fill(mail=new, mail_again=new, password=PASSWORD)
    submit()
    look('mail-sent')
    follow(new, 'mail-change', 'mail-change')
    assert new in browser.text
    look('mail-change')
    submit()
    look('mail-changed')

    browser.open(url + '/forgotten').fill(user_id=new)
    submit()
    look('forgotten-sent')
    follow(new, 'password-reset', 'new-password')
    look('new-password')
    browser.fill(password='Neues1234', password_again='Neues1235')
    submit()
    look('new-password-wrong')
    browser.fill(password='Neues1234', password_again='Neues1234')
    submit()
    look('new-password-set')
    browser.open(url + '/sign-in').fill(user_id=new, password='Neues1234')
    submit()
    assert browser.url.endswith('/my')
