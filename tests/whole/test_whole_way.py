"""Real input, the whole way: two people register in a browser with the mails they got, link two
gateways, a recording of a real house comes in by two roads, and the dealer sees it, is told of a
fault within a second and of its end."""

import datetime
import json
import re
import shutil
import subprocess
import threading
import time
import zoneinfo

import pytest

from harness import fronius
from harness.wait import patient, wait_for

DEALER = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'mail': 'taro@hanbai.example.jp',
    'mail_again': 'taro@hanbai.example.jp', 'dealer_name': '株式会社みまもり電気',
    'phone': '026-123-4567', 'postal_code': '380-0001', 'prefecture': '長野県',
    'address': '長野市中央1-2-3', 'user_id': 'hanbai_ten',
}
DEALER_PASSWORD = 'Mimamori2026'
CUSTOMER = {
    'name': '佐藤 花子', 'kana': 'サトウ ハナコ', 'mail': 'hanako@kyaku.example.jp',
    'mail_again': 'hanako@kyaku.example.jp', 'phone': '090-1111-2222', 'postal_code': '380-0801',
    'prefecture': '長野県', 'municipality': '長野市', 'address': '箱清水1-1',
}
CUSTOMER_PASSWORD = 'Taiyoukou99'
CONTACTS = ['hoshu1@hanbai.example.jp', 'hoshu2@hanbai.example.jp', 'hoshu3@hanbai.example.jp']


class Live:
    """A reader of the live feed, as the desktop app is one."""

    def __init__(self, http, session):
        self.events = []
        connection = http.connection()
        connection.request('GET', '/api/v1/live', headers={'Authorization': f'Bearer {session}',
                                                           'Accept': 'text/event-stream'})
        self.response = connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self.connection = connection
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        name, data = 'message', []
        try:
            for line in self.response:
                line = line.decode('utf-8').rstrip('\n')
                if line.startswith('event: '):
                    name = line[7:]
                elif line.startswith('data: '):
                    data.append(line[6:])
                elif not line and data:
                    self.events.append((time.monotonic(), name, json.loads('\n'.join(data))))
                    name, data = 'message', []
        except (OSError, ValueError, AttributeError):
            pass

    def find(self, name, condition):
        return next(((when, data) for when, kind, data in list(self.events)
                     if kind == name and condition(data)), None)

    def close(self):
        self.connection.sock.shutdown(2)
        self.thread.join(10)
        self.connection.close()


def link_in(mail):
    """The address to open in a mail's plain text."""
    return re.search(r'https?://\S+/confirm\?token=[\w-]+', mail.text).group(0)


def register_dealer(browser, server, smtp):
    browser.open(server.url)
    assert 'not for private persons' in browser.text
    browser.click(browser.find('a[href="/register/dealer"]'))
    browser.press('I agree')
    browser.fill(**{**DEALER, 'mail_again': 'taro@hanbai.example.com'}).press('Next')
    assert 'mail' in browser.text.lower() and browser.find('[name=user_id]')
    browser.fill(mail_again=DEALER['mail_again']).press('Next')
    assert DEALER['dealer_name'] in browser.text
    browser.press('Register')
    assert DEALER['mail'] in browser.text
    mail = smtp.wait_for_mail(lambda mail: mail.recipients == [DEALER['mail']])
    assert DEALER['name'] in mail.text
    browser.open(link_in(mail)).press('I agree')
    browser.fill(password=DEALER_PASSWORD, password_again=DEALER_PASSWORD, phone='0261234567')
    browser.press('Register')
    browser.press('To the sign-in page')
    browser.fill(user_id=DEALER['user_id'], password=DEALER_PASSWORD).press('Sign in')
    assert browser.url.endswith('/menu')


def add_contacts(browser, smtp):
    browser.click(browser.find('a[href="/account"]'))
    browser.click(browser.find('a[href="/account/edit"]'))
    browser.fill(**{f'contacts[{i}]': address for i, address in enumerate(CONTACTS)})
    browser.press('Next')
    assert all(address in browser.text for address in CONTACTS)
    browser.press('Execute the edit')
    notice = smtp.wait_for_mail(lambda mail: mail.recipients == [DEALER['mail']]
                                and 'ccount' in mail.subject)
    assert notice
    for address in CONTACTS:
        assert smtp.wait_for_mail(lambda mail, to=address: mail.recipients == [to])


