"""The registration of a dealer in the app's window, against the real server, with the mail read from its
real outbox: product.md §1."""

import os
import re
import stat
from urllib.parse import quote

import pytest
import walking
from harness.shop import PASSWORD, letters
from harness.wait import wait_for
from walking import mailed_link, press, typed


@pytest.fixture
def at(make_desk, server):
    """Starts the app and walks: at (walking.to_form, language='ja')."""
    def walk(to, *arguments, **more):
        return to(make_desk(*arguments, **more), server)
    return walk


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_whole_way_by_keyboard(make_desk, server, language):
    desk = make_desk(language=language)
    word = desk.word

    def enter(label, text):
        entry = desk.focus(desk.find('entry', word(label)))
        # What an input method would put in; the rest by the keys of the keyboard.
        desk.type(text) if text.isascii() else desk.fill(entry, text)

    desk.focus(desk.find('button', word('Register as a dealer')))
    desk.key('Return')
    desk.find('entry', word('Address of the server'))
    desk.type(server.url)
    desk.key('Return')
    desk.focus(desk.find('button', word('I agree')))
    desk.key('Return')
    desk.find('entry', word('Name'))
    for label, text in walking.FORM.items():
        if label == 'Address':
            walking.choose_prefecture(desk)
        enter(label, text)
    desk.wait_text(word('This user ID is free.'))
    desk.key('Return')
    desk.wait_text(word('Please look over what you entered'))
    desk.key('Return')
    desk.wait_text(word('A mail is on its way'))
    mail = letters(server, walking.MAIL, 'provisional-dealer')[-1]
    assert ('御室 太郎 様' if language == 'ja' else '御室 太郎') in mail['text']
    enter('Address in the mail (URL)', mailed_link(server))
    desk.key('Return')
    desk.wait_text(re.compile('御室 太郎'))
    desk.focus(desk.find('button', word('I agree')))
    desk.key('Return')
    desk.wait_text(re.compile('Taro-Denki'))
    enter('New password', PASSWORD)
    enter('New password again', PASSWORD)
    enter('Phone number', '+81 26 123 4567')
    desk.key('Return')
    desk.wait_text(word('The registration is complete'))
    desk.key('Return')
    desk.find('entry', word('Password'))
    assert typed(desk, 'User ID (dealer ID)') == 'Taro-Denki'
    enter('Password', PASSWORD)
    desk.key('Return')
    desk.wait_gone('entry', word('Password'), timeout=20)


def test_the_server_is_asked_for_and_named(at, server):
    desk = at(walking.to_terms)
    desk.wait_text('Version 1')
    desk.key('Escape')
    desk.find('entry', 'Address of the server')
    assert typed(desk, 'Address of the server') == server.url
    desk.wait_text('Mimamori')


def test_wrong_servers(make_desk, server):
    desk = walking.to_server(make_desk())
    press(desk, 'Next')
    desk.wait_text(re.compile('Please enter the address of the server'))
    desk.fill('Address of the server', 'ftp://example.jp')
    press(desk, 'Next')
    desk.wait_text(re.compile('Please enter the address of the server'))
    desk.fill('Address of the server', 'http://127.0.0.1:1')
    press(desk, 'Next')
    desk.wait_text(re.compile('cannot be reached'))
    desk.fill('Address of the server', server.url + '/nowhere')
    press(desk, 'Next')
    desk.wait_text(re.compile('not a Mimamori server|nothing at this address'))
    desk.fill('Address of the server', server.url)
    press(desk, 'Next')
    desk.find('button', 'I agree')


def test_going_back_keeps_everything(at):
    desk = at(walking.to_confirm)
    for label in ('御室電設', 'Nagano', 'Taro-Denki', 'オムロ タロウ'):
        desk.wait_text(label)
    desk.key('alt+Left')
    desk.find('entry', 'Name')
    desk.key('Escape')
    desk.find('button', 'I agree')
    desk.key('Escape')
    desk.find('entry', 'Address of the server')
    press(desk, 'Next')
    press(desk, 'I agree')
    for label, text in walking.FORM.items():
        assert typed(desk, label) == text
    press(desk, 'Next')
    desk.wait_text('Please look over what you entered')
    desk.click(desk.find_all('button', re.compile('^Change'))[1])
    desk.find('entry', 'Name')


