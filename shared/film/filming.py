"""Turn a narrated scene into pictures, and check what came out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import TypeVar

import av

from shared.errors import Permanent
from shared.film.clock import FPS
from shared.film.encode import FULL, Size, encode
from shared.film.narration import Narration
from shared.film.picture.compose import patches
from shared.film.picture.scene import staged
from shared.hold import checkpoint
from shared.lesson.plan import Plan, Scene
from shared.ports import Objects

F = TypeVar("F")


def film(plan: Plan, scene: Scene, spoken: Narration, objects: Objects, size: Size = FULL) -> bytes:
    """Draw and encode one scene: an MP4 without sound, as long as the narration."""
    layers = staged(plan, scene, spoken.lines, objects, size)
    return encode(_in_time(patches(layers, spoken.frames, size)), size)


def _in_time(frames: Iterable[F]) -> Iterator[F]:
    """Ask once for each second of film whether this run may go on."""
    for n, frame in enumerate(frames):
        if n % FPS == 0:
            checkpoint()
        yield frame


def parameters_of(video: bytes, frames: int) -> str:
    """Give the digest of a scene's encoder parameters.

    Raises Permanent when the file does not hold exactly the frames that it should.
    """
    with av.open(io.BytesIO(video), "r") as source:
        stream = source.streams.video[0]
        if stream.frames != frames:
            raise Permanent(f"a scene has {stream.frames} frames, not {frames}")
        return hashlib.sha256(bytes(stream.codec_context.extradata or b"")).hexdigest()
