"""Walk every interleaving of a model: breadth first, each state once, with the way to it kept.

A model gives the states that follow a state.  The walk collects what went wrong, and afterwards
asks of every state whether it can still come to rest when nothing else fails.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

W = TypeVar("W", bound=Hashable)
MOST = 2_000_000  # states; a model that needs more has a counter without a bound


class Step(NamedTuple, Generic[W]):
    """One thing that can happen; `fault` when nobody may rely on its happening.

    `wrong` is the kind of violation that the step itself is.
    """

    label: str
    world: W
    fault: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Model(Generic[W]):
    """What to explore.

    `same` maps states that differ only in the numbering of their runs to one; `at_rest` tells
    whether nothing is left to do, `wrong_at_rest` which promise such a state breaks.
    """

    start: W
    steps: Callable[[W], Iterable[Step[W]]]
    at_rest: Callable[[W], bool]
    wrong_at_rest: Callable[[W], str]
    same: Callable[[W], Hashable] = lambda world: world


@dataclass(slots=True)
class Space(Generic[W]):
    """What a walk saw; `wrong` maps each kind of violation to the shortest way there."""

    states: int = 0
    rests: list[W] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)


def explore(model: Model[W], until: str = "") -> Space[W]:
    """Visit every state; stop early at the first violation of the kind `until`."""
    walk = _Walk(model)
    walk.run(until)
    if not walk.space.wrong:
        walk.find_stuck()
    return walk.space


class _Walk(Generic[W]):
    def __init__(self, model: Model[W]) -> None:
        self.model = model
        self.space: Space[W] = Space()
        self.numbers: dict[Hashable, int] = {}
        self.ways: list[tuple[int, str]] = []
        self.before: list[list[int]] = []  # for each state, those that lead to it without a fault
        self.resting: list[int] = []

    def run(self, until: str) -> None:
        waiting = deque([(self._enter(self.model.start, -1, ""), self.model.start)])
        while waiting and until not in self.space.wrong:
            number, world = waiting.popleft()
            if self.model.at_rest(world):
                self._rest(number, world)
            for step in self.model.steps(world):
                known = len(self.numbers)
                following = self._enter(step.world, number, step.label)
                if following == known:
                    waiting.append((following, step.world))
                if not step.fault:
                    self.before[following].append(number)
                if step.wrong:
                    way = [*self._way(number), step.label]
                    self.space.wrong.setdefault(step.wrong, way)

    def find_stuck(self) -> None:
        """Go back from every state of rest: who is not met can never come to rest."""
        met = set(self.resting)
        waiting = list(self.resting)
        while waiting:
            for number in self.before[waiting.pop()]:
                if number not in met:
                    met.add(number)
                    waiting.append(number)
        for number in range(len(self.ways)):
            if number not in met:
                self.space.wrong["stuck"] = self._way(number)
                return

    def _enter(self, world: W, parent: int, label: str) -> int:
        number = self.numbers.setdefault(self.model.same(world), len(self.numbers))
        if number == len(self.ways):
            if number >= MOST:
                raise RuntimeError("this model has no end")
            self.ways.append((parent, label))
            self.before.append([])
            self.space.states += 1
        return number

    def _rest(self, number: int, world: W) -> None:
        self.resting.append(number)
        self.space.rests.append(world)
        wrong = self.model.wrong_at_rest(world)
        if wrong:
            self.space.wrong.setdefault(wrong, self._way(number))

    def _way(self, number: int) -> list[str]:
        labels = []
        while number > 0:
            number, label = self.ways[number]
            labels.append(label)
        return labels[::-1]
