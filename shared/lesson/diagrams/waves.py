"""Diagrams of waves and light: waves, wave crests seen from above, rays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from shared.lesson.diagrams.rules import a, count, holds, label, labels, listed, number

WavePart = Literal[
    "wavelength", "amplitude", "crest", "trough", "rest position", "compression", "rarefaction",
    "node", "antinode",
]  # fmt: skip
_OF_FORM = {
    "transverse": {"wavelength", "amplitude", "crest", "trough", "rest position"},
    "longitudinal": {"wavelength", "compression", "rarefaction"},
    "standing": {"node", "antinode", "wavelength"},
}
_CRESTS = {
    "still": ("source", "wave crests"),
    "moving": ("moving source", "longer waves", "shorter waves"),
    "faster": ("fast source", "shock wave"),
    "gap": ("straight waves", "gap", "spread waves"),
    "two_gaps": ("straight waves", "two gaps", "waves overlap"),
}
_LENSES = {"converging_lens", "diverging_lens"}
_MOST_ENLARGED = 3.0


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One wave: how many waves fit into the picture, and its height from 0 to 1."""

    label: str  # empty for a wave that stands alone
    cycles: float
    height: float
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Wave:
    """One to two waves along the same line; the first carries the marks.

    With `sum_label` the sum of both waves is drawn under them.
    """

    form: Literal["transverse", "longitudinal", "standing"]
    lines: tuple[WaveLine, ...]
    marks: tuple[WavePart, ...]
    sum_label: str = ""
    kind: Literal["wave"] = "wave"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("lines", self.lines, 1, 2)
        for place, line in enumerate(self.lines):
            label(f"lines[{place}].label", line.label, may_be_empty=len(self.lines) == 1)
            number(f"lines[{place}].cycles", line.cycles, 0.5, 12)
            number(f"lines[{place}].height", line.height, 0.1, 1)
        labels("marks", self.marks)
        count("marks", self.marks, 0, 4)
        own = set(self.marks) <= _OF_FORM[self.form]
        holds("marks", f"must be parts of a {self.form} wave", true=own)
        holds("marks", "must be there for one wave", true=bool(self.marks) or len(self.lines) > 1)
        crowded = bool(self.marks) and (len(self.lines) > 1 or self.lines[0].cycles > 4)  # noqa: PLR2004
        holds("marks", "need one wave of at most 4 cycles", true=not crowded)
        label("sum_label", self.sum_label, may_be_empty=True)
        summed = len(self.lines) == 2 and self.form == "transverse"  # noqa: PLR2004 - two to add
        holds("sum_label", "needs two transverse waves", true=summed or not self.sum_label)

    def parts(self) -> tuple[str, ...]:
        """Name the marks of one wave, or each wave and their sum."""
        if len(self.lines) == 1:
            return tuple(self.marks)
        return (*(one.label for one in self.lines), *((self.sum_label,) if self.sum_label else ()))

    def described(self) -> str:
        """Say what is drawn."""
        names = listed(self.parts())
        if len(self.lines) == 1:
            return f"{a(self.form).capitalize()} wave with its {names}."
        return f"Waves one above the other: {names}."


@dataclass(frozen=True, slots=True)
class WaveCrests:
    """Wave crests seen from above: around a source, or behind gaps."""

    around: Literal["still", "moving", "faster", "gap", "two_gaps"]
    kind: Literal["wave_crests"] = "wave_crests"

    def parts(self) -> tuple[str, ...]:
        """Name the parts."""
        return _CRESTS[self.around]

    def described(self) -> str:
        """Say what is drawn."""
        return f"Wave crests from above, with {listed(self.parts())}."


