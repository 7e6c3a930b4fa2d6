"""Walks through a dealer's registration in the app's window, page by page; words are given in English
and looked for in the language of the app."""

import re

from harness.shop import DEALER, PASSWORD, letters, link_of
from harness.wait import wait_for

MAIL = 'taro@dealer.example'
FORM = {
    'Name': DEALER['name'], 'Name in katakana': DEALER['kana'], 'Mail address': MAIL,
    'Mail address again': MAIL, 'Dealer name': DEALER['dealer_name'], 'Phone number': DEALER['phone'],
    'Postal code': DEALER['postal_code'], 'Address': DEALER['address'], 'User ID (dealer ID)': 'Taro-Denki',
}


def press(desk, name):
    return desk.click('button', desk.word(name))


def to_server(desk):
    press(desk, 'Register as a dealer')
    desk.find('entry', desk.word('Address of the server'))
    return desk


def to_terms(desk, server):
    to_server(desk)
    desk.fill(desk.word('Address of the server'), server.url)
    press(desk, 'Next')
    desk.find('button', desk.word('I agree'))
    return desk


def to_form(desk, server):
    to_terms(desk, server)
    press(desk, 'I agree')
    desk.find('entry', desk.word('Name'))
    return desk


def fill_form(desk, **other):
    for label, text in {**FORM, **other}.items():
        desk.fill(desk.word(label), text)


def choose(desk, name, wanted, number):
    """Chooses from a list by keyboard. Newer versions of GTK begin in the entry that searches the list; in
    older ones the arrow key goes down to this number."""
    choice = desk.find('combo box', desk.word(name))
    button = desk.focus(desk.find('button', inside=choice))
    desk.key('space')
    focus = desk._wait(lambda: (now := desk.focused()) != button and now, 10, f'the list of {name}')
    if focus.role == 'entry':
        desk.type(wanted)
        desk._wait(lambda: [row.label for row in choice.find_all('row')] == [wanted], 10, wanted)
        desk.key('Down', 'Return')
    else:
        desk.key(*['Down'] * number, 'Return')


def choose_prefecture(desk):
    wanted = {'en': 'Nagano', 'ja': '長野県'}[desk.environment['LANGUAGE']]
    choose(desk, 'Prefecture', wanted, 20)
    desk._wait(lambda: wanted in desk.texts(desk.find('combo box', desk.word('Prefecture'))), 10, wanted)


def to_confirm(desk, server, **other):
    to_form(desk, server)
    fill_form(desk, **other)
    choose_prefecture(desk)
    press(desk, 'Next')
    desk.wait_text(desk.word('Please look over what you entered'))
    return desk


def to_mail(desk, server, **other):
    to_confirm(desk, server, **other)
    press(desk, 'Register')
    desk.wait_text(desk.word('A mail is on its way'))
    return desk


def mailed_link(server, recipient=MAIL, number=-1):
    """The whole address in the mail that really waits in the outbox; the newest unless told."""
    mails = wait_for(lambda: letters(server, recipient, 'provisional-dealer'), 10, 'the mail')
    return link_of(mails[number])[0]


def to_agree(desk, server, **other):
    to_mail(desk, server, **other)
    desk.fill(desk.word('Address in the mail (URL)'), mailed_link(server))
    press(desk, 'Open the link')
    desk.find('button', desk.word('I agree'))
    return desk


def to_password(desk, server, **other):
    to_agree(desk, server, **other)
    press(desk, 'I agree')
    desk.find('entry', desk.word('New password'))
    return desk


def fill_password(desk, password=PASSWORD, again=PASSWORD, phone='(026) 123 4567'):
    desk.fill(desk.word('New password'), password)
    desk.fill(desk.word('New password again'), again)
    desk.fill(desk.word('Phone number'), phone)


def to_complete(desk, server, **other):
    to_password(desk, server, **other)
    fill_password(desk)
    press(desk, 'Register')
    desk.wait_text(desk.word('The registration is complete'))
    return desk


def typed(desk, label):
    return desk.find('entry', desk.word(label)).text


def host(server):
    return re.sub(r'^https?://', '', server.url)


def register_over_http(server):
    """Somebody registers in a browser; returns the token of the link in the mail."""
    terms = server.http.get('/api/v1/terms?audience=dealer').expect(200).json()['version']
    body = {**DEALER, 'mail': MAIL, 'mail_again': MAIL, 'user_id': 'Taro-Denki', 'terms': terms, 'language': 'en'}
    server.http.post('/api/v1/registrations', body).expect(201)
    return mailed_link(server).rpartition('=')[2]
