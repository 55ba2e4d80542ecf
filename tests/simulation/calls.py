"""The ports as a run sees them: each call is a step, at which others may run and faults strike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.errors import PipelineError, Transient, Unsure
from tests.simulation.faults import FROZEN_S, LATE_S, SLOW_S, Fault
from tests.simulation.run import Killed, Run

if TYPE_CHECKING:
    from tests.simulation.world import World

READS = frozenset(
    {
        *("read", "find", "open", "list", "lesson", "attached", "last_fence"),
        *("corpus", "search", "section", "sections", "write", "speak"),
        *("stalled", "unanswered", "overdue", "abandoned", "archives", "recorded", "period"),
    }
)
Effect = Callable[[], object]


class Watched:
    """A port; what it does is told to the world's witness."""

    def __init__(self, name: str, port: object, world: World) -> None:
        self._name = name
        self._port = port
        self._world = world

    def __getattr__(self, call: str) -> object:
        found = getattr(self._port, call)
        if not callable(found):
            return found

        def step(*words: object, **named: object) -> object:
            return self._step(call, words, named)

        setattr(self, call, step)
        return step

    def _step(self, call: str, words: tuple[object, ...], named: dict[str, object]) -> object:
        run = self._world.running
        if run is None:
            return self._done(None, call, words, named)
        if not run.strand.here:
            raise Transient("a lease is renewed by nobody here")
        self._world.pause(run, self._name, call, words)
        self._world.witness.asked(run, self._name, call, words)
        fault = self._world.struck(run, self._name, call)
        if fault is not None:
            self._before(fault, run, call, lambda: self._done(run, call, words, named))
        result = self._done(run, call, words, named)
        if fault is Fault.KILLED_AFTER:
            run.dead = True
            raise Killed
        if fault is Fault.ANSWER_LOST:
            raise Unsure("the answer got lost")
        return result

    def _before(self, fault: Fault, run: Run, call: str, effect: Effect) -> None:
        if fault is Fault.KILLED_BEFORE:
            run.dead = True
            raise Killed
        if fault is Fault.STOPPED:
            raise SystemExit
        if fault is Fault.UNNAMED:
            raise RuntimeError("nobody named it")
        if fault is Fault.DONE_LATE and call not in READS:
            self._world.later(LATE_S, effect)
        if fault in (Fault.NOT_DONE, Fault.DONE_LATE):
            raise Unsure("no answer")
        if fault in (Fault.SLOW, Fault.FROZEN):
            self._world.freeze(run, SLOW_S if fault is Fault.SLOW else FROZEN_S)

    def _done(
        self, run: Run | None, call: str, words: tuple[object, ...], named: dict[str, object]
    ) -> object:
        witness = self._world.witness
        try:
            result = getattr(self._port, call)(*words, **named)
        except PipelineError as refused:
            self._world.note(f"    {type(refused).__name__}: {refused}")
            raise
        after = getattr(witness, f"{self._name}_{call}", None)
        if after is not None:
            after(run, result, *words, **named)
        return result
