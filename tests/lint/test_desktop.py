"""What the desktop is told of the app: its entry, its description, its settings, its icons."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from harness.places import TOP
from sources import each, lines, name, tracked

APP = 'org.mimamori.Mimamori'
DATA = TOP / 'data'
ICONS = TOP / 'icons'
PICTURES = tracked('icons/*.svg')
SYMBOLIC = [path for path in PICTURES if path.stem.endswith('-symbolic')]
ADWAITA = Path('/usr/share/icons/Adwaita')
SVG = '{http://www.w3.org/2000/svg}'

# The statuses of src/core/mm-status.h and the badges beside them.
STATUSES = ['fault', 'offline', 'islanded', 'warning', 'underperforming', 'curtailed', 'normal',
            'never-seen', 'badge-maintenance', 'badge-stale']


def tool(command):
    path = shutil.which(command)
    if not path:
        pytest.skip(f'{command} is not there')
    return path


def says(*command):
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def merged(kind, folder):
    """The file with its translations, made as the build makes it."""
    out = folder / f'{APP}.{kind}'
    form = '--desktop' if kind == 'desktop' else '--xml'
    status, text = says('msgfmt', form, f'--template={DATA / out.name}.in', '-d', TOP / 'po',
                        f'--output-file={out}')
    assert status == 0, text
    return out


def entries(path):
    """Group → key → value of a desktop file."""
    groups, group = {}, None
    for line in lines(path):
        if line.startswith('['):
            group = groups.setdefault(line.strip('[]'), {})
        elif '=' in line and not line.startswith('#'):
            key, value = line.split('=', 1)
            assert key not in group, f'{key} twice'
            group[key] = value
    return groups


def test_desktop_entry_is_valid(tmp_path):
    status, text = says(tool('desktop-file-validate'), '--warn-kde', merged('desktop', tmp_path))
    assert (status, text) == (0, '')


def test_desktop_entry_speaks_japanese(tmp_path):
    for group, keys in entries(merged('desktop', tmp_path)).items():
        for key in ('Name', 'GenericName', 'Comment', 'Keywords'):
            if key in keys:
                assert keys.get(f'{key}[ja]', keys[key]) != keys[key], f'{group}: {key}'


def test_desktop_entry_names_what_there_is(tmp_path):
    groups = entries(merged('desktop', tmp_path))
    entry = groups['Desktop Entry']
    assert entry['Icon'] == APP
    assert entry['MimeType'] == 'x-scheme-handler/mimamori;'
    assert {f'Desktop Action {action}' for action in entry['Actions'].strip(';').split(';')} \
        == set(groups) - {'Desktop Entry'}
    service = (DATA / f'{APP}.service.in').read_text()
    assert entry['DBusActivatable'] == 'true' and f'Name={APP}\n' in service


def test_metainfo_is_valid(tmp_path):
    # Our identifier has a capital letter, as those of all GNOME apps have; that remark is pedantic only.
    status, text = says(tool('appstreamcli'), 'validate', '--no-net', '--strict',
                        merged('metainfo.xml', tmp_path))
    assert status == 0, text


def test_metainfo_speaks_japanese(tmp_path):
    """Each text has its translation after it."""
    language = '{http://www.w3.org/XML/1998/namespace}lang'
    found = 0
    for parent in ElementTree.parse(merged('metainfo.xml', tmp_path)).iter():
        for tag in ('name', 'summary', 'p', 'li', 'caption'):
            texts = [child for child in parent if child.tag == tag]
            plain = [child.text for child in texts if language not in child.attrib]
            japanese = [child.text for child in texts if child.get(language) == 'ja']
            assert len(plain) == len(japanese), f'{parent.tag}: {tag}'
            assert all(re.search('[぀-ヿ一-鿿]', text) for text in japanese), japanese
            found += len(plain)
    assert found >= 10


def test_metainfo_knows_the_version():
    version = re.search(r"version: '([\d.]+)'", (TOP / 'meson.build').read_text()).group(1)
    releases = ElementTree.parse(DATA / f'{APP}.metainfo.xml.in').findall('releases/release')
    assert releases[0].get('version') == version
    # What NEWS.md calls not released yet is no release here, either.
    unreleased = f'## {version}, not released yet' in lines(TOP / 'NEWS.md')
    assert (releases[0].get('type') == 'development') == unreleased


def test_settings_are_valid():
    status, text = says(tool('glib-compile-schemas'), '--strict', '--dry-run', DATA)
    assert status == 0, text


def test_settings_are_described():
    schema = ElementTree.parse(DATA / f'{APP}.gschema.xml').find('schema')
    assert (schema.get('id'), schema.get('path')) == (APP, '/org/mimamori/Mimamori/')
    assert not [key.get('name') for key in schema.findall('key') if not key.findtext('summary')]


def test_every_icon_is_linked_in():
    resource = ElementTree.parse(ICONS / 'icons.gresource.xml').find('gresource')
    assert resource.get('prefix') == '/org/mimamori/Mimamori/icons'
    listed = [file.text for file in resource.findall('file')]
    assert sorted(listed) == sorted(path.relative_to(ICONS).as_posix() for path in PICTURES)
    # GTK looks for them by these folders only.
    for file in resource.findall('file'):
        assert re.match(r'scalable/(actions|apps|status)/[\w.-]+\.svg$', file.get('alias', file.text))


def test_every_status_has_its_icon():
    there = {path.stem for path in SYMBOLIC if path.parent.name == 'status'}
    assert there == {f'mm-{status}-symbolic' for status in STATUSES}


@each(PICTURES)
def test_icon_is_whole(path):
    """Well-formed, square, and nothing in it that comes from elsewhere."""
    root = ElementTree.parse(path).getroot()
    side = '16' if path in SYMBOLIC else '128'
    assert root.tag == f'{SVG}svg'
    assert (root.get('width'), root.get('height'), root.get('viewBox')) == \
        (side, side, f'0 0 {side} {side}')
    for element in root.iter():
        assert element.tag not in (f'{SVG}image', f'{SVG}text', f'{SVG}script', f'{SVG}use')
        assert not [key for key in element.attrib if key.endswith('href') or key.startswith('on')]


@each(SYMBOLIC)
def test_symbolic_icon_takes_any_colour(path):
    """GTK recolours what is filled in a path, rect or circle; strokes and styles stay as they are."""
    root = ElementTree.parse(path).getroot()
    for element in list(root.iter())[1:]:
        assert element.tag in (f'{SVG}path', f'{SVG}rect', f'{SVG}circle')
        assert element.get('fill') == '#2e3436'
        assert set(element.attrib) <= {'fill', 'fill-rule', 'd', 'x', 'y', 'width', 'height', 'rx', 'cx',
                                       'cy', 'r'}


@each(SYMBOLIC)
def test_symbolic_icon_stays_inside(path):
    """No coordinate of an end point leaves the canvas, where it would be cut off."""
    for element in list(ElementTree.parse(path).getroot().iter())[1:]:
        numbers = [float(number) for number in re.findall(r'-?\d+(?:\.\d+)?', element.get('d', ''))]
        assert all(-0.01 <= number <= 16.01 for number in numbers)


def names_of_icons():
    """Icon → the file that shows it. In C, names of icons are whole literals."""
    found = {}
    for path in tracked('src/*.ui'):
        for element in ElementTree.parse(path).iter():
            text = (element.text or '').strip()
            if element.get('name') in ('icon-name', 'icon_name') or text.endswith('-symbolic'):
                found.setdefault(text, name(path))
    for path in tracked('src/*.c'):
        for text in re.findall(r'"([\w.-]+-symbolic)"', path.read_text()):
            found.setdefault(text, name(path))
    return found


def test_every_icon_that_is_shown_exists():
    if not ADWAITA.exists():
        pytest.skip('the Adwaita icons are not there')
    there = {path.stem for path in PICTURES} | {path.stem for path in ADWAITA.rglob('*.svg')} \
        | {path.name.removesuffix('.symbolic.png') for path in ADWAITA.rglob('*.symbolic.png')}
    missing = {icon: file for icon, file in names_of_icons().items() if icon and icon not in there}
    assert not missing
