"""The desk's API: the fleet list, one gateway, history, events, alerts, the customer."""

import datetime

import pytest
from harness.shop import CUSTOMER, link

START = datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)


def stamp(time):
    return time.isoformat().replace('+00:00', 'Z')


def now(**ago):
    return stamp(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago))


def push(shop, gateway, **body):
    return shop.server.http.post('/ingest/v1', body, headers={
        'Authorization': f'Token {gateway["key"]}'}).expect(200).json()


def values(shop, gateway, **quantities):
    return push(shop, gateway, readings=[{'t': now(), 'device': 'pcs1', 'v': quantities}])


def fault(shop, gateway, code, state='raised', **ago):
    return push(shop, gateway, events=[{'t': now(**ago), 'device': 'pcs1', 'code': code, 'state': state}])


@pytest.fixture
def desk(shop):
    """A dealer with three gateways of one customer: GW-1 and GW-2 linked, GW-3 not."""
    shop.dealer()
    customer = shop.customer(gateway=shop.gateway('GW-1'))
    shop.own = {'GW-1': customer.gateway}
    for name in ('GW-2', 'GW-3'):
        shop.own[name] = shop.gateway(name)
        customer.post('/my/add', gateway_id=name, activation_code=shop.own[name]['activation_code']).expect(303)
    link(customer).expect(303)
    link(customer, gateway='GW-2', history='1').expect(303)
    shop.person = customer
    shop.app = shop.api()
    return shop


def ids(answer):
    return [row['id'] for row in answer['gateways']]


def fleet(desk, **query):
    return desk.app.get('/api/v1/gateways', query=query).expect(200).json()


def test_list_shows_linked_gateways_only(desk):
    listed = fleet(desk)
    assert ids(listed) == ['GW-1', 'GW-2'] and listed['total'] == 2 and listed['next'] is None
    row = listed['gateways'][0]
    assert row['status'] == 'never_seen' and row['last_contact'] is None
    assert row['customer'] == {'name': CUSTOMER['name'], 'kana': CUSTOMER['kana']}
    assert (row['prefecture'], row['municipality']) == (CUSTOMER['prefecture'], CUSTOMER['municipality'])
    assert row['link']['grants'] == ['see', 'told', 'settings'] and row['link']['until'] is None
    assert row['values']['pv_power'] is None
    assert 'GW-3' not in desk.app.get('/api/v1/gateways').text


def test_list_shows_the_present(desk):
    values(desk, desk.own['GW-1'], pv_power=3120, soc=74.5)
    fault(desk, desk.own['GW-2'], '102')
    listed = fleet(desk)
    assert ids(listed) == ['GW-2', 'GW-1'], 'worst first'
    bad, good = listed['gateways']
    assert good['status'] == 'normal' and good['values']['pv_power']['value'] == 3120
    assert good['values']['soc']['value'] == 74.5 and good['last_contact']
    assert bad['status'] != 'normal' and bad['open_alerts'] == 1 and bad['status_since']
    assert listed['counts']['normal'] == 1 and sum(listed['counts'].values()) == 2


def test_filters(desk):
    values(desk, desk.own['GW-1'], soc=15)
    values(desk, desk.own['GW-2'], soc=80)
    assert ids(fleet(desk, soc_below=20)) == ['GW-1']
    assert ids(fleet(desk, q='gw-2')) == ['GW-2']
    assert ids(fleet(desk, q='みまもり ＧＷ-1')) == ['GW-1'], 'kana and width do not matter'
    assert ids(fleet(desk, q='nobody')) == []
    assert ids(fleet(desk, prefecture='東京都')) == [] and len(ids(fleet(desk, prefecture='長野県'))) == 2
    assert ids(fleet(desk, status='normal,fault')) == ['GW-1', 'GW-2']
    none = fleet(desk, status='offline')
    assert ids(none) == [] and none['counts']['normal'] == 2, 'counts are of all but the status'
    assert ids(fleet(desk, contact_before=now(hours=1))) == []
    assert ids(fleet(desk, model='M')) == []


