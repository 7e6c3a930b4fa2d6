"""The operator's commands: the same against a running server and a stopped one."""

import csv
import fcntl
import io
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess

import pytest

from harness.places import BUILD, TOP
from harness.wait import wait_for


@pytest.fixture(params=['running', 'stopped'])
def shop(request, make_server):
    """A server that runs, or one that does not."""
    return make_server(start=request.param == 'running')


@pytest.fixture(params=['running', 'stopped'])
def ended(request, server):
    """Leaves the server running, or stops it: ended() when the test has pushed what it needs."""
    return server.stop if request.param == 'stopped' else lambda: None


def push(server, key, *readings):
    """Pushes (time, device, {quantity: value}) …"""
    body = {'readings': [{'t': t, 'device': device, 'v': v} for t, device, v in readings]}
    return server.http.post('/ingest/v1', body, headers={'Authorization': f'Token {key}'})


NOON = ('2026-05-01T12:00:00Z', 'pcs1', {'pv_power': 3120, 'soc': 74.5})


# Gateways

def test_gateway_is_added_and_listed(shop):
    made = shop.cli('gateway', 'add', 'A-1', '--model', 'M', '--prefecture', 'Tokyo', '--pv-peak', '4.5',
                    '--battery', '9.8', '--interval', '30', '--latitude', '35.7', '--longitude', '139.7')
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


def test_secrets_are_shown_once_and_kept_as_hashes(shop):
    done = shop.run('gateway', 'add', 'A-1', '--json')
    made = json.loads(done.stdout)
    key, code = made["key"], made["activation_code"]
    assert done.stderr == ''
    shop.stop()
    assert key not in shop.log() and code not in shop.log()
    for path in shop.data_dir.iterdir():
        stored = path.read_bytes()
        assert key.encode() not in stored and code.encode() not in stored


@pytest.mark.parametrize('arguments, word', [
    (('A 1',), 'id'), (('x' * 65,), 'id'), (('A', '--pv-peak', 'much'), 'pv_peak_kw'),
    (('A', '--pv-peak', '-1'), 'pv_peak_kw'), (('A', '--interval', '0'), 'interval_s'),
    (('A', '--timezone', 'Mars/Base'), 'timezone'), (('A', '--prefecture', 'Utopia'), 'prefecture'),
    (('A', '--latitude', '35'), 'longitude'), (('A', '--latitude', '91', '--longitude', '1'), 'latitude')])
def test_wrong_facts_are_named(shop, arguments, word):
    done = shop.run('gateway', 'add', *arguments, status=1)
    assert word in done.stderr and len(done.stderr.splitlines()) == 1
    assert done.stdout == ''
    assert shop.cli('gateway', 'list') == {'gateways': []}


def test_an_id_is_given_once(shop):
    shop.cli('gateway', 'add', 'A-1')
    assert 'A-1' in shop.run('gateway', 'add', 'A-1', status=1).stderr
    shop.run('gateway', 'add', 'a-1', status=1)


def test_keys_are_known_at_once(server):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key, NOON).expect(200)
    other = server.cli('gateway', 'rotate-key', 'a-1')
    assert other['id'] == 'A-1'
    push(server, key, NOON).expect(401)
    push(server, other['key'], NOON).expect(200)
    assert server.cli('gateway', 'revoke', 'A-1') == {'id': 'A-1'}
    push(server, other['key'], NOON).expect(401)
    assert not server.cli('gateway', 'list')['gateways'][0]['has_key']


def test_keys_given_without_a_server_hold(make_server):
    server = make_server(start=False)
    old = server.cli('gateway', 'add', 'A-1')['key']
    new = server.cli('gateway', 'rotate-key', 'A-1')['key']
    server.start()
    push(server, old, NOON).expect(401)
    push(server, new, NOON).expect(200)


def test_unknown_gateways_are_named_so(shop):
    for verb in ('rotate-key', 'revoke', 'new-code'):
        assert 'no gateway' in shop.run('gateway', verb, 'A-1', status=1).stderr


def test_new_code_is_another(shop):
    made = shop.cli('gateway', 'add', 'A-1')
    assert shop.cli('gateway', 'new-code', 'A-1')['activation_code'] != made['activation_code']


