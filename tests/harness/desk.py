"""The desktop app as a person uses it: its real window on a private display, read as a screen reader
reads it, worked with by keyboard and pointer.

What it says on standard error is checked: no report of a sanitizer, no critical, no warning. When a
test fails, a picture of the screen and the tree of what was on it are kept (see places.KEPT)."""

import os
import re
import signal
import subprocess
from pathlib import Path

from .atspi import Gone, unnamed_controls
from .pictures import signature
from .places import BUILD, TOP
from .server import complaints
from .wait import patient, wait_for
from .words import word

SUPPRESSIONS = TOP / 'tests' / 'app' / 'lsan.supp'
ACTIVATED = ('button', 'check box', 'toggle button', 'switch', 'radio button', 'link', 'menu item')
# Some versions of libadwaita measure the heading of every message dialog also for widths that it does not
# fit, and newer ones of GTK complain of that.
HEADING = r'Trying to measure GtkLabel 0x[0-9a-f]+ for width of \d+, but it needs at least \d+'


class Desk:
    def __init__(self, display, *arguments, language='en', dark=False, contrast=False, environment=None,
                 binary=None, start=True):
        """arguments are the app's own. Several one after the other may use one display: they find what
        the earlier one remembered."""
        self.display = display
        self.binary = [str(part) for part in binary or [BUILD / 'src' / 'mimamori']]
        self.arguments = [str(argument) for argument in arguments]
        self.environment = {**display.environment, **look(language, dark, contrast), **(environment or {})}
        self.expected = []
        self.process = None
        self.root = None
        self.folder = display.folder
        self._log = self.folder / 'app.log'
        self._read = self._log.stat().st_size if self._log.exists() else 0
        if start:
            self.start()

    # The process

    def start(self, timeout=30):
        """Starts it and waits for its first window."""
        self.launch()
        try:
            wait_for(self._appeared, timeout, 'the first window')
            self.fill_screen()
        except AssertionError as problem:
            said = self.log()[-4000:]
            self.kill()
            raise AssertionError(f'{problem}\n{said}') from problem
        return self

    def launch(self):
        """Starts it and waits for nothing."""
        assert self.process is None, 'it runs already'
        assert Path(self.binary[0]).exists(), f'{self.binary[0]} is not built'
        with open(self._log, 'ab') as log:
            self.process = subprocess.Popen(
                ['setpriv', '--pdeathsig', 'KILL', *self.binary, *self.arguments], cwd=self.folder,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _appeared(self):
        if self.process.poll() is not None:
            status, self.process = self.process.returncode, None
            raise RuntimeError(f'ended with status {status} before its window came\n{self.log()[-4000:]}')
        self.root = self.display.bus.application(self.process.pid)
        return self.root and self.windows() and self._screen_windows()

    def run_again(self, *arguments, timeout=30):
        """A second start, which hands its arguments to the running one; returns its exit status."""
        done = subprocess.run([*self.binary, *map(str, arguments)], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patient(timeout))
        found = complaints(done.stderr, self.expected)
        assert not found, found
        return done.returncode

    def running(self):
        return self.process is not None and self.process.poll() is None

    def wait_ended(self, timeout=20):
        """Waits until it ended by itself, and checks how."""
        try:
            status = self.process.wait(patient(timeout))
        except subprocess.TimeoutExpired:
            raise AssertionError(f'still running after {timeout} s\n{self.log()[-4000:]}') from None
        self.process = None
        assert status == 0, f'ended with status {status}\n{self.log()[-6000:]}'
        self.check_log()

    def stop(self):
        """Ends it by SIGTERM and checks how it ended and what it said. It may have ended before."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.wait_ended(30)
        finally:
            self.kill()

    def kill(self):
        """Ends it with no chance to say or write anything."""
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()

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
        assert not found, 'the app complained:\n' + '\n'.join(found[:20]) + '\n\n' + new[-6000:]

    # Finding

    def windows(self):
        """Its windows, dialogs included."""
        return [element for element in self.root.below()[1:] if element.parent == self.root]

    def window(self, name, timeout=10):
        """The window or dialog with this title, a text or a pattern."""
        return self.find('window', name, timeout)

    def find(self, role=None, name=None, timeout=10, inside=None, showing=True):
        """The one element of this role and name, as soon as it is there (roles: harness.atspi.ALIASES;
        name: a text or a compiled pattern). inside: an element to search below. Fails if there are more."""
        def one():
            found = self.find_all(role, name, inside, showing)
            assert len(found) < 2, f'{len(found)} of them: {found}'
            return found and found[0]
        return self._wait(one, timeout, f'{role or "element"} {name!r}')

    def find_all(self, role=None, name=None, inside=None, showing=True):
        """All of them that are there now."""
        found = (inside or self.root).find_all(role, name, showing)
        if inside is None and any(window.role == 'dialog' for window in self.root.inside):
            self.expect_warning(HEADING)
        return found

    def has(self, role=None, name=None, inside=None):
        return bool(self.find_all(role, name, inside))

    def wait_gone(self, role=None, name=None, timeout=10, inside=None):
        self._wait(lambda: not self.has(role, name, inside), timeout, f'{role} {name!r} to go')

    def wait_text(self, text, timeout=10, inside=None):
        """Waits for a text (or pattern) anywhere in a name, a label or an entry; returns its element."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        return self._wait(lambda: next(iter(self.find_all(None, pattern, inside)), None), timeout,
                          f'the text {text!r}')

    def _wait(self, condition, timeout, what):
        def alive():
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f'it ended, waiting for {what}\n{self.log()[-6000:]}')
            return condition()
        try:
            return wait_for(alive, timeout, what)
        except AssertionError as problem:
            reason = f' ({problem.__cause__})' if problem.__cause__ else ''
            raise AssertionError(f'{problem}{reason}\non the screen:\n{self.texts()}') from None

    def rows(self, listing):
        """The rows of a list that are there now, each as the list of its texts."""
        inside = listing if not isinstance(listing, str) else self.find('list', listing)
        return [[one.name for one in row._walk() if one.role in ('label', 'static') and one.name]
                for row in inside.find_all('row')]

    def texts(self, inside=None):
        """All texts on the screen, one per line."""
        return '\n'.join(f'{element.role}: {element.label}' for element in (inside or self.root).below()
                         if element.label)

    def text_of(self, element):
        return element.text

    # Doing

    def click(self, element, name=None, **more):
        """Clicks an element, or the one of this role and name: by its action if it has one, else by the
        pointer."""
        if isinstance(element, str):
            element = self.find(element, name, **more)
        self._wait(lambda: element.refresh() and 'sensitive' in element.states, 10, f'{element} to be sensitive')
        if element.role in ACTIVATED and 'Action' in element.interfaces() \
                and element.known('Action', 'NActions') > 0:
            assert element('Action', 'DoAction', '(i)', 0), f'{element} does nothing'
        else:
            self.point(element)
        return element

    def point(self, element, button=1, times=1):
        """Clicks into the middle of an element with the pointer; scrolls there if it is in a list."""
        x, y = self._into_view(element)
        left, top = self._place_of(element)
        self.display.tool('xdotool', 'mousemove', left + x, top + y, 'click', '--repeat', times,
                          '--delay', 50, button)

    def _into_view(self, element):
        pane = next((above for above in element.above() if above.role == 'scroll pane'), None)

        def middle():
            x, y, width, height = element.extents()
            if pane is not None:
                _, top, _, tall = pane.extents()
                if not top <= y + height // 2 < top + tall:
                    left, upper = self._place_of(element)
                    self.display.tool('xdotool', 'mousemove', left + x + width // 2, upper + top + tall // 2,
                                      'click', 4 if y + height // 2 < top else 5)
                    return None
            return x + width // 2, y + height // 2
        return self._wait(middle, 10, f'{element} to come into view')

    def fill(self, element, text, **more):
        """Replaces the text of an entry (or of the one with this name) at once."""
        if isinstance(element, str):
            element = self.find('entry', element, **more)
        self._editable(element)('EditableText', 'SetTextContents', '(s)', text)
        return element

    def _editable(self, element):
        for one in element.below():
            try:
                if 'EditableText' in one.interfaces():
                    return one
            except Gone:
                pass
        raise AssertionError(f'{element} takes no text')

    def focus(self, element, most=80):
        """Moves the keyboard's focus there as a person without a pointer does: by Tab, at most so often."""
        for _ in range(most):
            if element.refresh() and 'focused' in element.states:
                return element
            self.key('Tab')
        raise AssertionError(f'{element} is not reached by Tab')

    def key(self, *keys):
        """Presses keys, one after the other: key('ctrl+f'), key('Tab', 'Return')."""
        self.display.tool('xdotool', 'windowfocus', '--sync', self._front(), 'key', '--clearmodifiers', *keys)

    def type(self, text):
        """Types into what has the focus."""
        self.display.tool('xdotool', 'windowfocus', '--sync', self._front(), 'type', '--delay', 5, text)

    def focused(self):
        """What has the keyboard's focus, or None."""
        return next((element for element in reversed(self.root.below()) if 'focused' in element.states), None)

    def sign_in(self, fleet):
        """From the first window to the main one, as the dealer of a Fleet, over the form."""
        self.click('button', self.word('Sign in'))
        self.fill(self.word('Server'), fleet.server.url)
        self.fill(self.word('User ID (dealer ID)'), fleet.user_id)
        self.fill(self.word('Password'), fleet.password)
        self.click('button', self.word('Sign in'))
        self.wait_gone('entry', self.word('Password'), timeout=20)
        return self

    def show_page(self, page):
        """Goes to a page of the sidebar, by its name in English; where there is no room for it, by way of it."""
        if not self.has('list', self.word('Pages')):
            self.click('button', self.word('Back'))
        self.click('row', self.word(page))
        return self

    def open_gateway(self, name):
        """Asks the running app for the page of a gateway, as a notification does."""
        self.display.tool('gapplication', 'action', 'org.mimamori.Mimamori', 'open-gateway', f"'{name}'")
        return self

    def word(self, english):
        """What this app shows where it shows this (without mnemonic) in English."""
        return word(self.environment['LANGUAGE'], english)

    # Its windows on the screen

    def _screen_windows(self):
        """The X windows, the front one last."""
        found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                               env=self.environment, capture_output=True, text=True)
        return [int(word) for word in found.stdout.split() if self._area(int(word))[2] > 1]

    def _area(self, window):
        said = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', str(window)],
                              env=self.environment, capture_output=True, text=True).stdout
        known = dict(line.split('=') for line in said.split() if '=' in line)
        return [int(known.get(name, 0)) for name in ('X', 'Y', 'WIDTH', 'HEIGHT')]

    def _title(self, window):
        return self.display.tool('xdotool', 'getwindowname', window).strip()

    def _front(self):
        return wait_for(self._screen_windows, 10, 'a window')[-1]

    def _place_of(self, element):
        top = element
        while top.parent is not None and top.parent != self.root:
            top = top.parent
        for window in reversed(self._screen_windows()):
            if self._title(window) == top.name:
                return self._area(window)[:2]
        return self._area(self._front())[:2]

    def fill_screen(self):
        """Gives the front window the whole screen, as a window manager does that tiles."""
        size = [self.display.width, self.display.height]

        def full():
            window = self._front()
            if self._area(window) == [0, 0, *size]:
                return True
            # Until it is drawn for the first time, GTK may still ask for the size that it would like.
            self.display.tool('xdotool', 'windowmove', window, 0, 0, 'windowsize', window, *size)
            return False
        wait_for(full, 10, f'a window of {size}')

    def screenshot(self, path):
        return self.display.screenshot(path)

    def steady_screenshot(self, path):
        """A picture once nothing moves any more: two in a row are the same."""
        seen = []

        def still():
            seen.append(signature(self.screenshot(path)))
            return len(seen) > 1 and seen[-1] == seen[-2]
        self._wait(still, 20, 'the screen to come to rest')
        return Path(path)

    def dump(self):
        return self.root.dump() if self.root else '(no window yet)'

    # Judging

    def unnamed_controls(self, window=None):
        """Every control on the screen without a name for the screen reader."""
        return unnamed_controls(window or self.root)

    def too_wide(self):
        """What does not fit the width of the screen: windows that ask for more, and what in them reaches
        beyond it, as (role, name, width). What scrolls sideways by intention is not looked into."""
        found = []
        for window in self._screen_windows():
            asked = re.search(r'minimum size: (\d+)', self.display.tool('xprop', '-id', window, 'WM_NORMAL_HINTS'))
            if asked and int(asked.group(1)) > self.display.width:
                found.append(('window', self._title(window), int(asked.group(1))))
        for window in self.windows():
            scrolled = set()
            for element in window.below():
                if element.parent in scrolled or element.role in ('table', 'tree table'):
                    scrolled.add(element)
                    continue
                x, _, width, _ = element.area
                if width > 0 and (x < -2 or x + width > self.display.width + 2):
                    found.append((element.role, element.label, width))
        return found

    def keep(self, folder):
        """What a person needs to see why a test failed."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'app.log').write_text(self.log())
        if self.running():
            self.screenshot(folder / 'screen.png')
            (folder / 'tree.txt').write_text(self.dump() + '\n')


def look(language='en', dark=False, contrast=False):
    """The environment that gives the app its language and its look, and nothing of the person's."""
    found = {
        'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'GDK_DEBUG': 'gl-disable', 'GTK_A11Y': 'atspi',
        'ADW_DISABLE_PORTAL': '1', 'GTK_USE_PORTAL': '0', 'GSETTINGS_BACKEND': 'keyfile', 'NO_AT_BRIDGE': '0',
        'GIO_USE_VFS': 'local', 'GIO_USE_VOLUME_MONITOR': 'unix', 'GTK_IM_MODULE': 'simple',
        'LANG': os.environ.get('MIMAMORI_LOCALE', 'C.UTF-8'), 'LANGUAGE': language,
        'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark' if dark else 'prefer-light',
        'ADW_DEBUG_HIGH_CONTRAST': '1' if contrast else '0',
        'LSAN_OPTIONS': f'print_suppressions=0:suppressions={SUPPRESSIONS}',
    }
    schemas = sorted(BUILD.glob('data/**/gschemas.compiled'))
    if schemas:
        found['GSETTINGS_SCHEMA_DIR'] = os.pathsep.join(str(path.parent) for path in schemas)
    return found