@dataclass(frozen=True, slots=True)
class Rays:
    """An object, a lens or mirror, two rays and the image where they meet.

    `distance` of the object is counted in focal lengths; for a plane mirror any length.
    """

    device: Literal[
        "converging_lens", "diverging_lens", "plane_mirror", "concave_mirror", "convex_mirror"
    ]
    distance: float
    kind: Literal["rays"] = "rays"

    def __post_init__(self) -> None:
        """Raise Unsound for an image that is too far or too large to draw."""
        number("distance", self.distance, 0.3, 4)
        enlarged = self.device == "plane_mirror" or abs(self.magnified) <= _MOST_ENLARGED
        holds("distance", "makes an image too large to draw", true=enlarged)

    @property
    def magnified(self) -> float:
        """Give image height by object height: 1 / (1 - distance / focal length), signed."""
        if self.device == "plane_mirror":
            return 1.0
        focal = 1.0 if self.device in {"converging_lens", "concave_mirror"} else -1.0
        away = focal - self.distance
        return math.inf if away == 0 else focal / away

    def parts(self) -> tuple[str, ...]:
        """Name object, rays and image."""
        image = "real image" if self.magnified < 0 else "virtual image"
        return ("object", "rays", image)

    def described(self) -> str:
        """Say what is drawn."""
        turned = "upside down" if self.magnified < 0 else "upright"
        size = abs(self.magnified)
        scale = "as large as" if size == 1 else "larger than" if size > 1 else "smaller than"
        return (
            f"Two rays from an object through {a(self.device.replace('_', ' '))}"
            f" make a {self.parts()[-1]}, {turned} and {scale} the object."
        ) if self.device in _LENSES else (
            f"Two rays from an object meet {a(self.device.replace('_', ' '))}"
            f" and make a {self.parts()[-1]}, {turned} and {scale} the object."
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beam:
    """One ray at a surface: thrown back, bent, or both; the second angle follows by law.

    `angle` is the angle of incidence in degrees; the indices are those of the two media.
    """

    device: Literal["reflection", "refraction", "total_reflection"]
    angle: float
    upper: str  # the medium above, from which a refracted ray comes; for total reflection, below
    lower: str
    upper_index: float
    lower_index: float
    kind: Literal["beam"] = "beam"

    def __post_init__(self) -> None:
        """Raise Unsound when the law of refraction gives another picture."""
        number("angle", self.angle, 10, 80)
        label("upper", self.upper)
        label("lower", self.lower)
        number("upper_index", self.upper_index, 1, 3)
        number("lower_index", self.lower_index, 1, 3)
        if self.device == "refraction":
            holds("angle", "would be reflected totally", true=self._sine < 1)
        if self.device == "total_reflection":
            holds("angle", "would let light through", true=self._sine >= 1)

    @property
    def _sine(self) -> float:
        """Give the sine of the angle of refraction, by Snell's law."""
        below = self.device == "total_reflection"
        one, two = self.upper_index, self.lower_index
        ratio = two / one if below else one / two
        return ratio * math.sin(math.radians(self.angle))

    def parts(self) -> tuple[str, ...]:
        """Name the rays, then the angles."""
        if self.device == "refraction":
            angles = ("angle of incidence", "angle of refraction")
            return ("incident ray", "refracted ray", *angles)
        return ("incident ray", "reflected ray", "angle of incidence", "angle of reflection")

    def described(self) -> str:
        """Say what is drawn."""
        where = f"between {self.upper} and {self.lower}"
        if self.device == "refraction":
            bent = "towards" if self.lower_index > self.upper_index else "away from"
            return f"A ray at a surface {where} is bent {bent} the normal."
        return f"A ray at a surface {where} is reflected at an equal angle."


@dataclass(frozen=True, slots=True)
class Prism:
    """White light that a prism spreads into its colors."""

    kind: Literal["prism"] = "prism"

    def parts(self) -> tuple[str, ...]:
        """Name the light before and after."""
        return ("white light", "spectrum")

    def described(self) -> str:
        """Say what is drawn."""
        return "White light enters a prism and leaves it as a spectrum; violet is bent the most."
