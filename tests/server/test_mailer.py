"""The mailer against real mail servers, and against scripted ones for what a real one seldom does."""

import json
import signal
import socket
import subprocess
import threading
import time

import pytest

from harness.places import BUILD
from harness.wait import patient, wait_for

FROM = 'no-reply@mimamori.example'
PROGRAM = BUILD / 'tests' / 'server' / 'mailer'


class Mailer:
    """One mailer on its own process; send() waits for what became of the mail."""

    def __init__(self, *options):
        self.process = subprocess.Popen([str(PROGRAM), *options], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def begin(self, to, text='Hello', sender=FROM):
        self.process.stdin.write(f'{sender} {to} {text}\n')
        self.process.stdin.flush()

    def end(self):
        return json.loads(self.process.stdout.readline())

    def send(self, *mail, **more):
        self.begin(*mail, **more)
        return self.end()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(patient(20)) == 0


@pytest.fixture
def make_mailer():
    mailers = []

    def make(url, *options):
        mailers.append(Mailer('--url', url, *options))
        return mailers[-1]

    yield make
    for mailer in mailers:
        mailer.close()


class Script:
    """A server that says what it is told to: answers maps a verb (or 'greeting', 'mail' for the end
    of the text) to a reply, to None for silence, or to 'cut' for closing the connection."""

    USUAL = {'greeting': '220 ready', 'EHLO': '250 script', 'MAIL': '250 ok', 'RCPT': '250 ok',
             'DATA': '354 go on', 'mail': '250 kept', 'QUIT': '221 bye', 'RSET': '250 ok'}

    def __init__(self, **answers):
        self.answers = self.USUAL | answers
        self.said = []
        self.connections = 0
        self.is_silent = False  # it was asked something to which it says nothing
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.url = f'smtp://127.0.0.1:{self.socket.getsockname()[1]}'
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(20)
        assert not self.thread.is_alive()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection, connection.makefile('rwb') as stream:
                try:
                    self._talk(stream)
                except OSError:
                    pass

    def _answer(self, stream, verb):
        """Whether to go on."""
        reply = self.answers.get(verb, '502 what?')
        if reply == 'cut':
            return False
        self.is_silent = reply is None
        if reply is not None:
            stream.write(reply.encode('utf-8', 'surrogateescape') + b'\r\n')
            stream.flush()
        return True

    def _talk(self, stream):
        if not self._answer(stream, 'greeting'):
            return
        while line := stream.readline():
            text = line.decode().strip()
            self.said.append(text)
            verb = text.split(' ')[0].upper()
            if not self._answer(stream, verb) or (verb == 'QUIT' and not self.is_silent):
                return
            if verb == 'DATA' and self.answers['DATA'].startswith('354'):
                if self.answers['mail'] == 'cut':
                    return
                while (line := stream.readline()) and line != b'.\r\n':
                    pass
                if not self._answer(stream, 'mail'):
                    return


@pytest.fixture
def make_script():
    scripts = []

    def make(**answers):
        scripts.append(Script(**answers))
        return scripts[-1]

    yield make
    for script in scripts:
        script.close()


# Real servers

def test_accepted(smtp, make_mailer):
    answer = make_mailer(smtp.url).send('a@example.jp', 'Good news')
    assert answer == {'state': 'accepted', 'code': 250, 'reply': '250 2.0.0 kept'}
    mail = smtp.wait('a@example.jp')
    assert mail.sender == FROM and mail.recipients == ['a@example.jp']
    assert mail.subject == 'Good news'
    assert mail.raw.endswith(b'\r\n\r\n.\r\n..two\r\nGood news\r\n')


def test_refused_and_temporary(smtp, make_mailer):
    smtp.refuse('gone@example.jp', '550 5.1.1 no such person')
    smtp.refuse('full@example.jp', '452 4.2.2 mailbox full', times=1)
    mailer = make_mailer(smtp.url)
    assert mailer.send('gone@example.jp') == {'state': 'refused', 'code': 550,
                                              'reply': '550 5.1.1 no such person'}
    assert mailer.send('full@example.jp') == {'state': 'temporary', 'code': 452,
                                              'reply': '452 4.2.2 mailbox full'}
    assert mailer.send('full@example.jp')['state'] == 'accepted'
    assert len(smtp.mails) == 1


def test_server_away_and_back(smtp, make_mailer):
    mailer = make_mailer(smtp.url)
    assert mailer.send('a@example.jp')['state'] == 'accepted'
    smtp.stop()
    answer = mailer.send('a@example.jp')
    assert answer['state'] == 'temporary' and answer['code'] == 0 and answer['reply']
    smtp.start()
    assert mailer.send('a@example.jp')['state'] == 'accepted'


@pytest.mark.parametrize('mode', ['starttls', 'tls'])
def test_encrypted(make_smtp, make_mailer, mode):
    smtp = make_smtp(mode, user='shop', password='Secret 1')
    options = ('--ca-file', str(smtp.certificate), '--user', 'shop', '--password', 'Secret 1')
    mailer = make_mailer(smtp.url, '--starttls', 'required', *options)
    assert mailer.send('a@example.jp')['state'] == 'accepted'
    assert mailer.send('b@example.jp')['state'] == 'accepted'
    assert len(smtp.mails) == 2


def test_wrong_password_is_our_own_trouble(make_smtp, make_mailer):
    smtp = make_smtp('starttls', user='shop', password='Secret 1')
    mailer = make_mailer(smtp.url, '--starttls', 'required', '--ca-file', str(smtp.certificate),
                         '--user', 'shop', '--password', 'wrong')
    answer = mailer.send('a@example.jp')
    assert answer['state'] == 'temporary' and answer['code'] == 535
    assert 'wrong' not in json.dumps(answer) and not smtp.mails


@pytest.mark.parametrize('mode', ['starttls', 'tls'])
def test_unknown_certificate(make_smtp, make_mailer, mode):
    smtp = make_smtp(mode)
    answer = make_mailer(smtp.url, '--starttls', 'required').send('a@example.jp')
    assert answer['state'] == 'temporary' and answer['code'] == 0
    assert not smtp.mails


def test_optional_takes_any_certificate(make_smtp, make_mailer):
    smtp = make_smtp('starttls')
    assert make_mailer(smtp.url, '--starttls', 'optional').send('a@example.jp')['state'] == 'accepted'


def test_optional_goes_on_without(smtp, make_mailer):
    assert make_mailer(smtp.url, '--starttls', 'optional').send('a@example.jp')['state'] == 'accepted'


def test_required_means_required(smtp, make_mailer):
    answer = make_mailer(smtp.url, '--starttls', 'required').send('a@example.jp')
    assert answer['state'] == 'temporary' and not smtp.mails


# Scripted servers

def test_conversation_on_one_connection(make_script, make_mailer):
    script = make_script()
    mailer = make_mailer(script.url)
    for name in 'abc':
        assert mailer.send(f'{name}@example.jp')['state'] == 'accepted'
    assert script.connections == 1
    assert script.said[0] == 'EHLO mimamori.example'
    assert [line for line in script.said if line.startswith('RCPT')] == [
        f'RCPT TO:<{name}@example.jp>' for name in 'abc']


@pytest.mark.parametrize('answers, state, code', [
    ({'DATA': '554 5.7.1 no spam'}, 'refused', 554),
    ({'mail': '552 5.3.4 too big'}, 'refused', 552),
    ({'mail': '451 4.3.0 disk full'}, 'temporary', 451),
    ({'MAIL': '550 5.7.1 who are you'}, 'temporary', 550),
    ({'MAIL': '421 4.3.2 closing'}, 'temporary', 421),
    ({'greeting': '554 5.7.1 go away'}, 'temporary', 554),
    ({'RCPT': '421 4.3.2 closing'}, 'temporary', 421),
    ({'mail': '250-first\r\n250 last'}, 'accepted', 250),
    ({'RCPT': '550-first\r\n550 last'}, 'refused', 550),
])
def test_answers(make_script, make_mailer, answers, state, code):
    answer = make_mailer(make_script(**answers).url).send('a@example.jp')
    assert (answer['state'], answer['code']) == (state, code)
    assert answer['reply'].startswith(str(code))


@pytest.mark.parametrize('verb', ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'mail'])
def test_connection_cut(make_script, make_mailer, verb):
    script = make_script(**{verb: 'cut'})
    answer = make_mailer(script.url).send('a@example.jp')
    assert answer['state'] == 'temporary' and answer['code'] == 0
    wait_for(lambda: script.connections >= 1)


