"""What a screen reader sees of a program: its tree of accessible objects, asked for over D-Bus.

It speaks the AT-SPI protocol itself, without libatspi: that one keeps a cache that only a running
main loop refreshes, and one bus per process. Here every answer is fresh, many questions are under way
at once, and one process can look at several sessions."""

import re

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

from .words import bare  # noqa: E402

ACCESSIBLE = 'org.a11y.atspi.Accessible'
COMPONENT = 'org.a11y.atspi.Component'
ROOT = '/org/a11y/atspi/accessible/root'

# Of the protocol's numbers those that GTK uses. The numbers stay; the names differ by version.
ROLES = {
    2: 'alert', 7: 'check box', 8: 'check menu item', 10: 'column header', 11: 'combo box', 16: 'dialog',
    20: 'filler', 23: 'frame', 26: 'icon', 27: 'image', 29: 'label', 31: 'list', 32: 'list item',
    33: 'menu', 34: 'menu bar', 35: 'menu item', 37: 'page tab', 38: 'page tab list', 39: 'panel',
    40: 'password text', 41: 'popup menu', 42: 'progress bar', 43: 'button', 44: 'radio button',
    45: 'radio menu item', 48: 'scroll bar', 49: 'scroll pane', 50: 'separator', 51: 'slider',
    52: 'spin button', 53: 'split pane', 54: 'status bar', 55: 'table', 56: 'table cell',
    57: 'column header', 61: 'text', 62: 'toggle button', 63: 'tool bar', 64: 'tool tip',
    65: 'tree', 66: 'tree table', 67: 'unknown', 68: 'viewport', 69: 'window', 70: 'widget',
    75: 'application', 79: 'entry', 83: 'heading', 85: 'section', 88: 'link', 90: 'table row',
    91: 'tree item', 98: 'list box', 99: 'grouping', 101: 'notification', 102: 'info bar',
    103: 'level bar', 110: 'landmark', 111: 'log', 116: 'static', 130: 'switch', 132: 'switch',
}
# What a test may say, and what it may be called by one version or another of GTK.
ALIASES = {
    'button': {'button', 'toggle button'},
    'entry': {'entry', 'text', 'password text', 'spin button'},
    'heading': {'heading', 'label', 'static'},
    'label': {'label', 'heading', 'static'},
    'list': {'list', 'list box', 'table', 'tree table', 'tree'},
    'panel': {'panel', 'grouping'},
    'row': {'list item', 'table row', 'tree item', 'table cell'},
    'switch': {'switch', 'toggle button', 'check box'},
    'table': {'table', 'tree table', 'list'},
    'cell': {'table cell', 'column header'},
    'choice': {'radio button', 'check box', 'toggle button'},
    'tab': {'page tab', 'toggle button', 'radio button'},
    'window': {'frame', 'window', 'dialog', 'alert'},
}
STATES = {
    1: 'active', 4: 'checked', 7: 'editable', 8: 'enabled', 9: 'expandable', 10: 'expanded',
    11: 'focusable', 12: 'focused', 16: 'modal', 20: 'pressed', 22: 'selectable', 23: 'selected',
    24: 'sensitive', 25: 'showing', 30: 'visible', 33: 'required', 36: 'invalid',
}
# A person meets these as controls; each must have a name.
CONTROLS = {
    'button', 'check box', 'check menu item', 'combo box', 'entry', 'link', 'list item', 'menu item',
    'page tab', 'password text', 'radio button', 'radio menu item', 'slider', 'spin button', 'switch',
    'table row', 'text', 'toggle button', 'tree item',
}
MENU_ITEMS = {'menu item', 'check menu item', 'radio menu item'}
# GTK 4.8 calls a widget without a name by its class: that is no name, but tells some kinds apart.
CLASS = re.compile(r'(?:Gtk|Adw|Gdk|Mm)[A-Z][A-Za-z0-9]*')
KINDS = {'GtkListItemWidget': 'list item', 'GtkColumnViewRowWidget': 'table row', 'GtkSwitch': 'switch'}
WINDOWS = ('frame', 'window', 'dialog', 'alert')
COORD_WINDOW = 1
LABELLED_BY = 2


class Gone(Exception):
    """The object or its program is not there any more."""


