"""What stands still, found in the memory of the other fakes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from shared.limits import (
    ANSWER_QUIET_S,
    LESSON_BUDGET_S,
    NUDGE_AGAIN_S,
    QUIET_S,
    SWEEP_ROWS,
)
from shared.repair.standstill import Stalled, Standing, Unanswered
from shared.report import LessonReport, RequestReport
from tests.fakes.library import MemoryLibrary
from tests.fakes.records import MemoryRecords, wall_clock

ALL = 1_000_000
OPEN = ("requested", "scripted")


class MemoryUpkeep:
    """The port Upkeep; `now` is the records' own clock, which a test may hold still."""

    def __init__(
        self,
        records: MemoryRecords,
        library: MemoryLibrary | None = None,
        now: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._records = records
        self._library = library or MemoryLibrary()
        self._now = now
        self._lock = threading.Lock()
        self._nudged: dict[str, datetime] = {}

    def stalled(self) -> tuple[Stalled, ...]:
        """List open lessons that have not moved, and mark them as nudged."""
        with self._lock:
            still = [
                one
                for one in self._lessons(*OPEN)
                if self._passed(_moved_at(one), QUIET_S)
                and self._passed(self._nudged_at(one), NUDGE_AGAIN_S)
            ]
            still.sort(key=lambda one: (self._nudged_at(one), _updated_at(one)))
            for one in still[:SWEEP_ROWS]:
                self._nudged[one.lesson.lesson_id] = self._now()
            return tuple(self._stalled(one) for one in sorted(still[:SWEEP_ROWS], key=_updated_at))

    def unanswered(self) -> tuple[Unanswered, ...]:
        """List requests that still wait although their lesson has ended."""
        waiting = [
            (moved_at, found)
            for found in self._requests()
            if found.run.status == "accepted"
            and self._passed(moved_at := found.history[-1].at, ANSWER_QUIET_S)
            and found.lesson.lesson.status not in OPEN
            and self._passed(found.lesson.finished_at, ANSWER_QUIET_S)
        ]
        waiting.sort(key=lambda one: one[0])
        return tuple(
            Unanswered(found.run.request_id, found.asked.correlation_id, found.run.lesson_id)
            for _, found in waiting[:SWEEP_ROWS]
        )

    def overdue(self) -> tuple[str, ...]:
        """List lessons that are open for longer than any may be."""
        late = [
            one for one in self._lessons(*OPEN) if self._passed(one.requested_at, LESSON_BUDGET_S)
        ]
        late.sort(key=lambda one: one.requested_at)
        return tuple(one.lesson.lesson_id for one in late[:SWEEP_ROWS])

    def abandoned(self) -> tuple[str, ...]:
        """List abandoned lessons that `marked` was not told of."""
        unmarked = [
            one for one in self._lessons("abandoned") if self._nudged_at(one) < one.finished_at
        ]
        unmarked.sort(key=lambda one: one.finished_at)
        return tuple(one.lesson.lesson_id for one in unmarked[:SWEEP_ROWS])

    def marked(self, lesson_id: str) -> None:
        """Note that an abandoned lesson has its mark."""
        self._nudged[lesson_id] = self._now()

    def archives(self) -> frozenset[str]:
        """Give the digests of all books' archives that were ever indexed."""
        return frozenset(self._library._known)  # noqa: SLF001 - one memory, two ports

    def standing(self) -> Standing:
        """Count what is open; nothing is spent here."""
        waiting = [one for one in self._records.runs(ALL) if one.status == "accepted"]
        shown = (self._records.show(one.request_id) for one in waiting)
        oldest = min((one.history[-1].at for one in shown), default=self._now())
        oldest_s = (self._now() - oldest).total_seconds()
        return Standing(len(waiting), oldest_s, self._records.open_letters, 0)

    def recorded(self, stage: str, message_id: str) -> bool:
        """Tell whether a dead letter has its row."""
        rows = self._records.letters
        return (stage, message_id) in {(row.stage, row.message_id) for row in rows}

    def retire(self) -> dict[str, int]:
        """Keep everything: what a test made is never that old."""
        return {}

    def period(self) -> str:
        """Name the present stretch of `QUIET_S`."""
        return str(int(self._now().timestamp() // QUIET_S))

    def _requests(self) -> Iterator[RequestReport]:
        for run in self._records.runs(ALL):
            found = self._records.show(run.request_id)
            if found.lesson is not None:
                yield found

    def _lessons(self, *statuses: str) -> list[LessonReport]:
        lessons = {found.run.lesson_id: found.lesson for found in self._requests()}
        return [one for one in lessons.values() if one.lesson.status in statuses]

    def _nudged_at(self, one: LessonReport) -> datetime:
        return self._nudged.get(
            one.lesson.lesson_id, datetime.min.replace(tzinfo=one.requested_at.tzinfo)
        )

    def _passed(self, at: datetime, seconds: float) -> bool:
        return self._now() - at > timedelta(seconds=seconds)

    def _stalled(self, one: LessonReport) -> Stalled:
        lesson = one.lesson
        return Stalled(
            lesson.lesson_id,
            self._nudged[lesson.lesson_id],
            lesson.plan_generation,
            tuple(scene.n for scene in one.scenes),
            self._records.show(lesson.requested_by).asked.correlation_id,
        )


def _updated_at(one: LessonReport) -> datetime:
    return max(at for at in (one.requested_at, one.scripted_at, one.finished_at) if at)


def _moved_at(one: LessonReport) -> datetime:
    rendered = [scene.rendered_at for scene in one.scenes if scene.rendered_at]
    return max([_updated_at(one), *rendered])