def test_sort_and_pages(desk):
    values(desk, desk.own['GW-1'], soc=15)
    assert ids(fleet(desk, sort='-id')) == ['GW-2', 'GW-1']
    assert ids(fleet(desk, sort='soc')) == ['GW-1', 'GW-2'] == ids(fleet(desk, sort='-soc')), 'unknown is last'
    for sort in ('urgency', 'id', 'name', 'customer', 'place', 'model', 'last_contact', 'open_alerts', 'pv_power'):
        for direction in ('', '-'):
            first = fleet(desk, sort=direction + sort, limit=1)
            second = fleet(desk, sort=direction + sort, limit=1, cursor=first['next'])
            assert first['total'] == second['total'] == 2 and second['next'] is None
            assert sorted(ids(first) + ids(second)) == ['GW-1', 'GW-2'], direction + sort


@pytest.mark.parametrize('query', [
    {'status': 'lost'}, {'sort': 'colour'}, {'limit': '0'}, {'limit': 'x'}, {'soc_below': 'low'},
    {'contact_before': 'yesterday'}, {'cursor': '!!'}])
def test_wrong_questions(desk, query):
    problem = desk.app.get('/api/v1/gateways', query=query).expect(422).json()
    assert [error['field'] for error in problem['errors']] == list(query)


def test_changes_since(desk):
    cursor = fleet(desk)['changes']
    again = fleet(desk, since=cursor)
    assert (again['gateways'], again['removed'], again['reset']) == ([], [], False)
    values(desk, desk.own['GW-1'], pv_power=1)
    values(desk, desk.own['GW-3'], pv_power=1)
    changed = fleet(desk, since=cursor)
    assert ids(changed) == ['GW-1'] and ids(fleet(desk, since=changed['changes'])) == []
    path = '/my/links/' + changed['gateways'][0]['link']['id']
    desk.person.get(path).expect(200)
    desk.person.post(path + '/end').expect(303)
    gone = fleet(desk, since=cursor)
    assert gone['removed'] == ['GW-1'] and ids(gone) == []
    for foreign in ('', 'x', '1.other', '-1.' + cursor.split('.', 1)[1], '99999999.' + cursor.split('.', 1)[1]):
        answer = fleet(desk, since=foreign)
        assert answer['reset'] and answer['gateways'] == []


def test_one_gateway(desk):
    push(desk, desk.own['GW-1'], firmware='1.4.2', interval_s=30,
         devices=[{'device': 'pcs1', 'kind': 'pcs', 'maker': 'Fronius', 'model': 'Symo', 'serial': '1'}],
         readings=[{'t': now(), 'device': 'pcs1', 'v': {'pv_power': 3120, 'own_name': 7}}])
    fault(desk, desk.own['GW-1'], '102')
    page = desk.app.get('/api/v1/gateways/GW-1').expect(200).json()
    assert page['id'] == 'GW-1' and page['firmware'] == '1.4.2' and page['interval_s'] == 30
    assert page['devices'][0]['maker'] == 'Fronius' and page['timezone'] == 'Asia/Tokyo'
    assert {(v['quantity'], v['value'], v['unit']) for v in page['latest']} == {
        ('pv_power', 3120, 'W'), ('own_name', 7, None)}
    assert [alert['code'] for alert in page['alerts']] == ['102']
    assert page['pv_peak_w'] is None


def test_looks_are_noted_once_an_hour(desk):
    for _ in range(3):
        desk.app.get('/api/v1/gateways/GW-1').expect(200)
        desk.app.get('/api/v1/gateways/GW-1/events').expect(200)
        desk.app.get('/api/v1/gateways/GW-1/customer').expect(200)
    desk.app.get('/api/v1/gateways').expect(200)
    log = desk.person.get('/my/gateways/GW-1/log').expect(200).text
    assert log.count('Looked') in (1, 2), 'the hour may have changed meanwhile'
    assert 'Looked' not in desk.person.get('/my/gateways/GW-2/log').expect(200).text


def test_customer(desk):
    customer = desk.app.get('/api/v1/gateways/GW-1/customer').expect(200).json()
    assert customer['name'] == CUSTOMER['name'] and customer['phone'].replace('-', '') == '09011112222'
    assert customer['address'] == CUSTOMER['address']


