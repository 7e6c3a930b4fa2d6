"""The recording of a real house: what of it must be stored, and as line protocol.

The columns are those of the shipped mapping, so that the replay and the line protocol say the same.
Times are UTC microseconds; an empty cell is a gap and stays one."""

import configparser
import csv
import json
import subprocess
from collections import namedtuple

from .places import BUILD, TOP, shared_data

Point = namedtuple('Point', 'time device quantity value')

MAP = TOP / 'data' / 'maps' / 'fronius-symo-hybrid.map'
ZONE = 'Europe/Berlin'


def recording():
    """The path of the recording; skips the test if it is absent."""
    return shared_data('fronius-symo-hybrid-1min', 'fronius.csv')


def rows():
    with open(recording(), newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def columns():
    """(column, device, quantity, scale) of each mapped column."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(MAP, encoding='utf-8')
    found = []
    for name in parser.sections():
        words = name.split()
        if words[0] == 'value':
            section = parser[name]
            found.append((section['column'], words[1], words[2], float(section.get('scale', '1'))))
    return found


def microseconds(timestamp):
    """Epoch seconds as text, exactly to the microsecond."""
    seconds, _, fraction = timestamp.partition('.')
    return int(seconds) * 1_000_000 + int(fraction.ljust(6, '0')[:6])


def points():
    """Every point of the recording that has a value, in the file's order."""
    mapped = columns()
    return [Point(microseconds(row['timestamp']), device, quantity, float(row[column]) * scale)
            for row in rows() for column, device, quantity, scale in mapped if row[column] != '']


def line_protocol():
    """The same points, one line per row and device, times in microseconds."""
    lines = {}
    for point in points():
        lines.setdefault((point.time, point.device), []).append(f'{point.quantity}={point.value!r}')
    return [f'{device},device={device} {",".join(fields)} {time}'
            for (time, device), fields in lines.items()]


def import_file(path):
    """Writes the recording as a file for `influx -import`."""
    head = ['# DDL', 'CREATE DATABASE solar', '# DML', '# CONTEXT-DATABASE: solar']
    path.write_text('\n'.join(head + line_protocol()) + '\n', encoding='utf-8')
    return path


def replay(server, folder, gateway):
    """The agent pushes the recording as this gateway; returns its totals."""
    key = folder / 'key'
    key.write_text(gateway['key'])
    done = subprocess.run(
        [BUILD / 'src' / 'mimamori-gateway', 'replay', recording(), '--map', MAP,
         '--server', server.url, '--gateway', gateway['id'], '--key-file', key, '--speed', 'max',
         '--spool', folder / 'spool', '--json'],
        env=server.environment, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout)
