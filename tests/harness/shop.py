"""A shop to test in: a server with dealers, customers and their gateways, made over its pages."""

import re

PASSWORD = 'Abcdef12'
DEALER = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'dealer_name': '御室電設', 'phone': '026-123-4567',
    'postal_code': '380-0838', 'prefecture': '長野県', 'address': '長野市大字南長野 1-1',
}
CUSTOMER = {
    'name': '見守 花子', 'kana': 'ミマモリ ハナコ', 'phone': '090-1111-2222', 'postal_code': '380-0921',
    'prefecture': '長野県', 'municipality': '長野市', 'address': '大字栗田 2-2',
}


class Person:
    """Somebody with a browser that keeps cookies, without scripts; English."""

    def __init__(self, server):
        self.http = server.http.with_headers(Accept_Language='en')
        self.token = None

    def get(self, path, **more):
        """A page; keeps the form's token that it carries."""
        answer = self.http.get(path, **more)
        found = re.search(r'name="form_token" value="([\w-]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path, **fields):
        if self.token is None:
            self.get('/register/customer')
        return self.http.post(path, form={'form_token': self.token, **fields})

    def sign_in(self, name, password=PASSWORD):
        self.get('/sign-in').expect(200)
        self.post('/sign-in', user_id=name, password=password).expect(303)
        return self


def letters(server, recipient, letter=None):
    found = [m for m in server.cli('mail', 'list')['mails'] if m['to'] == recipient]
    shown = [server.cli('mail', 'show', m['id']) for m in reversed(found)]
    return [m for m in shown if letter is None or m['letter'] == letter]


def link_of(mail):
    return re.search(r'http://[^\s/]+(/confirm\?token=([\w-]+))', mail['text'])


def agree_form(person, walk):
    page = person.get(f'/register/{walk}').expect(200)
    return re.search(r'name="terms" value="(\d+)"', page.text)[1]


def complete(person, mail, phone):
    """Follows the mailed link to its end; returns the last answer."""
    path, token = link_of(mail).groups()
    page = person.get(path).expect(200)
    terms = re.search(r'name="terms" value="(\d+)"', page.text)[1]
    return person.post('/confirm', token=token, terms=terms, go='complete', at='password',
                       password=PASSWORD, password_again=PASSWORD, phone=phone)


def customer_form(gateway, mail, **other):
    return {**CUSTOMER, 'gateway_id': gateway['id'], 'activation_code': gateway['activation_code'],
            'mail': mail, 'mail_again': mail, **other}


def walk(person, form, go='register'):
    return person.post('/register/customer', go=go, at='confirm', terms=agree_form(person, 'customer'),
                       **form)


class Shop:
    """A server with a dealer, a customer, and a gateway for each whim."""

    def __init__(self, server):
        self.server = server

    def gateway(self, name=None, *options):
        return self.server.cli('gateway', 'add', *([name] if name else []), *options)

    def dealer(self, user_id='Omuro-Ten', **other):
        person = Person(self.server)
        mail = f'{user_id.lower()}@dealer.example'
        form = {**DEALER, 'user_id': user_id, 'mail': mail, 'mail_again': mail, **other}
        person.post('/register/dealer', go='register', at='confirm',
                    terms=agree_form(person, 'dealer'), **form).expect(303)
        complete(person, letters(self.server, mail, 'provisional-dealer')[0], form['phone']).expect(303)
        return person.sign_in(user_id)

    def customer(self, mail='hanako@house.example', gateway=None):
        person = Person(self.server)
        person.gateway = gateway or self.gateway()
        walk(person, customer_form(person.gateway, mail)).expect(303)
        complete(person, letters(self.server, mail, 'provisional-customer')[-1],
                 CUSTOMER['phone']).expect(303)
        return person.sign_in(mail)

    def api(self, user_id='Omuro-Ten'):
        """The dealer's app."""
        session = self.server.http.post('/api/v1/sessions', {
            'user_id': user_id, 'password': PASSWORD, 'agent': 'test'})
        assert session.status in (200, 201), session
        return self.server.http.with_headers(Authorization='Bearer ' + session.json()['session'])


def link(customer, user_id='Omuro-Ten', phone='0261234567', gateway=None, execute=True, **other):
    fields = {'user_id': user_id, 'phone': phone, 'see': '1', 'told': '1', 'settings': '1', **other}
    gateway = gateway or customer.gateway['id']
    return customer.post(f'/my/gateways/{gateway}/link{"/execute" if execute else ""}', **fields)
