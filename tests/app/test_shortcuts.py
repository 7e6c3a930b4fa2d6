"""The window of shortcuts says what is true: each of them is tried here."""

import re
import xml.etree.ElementTree as xml

from harness.places import TOP
from harness.wait import wait_for

# Tried by other tests: what they do needs more of a stage.
ELSEWHERE = {
    '<Control>Return': 'test_alerts.py', 'Return': 'test_alerts.py', '<Control>Page_Up': 'test_gateway.py',
    '<Control>Page_Down': 'test_gateway.py',
}
PAGES = ('Overview', 'Gateways', 'Alerts', 'My account', 'What to tell customers', 'Server')


def listed():
    tree = xml.parse(TOP / 'src' / 'app' / 'gtk' / 'help-overlay.ui')
    return {key for entry in tree.iter('property') if entry.get('name') == 'accelerator' for key in entry.text.split()}


def shown(desk, page):
    """Waits until this page of the sidebar is shown."""
    row = desk.find('row', re.compile('^' + page))
    wait_for(lambda: row.refresh() and 'selected' in row.states, 10, page)


def test_every_shortcut(signed_in, fleet):
    desk, tried = signed_in, set(ELSEWHERE)
    for number in (2, 3, 4, 5, 6, 1):
        desk.key(f'alt+{number}')
        shown(desk, PAGES[number - 1])
    tried.add('<Alt>1...6')

    desk.key('alt+3', 'ctrl+f')
    wait_for(lambda: desk.focused() and desk.focused().label == 'Search alerts'
             or desk.focused() and desk.focused().role == 'text', 10, 'the search has the focus')
    desk.type('nowhere')
    desk.wait_text('No open alert' if desk.has('label', 'No open alert') else 'No alert matches')
    tried.add('<Control>f')

    desk.click([one for role in ('button', 'toggle button') for one in desk.find_all(role, 'Select several')][0])
    desk.wait_text('0 selected')
    desk.key('Escape')
    desk.wait_gone('label', '0 selected')
    tried.add('Escape')

    for key in ('alt+Left', 'Escape'):
        desk.open_gateway('GW-1')
        desk.find('button', 'More about this gateway')
        desk.key(key)
        desk.wait_gone('button', 'More about this gateway')
        desk.find('entry', 'Search gateways')
    tried.add('<Alt>Left')

    desk.key('F9')
    wait_for(lambda: desk.focused() and desk.focused().role in ('list item', 'table row'), 10, 'the sidebar')
    tried.add('F9')

    desk.key('alt+5')
    desk.wait_text('Omuro-Ten')
    fleet.server.kill9()
    desk.key('F5')
    desk.find('button', re.compile('Try again', re.I))
    fleet.server.start()
    desk.key('F5')
    desk.wait_gone('button', re.compile('Try again', re.I))
    tried |= {'F5'}

    desk.key('F10')
    desk.find('menu item', re.compile('About'))
    desk.key('Escape')
    tried.add('F10')

    desk.key('ctrl+n')
    wait_for(lambda: len(desk.windows()) == 2, 10, 'another window')
    desk.key('ctrl+w')
    wait_for(lambda: len(desk.windows()) == 1, 10, 'it to close')
    tried |= {'<Control>n', '<Control>w'}

    desk.key('ctrl+question')
    desk.wait_text('Keyboard shortcuts')
    desk.key('Escape')
    wait_for(lambda: len(desk.windows()) == 1, 10, 'it to close')
    tried |= {'<Control>question'}

    desk.key('ctrl+q')
    desk.wait_ended()
    tried.add('<Control>q')
    assert listed() - tried == {'<Control>p'} and not tried - listed()


def test_prints_by_keyboard(make_desk, make_fleet):
    desk = make_desk().sign_in(make_fleet('--public-url', 'http://mimamori.example'))
    desk.show_page('What to tell customers')
    desk.focus(desk.find('button', 'Print the sheet…'))
    desk.key('ctrl+p')
    desk.wait_text(re.compile('^Print$|Print to File'), timeout=20)
    desk.key('Escape')
