"""Owners' tables of half hours: taken as history, made of what is stored, and round."""

import csv
import io
import random
from datetime import datetime, timedelta

import pytest

from harness.gateway import Gateway, exported

NAMES = ['年月日', '時刻', '発電電力量[kWh]', '消費電力量[kWh]', '売電電力量[kWh]', '買電電力量[kWh]', '充電電力量[kWh]',
         '放電電力量[kWh]', '蓄電残量(SOC)[%]']


@pytest.fixture
def gateway(server):
    return Gateway(server)


def half_hours(start, count, seed=1):
    """Rows as the maker's service has them: two decimals, nothing below zero."""
    chance = random.Random(seed)
    at = datetime.fromisoformat(start)
    rows = []
    for _ in range(count):
        rows.append([at.strftime('%Y/%m/%d'), at.strftime('%H:%M')]
                    + [f'{chance.choice((0, 0, chance.random() * 3)):.2f}' for _ in range(6)]
                    + [str(chance.randrange(101))])
        at += timedelta(minutes=30)
    return rows


def table(rows, names=NAMES, order=None):
    order = order or range(len(names))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator='\r\n')
    for row in [names, *rows]:
        writer.writerow([row[i] for i in order])
    return '\ufeff' + out.getvalue()


def bring(gateway, folder, text, **more):
    path = folder / 'table.csv'
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if more:
        return gateway.server.run('import', '--gateway', gateway.id, path, **more)
    return gateway.server.cli('import', '--gateway', gateway.id, path)


def written(gateway, *options):
    done = gateway.server.run('export', '--gateway', gateway.id, '--layout', '30min', *options, text=False)
    text = done.stdout.decode()
    assert text.startswith('\ufeff')
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == NAMES
    return rows[1:]


def numbers(rows):
    return [row[:2] + [float(cell) if cell else None for cell in row[2:]] for row in rows]


def test_round(gateway, folder):
    rows = half_hours('2026-04-29T00:00', 48 * 40)
    answer = bring(gateway, folder, table(rows))
    assert (answer['rows'], answer['skipped'], answer['quarantined']) == (48 * 40, 0, 0)
    assert numbers(written(gateway)) == numbers(rows)
    again = bring(gateway, folder, table(rows))
    assert again['stored'] == again['corrected'] == 0 and again['duplicates'] == answer['stored']
    # What was written can be taken again, too.
    text = gateway.server.run('export', '--gateway', gateway.id, '--layout', '30min', text=False).stdout
    assert bring(gateway, folder, text)['duplicates'] == answer['stored']
    part = written(gateway, '--from', '2026-04-30T00:00:00+09:00', '--to', '2026-05-01T00:00:00+09:00')
    assert numbers(part) == numbers(rows[48:96])
    # Nobody was in contact.
    assert gateway.server.cli('gateway', 'list')['gateways'][0]['status'] == 'never_seen'


def test_columns_in_any_order_and_months_in_any_order(gateway, folder):
    rows = half_hours('2026-03-01T00:00', 48 * 61)
    march, april = rows[:48 * 31], rows[48 * 31:]
    bring(gateway, folder, table(april, order=[8, 3, 0, 5, 2, 1, 7, 4, 6]))
    bring(gateway, folder, table(march))
    assert numbers(written(gateway)) == numbers(rows)
    corrected = [row[:] for row in april]
    corrected[10][2] = '9.99'
    assert bring(gateway, folder, table(corrected))['corrected'] > 0
    assert numbers(written(gateway)) == numbers(march + corrected)


def test_half_days_gaps_and_missing_columns(gateway, folder):
    rows = half_hours('2026-05-01T00:00', 96)
    rows = rows[:20] + rows[30:60] + rows[70:]
    names = NAMES[:4]
    bring(gateway, folder, table([row[:4] for row in rows[:10]], names))
    bring(gateway, folder, table([row[:4] for row in rows[10:]], names).replace('[kWh]', '［ｋＷｈ］'))
    assert numbers(written(gateway)) == [row[:4] + [None] * 5 for row in numbers(rows)]


