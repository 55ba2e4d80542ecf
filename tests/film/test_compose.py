"""Frames: empty paper at both ends, and work only where something moves."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageChops

from shared.film.encode import Fade, Patch, Size
from shared.film.narration import narrate
from shared.film.picture.compose import FADE_FRAMES, PAPER, drawn, patches, still
from shared.film.picture.layers import Layer
from shared.film.picture.scene import staged
from shared.film.picture.states import ENTER_FRAMES, Cue
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import lesson, store_archive

SMALL = Size(320, 180)
OBJECTS = MemoryObjects()
PLAN = lesson(store_archive(OBJECTS))


@pytest.fixture(scope="module")
def scene():
    """Draw a scene: its layers and its frames."""
    spoken = narrate(PLAN.scenes[3], HummingVoice(), "9-12")
    layers = staged(PLAN, PLAN.scenes[3], spoken.lines, OBJECTS, SMALL)
    return layers, list(patches(layers, spoken.frames, SMALL)), spoken.frames


def pictures(frames):
    """Lay every frame's patches over the one before."""
    whole, before = np.zeros((SMALL.height, SMALL.width, 3), np.uint8), None
    for frame in frames:
        for patch in frame:
            if isinstance(patch, Fade):
                before = whole if before is None else before
                whole = np.rint(before + (np.array(patch.rgb) - before) * patch.share)
                continue
            height, width = patch.rgb.shape[:2]
            whole[patch.top : patch.top + height, patch.left : patch.left + width] = patch.rgb
        yield whole


def test_one_entry_per_frame(scene):
    """Every frame is there, also the many in which nothing moves."""
    _, frames, count = scene

    assert count == len(frames)
    assert count / 2 < sum(not frame for frame in frames)


def test_a_scene_begins_and_ends_as_paper(scene):
    """Scenes join without a cut: the first and the last frame are empty."""
    _, frames, _ = scene
    first, *_, last = (picture.copy() for picture in pictures(frames))

    assert (np.array(PAPER) == first).all()
    assert 2 >= np.abs(last.astype(int) - np.array(PAPER)).max()


def test_the_last_picture_is_complete(scene):
    """Just before it fades the scene shows all that stays."""
    layers, frames, count = scene
    before = [picture.copy() for picture in pictures(frames[: count - FADE_FRAMES])][-1]

    assert 2 >= np.abs(before.astype(int) - np.asarray(still(layers, SMALL)).astype(int)).max()


def test_rectangles_are_even(scene):
    """The colour planes are half as large: no patch starts or ends between two of their pixels."""
    _, frames, _ = scene
    patched = [one for frame in frames for one in frame if isinstance(one, Patch)]
    sides = [n for one in patched for n in (one.left, one.top, *one.rgb.shape[:2])]

    assert not [side for side in sides if side % 2]


def test_a_movement_leaves_nothing_behind(scene):
    """Composing only what moves gives the same picture as composing everything."""
    layers, frames, count = scene
    quiet = next(n for n in range(count // 2, count) if not any(frames[n - 20 : n + 1]))
    seen = [picture.copy() for picture in pictures(frames[: quiet + 1])][-1]
    arrived = [
        (replace(cue, end=cue.end if cue.end and cue.end < quiet else None), layer)
        for cue, layer in layers
        if cue.start < quiet
    ]

    assert 2 >= np.abs(seen.astype(int) - np.asarray(still(arrived, SMALL)).astype(int)).max()


@pytest.mark.parametrize(
    ("motion", "begun"),
    [
        ("wipe_right", (10, 20, 18, 40)),
        ("wipe_left", (22, 20, 30, 40)),
        ("wipe_down", (10, 20, 30, 28)),
        ("wipe_up", (10, 32, 30, 40)),
    ],
)
def test_a_wipe_begins_at_its_own_side(motion, begun):
    """An arrow grows from its tail: what is not drawn yet is paper."""
    ink = Image.new("RGB", (20, 20))
    staged_ink = [(Cue("diagram/1", 0, motion), Layer("diagram/1", 10, 20, ink, ink.convert("L")))]
    staged_ink[0][1].alpha.paste(255, (0, 0, 20, 20))
    early = drawn(staged_ink, 4, (0, 0, 64, 64), Size(64, 64))
    left, top, right, bottom = ImageChops.difference(
        early, Image.new("RGB", early.size, PAPER)
    ).getbbox()

    sides = zip((left, top, right, bottom), begun, strict=True)
    assert [] == [(found, wanted) for found, wanted in sides if abs(found - wanted) > 5]
    assert (20 * 20) > (right - left) * (bottom - top)


def test_a_wipe_ends_complete():
    """After its half second a wiped layer is all there."""
    ink = Image.new("RGB", (20, 20))
    cue = Cue("diagram/1", 0, "wipe_right")
    done = drawn(
        [(cue, Layer("a", 10, 20, ink, Image.new("L", (20, 20), 255)))], ENTER_FRAMES[cue.motion],
        (0, 0, 64, 64), Size(64, 64),
    )  # fmt: skip

    assert (0, 0, 0) == done.getpixel((29, 39))
