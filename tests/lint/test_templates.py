"""What the compiler of templates cannot see: that values stay inside quotes, that nothing is fetched
from elsewhere, that nothing runs."""

import re

from sources import each, name, tracked

# Parts of a document, too; letters are put together from both.
TEMPLATES = [path for path in tracked('src/*.html', 'src/*.letter')]

COMMENT = re.compile(r'\{\{!.*?\}\}', re.DOTALL)
VALUE = re.compile(r'\{\{.*?\}\}', re.DOTALL)
TAG = re.compile(r'<[a-zA-Z][^<>]*>')
ATTRIBUTE = re.compile(r'([\w:-]+)\s*=\s*("[^"]*"|\'[^\']*\'|[^\s>]*)')
LINKS = {'href', 'action', 'formaction', 'src'}
LITERAL = re.compile(r'(?:/|#|\?)[\w./?=&;#-]*$')
# A literal path of ours, an address made by us (…url, alone or with a literal tail), or both.
ADDRESS = re.compile(r'\{\{\s*(?:\w+\.)*\w*url\s*\}\}[\w./?=&;#-]*$')


def source(path):
    return COMMENT.sub('', path.read_text(encoding='utf-8'))


def shielded(text):
    """The text with what is inside {{…}} made harmless, so that a tag can be told by its < and >."""
    return VALUE.sub(lambda match: '{{' + re.sub(r'[<>"\']', ' ', match[0][2:-2]) + '}}', text)


def attributes(path):
    for tag in TAG.findall(shielded(source(path))):
        for attribute, value in ATTRIBUTE.findall(VALUE.sub(
                lambda match: match[0].replace('=', ' '), tag)):
            yield tag, attribute.lower(), value


@each(TEMPLATES)
def test_values_are_quoted(path):
    """A value stands between tags or inside "…", nowhere else in a tag. Sections and texts that
    choose whole attributes ({{#checked}} checked{{/checked}}) are fine."""
    for tag in TAG.findall(shielded(source(path))):
        bare = re.sub(r'"[^"]*"', '""', tag)
        assert "'" not in bare, f'{tag}: double quotes, please'
        assert not re.search(r'\{\{\s*(?![#^/>])', bare), f'{tag}: a value outside of quotes'
        assert not re.search(r'=(?!\s*")', bare), f'{tag}: an attribute without quotes'


@each(TEMPLATES)
def test_nothing_runs(path):
    text = source(path)
    assert not re.search(r'<\s*(?:script|iframe|object|embed|base|svg|template)\b', text, re.I)
    assert not re.search(r'\b(?:javascript|vbscript|data)\s*:', text, re.I)
    for tag, attribute, _ in attributes(path):
        assert not attribute.startswith('on'), tag
        assert attribute not in ('style', 'srcdoc', 'srcset', 'ping', 'background'), tag
    for style in re.findall(r'<style.*?</style>', text, re.I | re.DOTALL):
        assert '{{' not in style and 'url(' not in style and '@import' not in style


@each(TEMPLATES)
def test_addresses_are_ours(path):
    for tag, attribute, value in attributes(path):
        if attribute in LINKS:
            assert ADDRESS.match(value[1:-1]) or LITERAL.match(value[1:-1]), tag


@each([path for path in tracked('src/mail/letters/*') if path.suffix in ('.html', '.letter')])
def test_letters_fetch_nothing(path):
    assert not re.search(r'<\s*(?:img|link|video|audio|picture|source|input|form)\b', source(path), re.I)


def test_every_letter_is_linked_in():
    listed = (tracked('src/mail/letters/letters.gresource.xml')[0]).read_text()
    missing = [name(path) for path in tracked('src/mail/letters/*')
               if path.suffix != '.xml' and f'letters/{f"{path.parent.name}/" if path.parent.name != "letters" else ""}{path.name}<'
               not in listed.replace('<file>', 'letters/')]
    assert not missing


@each(TEMPLATES)
def test_words_are_translated(path):
    """No words between the tags but those in {{_("…")}}."""
    text = re.sub(r'<style.*?</style>|<!.*?>|<[^<>]*>', ' ', shielded(source(path)), flags=re.DOTALL | re.I)
    words = re.findall(r'[^\W\d_]{2,}', VALUE.sub(' ', text))
    assert not words