@pytest.mark.parametrize('verb', ['greeting', 'RCPT', 'mail'])
def test_slow_server(make_script, make_mailer, verb):
    script = make_script(**{verb: None})
    answer = make_mailer(script.url, '--timeout-ms', '400').send('a@example.jp')
    assert answer['state'] == 'temporary' and answer['code'] == 0


@pytest.mark.parametrize('verb', ['greeting', 'RCPT', 'mail'])
def test_aborted(make_script, make_mailer, verb):
    """A mail under way ends soon, the next one at once; nothing waits for the silent server."""
    script = make_script(**{verb: None})
    mailer = make_mailer(script.url)
    mailer.begin('a@example.jp')
    wait_for(lambda: script.is_silent)
    mailer.process.send_signal(signal.SIGUSR1)
    started = time.monotonic()
    assert mailer.end()['state'] == 'aborted'
    assert mailer.send('b@example.jp')['state'] == 'aborted'
    assert time.monotonic() - started < patient(5)
    assert script.connections == 1


def test_goodbye_to_a_silent_server(make_script, make_mailer):
    """A connection that is kept open is not worth waiting for."""
    mailer = make_mailer(make_script(QUIT=None).url)
    assert mailer.send('a@example.jp')['state'] == 'accepted'
    started = time.monotonic()
    mailer.close()
    assert time.monotonic() - started < patient(5)


def test_reply_is_one_bounded_clean_line(make_script, make_mailer):
    script = make_script(RCPT='550 \x1b[31mred\x07 \udcff\udcfe' + '長' * 400)
    answer = make_mailer(script.url).send('a@example.jp')
    assert answer['state'] == 'refused'
    assert len(answer['reply'].encode()) <= 500
    assert answer['reply'].isprintable() or '\ufffd' in answer['reply']
    assert not any(ord(letter) < 32 for letter in answer['reply'])


@pytest.mark.parametrize('address', ['a@b>', 'a', 'a@b\x01c', '<a@b>', 'a@b@c'])
def test_bad_address_never_leaves(make_script, make_mailer, address):
    script = make_script()
    mailer = make_mailer(script.url)
    assert mailer.send(address) == {'state': 'refused', 'code': 0, 'reply': 'not a mail address'}
    assert mailer.send('a@b', sender=address)['state'] == 'refused'
    assert script.connections == 0


@pytest.mark.parametrize('url', ['', 'localhost', 'http://localhost', 'smtp://', 'smtp://u:p@localhost',
                                 'smtp://localhost/path', 'smtp://localhost?x', 'smtp://local host',
                                 'smtp://localhost\r\n', 'file:///etc/passwd'])
def test_bad_server_address(url):
    run = subprocess.run([str(PROGRAM), '--url', url], capture_output=True, text=True)
    assert run.returncode == 2 and 'smtp://HOST:PORT' in run.stderr
