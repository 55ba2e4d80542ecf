"""Turn a narrated scene into pictures, and check what came out."""

from __future__ import annotations

import hashlib
import io

import av

from shared.errors import Permanent
from shared.film.encode import FULL, Size, encode
from shared.film.narration import Narration
from shared.film.picture.compose import patches
from shared.film.picture.scene import staged
from shared.lesson.plan import Plan, Scene
from shared.ports import Objects


def film(plan: Plan, scene: Scene, spoken: Narration, objects: Objects, size: Size = FULL) -> bytes:
    """Draw and encode one scene: an MP4 without sound, as long as the narration."""
    layers = staged(plan, scene, spoken.lines, objects, size)
    return encode(patches(layers, spoken.frames, size), size)


def parameters_of(video: bytes, frames: int) -> str:
    """Give the digest of a scene's encoder parameters.

    Raises Permanent when the file does not hold exactly the frames that it should.
    """
    with av.open(io.BytesIO(video), "r") as source:
        stream = source.streams.video[0]
        if stream.frames != frames:
            raise Permanent(f"a scene has {stream.frames} frames, not {frames}")
        return hashlib.sha256(bytes(stream.codec_context.extradata or b"")).hexdigest()
