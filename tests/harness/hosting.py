"""The server of this computer, as it is run from the app."""

import os
import re
import socket

from .client import ControlHttp

RUNNING = 'The server is running'


def servers(desk):
    """The process IDs of the servers that run in this home."""
    mark = f'HOME={desk.display.home}'.encode()
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/comm', encoding='utf-8') as file:
                name = file.read().strip()
            with open(f'/proc/{pid}/environ', 'rb') as file:
                if name == 'mimamori-server' and mark in file.read().split(b'\0'):
                    found.append(int(pid))
        except OSError:
            pass
    return found


def data_dir(desk):
    return desk.display.home / 'data' / 'mimamori'


def operator(desk, method, path, **more):
    return ControlHttp(data_dir(desk) / 'control.sock').request(method, path, **more)


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def open_host(desk):
    """The view of the server, from the first window."""
    way = desk.word('Run the server on this computer')
    if desk.has('row', re.compile(way)):
        desk.click('row', re.compile(way))
    else:
        desk.display.call('org.mimamori.Mimamori', '/org/mimamori/Mimamori', 'org.gtk.Actions', 'Activate',
                          '(sava{sv})', 'host', [], {})


def host(desk, name='見守サービス'):
    """From the first window to a running server, on a port of its own."""
    open_host(desk)
    desk.fill(desk.word('Name of the service'), name)
    desk.fill(desk.word('Port'), str(free_port()))
    desk.click('button', desk.word('Start the server'))
    desk.wait_text(desk.word(RUNNING), timeout=20)
    return desk


def go(desk, *rows):
    for row in rows:
        desk.click(desk.find('row', re.compile('^' + re.escape(desk.word(row)) + r'( \d.*)?$')))


def back(desk):
    desk.click('button', desk.word('Back'))
