"""How a page can look: each language, width and colour scheme. Four of the eight always, in which
every value stands twice; the other four with --long, for whoever wants all pictures."""

import pytest

ALWAYS = [('ja', 1280, False), ('ja', 360, True), ('en', 360, False), ('en', 1280, True)]

LOOKS = [pytest.param(language, width, dark,
                      marks=[] if (language, width, dark) in ALWAYS else [pytest.mark.long])
         for language in ('ja', 'en') for width in (1280, 360) for dark in (False, True)]
