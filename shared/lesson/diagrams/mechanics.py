"""Diagrams of bodies that move: forces, pairs, collisions, paths, levers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.lesson.diagrams.rules import a, count, holds, label, labels, listed, number

Direction = Literal[
    "right", "left", "up", "down", "up_right", "up_left", "down_right", "down_left",
    "up_slope", "down_slope", "off_slope",
]  # fmt: skip
Moving = Literal["none", Direction]
Body = Literal["block", "ball", "car", "person", "rocket"]
Thing = Literal[
    "ball", "block", "person", "planet", "moon", "positive_charge", "negative_charge", "magnet",
]  # fmt: skip

_SLOPING = {"up_slope", "down_slope", "off_slope"}
_SAID = {
    "up_slope": "up the slope", "down_slope": "down the slope", "off_slope": "out of the slope",
    "right": "to the right", "left": "to the left",
}  # fmt: skip
_CLOSE = 0.02


def _towards(direction: str) -> str:
    return _SAID.get(direction, direction.replace("_", " and "))


@dataclass(frozen=True, slots=True)
class Arrow:
    """One force or velocity: where it points, its label, its length from 1 to 5."""

    direction: Direction
    label: str
    strength: int


@dataclass(frozen=True, slots=True)
class Forces:
    """Force arrows on one body, and perhaps the velocity that it has."""

    body: Body
    surface: Literal["ground", "slope", "rope", "none"]
    arrows: tuple[Arrow, ...]
    motion: Moving = "none"
    motion_label: str = ""
    kind: Literal["forces"] = "forces"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        count("arrows", self.arrows, 1, 5)
        directions = [arrow.direction for arrow in self.arrows]
        for place, arrow in enumerate(self.arrows):
            label(f"arrows[{place}].label", arrow.label)
            number(f"arrows[{place}].strength", arrow.strength, 1, 5)
        holds(
            "arrows", "must point in different ways", true=len(set(directions)) == len(directions)
        )
        sloping = bool(_SLOPING & {*directions, self.motion})
        holds("surface", "only a slope has its own directions", true=self._slopes or not sloping)
        moves = self.motion != "none"
        label("motion_label", self.motion_label, may_be_empty=not moves)
        holds("motion_label", "needs a motion", true=moves or not self.motion_label)

    @property
    def _slopes(self) -> bool:
        return self.surface == "slope"

    def parts(self) -> tuple[str, ...]:
        """Name each arrow, then the motion."""
        motion = (self.motion_label,) if self.motion != "none" else ()
        return (*(arrow.label for arrow in self.arrows), *motion)

    def described(self) -> str:
        """Say what is drawn."""
        arrows = listed([f"{one.label} {_towards(one.direction)}" for one in self.arrows])
        moving = f", moving {_towards(self.motion)}" if self.motion != "none" else ""
        where = " on a slope" if self._slopes else ""
        return f"{a(self.body).capitalize()}{where} with arrows for {arrows}{moving}."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies and the equal, opposite forces between them (Newton's third law)."""

    left: Thing
    left_label: str
    right: Thing
    right_label: str
    force: Literal["together", "apart"]
    left_force: str  # the label of the force on the left body
    right_force: str
    kind: Literal["pair"] = "pair"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn, or is not so in nature."""
        labels("left_label", (self.left_label,))
        labels("right_label", (self.right_label,))
        label("left_force", self.left_force)
        label("right_force", self.right_force)
        charges = [one for one in (self.left, self.right) if one.endswith("_charge")]
        if len(charges) == 2:  # noqa: PLR2004 - both
            pulls = charges[0] != charges[1]
            holds("force", "equal charges repel", true=pulls == (self.force == "together"))
        heavy = {self.left, self.right} <= {"planet", "moon"}
        holds("force", "gravity attracts", true=not heavy or self.force == "together")

    def parts(self) -> tuple[str, ...]:
        """Name the force on each body."""
        return (self.left_force, self.right_force)

    def described(self) -> str:
        """Say what is drawn."""
        way = "towards each other" if self.force == "together" else "away from each other"
        first, second = self.left_label, self.right_label
        names = f"two of {first}" if first == second else f"{first} and {second}"
        forces = listed(list(dict.fromkeys((self.left_force, self.right_force))))
        return f"Drawn are {names}, with arrows of equal length that point {way}: {forces}."


@dataclass(frozen=True, slots=True)
class Mover:
    """A body in a collision; velocities in meters per second, positive to the right."""

    label: str
    mass_kg: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Collision:
    """Two bodies before and after they meet; their momentum is conserved."""

    first: Mover
    second: Mover
    sticks: bool
    kind: Literal["collision"] = "collision"

    def __post_init__(self) -> None:
        """Raise Unsound when momentum is not conserved or nothing would collide."""
        for name, one in (("first", self.first), ("second", self.second)):
            label(f"{name}.label", one.label)
            number(f"{name}.mass_kg", one.mass_kg, 0.1, 20)
            number(f"{name}.before", one.before, -9, 9)
            number(f"{name}.after", one.after, -9, 9)
        lost = self._momentum("before") - self._momentum("after")
        holds("second.after", "momentum must be conserved", true=abs(lost) < _CLOSE)
        meets = self.first.before > self.second.before
        holds("first.before", "must catch up with the second", true=meets)
        together = abs(self.first.after - self.second.after) < _CLOSE
        holds("sticks", "means one velocity afterwards", true=together == self.sticks)
        parts_again = self.first.after <= self.second.after
        holds("first.after", "must not pass the second", true=parts_again)

    def _momentum(self, when: str) -> float:
        return sum(one.mass_kg * float(getattr(one, when)) for one in (self.first, self.second))

    def parts(self) -> tuple[str, ...]:
        """Name the two moments."""
        return ("before", "after")

    def described(self) -> str:
        """Say what is drawn."""
        ends = "stick together" if self.sticks else "move apart"
        names = listed([self.first.label, self.second.label])
        return f"Before and after a collision: {names} meet and {ends}; their momentum stays equal."


@dataclass(frozen=True, slots=True)
class Path:
    """A body on a circle, an ellipse or the path of a throw, with arrows where it is.

    The arrows follow from the shape: velocity along the path, force towards what pulls.
    """

    shape: Literal["circle", "ellipse", "throw"]
    center: str  # what pulls; empty for a throw
    body: str
    velocity: str
    force: str
    kind: Literal["path"] = "path"

    def __post_init__(self) -> None:
        """Raise Unsound for data that cannot be drawn."""
        label("center", self.center, may_be_empty=True)
        thrown = self.shape == "throw"
        holds("center", "a throw has none", true=not (thrown and self.center))
        label("body", self.body)
        label("velocity", self.velocity)
        label("force", self.force)

    def parts(self) -> tuple[str, ...]:
        """Name the body, its velocity and the force on it."""
        return (self.body, self.velocity, self.force)

    def described(self) -> str:
        """Say what is drawn."""
        if self.shape == "throw":
            return (
                f"The curved path of {a(self.body)} through the air, with {self.velocity} along"
                f" the path and {self.force} straight down."
            )
        round_ = f" around {self.center}" if self.center else ""
        return (
            f"{a(self.body).capitalize()} on {a(self.shape)}{round_}, with {self.velocity} along"
            f" the path and {self.force} inward."
        )


@dataclass(frozen=True, slots=True)
class Lever:
    """A beam in balance: force times distance is equal on both sides."""

    left_force: int  # newtons
    left_distance: int  # meters
    right_force: int
    right_distance: int
    left_label: str
    right_label: str
    pivot: str
    kind: Literal["lever"] = "lever"

    def __post_init__(self) -> None:
        """Raise Unsound for a beam that would turn."""
        for field in ("left_label", "right_label", "pivot"):
            label(field, str(getattr(self, field)))
        for field in ("left_distance", "right_distance"):
            number(field, int(getattr(self, field)), 1, 6)
        for field in ("left_force", "right_force"):
            number(field, int(getattr(self, field)), 1, 600)
        left = self.left_force * self.left_distance
        balanced = left == self.right_force * self.right_distance
        holds("right_force", "force times distance must be equal on both sides", true=balanced)

    def parts(self) -> tuple[str, ...]:
        """Name the pivot and both forces."""
        return (self.pivot, self.left_label, self.right_label)

    def described(self) -> str:
        """Say what is drawn."""
        return (
            f"A beam on {a(self.pivot)}: {self.left_label} of {self.left_force} newtons"
            f" {self.left_distance} meters to the left balances {self.right_label} of"
            f" {self.right_force} newtons {self.right_distance} meters to the right."
        )
