"""The chart as somebody uses it who sees nothing, has no mouse, or has a narrow screen."""

import re

import pytest
from harness.places import BUILD
from harness.wait import wait_for

WINDOW = BUILD / 'tests' / 'app' / 'chart-window'


@pytest.fixture
def chart(make_desk):
    def make(*arguments, **more):
        return make_desk(*arguments, binary=[WINDOW], **more)
    return make


def reads(desk, text, name='Chart'):
    """Waits until the chart says what is at its crosshair."""
    try:
        wait_for(lambda: said(desk, name) == text, 10, text)
    except AssertionError:
        raise AssertionError(f'{said(desk, name)!r}, not {text!r}') from None


def said(desk, name):
    return desk.find('panel', name).description.replace('\u00a0', ' ')


def chip(desk, name):
    """A toggle button; a plain one before GTK 4.10."""
    wait_for(lambda: desk.has('button', name) or desk.has('toggle button', name), 10, name)
    return 'button' if desk.has('button', name) else 'toggle button'


def test_read_by_keyboard(chart):
    desk = chart()
    desk.focus(desk.find('panel', 'Chart'))
    desk.key('Home')
    reads(desk, '00:00, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')
    desk.key('Right')
    reads(desk, '00:05, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')
    desk.key('ctrl+Right')
    reads(desk, '01:05, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')
    desk.key('Left')
    reads(desk, '01:00, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')
    desk.key('Escape')
    reads(desk, '')


def test_gap_is_said(chart):
    desk = chart()
    desk.focus(desk.find('panel', 'Chart'))
    desk.key('End')
    reads(desk, '23:59, Solar –, Grid –, House –, Battery level –')


def test_zoom_by_keyboard(chart):
    desk = chart()
    desk.focus(desk.find('panel', 'Chart'))
    # Where the pointer lies does not matter.
    desk.key('Escape', 'plus')
    desk.wait_text('360 to 1080')
    desk.key('plus')
    desk.wait_text('540 to 900')
    desk.key('minus')
    desk.wait_text('360 to 1080')
    # The crosshair takes along what is seen.
    desk.key('Home')
    reads(desk, '06:00, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')
    desk.key('ctrl+Left')
    desk.wait_text('300 to 1020')
    desk.key('0')
    desk.wait_text('0 to 1440')


def test_legend_hides(chart):
    desk = chart()
    desk.click(chip(desk, 'Grid'), 'Grid')
    desk.focus(desk.find('panel', 'Chart'))
    desk.key('Home')
    reads(desk, '00:00, Solar 3.12 kW, House 850 W, Battery level 74 %')
    desk.click(chip(desk, 'Grid'), 'Grid')
    desk.focus(desk.find('panel', 'Chart'))
    desk.key('Home')
    reads(desk, '00:00, Solar 3.12 kW, Sold 1.20 kW, House 850 W, Battery level 74 %')


def test_marks(chart):
    desk = chart()
    desk.focus(desk.find('button', '7 Oct 08:00 Fault: Ground fault'))
    desk.key('Return')
    desk.wait_text('fault-1')
    desk.focus(desk.find('button', '7 Oct 16:00 No contact: Router'))
    desk.key('space')
    desk.wait_text('offline-1')
    # What is not seen has no mark.
    desk.focus(desk.find('panel', 'Chart'))
    desk.key('Escape', 'plus', 'plus')
    desk.wait_text('540 to 900')
    desk.wait_gone('button', re.compile('Ground fault'))


def test_bars_in_japanese_and_narrow(chart):
    desk = chart('--bars', language='ja', width=360, dark=True)
    desk.focus(desk.find('panel', 'グラフ'))
    desk.key('Home')
    reads(desk, '10月7日, 発電 12.4 kWh, 売電 3.20 kWh', name='グラフ')
    desk.key('Right')
    reads(desk, '10月8日, 発電 12.4 kWh, 売電 3.20 kWh', name='グラフ')
    desk.key('End')
    reads(desk, '10月13日, 発電 12.4 kWh, 売電 3.20 kWh', name='グラフ')
    assert desk.too_wide() == [] and desk.unnamed_controls() == []
