"""The page of alerts, live: open ones, acknowledging one or several, those that are over."""

import re

import pytest
from harness.fleet import ago
from harness.places import TOP
from harness.wait import wait_for

LOOKS = [('ja', 360), ('en', 1280)]


def alerts_of(fleet, state='open'):
    return fleet.api.get(f'/api/v1/alerts?state={state}').json()['alerts']


def toggle(desk, name):
    """A button that stays pressed, which versions of GTK call by different roles."""
    return wait_for(lambda: [one for role in ('button', 'toggle button') for one in desk.find_all(role, name)], 10,
                    f'{name}\n{desk.texts()}')[0]


def count(desk, view, number):
    """Waits until the button of this view ('Open', 'Acknowledged') says so many."""
    return toggle(desk, desk.word(f'{view} %u').replace('%u', str(number)))


@pytest.mark.parametrize('language, width', LOOKS)
def test_fault_appears_and_moves_to_history(make_desk, fleet, language, width):
    desk = make_desk(language=language, width=width).sign_in(fleet).show_page('Alerts')
    desk.wait_text(desk.word('No open alert'))
    desk.wait_text(desk.word('Everything is in order.'))
    fleet.fault('GW-2', '102')
    desk.wait_text('GW-2')
    count(desk, 'Open', 1)
    assert desk.unnamed_controls() == [] and desk.too_wide() == []
    fleet.fault('GW-2', '102', 'cleared')
    desk.wait_text(desk.word('No open alert'))
    desk.click(toggle(desk, desk.word('Recovered')))
    desk.wait_text('GW-2')
    # Live as well.
    fleet.fault('GW-3', '102')
    fleet.fault('GW-3', '102', 'cleared')
    desk.wait_text('GW-3')
    assert not desk.has('button', desk.word('Acknowledge'))


def test_acknowledges_by_keyboard(signed_in, fleet):
    desk = signed_in
    fleet.fault('GW-1', '102')
    desk.show_page('Alerts')
    desk.wait_text('GW-1')
    desk.focus(desk.find('row', inside=desk.find('list', 'Alerts')))
    desk.key('ctrl+Return')
    desk.focus(desk.find('entry', 'Note (optional)'))
    desk.type('on my way')
    desk.key('Return')
    desk.wait_text('No open alert')
    desk.wait_text('1 alert is acknowledged and has not recovered yet.')
    assert alerts_of(fleet)[0]['acknowledged']['note'] == 'on my way'
    desk.click(count(desk, 'Acknowledged', 1))
    desk.wait_text(re.compile('on my way'))


def test_opens_the_gateway_by_keyboard(signed_in, fleet):
    desk = signed_in
    fleet.fault('GW-1', '102')
    desk.show_page('Alerts')
    desk.wait_text('GW-1')
    desk.focus(desk.find('row', inside=desk.find('list', 'Alerts')))
    desk.key('Return')
    desk.find('button', 'Back')
    desk.wait_gone('entry', 'Search alerts')


def test_acknowledges_several(signed_in, fleet):
    desk = signed_in
    for name in fleet.gateways:
        fleet.fault(name, '102')
    desk.show_page('Alerts')
    count(desk, 'Open', 3)
    desk.click(toggle(desk, 'Select several'))
    desk.wait_text('0 selected')
    desk.point(desk.wait_text(re.compile('GW-1$')))
    desk.point(desk.wait_text(re.compile('GW-3$')))
    desk.wait_text('2 selected')
    desk.click('button', 'Acknowledge selected…')
    desk.click('button', 'Acknowledge')
    count(desk, 'Acknowledged', 2)
    count(desk, 'Open', 1)
    wait_for(lambda: sum(alert['state'] == 'acknowledged' for alert in alerts_of(fleet)) == 2, 10, 'two of them')


def test_filters_and_searches(signed_in, fleet):
    desk = signed_in
    for name in fleet.gateways:
        fleet.fault(name, '102')
    desk.show_page('Alerts')
    count(desk, 'Open', 3)
    desk.key('ctrl+f')
    desk.type('gw-2')
    wait_for(lambda: not desk.has('label', re.compile('GW-1$')), 10, 'the others to go')
    desk.wait_text(re.compile('GW-2$'))
    desk.fill('Search alerts', 'nowhere')
    desk.wait_text('No alert matches')
    desk.click('button', 'Show all')
    desk.wait_text(re.compile('GW-1$'))


