"""Where things are: the checkout, the build under test, the shared recordings."""

import os
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]

# Tests run what was built with the sanitizers; MIMAMORI_BUILD names another build directory.
BUILD = Path(os.environ.get('MIMAMORI_BUILD', TOP / 'build-san')).resolve()

# Screenshots are kept, so that people can look at them.
PICTURES = Path(os.environ.get('MIMAMORI_PICTURES', BUILD / 'pictures')).resolve()

# What is needed to understand a failed test of the app: its screen, its tree, what it said.
KEPT = BUILD / 'results' / 'app'


def shared_data(*parts):
    """A file or folder of the optional recordings; skips the test if they are not there."""
    root = Path(os.environ.get('MIMAMORI_SHARED_DATA', TOP.parent / 'shared' / 'data'))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f'recordings absent: {"/".join(parts)} (MIMAMORI_SHARED_DATA names their folder)')
    return path
