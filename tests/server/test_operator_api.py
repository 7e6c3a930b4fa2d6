"""The operator's API against docs/openapi.yaml, over the control socket of a running server."""

import hashlib
import http.client
import json
import re
import socket
import stat
import subprocess

import jsonschema
import pytest
import yaml

from harness.places import TOP

DOCUMENT = yaml.safe_load((TOP / 'docs' / 'openapi.yaml').read_text(encoding='utf-8'))
PATHS = {path: item for path, item in DOCUMENT['paths'].items() if path.startswith('/operator/')}
METHODS = ('get', 'post', 'put', 'patch', 'delete')


class Control(http.client.HTTPConnection):
    """A connection to the control socket."""

    def __init__(self, server):
        super().__init__('localhost', timeout=30)
        self.path = str(server.data_dir / 'control.sock')

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


@pytest.fixture
def ask(server):
    def ask(method, path, body=None, template=None):
        """Makes a request and holds the answer against the document."""
        control = Control(server)
        body = json.dumps(body) if isinstance(body, dict) else body
        control.request(method, path, body)
        response = control.getresponse()
        text = response.read().decode()
        control.close()
        operation = PATHS[template or path.split('?')[0]][method.lower()]
        described = operation['responses'].get(str(response.status)) or operation['responses']['default']
        if '$ref' in described:
            described = DOCUMENT['components']['responses'][described['$ref'].rsplit('/', 1)[1]]
        kind = response.headers['Content-Type'].split(';')[0]
        schema = described['content'][kind]['schema']
        if kind.endswith('json'):
            jsonschema.validate(json.loads(text), {**schema, 'components': DOCUMENT['components']})
            return response.status, json.loads(text)
        return response.status, text
    return ask


def test_every_route_is_described():
    """The route table and the document name the same."""
    table = (TOP / 'src' / 'http' / 'mm-routes.c').read_text()
    routes = {(method, path) for method, path in re.findall(r'\{ "([A-Z]+)",\s*"(/operator/[^"]*)"', table)}
    described = {(method.upper(), path) for path, item in PATHS.items() for method in METHODS if method in item}
    routes = {route for route in routes if not route[1].startswith('/operator/v1/test/')}
    assert routes and routes == described


def test_answers_are_as_described(server, ask):
    status, made = ask('POST', '/operator/v1/gateways', {'id': 'A-1', 'pv_peak_kw': 4.5, 'name': None})
    assert status == 201
    assert ask('POST', '/operator/v1/gateways', {'id': 'A-1'})[0] == 409
    server.http.post('/ingest/v1', {
        'readings': [{'t': '2026-05-01T12:00:00Z', 'device': 'pcs1', 'v': {'pv_power': 1}},
                     {'t': '2026-01-01T12:00:00Z', 'device': 'pcs1', 'v': {'pv_power': 2}}],
        'events': [{'t': made_at(server), 'device': 'pcs1', 'code': 'E1-0', 'state': 'raised'}],
    }, headers={'Authorization': f'Token {made["key"]}'}).expect(200)
    assert ask('POST', '/operator/v1/gateways/import', 'id\nA-2\n')[0] == 201
    assert len(ask('GET', '/operator/v1/gateways')[1]['gateways']) == 2
    one = '/operator/v1/gateways/{id}'
    assert ask('GET', '/operator/v1/gateways/A-1/readings', template=one + '/readings') \
        == (200, '2026-01-01T12:00:00Z,pcs1,pv_power,2\n')
    assert ask('GET', '/operator/v1/gateways/A-1/readings?from=x', template=one + '/readings')[0] == 422
    for method, what in (('POST', '/key'), ('DELETE', '/key'), ('POST', '/activation-code')):
        assert ask(method, '/operator/v1/gateways/A-1' + what, template=one + what)[0] == 200
        assert ask(method, '/operator/v1/gateways/none' + what, template=one + what)[0] == 404
    assert len(ask('GET', '/operator/v1/alerts?open=1')[1]['alerts']) == 1
    assert ask('GET', '/operator/v1/dealers')[0] == 200
    mail = ask('POST', '/operator/v1/mails/test', {'address': 'one@example.com'})[1]['id']
    assert len(ask('GET', '/operator/v1/mails?limit=1')[1]['mails']) == 1
    assert ask('GET', '/operator/v1/mails/' + mail, template='/operator/v1/mails/{id}')[0] == 200
    broker = {'name': 'b', 'url': 'mqtt://127.0.0.1:1', 'topics': [{'kind': 'json', 'filter': 'a/{gateway}'}]}
    one = '/operator/v1/mqtt/{name}'
    assert ask('POST', '/operator/v1/mqtt', broker)[0] == 201
    assert ask('POST', '/operator/v1/mqtt', broker)[0] == 409
    assert len(ask('GET', '/operator/v1/mqtt')[1]['brokers']) == 1
    assert ask('GET', '/operator/v1/mqtt/b', template=one)[0] == 200
    assert ask('POST', '/operator/v1/mqtt/b/test', template=one + '/test')[1]['ok'] is False
    assert ask('DELETE', '/operator/v1/mqtt/b', template=one)[0] == 200
    assert ask('DELETE', '/operator/v1/mqtt/b', template=one)[0] == 404
    assert ask('POST', '/operator/v1/check')[1]['values'] == 2
    assert ask('POST', '/operator/v1/compact')[1]['pushes'] >= 1
    assert ask('POST', '/operator/v1/backup', {'file': str(server.folder / 'copy')})[0] == 201


