"""The server of this computer, run from the app: from the first window to gateways, mails and the end."""

import os
import re
import signal

import pytest
from harness.hosting import RUNNING, back, free_port, go, host, open_host, operator, servers
from harness.smtp import Smtp
from harness.wait import wait_for


def test_by_keyboard_to_running_and_quitting_stops_it(desk):
    open_host(desk)
    desk.focus(desk.find('entry', 'Name of the service'))
    desk.type('Testing')
    desk.fill('Port', str(free_port()))
    desk.focus(desk.find('button', 'Start the server'))
    desk.key('Return')
    desk.wait_text(RUNNING, timeout=20)
    desk.wait_text('From this computer only')
    assert desk.unnamed_controls() == []
    assert len(servers(desk)) == 1
    assert operator(desk, 'GET', '/operator/v1/server').expect(200).json()['name'] == 'Testing'
    desk.key('ctrl+q')
    desk.wait_ended(30)
    assert servers(desk) == []


def test_a_gateway_is_added_and_its_key_works(desk):
    host(desk)
    go(desk, 'Gateways')
    desk.wait_text('There is no gateway yet')
    desk.click('button', 'Add a gateway')
    desk.fill('ID', 'not an id')
    desk.click('button', 'Add the gateway')
    desk.wait_text('Please look at the marked fields.')
    desk.fill('ID', 'GW-1')
    desk.fill('Municipality', '長野市 <A&B>')
    desk.click('button', 'Add the gateway')
    desk.wait_text('Only hashes of these are kept')
    desk.find('button', 'Copy: key of GW-1')
    desk.find('button', 'Copy: activation code of GW-1')
    assert desk.unnamed_controls() == []
    desk.wait_text('so it would lead nowhere')
    desk.click('button', 'Done')
    desk.wait_text('GW-1')
    desk.wait_text('not yet registered')
    desk.wait_text('長野市 <A&B>')


def test_a_wrong_line_of_a_table_is_named_and_nothing_added(desk):
    host(desk)
    go(desk, 'Gateways')
    desk.click('button', 'Import a table')
    table = desk.find(None, 'Table of gateways (CSV)')
    desk.fill(table, 'id,name\nGW-1,one\nwrong id,two\n')
    desk.click('button', 'Import')
    desk.wait_text('Nothing was added.')
    assert operator(desk, 'GET', '/operator/v1/gateways').expect(200).json()['gateways'] == []
    desk.fill(table, 'id,name\nGW-1,one\nGW-2,two\n')
    desk.click('button', 'Import')
    desk.find('button', 'Copy: key of GW-2')
    assert len(operator(desk, 'GET', '/operator/v1/gateways').expect(200).json()['gateways']) == 2


def test_a_test_mail_and_the_outbox(desk, folder):
    smtp = Smtp(folder).start()
    try:
        host(desk)
        go(desk, 'Mail server')
        desk.fill('Mail server', smtp.url)
        desk.click('button', 'Save')
        # At one look, as the toast goes by itself.
        desk._wait(lambda: (seen := desk.texts()) and ': Saved.' in seen and 'button: Close' in seen, 10,
                   'a toast with a button that has a name')
        desk.fill('Send a test mail to', 'taro@example.jp')
        desk.click('button', 'Send a test mail')
        desk.wait_text('Accepted by the mail server', timeout=20)
        assert smtp.to('taro@example.jp')
        back(desk)
        go(desk, 'Outbox')
        desk.click(desk.find('row', re.compile('A test mail')))
        desk.wait_text('To taro@example.jp')
        assert desk.unnamed_controls() == []
    finally:
        smtp.stop()


def test_a_killed_server_comes_back_and_the_page_says_so(desk):
    host(desk)
    os.kill(servers(desk)[0], signal.SIGKILL)
    desk.wait_text('started again 1 time', timeout=30)
    desk.wait_text(RUNNING)
    desk.click('button', 'Stop')
    desk.wait_text('The server is not running')
    assert servers(desk) == []
    desk.click('button', 'Start')
    desk.wait_text(RUNNING, timeout=20)


def test_it_goes_on_without_a_window(desk):
    host(desk)
    desk.click('switch', 'Keep running when the window is closed')
    desk.key('ctrl+w')
    wait_for(lambda: not desk.windows(), 10, 'the window to close')
    assert desk.running() and len(servers(desk)) == 1
    assert desk.run_again() == 0
    desk.find('button', 'Sign in')
    desk.key('ctrl+q')
    desk.wait_ended(30)
    assert servers(desk) == []


def test_one_that_runs_already_is_used_as_it_is(make_display, make_desk, make_server):
    display = make_display()
    server = make_server(environment={'XDG_DATA_HOME': str(display.home / 'data')})
    (display.home / 'data').mkdir(exist_ok=True)
    (display.home / 'data' / 'mimamori').symlink_to(server.data_dir)
    desk = make_desk(display=display)
    open_host(desk)
    desk.wait_text('It was started outside of the app')
    assert not desk.has('button', 'Stop')
    go(desk, 'Gateways')
    desk.wait_text('There is no gateway yet')
    desk.key('ctrl+q')
    desk.wait_ended()
    assert server.operator('GET', '/operator/v1/server').status == 200


@pytest.mark.parametrize('language,width', [('ja', 360), ('en', 360)])
def test_fits(make_desk, language, width):
    desk = host(make_desk(language=language, width=width))
    assert desk.too_wide() == []
    for name in ['Gateways', 'Outbox', 'Mail server', 'Dealers', 'Name, reach and address',
                 'What the server said last']:
        go(desk, name)
        desk.wait_gone(None, desk.word('What works so far'))
        assert desk.too_wide() == [], name
        assert desk.unnamed_controls() == [], name
        back(desk)
    go(desk, 'Gateways')
    desk.click('button', desk.word('Import a table'))
    table = desk.find(None, desk.word('Table of gateways (CSV)'))
    assert desk.too_wide() == []
    desk.fill(table, 'id\nGW-1\n')
    desk.click('button', desk.word('Import'))
    desk.find('button', desk.word('Print labels…'))
    assert desk.too_wide() == []
