"""The harness itself: it must notice what it is there to notice."""

import smtplib
import ssl
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from harness.client import Http
from harness.server import Server, complaints
from harness.wait import wait_for

STAND_IN = Path(__file__).parent / 'stand_in.py'


@pytest.fixture
def stand_in(folder):
    servers = []

    def make(flaw='none'):
        servers.append(Server(folder / flaw, binary=[sys.executable, STAND_IN, flaw]))
        return servers[-1]

    yield make
    for server in servers:
        if server.process:
            server.kill9()


def test_waits_until_the_condition_holds():
    answers = iter([None, 0, 'yes'])
    assert wait_for(lambda: next(answers)) == 'yes'


def test_waiting_in_vain_says_for_what():
    def condition():
        raise AssertionError('still two')
    with pytest.raises(AssertionError, match='in vain: one left') as caught:
        wait_for(condition, 0.05, 'one left')
    assert 'still two' in str(caught.value.__cause__)


def test_serves_and_ends(stand_in):
    server = stand_in().start()
    assert server.http.get('/').expect(200).type == 'text/html'
    server.stop()
    assert server.process is None


def test_keeps_its_port(stand_in):
    server = stand_in().start()
    url = server.url
    server.kill9()
    assert server.start().url == url
    assert server.restart().url == url
    server.stop()


@pytest.mark.parametrize('flaw, words', [
    ('leak', 'LeakSanitizer'), ('critical', 'CRITICAL'), ('warning', 'did not answer'),
    ('status', 'status 3')])
def test_flaws_are_noticed(stand_in, flaw, words):
    server = stand_in(flaw).start()
    with pytest.raises(AssertionError, match=words):
        server.stop()


def test_expected_warnings_are_fine(stand_in):
    server = stand_in('warning').start()
    server.expect_warning('mail server did not answer')
    server.stop()


def test_not_listening_is_noticed(stand_in):
    with pytest.raises(AssertionError, match='cannot bind'):
        stand_in('silent').start()


def test_commands(stand_in):
    server = stand_in()
    assert server.cli('gateway', 'list') == {'command': 'gateway'}
    with pytest.raises(AssertionError, match='status 0'):
        server.run('gateway', 'list', status=1)


def test_home_is_private(stand_in):
    server = stand_in()
    for name in ('HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'TMPDIR'):
        assert Path(server.environment[name]).is_relative_to(server.folder)


@pytest.mark.parametrize('line, bad', [
    ('src/core/a.c:3:4: runtime error: signed integer overflow', True),
    ('==7==ERROR: AddressSanitizer: heap-use-after-free on address', True),
    ('(mimamori-server:7): GLib-CRITICAL **: 09:00:00.000: g_strdup: assertion', True),
    ('** (process:7): WARNING **: 09:00:00.000: unexpected', True),
    ('(mimamori-server:7): mm-http-MESSAGE: 09:00:00.000: ready', False)])
def test_log_lines(line, bad):
    assert bool(complaints(line)) == bad


def test_client_keeps_cookies(stand_in):
    server = stand_in().start()
    client = Http(server.url)
    assert 'seen=yes' not in client.get('/').text
    assert 'seen=yes' in client.get('/').text
    assert 'seen=yes' not in client.with_headers().get('/').text
    server.stop()


def test_browser_walks_without_scripts(stand_in, make_browser, folder, monkeypatch):
    monkeypatch.setattr('harness.browser.PICTURES', folder / 'pictures')
    server = stand_in().start()
    browser = make_browser(language='ja', width=360, dark=True)
    browser.open(server.url)
    assert browser.title == 'One'
    assert 'ja' in browser.text.split('\n')[0]
    assert browser.content_width() == 360
    picture = browser.picture('harness')
    assert picture.read_bytes()[:8] == b'\x89PNG\r\n\x1a\n'
    browser.fill(who='見守り', tick=True).press('Go on')
    assert browser.title == 'Two'
    assert 'tick=on' in browser.text
    browser.close()
    server.stop()


def letter(to):
    message = EmailMessage()
    message['From'] = 'no-reply@example.com'
    message['To'] = to
    message['Subject'] = '見守り'
    message.set_content('本文です')
    message.add_alternative('<p>本文です</p>', subtype='html')
    return message


def client_of(smtp):
    """A mail client that trusts the mail server's own certificate."""
    if smtp.mode == 'plain':
        return smtplib.SMTP('127.0.0.1', smtp.port)
    context = ssl.create_default_context(cafile=smtp.certificate)
    if smtp.mode == 'tls':
        return smtplib.SMTP_SSL('127.0.0.1', smtp.port, context=context)
    client = smtplib.SMTP('127.0.0.1', smtp.port)
    client.starttls(context=context)
    return client


@pytest.mark.parametrize('mode', ['plain', 'starttls', 'tls'])
def test_mail_arrives(make_smtp, mode):
    smtp = make_smtp(mode)
    with client_of(smtp) as client:
        client.send_message(letter('one@example.com'))
    mail = smtp.wait('one@example.com')
    assert (mail.subject, mail.text, mail.html) == ('見守り', '本文です\n', '<p>本文です</p>\n')
    assert smtp.to('two@example.com') == []


def test_mail_without_starttls_is_refused(make_smtp):
    with smtplib.SMTP('127.0.0.1', make_smtp('starttls').port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(letter('one@example.com'))


@pytest.mark.parametrize('mode', ['plain', 'starttls', 'tls'])
def test_mail_only_for_the_right_password(make_smtp, mode):
    smtp = make_smtp(mode, user='shop', password='secret')
    with client_of(smtp) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.send_message(letter('one@example.com'))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login('shop', 'wrong')
        client.login('shop', 'secret')
        client.send_message(letter('one@example.com'))
    assert len(smtp.mails) == 1


def test_mail_is_refused_as_told(smtp):
    smtp.refuse('one@example.com', '451 4.3.0 later', times=1)
    with client_of(smtp) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.send_message(letter('one@example.com'))
        client.send_message(letter('one@example.com'))
    assert len(smtp.mails) == 1


def test_mail_server_comes_back_on_its_port(smtp):
    port = smtp.port
    smtp.stop()
    with pytest.raises(ConnectionRefusedError):
        client_of(smtp)
    smtp.start()
    assert smtp.port == port
    client_of(smtp).quit()
