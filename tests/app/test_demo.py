"""The demo fleet: in the app, and in the terminal."""

import os
import re
import signal
import subprocess

from harness.display import leftovers
from harness.places import BUILD
from harness.server import private_environment
from harness.wait import wait_for

HOUSES = 20
SUMMARY = re.compile(r'(\d+) gateways: (.*); producing ')


def programs(home):
    """The names of the demo's programs that run with this home."""
    mark = f'HOME={home}'.encode()
    found = []
    for pid in os.listdir('/proc'):
        try:
            with open(f'/proc/{pid}/environ', 'rb') as file:
                if mark not in file.read().split(b'\0'):
                    continue
            with open(f'/proc/{pid}/comm', encoding='utf-8') as file:
                found.append(file.read().strip())
        except OSError:
            pass
    return sorted(name for name in found if name.startswith('mimamori-'))


def children(desk):
    return programs(desk.display.home)


def test_twenty_houses_come_to_life_and_go(make_desk):
    desk = make_desk('--demo')
    desk.wait_text('Twenty simulated houses')
    desk.wait_gone(None, re.compile('Twenty simulated houses'), timeout=60)
    desk.find('button', desk.word('Leave the demo'))
    assert desk.unnamed_controls() == []
    assert children(desk) == ['mimamori-gatewa', 'mimamori-server']

    # Nothing of it is remembered: neither the server nor who was signed in.
    settings = desk.display.home / 'config' / 'glib-2.0' / 'settings' / 'keyfile'
    assert not settings.exists() or 'server-url' not in settings.read_text()

    desk.click('button', desk.word('Leave the demo'))
    desk.click('button', desk.word('Leave and delete the data'))
    desk.find('button', desk.word('Sign in'), timeout=30)
    wait_for(lambda: children(desk) == [], 20, 'the children to end')
    wait_for(lambda: not (desk.display.home / 'data' / 'mimamori-demo').exists(), 20, 'no data to be left')


def test_quitting_ends_the_demo(make_desk):
    desk = make_desk('--demo')
    desk.wait_text('Twenty simulated houses')
    desk.wait_gone(None, re.compile('Twenty simulated houses'), timeout=60)
    desk.key('ctrl+q')
    desk.wait_ended(30)
    assert children(desk) == []
    assert (desk.display.home / 'data' / 'mimamori-demo').exists()


def test_terminal(folder):
    home = folder / 'home'
    process = subprocess.Popen([BUILD / 'src' / 'mimamori', '--demo', '--terminal'],
                               env=private_environment(home, LANGUAGE='en'), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    seen = []
    try:
        for line in process.stdout:
            found = SUMMARY.search(line)
            if found and int(found[1]) == HOUSES and line not in seen:
                seen.append(line)
            # They move: the power is another one, or a status is.
            if len(seen) == 2:
                break
        assert len(seen) == 2
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, rest
    assert programs(home) == []
    assert leftovers(home / 'run') == []