def test_each_field_says_what_is_wrong(at):
    desk = at(walking.to_form)
    wrong = {
        'Name in katakana': ('Omuro', 'Please write the reading in katakana.'),
        'Mail address': ('taro', 'This is not a mail address. It looks like name@example.com.'),
        'Phone number': ('12', re.compile('^A phone number has 10 or 11 digits')),
        'Postal code': ('38', 'A postal code has seven digits, such as 380-0921.'),
        'User ID (dealer ID)': ('a b', re.compile('^The user ID may contain only')),
    }
    for label, (text, sentence) in wrong.items():
        desk.focus(desk.find('entry', label))
        desk.type(text)
        assert not desk.has('label', sentence)
        desk.key('Tab')
        desk.wait_text(sentence)
    # Kana in another script are put right instead.
    desk.fill('Name in katakana', 'おむろ たろう')
    desk.focus(desk.find('entry', 'Mail address'))
    wait_for(lambda: typed(desk, 'Name in katakana') == 'オムロ タロウ', 5)
    desk.fill('Mail address', 'taro@dealer.example')
    desk.fill('Mail address again', 'tarou@dealer.example')
    press(desk, 'Next')
    desk.wait_text('The two mail addresses are not the same.')
    assert not desk.has('button', 'Register')


def test_taken_user_id(at, shop):
    shop.dealer('Omuro-Ten')
    desk = at(walking.to_form)
    desk.focus(desk.find('entry', 'User ID (dealer ID)'))
    desk.type('omuro-ten')
    desk.wait_text(re.compile('already in use'))
    desk.type('2')
    desk.wait_text('This user ID is free.')


def test_user_id_taken_at_the_last_moment(at, shop, server):
    desk = at(walking.to_confirm)
    shop.dealer('Taro-Denki')
    press(desk, 'Register')
    desk.wait_text(re.compile('already in use'))
    assert typed(desk, 'Name') == '御室 太郎'
    desk.fill('User ID (dealer ID)', 'Taro-Denki-2')
    press(desk, 'Next')
    press(desk, 'Register')
    desk.wait_text('A mail is on its way')


def test_closed_in_the_middle_and_resumed(make_desk, make_display, server):
    display = make_display()
    desk = walking.to_form(make_desk(display=display), server)
    desk.fill('Name', '御室 太郎')
    desk.fill('Dealer name', '御室電設')
    desk.key('ctrl+q')
    desk.wait_ended()
    desk = make_desk(display=display)
    press(desk, 'Discard')
    desk.wait_text('The registration was discarded.')
    press(desk, 'Undo')
    press(desk, 'Continue')
    assert typed(desk, 'Name') == '御室 太郎' and typed(desk, 'Dealer name') == '御室電設'
    walking.fill_form(desk)
    walking.choose_prefecture(desk)
    press(desk, 'Next')
    press(desk, 'Register')
    desk.wait_text('A mail is on its way')
    desk.key('ctrl+q')
    desk.wait_ended()
    kept = [path for path in display.home.rglob('*') if path.is_file() and path.name == 'registration']
    assert len(kept) == 1 and stat.S_IMODE(os.stat(kept[0]).st_mode) == 0o600
    settings = (display.home / 'config' / 'glib-2.0' / 'settings' / 'keyfile').read_text()
    assert 'Taro-Denki' in settings and kept[0].read_text() not in settings
    desk = make_desk(display=display)
    press(desk, 'Continue')
    desk.wait_text(re.compile(walking.MAIL))
    press(desk, 'Send the mail again')
    desk.wait_text(re.compile('A new mail was sent'))
    assert len(letters(server, walking.MAIL, 'provisional-dealer')) == 2
    desk.fill('Address in the mail (URL)', mailed_link(server))
    press(desk, 'Open the link')
    press(desk, 'I agree')
    walking.fill_password(desk)
    press(desk, 'Register')
    desk.wait_text('The registration is complete')
    desk.key('ctrl+q')
    desk.wait_ended()
    assert not kept[0].exists()
    assert '御室' not in (display.home / 'config' / 'glib-2.0' / 'settings' / 'keyfile').read_text()


def test_correcting_the_address(at, server):
    desk = at(walking.to_mail)
    press(desk, 'Correct the mail address')
    desk.fill('Correct mail address', 'jiro@dealer.example')
    desk.fill('Mail address again', 'jiro@dealer.examp')
    press(desk, 'Correct the address and send')
    desk.wait_text('The two mail addresses are not the same.')
    desk.fill('Mail address again', 'jiro@dealer.example')
    press(desk, 'Correct the address and send')
    desk.wait_text(re.compile('jiro@dealer.example'))
    desk.fill('Address in the mail (URL)', mailed_link(server))
    press(desk, 'Open the link')
    desk.wait_text('This link is no longer valid')
    desk.key('Escape')
    desk.wait_text(re.compile('jiro@dealer.example'))
    desk.fill('Address in the mail (URL)', mailed_link(server, 'jiro@dealer.example'))
    press(desk, 'Open the link')
    desk.find('button', 'I agree')


