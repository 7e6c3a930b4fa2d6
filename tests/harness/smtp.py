"""A real SMTP server (aiosmtpd) on a free port, which keeps what it accepted.

plain: no TLS. starttls: offers it, and refuses mail without it. tls: TLS from the first byte.
With a user, it accepts mail only after AUTH."""

import email
import email.policy
import ssl
import subprocess
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from .wait import wait_for


class Mail:
    """One accepted message: sender and recipients of the envelope, and the parsed message."""

    def __init__(self, envelope):
        self.sender = envelope.mail_from
        self.recipients = list(envelope.rcpt_tos)
        self.raw = envelope.original_content
        self.received = time.monotonic()
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self):
        return self.message['Subject']

    @property
    def text(self):
        return self.message.get_body(('plain',)).get_content().replace('\r\n', '\n')

    @property
    def html(self):
        return self.message.get_body(('html',)).get_content().replace('\r\n', '\n')

    def __repr__(self):
        return f'<{self.recipients}: {self.subject}>'


class Smtp:
    def __init__(self, folder, mode='plain', user=None, password=None):
        """folder is private; certificate is the path of the self-signed one, or None if plain."""
        self.mode, self.user, self.password = mode, user, password
        self.certificate = None
        self.port = 0
        self.refusals = {}
        self._mails = []
        self._lock = threading.Lock()
        self._context = None
        self._controller = None
        if mode != 'plain':
            self.certificate, key = folder / 'smtp.crt', folder / 'smtp.key'
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                            'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
                            '-keyout', str(key), '-out', str(self.certificate)],
                           check=True, capture_output=True)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(self.certificate, key)

    # Its life

    def start(self):
        """Starts it, after a stop on the same port."""
        options = {}
        if self.mode == 'starttls':
            options.update(tls_context=self._context, require_starttls=True)
        if self.user:
            options.update(authenticator=self._authenticate, auth_required=True,
                           auth_require_tls=self.mode == 'starttls')
        self._controller = _Controller(self, hostname='127.0.0.1', port=self.port,
                                       ssl_context=self._context if self.mode == 'tls' else None,
                                       **options)
        self._controller.start()
        self.port = self._controller.port
        return self

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def url(self):
        """For --smtp. The name is one that the certificate carries."""
        return f'{"smtps" if self.mode == "tls" else "smtp"}://127.0.0.1:{self.port}'

    # What came

    @property
    def mails(self):
        with self._lock:
            return list(self._mails)

    def to(self, address):
        return [mail for mail in self.mails if address in mail.recipients]

    def wait(self, address, count=1, timeout=20):
        """Waits until count mails for the address were accepted, and returns the last of them."""
        wait_for(lambda: len(self.to(address)) >= count, timeout, f'{count} mails for {address}')
        return self.to(address)[count - 1]

    def wait_for_mail(self, condition, timeout=20):
        """Waits until a mail that condition(mail) likes was accepted, and returns it."""
        return wait_for(lambda: next((mail for mail in self.mails if condition(mail)), None), timeout,
                        f'a mail among {self.mails}')

    # What it refuses

    def refuse(self, address, answer='550 5.1.1 no such person', times=None):
        """Answers so to RCPT for this address, this often or always."""
        with self._lock:
            self.refusals[address] = [answer, times]

    def accept(self, address):
        with self._lock:
            self.refusals.pop(address, None)

    # aiosmtpd's side, on its own thread

    def _refusal(self, address):
        with self._lock:
            entry = self.refusals.get(address)
            if not entry or entry[1] == 0:
                return None
            if entry[1] is not None:
                entry[1] -= 1
            return entry[0]

    def _authenticate(self, server, session, envelope, mechanism, data):
        good = (getattr(data, 'login', None), getattr(data, 'password', None)) == (
            self.user.encode(), self.password.encode())
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = self._refusal(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        with self._lock:
            self._mails.append(Mail(envelope))
        return '250 2.0.0 kept'


class _Controller(Controller):
    """Connects to itself, to see that it serves, on the port that it was given."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
