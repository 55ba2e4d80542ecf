"""Draw a scene's layers: one typst compile, one page a layer, each page to pixels with alpha."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import typst
from PIL import Image

from shared.errors import Permanent
from shared.film.encode import FULL, Size
from shared.film.picture.figures import Drawing
from shared.lesson.plan import SceneType

TEMPLATES = Path(__file__).parents[1] / "templates"
FONTS = Path(__file__).parents[1] / "fonts"


@dataclass(frozen=True, slots=True)
class Layer:
    """Straight-alpha pixels and where their upper left corner lies."""

    name: str
    left: int
    top: int
    rgb: Image.Image
    alpha: Image.Image

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.left + self.rgb.width, self.top + self.rgb.height


def draw(
    scene_type: SceneType | str,
    told: str,
    names: Sequence[str],
    drawing: Drawing | None = None,
    size: Size = FULL,
) -> tuple[Layer, ...]:
    """Draw the named layers; those that are empty are left out.

    Raises Permanent when a text does not fit its slot; the message names the slot.
    """
    layers = []
    pages = pypdfium2.PdfDocument(_compiled(scene_type, told))
    try:
        for name, page in zip(names, pages, strict=True):
            layer = _layer(name, page, size)
            if name == "figure" and drawing is not None and drawing.pixels is not None:
                layer = _figure(drawing, drawing.pixels, size)
            if layer is not None:
                layers.append(layer)
    finally:
        pages.close()
    return tuple(layers)


def _compiled(scene_type: str, told: str) -> bytes:
    source = TEMPLATES / f"{scene_type}.typ"
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=str(source), format="pdf", sys_inputs={"scene": told}
        )
    except typst.TypstError as error:
        raise Permanent(f"{scene_type}: {error.message}") from error
    if warnings or not isinstance(pdf, bytes):
        raise Permanent(f"{scene_type}: {[warning.message for warning in warnings]}")
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)


def _layer(name: str, page: pypdfium2.PdfPage, size: Size) -> Layer | None:
    bitmap = page.render(scale=size.width / FULL.width, fill_color=(0, 0, 0, 0), rev_byteorder=True)
    whole = Image.fromarray(bitmap.to_numpy(), "RGBA")
    box = whole.getchannel("A").getbbox()
    if box is None:
        return None
    part = whole.crop(box)
    return Layer(name, box[0], box[1], part.convert("RGB"), part.getchannel("A"))


def _figure(drawing: Drawing, pixels: Image.Image, size: Size) -> Layer:
    place, scale = drawing.place, size.width / FULL.width
    width, height = max(1, round(place.w * scale)), max(1, round(place.h * scale))
    fitted = pixels.resize((width, height), Image.Resampling.LANCZOS)
    alpha = Image.new("L", fitted.size, 255)
    return Layer("figure", round(place.x * scale), round(place.y * scale), fitted, alpha)