def test_says_that_the_server_is_away(signed_in, fleet):
    desk = signed_in
    fleet.fault('GW-1', '102')
    desk.show_page('Alerts')
    desk.wait_text(re.compile('GW-1$'))
    fleet.server.kill9()
    desk.wait_text(re.compile('The server cannot be reached. This is how it was at'), timeout=20)
    assert desk.has('label', re.compile('GW-1$'))
    fleet.server.start()
    desk.key('F5')
    desk.wait_gone('label', re.compile('The server cannot be reached'), timeout=20)


def test_notifies(signed_in, fleet):
    desk = signed_in
    notices = desk.display.notices
    fleet.fault('GW-1', '102')
    first = notices.wait(re.compile('The device reports fault 102'))
    assert first.title.startswith('Fault: ') and 'GW-1' in first.body and '長野市' in first.body
    # It opens the gateway.
    notices.press(first, 'default')
    desk.wait_text(re.compile('GW-1 · 長野県長野市'))
    # What repeats is not told again; what recovers is taken back.
    fleet.fault('GW-1', '102')
    fleet.fault('GW-2', '307')
    second = notices.wait(re.compile('307'))
    fleet.fault('GW-1', '102', 'cleared')
    wait_for(lambda: first.closed, 10, 'the first to be taken back')
    assert len(notices.all) == 2
    notices.press(second, 'Acknowledge')
    wait_for(lambda: alerts_of(fleet)[0]['state'] == 'acknowledged', 10, 'it is acknowledged')
    wait_for(lambda: second.closed, 10, 'the second to be taken back')


def test_does_not_notify_of_what_was_open_before(make_desk, display, fleet):
    fleet.fault('GW-1', '102')
    desk = make_desk(display=display).sign_in(fleet)
    desk.show_page('Alerts')
    count(desk, 'Open', 1)
    fleet.fault('GW-2', '307')
    display.notices.wait(re.compile('307'))
    assert len(display.notices.all) == 1


def test_notifications_can_be_switched_off(signed_in, fleet):
    desk = signed_in
    desk.display.tool('gapplication', 'action', 'org.mimamori.Mimamori', 'notifications')
    desk.show_page('Alerts')
    fleet.fault('GW-1', '102')
    count(desk, 'Open', 1)
    desk.display.tool('gapplication', 'action', 'org.mimamori.Mimamori', 'notifications')
    fleet.fault('GW-2', '307')
    desk.display.notices.wait(re.compile('307'))
    assert len(desk.display.notices.all) == 1


def test_storm(make_desk, make_fleet):
    fleet = make_fleet(count=5)
    desk = make_desk().sign_in(fleet).show_page('Alerts')
    desk.wait_text('No open alert')
    # As many as may be open of each.
    for name in fleet.gateways:
        fleet.push(name, events=[{'t': ago(), 'device': 'pcs1', 'code': f'{name}-{number}', 'state': 'raised'}
                                 for number in range(100)])
    count(desk, 'Open', 500)
    notice = desk.display.notices.wait('500 new alerts')
    desk.display.notices.press(notice)
    desk.fill('Search alerts', 'GW-5-99')
    wait_for(lambda: len(desk.find_all('button', 'Acknowledge')) == 1, 10, 'one of them')


def test_desktop_entry_leads_here(signed_in):
    """The desktop starts the actions of the entry by these names."""
    entry = (TOP / 'data' / 'org.mimamori.Mimamori.desktop.in').read_text()
    names = re.search('^Actions=(.*)$', entry, re.M)[1].strip(';').split(';')
    known = signed_in.display.call('org.mimamori.Mimamori', '/org/mimamori/Mimamori', 'org.gtk.Actions', 'List')
    assert set(names) <= set(known[0])
    signed_in.display.tool('gapplication', 'action', 'org.mimamori.Mimamori', 'alerts')
    signed_in.wait_text('No open alert')
