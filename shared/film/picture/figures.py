"""A book's figure: its bytes from the book's archive, checked, and its place in the slot."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from shared.errors import Permanent
from shared.lesson.plan import FigureRef, Scene
from shared.ports import Objects

_MOST_BYTES = 30 * 1024 * 1024
_MOST_PIXELS = 60_000_000
_LARGEST_SCALE = 2.0  # book figures are small, and blur shows beyond this


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of the 1920 x 1080 grid."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure in memory: pixels, or the text of an SVG."""

    pixels: Image.Image | None
    svg: str
    place: Place


def slot_of(scene: Scene) -> Place:
    """Find where a scene type keeps its figure; a card surrounds it, a credit line follows it."""
    shown = {element.slot for element in scene.show}
    bottom = 870 if "credit" in shown else 906
    if scene.type == "hook":
        return Place(1084, 160, 692, bottom - 160)
    top = 324 if "heading" in shown else 184
    alone = not any(slot == "equation" or slot.startswith("point") for slot in shown)
    return Place(144, top, 1632, bottom - top) if alone else Place(1004, top, 772, bottom - top)


def load(objects: Objects, figure: FigureRef, slot: Place) -> Drawing:
    """Fetch and decode a figure; raises Permanent when it is not a picture that we draw."""
    with objects.open("oer", figure.object_name, figure.generation) as archive:
        content = _member(zipfile.ZipFile(archive), figure.member)
    if content.lstrip()[:5] in (b"<?xml", b"<svg ") or figure.member.lower().endswith(".svg"):
        place = _placed(figure.width or slot.w, figure.height or slot.h, slot, vector=True)
        return Drawing(None, content.decode("utf-8", "replace"), place)
    pixels = flattened(content, figure.member)
    return Drawing(pixels, "", _placed(pixels.width, pixels.height, slot, vector=False))


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


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > _MOST_BYTES:
            raise Permanent(f"figure {name}: too large")
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Permanent(f"figure {name}: not in the book's archive") from error


def _placed(width: int, height: int, slot: Place, *, vector: bool) -> Place:
    """Centre a picture in its slot, as large as the slot and its own pixels allow."""
    scale = min(slot.w / width, slot.h / height)
    if not vector:
        scale = min(scale, _LARGEST_SCALE)
    w, h = max(2, round(width * scale)), max(2, round(height * scale))
    return Place(slot.x + (slot.w - w) // 2, slot.y + (slot.h - h) // 2, w, h)
