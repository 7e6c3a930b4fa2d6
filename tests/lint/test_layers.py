"""An arrow only ever points down. The build refuses upward includes; this says it in words, and
keeps the libraries where they belong."""

import re

from sources import each, lines, name, tracked

# Each folder of src/ and the folders below it that it may include from.
BELOW = {
    'core': set(),
    'codec': {'core'},
    'store': {'codec', 'core'},
    'mail': {'codec', 'core'},
    'mqtt': {'codec', 'core'},
    'service': {'store', 'mail', 'mqtt', 'codec', 'core'},
    'http': {'service', 'store', 'mail', 'mqtt', 'codec', 'core'},
    'server': {'http', 'service', 'store', 'mail', 'mqtt', 'codec', 'core'},
    'agent': {'codec', 'core'},
    'client': {'codec', 'core'},
    'chart': {'codec', 'core'},
    'app': {'chart', 'client', 'codec', 'core'},
}

# Each library and the only folders whose files may include its headers; '' is src/ itself.
HOMES = {
    r'gio/|gio\b': {'codec', 'store', 'mail', 'mqtt', 'service', 'http', 'server', 'agent', 'client',
                     'chart', 'app', ''},
    r'jansson\.h': {'codec', 'mail', 'service', 'http', 'server', 'agent', ''},
    r'sqlite3\.h': {'store'},
    r'microhttpd\.h': {'http'},
    r'curl/': {'mail', 'server', 'agent'},
    r'gmime/': {'mail'},
    r'mosquitto\.h|mqtt_protocol\.h|openssl/': {'mqtt'},
    r'gtk/|adwaita\.h': {'chart', 'app'},
    r'libsoup/|json-glib/': {'client', 'app'},
    r'libsecret/': {'client'},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

SOURCES = tracked('src/*.c', 'src/*.h')
HEADERS = {path.name: path.parent.name for path in tracked('src/*/*.h')}


def room(path):
    parts = name(path).split('/')
    return parts[1] if len(parts) > 2 else ''


def test_every_folder_has_its_place():
    assert {room(path) for path in SOURCES} - {''} <= set(BELOW)


def test_header_names_are_unique():
    names = [path.name for path in tracked('src/*/*.h')]
    assert len(names) == len(set(names))


@each(SOURCES)
def test_includes_point_down(path):
    own = room(path)
    wrong = []
    for number, line in enumerate(lines(path), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, header = match.groups()
        if quote == '"':
            home = HEADERS.get(header)
            if '/' in header:
                wrong.append(f'{number}: "{header}" with a path')
            elif home is None and not re.search(r'-resources\b', header):
                wrong.append(f'{number}: "{header}" is no header of src/')
            elif own and home and home != own and home not in BELOW[own]:
                wrong.append(f'{number}: {own}/ includes {home}/{header}, which is not below it')
        else:
            for library, homes in HOMES.items():
                if re.match(library, header) and own not in homes:
                    wrong.append(f'{number}: <{header}> does not belong into {own or "src"}/')
    assert not wrong


def test_sql_is_in_store_only():
    found = [name(path) for path in SOURCES if room(path) not in ('store', None)
             and any(re.search(r'\bmm_database_(prepare|exec)\b', line) for line in lines(path))]
    assert not found


def test_build_names_every_source():
    """meson.build of each folder lists its files in alphabetical order, and all of them."""
    wrong = []
    for folder in BELOW:
        builds = tracked(f'src/{folder}/meson.build')
        if not builds:
            continue
        listed = re.findall(r"^\s*'([\w-]+\.c)',?$", builds[0].read_text(), re.MULTILINE)
        there = [path.name for path in tracked(f'src/{folder}/*.c') if path.parent.name == folder]
        if listed != sorted(listed):
            wrong.append(f'{folder}: not in alphabetical order')
        if set(listed) != set(there):
            wrong.append(f'{folder}: {set(listed) ^ set(there)}')
    assert not wrong


@each([path for path in SOURCES if not room(path) and path.suffix == '.c'])
def test_mains_are_short(path):
    assert len(lines(path)) <= 100