def test_import_makes_all(shop):
    table = shop.folder / 'gateways.csv'
    table.write_text('\ufeffid,name,prefecture,pv_peak_kw\nB-1,"屋根, 南",大阪府,5\n,,,\n', encoding='utf-8')
    made = shop.cli('gateway', 'import', table)['gateways']
    assert made[0]['id'] == 'B-1' and made[1]['id'].startswith('GW-')
    assert all(gateway['key'] and gateway['activation_code'] for gateway in made)
    assert shop.cli('gateway', 'list')['gateways'][0]['name'] == '屋根, 南'


@pytest.mark.parametrize('text, words', [
    ('id,latitude,longitude\nA,1,2\nB,north,2\nC,1,999\n', ('row 3, latitude', 'row 4, longitude')),
    ('id,colour\nA,red\n', ('row 2, colour',)), ('id,id\nA,B\n', ('id',)), ('id,name\nA\n', ('row 2',)),
    ('id\nA\na\n', ('a already',)), ('id\n', ('no gateway',)), ('', ('no gateway',)), ('id\n"A\n', ('Line 3',))])
def test_import_makes_all_or_nothing(shop, text, words):
    table = shop.folder / 'gateways.csv'
    table.write_text(text)
    errors = shop.run('gateway', 'import', table, status=1).stderr
    assert all(word in errors for word in words), errors
    assert shop.cli('gateway', 'list') == {'gateways': []}


# Mails, dealers, alerts

def test_test_mail_can_be_read(shop):
    mail = shop.cli('mail', 'test', 'one@example.com')
    listed = shop.cli('mail', 'list')['mails']
    assert [(m['id'], m['to'], m['state']) for m in listed] == [(mail['id'], 'one@example.com', 'waiting')]
    shown = shop.cli('mail', 'show', mail['id'])
    assert shown['subject'] == listed[0]['subject'] and shown['text'] and '<html' in shown['html']
    plain = shop.run('mail', 'show', mail['id']).stdout
    assert shown['subject'] in plain and shown['text'].strip() in plain
    assert plain.splitlines()[1:3] == ['To: one@example.com', f'Date: {shown["created"]}']
    english = shop.cli('mail', 'test', 'two@example.com', '--language', 'en')
    assert '[Test]' in shop.cli('mail', 'show', english['id'])['subject']
    assert len(shop.cli('mail', 'list', '--limit', '1')['mails']) == 1


def test_test_mail_is_sent(make_server, smtp):
    server = make_server('--smtp', smtp.url)
    mail = server.cli('mail', 'test', 'one@example.com')
    assert smtp.wait('one@example.com').subject
    wait_for(lambda: server.cli('mail', 'show', mail['id'])['state'] == 'accepted')


def test_wrong_addresses_and_mails_are_refused(shop):
    assert 'address' in shop.run('mail', 'test', 'nobody', status=1).stderr
    assert 'no mail' in shop.run('mail', 'show', 'x', status=1).stderr
    assert shop.run('mail', 'list').stdout == 'There are no mails.\n'


def test_empty_lists(shop):
    assert shop.cli('dealer', 'list') == {'dealers': []}
    assert shop.cli('alert', 'list') == {'alerts': []}
    assert shop.run('dealer', 'list').stdout and shop.run('alert', 'list').stdout


def test_alerts_open_and_close(server, ended):
    key = server.cli('gateway', 'add', 'A-1')['key']
    token = {'Authorization': f'Token {key}'}

    def event(state, time):
        server.http.post('/ingest/v1', {'events': [{'t': time, 'device': 'pcs1', 'code': 'E1-0', 'state': state}]},
                         headers=token).expect(200)

    now = server.cli('gateway', 'list')['gateways'][0]['created']
    event('raised', now[:17] + '00Z')
    alert, = server.cli('alert', 'list')['alerts']
    assert (alert['gateway'], alert['kind'], alert['device'], alert['code']) == ('A-1', 'fault', 'pcs1', 'E1-0')
    assert alert['recovered'] is None
    event('cleared', now[:17] + '01Z')
    ended()
    assert server.cli('alert', 'list') == {'alerts': []}
    assert server.cli('alert', 'list', '--all')['alerts'][0]['recovered']


# Readings