def made_at(server):
    return server.cli('gateway', 'list')['gateways'][0]['created'][:17] + '00Z'


def test_what_works_so_far(server, ask):
    first = ask('GET', '/operator/v1/server')[1]
    assert first['listening'] == first['public_url'] == server.url and first['reach'] == 'this-computer'
    assert first['tls'] == {'on': False, 'fingerprint': None} and first['mail']['smtp_url'] is None
    assert first['data_dir'] == str(server.data_dir) and first['database_bytes'] > 0 and first['free_bytes'] > 0
    assert not any(first['counts'].values())
    key = server.cli('gateway', 'add', 'A-1')['key']
    server.cli('gateway', 'add', 'A-2')
    server.http.post('/ingest/v1', {
        'readings': [{'t': made_at(server), 'device': 'pcs1', 'v': {'pv_power': 1}}],
        'events': [{'t': made_at(server), 'device': 'pcs1', 'code': 'E1-0', 'state': 'raised'}],
    }, headers={'Authorization': f'Token {key}'}).expect(200)
    server.cli('mail', 'test', 'one@example.com')
    counts = ask('GET', '/operator/v1/server')[1]['counts']
    assert counts.pop('last_push').startswith('20')
    assert counts == {'gateways': 2, 'gateways_seen': 1, 'pushes': 1, 'dealers': 0, 'customers': 0, 'links': 0,
                      'open_alerts': 1, 'mails_waiting': 1, 'mails_failed': 0}


def test_mail_settings_are_told_without_the_password(make_server, folder):
    (folder / 'password').write_text('S3cret-word\n')
    server = make_server('--smtp', 'smtp://127.0.0.1:9', '--smtp-user', 'shop', '--smtp-password-file',
                         folder / 'password', '--public-url', 'https://shop.example.jp', '--name', 'みまもり')
    answer = server.operator('GET', '/operator/v1/server').expect(200)
    told = answer.json()
    assert told['mail'] == {'smtp_url': 'smtp://127.0.0.1:9', 'smtp_user': 'shop', 'has_password': True,
                            'starttls': None, 'mail_from': 'no-reply@shop.example.jp'}
    assert told['reach'] == 'internet' and told['name'] == 'みまもり'
    assert 'S3cret-word' not in answer.text and 'S3cret-word' not in server.log()


def test_certificate_has_a_fingerprint(make_server, folder):
    certificate, key = folder / 'cert.pem', folder / 'key.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', key, '-out', certificate, '-days', '1', '-subj', '/CN=localhost'],
                   check=True, capture_output=True)
    public = subprocess.run(['openssl', 'pkey', '-in', key, '-pubout', '-outform', 'DER'], check=True,
                            capture_output=True).stdout
    server = make_server('--tls', f'{certificate},{key}')
    told = server.operator('GET', '/operator/v1/server').expect(200).json()
    assert told['tls'] == {'on': True, 'fingerprint': hashlib.sha256(public).hexdigest()}


