"""A desktop session of a test's own: screen, session bus, accessibility, keyring, home.

Nothing in it reaches the person's own session, and nothing of it is left when it is closed."""

import os
import signal
import subprocess
from pathlib import Path

from gi.repository import Gio, GLib

from .atspi import Bus, connect
from .notices import Notices
from .server import private_environment
from .wait import patient, wait_for

BUS = '''<busconfig>
  <type>session</type>
  <listen>unix:path={run}/bus</listen>
  <servicedir>{services}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
'''
LAUNCHERS = ('/usr/libexec/at-spi-bus-launcher', '/usr/lib/at-spi2-core/at-spi-bus-launcher')
SETTINGS = '[Settings]\ngtk-enable-animations=false\ngtk-cursor-blink=false\ngtk-font-name=Cantarell 11\n'
# Without a window manager GTK draws a grey frame around each window, which no user ever sees.
STYLE = 'window.solid-csd { border: none; margin: 0; padding: 0; box-shadow: none; border-radius: 0; }\n'
KEYRING_PASSWORD = 'pw'
SECRETS = 'org.freedesktop.secrets'


def leftovers(folder):
    """The ids of all processes that were started with this folder as their home."""
    mark = f'XDG_RUNTIME_DIR={folder}'.encode()
    found = []
    for place in Path('/proc').glob('[0-9]*'):
        try:
            if mark in place.joinpath('environ').read_bytes().split(b'\0') \
                    and b') Z ' not in place.joinpath('stat').read_bytes():
                found.append(int(place.name))
        except OSError:
            pass
    return found


def end(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


class Display:
    def __init__(self, folder, width=1280, height=None, keyring='unlocked'):
        """folder: private, its path short. keyring: 'unlocked', 'locked' or 'absent'."""
        self.folder = Path(folder)
        self.width, self.height = width, height or (800 if width > 500 else 720)
        self.home = self.folder / 'home'
        self.processes = []
        self.bus = self.session = self.notices = None
        self.environment = private_environment(self.home, G_MESSAGES_DEBUG='')
        self.run = self.environment['XDG_RUNTIME_DIR']
        self.log = open(self.folder / 'session.log', 'ab')
        try:
            self._start(keyring)
        except BaseException:
            self.close()
            raise

    def _start(self, keyring):
        settings = Path(self.environment['XDG_CONFIG_HOME']) / 'gtk-4.0'
        settings.mkdir(parents=True, exist_ok=True)
        (settings / 'settings.ini').write_text(SETTINGS)
        (settings / 'gtk.css').write_text(STYLE)

        screen = self._told('Xvfb', '-screen', '0', f'{self.width}x{self.height}x24', '-nolisten', 'tcp',
                            '-noreset', '-displayfd', '{fd}')
        self.environment['DISPLAY'] = f':{screen}'

        # In the middle of the screen it would hover over something, and tell its tooltip or keep its order.
        self.tool('xdotool', 'mousemove', 0, 0)

        services = self.folder / 'services'
        services.mkdir()
        launcher = next(path for path in LAUNCHERS if Path(path).exists())
        (services / 'org.a11y.Bus.service').write_text(f'[D-BUS Service]\nName=org.a11y.Bus\nExec={launcher}\n')
        config = self.folder / 'bus.conf'
        config.write_text(BUS.format(run=self.run, services=services))
        address = self._told('dbus-daemon', f'--config-file={config}', '--nofork', '--print-address={fd}')
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = address
        self.session = connect(address)
        self.session.set_exit_on_close(False)
        self.notices = Notices(address)
        self.bus = Bus(self.session)
        self.bus.connection.set_exit_on_close(False)

        assert keyring in ('unlocked', 'locked', 'absent')
        if keyring != 'absent':
            self._start_keyring()
        if keyring == 'locked':
            self.lock_keyring()

    def _popen(self, *command, **more):
        # Should this process be killed, the kernel ends that one.
        process = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', *command], cwd=self.folder,
                                   env=self.environment, stdout=self.log, stderr=self.log,
                                   **{'stdin': subprocess.DEVNULL, **more})
        self.processes.append(process)
        return process

    def _told(self, *command):
        """Starts a program that writes one line to the descriptor {fd} when it is ready; returns the line."""
        reading, writing = os.pipe()
        with open(reading, encoding='utf-8') as pipe:
            try:
                self._popen(*(word.format(fd=writing) for word in command), pass_fds=[writing])
            finally:
                os.close(writing)
            line = pipe.readline().strip()
        assert line, f'{command[0]} did not start: {(self.folder / "session.log").read_text()[-2000:]}'
        return line

    # Calls on the session bus

    def call(self, name, path, interface, method, signature=None, *arguments, timeout=10):
        """A call on the session bus, its answer unpacked."""
        return self.session.call_sync(name, path, interface, method,
                                      GLib.Variant(signature, arguments) if signature else None, None,
                                      Gio.DBusCallFlags.NONE, int(patient(timeout) * 1000), None).unpack()

    def owned(self, name):
        """Whether a program has this name on the session bus."""
        return self.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                         'NameHasOwner', '(s)', name)[0]

    # The keyring

    def _start_keyring(self):
        keyring = self._popen('gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets',
                              stdin=subprocess.PIPE)
        keyring.stdin.write(KEYRING_PASSWORD.encode())
        keyring.stdin.close()
        wait_for(lambda: self.owned(SECRETS), 20, 'the keyring')

    def lock_keyring(self):
        """Locks it; there is nobody who could be asked for its password."""
        self.call(SECRETS, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service', 'Lock', '(ao)',
                  ['/org/freedesktop/secrets/collection/login'])

    def secrets(self):
        """The attributes of every secret that is kept."""
        item = 'org.freedesktop.Secret.Item'
        found = self.call(SECRETS, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service',
                          'SearchItems', '(a{ss})', {})
        return [self.call(SECRETS, path, 'org.freedesktop.DBus.Properties', 'Get', '(ss)', item, 'Attributes')[0]
                for paths in found for path in paths]

    # The screen

    def tool(self, *command):
        """Runs a small program on this display and returns what it printed."""
        done = subprocess.run([str(word) for word in command], env=self.environment, cwd=self.folder,
                              capture_output=True, text=True, timeout=patient(60))
        assert done.returncode == 0, f'{command}: {done.stderr}'
        return done.stdout

    def screenshot(self, path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.tool('import', '-window', 'root', '-depth', '8', path)
        return Path(path)

    def close(self):
        """Ends everything that runs here; fails if something would not end."""
        for thing in (self.notices, self.bus):
            if thing:
                thing.close()
        if self.session and not self.session.is_closed():
            self.session.close_sync(None)
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(patient(10))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()
        try:
            wait_for(lambda: not leftovers(self.run), 10)
        except AssertionError:
            left = leftovers(self.run)
            names = [Path(f'/proc/{pid}/cmdline').read_bytes().replace(b'\0', b' ') for pid in left]
            end(left, signal.SIGKILL)
            raise AssertionError(f'still running at the end: {names}') from None