def test_events_in_pages(desk):
    gateway = desk.own['GW-2']
    for minute in range(5):
        fault(desk, gateway, '102', ('raised', 'cleared')[minute % 2], minutes=5 - minute)
    seen, cursor = [], None
    while True:
        page = desk.app.get('/api/v1/gateways/GW-2/events',
                            query={'limit': 2, **({'cursor': cursor} if cursor else {})}).expect(200).json()
        seen += page['events']
        cursor = page['next']
        if not cursor:
            break
    assert len(seen) == 5
    assert [event['time'] for event in seen] == sorted((event['time'] for event in seen), reverse=True)
    assert seen[0]['meaning'] and seen[0]['first_step'] and seen[0]['state'] == 'raised'
    desk.app.get('/api/v1/gateways/GW-2/events', query={'cursor': 'x'}).expect(422)


def test_nothing_from_before_the_link(desk):
    old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)
    for name in ('GW-1', 'GW-2'):
        push(desk, desk.own[name], readings=[{'t': stamp(old), 'device': 'pcs1', 'v': {'pv_power': 5}}],
             events=[{'t': stamp(old), 'device': 'pcs1', 'code': '102', 'state': 'raised'}])
    question = {'from': stamp(old - datetime.timedelta(days=1)), 'to': now(), 'resolution': 'raw'}
    for name, sees in (('GW-1', False), ('GW-2', True)):
        for resolution in ('raw', '15min', 'day'):
            history = desk.app.get(f'/api/v1/gateways/{name}/history',
                                   query={**question, 'resolution': resolution}).expect(200).json()
            assert bool(history['series']) == sees
        assert bool(desk.app.get(f'/api/v1/gateways/{name}/events').json()['events']) == sees
        assert bool(desk.app.get(f'/api/v1/gateways/{name}').json()['latest']) == sees


def test_history(desk):
    day = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3)).date()
    start = datetime.datetime.combine(day, datetime.time(3), datetime.timezone.utc)  # noon in Tokyo
    points = [(start + datetime.timedelta(minutes=m), 100.0 + m, 1000.0 + 10 * m) for m in range(0, 60, 5)]
    push(desk, desk.own['GW-2'], readings=[
        {'t': stamp(t), 'device': 'pcs1', 'v': {'pv_power': p, 'pv_energy_total': e}} for t, p, e in points])
    query = {'from': str(day), 'to': str(day)}

    def read(**more):
        return desk.app.get('/api/v1/gateways/GW-2/history', query={**query, **more}).expect(200).json()

    raw = read(quantity='pv_power')
    assert [(s['device'], s['quantity'], s['unit']) for s in raw['series']] == [('pcs1', 'pv_power', 'W')]
    assert raw['series'][0]['points'] == [[stamp(t), p, True] for t, p, _ in points], 'all of them are late'
    assert read(device='other')['series'] == []
    quarters = read(resolution='15min', quantity='pv_power')['series'][0]['spans']
    assert [(q['count'], q['min'], q['max'], q['mean']) for q in quarters] == [
        (3, 100, 110, 105), (3, 115, 125, 120), (3, 130, 140, 135), (3, 145, 155, 150)]
    days = {s['quantity']: s['spans'] for s in read(resolution='day')['series']}
    assert [(d['date'], d['count'], d['energy']) for d in days['pv_energy_total']] == [(str(day), 12, 550)]
    assert days['pv_power'][0]['energy'] is None and days['pv_power'][0]['max'] == 155


def test_number_of_spans(desk):
    now = datetime.datetime.now(datetime.timezone.utc)
    midnight = datetime.datetime.combine((now - datetime.timedelta(days=2)).date(), datetime.time(15),
                                         datetime.timezone.utc)  # in Tokyo
    minutes = [m for m in range(600) if not 120 <= m < 300]
    push(desk, desk.own['GW-2'], readings=[
        {'t': stamp(midnight + datetime.timedelta(minutes=m)), 'device': 'pcs1',
         'v': {'load_power': 9000.0 if m == 67 else 10.0 + m, 'load_energy_total': 5.0 * m}} for m in minutes])
    query = {'from': stamp(midnight), 'to': stamp(midnight + datetime.timedelta(hours=24)), 'device': 'pcs1'}

    def read(points):
        answer = desk.app.get('/api/v1/gateways/GW-2/history', query={**query, 'points': str(points)})
        answer = answer.expect(200).json()
        return answer, {s['quantity']: s['spans'] for s in answer['series']}

    for points, step, made_of in ((24, 3600, '15min'), (100, 900, '15min'), (1500, 60, 'raw'), (1, 86400, 'day')):
        answer, series = read(points)
        assert (answer['step'], answer['resolution']) == (step, made_of)
        power, energy = series['load_power'], series['load_energy_total']
        assert len(power) <= points and sum(span['count'] for span in power) == len(minutes)
        assert max(span['max'] for span in power) == 9000, 'the peak is still there'
        assert power[0]['first'] == 10 and power[-1]['last'] == 609
        assert sum(span['energy'] or 0 for span in energy) == 5 * 599
    _, series = read(24)
    assert [span['from'] for span in series['load_power']] == [
        stamp(midnight + datetime.timedelta(hours=h)) for h in (0, 1, 5, 6, 7, 8, 9)], 'the gap is one'
    wide = desk.app.get('/api/v1/gateways/GW-2/history',
                        query={'from': '1990-01-01', 'to': '2040-01-01', 'points': '500'}).expect(200).json()
    assert wide['step'] == 37 * 86400 and wide['resolution'] == 'day'


