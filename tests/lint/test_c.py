"""The form of the C files."""

import re
import shutil
import subprocess

import pytest

from sources import each, lines, name, tracked

SOURCES = tracked('src/*.c', 'src/*.h')
HEADERS = tracked('src/*.h')
FORMATTED = tracked('src/*.c', 'src/*.h', 'tests/*.c', 'tests/*.h')

MOST_LINES = 600

# Longer files, each with the reason why it has no second noun in it.
LONG = {
}

# Not a function: macros of GLib that stand at the beginning of a line in headers.
MACROS = re.compile(r'^(G_BEGIN_DECLS|G_END_DECLS|G_DEFINE_\w+|G_DECLARE_\w+|G_STATIC_ASSERT)\b')

# Says it all by its name.
PLAIN = re.compile(r'\bmm_\w+_(quark|new) \(void\)|\bmm_\w+_(free|ref|unref) \(\w+ \*\w+\)')

DECLARATION = re.compile(r'^[A-Za-z_][\w\s*]*?\b(mm_\w+) \(')


@each(FORMATTED)
def test_formatted(path):
    tool = shutil.which('clang-format-14')
    if not tool:
        pytest.skip('clang-format-14 is not there; other versions format differently')
    run = subprocess.run([tool, '--dry-run', '-Werror', str(path)], capture_output=True, text=True)
    assert run.returncode == 0, f'clang-format -i {name(path)}\n{run.stderr[:2000]}'


@each(SOURCES)
def test_size(path):
    if name(path) in LONG:
        return
    assert len(lines(path)) <= MOST_LINES, 'which second noun is in it?'


def test_long_files_are_still_long():
    short = [entry for entry in LONG
             if not tracked(entry) or len(lines(tracked(entry)[0])) <= MOST_LINES]
    assert not short


@each(HEADERS)
def test_header_is_read_once(path):
    assert '#pragma once' in lines(path)


@each(SOURCES)
def test_file_says_what_it_is(path):
    """A file opens with what it is. A .c file may leave that to the header of the same name."""
    if path.suffix == '.c' and path.with_suffix('.h').exists():
        return
    assert path.read_text().startswith('/* ')


@each(HEADERS)
def test_public_functions_are_described(path):
    """Above each declaration, or above the group without a blank line that it stands in, is a
    comment. Making and freeing without arguments needs none."""
    bare = []
    described = False
    for line in lines(path):
        if not line.strip():
            described = False
        elif line.rstrip().endswith('*/'):
            described = True
        elif MACROS.match(line):
            continue
        else:
            match = DECLARATION.match(line)
            if match and not described and not PLAIN.search(line):
                bare.append(match.group(1))
    assert not bare


@each(SOURCES)
def test_nothing_is_left_for_later(path):
    text = path.read_text()
    assert not re.search(r'\b(TODO|FIXME|XXX|HACK)\b', text)
    assert not re.search(r'\bgoto\b', re.sub(r'/\*.*?\*/|"(\\.|[^"\\])*"', '', text, flags=re.S))
