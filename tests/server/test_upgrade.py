"""A database of an earlier version is brought up to date, and all that was stored is there.

`tests/fixtures/schema-N.sql` is what a server of schema N wrote, as SQL, with gateways whose pushes
came out of order, late and corrected; beside it is what that server exported of each gateway."""

import sqlite3

import pytest
from harness.places import TOP

FIXTURES = TOP / 'tests' / 'fixtures'
OLD = sorted(path.stem for path in FIXTURES.glob('schema-*.sql'))


@pytest.fixture(params=OLD)
def old(request, make_server):
    """A server, not yet started, on the old data; and what it exported of each gateway."""
    server = make_server(start=False)
    server.data_dir.mkdir(parents=True)
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        db.executescript((FIXTURES / f'{request.param}.sql').read_text(encoding='utf-8'))
    db.close()
    exported = {path.stem.removeprefix(request.param + '-'): path.read_text(encoding='utf-8')
                for path in FIXTURES.glob(f'{request.param}-*.csv')}
    assert exported
    return server, exported


def check(server, exported):
    for gateway, expected in exported.items():
        assert server.run('export', '--gateway', gateway).stdout == expected
    found = server.cli('check')
    assert found['ok'], found
    assert found['values'] == sum(text.count('\n') - 1 for text in exported.values())


def test_all_is_there(old):
    server, exported = old
    server.start()
    check(server, exported)
    server.cli('compact')
    check(server, exported)
    assert server.cli('compact') == {'gateways': 0, 'pushes': 0, 'blocks': 0}
    server.restart()
    check(server, exported)
    server.stop()
    with sqlite3.connect(server.data_dir / 'mimamori.db') as db:
        assert db.execute('SELECT count(*) FROM reading_log').fetchone()[0] <= 1
        assert db.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
    db.close()


def test_it_goes_on(old):
    """What was stored is known: pushed again it changes nothing, and more is added to it."""
    server, exported = old
    server.start()
    server.cli('compact')
    for gateway, text in exported.items():
        key = server.cli('gateway', 'rotate-key', gateway)['key']
        readings = [{'t': time, 'device': device, 'v': {quantity: float(value)}}
                    for time, device, quantity, value in (line.split(',') for line in text.splitlines()[1:])]
        answer = server.http.post('/ingest/v1', {'readings': readings},
                                  headers={'Authorization': f'Token {key}'}).expect(200).json()
        assert (answer['stored'], answer['corrected'], answer['duplicates']) == (0, 0, len(readings)), answer
        answer = server.http.post('/ingest/v1', {'readings': [{**readings[0], 'device': 'new'}]},
                                  headers={'Authorization': f'Token {key}'}).expect(200).json()
        assert answer['stored'] == 1
    assert server.cli('check')['ok']
