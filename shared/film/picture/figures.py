"""A book's figure: its bytes from the book's archive, checked; templates say where it stands."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from shared.errors import Permanent
from shared.lesson.plan import FigureRef
from shared.ports import Objects

LARGEST_SCALE = 2.0  # book figures are small, and blur shows beyond this
_MOST_BYTES = 30 * 1024 * 1024
_MOST_PIXELS = 60_000_000
_ANY_SIZE = 10_000  # of a drawing by vectors whose size the plan does not tell


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure in memory: pixels, or the text of an SVG, and the most pixels it may be drawn in."""

    pixels: Image.Image | None
    svg: str
    width: int
    height: int


def load(objects: Objects, figure: FigureRef) -> Drawing:
    """Fetch and decode a figure; raises Permanent when it is not a picture that we draw."""
    with objects.open("oer", figure.object_name, figure.generation) as archive:
        content = _member(zipfile.ZipFile(archive), figure.member)
    if content.lstrip()[:5] in (b"<?xml", b"<svg ") or figure.member.lower().endswith(".svg"):
        factor = _ANY_SIZE / max(figure.width, figure.height, 1)
        width, height = (max(1, round((side or 1) * factor)) for side in _sides(figure))
        return Drawing(None, content.decode("utf-8", "replace"), width, height)
    pixels = flattened(content, figure.member)
    width, height = (round(side * LARGEST_SCALE) for side in pixels.size)
    return Drawing(pixels, "", width, height)


def flattened(content: bytes, name: str) -> Image.Image:
    """Decode a picture to RGB on white, whatever its colour model."""
    try:
        found = Image.open(io.BytesIO(content))
        if found.width * found.height > _MOST_PIXELS:
            raise Permanent(f"figure {name}: too large")
        if found.mode not in ("RGBA", "LA", "P", "PA"):
            return found.convert("RGB")
        layered = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Permanent(f"figure {name}: not a picture that can be decoded") from error
    white = Image.new("RGB", layered.size, "white")
    white.paste(layered, mask=layered.getchannel("A"))
    return white


def _sides(figure: FigureRef) -> tuple[int, int]:
    return figure.width, figure.height


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > _MOST_BYTES:
            raise Permanent(f"figure {name}: too large")
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Permanent(f"figure {name}: not in the book's archive") from error
