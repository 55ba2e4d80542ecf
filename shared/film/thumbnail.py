"""The lesson's cover: the title scene as it stands before it fades."""

from __future__ import annotations

import io

import av
from PIL import Image

from shared.errors import Permanent
from shared.film.clock import FPS

SHORT_SIDE = 720  # pixels: 1280 x 720 of a wide film
_BEFORE_END_S = 0.5  # the fade takes 0.3 s


def thumbnail(video: bytes, frames: int) -> bytes:
    """Take one frame of a scene's video as JPEG."""
    wanted = max(0, frames - round(_BEFORE_END_S * FPS))
    with av.open(io.BytesIO(video), "r") as source:
        for index, frame in enumerate(source.decode(video=0)):
            if index == wanted:
                return _jpeg(Image.fromarray(frame.to_ndarray(format="rgb24")))
    raise Permanent("the title scene has no picture for a thumbnail")


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    scale = SHORT_SIDE / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    picture.resize(size, Image.Resampling.LANCZOS).save(file, "JPEG", quality=88, optimize=True)
    return file.getvalue()
