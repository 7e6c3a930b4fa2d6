"""A real Mosquitto on a free port in a private folder, and a client that talks to it."""

import os
import pwd
import shutil
import socket
import subprocess
import threading

import paho.mqtt.client as paho
import pytest

from .wait import patient, wait_for


def available():
    return shutil.which('mosquitto', path=os.environ['PATH'] + ':/usr/sbin') is not None


def _free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Mosquitto:
    """tls: with a certificate of its own; user, password: nobody else is let in; lines: more of its
    configuration. What it keeps for clients survives stop() and start()."""

    def __init__(self, folder, tls=False, user=None, password=None, lines=()):
        self.folder, self.tls, self.user, self.password = folder, tls, user, password
        self.lines = list(lines)
        self.port = None
        self.process = None
        self.certificate = None
        self._clients = []
        folder.mkdir()
        if tls:
            self.new_certificate()

    def new_certificate(self, name='localhost'):
        self.certificate = self.folder / 'broker.crt'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                        'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', f'/CN={name}',
                        '-addext', f'subjectAltName=DNS:{name}' + (',IP:127.0.0.1' if name == 'localhost' else ''),
                        '-keyout', str(self.folder / 'broker.key'), '-out', str(self.certificate)],
                       check=True, capture_output=True)

    @property
    def fingerprint(self):
        text = subprocess.run(['openssl', 'x509', '-in', str(self.certificate), '-noout', '-fingerprint',
                               '-sha256'], check=True, capture_output=True, text=True).stdout
        return text.strip().split('=')[1]

    @property
    def url(self):
        return f'{"mqtts" if self.tls else "mqtt"}://127.0.0.1:{self.port}'

    def _configure(self):
        lines = [f'listener {self.port} 127.0.0.1', f'user {pwd.getpwuid(os.getuid()).pw_name}',
                 'persistence true', f'persistence_location {self.folder}/', 'log_dest stderr',
                 f'allow_anonymous {"false" if self.user else "true"}',
                 'max_queued_messages 100000', *self.lines]
        if self.user:
            passwords = self.folder / 'passwords'
            subprocess.run(['mosquitto_passwd', '-c', '-b', str(passwords), self.user, self.password],
                           check=True, capture_output=True)
            lines.append(f'password_file {passwords}')
        if self.tls:
            lines += [f'certfile {self.certificate}', f'keyfile {self.folder / "broker.key"}']
        (self.folder / 'broker.conf').write_text('\n'.join(lines) + '\n')

    def _accepts(self):
        if self.process.poll() is not None:
            return True
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(('127.0.0.1', self.port)) == 0

    def start(self):
        """Starts it; once it had a port, on that one."""
        for _ in range(1 if self.port else 5):
            fresh = self.port is None
            self.port = self.port or _free_port()
            self._configure()
            with open(self.folder / 'broker.log', 'ab') as log:
                self.process = subprocess.Popen(
                    ['setpriv', '--pdeathsig', 'KILL', 'mosquitto', '-c', str(self.folder / 'broker.conf')],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env={**os.environ, 'PATH': os.environ['PATH'] + ':/usr/sbin'})
            wait_for(self._accepts, 20, 'mosquitto to listen')
            if self.process.poll() is None:
                return self
            # Somebody took the port in between.
            self.port = None if fresh else self.port
        raise AssertionError((self.folder / 'broker.log').read_text()[-2000:])

    def stop(self, kill=False):
        for client in self._clients:
            client.disconnect()
            client.loop_stop()
        self._clients = []
        if self.process:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(patient(20))
            self.process = None

    # Clients

    def client(self, identity='', **more):
        """A connected client with its own thread. Its messages are in `messages`: (topic, payload)."""
        client = paho.Client(identity, clean_session=True, **more)
        ready = threading.Event()
        client.messages = []
        client.on_connect = lambda *_: ready.set()
        client.on_message = lambda _client, _data, message: client.messages.append((message.topic, message.payload))
        client.max_inflight_messages_set(1000)
        client.max_queued_messages_set(0)
        if self.tls:
            client.tls_set(str(self.certificate))
        if self.user:
            client.username_pw_set(self.user, self.password)
        client.connect('127.0.0.1', self.port)
        client.loop_start()
        self._clients.append(client)
        assert ready.wait(patient(20)), 'no connection to mosquitto'
        return client

    def publish(self, topic, payload, qos=1, retain=False):
        """Publishes; with QoS 1 the broker has it when this returns."""
        if not self._clients:
            self.client()
        info = self._clients[0].publish(topic, payload, qos, retain)
        info.wait_for_publish(patient(20))
        assert info.is_published()
        return info

    def watch(self, *filters):
        """A client that has subscribed."""
        client = self.client()
        done = threading.Event()
        client.on_subscribe = lambda *_: done.set()
        client.subscribe([(one, 1) for one in filters])
        assert done.wait(patient(20))
        return client


@pytest.fixture
def make_mosquitto(folder):
    """Makes brokers: make_mosquitto(tls=True, user='u', password='p'); see Mosquitto."""
    if not available():
        pytest.skip('mosquitto is not there')
    brokers = []

    def make(**more):
        brokers.append(Mosquitto(folder / f'broker-{len(brokers)}', **more))
        return brokers[-1].start()

    yield make
    for broker in brokers:
        broker.stop()
        log = folder / broker.folder / 'broker.log'
        print(f'--- {broker.folder.name}\n{log.read_text(errors="replace")[-4000:]}')


@pytest.fixture
def mosquitto(make_mosquitto):
    """A broker that lets everybody in, without TLS."""
    return make_mosquitto()
