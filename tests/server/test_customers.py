"""Customers and links over HTTP: register, link, change, revoke; what strangers must not learn."""

import html
import re
import sqlite3
import uuid

from harness.shop import CUSTOMER, PASSWORD, Person, complete, customer_form, letters, link, walk
from harness.wait import wait_for

WRONG_PAIR = 'No dealer has this ID together with this phone number.'
WRONG_LABEL = 'The gateway ID and the activation code do not belong together'


def visible(answer):
    """The page without what differs by chance: tokens, and what the person entered."""
    return re.sub(r'value="[^"]*"', '', answer.text)


def test_registers_with_the_label(shop):
    gateway = shop.gateway('GW-7')
    customer = shop.customer(gateway=gateway)
    page = customer.get('/my').expect(200)
    assert 'GW-7' in page.text and 'Not connected yet' in page.text
    assert '長野県長野市' in customer.get('/my/gateways/GW-7').expect(200).text
    listed = shop.server.cli('gateway', 'list')['gateways'][0]
    assert (listed['prefecture'], listed['municipality'], listed['has_owner']) == ('長野県', '長野市', True)


def test_the_link_on_a_label_fills_in_what_stands_there(shop):
    page = Person(shop.server).get('/register/customer?gateway_id=GW-7&activation_code=AB%22C').expect(200)
    assert 'name="gateway_id" value="GW-7"' in page.text
    assert 'name="activation_code" value="AB&quot;C"' in page.text or 'value="AB&#34;C"' in page.text


def test_wrong_labels_look_alike(shop):
    mine, used = shop.gateway(), shop.gateway()
    shop.customer(gateway=used)
    pages = set()
    for gateway in ({**mine, 'activation_code': '0000-0000-0000-0000'}, used,
                    {**mine, 'id': 'GW-NONE'}):
        for go in ('confirm', 'register'):
            answer = walk(Person(shop.server), customer_form(gateway, 'x@house.example'), go)
            assert answer.status == 422 and WRONG_LABEL in answer.text
            pages.add(visible(answer))
    assert len(pages) == 1
    assert not letters(shop.server, 'x@house.example')


