"""vmagent of VictoriaMetrics: takes line protocol, keeps it while nobody answers, forwards it."""

import shutil
import socket
import subprocess

import pytest

from .client import Http
from .server import private_environment
from .wait import patient, wait_for


def free_port():
    with socket.socket() as it:
        it.bind(('127.0.0.1', 0))
        return it.getsockname()[1]


class Vmagent:
    """Forwards to the gateway's server with the gateway's key. Use with `with`."""

    def __init__(self, folder, gateway):
        if not shutil.which('vmagent'):
            pytest.skip('vmagent is not installed (package victoria-metrics)')
        self.log = folder / 'vmagent.log'
        self.port = free_port()
        key = folder / 'vmagent.key'
        key.write_text(gateway.key)
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                ['setpriv', '--pdeathsig', 'KILL', 'vmagent', f'-httpListenAddr=127.0.0.1:{self.port}',
                 f'-remoteWrite.url={gateway.server.url}/ingest/prometheus', f'-remoteWrite.bearerTokenFile={key}',
                 f'-remoteWrite.tmpDataPath={folder / "vmagent"}', '-remoteWrite.flushInterval=200ms',
                 '-influxMeasurementFieldSeparator=/'],
                env=private_environment(folder / 'vmagent-home'), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.http = Http(f'http://127.0.0.1:{self.port}')

    def __enter__(self):
        try:
            wait_for(self._answers, 60, 'vmagent to answer')
        except AssertionError:
            self.__exit__()
            raise
        return self

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            return self.http.get('/health').status == 200
        except OSError:
            return False

    def write(self, lines, precision):
        self.http.post(f'/write?precision={precision}', body='\n'.join(lines)).expect(204)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(patient(30))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