def register_customer(browser, server, smtp, gateways):
    first, second = gateways
    browser.open(server.url)
    browser.click(browser.find('a[href="/register/customer"]'))
    browser.press('I agree')
    browser.fill(gateway_id=first['id'], activation_code=first['activation_code'], **CUSTOMER)
    browser.press('Next')
    browser.press('Register')
    mail = smtp.wait_for_mail(lambda mail: mail.recipients == [CUSTOMER['mail']])
    browser.open(link_in(mail)).press('I agree')
    browser.fill(password=CUSTOMER_PASSWORD, password_again=CUSTOMER_PASSWORD, phone='09011112222')
    browser.press('Register')
    browser.press('To the sign-in page')
    browser.fill(user_id=CUSTOMER['mail'], password=CUSTOMER_PASSWORD).press('Sign in')
    browser.click(browser.find('a[href="/my/add"]'))
    browser.fill(gateway_id=second['id'], activation_code=second['activation_code']).press('Add')


def link(browser, server, gateway):
    browser.open(f'{server.url}/my/gateways/{gateway["id"]}/link')
    ticks = {element.get_attribute('name'): element.is_selected()
             for element in browser.all('input[type=checkbox]')}
    assert ticks == {'see': True, 'told': True, 'settings': True, 'history': False}
    browser.fill(user_id=DEALER['user_id'], phone='０２６－１２３－４５６７', history=True)
    browser.press('Next: confirm')
    assert DEALER['dealer_name'] in browser.text
    browser.press('Give access')
    assert DEALER['dealer_name'] in browser.text


def influx_import(server, folder, gateway):
    path = fronius.import_file(folder / 'import.txt')
    done = subprocess.run(
        ['influx', '-import', f'-path={path}', '-precision=u', '-host', '127.0.0.1',
         '-port', str(server.port), '-username', gateway['id'], '-password', gateway['key']],
        env=server.environment, capture_output=True, text=True, timeout=300, check=True)
    assert re.search(r'Failed 0 inserts', done.stdout + done.stderr), done.stdout + done.stderr


def history(http, gateway, start, end, resolution):
    answer = http.get(f'/api/v1/gateways/{gateway["id"]}/history',
                      query={'from': start, 'to': end, 'resolution': resolution}).expect(200).json()
    return answer


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def check_whole_history(http, gateway):
    """Every point of the recording, once, and nothing else."""
    expected = {}
    for point in fronius.points():
        expected.setdefault((point.device, point.quantity), []).append((point.time, point.value))
    answer = history(http, gateway, '2016-10-05T00:00:00Z', '2016-10-10T00:00:00Z', 'raw')
    stored = {(series['device'], series['quantity']): [(round(seconds(point[0]) * 1e6), point[1])
                                                       for point in series['points']]
              for series in answer['series']}
    assert stored.keys() == expected.keys()
    for series, points in expected.items():
        assert stored[series] == sorted(points), series


def day_bounds(day):
    start = datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(fronius.ZONE))
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(),
                                    zoneinfo.ZoneInfo(fronius.ZONE))
    return start.timestamp(), end.timestamp()


def check_day(http, gateway, day):
    """The API's day equals the file: its points, and its energies as the file's own counters."""
    start, end = day_bounds(day)
    answer = history(http, gateway, f'{day}T00:00:00+02:00', f'{day}T23:59:59+02:00', 'day')
    spans = {series['quantity']: series['spans'] for series in answer['series']}
    for quantity in ('pv_energy_total', 'grid_import_energy_total', 'grid_export_energy_total'):
        points = [(point.time / 1e6, point.value) for point in fronius.points()
                  if point.quantity == quantity]
        points.sort()
        before = [value for moment, value in points if moment <= start][-1]
        last = [value for moment, value in points if moment <= end][-1]
        assert len(spans[quantity]) == 1, quantity
        assert spans[quantity][0]['energy'] == pytest.approx(last - before, abs=1e-6), quantity
    for quantity in ('pv_power', 'soc', 'load_power'):
        values = [point.value for point in fronius.points()
                  if point.quantity == quantity and start <= point.time / 1e6 < end]
        span = spans[quantity][0]
        assert span['count'] == len(values)
        assert (span['min'], span['max']) == (min(values), max(values))
        assert span['mean'] == pytest.approx(sum(values) / len(values), rel=1e-9)