class Bus:
    """The accessibility bus of one session."""

    def __init__(self, session):
        """session: a Gio.DBusConnection of the session bus."""
        self.address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None,
                                         None, Gio.DBusCallFlags.NONE, 30000, None).unpack()[0]
        self.connection = connect(self.address)

    def close(self):
        if not self.connection.is_closed():
            self.connection.close_sync(None)

    def ask(self, calls):
        """The answers of many calls, each (name, path, interface, method, arguments or None): unpacked, or
        None for each that failed."""
        answers = [None] * len(calls)
        waiting = len(calls)
        context = GLib.MainContext.new()
        context.push_thread_default()

        def answered(connection, result, index):
            nonlocal waiting
            waiting -= 1
            try:
                answers[index] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass

        try:
            for index, (name, path, interface, method, arguments) in enumerate(calls):
                self.connection.call(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                     20000, None, answered, index)
            while waiting:
                context.iteration(True)
        finally:
            context.pop_thread_default()
        return answers

    def application(self, pid):
        """The root of the program with this process id, or None."""
        registry = 'org.a11y.atspi.Registry'
        listed = self.ask([(registry, ROOT, ACCESSIBLE, 'GetChildren', None)])[0]
        for name, path in (listed or [[]])[0]:
            owner = self.ask([('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                               'GetConnectionUnixProcessID', GLib.Variant('(s)', (name,)))])[0]
            if owner and owner[0] == pid:
                return Element(self, name, path, None)
        return None


class Element:
    """One accessible object, with what was true when it was read: role, name, description,
    states, area (x, y, width, height within its window)."""

    def __init__(self, bus, owner, path, parent):
        self.bus, self.owner, self.path, self.parent = bus, owner, path, parent
        self.role, self.name, self.description, self.states = 'unknown', '', '', frozenset()
        self.area = (0, 0, 0, 0)
        self._below = []

    def __eq__(self, other):
        return isinstance(other, Element) and (self.owner, self.path) == (other.owner, other.path)

    def __hash__(self):
        return hash((self.owner, self.path))

    def __repr__(self):
        return f'<{self.role} "{self.name}" {" ".join(sorted(self.states))}>'

    def __call__(self, interface, method, signature=None, *arguments):
        answer = self.bus.ask([(self.owner, self.path, 'org.a11y.atspi.' + interface, method,
                                GLib.Variant(signature, arguments) if signature else None)])[0]
        if answer is None:
            raise Gone(f'{self!r} does not answer {interface}.{method}')
        return answer[0] if len(answer) == 1 else answer

    def known(self, interface, name):
        answer = self.bus.ask([(self.owner, self.path, 'org.freedesktop.DBus.Properties', 'Get',
                                GLib.Variant('(ss)', ('org.a11y.atspi.' + interface, name)))])[0]
        if answer is None:
            raise Gone(f'{self!r} has no {interface}.{name}')
        return answer[0]

    # Reading the tree

    def refresh(self):
        """Reads it again; False if it is gone."""
        return bool(read(self.bus, [self]))

    def below(self, showing=True):
        """It and everything below it, in the order of the tree, read now. With showing, what is not on
        the screen is left out with all it contains."""
        level = read(self.bus, [self])
        while level:
            deeper = []
            for element in level:
                element._below = [Element(self.bus, owner, path, element)
                                  for owner, path in element._below if path != '/org/a11y/atspi/null']
                deeper += element._below
            level = read(self.bus, deeper)
            left = {id(element) for element in level if not showing or 'showing' in element.states}
            level = [element for element in level if id(element) in left]
            for element in {id(one.parent): one.parent for one in deeper}.values():
                element._below = [one for one in element._below if id(one) in left]
        return list(self._walk())

    def _walk(self):
        yield self
        for element in self.inside:
            yield from element._walk()

    def find_all(self, role=None, name=None, showing=True):
        """Everything below it of this role ('button', 'entry', 'row', see ALIASES) and name: a text that is
        the whole name, or a compiled pattern that is searched in it."""
        roles = ALIASES.get(role, {role})
        found = [element for element in self.below(showing)
                 if element is not self and (role is None or element.role in roles)
                 and (name is None or matches(name, element.label))]
        # A menu button is a button in a button of the same name: the inner one is what does something.
        outer = {id(above) for element in found for above in element.above()
                 if above.label == element.label
                 and (above.role == element.role or {above.role, element.role} <= ALIASES['button'])}
        return [element for element in found if id(element) not in outer]

    @property
    def inside(self):
        """What is right in it, as it was read by below()."""
        return [element for element in self._below if isinstance(element, Element)]

    def above(self):
        """What it is in, from the inside out."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def label(self):
        """Its name, or for rows and controls made of others the texts of those. As it was read."""
        if self.name or self.role not in CONTROLS | {'table cell', 'column header', 'heading'}:
            return self.name
        return ' '.join(element.name for element in self._walk()
                        if element is not self and element.role in ('label', 'static') and element.name)

    @property
    def text(self):
        """The text of an entry or a label, whole, as it is now."""
        try:
            count = self.known('Text', 'CharacterCount')
            return self('Text', 'GetText', '(ii)', 0, count)
        except Gone:
            self.refresh()
            return self.name

    @property
    def value(self):
        """The number of a slider, level bar or progress bar."""
        return self.known('Value', 'CurrentValue')

    def extents(self):
        """(x, y, width, height) within its window."""
        if not self.refresh():
            raise Gone(f'{self!r}')
        return self.area

    def interfaces(self):
        return {name.rpartition('.')[2] for name in self('Accessible', 'GetInterfaces')}

    def dump(self):
        """The tree below it as text, also what is not on the screen."""
        self.below(showing=False)
        lines = []

        def add(element, depth):
            states = ' '.join(sorted(element.states - {'enabled', 'sensitive', 'visible', 'focusable'}))
            more = f' — {element.description}' if element.description else ''
            lines.append(f'{"  " * depth}{element.role} "{element.name}"{more} [{states}]')
            for child in element._below:
                add(child, depth + 1)

        add(self, 0)
        return '\n'.join(lines)


def connect(address):
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
        | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


def matches(name, text):
    """name: a pattern that is searched, or the whole text, which may have a mnemonic as in "ログイン(S)"."""
    return bool(name.search(text)) if isinstance(name, re.Pattern) else name in (text, bare(text))


def plain(name):
    """GTK 4.8 calls a button "_Save Save", by its text with the mnemonic and by the label it shows."""
    half = len(name) // 2 + 1
    first, second = name[:half].rstrip(' '), name[half:]
    return second if second and first.replace('_', '', 1) == second else name


def read(bus, elements):
    """Asks for role, states, name, area and children of these at once; returns those that are there."""
    calls = []
    for element in elements:
        calls += [(element.owner, element.path, ACCESSIBLE, 'GetRole', None),
                  (element.owner, element.path, ACCESSIBLE, 'GetState', None),
                  (element.owner, element.path, 'org.freedesktop.DBus.Properties', 'GetAll',
                   GLib.Variant('(s)', (ACCESSIBLE,))),
                  (element.owner, element.path, ACCESSIBLE, 'GetChildren', None),
                  (element.owner, element.path, COMPONENT, 'GetExtents', GLib.Variant('(u)', (COORD_WINDOW,)))]
    answers = bus.ask(calls)
    there = []
    for index, element in enumerate(elements):
        role, states, known, children, area = answers[5 * index:5 * index + 5]
        if role is None or states is None:
            continue
        low, high = states[0]
        element.states = frozenset(name for bit, name in STATES.items()
                                   if (low | high << 32) >> bit & 1)
        known = known[0] if known else {}
        element.name, element.description = known.get('Name', ''), known.get('Description', '')
        element.role = KINDS.get(element.name) or ROLES.get(role[0], f'role {role[0]}')
        if CLASS.fullmatch(element.name) and element.role not in WINDOWS:
            element.name = ''
        element.name = plain(element.name)
        element.area = tuple(area[0]) if area else (0, 0, 0, 0)
        element._below = list(children[0]) if children else []
        there.append(element)
    _note_showing(bus, there)
    for element in there:
        if element.role in MENU_ITEMS and not element.name:
            element.name = _labelled_by(element)
    return there


def _labelled_by(element):
    """The items of a menu have no name from GTK 4.10 on, but say which label it is that names them."""
    try:
        relations = element('Accessible', 'GetRelationSet')
        return ' '.join(Element(element.bus, owner, path, None).text
                        for kind, targets in relations if kind == LABELLED_BY for owner, path in targets)
    except Gone:
        return ''


def _note_showing(bus, elements):
    """GTK 4.8 gives the state "showing" to windows only, and not to dialogs. Another page of a stack keeps its state and its
    area; but it does not contain its own middle, because nothing that is not mapped contains anything."""
    if any('showing' in element.states for element in elements if element.role not in WINDOWS):
        # Newer versions say it of each; what is not mapped has no area, or an absurd one.
        for element in elements:
            if element.role not in WINDOWS and not 0 < max(element.area[2:]) < 1 << 16:
                element.states -= {'showing'}
        return
    # Nor does it say it of dialogs, which have an area as long as they are there.
    for element in elements:
        if element.role == 'dialog' and element.area[2] > 0:
            element.states |= {'showing'}
    asked = [element for element in elements if element.area[2] > 0 and element.area[3] > 0
             and 'visible' in element.states and element.role not in WINDOWS]
    middles = [(x + width // 2, y + height // 2) for x, y, width, height in (one.area for one in asked)]
    answers = bus.ask([(element.owner, element.path, COMPONENT, 'Contains',
                        GLib.Variant('(iiu)', (*middle, COORD_WINDOW))) for element, middle in zip(asked, middles)])
    for element in elements:
        if element.role not in WINDOWS:
            element.states -= {'showing'}
        elif 'visible' in element.states:
            element.states |= {'showing'}
    for element, answer in zip(asked, answers):
        if answer and answer[0]:
            element.states |= {'showing'}


def unnamed_controls(root):
    """The controls on the screen that a screen reader could only call by their kind."""
    found = []
    for element in root.below():
        if element.role not in CONTROLS or element.label.strip():
            continue
        # The inner part of a named one: the text of an entry row, the toggle of a menu button.
        outer = element.parent
        while outer is not None and not (outer.role in CONTROLS and outer.name.strip()):
            outer = outer.parent if outer.role not in WINDOWS + ('list', 'list box') else None
        if outer is None:
            found.append(element)
    return found
