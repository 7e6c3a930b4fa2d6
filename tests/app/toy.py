#!/usr/bin/python3
"""A small window that the rig itself is tried on: a good control of each kind, and one without a name."""

import signal
import sys

import gi

gi.require_version('Gtk', '4.0')
gi.require_version('Adw', '1')
from gi.repository import Adw, Gio, GLib, Gtk  # noqa: E402


def activate(app):
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12)
    entry = Gtk.Entry()
    label = Gtk.Label(label='_Name', use_underline=True, mnemonic_widget=entry)
    said = Gtk.Label(label='Nothing yet')
    greet = Gtk.Button(label='Greet')
    greet.connect('clicked', lambda *_: said.set_label(f'Hello {entry.get_text()}'))
    listing = Gtk.ListBox()
    listing.update_property([Gtk.AccessibleProperty.LABEL], ['Houses'])
    for title in ('One', 'Two'):
        listing.append(Adw.ActionRow(title=title, subtitle=f'House {title}', activatable=True))
    listing.connect('row-activated', lambda _, row: said.set_label(f'Row {row.get_title()}'))
    password = Adw.PasswordEntryRow(title='Password')
    listing.append(password)
    menu = Gio.Menu()
    menu.append('Quit', 'app.quit')
    more = Gtk.MenuButton(icon_name='open-menu-symbolic', menu_model=menu)
    more.update_property([Gtk.AccessibleProperty.LABEL], ['Main menu'])
    header = Adw.HeaderBar()
    header.pack_end(more)
    if '--unnamed' in sys.argv:
        header.pack_start(Gtk.Button(icon_name='list-add-symbolic'))
    if '--wide' in sys.argv:
        box.append(Gtk.Label(label='W' * 80))
    if '--warn' in sys.argv:
        print('(toy:1): mm-toy-WARNING **: 00:00:00.000: provoked', file=sys.stderr)
    pages = Gtk.Stack()
    for name in ('First', 'Second'):
        pages.add_named(Gtk.Label(label=f'{name} page'), name)
    turn = Gtk.Button(label='Turn')
    turn.connect('clicked', lambda *_: pages.set_visible_child_name('Second'))
    for widget in (label, entry, greet, said, listing, pages, turn):
        box.append(widget)
    outer = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    outer.append(header)
    outer.append(box)
    window = Adw.ApplicationWindow(application=app, title='Toy', content=outer, default_width=500)
    window.present()


def noted(app):
    note = Gio.Notification.new('Fault')
    note.set_body('House One')
    note.set_default_action('app.noted')
    note.add_button('Acknowledge', 'app.quit')
    app.send_notification('fault', note)


app = Adw.Application(application_id='org.mimamori.Toy')
for name, keys, does in (('quit', ['<Control>q'], lambda *_: app.quit()),
                         ('notify', ['<Control>n'], lambda *_: noted(app)),
                         ('noted', [], lambda *_: print('noted', flush=True))):
    action = Gio.SimpleAction.new(name, None)
    action.connect('activate', does)
    app.add_action(action)
    app.set_accels_for_action(f'app.{name}', keys)
app.connect('activate', activate)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, app.quit)
sys.exit(app.run([]))