def test_latest(desk):
    now = datetime.datetime.now(datetime.timezone.utc)
    push(desk, desk.own['GW-2'], readings=[
        {'t': stamp(now - datetime.timedelta(seconds=9)), 'device': 'pcs1', 'v': {'battery_temperature': 21.5}},
        {'t': stamp(now - datetime.timedelta(seconds=8)), 'device': 'pcs2', 'v': {'battery_temperature': 22.5}}])
    answer = desk.app.get('/api/v1/latest', query={'quantity': 'never_sent,battery_temperature'})
    answer = answer.expect(200).json()
    assert answer['quantities'] == ['never_sent', 'battery_temperature']
    values = {gateway['id']: gateway['values'] for gateway in answer['gateways']}
    assert list(values) == ['GW-1', 'GW-2'], 'in order, and no others'
    assert values['GW-2'] == [None, [stamp(now - datetime.timedelta(seconds=8)), 22.5]]
    assert values['GW-1'] == [None, None]
    for wrong in ('', ','.join(['soc'] * 33)):
        problem = desk.app.get('/api/v1/latest', query={'quantity': wrong}).expect(422).json()
        assert problem['errors'][0]['field'] == 'quantity'


@pytest.mark.parametrize('query, field, code', [
    ({'from': '2026-05-01', 'to': '2026-05-01', 'points': '0'}, 'points', 'range'),
    ({'to': '2026-05-01'}, 'from', 'required'),
    ({'from': '2026-05-01', 'to': 'soon'}, 'to', 'syntax'),
    ({'from': '2026-05-02', 'to': '2026-05-01T00:00:00Z'}, 'to', 'order'),
    ({'from': '2025-01-01', 'to': '2026-05-01'}, 'to', 'too-long'),
    ({'from': '2026-05-01', 'to': '2026-05-01', 'resolution': 'hour'}, 'resolution', 'unknown')])
def test_wrong_history(desk, query, field, code):
    problem = desk.app.get('/api/v1/gateways/GW-1/history', query=query).expect(422).json()
    assert [(error['field'], error['code']) for error in problem['errors']] == [(field, code)]


