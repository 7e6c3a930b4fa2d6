"""Fixtures for all suites, and --long for the long forms (docs/testing.md)."""

import pytest

pytest_plugins = ['harness.fixtures']


def pytest_addoption(parser):
    parser.addoption('--long', action='store_true', help='run the long forms of the tests, too')


def pytest_collection_modifyitems(config, items):
    if config.getoption('--long'):
        return
    items[:], left_out = ([item for item in items if not item.get_closest_marker('long')],
                          [item for item in items if item.get_closest_marker('long')])
    if left_out:
        config.hook.pytest_deselected(items=left_out)
