"""No personal data, token, key or code in what the server says about itself, whatever happens."""

import json
import re

from harness.shop import Person, Shop, complete, customer_form, letters, link, walk

PASSWORDS = ('Abcdef12', 'Canarypw1', 'Wrongpw99')


def words_in(letter):
    return set(re.findall(r'token=([\w-]{43})', letter['text']))


def test_nothing_personal_in_the_log(make_server, smtp):
    """Everything is said to the log, and a mail server refuses an address and repeats it."""
    server = make_server('--smtp', smtp.url, '--smtp-starttls', 'none',
                         environment={'G_MESSAGES_DEBUG': 'all'})
    smtp.refuse('canary-refused@house.example', '550 5.1.1 <canary-refused@house.example> unknown')
    shop = Shop(server)
    secrets = set(PASSWORDS)

    gateway = shop.gateway('GW-CANARY')
    secrets |= {gateway['key'], gateway['activation_code'], gateway['activation_code'].replace('-', '')}
    dealer = shop.dealer('Canary-Ten', name='加奈 利亜', kana='カナ リア', dealer_name='加奈利亜電設',
                         phone='026-987-6543', postal_code='381-0001', address='大字加奈利亜 9-9')
    customer = shop.customer('canary@house.example', gateway)
    refused = Person(server)
    walk(refused, customer_form(shop.gateway(), 'canary-refused@house.example', name='鳥野 声',
                                kana='トリノ コエ', phone='090-9876-5432', municipality='鳥野市',
                                address='声町 7-7', postal_code='381-0002'))
    complete(refused, letters(server, 'canary-refused@house.example')[-1], '0909876543').expect(422)
    link(customer, 'Canary-Ten', '0269999999').expect(422)
    path = link(customer, 'Canary-Ten', '0269876543').expect(303).headers['Location'].removesuffix('/done')
    customer.post('/my/gateways/GW-CANARY/name', name='加奈利亜の家').expect(303)
    customer.post('/forgotten', user_id='canary@house.example').expect(200)
    customer.post('/password', old_password='Wrongpw99', password='Canarypw1', password_again='Canarypw1')
    api = shop.api('Canary-Ten')
    for guess in ({'user_id': 'Canary-Ten', 'password': 'Wrongpw99'}, {'user_id': ['Canary-Ten']}):
        assert server.http.post('/api/v1/sessions', guess).status in (400, 401)
    server.http.get('/confirm', query={'token': 'Canary' + 'x' * 37}).expect(404)
    server.http.post('/ingest/v1', body=b'{', headers={'Authorization': f'Bearer {gateway["key"]}'})
    server.http.post('/ingest/v1', body=b'{}', headers={'Authorization': 'Bearer canary-key'}).expect(401)
    customer.post(path + '/end').expect(303)

    mails = server.cli('mail', 'list')['mails']
    for mail in mails:
        secrets |= words_in(server.cli('mail', 'show', mail['id']))
    for person in (dealer, customer, refused):
        secrets |= set(person.http.cookies.values()) - {'en', 'ja'} | {person.token}
    secrets.add(api.headers['Authorization'].removeprefix('Bearer '))
    assert len(secrets) > 15 and len({mail['letter'] for mail in mails}) > 4
    server.stop()

    said = server.log() + '\n'.join(server.output())
    for personal in ('canary@', 'canary-refused', 'canary-ten', 'Canary-Ten', '加奈', 'カナ', '鳥野', 'トリノ',
                     '9876543', '987-6543', '98765432', '9876-5432', '381-000', '381000', '声町'):
        assert personal not in said, personal
    found = {secret for secret in secrets if secret and secret in said}
    assert not found, json.dumps(sorted(found))
