"""The real mimamori-server: started on a free port in a private home, watched, ended.

Whatever a test does, the server must end with status 0 on SIGTERM, and its standard error must
hold no report of a sanitizer, no critical and no warning that the test did not expect."""

import json
import os
import re
import signal
import subprocess
import threading
from pathlib import Path

from .client import ControlHttp, Http
from .places import BUILD
from .wait import patient, wait_for

SANITIZER = re.compile(r'(ERROR|WARNING): (Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer'
                       r'|runtime error:|SUMMARY: \w+Sanitizer')
CRITICAL = re.compile(r'\b(CRITICAL|ERROR) \*\*')
WARNING = re.compile(r'\bWARNING \*\*')

OPTIONS = {
    'ASAN_OPTIONS': 'halt_on_error=1:abort_on_error=1:detect_leaks=1',
    'UBSAN_OPTIONS': 'halt_on_error=1:abort_on_error=1:print_stacktrace=1',
    'LSAN_OPTIONS': 'print_suppressions=0',
}


def private_environment(home, **more):
    """An environment with nothing of the person's in it: home and XDG directories below home."""
    home = Path(home)
    places = {'HOME': home, 'XDG_DATA_HOME': home / 'data', 'XDG_CONFIG_HOME': home / 'config',
              'XDG_CACHE_HOME': home / 'cache', 'XDG_STATE_HOME': home / 'state',
              'XDG_RUNTIME_DIR': home / 'run', 'TMPDIR': home / 'tmp'}
    for place in places.values():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8', 'TZ': 'UTC'}
    environment.update((name, str(place)) for name, place in places.items())
    environment.update((name, os.environ.get(name, value)) for name, value in OPTIONS.items())
    for name in ('G_SLICE', 'MALLOC_PERTURB_'):
        if name in os.environ:
            environment[name] = os.environ[name]
    environment.update(more)
    return environment


def complaints(text, expected=()):
    """The lines of a log that no test should leave behind."""
    found = []
    for line in text.splitlines():
        if SANITIZER.search(line) or CRITICAL.search(line):
            found.append(line)
        elif WARNING.search(line) and not any(re.search(pattern, line) for pattern in expected):
            found.append(line)
    return found


class Server:
    def __init__(self, folder, arguments=(), environment=None, binary=None):
        """folder is private to this server; arguments are added to those of serve."""
        self.folder = Path(folder)
        self.data_dir = self.folder / 'server'
        self.binary = [str(part) for part in binary or [BUILD / 'src' / 'mimamori-server']]
        self.arguments = [str(argument) for argument in arguments]
        self.environment = private_environment(self.folder / 'home', **(environment or {}))
        self.expected = []
        self.process = None
        self.port = 0
        self.url = None
        self.http = None
        self._log = self.folder / 'server.log'
        self._read = 0
        self._lines = []
        self._reader = None

    # The process

    def start(self, timeout=30):
        """Starts serving; once a port was taken, it is taken again."""
        assert self.process is None, 'it runs already'
        if not Path(self.binary[0]).exists():
            raise AssertionError(f'{self.binary[0]} is not built')
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lines = []
        with open(self._log, 'ab') as log:
            self.process = subprocess.Popen(
                # Should this process be killed, the kernel ends that one.
                ['setpriv', '--pdeathsig', 'KILL', *self.binary, 'serve', '--data-dir', str(self.data_dir),
                 '--listen', f'127.0.0.1:{self.port}', *self.arguments],
                cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True)
        self._reader = threading.Thread(target=self._collect, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        try:
            wait_for(lambda: self._lines or self.process.poll() is not None, timeout,
                     'the server to listen')
            match = self._lines and re.fullmatch(r'listening on (https?://[^/\s]+:(\d+))', self._lines[0])
            assert match, f'the first line is no address: {self._lines[:1]}\n{self.log()[-4000:]}'
        except AssertionError:
            self._kill()
            raise
        self.url, self.port = match.group(1), int(match.group(2))
        self.http = Http(self.url)
        return self

    def _collect(self, stream):
        for line in stream:
            self._lines.append(line.rstrip('\n'))

    def _kill(self):
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()
            self._reader.join()
            process.stdout.close()

    def stop(self, timeout=30):
        """Ends it by SIGTERM and checks how it ended and what it said."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(patient(timeout))
        except subprocess.TimeoutExpired:
            self._kill()
            raise AssertionError(f'not ended {timeout} s after SIGTERM\n{self.log()[-4000:]}') from None
        self._reader.join()
        self.process.stdout.close()
        self.process = None
        assert status == 0, f'ended with status {status}\n{self.log()[-4000:]}'
        self.check_log()

    def kill9(self):
        """Ends it with no chance to write anything more."""
        assert self.process.poll() is None, 'it ended by itself'
        self._kill()
        self.check_log()

    def restart(self):
        """Ends it cleanly, if it runs, and starts it again on the same port."""
        self.stop()
        return self.start()

    # What it says

    def output(self):
        """The lines on standard output so far."""
        return list(self._lines)

    def log(self):
        return self._log.read_text(encoding='utf-8', errors='replace') if self._log.exists() else ''

    def expect_warning(self, pattern):
        """A warning of which a line matches pattern belongs to this test."""
        self.expected.append(pattern)

    def check_log(self):
        """Fails for what was said since the last check."""
        text = self.log()
        new, self._read = text[self._read:], len(text)
        found = complaints(new, self.expected)
        assert not found, 'the server complained:\n' + '\n'.join(found[:20]) + '\n\n' + new[-6000:]

    # Its control socket

    def operator(self, method, path, **more):
        """A request to the running server over its control socket; as those of Http."""
        return ControlHttp(self.data_dir / 'control.sock').request(method, path, **more)

    def advance(self, seconds):
        """Moves its clock forward; it has looked at all gateways when this returns."""
        self.operator('POST', '/operator/v1/test/advance', json_body={'seconds': seconds}).expect(204)

    def stall(self, seconds, fill=False, fill_live=False):
        """Nothing is written for so long; with fill the writer's queue is full meanwhile, with
        fill_live only for measurements. 0 ends a stall that is under way."""
        body = {'ms': int(seconds * 1000), 'fill': fill, 'fill_live': fill_live}
        return self.operator('POST', '/operator/v1/test/stall', json_body=body).expect(200).json()

    # Its commands

    def run(self, *arguments, status=0, timeout=60, text=True, input=None):
        """Runs a sub-command on the same data directory and checks its status."""
        done = subprocess.run([*self.binary, *map(str, arguments), '--data-dir', str(self.data_dir)],
                              cwd=self.folder, env=self.environment, capture_output=True, text=text,
                              timeout=patient(timeout), input=input,
                              stdin=subprocess.DEVNULL if input is None else None)
        errors = done.stderr if text else done.stderr.decode(errors='replace')
        assert done.returncode == status, f'{arguments}: status {done.returncode}\n{errors}'
        assert not complaints(errors, self.expected), errors
        return done

    def cli(self, *arguments, **more):
        """Runs a sub-command with --json and returns what it printed, parsed."""
        return json.loads(self.run(*arguments, '--json', **more).stdout)