@pytest.mark.parametrize('method, path, body, expected', [
    ('POST', '/operator/v1/gateways', '[]', 400), ('POST', '/operator/v1/gateways', '{', 400),
    ('POST', '/operator/v1/gateways', {'id': ['A']}, 422), ('POST', '/operator/v1/gateways', {'colour': 'red'}, 422),
    ('POST', '/operator/v1/mails/test', {}, 422), ('POST', '/operator/v1/mails/test', '[]', 422),
    ('GET', '/operator/v1/mails?limit=none', None, 400), ('GET', '/operator/v1/alerts?limit=0', None, 400),
    ('POST', '/operator/v1/backup', {'file': 'here'}, 400), ('POST', '/operator/v1/backup', {}, 400),
    ('POST', '/operator/v1/backup', {'file': '/proc/none/copy'}, 400),
    ('POST', '/operator/v1/gateways/import', '\0', 400)])
def test_what_is_malformed_is_refused(ask, method, path, body, expected):
    assert ask(method, path, body)[0] == expected


def test_a_month_at_a_time(server):
    """An export is made of parts; each tells where the next one begins."""
    key = server.cli('gateway', 'add', 'A-1')['key']
    times = ['2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z', '2026-06-01T00:00:00Z']
    server.http.post('/ingest/v1', {'readings': [{'t': t, 'device': 'd', 'v': {'pv_power': 1}} for t in times]},
                     headers={'Authorization': f'Token {key}'}).expect(200)
    parts = []
    following = ''
    while following is not None:
        control = Control(server)
        control.request('GET', '/operator/v1/gateways/A-1/readings?from=' + (following or times[0]))
        response = control.getresponse()
        parts.append([line.split(',')[0] for line in response.read().decode().splitlines()])
        following = response.headers['Mimamori-Next']
        control.close()
    assert parts == [times[:2], times[2:3], times[3:]]


def test_not_there_over_the_network(server):
    """Whatever is asked and sent, an address of the operator's answers as one that does not exist."""
    def ask_by_tcp(method, path, **more):
        answer = server.http.request(method, path, **more)
        headers = {name: value for name, value in answer.headers.items()
                   if name.lower() not in ('date', 'content-length', 'x-request-id')}
        return answer.status, headers, answer.text.replace(path, '')

    for path in '/metrics', '/operator/v1/gateways', '/operator/v1/check', '/operator/v1/gateways/A-1/key':
        for method in 'GET', 'POST', 'DELETE', 'OPTIONS':
            for more in {}, {'body': b'x'}, {'body': b'x' * 100000}:
                missing = ask_by_tcp(method, '/operator/v1/nothing', **more)
                assert ask_by_tcp(method, path, **more) == missing, (method, path, len(more))
                assert missing[0] == 404 or more, missing


# ---- settings ----

def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_settings_are_kept_and_count_at_once(server, ask, make_smtp):
    smtp = make_smtp(user='shop', password='S3cret-word')
    server.cli('mail', 'test', 'one@example.jp')
    mail = {'smtp_url': smtp.url, 'smtp_user': 'shop', 'smtp_password': 'S3cret-word', 'starttls': 'none',
            'mail_from': 'shop@example.jp'}
    told = ask('PUT', '/operator/v1/settings', {'name': '御室電気', 'mail': mail})
    assert told == (200, {'restart_needed': False})
    # What waited is sent now, from the new address and in the new name.
    assert 'shop@example.jp' in smtp.wait('one@example.jp').message['From']
    own = server.data_dir / 'mimamori.conf'
    assert mode(own) == mode(server.data_dir / 'smtp-password') == 0o600
    assert 'S3cret-word' not in own.read_text()
    for _ in range(2):
        told = ask('GET', '/operator/v1/settings')[1]
        assert told['name'] == '御室電気' and told['file'] == str(own) and told['fixed'] == []
        assert told['mail'] == {'smtp_url': smtp.url, 'smtp_user': 'shop', 'has_password': True,
                                'starttls': 'none', 'mail_from': 'shop@example.jp'}
        assert ask('GET', '/operator/v1/server')[1]['name'] == '御室電気'
        server.restart()
    # Taken away again; what is not named stays.
    assert ask('PUT', '/operator/v1/settings', {'mail': {'smtp_url': None, 'smtp_password': ''}})[0] == 200
    told = ask('GET', '/operator/v1/settings')[1]
    assert told['mail']['smtp_url'] is None and told['mail']['has_password'] is False
    assert told['mail']['mail_from'] == 'shop@example.jp' and told['name'] == '御室電気'
    assert not (server.data_dir / 'smtp-password').exists()
    assert 'S3cret-word' not in server.log()


