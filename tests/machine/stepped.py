"""Runs of the real spine that stop before every call of a port, until a test says how it ends.

Each run has a thread of its own, but only one thread ever moves: whoever tells a run to proceed
waits until it stands before its next call or is over.  So a run can be frozen anywhere, killed
there, or left without an answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from enum import Enum
from queue import SimpleQueue
from typing import TypeVar

from shared.errors import Transient, Unsure

T = TypeVar("T")
PATIENCE_S = 60  # a run that neither calls nor ends for so long hangs


class Answer(Enum):
    """How a call ends."""

    GIVEN = "given"
    LOST = "done, but nobody said so"
    NOT_DONE = "not done, and nobody said so"
    LATE = "done later, and nobody said so"
    TRANSIENT = "refused with a Transient"
    UNNAMED = "refused with a fault that nobody named"
    KILLED_BEFORE = "the process dies before"
    KILLED_AFTER = "the process dies after"


class Killed(BaseException):
    """The process is gone."""


class Stepped:
    """One run; `call` names the call before which it stands and is empty when it is over.

    `outcome` is then "acknowledged", "raised" or "killed", `fault` what was raised.
    """

    def __init__(self, go: Callable[[], None], late: list[Callable[[], object]]) -> None:
        self.call = ""
        self.outcome = ""
        self.owner = ""
        self.fault: BaseException | None = None
        self._go = go
        self._late = late
        self._calls: SimpleQueue[str] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        context = copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), daemon=True)
        self._thread.start()
        self._wait()

    def proceed(self, answer: Answer = Answer.GIVEN) -> None:
        """End the call in this way, and go on to the next one or the end."""
        self._answers.put(answer)
        self._wait()

    def before(self, call: str, effect: Callable[[], T]) -> T:
        """Stand before a call, in the run's own thread."""
        self._calls.put(call)
        answer = self._answers.get()
        if answer is Answer.KILLED_BEFORE:
            raise Killed
        if answer is Answer.TRANSIENT:
            raise Transient("it may work the next time")
        if answer is Answer.UNNAMED:
            raise ZeroDivisionError("nobody named it")
        if answer is Answer.LATE:
            self._late.append(effect)
        elif answer is not Answer.NOT_DONE:
            done = effect()
            if answer is Answer.KILLED_AFTER:
                raise Killed
            if answer is Answer.GIVEN:
                return done
        raise Unsure("no answer")

    def _wait(self) -> None:
        self.call = self._calls.get(timeout=PATIENCE_S)
        if not self.call:
            self._thread.join()

    def _run(self) -> None:
        _standing.set(self)
        try:
            self._go()
            self.outcome = "acknowledged"
        except Killed:
            self.outcome = "killed"
        except BaseException as fault:
            self.outcome, self.fault = "raised", fault
        self._calls.put("")


_standing: ContextVar[Stepped] = ContextVar("standing")


def stepped() -> Stepped:
    """Give the run that this thread is."""
    return _standing.get()
