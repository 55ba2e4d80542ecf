"""The attach rule as a model: shared/answers.py beside functions/ingest.

    ingest    Records.accept, then Records.lesson: an end that is there is answered at once
    finalize  Records.completed, then Records.attached: whoever is there is answered

Runs need no claim here, so that more overlaps than a claim would let happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.model.explore import Model, Step

REQUESTS = (1, 2)  # bits
EVERYBODY = sum(REQUESTS)
FINALIZE = 4  # finalize's event; the others are ingest's


class Order(NamedTuple):
    """The guards, all on; each broken variant switches one of them off."""

    end_then_list: bool = True
    accept_then_read: bool = True
    lists_answered: bool = True  # Records.attached lists the answered requests as well


class Run(NamedTuple):
    """One delivery of ingest (its request's bit) or of finalize; `at` is what it does next."""

    event: int
    at: str
    saw_end: bool = False
    answers: int = 0  # requests that it is about to answer
    told: int = 0  # requests whose completion it will publish


class World(NamedTuple):
    """Rows, events and runs."""

    runs: tuple[Run | None, ...]
    faults: int
    unacknowledged: int = EVERYBODY | FINALIZE
    accepted: int = 0
    answered: int = 0
    ended: bool = False
    published: int = 0


class Attach:
    """All that can happen next."""

    def __init__(self, order: Order, runs: int = 3, faults: int = 2) -> None:
        self.order = order
        self.start = World((None,) * runs, faults)

    def model(self) -> Model[World]:
        """Put the parts together."""
        return Model(self.start, self.steps, at_rest, wrong_at_rest, same)

    def steps(self, world: World) -> Iterator[Step[World]]:
        """List what can happen."""
        for i, run in enumerate(world.runs):
            if run is not None:
                after, changes = getattr(self, f"_{run.at}")(world, run)
                name = "finalize" if run.event == FINALIZE else f"ingest {run.event}"
                yield Step(f"{name}: {run.at}", went(world, i, after, **changes))
                if world.faults:
                    died = went(world, i, None, faults=world.faults - 1)
                    yield Step(f"{name}: crash", died, fault=True)
        if None in world.runs:
            for event in (*REQUESTS, FINALIZE):
                if world.unacknowledged & event:
                    first = self._first(event)
                    run = Run(event, first)
                    yield Step(f"deliver {event}", went(world, world.runs.index(None), run))

    def _first(self, event: int) -> str:
        if event == FINALIZE:
            return "end" if self.order.end_then_list else "list"
        return "accept" if self.order.accept_then_read else "read"

    def _accept(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """Records.accept commits the request's row."""
        ending = "answer" if run.saw_end else "acknowledge"
        after = run._replace(at="read" if self.order.accept_then_read else ending)
        return after, {"accepted": world.accepted | run.event}

    def _read(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """Records.lesson: has it ended?"""
        after = run._replace(saw_end=world.ended, answers=run.event if world.ended else 0)
        if not self.order.accept_then_read:
            return after._replace(at="accept"), {}
        return after._replace(at="answer" if world.ended else "acknowledge"), {}

    def _end(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """Records.completed commits the lesson's end."""
        return run._replace(at="list" if self.order.end_then_list else "answer"), {"ended": True}

    def _list(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """Records.attached."""
        found = world.accepted
        if not self.order.lists_answered:
            found &= ~world.answered
        return run._replace(at="answer" if self.order.end_then_list else "end", answers=found), {}

    def _answer(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """Records.answered, one request after the other."""
        if not run.answers:
            return run._replace(at="publish"), {}
        one = run.answers & -run.answers
        after = run._replace(answers=run.answers & ~one, told=run.told | one)
        return after, {"answered": world.answered | one}

    def _publish(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        """stage._emitted."""
        return run._replace(at="acknowledge"), {"published": world.published | run.told}

    def _acknowledge(self, world: World, run: Run) -> tuple[Run | None, dict[str, object]]:
        return None, {"unacknowledged": world.unacknowledged & ~run.event}


def went(world: World, i: int, run: Run | None, **changes: object) -> World:
    """Give the world after a step of run `i`."""
    return world._replace(runs=(*world.runs[:i], run, *world.runs[i + 1 :]), **changes)


def at_rest(world: World) -> bool:
    """Whether everything is acknowledged and nobody works."""
    return not world.unacknowledged and not any(world.runs)


def wrong_at_rest(world: World) -> str:
    """Every attached request gets its completion."""
    return "" if EVERYBODY == world.answered == world.published else "unanswered"


def same(world: World) -> World:
    """Forget which run has which number."""
    return world._replace(runs=tuple(sorted(world.runs, key=hash)))
