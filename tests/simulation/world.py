"""The simulated world: one thread at a time, one clock that nobody else moves, one seed.

A step is one call of a port.  Between two steps the seed chooses who goes on: a run that is under
way, a delivery that is due, somebody outside.  When nobody can, the clock jumps to who can next.
A run's own clock is the same one, so a frozen run notices how late it is.  What is harsher than
life: no run renews its lease.
"""

from __future__ import annotations

import contextlib
import contextvars
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from shared import deadline, wiring
from shared.errors import PipelineError
from shared.limits import FUNCTIONS, HOUR_S, TICK_S
from shared.log import log
from tests.fakes.claims import MemoryClaims
from tests.fakes.events import MemoryEvents
from tests.fakes.objects import MemoryObjects
from tests.fakes.records import MemoryRecords
from tests.fakes.services import FakeServices
from tests.fakes.upkeep import MemoryUpkeep
from tests.simulation.calls import Watched
from tests.simulation.content import FickleAuthor, FickleVoice, RememberingLibrary
from tests.simulation.faults import PORTS, TAKEOVER_S, Fault, Nemesis
from tests.simulation.functions import functions
from tests.simulation.post import Delivery, Post
from tests.simulation.run import Killed, Run
from tests.simulation.strand import Strand
from tests.simulation.witness import Witness

BEGIN = datetime(2030, 1, 1, tzinfo=UTC)
STEP_S = 0.15
REST_S = 12 * HOUR_S  # in which everything must have come to its end


class NeverAtRest(AssertionError):
    """Deliveries or requests are left that will not come to their end."""


