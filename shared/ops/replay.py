"""Send dead letters again: one alone at first, the rest at a rate once that one came through.

Each is a new attempt of the same work:

    the journal says what is about to go   so that a send that nobody survived is known
    claim parked or failed -> retryable    the next fence, a fresh budget
    the original event leaves again        the same event id, so duplicates collapse
    the letter is settled and journalled   last, because it says that the letter was dealt with

A crash between two of these leaves the letter open, and the command may be given again: a claim
that is reopened already is left alone, an event that left already finds its claim.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from shared import hold
from shared.claim import Claim
from shared.errors import Conflict, LeaseLost, PipelineError
from shared.messages import Message
from shared.ops.decision import Refusal, Resend, decide
from shared.ops.desk import Desk
from shared.ops.letters import Action, LetterRow
from shared.repair.nudges import nudge

POLL_S = 0.5
ABOUT_TO_SEND, SENT = "about to send", "sent"


@dataclass(frozen=True, slots=True)
class How:
    """How an operator wants it done; `canary_wait_s` is how long the first one may take."""

    operator: str
    rate_hz: float = 5.0
    canary_wait_s: float = 60.0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one letter; `fault` says why nothing after it was sent."""

    row: LetterRow
    said: str
    sent: bool = False
    fault: bool = False


def nothing(_: str) -> None:
    """Show nothing."""


def plan(rows: Sequence[LetterRow], desk: Desk, *, again: bool) -> Iterator[Resend | Refusal]:
    """Decide about each letter; changes nothing."""
    for row in rows:
        yield decide(desk.letters.find(row.id), desk.cloud.claims, again=again)


def replay(
    rows: Sequence[LetterRow], how: How, desk: Desk, waits: Callable[[str], None] = nothing
) -> Iterator[Step]:
    """Send letters again; gives a step for each one as soon as it is dealt with.

    Ends after the first step with a fault.  `waits` is told what goes on meanwhile.
    """
    pace = _Pace(how.rate_hz, desk)
    canary = True
    for row in rows:
        decided = decide(desk.letters.find(row.id), desk.cloud.claims, again=how.again)
        if isinstance(decided, Refusal):
            yield Step(row, f"refused: {decided.why}")
            continue
        pace.wait()
        try:
            before = _send(decided, how, desk)
        except PipelineError as fault:
            yield Step(row, f"not sent: {fault}", fault=True)
            return
        step = Step(row, SENT, sent=True)
        if canary:
            step = _watched(decided, before, how, desk, waits)
        canary = False
        yield step
        if step.fault:
            return


def _send(resend: Resend, how: How, desk: Desk) -> Claim | None:
    """Send one letter again; gives its claim as it was just before."""
    cloud, before = desk.cloud, resend.claim
    desk.letters.noted(resend.letter.row, _action(how, desk, ABOUT_TO_SEND))
    if resend.reopens:
        with suppress(Conflict, LeaseLost):  # somebody else did, a moment ago
            before = hold.reopen(cloud.claims, resend.key)
    if isinstance(resend.sends, Message):
        cloud.events.publish([resend.sends])
    else:
        # Another name each time: a second nudge does no harm, an old one would tell nobody.
        nudge(cloud.objects, resend.sends, f"replay-{uuid.uuid4().hex}")
    _journal(resend, how, desk, SENT)
    return before


def _watched(
    resend: Resend, before: Claim | None, how: How, desk: Desk, waits: Callable[[str], None]
) -> Step:
    """Say what came of the canary, or that nobody can tell: sent it is in any case."""
    try:
        return _came_of(resend, before, how, desk, waits)
    except PipelineError as fault:
        said = f"sent first: what came of it is not known ({fault})"
        return Step(resend.letter.row, said, sent=True, fault=True)


def _came_of(
    resend: Resend, before: Claim | None, how: How, desk: Desk, waits: Callable[[str], None]
) -> Step:
    """Wait until the canary's work has its end, and journal which one."""
    row, clock = resend.letter.row, desk.clock
    give_up = clock.monotonic() + how.canary_wait_s
    said = ""
    while not said and clock.monotonic() < give_up:
        waits(f"waiting for {row.id}, which went first")
        clock.pause(POLL_S)
        stored = desk.cloud.claims.read(resend.key)
        said = _end(before, stored.claim) if stored else ""
    fault = said != "completed"
    said = said or f"without an end after {how.canary_wait_s:g} s"
    _journal(resend, how, desk, said)
    return Step(row, f"sent first: {said}", sent=True, fault=fault)


def _end(before: Claim | None, now: Claim) -> str:
    """Say how the work ended since it was sent, or how its latest attempt did; empty while on."""
    if now.state == "completed":
        return "completed"
    if before is not None and now.attempts <= before.attempts:
        return ""
    why = now.last_error.get("class", "")
    if now.state in ("failed", "parked"):
        return f"{now.state} again ({why})"
    # A fault that is known to pass is no end: the next delivery will do.
    unexplained = now.attempts - now.transients
    known = before.attempts - before.transients if before else 0
    return f"its attempt failed ({why})" if now.state == "retryable" and unexplained > known else ""


def _journal(resend: Resend, how: How, desk: Desk, outcome: str) -> None:
    desk.letters.replayed(resend.letter.row, _action(how, desk, outcome))


def _action(how: How, desk: Desk, outcome: str) -> Action:
    return Action(desk.clock.now(), "replay", how.operator, outcome)


class _Pace:
    """At most so many a second, counted from the first."""

    def __init__(self, rate_hz: float, desk: Desk) -> None:
        self._step_s = 1 / rate_hz
        self._clock = desk.clock
        self._next = self._clock.monotonic()

    def wait(self) -> None:
        """Wait for this one's turn."""
        early_s = self._next - self._clock.monotonic()
        if early_s > 0:
            self._clock.pause(early_s)
        self._next = max(self._next, self._clock.monotonic()) + self._step_s
