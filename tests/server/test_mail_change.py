"""A customer's other mail address: it counts once its link was opened, and is what signs in then."""

import re

import pytest
from harness.shop import PASSWORD, Person, letters

NEW = 'new@house.example'


@pytest.fixture
def customer(shop):
    return shop.customer()


def ask(customer, mail=NEW, again=None, password=PASSWORD):
    return customer.post('/my/account/mail', mail=mail, mail_again=again or mail, password=password)


def token_to(shop, mail=NEW):
    text = letters(shop.server, mail, 'mail-change')[-1]['text']
    return re.search(r'/mail-change\?token=([\w-]{43})', text)[1]


def confirm(shop, token):
    person = Person(shop.server)
    person.get(f'/mail-change?token={token}')
    return person.post('/mail-change', token=token)


def sign_in(shop, mail, status):
    shop.server.http.post('/api/v1/sessions', {'user_id': mail, 'password': PASSWORD}).expect(status)


def test_changes_by_the_link(shop, customer):
    customer.get('/my/account/mail').expect(200)
    assert 'on its way to the new address' in ask(customer).expect(200).text
    token = token_to(shop)
    for _ in range(2):  # looking consumes nothing
        assert NEW in customer.get(f'/mail-change?token={token}').expect(200).text
    sign_in(shop, NEW, 401)
    confirm(shop, token).expect(200)
    sign_in(shop, NEW, 201)
    sign_in(shop, 'hanako@house.example', 401)
    assert NEW in customer.get('/my/account').expect(200).text
    for address in NEW, 'hanako@house.example':
        assert len(letters(shop.server, address, 'account-changed')) == 1
    assert confirm(shop, token).status == 410


def test_refused(shop, customer):
    assert ask(customer, 'nobody').status == 422
    assert ask(customer, NEW, 'other@house.example').status == 422
    assert 'not your present password' in ask(customer, password='Wrong123').text
    assert not letters(shop.server, NEW)
    assert confirm(shop, 'x' * 43).status == 404


def test_links_end(shop, customer):
    ask(customer).expect(200)
    first = token_to(shop)
    ask(customer, 'newer@house.example').expect(200)
    assert confirm(shop, first).status == 410
    second = token_to(shop, 'newer@house.example')
    shop.server.advance(86401)
    assert confirm(shop, second).status == 410
    sign_in(shop, 'hanako@house.example', 201)


def test_an_address_that_somebody_has(shop, customer):
    shop.customer('jiro@house.example', gateway=shop.gateway())
    ask(customer, 'jiro@house.example').expect(200)
    assert confirm(shop, token_to(shop, 'jiro@house.example')).status == 409
    sign_in(shop, 'hanako@house.example', 201)
    sign_in(shop, 'jiro@house.example', 201)