def test_expired_link(at, server):
    desk = at(walking.to_mail)
    server.advance(73 * 3600)
    desk.fill('Address in the mail (URL)', mailed_link(server))
    press(desk, 'Open the link')
    desk.wait_text('This link is no longer valid')
    press(desk, 'Send a new mail')
    desk.wait_text(re.compile('A new mail was sent'))
    desk.fill('Address in the mail (URL)', mailed_link(server))
    press(desk, 'Open the link')
    desk.find('button', 'I agree')


def test_wrong_phone_five_times(at, server):
    desk = at(walking.to_password)
    for _ in range(4):
        walking.fill_password(desk, phone='090-0000-0000')
        press(desk, 'Register')
        desk.wait_text('This is not the phone number that was registered.')
    press(desk, 'Register')
    desk.wait_text('This link is no longer valid')
    press(desk, 'Send a new mail')
    desk.wait_text(re.compile('A new mail was sent'))


def test_used_link_leads_to_signing_in(make_desk, server):
    desk = walking.to_complete(make_desk(), server)
    press(desk, 'To the sign-in page')
    desk.find('entry', 'Password')
    press(desk, 'Back')
    desk.click('row', 'I have a link from a mail')
    desk.fill('Address in the mail (URL)', mailed_link(server))
    press(desk, 'Open the link')
    desk.wait_text('This link is no longer valid')
    press(desk, 'To the sign-in page')
    assert typed(desk, 'User ID (dealer ID)') == 'Taro-Denki'


def test_password_rules(at):
    desk = at(walking.to_password)
    desk.focus(desk.find('entry', 'New password'))
    desk.type('abc')
    desk.focus(desk.find('entry', 'New password again'))
    desk.wait_text('The password must have at least 8 characters.')
    desk.type('abcd')
    desk.focus(desk.find('entry', 'Phone number'))
    desk.wait_text('The two passwords are not the same.')
    press(desk, 'Register')
    desk.wait_text('Please fill in this field.')


# Addresses from outside


def link_of(server, token):
    return f'mimamori:confirm?server={quote(server.url, safe="")}&token={token}'


def test_link_from_outside_asks_first(make_desk, server):
    token = walking.register_over_http(server)
    desk = make_desk(link_of(server, token))
    desk.wait_text(re.compile(re.escape(walking.host(server))))
    press(desk, 'Cancel')
    desk.wait_gone('button', 'Go on')
    assert not desk.has('button', 'I agree')
    desk.run_again(link_of(server, token))
    press(desk, 'Go on')
    desk.find('button', 'I agree')
    press(desk, 'I agree')
    walking.fill_password(desk)
    press(desk, 'Register')
    desk.wait_text('The registration is complete')


def test_link_from_outside_keeps_the_form(at, server):
    desk = at(walking.to_mail)
    # The server is that of the walk: nothing to ask.
    token = mailed_link(server).rpartition('=')[2]
    desk.run_again(link_of(server, token))
    desk.find('button', 'I agree')
    desk.key('Escape')
    desk.wait_text('A mail is on its way')


@pytest.mark.parametrize('address', ['mimamori:', 'mimamori:confirm?token=x', 'mimamori:gateway/..%2F', 'nonsense',
                                     'mimamori:%ff%fe', 'https://example.jp/'])
def test_garbage_from_outside(desk, address):
    desk.run_again(address)
    desk.wait_text(re.compile('not an address that the app knows'))
    assert desk.has('button', 'Sign in')


def test_gateway_from_outside_waits_for_signing_in(desk):
    desk.run_again('mimamori:gateway/GW-1')
    desk.wait_text('The gateway opens as soon as you have signed in.')


def test_pasted_garbage(desk):
    desk.click('row', 'I have a link from a mail')
    for text, sentence in (('', 'Please fill in this field'), ('hello', 'not an address that the app knows'),
                           ('https://example.jp/confirm', 'not an address that the app knows'),
                           ('mimamori:gateway/GW-1', 'belongs to another mail')):
        desk.fill('Address in the mail (URL)', text)
        press(desk, 'Open the link')
        desk.wait_text(re.compile(sentence))
    desk.key('Escape')
    desk.find('button', 'Sign in')