class World:
    """Services, deliveries and runs; `tell` gets a line for each thing that happens."""

    def __init__(self, seed: int, *, tell: Callable[[str], None] | None = None) -> None:
        self.random = Random(seed)  # noqa: S311 - a test's order, no secret
        self.repairs = self.random.random() < 0.5 and "repair" in functions()
        self.tell = tell
        self.now_s = 0.0
        self.running: Run | None = None
        self.nemesis = Nemesis(self.random, loses_events=self.repairs)
        self.post = Post(self.random, self.nemesis, repairs=self.repairs)
        records, library = MemoryRecords(self.now), RememberingLibrary()
        self.inside = FakeServices(
            claims=MemoryClaims(self.now),
            objects=MemoryObjects(lambda stored: self.post.finalized(stored, self.now_s)),
            events=MemoryEvents(),
            records=records,
            upkeep=MemoryUpkeep(records, library, self.now),
            library=library,
            author=FickleAuthor(),
            voice=FickleVoice(),
        )
        self.witness = Witness(self)
        watched = {name: Watched(name, getattr(self.inside, name), self) for name in PORTS}
        self.services = self.inside.but(**watched)
        self._width = self.random.randint(1, 6)
        self._steady = self.random.choice((0.0, 0.5, 0.9))
        self._runs: list[Run] = []
        self._last: Run | None = None
        self._chosen: Run | None = None
        self._numbers = count(1)
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._next_tick_s = TICK_S

    def now(self) -> datetime:
        """Tell the time that all servers agree on."""
        return BEGIN + timedelta(seconds=self.now_s)

    def later(self, wait_s: tuple[float, float], effect: Callable[[], object]) -> None:
        """Let something happen between so many and so many seconds from now."""
        due_s = self.now_s + self.random.uniform(*wait_s)
        heapq.heappush(self._due, (due_s, next(self._numbers), effect))

    def run(self, is_over: Callable[[], bool]) -> None:
        """Go on until nothing waits any more and it is over; raises NeverAtRest."""
        log.disabled = True
        try:
            with wiring.provided(self.services):
                while not self._at_rest(is_over):
                    self._step()
                    self.witness.testify()
                    if self.now_s > self.nemesis.until_s + REST_S:
                        raise NeverAtRest(self._left_over())
        finally:
            log.disabled = False
            self._end_runs()

    def pause(self, run: Run, port: str, call: str, words: tuple[object, ...]) -> None:
        """Let others run before a call; a run whose process is gone gets no further."""
        if self.tell:
            self.note(f"{run} {port}.{call} {_told(words)}")
        self.witness.begins(run, port, call)
        if not run.dead:
            chosen = self._choose()
            if chosen is run:
                return  # no need to hand the baton to the world and back
            self._chosen = chosen
            run.strand.pause()
        if run.dead:
            raise Killed

    def struck(self, run: Run, port: str, call: str) -> Fault | None:
        """Ask what goes wrong at a call."""
        fault = self.nemesis.fate(port, call, self.now_s)
        if fault is not None:
            run.faults.append((fault, port))
            self.note(f"{run} !! {fault}")
        return fault

    def freeze(self, run: Run, seconds: tuple[float, float]) -> None:
        """Let a run stand still for a while; often its event comes again meanwhile."""
        run.thaws_s = self.now_s + self.random.uniform(*seconds)
        if run.thaws_s > self.now_s + TAKEOVER_S[0] and self.random.random() < 0.5:
            self.post.repeat(run.delivery, self.now_s + self.random.uniform(*TAKEOVER_S))
        run.strand.pause()
        if run.dead:
            raise Killed

    def note(self, line: str) -> None:
        """Write a line of the trace."""
        if self.tell:
            self.tell(f"{self.now_s:10.2f}  {line}")

    def _at_rest(self, is_over: Callable[[], bool]) -> bool:
        waits = any(not one.is_tick for one in self.post.waiting)
        return not (waits or self._runs or self._due) and is_over()

    def _step(self) -> None:
        run, self._chosen = self._chosen or self._choose(), None
        if run is None:
            self._jump()
            return
        self.running = run
        run.strand.resume()
        self.running = None
        if run.strand.ended:
            self._ended(run)

    def _choose(self) -> Run | None:
        """Choose who makes the next step; None when nobody can before the clock has moved."""
        self.now_s += self.random.uniform(0.0, STEP_S)
        self._happen()
        self._give_up_waiting()
        ready = [run for run in self._runs if run.thaws_s <= self.now_s]
        if len(ready) < self._width and self.random.random() < 1 / (1 + len(ready)):
            delivery = self.post.next(self.now_s)
            if delivery is not None:
                ready = [self._begun(delivery)]
        if self._last not in ready or self.random.random() >= self._steady:
            self._last = self.random.choice(ready) if ready else None
        return self._last

    def _happen(self) -> None:
        running, self.running = self.running, None  # whatever happens, no run does it
        while self._due and self._due[0][0] <= self.now_s:
            _, _, effect = heapq.heappop(self._due)
            with contextlib.suppress(PipelineError):  # a late call may find that it is too late
                effect()
        if self.repairs and self.now_s >= self._next_tick_s:
            # Some ticks get lost as well; a minute that nothing happens in need not be played.
            self._next_tick_s = self.now_s + self.random.choice((1, 3, 10)) * TICK_S
            self.post.tick(self.now_s)
        self.running = running

    def _jump(self) -> None:
        times = [one.due_s for one in self.post.waiting]
        times += [run.thaws_s for run in self._runs if run.thaws_s > self.now_s]
        times += [self._due[0][0]] if self._due else []
        times += [self._next_tick_s] if self.repairs else []
        times += [self._deadline_s(run) for run in self._runs if not run.given_up]
        later = [time for time in times if time > self.now_s]
        self.now_s = min(later) if later else self.now_s + TICK_S

    def _begun(self, delivery: Delivery) -> Run:
        run = Run(next(self._numbers), delivery, Strand.spare(), self.now_s)
        self.note(f"{run} <- {delivery.id}, delivery {delivery.attempt}")
        event, function = delivery.event(), functions()[delivery.function]

        def timed() -> None:
            with deadline.timed_by(lambda: self.now_s):
                function(event)

        def work() -> None:
            try:
                contextvars.Context().run(timed)
            except BaseException as answer:
                run.answer = answer

        run.strand.begin(work)
        self._runs.append(run)
        return run

    def _ended(self, run: Run) -> None:
        self._runs.remove(run)
        told = type(run.answer).__name__ if run.answer else "acknowledged"
        self.note(f"{run} -> {told} {run.answer or ''}")
        self.witness.ended(run)
        if run.answer is not None and not run.given_up:
            self.post.failed(run.delivery, self.now_s)

    def _give_up_waiting(self) -> None:
        for run in self._runs:
            if not run.given_up and self.now_s >= self._deadline_s(run):
                run.given_up = True
                self.note(f"{run} -> no answer in time")
                self.post.failed(run.delivery, self.now_s)

    def _deadline_s(self, run: Run) -> float:
        return run.began_s + FUNCTIONS[run.delivery.function].timeout_s

    def _end_runs(self) -> None:
        for run in self._runs:
            while not run.strand.ended:
                run.dead = True
                run.strand.resume()

    def _left_over(self) -> str:
        waiting = [f"{one.function} {one.id} #{one.attempt}" for one in self.post.waiting[:5]]
        return f"deliveries {waiting}, runs {[str(run) for run in self._runs]}"


def _told(words: tuple[object, ...]) -> str:
    """Show a call's first words: keys and names, nothing that two runs of a seed differ in."""
    shown = []
    for word in words[:2]:
        for name in ("state", "key", "name", "lesson_id", "request_id"):
            found = getattr(word, name, None)
            if isinstance(found, str):
                shown.append(found)
        if isinstance(word, str):
            shown.append(word[:70])
    return " ".join(shown)