def test_labels_are_not_guessed(shop):
    gateway = shop.gateway()
    form = customer_form({**gateway, 'activation_code': '0000-0000-0000-0000'}, 'x@house.example')
    statuses = [walk(Person(shop.server), form, 'confirm').status for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    right = customer_form(gateway, 'x@house.example')
    assert walk(Person(shop.server), right, 'confirm').status == 429


def test_a_known_address_is_told_by_mail_only(shop):
    shop.customer('hanako@house.example')
    new, known = Person(shop.server), Person(shop.server)
    answers = []
    for person, mail in ((new, 'new@house.example'), (known, 'hanako@house.example')):
        answer = walk(person, customer_form(shop.gateway(), mail)).expect(303)
        sent = person.get(answer.headers['Location']).expect(200)
        again = person.post('/register/sent', go='resend').expect(303)
        answers.append((answer.headers['Location'], again.headers['Location'],
                        visible(sent).replace(mail, 'MAIL')))
    assert answers[0] == answers[1]
    assert len(letters(shop.server, 'hanako@house.example', 'already-registered')) == 2
    assert len(letters(shop.server, 'hanako@house.example', 'provisional-customer')) == 1
    assert len(letters(shop.server, 'new@house.example', 'provisional-customer')) == 2


def test_the_first_to_complete_owns_the_gateway(shop):
    gateway = shop.gateway()
    people = []
    for mail in ('first@house.example', 'second@house.example'):
        person = Person(shop.server)
        walk(person, customer_form(gateway, mail)).expect(303)
        people.append((person, letters(shop.server, mail)[0]))
    complete(*people[0], CUSTOMER['phone']).expect(303)
    late = complete(*people[1], CUSTOMER['phone'])
    assert late.status == 410
    second = Person(shop.server)
    second.get('/sign-in')
    assert second.post('/sign-in', user_id='second@house.example', password=PASSWORD).status != 303


def test_link_works_at_once_and_both_are_told(shop):
    dealer, customer = shop.dealer(), shop.customer()
    confirm = link(customer, execute=False).expect(200)
    assert '御室電設' in confirm.text
    assert shop.api().get('/api/v1/links').expect(200).json() == {'links': []}
    link(customer).expect(303)

    links = shop.api().get('/api/v1/links').json()['links']
    assert [(one['gateway']['id'], one['customer']['name'], one['grants'], one['until'])
            for one in links] == [(customer.gateway['id'], CUSTOMER['name'],
                                   ['see', 'told', 'settings'], None)]
    assert len(letters(shop.server, 'omuro-ten@dealer.example', 'linked-dealer')) == 1
    assert len(letters(shop.server, 'hanako@house.example', 'linked-customer')) == 1
    assert customer.gateway['id'] in dealer.get('/links').expect(200).text
    assert '御室電設' in customer.get('/my').text
    assert link(customer).expect(409)


def test_wrong_pairs_look_alike(shop):
    shop.dealer()
    customer = shop.customer()
    pages = set()
    for user_id, phone in (('Omuro-Ten', '0261234568'), ('omuro-ten', '0261234567'),
                           ('Nobody', '0261234567'), ('not an ID', 'no phone')):
        for execute in (False, True):
            answer = link(customer, user_id, phone, execute=execute)
            assert answer.status == 422 and WRONG_PAIR in answer.text
            pages.add(visible(answer))
    assert len(pages) == 1


def test_pairs_are_not_guessed(shop):
    shop.dealer()
    customer = shop.customer()
    statuses = [link(customer, phone=f'02600000{n:02}', execute=False).status for n in range(21)]
    assert statuses == [422] * 20 + [429]
    assert link(customer).status == 429


def test_revoking_is_effective_at_once(shop):
    shop.dealer()
    customer = shop.customer()
    where = link(customer).expect(303).headers['Location']
    path = where.removesuffix('/done')
    api = shop.api()
    assert len(api.get('/api/v1/links').json()['links']) == 1
    customer.get(where).expect(200)
    customer.post(path + '/end').expect(303)
    assert api.get('/api/v1/links').json() == {'links': []}
    assert len(letters(shop.server, 'omuro-ten@dealer.example', 'link-ended')) == 1
    assert len(letters(shop.server, 'hanako@house.example', 'link-ended')) == 1
    customer.post(path + '/end').expect(404)


def test_waiting_mails_of_faults_end_with_the_link(shop):
    # Without a mail server everything waits.
    shop.dealer()
    gateway = shop.gateway('GW-1')
    owner = shop.customer(gateway=gateway)
    link(owner).expect(303)
    event = {'device': 'pcs1', 'code': 'E9-9', 'state': 'raised'}
    shop.server.http.post('/ingest/v1', {'events': [event]},
                          headers={'Authorization': f'Token {gateway["key"]}'}).expect(200)

    def states():
        return [mail['state'] for mail in shop.server.cli('mail', 'list')['mails']
                if mail['letter'] == 'fault-raised']

    assert states() == ['waiting']
    page = owner.get('/my/gateways/GW-1').expect(200).text
    owner.post(re.search(r'action="(/my/links/[^"]+/end)"', page)[1]).expect(303)
    assert states() == ['dropped']


def test_changing_what_is_allowed(shop):
    shop.dealer()
    customer = shop.customer()
    path = link(customer, history='1').expect(303).headers['Location'].removesuffix('/done')
    assert shop.api().get('/api/v1/links').json()['links'][0]['grants'][-1] == 'history'
    customer.post(path, told='1', until='2099-03-31').expect(303)
    changed = shop.api().get('/api/v1/links').json()['links'][0]
    assert changed['grants'] == ['see', 'told']
    assert changed['until'].startswith('2099-03-31') or changed['until'].startswith('2099-04-01')
    assert len(letters(shop.server, 'omuro-ten@dealer.example', 'link-changed')) == 1
    assert customer.post(path).status == 422
    assert customer.post(path, see='1', until='2001-01-01').status == 422
    assert 'value="2099-03-31"' in customer.get(path).text


def test_the_dealer_declines(shop):
    dealer, customer = shop.dealer(), shop.customer()
    link(customer).expect(303)
    api = shop.api()
    public_id = api.get('/api/v1/links').json()['links'][0]['id']
    api.post(f'/api/v1/links/{public_id}/decline').expect(204)
    api.post(f'/api/v1/links/{public_id}/decline').expect(404)
    assert 'declined' in customer.get(f'/my/gateways/{customer.gateway["id"]}/log').text
    link(customer).expect(303)
    public_id = api.get('/api/v1/links').json()['links'][0]['id']
    dealer.get('/links')
    dealer.post(f'/links/{public_id}/decline').expect(303)
    assert api.get('/api/v1/links').json() == {'links': []}
    assert len(letters(shop.server, 'hanako@house.example', 'link-ended')) == 2


def test_a_link_ends_by_time(shop):
    """The last day is over when the site's day is: the row is put back by hand, as nobody waits."""
    shop.dealer()
    customer = shop.customer()
    link(customer, until='2099-01-01').expect(303)
    shop.server.stop()
    with sqlite3.connect(shop.server.data_dir / 'mimamori.db') as db:
        db.execute('UPDATE link SET until = since + 1')
    db.close()
    shop.server.start()
    assert shop.api().get('/api/v1/links').json() == {'links': []}
    wait_for(lambda: letters(shop.server, 'hanako@house.example', 'link-ended'), 20, 'the letter')


def test_foreign_and_missing_look_alike(shop):
    shop.dealer()
    owner, other = shop.customer(), shop.customer('other@house.example')
    path = link(owner).expect(303).headers['Location'].removesuffix('/done')
    mine, missing = owner.gateway['id'], 'GW-' + uuid.uuid4().hex[:6]
    pairs = [(f'/my/gateways/{mine}', f'/my/gateways/{missing}'),
             (f'/my/gateways/{mine}/log', f'/my/gateways/{missing}/log'),
             (f'/my/gateways/{mine}/link', f'/my/gateways/{missing}/link'),
             (path, '/my/links/' + 'x' * 22), (path + '/done', '/my/links/' + 'x' * 22 + '/done')]
    for foreign, nowhere in pairs:
        one, two = other.get(foreign), other.get(nowhere)
        assert (one.status, two.status) == (404, 404)
        assert visible(one).replace(foreign, '') == visible(two).replace(nowhere, '')
    for foreign, nowhere in ((f'/my/gateways/{mine}/name', f'/my/gateways/{missing}/name'),
                             (path, '/my/links/' + 'x' * 22), (path + '/end', '/my/links/xx/end')):
        assert other.post(foreign, name='mine', see='1').status == 404
        assert other.post(nowhere, name='mine', see='1').status == 404
    other_dealer = shop.dealer('Another-One', phone='0269999999')
    public_id = path.rsplit('/', 1)[1]
    other_dealer.get('/links')
    assert other_dealer.post(f'/links/{public_id}/decline').status == 404
    assert shop.api('Another-One').get('/api/v1/links').json() == {'links': []}


def test_pages_are_for_whom_they_are(shop):
    dealer, customer = shop.dealer(), shop.customer()
    anyone = Person(shop.server)
    assert anyone.get('/my').expect(303).headers['Location'].startswith('/sign-in')
    assert dealer.get('/my').status == 403
    assert customer.get('/links').status == 403
    assert shop.server.http.get('/api/v1/links').status == 401
    gateway = customer.gateway['id']
    forged = customer.http.post(f'/my/gateways/{gateway}/name', form={'name': 'x', 'form_token': 'y' * 43})
    assert forged.status == 403


def test_a_gateway_changes_hands(shop):
    shop.dealer()
    seller, buyer = shop.customer(), shop.customer('buyer@house.example')
    link(seller).expect(303)
    gateway = seller.gateway['id']
    seller.post(f'/my/gateways/{gateway}/name', name='My old house').expect(303)
    label = shop.server.cli('gateway', 'new-code', gateway)
    buyer.get('/my/add')
    added = buyer.post('/my/add', gateway_id=gateway.lower(), activation_code=label['activation_code'])
    assert added.expect(303).headers['Location'] == f'/my/gateways/{gateway}?note=added'
    assert shop.api().get('/api/v1/links').json() == {'links': []}
    assert seller.get(f'/my/gateways/{gateway}').status == 404
    page = buyer.get(f'/my/gateways/{gateway}').expect(200)
    assert 'My old house' not in page.text and '御室電設' not in page.text
    log = html.unescape(buyer.get(f'/my/gateways/{gateway}/log').text)
    assert 'You gave access' not in log
    assert len(letters(shop.server, 'omuro-ten@dealer.example', 'link-ended')) == 1


def test_the_log_says_who_did_what(shop):
    shop.dealer()
    customer = shop.customer()
    path = link(customer).expect(303).headers['Location'].removesuffix('/done')
    customer.post(path, see='1').expect(303)
    customer.post(path + '/end').expect(303)
    text = html.unescape(customer.get(f'/my/gateways/{customer.gateway["id"]}/log').expect(200).text)
    order = ['The access ended: you ended it', 'You changed what is allowed', 'You gave access']
    places = [text.index(words) for words in order]
    assert places == sorted(places) and text.count('御室電設') >= 3


def test_the_own_account_is_changed(shop):
    customer = shop.customer()
    page = customer.get('/my/account').expect(200)
    assert CUSTOMER['name'] in page.text and 'hanako@house.example' in page.text
    fields = {k: v for k, v in CUSTOMER.items()}
    customer.get('/my/account/edit').expect(200)
    assert customer.post('/my/account/edit', **{**fields, 'kana': 'hanako', 'phone': 'x'}).status == 422
    customer.post('/my/account/edit', **{**fields, 'phone': '090 1111 2222'}).expect(303)
    assert not letters(shop.server, 'hanako@house.example', 'account-changed')
    customer.post('/my/account/edit', **{**fields, 'name': '見守 はな'}).expect(303)
    changed = letters(shop.server, 'hanako@house.example', 'account-changed')
    assert len(changed) == 1 and CUSTOMER['address'] not in changed[0]['text']
    assert '見守 はな' in customer.get('/my/account').text
    assert customer.get('/password').status == customer.get('/sessions').status == 200
