"""Same plan, same bytes: whoever renders a scene again, anywhere, makes the very same files."""

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from shared.film.encode import Size
from shared.film.filming import film
from shared.film.join import Part, join_film
from shared.film.loudness import level
from shared.film.narration import narrate, packed, unpacked
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import lesson, store_archive

SIZE = Size(320, 180)
SCENES = (1, 4)  # words, and a figure of the book


def render(n: int, sound: bytes) -> bytes:
    """Draw and encode one scene of the lesson from the narration that is stored."""
    objects = MemoryObjects()
    plan = lesson(store_archive(objects))
    return film(plan, plan.scene(n), unpacked(sound), objects, SIZE)


def join(path, sounds, videos) -> str:
    """Join the scenes; gives the digest of the film."""
    spoken = [unpacked(sound) for sound in sounds]
    parts = [Part("One", one.frames, video) for one, video in zip(spoken, videos, strict=True)]
    join_film(
        path, parts, level(np.concatenate([one.samples for one in spoken])), {"title": "Why?"}
    )
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def sounds():
    """Speak the scenes once: what is stored is what every attempt starts from."""
    plan = lesson(store_archive(MemoryObjects()))
    voice = HummingVoice()
    return [packed(narrate(plan.scene(n), voice, "9-12")) for n in SCENES]


@pytest.fixture(scope="module")
def alone(sounds):
    """Render the scenes in this process."""
    return [render(n, sound) for n, sound in zip(SCENES, sounds, strict=True)]


def test_twice(sounds, alone):
    """Rendering a plan again gives the same scenes."""
    assert alone == [render(n, sound) for n, sound in zip(SCENES, sounds, strict=True)]


def test_four_workers(sounds, alone, tmp_path):
    """Four fresh processes give the same scenes as one, and so the same film."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=fresh) as workers:
        apart = list(workers.map(render, (*SCENES, *SCENES), (*sounds, *sounds)))

    assert [*alone, *alone] == apart
    assert join(tmp_path / "one.mp4", sounds, alone) == join(
        tmp_path / "two.mp4", sounds, apart[2:]
    )
