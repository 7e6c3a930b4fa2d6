"""The gateways as a dealer sees them: the overview, the list, live, searched, and without the server."""

import contextlib
import re
import time

import pytest
from harness.atspi import Gone
from harness.wait import patient, wait_for


@pytest.fixture
def signed_in(make_desk, fleet):
    """The app with three gateways in it; begin(width=…, language=…)."""
    fleet.values('GW-1', pv_power=3120, soc=74.5)
    fleet.values('GW-2', pv_power=845, soc=15)

    def begin(page='Gateways', **more):
        desk = make_desk(**more)
        # The pointer must not rest on the list, which would keep its order.
        desk.display.tool('xdotool', 'mousemove', 0, 0)
        desk.sign_in(fleet)
        if page and desk.has('row', desk.word(page)):
            desk.click('row', desk.word(page))
        return desk

    return begin


def order(desk):
    """The IDs of the rows, from above."""
    labels = [element for element in desk.root.below() if re.fullmatch(r'GW-\d', element.name or '')
              and element.role in ('label', 'static')]
    return [label.name for label in sorted(labels, key=lambda label: label.area[1])]


def wait_order(desk, *ids, timeout=10):
    return wait_for(lambda: order(desk) == list(ids), timeout, f'{ids}, is {order(desk)}')


def test_list_and_a_fault_that_comes_first(signed_in, fleet):
    desk = signed_in()
    wait_order(desk, 'GW-1', 'GW-2', 'GW-3')
    desk.wait_text('3.12')
    desk.find('button', 'All 3')
    begin = time.monotonic()
    fleet.fault('GW-2')
    wait_order(desk, 'GW-2', 'GW-1', 'GW-3')
    assert time.monotonic() - begin < patient(1)
    desk.find('button', 'Fault 1')
    assert desk.unnamed_controls() == []


def test_search_and_status_views(signed_in, fleet):
    fleet.fault('GW-2')
    desk = signed_in()
    wait_order(desk, 'GW-2', 'GW-1', 'GW-3')
    desk.click('button', 'Fault 1')
    wait_order(desk, 'GW-2')
    desk.click('button', 'All 3')
    desk.key('ctrl+f')
    desk.type('gw-3')
    wait_order(desk, 'GW-3')
    desk.find('button', 'All 1')
    desk.type('zzz')
    desk.wait_text('No gateway fits')
    desk.click('button', 'Clear filters')
    wait_order(desk, 'GW-2', 'GW-1', 'GW-3')


def test_opened_by_keyboard(signed_in):
    desk = signed_in()
    wait_order(desk, 'GW-1', 'GW-2', 'GW-3')
    desk.key('ctrl+f')
    desk.focus(desk.find('row', re.compile('GW-1')))
    desk.key('End')
    last = desk.find('row', re.compile('GW-3'))
    desk._wait(lambda: last.refresh() and 'focused' in last.states, 10, 'the last row to have the focus')
    desk.key('Return')
    desk.wait_gone('entry', 'Search gateways')
    desk.wait_text(re.compile(r'^GW-3 · '))


def test_overview_leads_to_the_list(signed_in, fleet):
    fleet.fault('GW-3')
    desk = signed_in(page=None)
    desk.wait_text('1 gateway needs attention')
    desk.click('button', 'Fault 1')
    wait_order(desk, 'GW-3')


def test_readable_without_the_server(signed_in, fleet):
    desk = signed_in()
    wait_order(desk, 'GW-1', 'GW-2', 'GW-3')
    fleet.server.kill9()
    desk.wait_text(re.compile(r'cannot be reached\. This is how it was at'), timeout=20)
    assert order(desk) == ['GW-1', 'GW-2', 'GW-3']
    fleet.server.start()
    # The app may have found it by itself before.
    for button in desk.find_all('button', 'Try again'):
        with contextlib.suppress(Gone, AssertionError):
            desk.click(button)
    fleet.fault('GW-3')
    wait_order(desk, 'GW-3', 'GW-1', 'GW-2', timeout=40)
    wait_for(lambda: 'This is how it was at' not in desk.texts(), 20, 'the notice to go')


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_narrow(signed_in, language):
    desk = signed_in(page=None, width=360, language=language)
    desk.click('button', desk.word('Normal') + ' 2')
    desk.wait_text('3.12')
    assert desk.unnamed_controls() == []
