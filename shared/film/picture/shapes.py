"""The shapes of a film: how large its page is, and which part of it pictures may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.errors import Permanent
from shared.film.encode import Size
from shared.lesson.plan import Plan

SHORT_SIDE = 1080  # pixels; letters are as large in every shape


@dataclass(frozen=True, slots=True)
class Shape:
    """A page in pixels, and its safe area: left, top, right, bottom."""

    name: Literal["wide", "tall", "square"]
    size: Size
    safe: tuple[int, int, int, int]

    @property
    def grid(self) -> tuple[int, int, int, int]:
        """Give the rectangle of the slot grid; around it light and shadows have room."""
        left, top, right, bottom = self.safe
        return left + ROOM, top + ROOM // 2, right - ROOM, bottom - ROOM


ROOM = 18
# 5 % of each side stay free.  Below, captions stand in a band; beside and below a tall film the
# buttons of the platforms that show it.
WIDE = Shape("wide", Size(1920, 1080), (96, 54, 1824, 956))
TALL = Shape("tall", Size(1080, 1920), (54, 96, 950, 1536))
SQUARE = Shape("square", Size(1080, 1080), (54, 54, 1026, 972))
SHAPES = (WIDE, TALL, SQUARE)


def shape_of(size: Size) -> Shape:
    """Find the shape of a picture; raises Permanent for a ratio that no template knows."""
    for shape in SHAPES:
        if size.width * shape.size.height == size.height * shape.size.width:
            return shape
    raise Permanent(f"no template for {size.width} x {size.height}")


def size_of(plan: Plan) -> Size:
    """Give the size at which a lesson is filmed, in pixels."""
    return next(shape.size for shape in SHAPES if shape.name == plan.shape)


def scale_of(size: Size) -> float:
    """Give how many pixels of a picture are one pixel of its page."""
    return min(size.width, size.height) / SHORT_SIDE
