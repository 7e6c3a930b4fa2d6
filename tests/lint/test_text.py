"""Files of all kinds: scripts that parse, no trace of somebody's machine, nothing that sleeps."""

import py_compile
import re
import shutil
import subprocess

import pytest

from harness.places import TOP
from sources import each, lines, name, tracked

SCRIPTS = [path for path in tracked() if path.suffix == '.sh' or
           (path.suffix in ('', '.in') and path.read_bytes()[:9] in (b'#!/bin/sh', b'#!/bin/ba') or
            path.read_bytes()[:15] == b'#!/usr/bin/env b')]
PYTHON = [path for path in tracked() if path.suffix == '.py' or
          path.read_bytes()[:18] == b'#!/usr/bin/python3']

# Places that exist on one machine only. Split, so that this file does not match itself.
MACHINE = re.compile(r'(?<![\w.~-])/(?:ho' r'me|wo' r'rk|Us' r'ers|ro' r'ot)/[\w.-]+')

SLEEPS = re.compile(r'\b(?:g_usleep|usleep|nanosleep|time\.sleep|asyncio\.sleep|sleep) ?\(|^\s*sleep \d')
MAY_SLEEP = {'tests/harness/wait.py'}


def is_text(path):
    return b'\0' not in path.read_bytes()[:8000]


TEXTS = [path for path in tracked() if is_text(path)]


@each(SCRIPTS)
def test_shell_script(path):
    shell = 'bash' if b'bash' in path.read_bytes().split(b'\n', 1)[0] else 'sh'
    run = subprocess.run([shell, '-n', str(path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    if not shutil.which('shellcheck'):
        pytest.skip('shellcheck is not there')
    run = subprocess.run(['shellcheck', '-x', '-s', shell, name(path)], cwd=TOP,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@each(PYTHON)
def test_python_compiles(path, tmp_path):
    py_compile.compile(str(path), cfile=str(tmp_path / 'out.pyc'), doraise=True)


def test_no_path_of_a_machine():
    wrong = [f'{name(path)}:{number}: {line.strip()}' for path in TEXTS
             for number, line in enumerate(lines(path), 1) if MACHINE.search(line)]
    assert not wrong


def test_tests_do_not_sleep():
    wrong = [f'{name(path)}:{number}: {line.strip()}'
             for path in tracked('tests/*.c', 'tests/*.h', 'tests/*.py', 'tests/*.sh')
             if name(path) not in MAY_SLEEP and name(path) != 'tests/lint/test_text.py'
             for number, line in enumerate(lines(path), 1) if SLEEPS.search(line)]
    assert not wrong, 'wait for the condition (harness.wait.wait_for)'


@each([path for path in TEXTS
                                  if path.suffix in ('.c', '.h', '.py', '.sh', '.md', '.yaml', '.css',
                                                     '.html', '.sql', '.build')])
def test_whitespace(path):
    text = path.read_text(encoding='utf-8')
    assert not text or text.endswith('\n')
    assert '\r' not in text
    if path.suffix != '.md':
        assert not [n for n, line in enumerate(text.split('\n'), 1) if line != line.rstrip()]


def test_every_dependency_has_its_package():
    """meson.build and build-aux/packages tell the same story."""
    build = (TOP / 'meson.build').read_text()
    wanted = set(re.findall(r"dependency\('([\w.-]+)'", build)) - {'threads'}
    proofs = set(re.findall(r'^build .*\bpc:(\S+)', (TOP / 'build-aux' / 'packages').read_text(),
                            re.MULTILINE))
    # What comes in the same package as something that is listed.
    same = {'glib-2.0': 'gio-unix-2.0', 'gio-2.0': 'gio-unix-2.0'}
    assert {same.get(module, module) for module in wanted} == proofs
