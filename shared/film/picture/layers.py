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
from shared.film.picture.shapes import scale_of
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
    words: tuple[tuple[int, int, int, int], ...] = ()  # boxes of its lines of text

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
            if layer is None:
                continue
            if (
                name in ("figure", "figure/placed")
                and drawing is not None
                and drawing.pixels is not None
            ):
                layer = _figure(layer, drawing.pixels)
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
    bitmap = page.render(scale=scale_of(size), fill_color=(0, 0, 0, 0), rev_byteorder=True)
    whole = Image.fromarray(bitmap.to_numpy(), "RGBA")
    box = whole.getchannel("A").getbbox()
    if box is None:
        return None
    part = whole.crop(box)
    words = _words(page, scale_of(size))
    return Layer(name, box[0], box[1], part.convert("RGB"), part.getchannel("A"), words)


def _words(page: pypdfium2.PdfPage, scale: float) -> tuple[tuple[int, int, int, int], ...]:
    """Find the boxes of a page's lines of text: left, top, right, bottom."""
    text = page.get_textpage()
    try:
        found = [text.get_rect(n) for n in range(text.count_rects())]
    finally:
        text.close()
    height = page.get_height()
    return tuple(
        (round(x0 * scale), round((height - y1) * scale), round(x1 * scale),
         round((height - y0) * scale))
        for x0, y0, x1, y1 in found
    )  # fmt: skip


def _figure(layer: Layer, pixels: Image.Image) -> Layer:
    """Put a figure's pixels where the template has drawn a rectangle for them."""
    fitted = pixels.resize(layer.rgb.size, Image.Resampling.LANCZOS)
    return Layer(layer.name, layer.left, layer.top, fitted, Image.new("L", fitted.size, 255))
