"""The words that the app shows, by the English ones: from the catalogue that it uses itself."""

import functools
import gettext
import re

from .places import BUILD


def bare(text):
    """A label without its mnemonic: "_Sign in" and "ログイン(_S)" are "Sign in" and "ログイン"."""
    return re.sub(r'\(_?[A-Z0-9]\)(…?)$', r'\1', text).replace('_', '', 1)


@functools.lru_cache
def _catalogue(language):
    path = BUILD / 'po' / language / 'LC_MESSAGES' / 'mimamori.mo'
    with open(path, 'rb') as file:
        known = gettext.GNUTranslations(file)._catalog
    return {bare(english.rpartition('\x04')[2]): bare(said) for english, said in known.items()
            if isinstance(english, str)}


def word(language, english):
    """What the app shows in this language where it shows this in English."""
    if language == 'en':
        return english
    said = _catalogue(language).get(english)
    assert said, f'no {language} for "{english}"'
    return said