def push(server, gateway, state):
    """One fault event of now, as a gateway sends it."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')
    event = {'t': now, 'device': 'pcs1', 'code': '102', 'state': state}
    client = server.http.with_headers(Authorization=f'Token {gateway["key"]}')
    answer = client.post('/ingest/v1', {'events': [event]}).expect(200).json()
    assert answer['refused'] == []


def test_whole_way(make_server, smtp, make_browser, folder):
    if not shutil.which('influx'):
        pytest.skip('influx is not there (package influxdb-client)')
    fronius.recording()
    server = make_server('--smtp', smtp.url, '--mail-from', 'no-reply@mimamori.example.jp')
    gateways = [server.cli('gateway', 'add', name, '--timezone', fronius.ZONE)
                for name in ('GW-0A31', 'GW-0A32')]

    dealer = make_browser()
    register_dealer(dealer, server, smtp)
    add_contacts(dealer, smtp)
    customer = make_browser(width=360)
    register_customer(customer, server, smtp, gateways)
    for gateway in gateways:
        link(customer, server, gateway)
    assert smtp.wait_for_mail(lambda mail: mail.recipients == [DEALER['mail']]
                              and 'GW-0A32' in mail.text)

    totals = fronius.replay(server, folder, gateways[0])
    influx_import(server, folder, gateways[1])
    count = len(fronius.points())
    assert (totals['stored'], totals['duplicates'], totals['refused']) == (count, 0, 0)
    check = server.cli('check')
    assert check['ok'] and check['values'] == 2 * count and check['quarantined'] == 0

    session = server.http.post('/api/v1/sessions', {
        'user_id': DEALER['user_id'], 'password': DEALER_PASSWORD}).expect(201).json()['session']
    desk = server.http.with_headers(Authorization=f'Bearer {session}')
    listed = desk.get('/api/v1/gateways').expect(200).json()
    assert sorted(row['id'] for row in listed['gateways']) == ['GW-0A31', 'GW-0A32']
    for gateway in gateways:
        check_whole_history(desk, gateway)
        check_day(desk, gateway, datetime.date(2016, 10, 7))

    live = Live(server.http, session)
    wait_for(lambda: live.find('hello', lambda data: True), what='the greeting of the live feed')
    sent = time.monotonic()
    push(server, gateways[0], 'raised')
    raised, alert = wait_for(lambda: live.find('alert', lambda data: data['state'] == 'open'))
    assert raised - sent < patient(1), 'the alert was on the feed too late'
    assert alert['gateway'] == 'GW-0A31' and alert['code'] == '102'
    for address in CONTACTS:
        mail = smtp.wait_for_mail(lambda mail, to=address: mail.recipients == [to]
                                  and 'GW-0A31' in mail.subject)
        assert mail.received - sent < patient(1), 'the fault mail was too late'
    row = live.find('gateway', lambda data: data['id'] == 'GW-0A31' and data['status'] != 'normal')
    assert row, 'the status did not change on the feed'

    push(server, gateways[0], 'cleared')
    wait_for(lambda: live.find('alert', lambda data: data['state'] == 'recovered'))
    for address in CONTACTS:
        assert smtp.wait_for_mail(lambda mail, to=address: mail.recipients == [to]
                                  and 'GW-0A31' in mail.subject and 'ecover' in mail.subject)
    live.close()
    letters = [letter for letter in server.cli('mail', 'list')['mails']
               if letter['letter'].startswith('fault-')]
    assert len(letters) == 2 * len(CONTACTS)
    assert all(letter['state'] == 'accepted' for letter in letters)
