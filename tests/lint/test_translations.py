"""Japanese is complete from the first string."""

import re
import subprocess

import pytest

from harness.places import TOP

CATALOGUE = TOP / 'po' / 'ja.po'

pytestmark = pytest.mark.skipif(not CATALOGUE.exists(), reason='there is no text to translate yet')


def test_catalogue_is_valid_and_complete(tmp_path):
    run = subprocess.run(['msgfmt', '-c', '--statistics', '-o', str(tmp_path / 'ja.mo'), str(CATALOGUE)],
                         capture_output=True, text=True, env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'})
    assert run.returncode == 0, run.stderr
    assert 'fuzzy' not in run.stderr and 'untranslated' not in run.stderr, run.stderr


def test_no_message_is_given_up():
    assert not re.search(r'^#~', CATALOGUE.read_text(encoding='utf-8'), re.MULTILINE)


def test_extraction_is_up_to_date():
    update = TOP / 'po' / 'update'
    if not update.exists():
        pytest.skip('po/update is not there yet')
    run = subprocess.run([str(update), '--check'], cwd=TOP, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
