"""The page of one gateway: what is wrong and what to do first, what it does now, its history."""

import re

import pytest
from harness.fleet import ago


def opened(make_desk, fleet, name='GW-1', **look):
    """The app with the page of this gateway, opened as a notification does."""
    desk = make_desk(**look)
    desk.sign_in(fleet)
    desk.open_gateway(name)
    return desk


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('width', [1280, 360])
def test_house_without_faults(fleet, make_desk, language, width):
    fleet.values('GW-1', pv_power=3120, load_power=850, grid_power=-1200, battery_power=-1070, soc=74)
    desk = opened(make_desk, fleet, language=language, width=width)
    desk.wait_text('3.12\u00a0kW')
    shown = desk.texts()
    assert all(text in shown for text in ('850\u00a0W', '1.20\u00a0kW', '1.07\u00a0kW'))
    assert desk.word('selling') in shown and '74\u00a0% · ' + desk.word('charging') in shown
    assert desk.word('Normal') in shown
    assert desk.unnamed_controls() == []
    assert desk.too_wide() == []


def test_fault_and_what_to_do_first(fleet, make_desk):
    fleet.values('GW-1', pv_power=100)
    desk = opened(make_desk, fleet)
    desk.wait_text(re.compile('Everything is in order.*'))
    fleet.fault('GW-1', '102')
    desk.wait_text(re.compile('.*102 — since .*'))
    assert 'What to do first: ' in desk.texts()
    fleet.fault('GW-1', '102', state='cleared')
    desk.wait_gone(name=re.compile('.*102 — since .*'))
    desk.wait_text(re.compile('Everything is in order.*'))


def test_acknowledge_with_a_note(fleet, make_desk):
    fleet.fault('GW-1', '102')
    desk = opened(make_desk, fleet)
    desk.click('button', 'Acknowledge')
    desk.fill('Note (optional)', '午後に訪問します')
    desk.key('Return')
    desk.wait_text(re.compile('Acknowledged .*: 午後に訪問します'))
    alert, = fleet.api.get('/api/v1/alerts').expect(200).json()['alerts']
    assert alert['state'] == 'acknowledged' and alert['acknowledged']['note'] == '午後に訪問します'


def test_values_grow_old(fleet, make_desk):
    fleet.values('GW-1', time=ago(minutes=20), pv_power=500, soc=40)
    desk = opened(make_desk, fleet)
    desk.wait_text('20 min')
    assert desk.find_all(name='Old data')


def test_lists_below(fleet, make_desk):
    fleet.push('GW-1', devices=[{'device': 'pcs1', 'kind': 'pcs', 'maker': 'Sample', 'model': 'PX-55',
                                 'serial': 'S-1'}])
    fleet.values('GW-1', pv_power=500, temperature_inverter=41.2, odd_thing=3)
    fleet.fault('GW-1', '102')
    fleet.fault('GW-1', '102', state='cleared')
    desk = opened(make_desk, fleet)
    desk.wait_text('Sample PX-55 · serial number S-1')
    assert '41.2\u00a0°C' in desk.texts() and 'odd_thing' in desk.texts()
    desk.click('tab', 'Events')
    desk.wait_text(re.compile('.*102.* — ended'))
    desk.click('tab', 'Alerts')
    desk.wait_text(re.compile(r'.* to .* \(.* s\).*102.*'))
    desk.click('tab', 'Customer')
    desk.wait_text('ミマモリ ハナコ')
    assert 'Linked since' in desk.texts()


def test_not_ones_own(fleet, make_desk):
    fleet.add('GW-9', linked=False)
    desk = opened(make_desk, fleet, 'GW-9')
    desk.wait_text('This gateway cannot be seen')
    desk.click('button', 'All gateways')
    desk.wait_gone(name='This gateway cannot be seen')


def test_link_ends_while_it_is_open(fleet, make_desk):
    fleet.values('GW-1', pv_power=500)
    desk = opened(make_desk, fleet)
    desk.wait_text('500\u00a0W')
    fleet.unlink('GW-1')
    desk.wait_text('This gateway cannot be seen')


def test_server_goes_and_comes_back(fleet, make_desk):
    fleet.values('GW-1', pv_power=500)
    desk = opened(make_desk, fleet)
    desk.wait_text('500\u00a0W')
    fleet.server.kill9()
    desk.focus(desk.find('button', 'Day'))
    desk.key('F5')
    desk.wait_text('The server cannot be reached.')
    assert '500\u00a0W' in desk.texts()
    fleet.server.start()
    desk.click('button', 'Try again')
    desk.wait_gone(name='The server cannot be reached.')


def test_other_days(fleet, make_desk):
    fleet.values('GW-1', time=ago(days=1), pv_power=500)
    desk = opened(make_desk, fleet)
    label = desk.find('button', re.compile(r'\d+ \w+ \d{4}')).name
    desk.click('button', 'Earlier')
    desk.wait_gone('button', label)
    desk.click('button', 'Week')
    desk.find('button', re.compile(r'\d+ \w+ \d{4} – \d+ \w+ \d{4}'))
    desk.click('button', 'Year')
    desk.find('button', re.compile(r'\d{4}'))
