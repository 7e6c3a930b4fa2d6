"""The list of gateways made one's own: conditions, saved views, columns, and the table that is exported."""

import csv
import re

import pytest
import walking
from harness.wait import wait_for

TOWNS = [('長野県', '長野市', 80), ('長野県', '松本市', 12), ('新潟県', '新潟市', 15)]


@pytest.fixture
def listed(make_desk, make_fleet):
    """The app at the list of three gateways in two prefectures, of different battery levels."""
    fleet = make_fleet(count=0)
    for number, (prefecture, municipality, soc) in enumerate(TOWNS, 1):
        fleet.add(f'GW-{number}', '--prefecture', prefecture, '--municipality', municipality)
        fleet.values(f'GW-{number}', pv_power=1000 * number, soc=soc)

    def begin(**more):
        desk = make_desk(**more)
        # The pointer must not rest on the list, which would keep its order.
        desk.display.tool('xdotool', 'mousemove', 0, 0)
        desk.sign_in(fleet)
        desk.show_page('Gateways')
        shows(desk, 'GW-1', 'GW-2', 'GW-3')
        return desk

    return begin


def shows(desk, *ids):
    """Waits until these gateways are listed and no others."""
    def listed():
        found = desk.find_all('label', re.compile(r'\bGW-\d'))
        return sorted({re.search(r'GW-\d', label.name)[0] for label in found})
    wait_for(lambda: listed() == list(ids), 10, f'{ids}')


def more(desk, *items):
    """From the menu of the page; the first are submenus."""
    desk.click('button', 'More')
    for item in items:
        desk.click('menu item', item)


def has_column(desk, title):
    return desk.has('label', title)


def with_condition(desk):
    """Narrows the list down to the prefecture of two of the three, by keyboard."""
    desk.click('button', 'Conditions')
    desk.wait_text('Battery level below')
    walking.choose(desk, 'Prefecture', '長野県', 2)
    desk.find('button', 'Remove condition: Prefecture: 長野県')
    shows(desk, 'GW-1', 'GW-2')


def test_conditions_combine_and_go_by_their_chips(listed):
    desk = listed()
    with_condition(desk)
    walking.choose(desk, 'Battery level below', '20 %', 2)
    desk.find('button', re.compile('^Remove condition: Battery level below 20'))
    shows(desk, 'GW-2')
    desk.key('Escape')
    desk.click('button', 'Remove condition: Prefecture: 長野県')
    shows(desk, 'GW-2', 'GW-3')
    desk.click('button', re.compile('^Remove condition: Battery level below 20'))
    shows(desk, 'GW-1', 'GW-2', 'GW-3')


def test_a_view_is_saved_found_again_and_removed_with_a_way_back(listed, make_desk):
    desk = listed()
    with_condition(desk)
    desk.key('Escape')
    for name in ('Nagano', 'Home'):
        more(desk, 'Save view…')
        desk.fill('Name of the view', name)
        desk.key('Return')
        desk.find('row', name)
    desk.stop()

    desk = make_desk(display=desk.display)
    desk.click('row', 'Nagano')
    shows(desk, 'GW-1', 'GW-2')
    # The list of views is built anew each time, so nothing of it is looked up before it has changed.
    desk.click('button', 'Remove the view Nagano')
    desk.click('button', 'Undo')
    wait_for(lambda: [row.label for row in desk.find_all('row') if row.label in ('Nagano', 'Home')]
             == ['Nagano', 'Home'], 10, 'the view to be back in its place')
    assert desk.unnamed_controls() == []


def test_columns_are_chosen_and_stay(listed, make_desk):
    desk = listed()
    assert has_column(desk, 'Municipality')
    more(desk, 'Columns', 'Municipality')
    wait_for(lambda: not has_column(desk, 'Municipality'), 10, 'the column to go')
    desk.stop()

    desk = make_desk(display=desk.display)
    desk.show_page('Gateways')
    shows(desk, 'GW-1', 'GW-2', 'GW-3')
    assert has_column(desk, 'Site name') and not has_column(desk, 'Municipality')
    more(desk, 'Columns', 'Municipality')
    wait_for(lambda: has_column(desk, 'Municipality'), 10, 'the column to come')


@pytest.mark.gtk_keeps_memory
def test_what_is_shown_is_exported_as_a_table(listed, tmp_path):
    desk = listed()
    with_condition(desk)
    desk.key('Escape')
    path = tmp_path / 'list.csv'
    more(desk, 'Export as CSV…')
    # The words of the dialog are GTK's own.
    desk.fill(desk.find('entry', re.compile('^Name')), str(path))
    desk.click('button', 'Save')
    desk.wait_text('The list was exported')
    said = path.read_bytes()
    assert said.startswith(b'\xef\xbb\xbf')
    table = list(csv.DictReader(said.decode('utf-8-sig').splitlines()))
    assert sorted(row['Gateway ID'] for row in table) == ['GW-1', 'GW-2']
    assert {row['Municipality'] for row in table} == {'長野県長野市', '長野県松本市'}
    assert sorted(row['Power now (W)'] for row in table) == ['1000', '2000']
