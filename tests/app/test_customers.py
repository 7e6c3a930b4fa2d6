"""What to tell customers: the facts, the QR code, the sheet on paper, and declining a link."""

import re
import shutil
import subprocess

import pytest
from harness.wait import wait_for

ADDRESS = 'http://mimamori.example/link?dealer=Omuro-Ten'
LOOKS = [('ja', 1280), ('en', 360)]


@pytest.fixture
def public_fleet(make_fleet):
    return make_fleet('--public-url', 'http://mimamori.example')


def at_page(desk, fleet):
    desk.sign_in(fleet).show_page('What to tell customers')
    desk.wait_text('Omuro-Ten')
    return desk


@pytest.mark.parametrize('language, width', LOOKS)
def test_tells_facts(make_desk, public_fleet, language, width, tmp_path):
    desk = at_page(make_desk(language=language, width=width), public_fleet)
    desk.wait_text('0261234567')
    desk.wait_text(ADDRESS)
    assert desk.find('image', re.compile('QR')) and desk.unnamed_controls() == [] and desk.too_wide() == []
    if not shutil.which('zbarimg'):
        pytest.skip('no zbarimg')
    picture = desk.steady_screenshot(tmp_path / 'page.png')
    said = subprocess.run(['zbarimg', '-q', '--raw', picture], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ADDRESS


@pytest.mark.gtk_keeps_memory
def test_sheet_is_saved_in_the_customers_language(make_desk, public_fleet, tmp_path):
    if not shutil.which('pdftotext'):
        pytest.skip('no pdftotext')
    desk = at_page(make_desk(language='ja'), public_fleet)
    path = tmp_path / 'sheet.pdf'
    desk.click('button', desk.word('Save the sheet as PDF…'))
    desk.wait_text(desk.word('Save the sheet as PDF'), inside=desk.root)
    # The words of the dialog are GTK's own.
    desk.fill(desk.find('entry', re.compile('^(名前|Name)')), str(path))
    desk.click('button', re.compile('^(保存|_?Save)'))
    wait_for(path.exists, 20, 'the file')
    desk.wait_text(desk.word('The sheet was saved.'))
    said = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True).stdout
    assert 'Omuro-Ten' in said and '0261234567' in said and ADDRESS in said
    # Letters may be apart in a PDF.
    assert '販売店' in re.sub(r'\s', '', said)


def test_says_why_there_is_no_page_for_customers(make_desk, fleet):
    desk = at_page(make_desk(width=360), fleet)
    desk.wait_text('which only this computer can reach')
    assert not desk.has('button', 'Print the sheet…') and not desk.has('image', re.compile('QR'))
    desk.click('button', 'Set the address')
    desk.wait_gone('button', 'Set the address')


def test_declines_by_keyboard(make_desk, public_fleet):
    desk = at_page(make_desk(), public_fleet)
    button = wait_for(lambda: desk.find_all('button', re.compile('^Decline 見守'), showing=False), 10, 'links')[0]
    before = len(public_fleet.api.get('/api/v1/links').json()['links'])
    desk.focus(button)
    desk.key('Return')
    desk.wait_text('the customer is told by mail')
    desk.focus(desk.find('button', 'Decline'))
    desk.key('Return')
    wait_for(lambda: len(public_fleet.api.get('/api/v1/links').json()['links']) == before - 1, 10, 'one less')
    wait_for(lambda: len(desk.find_all('button', re.compile('^Decline 見守'), showing=False)) == before - 1,
             10, 'one row less')