def test_check_counts_each_once(server, ended):
    key = server.cli('gateway', 'add', 'A-1')['key']
    server.cli('gateway', 'add', 'A-2')
    push(server, key, NOON, ('2026-05-01T12:01:00Z', 'pcs1', {'pv_power': 3000}),
         ('2026-05-01T12:01:00Z', 'meter', {'grid_power': 10})).expect(200)
    push(server, key, NOON).expect(200)
    push(server, key, ('2026-05-01T12:00:00Z', 'pcs1', {'pv_power': 3121})).expect(200)
    push(server, key, ('2026-05-01T12:02:00Z', 'pcs1', {'soc': 1e9})).expect(200)
    ended()
    assert server.cli('check') == {'ok': True, 'gateways': 2, 'readings': 3, 'values': 4, 'quarantined': 1,
                                   'problem': None}
    assert 'Values' in server.run('check').stdout


def test_check_finds_what_does_not_add_up(server):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key, NOON).expect(200)
    server.stop()
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        db.execute('UPDATE reading_log SET added = 7')
    db.close()
    done = server.run('check', '--json', status=1)
    assert '"ok":false' in done.stdout and '7 were added' in done.stderr
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        db.execute("UPDATE reading_log SET body = x'01ff'")
    db.close()
    assert 'damaged' in server.run('check', status=1).stderr


def test_export_is_what_was_pushed(server, ended):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key, ('2026-05-01T12:01:00.5Z', 'a, "b"', {'pv_power': 0.1}), NOON).expect(200)
    push(server, key, ('2026-01-01T00:00:00Z', 'pcs1', {'pv_power': 1})).expect(200)
    push(server, key, ('2026-05-01T12:00:00Z', 'pcs1', {'pv_power': 3121})).expect(200)
    ended()
    rows = list(csv.reader(io.StringIO(server.run('export', '--gateway', 'A-1').stdout)))
    assert rows == [['time', 'device', 'quantity', 'value'],
                    ['2026-01-01T00:00:00Z', 'pcs1', 'pv_power', '1'],
                    ['2026-05-01T12:00:00Z', 'pcs1', 'pv_power', '3121'],
                    ['2026-05-01T12:00:00Z', 'pcs1', 'soc', '74.5'],
                    ['2026-05-01T12:01:00.5Z', 'a, "b"', 'pv_power', '0.1']]
    part = server.run('export', '--gateway', 'a-1', '--from', '2026-05-01T21:00:00+09:00',
                      '--to', '2026-05-01T12:01:00Z', '--layout', 'long').stdout
    assert list(csv.reader(io.StringIO(part))) == [rows[0], *rows[2:4]]
    assert 'no gateway' in server.run('export', '--gateway', 'B', status=1).stderr


# Backup and restore

def test_backup_while_running_and_restore(server):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key, NOON).expect(200)
    backup = server.folder / 'backup'
    made = server.cli('backup', 'backup')
    assert made == {'file': str(backup), 'bytes': backup.stat().st_size}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert 'already' in server.run('backup', backup, status=1).stderr
    assert 'works on' in server.run('restore', backup, status=1).stderr

    push(server, key, ('2026-05-01T12:05:00Z', 'pcs1', {'pv_power': 5})).expect(200)
    server.cli('gateway', 'add', 'A-2')
    new = server.cli('gateway', 'rotate-key', 'A-1')['key']
    mail = server.cli('mail', 'test', 'one@example.com')
    server.stop()
    kept = server.data_dir / 'mimamori.db.before-restore'
    assert server.cli('restore', backup) == {'restored': str(backup), 'kept': str(kept)}
    assert kept.exists() and stat.S_IMODE((server.data_dir / 'mimamori.db').stat().st_mode) == 0o600
    server.start()
    assert [gateway['id'] for gateway in server.cli('gateway', 'list')['gateways']] == ['A-1']
    assert server.cli('check')['values'] == 2
    server.run('mail', 'show', mail['id'], status=1)
    push(server, key, NOON).expect(401)
    push(server, new, NOON).expect(200)


