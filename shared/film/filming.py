"""Turn a narrated scene into pictures, and check what came out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import av

from shared.config import film_skip_frames
from shared.errors import Permanent
from shared.film.clock import FPS
from shared.film.encode import Change, Size, encode
from shared.film.h264.bits import Unreadable
from shared.film.narration import Narration
from shared.film.picture.compose import patches
from shared.film.picture.scene import staged
from shared.film.picture.shapes import size_of
from shared.film.skipped import encode_changes
from shared.hold import checkpoint
from shared.lesson.plan import Plan, Scene
from shared.log import log
from shared.ports import Objects

F = TypeVar("F")
Frames: TypeAlias = "Iterable[Sequence[Change]]"
Encode: TypeAlias = "Callable[[Frames, Size], bytes]"


def film(
    plan: Plan, scene: Scene, spoken: Narration, objects: Objects, size: Size | None = None
) -> bytes:
    """Draw and encode one scene: an MP4 without sound, as long as the narration.

    Only what changes is encoded, unless the settings forbid it or that fails its own checks.
    """
    size = size or size_of(plan)
    layers = staged(plan, scene, spoken.lines, objects, size)

    def frames() -> Frames:
        return _in_time(patches(layers, spoken.frames, size))

    return coded(frames, size) if film_skip_frames() else encode(frames(), size)


def coded(frames: Callable[[], Frames], size: Size, sparing: Encode = encode_changes) -> bytes:
    """Encode only what changes; or every frame, where that does not pass its own checks."""
    try:
        return sparing(frames(), size)
    except Unreadable as fault:
        log.warning("Encoded every frame of a scene", extra={"why": str(fault)})
        return encode(frames(), size)


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
