"""Cancel a request: it waits no more, and a lesson that nobody waits for any more stops."""

from __future__ import annotations

from dataclasses import dataclass

from shared.abandoned import mark_abandoned
from shared.answers import ENDS
from shared.ops.desk import Desk
from shared.rows import LessonStatus, RequestStatus


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: `before` is what the request was, `others` still wait for its lesson."""

    request_id: str
    before: RequestStatus
    status: RequestStatus
    lesson_id: str
    lesson_status: LessonStatus | None
    others: int

    @property
    def said(self) -> str:
        """Say it in one line."""
        request = f"Request {self.request_id}"
        if self.status != "cancelled":
            return f"{request} was already {self.status}: nothing to cancel."
        was = "was already cancelled" if self.before == "cancelled" else "is cancelled"
        return f"{request} {was}; {self._lesson}."

    @property
    def _lesson(self) -> str:
        if not self.lesson_id:
            return "it waited for its student's answer, and had no lesson yet"
        if self.lesson_status == "abandoned":
            return "nobody waits for its lesson any more, which stops before its next paid call"
        if self.lesson_status in ENDS:
            return f"its lesson had already {self.lesson_status}".replace("refused", "been refused")
        others = "1 other" if self.others == 1 else f"{self.others} others"
        return f"its lesson goes on for {others}"


def cancel(named: str, desk: Desk) -> Came:
    """Cancel the request that is called so; repeating it is harmless.  Raises Missing.

    The row comes first.  A crash before the mark leaves a lesson that `script` and `finalize`
    leave alone already; repeating the command, or the next sweep, stops `render` too.
    """
    report = desk.reports.show(named)
    run = report.run
    status = desk.records.cancel(run.request_id).status
    lesson = desk.records.lesson(run.lesson_id) if run.lesson_id else None
    if lesson is not None and lesson.status == "abandoned":
        mark_abandoned(desk.cloud.objects, lesson.lesson_id)
    others = len(desk.records.attached(lesson.lesson_id)) if lesson else 0
    return Came(
        run.request_id, run.status, status, run.lesson_id, lesson.status if lesson else None, others
    )