def test_what_is_measured_counts_before_what_is_brought(gateway, folder):
    gateway.push({'readings': [{'t': f'2026-05-01T03:{minute:02}:00Z', 'device': 'pcs1', 'v': {'pv_power': 1200}}
                               for minute in range(0, 60)]})
    rows = half_hours('2026-05-01T11:00', 6)
    answer = bring(gateway, folder, table(rows))
    assert (answer['rows'], answer['skipped']) == (6, 2)
    found = numbers(written(gateway))
    assert [row[1] for row in found] == ['11:00', '11:30', '12:00', '12:30', '13:00', '13:30']
    assert found[2][2] == pytest.approx(0.6) and found[3][2] == pytest.approx(0.58)
    assert [row for row in found if row[1] not in ('12:00', '12:30')] == [
        row for row in numbers(rows) if row[1] not in ('12:00', '12:30')]


def test_powers_by_sign(gateway):
    readings = [{'t': f'2026-05-01T03:{minute:02}:00Z', 'device': 'm',
                 'v': {'grid_power': 1000 if minute < 15 else -2000, 'battery_power': -600, 'soc': 50 + minute}}
                for minute in range(0, 31)]
    gateway.push({'readings': readings}).expect(200)
    row = numbers(written(gateway))[0]
    assert row[:2] == ['2026/05/01', '12:00']
    assert row[NAMES.index('買電電力量[kWh]')] == pytest.approx(0.25, abs=0.02)
    assert row[NAMES.index('売電電力量[kWh]')] == pytest.approx(0.5, abs=0.02)
    assert row[NAMES.index('充電電力量[kWh]')] == pytest.approx(0.3)
    assert row[NAMES.index('放電電力量[kWh]')] == 0
    assert row[NAMES.index('蓄電残量(SOC)[%]')] == 50


def test_days_of_23_and_25_hours(server, folder):
    made = server.cli('gateway', 'add', 'EU-1', '--timezone', 'Europe/Berlin')
    gateway = Gateway.__new__(Gateway)
    gateway.server, gateway.id, gateway.key = server, made['id'], made['key']
    spring = [row for row in half_hours('2026-03-29T00:00', 48) if not row[1].startswith('02:')]
    autumn = half_hours('2026-10-25T00:00', 48)
    twice = next(i for i, row in enumerate(autumn) if row[1] == '03:00')
    autumn = autumn[:twice] + [['2026/10/25', '02:00', *['0.11'] * 6, '5'], ['2026/10/25', '02:30', *['0.22'] * 6, '6']] \
        + autumn[twice:]
    server.operator('POST', '/operator/v1/test/advance', json_body={'seconds': 86400 * 300}).expect(204)
    assert bring(gateway, folder, table(spring + autumn))['quarantined'] == 0
    assert numbers(written(gateway)) == numbers(spring + autumn)
    wrong = table([['2026/03/29', '02:30', *['0'] * 6, '5']])
    assert 'line 2' in bring(gateway, folder, wrong, status=1).stderr


def test_wrong_tables_change_nothing(gateway, folder):
    good = half_hours('2026-05-01T00:00', 3)
    for text, says in (
            ('', 'row'), ('a,b\r\n1,2\r\n', '年月日'), ('年月日,時刻\r\n2026/05/01,00:00\r\n', '発電'),
            (table([]), 'row'), (table([*good, ['2026/05/01', '02:10', *['1'] * 7]]), 'line 5'),
            (table([['2026/02/30', '00:00', *['1'] * 7]]), 'line 2'),
            (table([['0001/01/01', '00:00', *['1'] * 7]]), 'line 2'),
            (table([['20260501', '00:00', *['1'] * 7]]), 'line 2'),
            (table([*good, ['2026/05/01', '02:00', '-1', *['1'] * 6]]), 'line 5'),
            (table([*good, ['2026/05/01', '02:00', 'x', *['1'] * 6]]), 'line 5'),
            (table([*good, ['2026/05/01', '02:00', *['1'] * 6, '101']]), 'line 5'),
            (b'\xff\xfe', 'UTF-8'), (table(half_hours('2024-01-01T00:00', 48 * 367)), 'year')):
        said = bring(gateway, folder, text, status=1).stderr
        assert says in said and said.count('\n') == 1, (text[:60], said)
    assert gateway.values() == 0
    assert 'no gateway' in gateway.server.run('import', '--gateway', 'none', folder / 'table.csv', status=1).stderr
    assert exported(gateway.server, gateway.id) == {}
    assert written(gateway) == []
    gateway.server.run('import', folder / 'table.csv', status=2)
    gateway.server.run('import', '--gateway', gateway.id, folder / 'absent', status=1)
