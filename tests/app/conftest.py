"""Fixtures of the app's tests: docs/testing.md shows how to use them."""

import itertools
import re

import pytest
from harness.desk import Desk
from harness.display import Display
from harness.fleet import Fleet
from harness.places import KEPT
from harness.shop import Shop


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    item.stash.setdefault(REPORTS, []).append(outcome.get_result())


REPORTS = pytest.StashKey()


def failed(request):
    return any(report.failed for report in request.node.stash.get(REPORTS, []))


@pytest.fixture
def make_display(folder):
    """Makes sessions: make_display(width=360, keyring='absent'); see harness.display."""
    displays = []

    def make(**more):
        own = folder / f'd{len(displays)}'
        own.mkdir()
        displays.append(Display(own, **more))
        return displays[-1]

    yield make
    problems = []
    for display in displays:
        try:
            display.close()
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, '\n\n'.join(problems)


@pytest.fixture
def display(make_display):
    """A session of 1280 x 800 with an unlocked keyring."""
    return make_display()


@pytest.fixture
def make_desk(request, make_display):
    """Starts the app: make_desk('--demo', language='ja', dark=True, width=360, keyring='locked'), on a
    session of its own, or with display=… on one that is there. See harness.desk.

    At the end each must end by SIGTERM with status 0, and must have complained about nothing."""
    desks = []
    numbers = itertools.count()

    def make(*arguments, display=None, width=1280, keyring='unlocked', **more):
        display = display or make_display(width=width, keyring=keyring)
        desk = Desk(display, *arguments, start=False, **more)
        if request.node.get_closest_marker('gtk_keeps_memory'):
            desk.environment['ASAN_OPTIONS'] += ':detect_leaks=0'
        desks.append(desk)
        return desk.start()

    yield make
    problems = []
    for desk in desks:
        if failed(request):
            name = re.sub(r'[^\w.-]+', '-', request.node.name)
            desk.keep(KEPT / f'{name}-{next(numbers)}')
        try:
            desk.stop()
            desk.check_log()
        except AssertionError as problem:
            problems.append(str(problem))
            desk.kill()
        print(f'--- the app\n{desk.log()[-8000:]}')
    assert not problems, '\n\n'.join(problems)


@pytest.fixture
def desk(make_desk):
    """The app, English, light, 1280 wide, with an unlocked keyring, never used before."""
    return make_desk()


@pytest.fixture
def make_fleet(make_server):
    """Makes servers with a dealer that sees so many gateways: make_fleet('--public-url', URL, count=5); see
    harness.fleet."""
    return lambda *arguments, count=3, **more: Fleet(Shop(make_server(*arguments, **more)), count)


@pytest.fixture
def fleet(make_fleet):
    """A server with a dealer that sees the gateways GW-1 to GW-3."""
    return make_fleet()


@pytest.fixture
def signed_in(desk, fleet):
    """The app (English, light, 1280 wide) with the dealer of `fleet` signed in."""
    return desk.sign_in(fleet)