def test_a_public_url_counts_after_a_restart(server, ask):
    put = lambda **body: ask('PUT', '/operator/v1/settings', body)[1]['restart_needed']
    assert put(public_url='https://shop.example.jp/') is True
    assert put(name='Omuro') is True, 'still waiting'
    assert ask('GET', '/operator/v1/server')[1]['public_url'] == server.url
    server.restart()
    told = ask('GET', '/operator/v1/server')[1]
    assert told['public_url'] == 'https://shop.example.jp' and told['reach'] == 'internet'
    assert put(name=None) is False
    assert ask('GET', '/operator/v1/server')[1]['name'] == 'Mimamori'


@pytest.mark.parametrize('body, field', [
    ({'name': 'two\nlines'}, 'name'), ({'name': 'x' * 61}, 'name'), ({'public_url': 'shop'}, 'public_url'),
    ({'mail': {'smtp_url': 'http://shop'}}, 'mail.smtp_url'), ({'mail': {'starttls': 'maybe'}}, 'mail.starttls'),
    ({'public_url': 'https://shop.example.jp/\rX: y'}, 'public_url'), ({'mail': {'smtp_user': 'a\nb'}}, 'mail.smtp_user'),
    ({'mail': {'mail_from': 'nobody'}}, 'mail.mail_from'), ({'mail': {'mail_from': 'a@b.jp\r\nX: y'}}, 'mail.mail_from'), ({'mail': {'smtp_password': 'a\nb'}}, 'mail.smtp_password'),
    ({'colour': 'red'}, 'colour'), ({'name': 1}, 'name'), ({'mail': {'port': '1'}}, 'mail.port'),
    ({'mail': 'x'}, 'mail')])
def test_wrong_settings_change_nothing(server, ask, body, field):
    status, problem = ask('PUT', '/operator/v1/settings', body)
    assert status == 422 and [error['field'] for error in problem['errors']] == [field]
    assert not (server.data_dir / 'mimamori.conf').exists()


def test_the_command_line_decides(make_server, folder):
    server = make_server('--name', 'Fixed')
    answer = server.operator('PUT', '/operator/v1/settings', json_body={'name': 'Other'}).expect(422)
    assert answer.json()['errors'][0]['code'] == 'fixed'
    assert server.operator('GET', '/operator/v1/settings').json()['fixed'] == ['name']
    (folder / 'own.conf').write_text('[server]\nname=File\n')
    server = make_server('--config', folder / 'own.conf')
    answer = server.operator('PUT', '/operator/v1/settings', json_body={'name': 'Other'}).expect(409)
    assert answer.json()['code'] == 'settings-elsewhere'


def test_settings_by_command(server):
    for _ in range(2):
        assert server.cli('settings', 'set', 'name', 'Omuro') == {'restart_needed': False}
        server.run('settings', 'set', 'smtp-user', 'shop')
        server.run('settings', 'set', 'smtp-password', input='S3cret-word\n')
        shown = server.run('settings', 'show').stdout
        assert 'Omuro' in shown and 'S3cret-word' not in shown and '(set)' in shown
        assert server.cli('settings', 'show')['mail']['smtp_user'] == 'shop'
        server.run('settings', 'set', 'smtp-password', 'S3cret-word', status=2)
        server.run('settings', 'set', 'colour', 'red', status=2)
        server.run('settings', 'set', 'smtp', 'nowhere', status=1)
        server.run('settings', 'set', 'name')
        assert server.cli('settings', 'show')['name'] == 'Mimamori'
        server.stop()
    server.start()