def test_alerts_and_acknowledging(desk):
    fault(desk, desk.own['GW-1'], '102')
    fault(desk, desk.own['GW-2'], '301')
    fault(desk, desk.own['GW-3'], '102')
    listed = desk.app.get('/api/v1/alerts').expect(200).json()['alerts']
    assert {alert['gateway'] for alert in listed} == {'GW-1', 'GW-2'}
    one = desk.app.get('/api/v1/alerts', query={'gateway': 'GW-1'}).expect(200).json()['alerts']
    assert [alert['code'] for alert in one] == ['102'] and one[0]['state'] == 'open'
    japanese = desk.app.get('/api/v1/alerts', query={'gateway': 'GW-1'},
                            headers={'Accept-Language': 'ja'}).json()['alerts'][0]
    assert japanese['meaning'] != one[0]['meaning']
    path = f'/api/v1/alerts/{one[0]["id"]}/acknowledge'
    first = desk.app.post(path, {'note': '  calls back  '}).expect(200).json()
    assert first['state'] == 'acknowledged' and first['acknowledged']['note'] == 'calls back'
    assert desk.app.post(path).expect(200).json() == first, 'again is the same'
    assert desk.app.post(path, {'note': 'x' * 501}).expect(422).json()['errors'][0]['code'] == 'too-long'
    desk.app.post(path, {'note': 7}).expect(400)
    desk.app.post(f'/api/v1/alerts/{"x" * 22}/acknowledge').expect(404)
    assert desk.person.get('/my/gateways/GW-1/log').text.count('pcs1 102') == 1
    fault(desk, desk.own['GW-1'], '102', 'cleared')
    assert desk.app.get('/api/v1/alerts', query={'gateway': 'GW-1'}).json()['alerts'] == []
    past = desk.app.get('/api/v1/alerts', query={'gateway': 'GW-1', 'state': 'recovered'}).json()['alerts']
    assert [alert['state'] for alert in past] == ['recovered']
    pages = desk.app.get('/api/v1/alerts', query={'state': 'all', 'limit': 1}).json()
    rest = desk.app.get('/api/v1/alerts', query={'state': 'all', 'limit': 1, 'cursor': pages['next']}).json()
    assert {pages['alerts'][0]['gateway'], rest['alerts'][0]['gateway']} == {'GW-1', 'GW-2'}
    assert rest['next'] is None
    desk.app.get('/api/v1/alerts', query={'state': 'old'}).expect(422)


def test_sees_only_with_an_open_link(desk):
    """What is foreign, unlinked or missing is the same answer; another dealer sees nothing at all."""
    desk.dealer('Other-Ten', phone='03-9999-8888')
    other = desk.api('Other-Ten')
    fault(desk, desk.own['GW-1'], '102')
    alert = desk.app.get('/api/v1/alerts').json()['alerts'][0]['id']
    assert other.get('/api/v1/gateways').json()['gateways'] == []
    assert other.get('/api/v1/alerts').json()['alerts'] == []
    other.post(f'/api/v1/alerts/{alert}/acknowledge').expect(404)
    for what in ('', '/history?from=2026-05-01&to=2026-05-01', '/events', '/customer'):
        bodies = {(a.status, a.body) for a in (client.get(f'/api/v1/gateways/{gateway}{what}')
                  for client, gateway in ((other, 'GW-1'), (desk.app, 'GW-3'), (desk.app, 'GW-X')))}
        assert len(bodies) == 1 and bodies.pop()[0] == 404


def test_open_page_leads_to_the_app_and_reveals_nothing(desk):
    pages = {gateway: desk.server.http.get(f'/open/gateway/{gateway}').expect(200) for gateway in ('GW-1', 'GW-X')}
    assert 'href="mimamori:gateway/GW-1"' in pages['GW-1'].text
    bodies = {page.text.replace(gateway, 'ID').partition('form_token')[0] for gateway, page in pages.items()}
    assert len(bodies) == 1
    for wrong in ('a%22b', 'x' * 65, '%3Cb%3E'):
        desk.server.http.get(f'/open/gateway/{wrong}').expect(404)


def test_energies_of_today(desk):
    """The same in the list and on the page, also after kill -9; of GW-1 only what came since the
    link."""
    for name in ('GW-1', 'GW-2'):
        push(desk, desk.own[name], readings=[
            {'t': now(minutes=2), 'device': 'pcs1', 'v': {'pv_energy_total': 1000}}])
        for count in (1050, 1090):
            values(desk, desk.own[name], pv_energy_total=count, grid_import_energy_total=count)
    for _ in range(2):
        rows = {row['id']: row for row in fleet(desk)['gateways']}
        assert rows['GW-1']['today_energy'] is None and rows['GW-2']['today_energy'] == 90
        for name, produced in (('GW-1', 40), ('GW-2', 90)):
            today = desk.app.get(f'/api/v1/gateways/{name}').expect(200).json()['today']
            assert today['produced'] == produced and today['bought'] == 40
            # The house is not measured and sold nothing that is known of.
            assert today['used'] is None and today['sold'] is None
            assert today['self_sufficiency'] is None
            begin = datetime.datetime.fromisoformat(today['from'].replace('Z', '+00:00'))
            assert begin.hour == 15, 'midnight in Tokyo'
            assert today['date'] == str((begin + datetime.timedelta(hours=9)).date())
        desk.server.kill9()
        desk.server.start()
