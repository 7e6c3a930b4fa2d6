"""Each program has its manual page, which says what the program itself says."""

import re
import shutil
import subprocess

import pytest

from harness.places import TOP
from sources import each, name, tracked

PAGES = tracked('docs/man/*.1')
PROGRAMS = sorted(re.findall(r"^executable\('([\w-]+)'", (TOP / 'src' / 'meson.build').read_text(),
                             re.MULTILINE))


def test_each_program_has_its_page():
    assert sorted(path.stem for path in PAGES) == PROGRAMS


def test_pages_are_installed():
    build = (TOP / 'meson.build').read_text()
    installed = re.search(r'install_man\((.*?)\)', build, re.DOTALL).group(1)
    assert sorted(re.findall(r"'([^']+)'", installed)) == sorted(name(path) for path in PAGES)


@each(PAGES)
def test_page_is_well_formed(path):
    tool = shutil.which('groff')
    if not tool:
        pytest.skip('groff is not there')
    run = subprocess.run([tool, '-Kutf8', '-man', '-ww', '-z', '-Tutf8', '-rCHECKSTYLE=1', str(path)],
                         capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, '')


@each(PAGES)
def test_page_has_its_sections(path):
    text = path.read_text(encoding='utf-8')
    title = path.stem.upper().replace('-', r'\-')
    assert text.startswith(f'.TH {title} 1 ')
    sections = re.findall(r'^\.SH (.+)$', text, re.MULTILINE)
    assert sections[:3] == ['NAME', 'SYNOPSIS', 'DESCRIPTION']
    assert any(section.startswith('OPTIONS') for section in sections)
    assert 'EXIT STATUS' in sections