def test_restore_ends_sessions_tokens_and_waiting_mails(make_server):
    server = make_server(start=False)
    mail = server.cli('mail', 'test', 'one@example.com')
    database = server.data_dir / 'mimamori.db'
    with sqlite3.connect(database) as db:
        db.execute("INSERT INTO account SELECT 1, 'p', 'dealer', 'active', 's', 's', 'old', 'ja', 'n', 'k', 'm', "
                   "'p', 'c', 'p', 'm', 'a', 'd', 0, 1, 1, 1")
        db.execute("INSERT INTO session VALUES (x'01', 's', 1, 'web', 1, 1, 1, '', '')")
        db.execute("INSERT INTO token VALUES (x'02', 'password', 1, NULL, 1, 1, 3, NULL, 0)")
        db.execute("INSERT INTO contact VALUES (1, 'c1', 1, 1, 'm1', 'ja', 1, 1), (2, 'c2', 1, 2, 'm2', 'ja', 1, 1)")
    db.close()
    server.cli('backup', 'backup')
    with sqlite3.connect(database) as db:
        db.execute("UPDATE account SET password = 'new'")
        db.execute("DELETE FROM contact WHERE public_id = 'c2'")
    db.close()
    server.cli('restore', 'backup')
    with sqlite3.connect(database) as db:
        assert db.execute('SELECT count(*) FROM session').fetchone() == (0,)
        assert db.execute('SELECT dead FROM token').fetchall() == [(1,)]
        assert db.execute('SELECT password FROM account').fetchall() == [('new',)]
        assert db.execute('SELECT public_id FROM contact').fetchall() == [('c1',)]
    db.close()
    assert server.cli('mail', 'show', mail['id'])['state'] == 'dropped'
    server.cli('restore', 'backup')
    assert (server.data_dir / 'mimamori.db.before-restore-2').exists()


def test_restore_over_a_broken_store(make_server):
    server = make_server(start=False)
    server.cli('gateway', 'add', 'A-1')
    server.cli('backup', 'backup')
    (server.data_dir / 'mimamori.db').write_bytes(b'x' * 8192)
    server.run('gateway', 'list', status=1)
    server.expect_warning('cannot be read')
    server.cli('restore', 'backup')
    assert (server.data_dir / 'mimamori.db.before-restore').read_bytes() == b'x' * 8192
    assert len(server.cli('gateway', 'list')['gateways']) == 1


def test_restore_refuses_what_is_no_backup(make_server):
    server = make_server(start=False)
    server.cli('gateway', 'add', 'A-1')
    other = server.folder / 'other'
    other.write_bytes(b'not a database, but long enough to be looked at' * 100)
    empty = server.folder / 'empty'
    empty.write_bytes(b'')
    foreign = server.folder / 'foreign'
    with sqlite3.connect(foreign) as db:
        db.execute('CREATE TABLE a (b)')
    db.close()
    before = (server.data_dir / 'mimamori.db').read_bytes()
    for name in ('other', 'empty', 'foreign', 'missing'):
        done = server.run('restore', name, status=1)
        assert name in done.stderr and len(done.stderr.splitlines()) == 1
    assert (server.data_dir / 'mimamori.db').read_bytes() == before
    assert sorted(path.name for path in server.data_dir.iterdir() if 'restor' in path.name) == []


# The command line

def test_help_lists_every_command(make_server):
    server = make_server(start=False)
    text = subprocess.run([*server.binary, '--help'], capture_output=True, text=True, check=True).stdout
    for command in ('serve', 'gateway add', 'gateway list', 'gateway set', 'gateway rotate-key', 'gateway revoke', 'gateway new-code',
                    'gateway import', 'mail list', 'mail show', 'mail test', 'dealer list', 'alert list', 'export', 'import',
                    'mapping list', 'quarantine list', 'check', 'compact', 'backup', 'restore', 'version'):
        assert command in text, command


@pytest.mark.parametrize('words', [
    'frobnicate', 'gateway', 'gateway frob', 'gateway add A B', 'gateway add --frob', 'gateway list x',
    'gateway rotate-key', 'gateway import', 'mail', 'mail show', 'mail test', 'mail list --limit 0', 'dealer',
    'dealer list x', 'alert show', 'backup', 'restore', 'check x', 'compact x', 'export', 'export --gateway A --layout wide',
    'import x', 'import --gateway A', 'mapping', 'mapping x', 'quarantine', 'mapping show',
    'export --gateway A --from yesterday', 'gateway list --config missing.ini'])
def test_wrong_usage(make_server, words):
    server = make_server(start=False)
    done = server.run(*words.split(), status=2)
    assert done.stdout == '' and len(done.stderr.splitlines()) == 1
    assert not server.data_dir.exists()


