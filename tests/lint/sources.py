"""The files of the checkout, as git knows them."""

import subprocess

import pytest

from harness.places import TOP


def tracked(*patterns):
    """Files of the checkout (new ones included, ignored ones not) that match git's patterns."""
    listing = subprocess.run(
        ['git', '-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others',
         '--exclude-standard', '--', *patterns],
        cwd=TOP, check=True, capture_output=True, text=True).stdout
    paths = [TOP / name for name in sorted(set(listing.split('\0'))) if name]
    return [path for path in paths if path.is_file()]


def name(path):
    return path.relative_to(TOP).as_posix()


def lines(path):
    return path.read_text(encoding='utf-8').splitlines()


def each(paths):
    """Runs a test once for each file, under its name."""
    return pytest.mark.parametrize('path', [pytest.param(path, id=name(path)) for path in paths])
