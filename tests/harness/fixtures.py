"""The fixtures that every suite may ask for."""

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest

from .server import Server
from .shop import Shop
from .smtp import Smtp


@pytest.fixture
def folder():
    """A private folder, removed afterwards. Its name is short: a socket's path has 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix='mm-'))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def make_server(folder):
    """Makes servers, each with data of its own: make_server('--public-url', URL, environment={…}).

    They run until the test ends, then must end cleanly; see harness.server."""
    servers = []

    def make(*arguments, start=True, **more):
        server = Server(folder / f'server-{len(servers)}', arguments, **more)
        servers.append(server)
        return server.start() if start else server

    yield make
    problems = []
    for server in servers:
        try:
            server.stop()
            server.check_log()
        except AssertionError as problem:
            problems.append(str(problem))
        print(f'--- {server.folder.name}\n{server.log()[-8000:]}')
    assert not problems, '\n\n'.join(problems)


@pytest.fixture
def server(make_server):
    """A running server without a mail server."""
    return make_server()


@pytest.fixture
def http(server):
    """A plain client of the server."""
    return server.http


@pytest.fixture
def shop(server):
    """The server as a shop with dealers, customers and gateways; see harness.shop."""
    return Shop(server)


@pytest.fixture
def make_smtp(folder):
    """Makes mail servers: make_smtp('starttls', user='u', password='p'); see harness.smtp."""
    servers = []

    def make(mode='plain', **more):
        own = folder / f'smtp-{len(servers)}'
        own.mkdir()
        servers.append(Smtp(own, mode, **more))
        return servers[-1].start()

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def smtp(make_smtp):
    """A mail server without TLS; pass it on: make_server('--smtp', smtp.url)."""
    return make_smtp()


@pytest.fixture
def make_browser(folder):
    """Makes browsers: make_browser(language='ja', width=360, dark=True); see harness.browser."""
    from . import browser
    if not browser.available():
        pytest.skip('chromium and chromedriver are not there')
    browsers = []
    numbers = itertools.count()

    def make(**looks):
        own = folder / f'browser-{next(numbers)}'
        own.mkdir()
        browsers.append(browser.Browser(own, **looks))
        return browsers[-1]

    yield make
    for one in browsers:
        one.close()


@pytest.fixture
def browser(make_browser):
    """An English browser, 1280 wide, light."""
    return make_browser()
