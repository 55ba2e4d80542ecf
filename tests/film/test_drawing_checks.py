"""Drawing checks: every scene type passes, and each check has layers that fail it."""

import pytest
from PIL import Image

from shared.film.encode import Size
from shared.film.findings import failed
from shared.film.narration import narrate
from shared.film.picture.drawing_checks import check_drawing
from shared.film.picture.layers import Layer
from shared.film.picture.scene import staged
from shared.film.picture.states import Cue
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import lesson, store_archive

SIZE = Size(960, 540)
SIZES = (SIZE, Size(540, 960), Size(540, 540))
OBJECTS = MemoryObjects()
PLAN = lesson(store_archive(OBJECTS))
INK, FAINT = (27, 31, 59), (180, 183, 201)


def words(name, left, top, colour=INK, turn=(0, None)):
    """Stage a layer that draws four strokes, like letters."""
    alpha = Image.new("L", (100, 40), 0)
    for stroke in range(4):
        alpha.paste(255, (10 + 22 * stroke, 5, 18 + 22 * stroke, 35))
    return Cue(name, turn[0], end=turn[1]), Layer(
        name,
        left,
        top,
        Image.new("RGB", (100, 40), colour),
        alpha,
        ((left, top, left + 100, top + 40),),
    )


GOOD = (words("point_1", 100, 100), words("point_2", 100, 200))
BAD = {
    "overlap": (*GOOD, words("point_3", 122, 110)),
    "layers-inside": (*GOOD, words("point_3", 860, 300)),
    "contrast": (*GOOD, words("point_3", 100, 300, FAINT)),
}


def names_of(checks):
    """Name what failed."""
    return [one.id for one in failed(checks)]


@pytest.mark.parametrize("scene", PLAN.scenes, ids=lambda scene: f"{scene.n}-{scene.type}")
def test_every_scene_type(scene):
    """In no shape does anything that we draw cover, leave the safe area or look faint."""
    spoken = narrate(scene, HummingVoice(), "9-12")
    for size in SIZES:
        layers = staged(PLAN, scene, spoken.lines, OBJECTS, size)

        assert [] == failed(check_drawing(layers, size))


def test_every_check_has_bad_layers():
    """No check is there that no layers can fail."""
    assert set(BAD) == {one.id for one in check_drawing(GOOD, SIZE)}


@pytest.mark.parametrize("name", BAD)
def test_bad_layers(name):
    """The layers with this one fault fail this check, and no other."""
    assert [name] == names_of(check_drawing(BAD[name], SIZE))


def test_one_after_the_other():
    """Two layers may have one place when the first has gone before the second comes."""
    turns = (
        words("definition_1", 100, 100, turn=(0, 30)),
        words("definition_2", 100, 100, turn=(60, None)),
    )

    assert [] == names_of(check_drawing(turns, SIZE))


def test_a_mark_may_cover_what_it_marks():
    """A ring around an element or a tick on it is no overlap."""
    marked = (*GOOD, words("point_1!", 100, 100), words("point_1/verdict", 100, 100))

    assert [] == names_of(check_drawing(marked, SIZE))