def test_version(make_server):
    server = make_server(start=False)
    version = server.cli('version')
    assert version['version'] in server.run('version').stdout and version['schema'] >= 1
    assert version['version'] in subprocess.run([*server.binary, '--version'], capture_output=True, text=True).stdout


def test_the_servers_config_is_read(make_server):
    server = make_server(start=False)
    config = server.folder / 'server.ini'
    config.write_text('[server]\ntimezone=Europe/Berlin\n')
    server.cli('gateway', 'add', 'A-1', '--config', config)
    assert server.cli('gateway', 'list')['gateways'][0]['timezone'] == 'Europe/Berlin'


def test_a_folder_that_somebody_else_holds(make_server):
    server = make_server(start=False)
    server.data_dir.mkdir(parents=True)
    with open(server.data_dir / 'lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = server.run('gateway', 'list', status=1)
    assert str(server.data_dir) in done.stderr and len(done.stderr.splitlines()) == 1
    assert server.cli('gateway', 'list') == {'gateways': []}


def test_commands_take_turns(make_server):
    server = make_server(start=False)
    running = [subprocess.Popen([*server.binary, 'gateway', 'add', f'A-{n}', '--data-dir', str(server.data_dir)],
                                env=server.environment, cwd=server.folder, stdout=subprocess.DEVNULL)
               for n in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len(server.cli('gateway', 'list')['gateways']) == 4
    assert not (server.data_dir / 'command.sock').exists()


def test_after_kill_9_the_commands_work(server):
    key = server.cli('gateway', 'add', 'A-1')['key']
    push(server, key, NOON).expect(200)
    server.kill9()
    assert (server.data_dir / 'control.sock').exists()
    assert server.cli('check')['values'] == 2


# Who may

def test_what_the_operator_did_is_noted(make_server):
    server = make_server(start=False)
    key = server.cli('gateway', 'add', 'A-1')['key']
    server.cli('gateway', 'rotate-key', 'A-1')
    server.cli('gateway', 'new-code', 'A-1')
    server.cli('gateway', 'revoke', 'A-1')
    server.cli('mail', 'test', 'one@example.com')
    server.run('export', '--gateway', 'A-1')
    server.cli('backup', 'backup')
    db = sqlite3.connect(server.data_dir / 'mimamori.db')
    notes = db.execute('SELECT action, subject FROM operator_log ORDER BY id').fetchall()
    db.close()
    assert [action for action, _ in notes] == ['gateway-added', 'key-rotated', 'code-renewed', 'key-revoked',
                                               'mail-tested', 'exported', 'backup']
    assert [subject for _, subject in notes][:4] == ['A-1'] * 4
    assert not any(key in subject or 'example' in subject for _, subject in notes)


def test_operators_routes_are_not_there_over_tcp(server):
    for path in ('gateways', 'mails', 'dealers', 'alerts', 'gateways/A/readings'):
        server.http.get(f'/operator/v1/{path}').expect(404)
    for path in ('gateways', 'gateways/import', 'gateways/A/key', 'mails/test', 'check', 'backup'):
        server.http.post(f'/operator/v1/{path}').expect(404)


def test_the_socket_is_its_owners(server):
    path = server.data_dir / 'control.sock'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700
    if os.geteuid() != 0:
        pytest.skip('only root can become somebody else')
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            socket.socket(socket.AF_UNIX).connect(str(path))
        except PermissionError:
            os.write(write, b'refused')
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b'refused'
    os.close(read)


# ./run

def test_run_says_what_to_do_next(folder):
    if not (TOP / 'build' / 'build.ninja').exists():
        pytest.skip('build/ is made by ./run; it would take too long here')
    environment = {**os.environ, 'HOME': str(folder), 'LC_ALL': 'C.UTF-8'}
    process = subprocess.Popen([TOP / 'run', '--headless', '--', '--listen', '127.0.0.1:0', '--data-dir',
                                str(folder / 'data')], cwd=TOP, env=environment, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if 'Ctrl-C' in line:
                break
        text = ''.join(said)
        assert 'http://127.0.0.1:' in text and 'gateway add' in text and 'mail list' in text
        made = subprocess.run([BUILD / 'src' / 'mimamori-server', 'gateway', 'add', 'A-1', '--data-dir',
                               folder / 'data'], env=environment, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, rest
