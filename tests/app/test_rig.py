"""The rig of these tests, tried on a small window of its own: what it finds, and that it can fail."""

import re
import signal
import sys

import pytest
from harness.display import leftovers
from harness.places import TOP
from harness.wait import wait_for

TOY = [sys.executable, TOP / 'tests' / 'app' / 'toy.py']


@pytest.fixture
def toy(make_desk):
    def make(*arguments, **more):
        return make_desk(*arguments, binary=TOY, **more)
    return make


def test_finds_fills_and_clicks(toy):
    desk = toy()
    assert desk.window('Toy').role == 'frame'
    desk.fill('Name', '花子')
    desk.click('button', 'Greet')
    desk.wait_text('Hello 花子')
    assert desk.find('entry', 'Name').text == '花子'
    assert desk.rows('Houses')[:2] == [['One', 'House One'], ['Two', 'House Two']]
    desk.click('row', re.compile('Two'))
    desk.wait_text('Row Two')
    desk.wait_gone('label', 'Hello 花子')
    with pytest.raises(AssertionError, match="button 'Nobody'(?s:.*)Hello|Row Two"):
        desk.find('button', 'Nobody', timeout=0.1)
    with pytest.raises(AssertionError, match='2 of them'):
        desk.find('label', re.compile('^House '), timeout=0.1)


def test_keyboard_alone(toy):
    desk = toy()
    desk.focus(desk.find('entry', 'Name'))
    desk.type('Taro')
    assert wait_for(lambda: desk.find('entry', 'Name').text == 'Taro')
    desk.focus(desk.find('button', 'Greet'))
    desk.key('space')
    desk.wait_text('Hello Taro')
    desk.key('ctrl+q')
    desk.wait_ended()


def test_other_pages_are_not_on_the_screen(toy):
    desk = toy()
    assert desk.has('label', 'First page') and not desk.has('label', 'Second page')
    desk.click('button', 'Turn')
    desk.find('label', 'Second page')
    assert not desk.has('label', 'First page')


def test_unnamed_and_wide(toy):
    desk = toy('--unnamed', '--wide', width=360)
    assert [one.role for one in desk.unnamed_controls()] == ['button']
    wide = desk.too_wide()
    assert any(role == 'window' and width > 360 for role, _, width in wide), wide
    desk.stop()
    good = toy(width=360)
    assert good.unnamed_controls() == [] and good.too_wide() == []


def test_notifications(toy):
    desk = toy()
    desk.key('ctrl+n')
    notice = desk.display.notices.wait('Fault')
    assert notice.body == 'House One' and 'Acknowledge' in notice.actions.values()
    desk.display.notices.press(notice)
    wait_for(lambda: 'noted' in desk.log())
    desk.key('ctrl+n')
    desk.display.notices.press(desk.display.notices.wait('Fault'), 'Acknowledge')
    desk.wait_ended()


@pytest.mark.parametrize('keyring', ['unlocked', 'locked', 'absent'])
def test_keyrings(make_display, keyring):
    display = make_display(keyring=keyring)
    assert display.owned('org.freedesktop.secrets') == (keyring != 'absent')
    if keyring != 'absent':
        locked = display.call('org.freedesktop.secrets', '/org/freedesktop/secrets/collection/login',
                              'org.freedesktop.DBus.Properties', 'Get', '(ss)',
                              'org.freedesktop.Secret.Collection', 'Locked')[0]
        assert locked == (keyring == 'locked') and display.secrets() == []


def test_complaints_are_noticed(toy):
    desk = toy('--warn')
    desk.process.send_signal(signal.SIGTERM)
    with pytest.raises(AssertionError, match='provoked'):
        desk.wait_ended()


def test_nothing_is_left(make_display):
    display = make_display()
    assert len(leftovers(display.run)) >= 4
    display.close()
    assert leftovers(display.run) == []

