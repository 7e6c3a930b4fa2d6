"""The desktop's notifications: a service that keeps what was sent and presses what it is told to."""

import threading

from gi.repository import Gio, GLib

from .atspi import connect, matches
from .wait import patient, wait_for

NAME, PATH = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
INTERFACE = Gio.DBusNodeInfo.new_for_xml('''<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
    <arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>''').interfaces[0]


class Notice:
    def __init__(self, number, title, body, actions):
        self.number, self.title, self.body = number, title, body
        # name of the action: its label, as the program sent them
        self.actions = dict(zip(actions[::2], actions[1::2]))
        self.closed = False

    def __repr__(self):
        return f'<notice {self.number} "{self.title}" "{self.body}" {self.actions}>'


class Notices:
    def __init__(self, address):
        """address: of the session bus. Answers from a thread of its own."""
        self.all = []
        self.context = GLib.MainContext.new()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.connection = connect(address)
        self.connection.set_exit_on_close(False)
        ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(patient(10))

    def _serve(self, ready):
        self.context.push_thread_default()
        self.connection.register_object(PATH, INTERFACE, self._called, None, None)
        self.connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                  'RequestName', GLib.Variant('(su)', (NAME, 4)), None,
                                  Gio.DBusCallFlags.NONE, 10000, None)
        ready.set()
        self.loop.run()
        self.context.pop_thread_default()

    def _called(self, connection, sender, path, interface, method, arguments, invocation):
        answer = None
        if method == 'GetCapabilities':
            answer = GLib.Variant('(as)', (['actions', 'body'],))
        elif method == 'GetServerInformation':
            answer = GLib.Variant('(ssss)', ('test', 'test', '1', '1.2'))
        elif method == 'Notify':
            _, replaces, _, title, body, actions, _, _ = arguments.unpack()
            notice = Notice(replaces or len(self.all) + 1, title, body, actions)
            for old in self.all:
                old.closed = old.closed or old.number == replaces
            self.all.append(notice)
            answer = GLib.Variant('(u)', (notice.number,))
        elif method == 'CloseNotification':
            for notice in self.all:
                notice.closed = notice.closed or notice.number == arguments.unpack()[0]
        invocation.return_value(answer)

    def wait(self, title, timeout=10):
        """The notification that is shown with this title (a text, or a pattern)."""
        return wait_for(lambda: next((notice for notice in list(self.all)
                                      if not notice.closed and matches(title, notice.title)), None),
                        timeout, f'a notification {title!r}, of {self.all}')

    def press(self, notice, action='default'):
        """Presses the notification itself, or its button with this name or label; that closes it."""
        name = next((name for name, label in notice.actions.items() if action in (name, label)), None)
        assert name, f'{action!r} is none of {notice.actions}'
        self.connection.emit_signal(None, PATH, NAME, 'ActionInvoked',
                                    GLib.Variant('(us)', (notice.number, name)))
        self.connection.flush_sync(None)
        notice.closed = True

    def close(self):
        self.context.invoke_full(GLib.PRIORITY_DEFAULT, lambda *_: self.loop.quit())
        self.thread.join(10)
        if not self.connection.is_closed():
            self.connection.close_sync(None)
