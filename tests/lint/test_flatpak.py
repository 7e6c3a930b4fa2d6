"""The Flatpak's manifest: whole, pinned, and asking for little. flatpak/try really builds it."""

import re

import yaml

from harness.places import TOP

APP = 'org.mimamori.Mimamori'
MANIFEST = yaml.safe_load((TOP / 'flatpak' / f'{APP}.yaml').read_text(encoding='utf-8'))
MODULES = {module['name']: module for module in MANIFEST['modules']}

# What the GNOME runtime has, of what the build asks for; all else is a module of ours.
RUNTIME = {'gio-2.0', 'gio-unix-2.0', 'glib-2.0', 'gnutls', 'gtk4', 'json-glib-1.0', 'libadwaita-1',
           'libcurl', 'libsecret-1', 'libsoup-3.0', 'openssl', 'sqlite3', 'threads', 'zlib', 'avahi-gobject',
           'cairo', 'libzstd'}
PROVIDED = {'gmime': 'gmime-3.0', 'jansson': 'jansson', 'libmicrohttpd': 'libmicrohttpd',
            'libsodium': 'libsodium', 'mosquitto': 'libmosquitto', 'oath-toolkit': 'liboath', 'qrencode': 'libqrencode'}

# Windows, the network, and no more: each further one is a decision, to be made here as well.
PERMISSIONS = {'--socket=wayland', '--socket=fallback-x11', '--share=ipc', '--device=dri',
               '--share=network'}


def test_names():
    assert (MANIFEST['app-id'], MANIFEST['command']) == (APP, 'mimamori')
    assert (MANIFEST['runtime'], MANIFEST['sdk']) == ('org.gnome.Platform', 'org.gnome.Sdk')
    # A number that YAML must not round.
    assert isinstance(MANIFEST['runtime-version'], str)


def test_asks_for_little():
    assert set(MANIFEST['finish-args']) == PERMISSIONS


def test_has_what_the_build_asks_for():
    wanted = set(re.findall(r"dependency\('([\w.-]+)'", (TOP / 'meson.build').read_text()))
    assert wanted - RUNTIME == set(PROVIDED.values())
    # Ours comes last, after all that it needs.
    assert list(MODULES)[-1] == 'mimamori'
    assert set(MODULES) - {'mimamori'} == set(PROVIDED)


def test_sources_are_pinned():
    for name in PROVIDED:
        for source in MODULES[name]['sources']:
            assert source['type'] == 'archive'
            assert source['url'].startswith('https://')
            assert re.fullmatch(r'[0-9a-f]{64}', source['sha256'])
    sums = [source['sha256'] for name in PROVIDED for source in MODULES[name]['sources']]
    assert len(sums) == len(set(sums))
