"""The operator's commands: the same against a running server and a stopped one."""

import pytest


@pytest.fixture(params=['running', 'stopped'])
def shop(request, make_server):
    """A server that runs, or one that does not."""
    return make_server(start=request.param == 'running')


def push(server, key, value=3120, time='2026-05-01T12:00:00Z'):
    return server.http.post('/ingest/v1', {'readings': [{'t': time, 'device': 'pcs1', 'v': {'pv_power': value}}]},
                            headers={'Authorization': f'Token {key}'})


def test_gateway_is_added_and_listed(shop):
    made = shop.cli('gateway', 'add', 'A-1', '--model', 'M', '--prefecture', 'Tokyo', '--pv-peak', '4.5',
                    '--battery', '9.8', '--interval', '30')
    assert made['id'] == 'A-1'
    assert len(made['key']) == 43
    assert len(made['activation_code'].split('-')) == 4
    named = shop.cli('gateway', 'add')
    assert named['id'].startswith('GW-')
    listed = shop.cli('gateway', 'list')['gateways']
    assert [gateway['id'] for gateway in listed] == ['A-1', named['id']]
    first = listed[0]
    assert (first['prefecture'], first['pv_peak_w'], first['battery_wh'], first['interval_s']) \
        == ('東京都', 4500, 9800, 30)
    assert first['has_key'] and not first['has_owner']
    assert 'A-1' in shop.run('gateway', 'list').stdout
    assert made['key'] not in shop.run('gateway', 'list', '--json').stdout


def test_test_mail_can_be_read(shop):
    mail = shop.cli('mail', 'test', 'one@example.com')
    listed = shop.cli('mail', 'list')['mails']
    assert [(m['id'], m['to'], m['state']) for m in listed] == [(mail['id'], 'one@example.com', 'waiting')]
    shown = shop.cli('mail', 'show', mail['id'])
    assert shown['subject'] == listed[0]['subject'] and shown['text'] and '<html' in shown['html']
    plain = shop.run('mail', 'show', mail['id']).stdout
    assert shown['subject'] in plain and shown['text'].strip() in plain


def test_keys_are_known_at_once(server):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key).expect(200)
    other = server.cli('gateway', 'rotate-key', 'A-1')['key']
    push(server, key).expect(401)
    push(server, other).expect(200)
    assert server.cli('gateway', 'revoke', 'A-1') == {'id': 'A-1'}
    push(server, other).expect(401)
