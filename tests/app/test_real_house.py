"""A recording of a real house, in by two roads, on the desk: the list, the fault, the chart."""

import re

from harness import fronius
from harness.wait import wait_for

LINES = 2000  # of one push


def near(quantity, minute, within=150):
    """The values that were recorded around a minute of 2016-10-07, on the clock of the house."""
    noon = 1475791200 + minute * 60  # 2016-10-07 00:00 +02:00
    return [point.value for point in fronius.points()
            if point.quantity == quantity and abs(point.time / 1e6 - noon) < within]


def first_row(desk):
    rows = desk.rows(desk.find('table', desk.word('Gateways')))
    return ' '.join(rows[0]) if rows else ''


def test_two_roads_one_house(make_fleet, make_desk, folder):
    fronius.recording()
    fleet = make_fleet(count=1)
    replayed = fleet.add('GW-REPLAY', '--timezone', fronius.ZONE)
    pushed = fleet.add('GW-WRITE', '--timezone', fronius.ZONE)
    fronius.replay(fleet.server, folder, replayed)
    lines = fronius.line_protocol()
    for start in range(0, len(lines), LINES):
        fleet.server.http.post('/write', body='\n'.join(lines[start:start + LINES]).encode(), query={
            'precision': 'u'}, headers={'Authorization': f'Token {pushed["key"]}'}).expect(204)

    desk = make_desk().sign_in(fleet)
    desk.click('row', 'Gateways')
    desk.wait_text('GW-REPLAY')
    desk.wait_text('GW-WRITE')
    fleet.fault('GW-WRITE', '102')
    wait_for(lambda: 'GW-WRITE' in first_row(desk), 10, 'the worst to be the first')
    fleet.fault('GW-WRITE', '102', state='cleared')

    for name in ('GW-REPLAY', 'GW-WRITE'):
        desk.open_gateway(name)
        desk.find('button', '9 October 2016', timeout=20)
        desk.click('button', 'Earlier')
        desk.find('button', '8 October 2016')
        desk.click('button', 'Earlier')
        desk.find('button', '7 October 2016')
        check_noon(desk)


def check_noon(desk):
    """What the chart reads out at one o'clock is what the house recorded then."""
    chart = desk.find('panel', 'Chart')
    said = lambda: desk.find('panel', 'Chart').description.replace('\u00a0', ' ')
    desk.wait_text('Solar')
    desk.focus(chart)
    desk.key('Home')
    wait_for(lambda: said().startswith('00:0'), 10, 'the midnight of the chart')
    desk.key(*['ctrl+Right'] * 13)
    wait_for(lambda: said().startswith('13:0'), 10, 'one o’clock on the chart')
    found = re.search(r'Solar ([\d.]+) (k?W)', said())
    power = float(found[1]) * (1000 if found[2] == 'kW' else 1)
    recorded = near('pv_power', 13 * 60)
    assert min(recorded) * 0.99 - 10 <= power <= max(recorded) * 1.01 + 10, (said(), recorded)
