"""The watched scenes in four looks. Fonts and versions of GTK differ by machine, so no picture is
compared with a stored one; what must hold anywhere is held: there is something to see, dark is dark,
the languages differ, everything fits, and the same scene looks the same again."""

import pytest
from harness.looks import ALWAYS
from harness.pictures import brightness, colours, difference
from scenes import SCENES, Stage

WATCHED = sorted(name for name, scene in SCENES.items() if scene.watched)


@pytest.fixture
def take(make_desk, make_fleet, folder):
    """Takes the picture of a scene: take(name, language, width, dark)."""
    def play(name, language, width, dark):
        desk = SCENES[name].play(Stage(make_desk, make_fleet, language, width, dark))
        path = desk.steady_screenshot(folder / f'{name}-{language}-{width}-{dark}-{desk.process.pid}.png')
        return desk, path
    return play


@pytest.mark.parametrize('language,width,dark', ALWAYS)
@pytest.mark.parametrize('name', WATCHED)
def test_there_is_something_to_see(take, name, language, width, dark):
    desk, picture = take(name, language, width, dark)
    assert colours(picture) > 16
    assert brightness(picture) < 0.35 if dark else brightness(picture) > 0.65
    assert desk.too_wide() == [] and desk.unnamed_controls() == []


@pytest.mark.parametrize('name', WATCHED)
def test_languages_differ_and_nothing_else(take, name):
    english, again, japanese = (take(name, language, 1280, False)[1] for language in ('en', 'en', 'ja'))
    # Another run has another port and another minute.
    assert difference(english, again) < 0.005
    assert difference(english, japanese) > max(0.001, difference(english, again))
