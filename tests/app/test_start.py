"""The app's beginning and its end: the first window in both languages, every look, every width."""

import signal

import pytest

WAYS = ['Sign in', 'Register as a dealer']


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('width', [1280, 360])
def test_first_window(make_desk, language, width):
    desk = make_desk(language=language, width=width)
    for way in WAYS:
        desk.find('button', desk.word(way))
    assert desk.unnamed_controls() == []
    assert desk.too_wide() == []
    desk.key('ctrl+q')
    desk.wait_ended()


@pytest.mark.parametrize('dark,contrast', [(True, False), (False, True), (True, True)])
def test_other_looks(make_desk, dark, contrast):
    desk = make_desk(dark=dark, contrast=contrast)
    assert desk.windows()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_ends_when_it_is_asked_to(desk, number):
    desk.process.send_signal(number)
    desk.wait_ended()


def test_a_second_start_uses_the_first(desk):
    assert desk.run_again() == 0
    assert desk.running() and len(desk.windows()) == 1


def test_keyboard_reaches_every_way(desk):
    for name in WAYS:
        desk.focus(desk.find('button', name))
